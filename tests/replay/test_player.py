"""The comparison sees what it is there to see."""

from typing import Any

import pytest

from .player import compare

ROWS: dict[str, Any] = {
    "sql": "select * from t",
    "columns": ["a", "at"],
    "types": [3, 253],
    "rows": [[1, "x"], [2, "y"]],
}
ERROR: dict[str, Any] = {
    "sql": "x",
    "error": {"class": "OperationalError", "errno": 20101, "message": "no\nstack"},
}


@pytest.mark.parametrize(
    "change",
    [
        {"columns": ["a", "b"]},
        {"types": [8, 253]},
        {"rows": [[1, "x"]]},
        {"rows": [[1, "x"], [2, "y"], [2, "y"]]},
        {"rows": [["1", "x"], [2, "y"]]},
    ],
)
def test_other_rows_differ(change: dict[str, Any]) -> None:
    assert compare(ROWS, {**ROWS, **change})


def test_order_counts_only_where_it_was_asked_for() -> None:
    turned = {**ROWS, "rows": ROWS["rows"][::-1]}
    assert not compare(ROWS, turned)
    assert compare({**ROWS, "sql": "select * from t order by a"}, turned)


def test_volatile_columns_are_left_aside() -> None:
    other = {**ROWS, "rows": [[1, "p"], [2, "q"]]}
    assert not compare({**ROWS, "volatile": ["at"]}, other)


def test_answers_of_another_kind_differ() -> None:
    done = {"sql": "x", "affected": 1}
    assert compare(ROWS, done)
    assert compare(ROWS, ERROR)
    assert compare(ERROR, done)
    assert compare(done, {"affected": 2})
    assert not compare(done, {"affected": 1})


def test_errors_compare_by_class_number_and_first_line() -> None:
    error = ERROR["error"]
    assert not compare(ERROR, {"error": {**error, "message": "no\nother stack"}})
    assert compare(ERROR, {"error": {**error, "errno": 1}})
    assert compare(ERROR, {"error": {**error, "message": "other"}})
