"""RESTORE: what comes back, and what is refused before anything is sent."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

from moclone_tui import (
    Client,
    InvalidName,
    NotFound,
    NotSupported,
    PermissionDenied,
    QueryError,
    TableName,
)

from .looking import has_database, rows, tables
from .restoring import THREE, refused, spoil, tidy

if TYPE_CHECKING:
    from tests.conftest import Names, Server


@pytest.fixture(autouse=True)
def _tidy(server: Server, names: Names) -> Iterator[None]:
    yield
    tidy(server, names)


@pytest.fixture
def taken(client: Client, shop: str, names: Names) -> str:
    """A snapshot of the shop, after which its rows and tables were changed."""
    client.snapshots.create(names("s"), "database", shop)
    spoil(client, shop)
    return names("s")


# ------------------------------------------------------------------- databases


def test_a_database_comes_back(client: Client, shop: str, taken: str) -> None:
    done = client.restore.database(shop, taken)
    assert tables(client, shop) == ["big", "customers", "orders"]
    assert rows(client, f"{shop}.customers") == THREE
    assert [row[0] for row in rows(client, f"{shop}.big")] == [2]
    assert done.what == f"the database {shop}"
    assert done.snapshot == taken
    assert (done.tables, done.views) == (2, 1)
    assert done.seconds > 0
    assert done.notes == ()
    assert done.pitr == ""


def test_the_statement_is_in_the_words_of_the_version(
    server: Server, client: Client, shop: str, taken: str
) -> None:
    (sent,) = client.restore.database(shop, taken).statements
    (for_table,) = client.restore.table(f"{shop}.customers", taken).statements
    if server.version >= (4, 0, 0):
        assert sent == f"RESTORE DATABASE `{shop}` {{SNAPSHOT = '{taken}'}}"
        assert for_table.startswith(f"RESTORE TABLE `{shop}`.`customers` {{")
    else:
        assert (
            sent == f"RESTORE ACCOUNT `sys` DATABASE `{shop}` FROM SNAPSHOT `{taken}`"
        )
        assert " TABLE `customers` FROM SNAPSHOT " in for_table


def test_a_database_that_was_dropped_comes_back(
    client: Client, shop: str, taken: str
) -> None:
    client.execute(f"DROP DATABASE `{shop}`")
    client.restore.database(shop, taken)
    assert rows(client, f"{shop}.customers") == THREE


def test_names_fold(client: Client, shop: str, taken: str) -> None:
    client.restore.database(shop.upper(), taken.upper())
    client.execute(f"DELETE FROM `{shop}`.customers")
    client.restore.table(f"{shop}.Customers".upper(), taken.upper())
    assert rows(client, f"{shop}.customers") == THREE


def test_it_can_be_done_again(client: Client, shop: str, taken: str) -> None:
    for _ in range(2):
        client.restore.database(shop, taken)
        client.execute(f"DELETE FROM `{shop}`.customers")
    client.restore.database(shop, taken)
    assert rows(client, f"{shop}.customers") == THREE


def test_from_a_snapshot_of_the_account(
    client: Client, shop: str, names: Names
) -> None:
    client.snapshots.create(names("a"), "account")
    spoil(client, shop)
    client.restore.database(shop, names("a"))
    assert rows(client, f"{shop}.customers") == THREE
    client.execute(f"DELETE FROM `{shop}`.customers")
    client.restore.table(f"{shop}.customers", names("a"))
    assert rows(client, f"{shop}.customers") == THREE


def test_an_awkward_name(client: Client, names: Names) -> None:
    name = names("my-data.base")
    client.execute(f"CREATE DATABASE `{name}`")
    client.execute(f"CREATE TABLE `{name}`.`a-b` (id INT)")
    client.snapshots.create(names("s-1"), "database", name)
    client.execute(f"INSERT INTO `{name}`.`a-b` VALUES (1)")
    client.restore.database(name, names("s-1"))
    assert rows(client, f"`{name}`.`a-b`") == []
    client.execute(f"INSERT INTO `{name}`.`a-b` VALUES (1)")
    client.restore.table(TableName("a-b", name), names("s-1"))
    assert rows(client, f"`{name}`.`a-b`") == []


def test_a_partitioned_table_is_not_called_missing(
    client: Client, names: Names
) -> None:
    """3.0 brings it back without its partitions."""
    client.execute(f"CREATE DATABASE {names('d')}")
    client.execute(
        f"CREATE TABLE {names('d')}.p (id INT PRIMARY KEY)"
        " PARTITION BY HASH(id) PARTITIONS 2"
    )
    client.snapshots.create(names("s"), "database", names("d"))
    assert client.restore.database(names("d"), names("s")).tables == 1


# --------------------------------------------------------------- tables and views


def test_a_table_comes_back_alone(client: Client, shop: str, taken: str) -> None:
    done = client.restore.table(f"{shop}.customers", taken)
    assert rows(client, f"{shop}.customers") == THREE
    assert tables(client, shop) == ["big", "customers", "late"]
    assert done.what == f"the table {shop}.customers"
    assert (done.tables, done.views, done.notes) == (1, 0, ())


def test_a_table_that_was_dropped_comes_back(
    client: Client, shop: str, taken: str
) -> None:
    client.restore.table(TableName("orders", shop), taken)
    assert len(rows(client, f"{shop}.orders")) == 2


def test_from_a_snapshot_of_the_table(client: Client, shop: str, names: Names) -> None:
    client.snapshots.create(names("t"), "table", shop, "customers")
    client.execute(f"DELETE FROM `{shop}`.customers")
    client.restore.table(f"{shop}.customers", names("t"))
    assert rows(client, f"{shop}.customers") == THREE


def test_a_name_without_a_database_is_of_the_one_in_use(
    server: Server, shop: str, taken: str
) -> None:
    with server.client(database=shop) as inside:
        inside.restore.table("customers", taken)
        assert rows(inside, "customers") == THREE
    with server.client() as outside:
        refused(
            lambda: outside.restore.table("customers", taken),
            InvalidName,
            "no database",
        )


def test_a_view_comes_back(client: Client, shop: str, names: Names) -> None:
    client.snapshots.create(names("s"), "database", shop)
    client.execute(f"DROP VIEW `{shop}`.big")
    done = client.restore.table(f"{shop}.big", names("s"))
    assert done.what == f"the view {shop}.big"
    assert (done.tables, done.views) == (0, 1)
    assert [row[0] for row in rows(client, f"{shop}.big")] == [2]


def test_a_sequence_is_refused(client: Client, shop: str, names: Names) -> None:
    client.execute(f"CREATE SEQUENCE `{shop}`.numbers")
    client.snapshots.create(names("s"), "database", shop)
    refused(
        lambda: client.restore.table(f"{shop}.numbers", names("s")),
        NotSupported,
        "sequence",
    )


# ------------------------------------------------------------------- what is refused


def test_a_snapshot_that_is_not_there(client: Client, shop: str, names: Names) -> None:
    restore, none = client.restore, names("none")
    for call in (
        lambda: restore.database(shop, none),
        lambda: restore.table(f"{shop}.customers", none),
        lambda: restore.account("sys", none),
        lambda: restore.cluster(none),
    ):
        refused(call, NotFound, none)
    assert rows(client, f"{shop}.customers") == THREE


def test_what_was_not_there_then(client: Client, shop: str, names: Names) -> None:
    """The server would say so, too, in three ways."""
    client.snapshots.create(names("a"), "account")
    client.execute(f"CREATE DATABASE {names('late')}")
    client.execute(f"CREATE TABLE {names('late')}.t (id INT)")
    client.execute(f"CREATE TABLE `{shop}`.late (id INT)")
    for call in (
        lambda: client.restore.database(names("late"), names("a")),
        lambda: client.restore.table(f"{names('late')}.t", names("a")),
        lambda: client.restore.table(f"{shop}.late", names("a")),
    ):
        refused(call, NotFound, "does not exist in the snapshot")
    assert tables(client, names("late")) == ["t"]


def test_a_snapshot_of_something_else(
    client: Client, shop: str, taken: str, names: Names
) -> None:
    client.execute(f"CREATE DATABASE {names('other')}")
    client.snapshots.create(names("t"), "table", shop, "customers")
    client.snapshots.create(names("c"), "cluster")
    restore = client.restore
    for call, covered in (
        (lambda: restore.database(names("other"), taken), f"the database {shop}"),
        (lambda: restore.table(f"{names('other')}.t", taken), f"the database {shop}"),
        (lambda: restore.database(shop, names("t")), f"the table {shop}.customers"),
        (lambda: restore.table(f"{shop}.late", names("t")), "the table"),
        (lambda: restore.database(shop, names("c")), "the cluster"),
        (lambda: restore.table(f"{shop}.late", names("c")), "the cluster"),
        (lambda: restore.account("sys", taken), f"the database {shop}"),
        (lambda: restore.cluster(taken), f"the database {shop}"),
    ):
        refused(call, NotFound, f"covers {covered}")
    assert has_database(client, names("other"))
    assert tables(client, shop) == ["big", "customers", "late"]


def test_a_snapshot_of_another_account(client: Client, shop: str, names: Names) -> None:
    client.execute(f"CREATE ACCOUNT {names('a')} ADMIN_NAME 'm' IDENTIFIED BY '111'")
    client.snapshots.create(names("s"), "account", account=names("a"))
    for call in (
        lambda: client.restore.database(shop, names("s")),
        lambda: client.restore.account("sys", names("s")),
    ):
        refused(call, NotFound, f"covers account {names('a')}")


def test_in_a_session_nothing_is_sent_and_it_goes_on(
    client: Client, shop: str, taken: str
) -> None:
    with client.session() as session:
        for call in (
            lambda: session.restore.database(shop, taken),
            lambda: session.restore.table(f"{shop}.customers", taken),
            lambda: session.restore.account("sys", taken),
            lambda: session.restore.cluster(taken),
        ):
            refused(call, QueryError, "inside a transaction")
        assert session.execute("SELECT 1").first == (1,)
    assert tables(client, shop) == ["big", "customers", "late"]


@pytest.mark.parametrize(
    ("call", "cause"),
    [
        (lambda restore: restore.database("mo_catalog", "s"), NotSupported),
        (lambda restore: restore.database("MySQL", "s"), NotSupported),
        (lambda restore: restore.database("", "s"), InvalidName),
        (lambda restore: restore.database("d", ""), InvalidName),
        (lambda restore: restore.database("d\0", "s"), InvalidName),
        (lambda restore: restore.table("", "s"), InvalidName),
        (lambda restore: restore.table("a.b.c", "s"), InvalidName),
        (lambda restore: restore.table("d.t", ""), InvalidName),
        (lambda restore: restore.account("", "s"), InvalidName),
        (lambda restore: restore.account("a", ""), InvalidName),
        (lambda restore: restore.account("a", "s", ""), InvalidName),
        (lambda restore: restore.account("sys", "s", "a"), NotSupported),
        (lambda restore: restore.account("a", "s", "SYS"), NotSupported),
        (lambda restore: restore.cluster(""), InvalidName),
    ],
)
def test_what_cannot_be_is_refused_unsent(
    call: Callable[[Any], Any], cause: type[Exception]
) -> None:
    """The client is not connected: had anything been sent, it would say so."""
    with pytest.raises(cause):
        call(Client().restore)


def test_the_systems_tables_are_refused(client: Client, names: Names) -> None:
    client.snapshots.create(names("a"), "account")
    refused(
        lambda: client.restore.table("mo_catalog.mo_user", names("a")),
        NotSupported,
        "mo_catalog",
    )


def test_a_login_without_rights(server: Server, client: Client, names: Names) -> None:
    account = names("acc")
    client.execute(f"CREATE ACCOUNT {account} ADMIN_NAME 'm' IDENTIFIED BY '111'")
    with server.client(user=f"{account}#m", password="111") as admin:
        admin.execute("CREATE DATABASE app")
        admin.snapshots.create("s", "database", "app")
        admin.execute("CREATE ROLE nothing")
        admin.execute("CREATE USER low IDENTIFIED BY '111' DEFAULT ROLE nothing")
    with server.client(user=f"{account}#low#nothing", password="111") as low:
        refused(lambda: low.restore.database("app", "s"), PermissionDenied, "privilege")
