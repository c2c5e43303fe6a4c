"""Ties without a server: the statements that make them again, and their words."""

from __future__ import annotations

import datetime as dt

import pytest

from moclone_tui import Pitr, PitrUnit, SnapshotLevel, TableName
from moclone_tui.cloning.rights import Grant, grant_to
from moclone_tui.cloning.ties import Publication, Ties
from moclone_tui.cloning.ties_sql import Scope, publish_tables

MADE = dt.datetime(2026, 1, 2, tzinfo=dt.UTC)


def pitr(name: str, table: str = "") -> Pitr:
    level = SnapshotLevel.TABLE if table else SnapshotLevel.DATABASE
    return Pitr(name, level, 7, PitrUnit.DAYS, MADE, MADE, "sys", "shop", table, True)


@pytest.mark.parametrize(
    ("grant", "statement", "words"),
    [
        (
            Grant("reader", ("select",), "table", "shop", "orders"),
            "GRANT select ON TABLE `shop`.`orders` TO `reader`",
            "SELECT on shop.orders for reader",
        ),
        (
            Grant("r", ("insert", "select"), "table", "shop"),
            "GRANT insert, select ON TABLE `shop`.* TO `r`",
            "INSERT, SELECT on all tables of shop for r",
        ),
        (
            Grant("r", ("select",), "view", "shop"),
            "GRANT select ON VIEW `shop`.* TO `r`",
            "SELECT on all views of shop for r",
        ),
        (
            Grant("r", ("ownership",), "database", "shop", with_grant_option=True),
            "GRANT ownership ON DATABASE `shop` TO `r` WITH GRANT OPTION",
            "OWNERSHIP on shop for r, and may grant it",
        ),
        (
            Grant("r`; --", ("select",), "table", "a`b", "c.d"),
            "GRANT select ON TABLE `a``b`.`c.d` TO `r``; --`",
            "SELECT on a`b.c.d for r`; --",
        ),
    ],
)
def test_a_grant_is_written_as_the_server_takes_it(
    grant: Grant, statement: str, words: str
) -> None:
    assert (grant.sql, str(grant)) == (statement, words)


def test_a_copy_for_a_role() -> None:
    assert [each.sql for each in grant_to("dev", "shop")] == [
        "GRANT select, insert, update, delete ON TABLE `shop`.* TO `dev`",
        "GRANT select ON VIEW `shop`.* TO `dev`",
        "GRANT show tables ON DATABASE `shop` TO `dev`",
    ]
    assert [each.sql for each in grant_to("dev", "shop", "t", read_only=True)] == [
        "GRANT select ON TABLE `shop`.`t` TO `dev`"
    ]


@pytest.mark.parametrize(
    ("name", "taken", "new"),
    [
        ("p", set(), "p_2"),
        ("p", {"p_2"}, "p_3"),
        ("p_2", {"p", "p_2"}, "p_3"),
        ("_2", set(), "_2_2"),
    ],
)
def test_a_new_pitr_has_a_name_of_its_own(name: str, taken: set[str], new: str) -> None:
    ties = Ties(pitrs=(pitr(name),), pitr_names=frozenset(taken | {name}))
    (made,) = ties.remake()
    assert made.sql == f"CREATE PITR `{new}` FOR DATABASE `shop` RANGE 7 'd'"
    assert made.what == (
        f"PITR {new} of shop, 7 days ({name} goes on keeping what was replaced)"
    )


def test_two_new_pitrs_have_two_names() -> None:
    ties = Ties(
        pitrs=(pitr("p"), pitr("p_7", "orders")), pitr_names=frozenset({"p", "p_7"})
    )
    assert [each.sql for each in ties.remake()] == [
        "CREATE PITR `p_2` FOR DATABASE `shop` RANGE 7 'd'",
        "CREATE PITR `p_3` FOR TABLE `shop` `orders` RANGE 7 'd'",
    ]


def test_only_what_is_there_afterwards_is_tied_again() -> None:
    ties = Ties(
        grants=(
            Grant("r", ("select",), "table", "shop", "orders"),
            Grant("r", ("select",), "table", "shop"),
        ),
        pitrs=(pitr("p"), pitr("q", "orders")),
    )
    assert len(ties.remake()) == 4
    kept = [each.sql for each in ties.remake({TableName("other", "shop")})]
    assert kept == [
        "GRANT select ON TABLE `shop`.* TO `r`",
        "CREATE PITR `p_2` FOR DATABASE `shop` RANGE 7 'd'",
    ]


def test_a_publication_that_keeps_its_database_is_not_made_again() -> None:
    tables = ("orders", "a`b")
    blocks = Publication("p", "shop", tables, "all", blocks=True)
    assert Ties(publications=(blocks,)).remake() == ()
    loose = Publication("p", "shop", tables, "all")
    (made,) = Ties(publications=(loose,)).remake()
    assert made.sql == ("ALTER PUBLICATION `p` DATABASE `shop` TABLE `orders`, `a``b`")
    assert made.sql == publish_tables("p", "shop", tables)


def test_names_are_folded_and_a_table_of_a_whole_database_is_not_asked_twice() -> None:
    scope = Scope.of(
        ["Shop"],
        [TableName("T", "shop"), TableName("T", "Other"), TableName("t", "other")],
    )
    assert scope == Scope(("shop",), (("other", "t"),))
    assert ("shop", "anything") in scope
    assert ("other", "t") in scope
    assert ("other", "u") not in scope


def test_names_reach_the_server_as_parameters_only() -> None:
    scope = Scope.of(["a' OR 1"], [TableName("b' OR 1", "c' OR 1")])
    asked = scope.holds("d", "t") + scope.locked()
    assert "OR 1" not in asked
    assert scope.params["databases"] == ("a' or 1",)
    assert scope.params["t0"] == ("b' or 1",)


def test_the_key_of_a_lock_is_packed_as_the_server_shows_it() -> None:
    """Seen on 4.2: `ti3d`, and its table `t`, in the account sys."""
    scope = Scope.of(["ti3d"], [TableName("t", "x")])
    assert "46013e1446017469336400ff00".startswith(
        str(scope.params["k0"]).replace("%", "14", 1).rstrip("%")
    )
    assert scope.params["k1"] == "46013e%46017800ff46017400ff00"
