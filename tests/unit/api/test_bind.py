"""Parameters: where they count, and that they must fit."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moclone_tui.api.names import quote
from moclone_tui.api.sql import bind


def bound(statement: str, params: Any) -> str:
    return bind(statement, params, lambda value: f"<{value}>")


@pytest.mark.parametrize(
    ("statement", "params", "expected"),
    [
        ("SELECT %s, %s", (1, "a"), "SELECT <1>, <a>"),
        ("SELECT %(a)s, %(b)s, %(a)s", {"a": 1, "b": 2}, "SELECT <1>, <2>, <1>"),
        ("SELECT 5 %% %s", (2,), "SELECT 5 % <2>"),
        ("SELECT '%s', %s", (1,), "SELECT '%s', <1>"),
        ("SELECT 'it''s %s', %s", (1,), "SELECT 'it''s %s', <1>"),
        (r"SELECT 'it\'s %s', %s", (1,), r"SELECT 'it\'s %s', <1>"),
        ('SELECT "%s", %s', (1,), 'SELECT "%s", <1>'),
        ("SELECT `100%s`, `a``%s` FROM t WHERE x = %s", (1,), None),
        ("SELECT 1 -- %s\n, %s", (1,), "SELECT 1 -- %s\n, <1>"),
        ("SELECT 1 # %s\n, %s", (1,), "SELECT 1 # %s\n, <1>"),
        ("SELECT /* %s\n%s */ %s", (1,), "SELECT /* %s\n%s */ <1>"),
        ("SELECT a--%s", (1,), "SELECT a--<1>"),
        ("SELECT '%% stays'", (), "SELECT '%% stays'"),
        ("LIKE 'a%'", (), "LIKE 'a%'"),
    ],
)
def test_a_parameter_counts_outside_of_quotes_and_comments(
    statement: str, params: Any, expected: str | None
) -> None:
    if expected is None:
        expected = "SELECT `100%s`, `a``%s` FROM t WHERE x = <1>"
    assert bound(statement, params) == expected


@pytest.mark.parametrize(
    ("statement", "params"),
    [
        ("SELECT %s", ()),
        ("SELECT %s, %s", (1,)),
        ("SELECT %s", (1, 2)),
        ("SELECT 1", (1,)),
        ("SELECT '%s'", (1,)),
        ("SELECT %(a)s", {"b": 1}),
        ("SELECT %(a)s", {}),
        ("SELECT %(a)s", (1,)),
        ("SELECT %s", {"a": 1}),
    ],
)
def test_parameters_that_do_not_fit_are_refused(statement: str, params: Any) -> None:
    with pytest.raises(ValueError, match="parameter"):
        bound(statement, params)


def test_left_over_named_parameters_are_fine() -> None:
    """One dictionary may serve several statements."""
    assert bound("SELECT %(a)s", {"a": 1, "b": 2}) == "SELECT <1>"


@given(st.lists(st.text()))
def test_a_value_is_never_read_again(values: list[str]) -> None:
    """What a value holds, as %s, is no place for the next one."""
    statement = "SELECT " + ", ".join(["%s"] * len(values))
    assert bind(statement, values, lambda v: f"<{v}>") == "SELECT " + ", ".join(
        f"<{value}>" for value in values
    )


@given(st.text(min_size=1))
def test_any_quoted_name_survives(name: str) -> None:
    statement = f"SELECT * FROM {quote(name)} WHERE x = "
    assert bound(statement + "%s", (1,)) == statement + "<1>"
