from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from moclone_tui.tui.widgets.cells import GAP, Column, Span, cut, fit, place, wrap


@given(st.text(), st.integers(0, 40), st.sampled_from(["left", "right"]))
def test_a_fit_text_has_exactly_its_width(text: str, width: int, align: str) -> None:
    shown = fit(text, width, "right" if align == "right" else "left")
    assert cell_len(shown) == width
    assert not any(ord(char) < 32 or 0x7F <= ord(char) < 0xA0 for char in shown)


@pytest.mark.parametrize(
    ("text", "width", "shown"),
    [
        ("orders", 8, "orders  "),
        ("orders", 6, "orders"),
        ("orders", 4, "ord…"),
        ("数据库表", 8, "数据库表"),
        ("数据库表", 7, "数据库…"),
        ("数据库表", 6, "数据… "),
        ("e\u0301te\u0301", 4, "e\u0301te\u0301 "),
        ("a\x1b[41mb", 8, "a␛[41mb "),
        ("a b ", 3, "a …"),
    ],
)
def test_fit(text: str, width: int, shown: str) -> None:
    assert fit(text, width) == shown


def test_right_aligned() -> None:
    assert fit("12,000", 8, "right") == "  12,000"


def test_cut_to_nothing() -> None:
    assert cut("abc", 1) == "…"
    assert cut("abc", 0) == ""


def widths(columns: list[Column], width: int) -> list[int]:
    return [span.width for span in place(columns, width)]


def test_flexible_columns_share_what_is_left() -> None:
    columns = [Column("a", "a"), Column("b", "b", width=10), Column("c", "c", flex=3)]
    assert widths(columns, 54) == [10, 10, 30]


def test_a_max_leaves_room_for_others() -> None:
    columns = [Column("a", "a", max=10), Column("b", "b")]
    assert widths(columns, 52) == [10, 40]


def test_a_min_takes_room_from_others() -> None:
    columns = [Column("a", "a", min=30), Column("b", "b", min=4)]
    assert widths(columns, 42) == [30, 10]


def test_columns_stop_at_their_min() -> None:
    columns = [Column("a", "a", min=12), Column("b", "b", width=9)]
    assert place(columns, 10) == (Span(0, 12), Span(12 + GAP, 9))


@given(
    st.lists(
        st.builds(
            Column,
            key=st.just("k"),
            title=st.just("t"),
            width=st.none() | st.integers(1, 20),
            flex=st.integers(0, 4),
            min=st.integers(1, 20),
            max=st.none() | st.integers(20, 40),
        ),
        max_size=6,
    ),
    st.integers(0, 200),
)
def test_columns_never_overlap_nor_outgrow(columns: list[Column], width: int) -> None:
    spans = place(columns, width)
    for before, after in itertools.pairwise(spans):
        assert after.start == before.start + before.width + GAP
    least = sum(col.min if col.width is None else col.width for col in columns)
    least += GAP * max(0, len(columns) - 1)
    if spans:
        assert spans[-1].start + spans[-1].width <= max(width, least)
    for column, span in zip(columns, spans, strict=True):
        assert span.width == column.width if column.width else span.width >= column.min
        assert column.width or column.max is None or span.width <= column.max


def test_wrap_breaks_at_spaces_and_keeps_line_breaks() -> None:
    assert wrap("no snapshots of shop yet", 12) == ["no snapshots", "of shop yet"]
    assert wrap("one\ntwo\x1b", 10) == ["one", "two␛"]
    assert wrap("abcdefgh", 3) == ["abc", "def", "gh"]
    assert wrap("数据库表", 5) == ["数据", "库表"]
    assert wrap("", 5) == [""]


@given(st.text(), st.integers(2, 30))
def test_wrapped_lines_fit(text: str, width: int) -> None:
    assert all(cell_len(line) <= width for line in wrap(text, width))
