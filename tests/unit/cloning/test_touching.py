"""What a statement changes, read from its text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moclone_tui.cloning.touching import Touched, touches


@pytest.mark.parametrize(
    ("statement", "changed"),
    [
        ("delete from t where id in (1)", "now.t"),
        ("DELETE FROM `shop`.`orders` WHERE x", "shop.orders"),
        ("update a, shop.b set a.x = b.y", "now.a shop.b"),
        ("delete from a where id in (select (1) from b where c = ')')", "now.a"),
        ("update `a(` set x = (select 1 from b) where y", "now.a("),
        ("insert into a (x, y) select x, y from b", "now.a"),
        ("insert into shop.x select * from shop.orders", "shop.x"),
        ("replace into Shop.X values (1)", "shop.x"),
        ("/* why */ truncate orders", "now.orders"),
        ("truncate table shop.orders", "shop.orders"),
        ("drop table if exists a,shop.b , c", "now.a shop.b now.c"),
        ("drop database if exists `shop`", "shop."),
        ("alter table shop.orders add column z int", "shop.orders"),
        ("alter table `or``d` rename to x", "now.or`d"),
        ("rename table t to u, shop.a to shop.b", "now.t now.u shop.a shop.b"),
        ("create or replace view v as select * from shop.orders", "now.v"),
        ("create table x clone shop.orders", "now.x"),
        ("create database d clone shop {snapshot='s'}", "d."),
        ("restore database shop {snapshot='s'}", "shop."),
        ("restore database shop table orders from pitr p 'x'", "shop.orders"),
        ("restore database shop from pitr p 'x'", "shop."),
        (
            "restore account sys database shop table orders from snapshot s",
            "shop.orders",
        ),
        ("restore account sys from snapshot s", "*."),
        ("restore from pitr p '2026-01-01'", "*."),
        ("load data infile 'x' into table shop.orders", "shop.orders"),
        ("create unique index i on shop.orders (a)", "shop.orders"),
        ("data branch merge a into shop.b", "shop.b"),
        ("select * from shop.orders", ""),
        ("show create table shop.orders", ""),
        ("use shop", ""),
        ("create snapshot s for database shop", ""),
        ("drop snapshot shop", ""),
        ("alter pitr shop range 1 'd'", ""),
        ("drop user orders", ""),
    ],
)
def test_what_a_statement_changes(statement: str, changed: str) -> None:
    found = [f"{each.database}.{each.table}" for each in touches(statement, "now")]
    assert " ".join(found) == changed


def test_a_whole_database_changes_with_its_tables_and_they_change_it() -> None:
    assert Touched("shop").hits("shop", "orders")
    assert Touched("shop", "orders").hits("shop", "")
    assert not Touched("shop", "orders").hits("shop", "customers")
    assert not Touched("crm", "orders").hits("shop", "orders")
    assert Touched("", "orders").hits("shop", "orders")
    assert Touched("*").hits("shop", "orders")


@given(st.text())
def test_any_text_is_read(text: str) -> None:
    assert isinstance(touches(text), tuple)
