from __future__ import annotations

from typing import Any

import pytest
from rich.cells import cell_len

from moclone_tui.tui.widgets.painting import ASCII
from moclone_tui.tui.widgets.table import Cell, Column, Row, TableList

HOSTILE = [
    "orders",
    "数据库表",
    "שלום עולם",
    "e\u0301te\u0301",
    "x\x1b]0;PWN\x07\x1b[41m",
    "[/x]",
    "[@click=app.quit]x[/]",
    "a" * 90,
    "",
    "two\nlines",
]


def a_list(names: list[str] | None = None, **options: Any) -> TableList:
    columns = [
        Column("name", "name", min=12, search=True),
        Column("kind", "kind", width=6, tone="muted"),
        Column("rows", "rows", width=9, align="right"),
    ]
    table = TableList(columns, **options)
    names = ["a", "b", "c", "d", "e"] if names is None else names
    table.set_rows(
        Row(name, (name, "table", Cell(f"{at * 7 % 5:,}", sort=at * 7 % 5)))
        for at, name in enumerate(names)
    )
    return table


def names_shown(app: Any) -> list[str]:
    return [line[3:].split()[0] for line in app.lines()[1:] if line[3:].strip()]


def heard(app: Any, kind: type) -> list[Any]:
    bubbled = [message for message in app.heard if type(message) is kind]
    return list({id(message): message for message in bubbled}.values())


def test_hostile_names_are_shown_as_they_are_and_stay_aligned(play: Any) -> None:
    async def scene(app: Any, pilot: Any) -> None:
        strips = app.screen._compositor.render_strips()
        assert all(strip.cell_length == 60 for strip in strips)
        lines = [strip.text for strip in strips]
        for line in lines[1 : len(HOSTILE) + 1]:
            assert cell_len(line[: line.index("table ")]) == 42
        text = "\n".join(lines)
        assert "[/x] " in text
        assert "[@click=app.quit]x[/]" in text
        assert "x␛]0;PWN␇␛[41m" in text
        assert "two␊lines" in text
        assert "\x1b" not in text
        assert "a" * 36 + "…" in text
        await pilot.click(TableList, offset=(4, 7))
        assert app.is_running

    play(a_list(HOSTILE), scene, size=(60, 14))


def test_keys_move_the_cursor(play: Any) -> None:
    steps = [
        ("j", 1), ("down", 2), ("k", 1), ("up", 0), ("k", 0), ("G", 99), ("g", 0),
        ("end", 99), ("home", 0), ("pagedown", 9), ("ctrl+d", 13), ("ctrl+u", 9),
        ("pageup", 0),
    ]  # fmt: skip

    async def scene(app: Any, pilot: Any) -> None:
        for key, line in steps:
            await pilot.press(key)
            assert app.widget.cursor == line, key
            assert line in app.widget.lines_in_sight
        told = [message.key for message in heard(app, TableList.Highlighted)]
        assert told[:4] == ["row0", "row1", "row2", "row1"]

    play(a_list([f"row{at}" for at in range(100)]), scene, size=(60, 11))


def test_enter_and_l_select(play: Any) -> None:
    async def scene(app: Any, pilot: Any) -> None:
        await pilot.press("j", "enter", "j", "l")

    app = play(a_list(), scene)
    assert [message.key for message in heard(app, TableList.Selected)] == ["b", "c"]


def test_state_is_told_without_colour(play: Any) -> None:
    async def scene(app: Any, pilot: Any) -> None:
        await pilot.press("space", "j", "space", "j")
        assert [line[:4] for line in app.lines()[1:4]] == [" ● a", " ● b", "▸  c"]

    play(a_list(), scene)


def test_ascii_and_no_marks(play: Any) -> None:
    async def scene(app: Any, pilot: Any) -> None:
        await pilot.press("space", "asterisk")
        assert app.lines()[1].startswith("> a")
        assert app.widget.marked == ()

    play(a_list(glyphs=ASCII, markable=False), scene)


