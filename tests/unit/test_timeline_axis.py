"""The arithmetic of a timeline."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moclone_tui.tui.widgets.timeline_axis import (
    DAY,
    HOUR,
    MINUTE,
    SECOND,
    Axis,
    beside,
    nice,
)

NOON = int(dt.datetime(2026, 11, 24, 12, tzinfo=dt.UTC).timestamp()) * SECOND
WEEK = Axis(NOON - 7 * DAY, NOON, 56)
LIMITS = (NOON - 7 * DAY, NOON)


def test_a_cell_begins_where_its_time_does() -> None:
    assert WEEK.cell(NOON - 7 * DAY) == 0
    assert WEEK.cell(NOON) == 55
    assert WEEK.cell(NOON - DAY) == 48
    assert WEEK.time(48) == NOON - DAY
    assert WEEK.cell(NOON + 1) is None
    assert WEEK.cell(NOON - 8 * DAY) is None


def test_a_bar_is_cut_where_the_axis_is() -> None:
    assert WEEK.clipped(NOON - 30 * DAY, NOON - DAY) == (0, 48)
    assert WEEK.clipped(NOON - 30 * DAY, NOON - 20 * DAY) is None


def test_moves_are_by_what_fits_and_round() -> None:
    assert WEEK.step == 3 * HOUR
    assert WEEK.moved(NOON - MINUTE, -1) == NOON - 3 * HOUR
    assert WEEK.moved(NOON - 3 * HOUR, -1) == NOON - 6 * HOUR
    assert WEEK.moved(NOON - 3 * HOUR, 1) == NOON
    assert WEEK.moved(NOON - 3 * HOUR - SECOND, 1) == NOON - 3 * HOUR
    close = WEEK.zoomed(1 / 200, NOON - DAY, LIMITS)
    assert close.step == MINUTE


def test_zooming_keeps_the_cursor_where_it_is() -> None:
    close = WEEK.zoomed(0.5, NOON - DAY, LIMITS)
    assert close.cell(NOON - DAY) == 48
    assert close.span == 7 * DAY // 2
    assert WEEK.zoomed(2, NOON - DAY, LIMITS) == WEEK
    assert close.zoomed(2, NOON - DAY, LIMITS) == WEEK
    closest = WEEK
    for _ in range(40):
        closest = closest.zoomed(0.5, NOON, LIMITS)
    assert closest.span == MINUTE
    assert closest.end == NOON


def test_what_is_out_of_sight_comes_into_it() -> None:
    close = WEEK.zoomed(1 / 16, NOON, LIMITS)
    there = close.showing(NOON - 3 * DAY, LIMITS)
    assert there.cell(NOON - 3 * DAY) is not None
    assert there.span == close.span
    assert close.showing(NOON, LIMITS) == close
    assert close.showing(NOON - 90 * DAY, LIMITS).cell(NOON - 90 * DAY) is not None


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (7 * DAY, ["18 Nov", "19 Nov", "20 Nov"]),
        (DAY, ["12:00", "18:00", "24 Nov", "06:00"]),
        (10 * MINUTE, ["11:50", "11:52"]),
        (MINUTE, ["11:59:00", "11:59:10"]),
        (400 * DAY, ["23 Oct 25"]),
    ],
)
def test_ticks_are_round_times_in_words_that_fit(span: int, words: list[str]) -> None:
    ticks = list(Axis(NOON - span, NOON, 56).ticks())
    assert [label for _, label in ticks][: len(words)] == words
    ends = [cell + len(label) for cell, label in ticks]
    assert all(end < at for end, (at, _) in zip(ends, ticks[1:], strict=False))


def test_steps_are_those_people_count_in() -> None:
    assert nice(1) == SECOND
    assert nice(61 * SECOND) == 2 * MINUTE
    assert nice(10**30) == 3650 * DAY


def test_the_mark_beside() -> None:
    assert beside([1, 5, 9], 5, -1) == 1
    assert beside([1, 5, 9], 5, 1) == 9
    assert beside([1, 5, 9], 9, 1) is None


@given(
    st.integers(1, 10**19),
    st.integers(0, 10**18),
    st.integers(0, 300),
    st.floats(0.01, 100),
    st.integers(1, 10**19),
)
def test_nothing_falls_off(
    start: int, span: int, cells: int, factor: float, time: int
) -> None:
    axis = Axis(start, start + span, cells)
    for each in (axis, axis.zoomed(factor, time, (start, start + span + 1))):
        assert all(0 <= cell < cells for cell, _ in each.ticks())
        cell = each.cell(time)
        assert cell is None or 0 <= cell < cells
        assert each.moved(time, -1) < time < each.moved(time, 1)
