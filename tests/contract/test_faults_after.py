"""Faults around what comes after COMMIT, and in copies between accounts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from moclone_tui import Client
from moclone_tui.cloning.accounts import Transfer
from moclone_tui.cloning.look import server_clock
from moclone_tui.cloning.request import Pair, Request
from moclone_tui.jobs.clone import Copy
from moclone_tui.jobs.model import JobEvent, JobState
from moclone_tui.jobs.transfer import CopyBetween
from tests.contract.conftest import SHOP
from tests.contract.faults import contents
from tests.contract.trial import MADE, Trial, Work

if TYPE_CHECKING:
    from tests.conftest import Names, Server

    from .people import People


def reads(people: People, role: str, database: str) -> bool:
    """Whether the users of a role may use all of a database."""
    return all(
        people.may(
            role,
            f"SELECT * FROM {database}.orders",
            f"SELECT * FROM {database}.big",
            f"INSERT INTO {database}.customers VALUES (77, 'x')",
        )
    )


def protected(client: Client, database: str) -> bool:
    """Whether a PITR that is alive covers a database."""
    found = client.pitr.list()
    return any(each.database == database and each.active for each in found)


def test_rights_are_there_or_told_to_be_missing(
    trial: Trial, people: People, client: Client, shop: str, names: Names
) -> None:
    role = people.add("clerk", "CONNECT ON ACCOUNT *")

    def make(name: str) -> Work:
        target = names(name)

        def further(end: JobEvent, told: str) -> None:
            if end.state is JobState.DONE:
                assert reads(people, role, target), told
                client.execute(f"DELETE FROM {target}.customers WHERE id = 77")
            elif end.state in MADE:
                assert "missing: " in end.text or "not verified" in end.text, told

        request = Request((Pair(shop, target),), roles=(role,))
        before, after = {target: None}, {target: contents(client, shop)}
        return Work(Copy(request), before, after, further=further)

    trial.everywhere("rights", make)


def test_what_a_restore_makes_again_is_there_or_told_to_be_missing(
    trial: Trial, people: People, client: Client, shop: str, names: Names
) -> None:
    role = people.add("clerk", "CONNECT ON ACCOUNT *")

    def make(name: str) -> Work:
        target = names(name)
        client.execute(f"CREATE DATABASE {target} CLONE {shop}")
        people.give(
            role,
            f"SELECT, INSERT ON TABLE {target}.*",
            f"SELECT ON VIEW {target}.*",
        )
        client.pitr.create(names(f"p{name}"), "database", 1, "h", target)
        at, whole = server_clock(client), contents(client, target)
        client.execute(f"DELETE FROM {target}.orders WHERE id = 1")
        before = contents(client, target)

        def further(end: JobEvent, told: str) -> None:
            kept = reads(people, role, target)
            client.execute(f"DELETE FROM {target}.customers WHERE id = 77")
            if end.state not in (JobState.NOT_VERIFIED, JobState.UNKNOWN):
                assert kept, told
                assert protected(client, target), told
            elif end.state in MADE:
                assert "missing: " in end.text or "nobody saw" in end.text, told

        spec = Copy(Request.restore((target,), at))
        return Work(spec, {target: before}, {target: whole}, further=further)

    trial.everywhere("made again", make)


def snapshots_of(client: Client, account: str) -> set[str]:
    found = client.execute(
        "SELECT sname FROM mo_catalog.mo_snapshots WHERE account_name = %s", (account,)
    )
    return {str(name) for (name,) in found}


@pytest.fixture
def accounts(server: Server, client: Client, names: Names) -> Iterator[tuple[str, str]]:
    """An account with a shop of its own, and one without."""
    made = (names("acc"), names("acc2"))
    for name in made:
        client.execute(f"CREATE ACCOUNT {name} ADMIN_NAME 'adm' IDENTIFIED BY '111'")
    with server.client(user=f"{made[0]}#adm", password="111") as theirs:
        for statement in SHOP:
            theirs.execute(statement.format("app"))
    yield made
    for name in made:
        for left in snapshots_of(client, name):
            client.execute(f"DROP SNAPSHOT {left}")


def test_a_copy_from_an_account_is_whole_and_leaves_no_snapshot_unmentioned(
    trial: Trial,
    server: Server,
    client: Client,
    accounts: tuple[str, str],
    names: Names,
) -> None:
    account, _ = accounts
    with server.client(user=f"{account}#adm", password="111") as theirs:
        held = contents(theirs, "app")

    def make(name: str) -> Work:
        target = names(name)

        def further(_: JobEvent, told: str) -> None:
            for left in snapshots_of(client, account):
                said = [each.text for each in trial.events if left in each.text]
                assert any("is left" in each for each in said), told
                client.execute(f"DROP SNAPSHOT {left}")

        spec = CopyBetween((Transfer(account, "app", target),))
        return Work(spec, {target: None}, {target: held}, further=further)

    trial.everywhere("from an account", make)


def test_a_copy_to_an_account_is_there_as_it_is_told(
    trial: Trial,
    server: Server,
    client: Client,
    accounts: tuple[str, str],
    shop: str,
) -> None:
    """Nobody of sys sees it: it is looked at as who owns it."""
    account, other = accounts

    def make(name: str) -> Work:
        def further(end: JobEvent, told: str) -> None:
            with server.client(user=f"{other}#adm", password="111") as theirs:
                found = contents(theirs, f"to_{name}")
            if end.state in MADE:
                assert found is not None, told
                assert len(found["customers"]) == 3, told
            elif end.state is not JobState.UNKNOWN:
                assert found is None, told
            for each in (account, other):
                for left in snapshots_of(client, each):
                    said = [ev.text for ev in trial.events if left in ev.text]
                    assert any("is left" in text for text in said), told
                    client.execute(f"DROP SNAPSHOT {left}")

        spec = CopyBetween((Transfer(account, "app", f"to_{name}", other),))
        same = {shop: contents(client, shop)}
        return Work(spec, same, same, further=further)

    trial.everywhere("to an account", make)
