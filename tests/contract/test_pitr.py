"""PITR: make, list, look up, alter, drop."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

from moclone_tui import (
    AlreadyExists,
    Client,
    ConnectionError,
    InvalidName,
    NotFound,
    NotSupported,
    PermissionDenied,
    PitrUnit,
    QueryError,
    SnapshotLevel,
)

from .restoring import refused, server_time, tidy

if TYPE_CHECKING:
    from tests.conftest import Names, Server

NOON = dt.datetime(2026, 1, 2, 12, tzinfo=dt.UTC)
SOON = dt.timedelta(seconds=5)


@pytest.fixture(autouse=True)
def _tidy(server: Server, names: Names) -> Iterator[None]:
    yield
    tidy(server, names)


@pytest.fixture
def window(client: Client, shop: str, names: Names) -> str:
    """A PITR of the shop."""
    client.pitr.create(names("p"), "database", 1, "h", shop)
    return names("p")


@pytest.fixture
def admin(server: Server, client: Client, names: Names) -> Iterator[Client]:
    """The admin of an account of the test's own, where there is a database `app`."""
    client.execute(f"CREATE ACCOUNT {names('acc')} ADMIN_NAME 'm' IDENTIFIED BY '111'")
    with server.client(user=f"{names('acc')}#m", password="111") as connected:
        connected.execute("CREATE DATABASE app")
        connected.execute("CREATE TABLE app.t (id INT PRIMARY KEY)")
        connected.execute("INSERT INTO app.t VALUES (1)")
        yield connected
        connected.connect()
        for name, *_ in connected.execute("SHOW PITR"):
            connected.execute(f"DROP PITR {name}")


# ---------------------------------------------------------------- make, list, change


def test_one_of_a_database_or_table_is_read_back(
    client: Client, shop: str, names: Names
) -> None:
    made = client.pitr.create(names("d"), "database", 7, "d", shop)
    assert (made.name, made.level) == (names("d"), SnapshotLevel.DATABASE)
    assert (made.account, made.database, made.table) == ("sys", shop, "")
    assert (made.length, made.unit, made.range) == (7, PitrUnit.DAYS, "7 days")
    assert made.covers == shop
    assert made.active is True
    assert made.created.tzinfo is dt.UTC
    assert abs(made.created - server_time(client)) < SOON
    assert made.modified == made.created
    assert client.pitr.get(names("d")) == made
    of_table = client.pitr.create(names("t"), "table", 1, "mo", shop, "customers")
    assert of_table.covers == f"{shop}.customers"
    assert of_table.range == "1 month"


def test_one_of_an_account_is_read_back(admin: Client, names: Names) -> None:
    made = admin.pitr.create("p", SnapshotLevel.ACCOUNT, 100, PitrUnit.YEARS)
    assert (made.level, made.account) == ("account", names("acc"))
    assert made.covers == f"account {names('acc')}"
    assert made.active is None, "only sys may know"


def test_one_of_the_cluster_or_of_another_account(
    server: Server, client: Client, admin: Client, names: Names
) -> None:
    if server.kind == "embedded":
        made = client.pitr.create(names("c"), "cluster", 1, "h")
        assert (made.covers, made.account) == ("the cluster", "")
    made = client.pitr.create(names("a"), "account", 1, "h", account=names("acc"))
    assert made.account == names("acc")


def test_lists_can_be_narrowed(client: Client, shop: str, names: Names) -> None:
    client.pitr.create(names("d"), "database", 1, "h", shop)
    client.pitr.create(names("t"), "table", 1, "h", shop, "customers")
    client.pitr.create(names("u"), "table", 1, "h", shop, "orders")

    def mine(**narrowed: Any) -> set[str]:
        listed = client.pitr.list(**narrowed)
        return {
            found.name.removeprefix(names.prefix)
            for found in listed
            if found.name.startswith(names.prefix)
        }

    assert mine() == {"d", "t", "u"}
    assert mine(level="table") == {"t", "u"}
    assert mine(database=shop.upper()) == {"d", "t", "u"}
    assert mine(database=shop, table="Customers") == {"t"}
    assert mine(level=SnapshotLevel.DATABASE, account="sys") == {"d"}
    assert mine(database=names("none")) == set()


def test_the_servers_own_is_hidden_and_left_alone(client: Client, window: str) -> None:
    own = "sys_mo_catalog_pitr"
    everything = "SELECT pitr_name FROM mo_catalog.mo_pitr"
    assert (own,) in client.execute(everything).rows
    assert own not in {found.name for found in client.pitr.list()}
    refused(lambda: client.pitr.delete(own), InvalidName, "server's own")
    refused(lambda: client.pitr.alter(own, 1, "d"), InvalidName, "server's own")
    assert (own,) in client.execute(everything).rows


def test_times_are_utc_whatever_the_zone_of_the_session(
    client: Client, window: str
) -> None:
    made = client.pitr.get(window)
    client.execute("SET time_zone = '+08:00'")
    assert client.pitr.get(window) == made


def test_names_fold(client: Client, shop: str, names: Names) -> None:
    client.pitr.create(names("Upper"), "database", 1, "H", shop.upper())
    assert client.pitr.exists(names("UPPER"))
    assert client.pitr.get(names("uPPer")).name == names("upper")
    assert client.pitr.alter(names("UPPER"), 2, "D").range == "2 days"
    client.pitr.delete(names("UPPER"))
    assert not client.pitr.exists(names("upper"))


