"""A login without rights: what it may see is shown, what it may not is said."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from moclone_tui import Client, Kind, PermissionDenied, TableName
from moclone_tui.cloning.request import Request

if TYPE_CHECKING:
    from tests.conftest import Names, Server


@pytest.fixture
def low(server: Server, client: Client, names: Names) -> Iterator[Client]:
    """A user who may nothing, in an account that has a database `shop`."""
    account = names("acc")
    client.execute(f"CREATE ACCOUNT {account} ADMIN_NAME 'adm' IDENTIFIED BY '111'")
    with server.client(user=f"{account}#adm", password="111") as admin:
        for statement in (
            "CREATE DATABASE shop",
            "CREATE TABLE shop.orders (id INT) COMMENT 'secret?'",
            "CREATE VIEW shop.all_orders AS SELECT * FROM shop.orders",
            "INSERT INTO shop.orders VALUES (1)",
            "CREATE USER low IDENTIFIED BY '111'",
            "CREATE ROLE nothing",
            "GRANT nothing TO low",
        ):
            admin.execute(statement)
    with server.client(user=f"{account}#low#nothing", password="111") as connected:
        yield connected


def test_the_databases_are_listed_by_name_alone(low: Client) -> None:
    found = {entry.name: entry for entry in low.metadata.databases()}
    assert {"shop", "information_schema"} <= set(found)
    assert found["shop"].counts is None
    assert found["shop"].tables is None
    assert found["shop"].created is None


def test_the_tables_are_listed_with_their_kinds(low: Client) -> None:
    found = {table.name: table.kind for table in low.metadata.tables("shop")}
    assert found == {"orders": Kind.TABLE, "all_orders": Kind.VIEW}


def test_the_rows_are_not_told(low: Client) -> None:
    with pytest.raises(PermissionDenied) as caught:
        low.metadata.count_rows([TableName("orders", "shop")])
    assert "role" in caught.value.remedy


def test_the_snapshots_are_not_told(low: Client) -> None:
    with pytest.raises(PermissionDenied):
        low.snapshots.list()


def test_a_snapshot_cannot_be_taken(low: Client) -> None:
    with pytest.raises(PermissionDenied):
        low.snapshots.create("mine", "database", "shop")


def test_the_connection_goes_on_after_a_refusal(low: Client) -> None:
    with pytest.raises(PermissionDenied):
        low.execute("DROP DATABASE shop")
    assert low.execute("SELECT current_user_name()").first == ("low",)


def test_an_account_sees_nothing_of_another(
    low: Client, client: Client, shop: str
) -> None:
    """`shop` here is the other account's, with another name."""
    assert shop not in {entry.name for entry in low.metadata.databases()}


def test_what_this_login_may_not_read_is_not_copied(low: Client, names: Names) -> None:
    plan = low.clone.plan(Request.of("shop", names("copy")))
    said = "; ".join(each.text for each in plan.blockers)
    assert "this login may not read orders of shop" in said
