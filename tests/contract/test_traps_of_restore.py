"""What restore, replace and time hide, and what moclone makes of it."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from moclone_tui import Cancelled, Client, CloneError, Moment, NotFound, TableName
from moclone_tui.cloning.facade import CopyEvent
from moclone_tui.cloning.look import server_clock
from moclone_tui.cloning.request import IfExists, Pair, Request

from .looking import has_database, identity, rows, tables

if TYPE_CHECKING:
    from tests.conftest import Names, Server

    from .people import People

DAYS = 86400 * 10**9


@pytest.fixture
def then(client: Client, shop: str, names: Names) -> Moment:
    """A snapshot of the shop, before its customers are lost."""
    client.snapshots.create(names("then"), "database", shop)
    client.execute(f"DELETE FROM `{shop}`.customers")
    return Moment(names("then"))


def run(client: Client, request: Request) -> str:
    return client.clone.run(client.clone.plan(request)).word


def test_what_is_published_is_not_replaced(
    people: People, client: Client, shop: str, then: Moment, names: Names
) -> None:
    """The server's own RESTORE drops a publication, and says nothing."""
    client.execute(f"CREATE PUBLICATION {names('pub')} DATABASE `{shop}` ACCOUNT ALL")
    for request in (
        Request.restore((shop,), then),
        Request((Pair(names("other"), shop),), if_exists=IfExists.REPLACE),
    ):
        client.execute(f"CREATE DATABASE IF NOT EXISTS `{names('other')}`")
        plan = client.clone.plan(request)
        assert f"{shop} is published as {names('pub')}" in str(plan.blockers)
        with pytest.raises(CloneError, match="published"):
            client.clone.run(plan)
    assert names("pub") in str(client.execute("SHOW PUBLICATIONS").rows)
    assert rows(client, f"`{shop}`.customers") == []


@pytest.mark.parametrize("what", ["database", "table"])
def test_a_publication_that_the_servers_restore_drops_is_named(
    people: People, client: Client, shop: str, then: Moment, names: Names, what: str
) -> None:
    of = "TABLE customers, orders " if what == "table" else ""
    client.execute(
        f"CREATE PUBLICATION {names('pub')} DATABASE `{shop}` {of}ACCOUNT ALL"
    )
    before = client.execute("SHOW PUBLICATIONS").rows
    if what == "table":
        done = client.restore.table(f"{shop}.customers", names("then"))
    else:
        done = client.restore.database(shop, names("then"))
    lost = client.execute("SHOW PUBLICATIONS").rows != before
    assert len([note for note in done.notes if names("pub") in note]) == lost
    assert len(rows(client, f"`{shop}`.customers")) == 3


def test_a_restore_of_two_databases_is_taken_back_as_a_whole(
    client: Client, watcher: Client, shop: str, names: Names
) -> None:
    """One transaction: until COMMIT everything can be as if it had never been."""
    other = names("other")
    client.execute(f"CREATE DATABASE `{other}` CLONE `{shop}`")
    at = server_clock(client)
    for each in (shop, other):
        client.execute(f"DELETE FROM `{each}`.customers WHERE id = 1")
    before = [identity(client, each, "customers") for each in (shop, other)]
    cancel = threading.Event()

    def stop(event: CopyEvent) -> None:
        if event.text.startswith("verify"):
            cancel.set()

    plan = client.clone.plan(Request.restore((shop, other), at))
    with pytest.raises(Cancelled):
        client.clone.run(plan, stop, cancel)
    assert [identity(watcher, each, "customers") for each in (shop, other)] == before
    assert names.left_behind(watcher) == sorted((shop, other))
    assert run(client, Request.restore((shop, other), at)) == "verified: counts"
    for each in (shop, other):
        assert len(rows(watcher, f"`{each}`.customers")) == 3


def test_what_was_dropped_is_restored_from_its_snapshot(
    client: Client, shop: str, then: Moment, names: Names
) -> None:
    """A snapshot outlives what it is of."""
    client.execute(f"DROP DATABASE `{shop}`")
    assert run(client, Request.restore((shop,), then)) == "verified: counts"
    assert len(rows(client, f"`{shop}`.customers")) == 3
    client.execute(f"DROP TABLE `{shop}`.customers")
    table = TableName("customers", shop)
    assert run(client, Request.restore((table,), then)) == "verified: counts"
    assert len(rows(client, f"`{shop}`.customers")) == 3


