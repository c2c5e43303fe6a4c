"""Metadata: databases, tables, columns, indexes, DDL, counts; now and then."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest

from moclone_tui import (
    SYSTEM_DATABASES,
    Client,
    InvalidName,
    Kind,
    Moment,
    NotFound,
    Result,
    TableName,
)

if TYPE_CHECKING:
    from tests.conftest import Names


def test_a_database_is_listed_with_what_it_holds(client: Client, shop: str) -> None:
    (found,) = [entry for entry in client.metadata.databases() if entry.name == shop]
    assert found.counts == {Kind.TABLE: 2, Kind.VIEW: 1}
    assert found.tables == 2
    assert not found.system
    assert not found.subscribed
    assert found.created is not None
    assert abs(found.created - dt.datetime.now(dt.UTC)) < dt.timedelta(minutes=1)


def test_an_empty_database_holds_nothing(client: Client, names: Names) -> None:
    client.execute(f"CREATE DATABASE `{names('empty')}`")
    found = {entry.name: entry for entry in client.metadata.databases()}
    assert found[names("empty")].tables == 0
    assert client.metadata.tables(names("empty")) == []


def test_the_servers_own_databases_are_told_apart(client: Client) -> None:
    found = {entry.name for entry in client.metadata.databases() if entry.system}
    assert {"information_schema", "mo_catalog", "mysql", "system"} <= found
    assert found <= SYSTEM_DATABASES


def test_databases_come_by_name(client: Client) -> None:
    listed = [entry.name for entry in client.metadata.databases()]
    assert listed == sorted(listed)


def test_tables_come_by_name_with_kind_comment_and_time(
    client: Client, shop: str
) -> None:
    client.execute(f"CREATE SEQUENCE `{shop}`.numbers")
    found = {table.name: table for table in client.metadata.tables(shop)}
    assert list(found) == ["big", "customers", "numbers", "orders"]
    assert found["orders"].kind is Kind.TABLE
    assert found["big"].kind is Kind.VIEW
    assert found["numbers"].kind is Kind.SEQUENCE
    assert found["orders"].comment == "what was bought"
    assert found["orders"].database == shop
    assert not found["orders"].partitioned
    assert found["orders"].created is not None
    assert abs(found["orders"].created - dt.datetime.now(dt.UTC)) < dt.timedelta(
        minutes=1
    )


def test_a_partitioned_table_is_one_table_and_says_so(
    client: Client, shop: str
) -> None:
    client.execute(
        f"CREATE TABLE `{shop}`.parts (id INT PRIMARY KEY)"
        " PARTITION BY HASH (id) PARTITIONS 2"
    )
    found = {table.name: table for table in client.metadata.tables(shop)}
    assert set(found) == {"big", "customers", "orders", "parts"}
    assert found["parts"].partitioned


def test_hidden_tables_of_indexes_are_left_out(client: Client, shop: str) -> None:
    client.execute(
        f"CREATE TABLE `{shop}`.keyed (id INT PRIMARY KEY, a INT, UNIQUE KEY u (a))"
    )
    found = {table.name for table in client.metadata.tables(shop)}
    assert found == {"big", "customers", "keyed", "orders"}


def test_a_database_that_is_not_there(client: Client, names: Names) -> None:
    with pytest.raises(NotFound, match=names("none")):
        client.metadata.tables(names("none"))
    with pytest.raises(InvalidName):
        client.metadata.tables("")


def test_the_name_of_a_database_folds(client: Client, shop: str) -> None:
    assert client.metadata.tables(shop.upper()) == client.metadata.tables(shop)


@pytest.mark.parametrize("comment", ['[/x] %s " \\ ü 数', "a\x1b[31mb\nc"])
def test_any_comment_comes_back_as_it_is(
    client: Client, shop: str, comment: str
) -> None:
    client.execute(f"CREATE TABLE `{shop}`.c (id INT) COMMENT %s", (comment,))
    found = {table.name: table.comment for table in client.metadata.tables(shop)}
    assert found["c"] == comment


def test_columns_come_in_order(client: Client, shop: str) -> None:
    client.execute(
        f"CREATE TABLE `{shop}`.c (z INT NOT NULL AUTO_INCREMENT PRIMARY KEY,"
        " a VARCHAR(40) DEFAULT 'x' COMMENT 'first', m DECIMAL(10, 2) NOT NULL,"
        " d DATETIME(6), UNIQUE KEY u (a))"
    )
    columns = client.metadata.columns(f"{shop}.c")
    assert [column.name for column in columns] == ["z", "a", "m", "d"]
    assert [column.type for column in columns] == [
        "int",
        "varchar(40)",
        "decimal(10,2)",
        "datetime(6)",
    ]
    assert [column.nullable for column in columns] == [False, True, False, True]
    assert [column.key for column in columns] == ["PRI", "UNI", "", ""]
    assert columns[0].extra == "auto_increment"
    assert columns[1].comment == "first"
    assert columns[1].default is not None
    assert "x" in columns[1].default


def test_a_view_has_columns_too(client: Client, shop: str) -> None:
    assert [column.name for column in client.metadata.columns(f"{shop}.big")] == ["id"]


def test_indexes_come_with_the_primary_key_first(client: Client, shop: str) -> None:
    client.execute(
        f"CREATE TABLE `{shop}`.c (id INT, part INT, a INT, b INT,"
        " PRIMARY KEY (part, id), KEY pair (b, a), UNIQUE KEY alone (a))"
    )
    indexes = client.metadata.indexes(f"{shop}.c")
    assert [(index.name, index.unique, index.columns) for index in indexes] == [
        ("PRIMARY", True, ("part", "id")),
        ("alone", True, ("a",)),
        ("pair", False, ("b", "a")),
    ]


def test_ddl_makes_the_same_table_again(client: Client, shop: str) -> None:
    ddl = client.metadata.ddl(f"{shop}.orders")
    client.execute(f"DROP TABLE `{shop}`.orders")
    client.execute(f"USE `{shop}`")
    client.execute(ddl)
    assert client.metadata.ddl(f"{shop}.orders") == ddl


def test_ddl_of_a_view(client: Client, shop: str) -> None:
    ddl = client.metadata.ddl(TableName("big", shop)).lower()
    assert ddl.startswith("create")
    assert " view " in ddl
    assert "total > 100" in ddl


@pytest.mark.parametrize("ask", ["columns", "indexes", "ddl"])
def test_what_is_not_there_is_not_found(client: Client, shop: str, ask: str) -> None:
    with pytest.raises(NotFound):
        getattr(client.metadata, ask)(f"{shop}.none")


def test_rows_are_counted_exactly(client: Client, shop: str) -> None:
    wanted = [TableName(name, shop) for name in ("customers", "orders", "big")]
    assert list(client.metadata.count_rows(wanted).values()) == [3, 2, 1]
    client.execute(f"INSERT INTO `{shop}`.customers VALUES (4, 'Alan')")
    assert client.metadata.count_rows(wanted)[wanted[0]] == 4
    assert client.metadata.count_rows([]) == {}


def test_more_tables_than_one_statement_counts(
    client: Client, names: Names, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = names("many")
    client.execute(f"CREATE DATABASE `{database}`")
    wanted = [TableName(f"t{number}", database) for number in range(101)]
    with client.session() as session:
        for table in wanted:
            session.execute(f"CREATE TABLE {table.sql} (id INT)")
    client.execute(f"INSERT INTO {wanted[7].sql} VALUES (1), (2)")
    client.execute(f"INSERT INTO {wanted[100].sql} VALUES (1)")
    sent: list[str] = []
    send = client.execute

    def execute(sql: str, params: Any = None) -> Result:
        sent.append(sql)
        return send(sql, params)

    monkeypatch.setattr(client, "execute", execute)
    counts = client.metadata.count_rows(wanted)
    assert len(sent) == 2
    assert {table: rows for table, rows in counts.items() if rows} == {
        wanted[7]: 2,
        wanted[100]: 1,
    }
    assert list(counts) == wanted


def test_counting_what_is_not_there(client: Client, shop: str) -> None:
    with pytest.raises(NotFound):
        client.metadata.count_rows([TableName("orders", shop), TableName("no", shop)])


def test_estimates_name_the_tables_and_no_views(client: Client, shop: str) -> None:
    client.execute(
        f"CREATE TABLE `{shop}`.keyed (id INT PRIMARY KEY, a INT, UNIQUE KEY u (a))"
    )
    estimates = client.metadata.estimates(shop)
    assert set(estimates) == {"customers", "keyed", "orders"}
    assert all(found.rows >= 0 and found.size >= 0 for found in estimates.values())


def test_the_past_can_be_read_at_a_snapshot(
    client: Client, shop: str, names: Names
) -> None:
    client.snapshots.create(names("s"), "database", shop)
    then = Moment(snapshot=names("s"))
    ddl = client.metadata.ddl(f"{shop}.orders")
    client.execute(f"DELETE FROM `{shop}`.customers")
    client.execute(f"DROP TABLE `{shop}`.orders")
    customers = TableName("customers", shop)
    assert client.metadata.count_rows([customers], then)[customers] == 3
    assert client.metadata.count_rows([customers])[customers] == 0
    tables = [table.name for table in client.metadata.tables(shop, then)]
    assert tables == ["big", "customers", "orders"]
    assert client.metadata.ddl(f"{shop}.orders", then) == ddl


def test_the_past_can_be_read_at_a_time(
    client: Client, shop: str, names: Names
) -> None:
    taken = client.snapshots.create(names("s"), "database", shop)
    client.execute(f"DELETE FROM `{shop}`.customers")
    customers = TableName("customers", shop)
    then = Moment(ns=taken.ts)
    assert client.metadata.count_rows([customers], then)[customers] == 3
    assert [table.name for table in client.metadata.tables(shop, then)] == [
        "big",
        "customers",
        "orders",
    ]


def test_a_dropped_database_can_be_read_at_its_snapshot(
    client: Client, shop: str, names: Names
) -> None:
    client.snapshots.create(names("s"), "database", shop)
    client.execute(f"DROP DATABASE `{shop}`")
    then = Moment(snapshot=names("s"))
    assert shop not in {entry.name for entry in client.metadata.databases()}
    found = {entry.name: entry for entry in client.metadata.databases(then)}
    assert found[shop].counts == {Kind.TABLE: 2, Kind.VIEW: 1}
    assert "orders" in [table.name for table in client.metadata.tables(shop, then)]
    with pytest.raises(NotFound):
        client.metadata.tables(shop)


def test_an_uncommitted_copy_is_seen_by_its_session_only(
    client: Client, watcher: Client, shop: str, names: Names
) -> None:
    with client.session() as session:
        session.clone.clone_database(names("copy"), shop)
        seen = [table.name for table in session.metadata.tables(names("copy"))]
        assert seen == ["big", "customers", "orders"]
        with pytest.raises(NotFound):
            watcher.metadata.tables(names("copy"))


def test_a_clone_names_its_source(client: Client, shop: str, names: Names) -> None:
    client.clone.clone_database(names("copy"), shop)
    (copy,) = [t for t in client.metadata.tables(names("copy")) if t.name == "orders"]
    assert shop in copy.made_by