def test_cursor_and_marks_survive_sort_filter_rows_and_resize(play: Any) -> None:
    async def scene(app: Any, pilot: Any) -> None:
        table = app.widget
        await pilot.press("space", "j", "j", "space")
        assert (table.cursor_key, table.marked) == ("c", ("a", "c"))
        table.sort_by("rows", reverse=True)
        await pilot.pause()
        assert names_shown(app) == ["c", "e", "b", "d", "a"]
        assert table.cursor_key == "c"
        table.filter("b")
        await pilot.pause()
        assert (table.cursor_key, names_shown(app)) == ("b", ["b"])
        table.filter("")
        assert (table.cursor_key, table.marked) == ("c", ("a", "c"))
        table.set_rows([Row(key, (key, "", "")) for key in "xyzabc"])
        assert (table.cursor_key, table.marked) == ("c", ("a", "c"))
        await pilot.resize_terminal(40, 4)
        await pilot.pause()
        assert table.cursor_key == "c"
        assert table.cursor in table.lines_in_sight

    play(a_list(), scene)


def test_the_neighbour_takes_over_when_the_row_under_the_cursor_goes(play: Any) -> None:
    async def scene(app: Any, pilot: Any) -> None:
        await pilot.press("j", "j")
        app.widget.set_rows([Row(key, (key, "", "")) for key in "abde"])
        await pilot.pause()
        assert app.widget.cursor_key == "d"
        app.widget.set_rows([])
        await pilot.pause()
        assert app.widget.cursor_key is None
        await pilot.press("j", "enter", "space", "asterisk")

    app = play(a_list(), scene)
    assert heard(app, TableList.Highlighted)[-1].key is None
    assert not heard(app, TableList.Selected)


def test_a_namesake_that_comes_later_is_not_marked(play: Any) -> None:
    async def scene(app: Any, pilot: Any) -> None:
        app.widget.mark(["a", "nobody"])
        app.widget.set_rows([])
        app.widget.set_rows([Row("a", ("a", "", ""))])
        assert app.widget.marked == ()

    play(a_list(), scene)


def test_sorting_by_key_and_by_header(play: Any) -> None:
    async def scene(app: Any, pilot: Any) -> None:
        table = app.widget
        await pilot.press("s")
        assert table.sort_column == "name"
        await pilot.click(TableList, offset=(70, 0))
        assert (table.sort_column, table.sort_reverse) == ("rows", False)
        assert app.lines()[0].endswith("rows ▲")
        await pilot.click(TableList, offset=(70, 0))
        assert (table.sort_column, table.sort_reverse) == ("rows", True)
        assert app.lines()[0].endswith("rows ▼")
        await pilot.press("s")
        assert table.sort_column is None
        with pytest.raises(KeyError):
            table.sort_by("nothing")

    play(a_list(), scene)


def test_the_mouse(play: Any) -> None:
    async def scene(app: Any, pilot: Any) -> None:
        table = app.widget

        def selected() -> int:
            return len(heard(app, TableList.Selected))

        await pilot.click(TableList, offset=(5, 3))
        assert (table.cursor_key, selected()) == ("c", 0)
        await pilot.click(TableList, offset=(5, 3), times=1)
        await pilot.click(TableList, offset=(5, 20))
        before = selected()
        await pilot.double_click(TableList, offset=(5, 1))
        assert (table.cursor_key, selected()) == ("a", before + 1)
        await pilot.click(TableList, offset=(1, 2))
        assert (table.marked, table.cursor_key) == (("b",), "a")

    play(a_list(), scene)


def test_cells_that_come_late_repaint_one_line(play: Any) -> None:
    async def scene(app: Any, pilot: Any) -> None:
        painted = count_paints(app.widget)
        assert app.widget.update_cells("c", {"rows": Cell("12,000", sort=12_000)})
        await pilot.pause()
        assert app.lines()[3].endswith("12,000")
        assert painted == [2]
        assert not app.widget.update_cells("nobody", {"rows": ""})
        app.widget.sort_by("rows", reverse=True)
        await pilot.pause()
        assert names_shown(app)[0] == "c"

    play(a_list(), scene)


