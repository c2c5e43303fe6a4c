"""What a restore would change, in the words that somebody reads before it."""

from __future__ import annotations

from moclone_tui import Kind
from moclone_tui.cloning.comparison import Comparison, RowChanges, Side, TableDiff
from moclone_tui.cloning.restore_words import lines, remade

THEN, NOW = Side("shop"), Side("shop")
TABLE = Kind.TABLE


def diff(
    name: str,
    then: int | None,
    now: int | None,
    changes: RowChanges | None = None,
    same_ddl: bool | None = True,
) -> TableDiff:
    kinds = (None if then is None else TABLE, None if now is None else TABLE)
    return TableDiff(
        name, THEN.of(name), NOW.of(name), kinds, then, now, same_ddl, changes=changes
    )


def said(*tables: TableDiff) -> tuple[str, ...]:
    return lines(Comparison(THEN, NOW, tables))


def test_rows_that_come_back_and_rows_that_are_lost() -> None:
    changes = RowChanges(inserted=12, updated=1, deleted=3)
    assert said(diff("orders", 5, 14, changes)) == (
        "orders: 3 rows come back, 1 row gets older values, 12 newer rows are lost",
    )


def test_as_long_as_rows_are_not_compared_they_are_counted() -> None:
    assert said(diff("orders", 12_000, 11_997)) == (
        "orders: 12,000 rows then, 11,997 now",
    )


def test_tables_that_come_back_and_tables_that_go() -> None:
    assert said(diff("gone", 2, None), diff("late", None, 1)) == (
        "table gone comes back, 2 rows",
        "table late is dropped, 1 row with it",
    )


def test_what_stays_is_counted_and_how_that_is_known() -> None:
    assert said(diff("a", 1, 1)) == (
        "1 object stays as it is, as far as numbers of rows tell",
    )
    same = RowChanges()
    assert said(diff("a", 1, 1, same), diff("b", 1, 1, same)) == (
        "2 objects stay as they are",
    )


def test_an_older_definition() -> None:
    assert said(diff("a", 1, 1, RowChanges(), same_ddl=False)) == (
        "a: its definition is what it was",
    )


def test_what_is_made_again() -> None:
    statements = [
        "GRANT select ON TABLE `shop`.* TO `clerk`",
        "GRANT insert ON TABLE `shop`.`a` TO `clerk`",
        "CREATE PITR `shop_pitr_2` FOR DATABASE `shop` RANGE 7 'd'",
    ]
    assert remade(statements) == (
        "2 grants are made again",
        "the PITR shop_pitr_2 starts anew",
    )