@pytest.mark.parametrize("days", [2, 4000])
def test_a_moment_without_history_copies_nothing(
    client: Client, watcher: Client, shop: str, names: Names, days: int
) -> None:
    """History is kept for an hour or so: what is not there then is not called empty."""
    early = Moment(ns=server_clock(client).ns - days * DAYS)
    for request in (
        Request.of(shop, names("copy"), early),
        Request.restore((shop,), early),
        Request.of(TableName("orders", shop), TableName("copy", shop), early),
    ):
        plan = client.clone.plan(request)
        assert f"does not exist at {early}" in plan.blockers[0].text
        with pytest.raises(CloneError, match="does not exist at"):
            client.clone.run(plan)
    with pytest.raises(CloneError, match="does not exist at"):
        client.clone.clone_database(names("copy"), shop, at=early)
    assert names.left_behind(watcher) == [shop]
    assert len(rows(client, f"`{shop}`.orders")) == 2


def test_a_login_that_may_not_read_the_catalog_learns_that_a_target_is_there(
    people: People, client: Client, shop: str, names: Names
) -> None:
    """The server's own 1007 and 1050 say so, without a race and without that right."""
    role = people.add(
        "maker",
        "CONNECT ON ACCOUNT *",
        "CREATE DATABASE ON ACCOUNT *",
        f"SELECT ON TABLE `{shop}`.*",
        f"SELECT ON VIEW `{shop}`.*",
        f"CREATE TABLE ON DATABASE `{shop}`",
    )
    taken = names("taken")
    client.execute(f"CREATE DATABASE `{taken}`")
    with people.login(role) as maker, maker.session() as session:
        clone = session.clone
        assert clone.clone_database(taken, shop, if_not_exists=True).skipped
        assert clone.clone_table(
            f"{shop}.orders", f"{shop}.customers", if_not_exists=True
        ).skipped
        assert clone.clone_database(names("copy"), shop, if_not_exists=True).created
    assert tables(client, taken) == []
    assert len(rows(client, f"`{shop}`.orders")) == 2
    assert len(rows(client, f"`{names('copy')}`.customers")) == 3


def test_other_rows_of_the_same_number_are_found(
    client: Client, shop: str, names: Names
) -> None:
    """Every row is compared by COUNT: a SUMMARY tells deletions as insertions."""
    copy = names("copy")
    plan = client.clone.plan(Request((Pair(shop, copy),), deep=True))
    assert client.clone.run(plan).word == "verified: rows"
    client.execute(f"DELETE FROM `{copy}`.customers WHERE id = 3")
    client.execute(f"INSERT INTO `{copy}`.customers VALUES (4, 'Alan')")
    shallow = client.clone.verify(copy, shop)
    assert shallow.word == "verified: counts"
    verdict = client.clone.verify(copy, shop, deep=True)
    assert verdict.word == "differs"
    (told,) = verdict.differences
    assert told.endswith("2 rows differ")
    assert "customers" in told


def test_what_only_another_account_has_gets_no_snapshot_and_no_pitr(
    server: Server, client: Client, names: Names
) -> None:
    """The server takes both of sys, and they keep nothing: its clones are empty."""
    account, app = names("acc"), names("app")
    client.execute(f"CREATE ACCOUNT {account} ADMIN_NAME 'm' IDENTIFIED BY '111'")
    with server.client(user=f"{account}#m", password="111") as theirs:
        theirs.execute(f"CREATE DATABASE {app}")
        theirs.execute(f"CREATE TABLE {app}.t (id INT PRIMARY KEY)")
    client.snapshots.create(names("all"), "cluster")
    with pytest.raises(CloneError):
        client.clone.clone_database(names("copy"), app, names("all"))
    with pytest.raises(NotFound, match=app):
        client.snapshots.create(names("s"), "database", app)
    with pytest.raises(NotFound, match=app):
        client.pitr.create(names("p"), "database", 1, "h", app)
    assert not client.snapshots.exists(names("s"))
    assert not client.pitr.exists(names("p"))
    assert not has_database(client, names("copy"))
