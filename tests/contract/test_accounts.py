"""Copies between accounts: made through snapshots that are gone afterwards."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

import pytest

from moclone_tui import Cancelled, Client, CloneError
from moclone_tui.cloning.accounts import Transfer, carry_out, gather
from moclone_tui.cloning.progress import Silent, Step

if TYPE_CHECKING:
    from tests.conftest import Names, Server


@pytest.fixture
def accounts(server: Server, client: Client, names: Names) -> list[str]:
    """Two accounts, each with a database `app` of its own rows."""
    made = [names("acc1"), names("acc2")]
    for rows, account in enumerate(made, 2):
        client.execute(f"CREATE ACCOUNT {account} ADMIN_NAME 'adm' IDENTIFIED BY '111'")
        with server.client(user=f"{account}#adm", password="111") as theirs:
            theirs.execute("CREATE DATABASE app")
            theirs.execute("CREATE TABLE app.t (id INT PRIMARY KEY)")
            values = ", ".join(f"({number})" for number in range(rows))
            theirs.execute(f"INSERT INTO app.t VALUES {values}")
            theirs.execute("CREATE VIEW app.v AS SELECT id FROM app.t")
            # Sys sees the tables of all accounts at once: they must not be mixed up.
            theirs.execute(f"CREATE TABLE app.own{rows} (id INT PRIMARY KEY)")
    return made


def leftovers(client: Client) -> list[str]:
    found = client.execute("SELECT sname FROM mo_catalog.mo_snapshots")
    return [name for (name,) in found if str(name).startswith("moclone_tmp_")]


def test_the_same_database_of_many_accounts_is_gathered(
    client: Client, accounts: list[str]
) -> None:
    done = carry_out(client, gather(accounts, "app", "{account}_app"), Silent())
    assert (done.word, done.tables, done.rows) == ("verified: counts", 6, 5)
    for rows, account in enumerate(accounts, 2):
        counted = client.execute(f"SELECT COUNT(*) FROM `{account}_app`.t")
        assert int(counted.first[0]) == rows
    assert leftovers(client) == []


def test_from_one_account_to_another(
    server: Server, client: Client, accounts: list[str]
) -> None:
    first, second = accounts
    done = carry_out(client, [Transfer(first, "app", "copied", second)], Silent())
    assert done.word == "verified: counts"
    with server.client(user=f"{second}#adm", password="111") as theirs:
        assert int(theirs.execute("SELECT COUNT(*) FROM copied.t").first[0]) == 2
    assert leftovers(client) == []


def test_one_that_cannot_be_copied_leaves_none(
    client: Client, accounts: list[str], names: Names
) -> None:
    wanted = [
        Transfer(accounts[0], "app", names("a")),
        Transfer(accounts[1], "nothing", names("b")),
    ]
    with pytest.raises(CloneError, match="no database nothing"):
        carry_out(client, wanted, Silent())
    assert names("a") not in {each.name for each in client.metadata.databases()}
    assert leftovers(client) == []


class Impatient(Silent):
    """Cancels once the copies are there."""

    def step(
        self, text: str, *, seconds: float | None = None
    ) -> AbstractContextManager[Step]:
        if " of " in text and text.startswith("verify"):
            raise Cancelled("cancelled")
        return super().step(text, seconds=seconds)


def test_what_is_cancelled_after_commit_is_there_and_said_to_be(
    server: Server, client: Client, accounts: list[str]
) -> None:
    first, second = accounts
    done = carry_out(client, [Transfer(first, "app", "copied", second)], Impatient())
    assert (done.word, done.why) == ("not verified", "cancelled")
    with server.client(user=f"{second}#adm", password="111") as theirs:
        assert int(theirs.execute("SELECT COUNT(*) FROM copied.t").first[0]) == 2
    assert leftovers(client) == []
