"""DATA BRANCH, as measured on MatrixOne 4.2.0."""

from collections.abc import Callable
from typing import Any

import pytest

from moclone_tui.demo.errors import ServerError


@pytest.fixture
def one(connect: Callable[..., Any]) -> Any:
    one = connect()
    one.run(
        "create database d",
        "use d",
        "create table t (id int primary key, v varchar(9))",
        "insert into t values (1, 'a'), (2, 'b'), (3, 'c')",
        "create snapshot s for database d",
        "update t set v = 'B' where id = 2",
        "delete from t where id = 3",
        "insert into t values (4, 'd')",
    )
    return one


def summary(one: Any, sides: str) -> dict[str, list[int]]:
    rows: Any = one.rows(f"data branch diff {sides} output summary")
    return {metric: counts for metric, *counts in rows}


def test_changes_stand_on_the_side_that_is_newer(one: Any) -> None:
    past = "t {snapshot = 's'}"
    each = ("INSERTED", "DELETED", "UPDATED")
    assert summary(one, f"t against {past}") == {metric: [1, 0] for metric in each}
    assert summary(one, f"{past} against t") == {metric: [0, 1] for metric in each}


def test_strangers_show_a_row_that_differs_twice(one: Any) -> None:
    one.run("create table c clone t", "update c set v = 'x' where id = 1")
    assert one.rows("data branch diff c against t") == [
        ("c", "INSERT", 1, "x"),
        ("t", "INSERT", 1, "a"),
    ]
    assert one.rows("data branch diff c against t output count") == [(2,)]


def test_a_branch_knows_what_it_came_from(one: Any) -> None:
    one.run("data branch create table b from t", "update b set v = 'x' where id = 1")
    one.run("delete from t where id = 4")
    assert one.rows("data branch diff b against t") == [
        ("b", "UPDATE", 1, "x"),
        ("t", "DELETE", 4, "d"),
    ]
    one.run("data branch create database e from d")
    assert one.rows("data branch diff e.t against d.t output count") == [(0,)]
    levels = "select level from mo_catalog.mo_branch_metadata order by 1"
    # The branch of a branch is one, too.
    assert one.rows(levels) == [("database",), ("database",), ("table",)]
    one.run("data branch delete table b", "data branch delete database e")
    assert one.rows("show tables") == [("t",)]


def test_what_is_not_committed_is_not_compared(one: Any) -> None:
    one.run("begin", "insert into t values (9, 'i')", "create table c clone t")
    past = "t {snapshot = 's'}"
    assert one.rows(f"data branch diff t against {past} output count") == [(3,)]
    with pytest.raises(ServerError, match=r"cannot find table \d+ commit ts"):
        one.rows("data branch diff c against t output count")


def test_layouts_have_to_fit(one: Any) -> None:
    one.run("create table u (id int primary key, w int)", "create table n (id int)")
    for other, reason in (("u", "'w' is not present"), ("n", "do not match base")):
        with pytest.raises(ServerError, match=reason):
            one.rows(f"data branch diff t against {other}")