def count_paints(table: TableList) -> list[int]:
    painted: list[int] = []
    paint = table.paint

    def counting(line: int, width: int) -> Any:
        painted.append(line)
        return paint(line, width)

    table.paint = counting  # type: ignore[method-assign]
    return painted


def test_a_hundred_thousand_rows_paint_only_what_is_in_sight(play: Any) -> None:
    async def scene(app: Any, pilot: Any) -> None:
        table = app.widget
        painted = count_paints(table)
        names = (f"db_{at % 97:03}.order_{at:06}" for at in range(100_000))
        table.set_rows(Row(name, (name, "table", "…")) for name in names)
        await pilot.pause()
        assert (table.total, len(set(painted))) == (100_000, 23)
        painted.clear()
        await pilot.press("j")
        assert sorted(painted) == [0, 1]
        await pilot.press("G")
        assert table.cursor == 99_999
        assert app.lines()[-1].startswith("▸  db_089.order_099999")
        painted.clear()
        table.filter("order !db_0 ~99")
        await pilot.pause()
        assert table.shown == 0
        table.filter("db_089 order_09999")
        await pilot.pause()
        assert (table.shown, table.cursor_key) == (1, "db_089.order_099999")
        assert len(painted) <= 60

    play(a_list([]), scene)


def test_words_where_rows_would_be(play: Any) -> None:
    async def scene(app: Any, pilot: Any) -> None:
        table = app.widget

        def says() -> str:
            return " ".join(" ".join(app.lines()[1:]).split())

        assert says() == "No tables [/] yet · c clones some here"
        table.pending = "loading…"
        await pilot.pause()
        assert says() == "loading…"
        table.error = "Lost the server.\nr tries again"
        await pilot.pause()
        assert says() == "Lost the server. r tries again"
        table.set_rows([Row("a", ("a", "", ""))])
        await pilot.pause()
        assert names_shown(app) == ["a"]
        table.error = table.pending = ""
        table.filter("zzz")
        await pilot.pause()
        assert "Nothing matches" in "\n".join(app.lines())

    play(
        a_list([], empty="No tables [/] yet · c clones some here"), scene, size=(30, 9)
    )


def test_columns_that_do_not_fit_scroll_sideways(play: Any) -> None:
    async def scene(app: Any, pilot: Any) -> None:
        assert app.lines()[0].endswith("›")
        assert "table" not in app.lines()[1]
        await pilot.press("right", "right")
        assert app.lines()[1].startswith("▸")
        assert "ble" in app.lines()[1]
        assert "‹" in app.lines()[0]
        await pilot.press("left", "left")
        assert app.lines()[1].startswith("▸  a")

    play(a_list(), scene, size=(18, 9))


def test_what_a_filter_found_stands_out(play: Any) -> None:
    async def scene(app: Any, pilot: Any) -> None:
        app.widget.filter("der")
        await pilot.pause()
        found = [s.text for s in app.widget.render_line(1) if s.style.underline]
        assert found == ["der"]

    play(a_list(HOSTILE), scene)


def test_other_columns_keep_marks_and_cursor(play: Any) -> None:
    async def scene(app: Any, pilot: Any) -> None:
        await pilot.press("j", "space")
        rows = [Row(key, ("sys", key)) for key in "abc"]
        app.widget.set_columns([Column("account", "account"), Column("x", "x")], rows)
        await pilot.pause()
        assert app.lines()[0].split() == ["account", "x"]
        assert (app.widget.cursor_key, app.widget.marked) == ("b", ("b",))
        assert app.widget.keys_in_sight() == ("a", "b", "c")

    play(a_list(), scene)
