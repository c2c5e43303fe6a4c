"""Snapshots: take, list, look up, drop."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest

from moclone_tui import (
    AlreadyExists,
    Client,
    ConnectionError,
    InvalidName,
    NotFound,
    PermissionDenied,
    QueryError,
    SnapshotLevel,
)

if TYPE_CHECKING:
    from tests.conftest import Names, Server

LEVELS = ("cluster", "account", "database", "table")


def scope(level: str, database: str) -> dict[str, Any]:
    of = {"database": {"database": database}, "table": {"database": database}}
    return {
        **of.get(level, {}),
        **({"table": "customers"} if level == "table" else {}),
    }


@pytest.mark.parametrize("level", LEVELS)
def test_a_snapshot_of_each_level_can_be_taken_and_read_back(
    client: Client, shop: str, names: Names, level: str
) -> None:
    taken = client.snapshots.create(names("s"), level, **scope(level, shop))
    assert taken.name == names("s")
    assert taken.level is SnapshotLevel(level)
    assert taken.kind == "user"
    assert abs(taken.created - dt.datetime.now(dt.UTC)) < dt.timedelta(minutes=1)
    assert taken.ts // 1000 == round(taken.created.timestamp() * 10**6)
    assert client.snapshots.get(names("s")) == taken
    covers = {
        "cluster": "the cluster",
        "account": "account sys",
        "database": shop,
        "table": f"{shop}.customers",
    }
    assert taken.covers == covers[level]


def test_a_snapshot_of_another_account(client: Client, names: Names) -> None:
    account = names("acc")
    client.execute(f"CREATE ACCOUNT {account} ADMIN_NAME 'adm' IDENTIFIED BY '111'")
    taken = client.snapshots.create(names("s"), "account", account=account)
    assert taken.account == account
    assert taken in client.snapshots.list(account=account)


def test_lists_can_be_narrowed(client: Client, shop: str, names: Names) -> None:
    for level in LEVELS:
        client.snapshots.create(names(level), level, **scope(level, shop))
    listed = client.snapshots.list

    def mine(**narrowed: Any) -> set[str]:
        return {
            found.name.removeprefix(names.prefix)
            for found in listed(**narrowed)
            if found.name.startswith(names.prefix)
        }

    assert mine() == set(LEVELS)
    assert mine(level="table") == {"table"}
    assert mine(level=SnapshotLevel.CLUSTER) == {"cluster"}
    assert mine(database=shop) == {"database", "table"}
    assert mine(database=shop.upper()) == {"database", "table"}
    assert mine(database=shop, level="database") == {"database"}
    assert mine(database=shop, table="customers") == {"table"}
    assert mine(database=names("none")) == set()
    assert mine(account="sys", level="account") == {"account"}


def test_the_newest_comes_first(client: Client, names: Names) -> None:
    for number in range(3):
        client.snapshots.create(names(f"s{number}"), "account")
    listed = [found.ts for found in client.snapshots.list()]
    assert listed == sorted(listed, reverse=True)
    first = [found.name for found in client.snapshots.list()][:1]
    assert first == [names("s2")]


def test_names_fold(client: Client, names: Names) -> None:
    client.snapshots.create(names("Upper"), "account")
    assert client.snapshots.exists(names("UPPER"))
    assert client.snapshots.get(names("uPPer")).name == names("upper")
    client.snapshots.delete(names("UPPER"))
    assert not client.snapshots.exists(names("upper"))


def test_a_name_that_is_taken(client: Client, names: Names) -> None:
    before = client.snapshots.create(names("s"), "account")
    with pytest.raises(AlreadyExists):
        client.snapshots.create(names("s"), "cluster")
    assert client.snapshots.get(names("s")) == before


def test_what_is_not_there_is_not_found(client: Client, names: Names) -> None:
    with pytest.raises(NotFound, match=names("none")):
        client.snapshots.get(names("none"))
    with pytest.raises(NotFound):
        client.snapshots.delete(names("none"))
    assert client.snapshots.exists(names("none")) is False


def test_a_snapshot_of_what_is_not_there(
    client: Client, shop: str, names: Names
) -> None:
    with pytest.raises(NotFound):
        client.snapshots.create(names("s"), "database", names("none"))
    with pytest.raises(NotFound):
        client.snapshots.create(names("s"), "table", shop, "none")
    with pytest.raises(NotFound):
        client.snapshots.create(names("s"), "account", account=names("none"))
    assert not client.snapshots.exists(names("s"))


def test_exists_does_not_call_a_lost_connection_no(
    client: Client, watcher: Client, names: Names
) -> None:
    watcher.execute(f"KILL {client.connection.id}")
    with pytest.raises(ConnectionError):
        client.snapshots.exists(names("s"))
    with pytest.raises(ConnectionError):
        Client().snapshots.exists("s")


def test_exists_does_not_call_no_rights_no(
    server: Server, client: Client, names: Names
) -> None:
    account = names("acc")
    client.execute(f"CREATE ACCOUNT {account} ADMIN_NAME 'adm' IDENTIFIED BY '111'")
    with server.client(user=f"{account}#adm", password="111") as admin:
        admin.execute("CREATE ROLE nothing")
        admin.execute("CREATE USER low IDENTIFIED BY '111' DEFAULT ROLE nothing")
    with (
        server.client(user=f"{account}#low#nothing", password="111") as low,
        pytest.raises(PermissionDenied),
    ):
        low.snapshots.exists("s")


def test_a_deleted_one_is_gone(client: Client, names: Names) -> None:
    client.snapshots.create(names("s"), "account")
    client.snapshots.delete(names("s"))
    assert not client.snapshots.exists(names("s"))


def test_reading_works_inside_a_session(client: Client, names: Names) -> None:
    taken = client.snapshots.create(names("s"), "account")
    with client.session() as session:
        assert session.snapshots.exists(names("s"))
        assert session.snapshots.get(names("s")) == taken
        assert taken in session.snapshots.list(level="account")


def test_inside_a_session_none_is_taken_and_the_session_goes_on(
    client: Client, names: Names
) -> None:
    with client.session() as session:
        with pytest.raises(QueryError, match="transaction") as caught:
            session.snapshots.create(names("s"), "account")
        assert "the client" in caught.value.remedy
        assert session.execute("SELECT 1").first == (1,)
    assert not client.snapshots.exists(names("s"))


def test_inside_a_session_none_is_dropped(client: Client, names: Names) -> None:
    client.snapshots.create(names("s"), "account")
    with client.session() as session:
        with pytest.raises(QueryError, match="transaction") as caught:
            session.snapshots.delete(names("s"))
        assert "the client" in caught.value.remedy
    assert client.snapshots.exists(names("s"))


def test_the_servers_own_are_hidden_unless_asked_for(
    server: Server, client: Client, shop: str
) -> None:
    """A branch keeps its origin by a snapshot; 3.0 lists it as if a user's own."""
    if server.kind == "embedded":
        pytest.skip("the embedded server makes no snapshots of its own")
    client.execute(f"DATA BRANCH CREATE TABLE `{shop}`.b FROM `{shop}`.customers")

    def of_shop(*, include_system: bool) -> list[str]:
        listed = client.snapshots.list(include_system=include_system)
        return [found.kind for found in listed if found.database == shop]

    assert of_shop(include_system=False) == []
    assert of_shop(include_system=True) == ["branch"]


@pytest.mark.parametrize(
    "arguments",
    [
        ("", "account"),
        ("a b", "account"),
        ("a\0b", "account"),
        ("a\u202eb", "account"),
        ("s", "galaxy"),
        ("s", "database"),
        ("s", "table", "d"),
        ("s", "table", None, "t"),
        ("s", "cluster", "d"),
        ("s", "account", "d"),
        ("s", "database", "d", "t"),
        ("s", "database", "d", None, "a"),
        ("s", "database", ""),
        ("s", "table", "d", ""),
    ],
)
def test_what_cannot_be_is_refused_unsent(arguments: tuple[Any, ...]) -> None:
    """The client is not connected: had anything been sent, it would say so."""
    with pytest.raises(InvalidName):
        Client().snapshots.create(*arguments)
