from __future__ import annotations

import datetime as dt

from moclone_tui.tui.widgets.cells import Cell, CellLike, Column, Row
from moclone_tui.tui.widgets.rows import Rows, lowered, order


def rows(*cells: CellLike) -> Rows:
    made = Rows([Column("name", "name"), Column("n", "n")])
    made.set_rows(Row(str(at), (f"row{at}", cell)) for at, cell in enumerate(cells))
    return made


def test_numbers_sort_as_numbers_and_unknown_comes_last_either_way() -> None:
    cells: list[CellLike] = [Cell("10", sort=10), Cell("…"), Cell("9", sort=9), "–"]
    assert order(cells, reverse=False) == [2, 0, 1, 3]
    assert order(cells, reverse=True) == [0, 2, 1, 3]


def test_texts_sort_without_case_and_stably() -> None:
    assert order(["b", "", "A", "B", "a"], reverse=False) == [2, 4, 0, 3, 1]


def test_moments_sort() -> None:
    moments = [dt.datetime(2026, month, 1, tzinfo=dt.UTC) for month in (3, 1)]
    cells = [Cell("a while ago", sort=moment) for moment in moments]
    assert order(cells, reverse=False) == [1, 0]


def test_unlike_values_sort_somehow() -> None:
    cells = [Cell("x", sort="x"), Cell("1", sort=1), Cell("2", sort=2)]
    assert order(cells, reverse=False) == [1, 2, 0]


def test_marks_are_in_row_order_and_go_with_their_rows() -> None:
    data = rows("a", "b", "c")
    data.toggle("2")
    data.toggle("0")
    assert list(data.marked) == ["0", "2"]
    data.set_rows([Row("2", ("row2", ""))])
    data.set_rows([Row("0", ("row0", "")), Row("2", ("row2", ""))])
    assert list(data.marked) == ["2"]


def test_mark_all_marks_only_what_is_shown() -> None:
    data = rows("a", "b", "c")
    data.toggle("0")
    data.filter("row1")
    data.toggle_shown()
    assert list(data.marked) == ["0", "1"]
    data.toggle_shown()
    assert list(data.marked) == ["0"]


def test_a_filter_keeps_the_order_and_follows_updates() -> None:
    data = rows(Cell("1", sort=1), Cell("3", sort=3), Cell("2", sort=2))
    data.sorted_by, data.reverse = "n", True
    data.sort()
    data.filter("row")
    assert list(data.view) == [1, 2, 0]
    data.update("2", {"name": "other"})
    data.filter("other")
    data.filter("")
    data.filter("other")
    assert list(data.view) == [2]


def test_a_wider_filter_starts_anew() -> None:
    data = rows("a", "b")
    data.filter("row1")
    data.filter("row")
    assert list(data.view) == [0, 1]


def test_searched_columns() -> None:
    data = Rows([Column("a", "a", search=True), Column("b", "b", search=True)])
    data.set_rows([Row("1", ("shop", Cell("orders"))), Row("2", ("orders", "x"))])
    data.filter("orders shop")
    assert list(data.view) == [0]
    data.filter("pord")  # not across two cells
    assert list(data.view) == []


def test_line_breaks_in_names_do_not_shift_the_others() -> None:
    assert lowered(["A\nB", "C"]) == ["a\nb", "c"]
    assert lowered([]) == []
    assert lowered([""]) == [""]
