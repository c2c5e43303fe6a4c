"""Clones of single tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from moclone_tui import (
    AlreadyExists,
    Client,
    CloneError,
    NotFound,
    NotSupported,
    TableName,
)

from .looking import identity, rows, tables

if TYPE_CHECKING:
    from tests.conftest import Names, Server


def test_a_table_is_copied_beside_its_source(client: Client, shop: str) -> None:
    result = client.clone.clone_table(f"{shop}.orders_copy", f"{shop}.orders")
    copied = rows(client, f"`{shop}`.orders_copy")
    assert copied == rows(client, f"`{shop}`.orders")
    assert result.created
    assert (result.kind, result.tables) == ("table", 1)
    assert result.statements == (
        f"CREATE TABLE `{shop}`.`orders_copy` CLONE `{shop}`.`orders`",
    )


def test_a_table_is_copied_into_another_database(
    client: Client, shop: str, names: Names
) -> None:
    client.execute(f"CREATE DATABASE `{names('dev')}`")
    client.clone.clone_table(f"{names('dev')}.customers", f"{shop}.customers")
    assert len(rows(client, f"`{names('dev')}`.customers")) == 3
    assert len(rows(client, f"`{shop}`.customers")) == 3


def test_keys_and_comment_come_along(client: Client, shop: str) -> None:
    client.clone.clone_table(f"{shop}.copy", f"{shop}.orders")
    source = client.metadata.ddl(f"{shop}.orders")
    assert client.metadata.ddl(f"{shop}.copy") == source.replace("`orders`", "`copy`")


def test_unqualified_names_are_of_the_clients_database(
    server: Server, shop: str
) -> None:
    with server.client(database=shop) as client:
        client.clone.clone_table("copy", "customers")
        assert len(rows(client, f"`{shop}`.copy")) == 3


def test_unqualified_names_follow_use(client: Client, shop: str) -> None:
    client.execute(f"USE `{shop}`")
    client.clone.clone_table("copy", "customers")
    with client.session() as session:
        session.clone.clone_table("copy2", "copy")
    assert len(rows(client, f"`{shop}`.copy2")) == 3


def test_without_a_database_an_unqualified_name_fails(client: Client) -> None:
    with pytest.raises(CloneError):
        client.clone.clone_table("copy", "customers")


def test_a_snapshot_gives_the_rows_of_then(
    client: Client, shop: str, names: Names
) -> None:
    client.snapshots.create(names("s"), "table", shop, "customers")
    client.execute(f"DELETE FROM `{shop}`.customers")
    client.clone.clone_table_with_snapshot(
        f"{shop}.copy", f"{shop}.customers", names("s")
    )
    assert len(rows(client, f"`{shop}`.copy")) == 3


def test_a_dropped_table_comes_back_from_a_snapshot(
    client: Client, shop: str, names: Names
) -> None:
    client.snapshots.create(names("s"), "database", shop)
    client.execute(f"DROP TABLE `{shop}`.customers")
    client.clone.clone_table(f"{shop}.customers", f"{shop}.customers", names("s"))
    assert len(rows(client, f"`{shop}`.customers")) == 3


def test_a_target_that_is_there_is_refused(client: Client, shop: str) -> None:
    with pytest.raises(CloneError, match="exists already") as caught:
        client.clone.clone_table(f"{shop}.orders", f"{shop}.customers")
    assert isinstance(caught.value.__cause__, AlreadyExists)
    assert len(rows(client, f"`{shop}`.orders")) == 2


@pytest.mark.parametrize("target", ["customers", "orders"])
def test_a_target_that_is_there_is_left_byte_for_byte_alone(
    client: Client, shop: str, target: str
) -> None:
    """The server's own IF NOT EXISTS would append the source's rows here (4.2)."""
    before = identity(client, shop, target), rows(client, f"`{shop}`.{target}")
    result = client.clone.clone_table(
        f"{shop}.{target}", f"{shop}.customers", if_not_exists=True
    )
    assert result.skipped
    after = identity(client, shop, target), rows(client, f"`{shop}`.{target}")
    assert after == before


@pytest.mark.parametrize("if_not_exists", [False, True])
def test_a_source_that_does_not_exist_leaves_nothing_behind(
    client: Client, shop: str, if_not_exists: bool
) -> None:
    with pytest.raises(CloneError, match="none does not exist") as caught:
        client.clone.clone_table(
            f"{shop}.copy", f"{shop}.none", if_not_exists=if_not_exists
        )
    assert isinstance(caught.value.__cause__, NotFound)
    assert "copy" not in tables(client, shop)


def test_a_target_in_a_database_that_does_not_exist(
    client: Client, shop: str, names: Names
) -> None:
    with pytest.raises(CloneError):
        client.clone.clone_table(f"{names('none')}.copy", f"{shop}.customers")


def test_a_snapshot_that_does_not_exist(
    client: Client, shop: str, names: Names
) -> None:
    with pytest.raises(CloneError, match=names("none")):
        client.clone.clone_table(f"{shop}.copy", f"{shop}.customers", names("none"))
    assert "copy" not in tables(client, shop)


def test_a_snapshot_of_another_table(client: Client, shop: str, names: Names) -> None:
    client.snapshots.create(names("s"), "table", shop, "orders")
    with pytest.raises(CloneError):
        client.clone.clone_table(f"{shop}.copy", f"{shop}.customers", names("s"))
    assert "copy" not in tables(client, shop)


@pytest.mark.parametrize(
    ("made_by", "called"),
    [
        ("CREATE VIEW `{0}`.thing AS SELECT 1 AS one", "a view"),
        ("CREATE SEQUENCE `{0}`.thing", "a sequence"),
    ],
)
def test_what_is_no_table_is_refused_by_its_kind(
    client: Client, shop: str, made_by: str, called: str
) -> None:
    client.execute(made_by.format(shop))
    with pytest.raises(CloneError, match=called) as caught:
        client.clone.clone_table(f"{shop}.copy", f"{shop}.thing")
    assert isinstance(caught.value.__cause__, NotSupported)
    assert "database" in caught.value.remedy
    assert "copy" not in tables(client, shop)


def test_a_name_in_parts_needs_no_quotes(client: Client, shop: str) -> None:
    client.clone.clone_table(TableName("a.b", shop), TableName("customers", shop))
    assert "a.b" in tables(client, shop)


def test_a_foreign_key_of_the_copy_points_at_the_sources_parent(
    client: Client, shop: str, names: Names
) -> None:
    client.execute(
        f"CREATE TABLE `{shop}`.items (id INT PRIMARY KEY, customer INT,"
        f" FOREIGN KEY (customer) REFERENCES `{shop}`.customers (id))"
    )
    client.execute(f"CREATE DATABASE `{names('dev')}`")
    client.clone.clone_table(f"{names('dev')}.items", f"{shop}.items")
    assert f"`{shop}`.`customers`" in client.metadata.ddl(f"{names('dev')}.items")