def test_one_name_and_one_object_have_one(
    client: Client, shop: str, window: str, names: Names
) -> None:
    made = client.pitr.get(window)
    with pytest.raises(AlreadyExists):
        client.pitr.create(window, "table", 1, "h", shop, "orders")
    with pytest.raises(AlreadyExists):
        client.pitr.create(names("other"), "database", 1, "h", shop)
    assert client.pitr.list(database=shop) == [made]


def test_the_range_is_altered(client: Client, window: str) -> None:
    made = client.pitr.get(window)
    altered = client.pitr.alter(window, 2, "mo")
    assert (altered.length, altered.unit) == (2, PitrUnit.MONTHS)
    assert altered.created == made.created
    assert altered.modified >= made.modified


def test_what_is_not_there_is_not_found(
    client: Client, shop: str, names: Names
) -> None:
    none = names("none")
    for call in (
        lambda: client.pitr.get(none),
        lambda: client.pitr.delete(none),
        lambda: client.pitr.alter(none, 1, "d"),
        lambda: client.pitr.restore_database(none, NOON, shop),
        lambda: client.pitr.create(names("p"), "database", 1, "h", none),
        lambda: client.pitr.create(names("p"), "table", 1, "h", shop, "none"),
    ):
        refused(call, NotFound, "none")
    assert client.pitr.exists(none) is False


def test_exists_never_calls_it_no_when_it_cannot_look(
    server: Server, client: Client, admin: Client, names: Names
) -> None:
    admin.execute("CREATE ROLE nothing")
    admin.execute("CREATE USER low IDENTIFIED BY '111' DEFAULT ROLE nothing")
    with server.client(user=f"{names('acc')}#low#nothing", password="111") as low:
        refused(lambda: low.pitr.exists("p"), PermissionDenied, "privilege")
        refused(low.pitr.list, PermissionDenied, "privilege")
        refused(
            lambda: low.pitr.create("p", "account", 1, "h"),
            PermissionDenied,
            "privilege",
        )
    refused(lambda: Client().pitr.exists("p"), ConnectionError, "not connected")


def test_in_a_session_nothing_is_sent_and_it_goes_on(
    client: Client, shop: str, window: str, names: Names
) -> None:
    with client.session() as session:
        pitr = session.pitr
        for call in (
            lambda: pitr.create(names("q"), "table", 1, "h", shop, "orders"),
            pitr.list,
            lambda: pitr.exists(window),
            lambda: pitr.alter(window, 1, "d"),
            lambda: pitr.delete(window),
            lambda: pitr.restore_database(window, NOON),
            lambda: pitr.restore_table(window, NOON, "a.b"),
            lambda: pitr.restore_account(window, NOON),
            lambda: pitr.restore_cluster(window, NOON),
        ):
            refused(call, QueryError, "inside a transaction")
        assert session.execute("SELECT 1").first == (1,)
    assert client.pitr.get(window).range == "1 hour"


@pytest.mark.parametrize(
    "arguments",
    [
        ("", "account", 1, "h"),
        ("a b", "account", 1, "h"),
        ("a\0b", "account", 1, "h"),
        ("sys_mo_catalog_pitr", "account", 1, "h"),
        ("p", "galaxy", 1, "h"),
        ("p", "account", 0, "h"),
        ("p", "account", 101, "h"),
        ("p", "account", 1.5, "h"),
        ("p", "account", True, "h"),
        ("p", "account", 1, "w"),
        ("p", "account", 1, ""),
        ("p", "account", 1, "h", "d"),
        ("p", "cluster", 1, "h", None, None, "a"),
        ("p", "database", 1, "h"),
        ("p", "database", 1, "h", ""),
        ("p", "database", 1, "h", "d", "t"),
        ("p", "table", 1, "h", "d"),
        ("p", "table", 1, "h", None, "t"),
    ],
)
def test_what_cannot_be_is_refused_unsent(arguments: tuple[Any, ...]) -> None:
    """The client is not connected: had anything been sent, it would say so."""
    with pytest.raises(InvalidName):
        Client().pitr.create(*arguments)


@pytest.mark.parametrize(
    ("call", "cause"),
    [
        (lambda pitr: pitr.alter("p", 0, "h"), InvalidName),
        (
            lambda pitr: pitr.restore_database("p", NOON.replace(tzinfo=None)),
            InvalidName,
        ),
        (
            lambda pitr: pitr.restore_cluster("p", NOON.replace(tzinfo=None)),
            InvalidName,
        ),
        (lambda pitr: pitr.restore_database("", NOON), InvalidName),
        (lambda pitr: pitr.restore_database("p", NOON, "mo_catalog"), NotSupported),
        (lambda pitr: pitr.restore_table("p", NOON, "a.b.c"), InvalidName),
        (lambda pitr: pitr.restore_account("p", NOON, ""), InvalidName),
    ],
)
def test_what_cannot_be_done_is_refused_unsent(
    call: Callable[[Any], Any], cause: type[Exception]
) -> None:
    with pytest.raises(cause):
        call(Client().pitr)
