from __future__ import annotations

from typing import Any

from textual import events
from textual.widgets import Input

from moclone_tui.tui.widgets.filter_list import FilterList
from moclone_tui.tui.widgets.table import Column, Row, TableList


def a_list() -> FilterList:
    table = TableList([Column("name", "name", search=True)])
    table.set_rows(Row(f"t{at}", (f"t{at}",)) for at in range(1034))
    return FilterList(table)


def test_slash_brings_up_the_line_and_rows_follow_as_it_is_typed(play: Any) -> None:
    async def scene(app: Any, pilot: Any) -> None:
        assert "/" not in app.lines()[0]
        await pilot.press("slash", *"t99")
        await pilot.pause()
        assert app.lines()[0].startswith("/  t99")
        assert app.lines()[0].endswith("11 of 1,034")
        assert app.lines()[2].startswith("▸  t99")

    play(a_list(), scene)


def test_list_keys_are_letters_while_typing(play: Any) -> None:
    async def scene(app: Any, pilot: Any) -> None:
        await pilot.press("slash", *"jk", "space", *"lGgs*/")
        table = app.query_one(TableList)
        assert app.query_one(Input).value == "jk lGgs*/"
        assert (table.marked, table.cursor, table.sort_column) == ((), 0, None)
        assert not [m for m in app.heard if isinstance(m, TableList.Selected)]

    play(a_list(), scene)


def test_enter_and_down_keep_the_filter_and_esc_takes_it_away(play: Any) -> None:
    async def scene(app: Any, pilot: Any) -> None:
        table = app.query_one(TableList)
        for key in ("enter", "down"):
            await pilot.press("slash", *"1033", key)
            assert table.has_focus
            assert table.shown == 1
            assert app.lines()[0].startswith("/  1033")
            await pilot.press("escape")
            assert (table.shown, table.has_focus) == (1034, True)
            assert not app.lines()[0].startswith("/")
            assert table.cursor_key == "t1033"

    play(a_list(), scene)


def test_esc_while_typing_goes_back_to_where_one_was(play: Any) -> None:
    async def scene(app: Any, pilot: Any) -> None:
        table = app.query_one(TableList)
        await pilot.press("j", "j", "slash", *"t7", "escape")
        assert (table.cursor_key, table.has_focus, table.shown) == ("t2", True, 1034)

    play(a_list(), scene)


def test_nothing_typed_leaves_no_line_behind(play: Any) -> None:
    async def scene(app: Any, pilot: Any) -> None:
        await pilot.press("slash", "enter")
        assert app.lines()[0].split() == ["name"]

    play(a_list(), scene)


def test_what_is_pasted_is_made_fit_to_show(play: Any) -> None:
    async def scene(app: Any, pilot: Any) -> None:
        await pilot.press("slash")
        app.query_one(Input).value = "t\x1b[41m"
        await pilot.pause()
        await pilot.pause()
        assert app.query_one(Input).value == "t␛[41m"

    play(a_list(), scene)


def test_what_comes_in_one_burst_goes_where_it_belongs(play: Any) -> None:
    """Over a slow line `/`, a word and enter come together: no letter is a key."""

    async def scene(app: Any, pilot: Any) -> None:
        names = {"slash": "/", "enter": "\r", "space": " ", "exclamation_mark": "!"}
        for key in ("slash", "exclamation_mark", "l", "space", *"t773", "enter"):
            event = events.Key(key, names.get(key, key))
            event.set_sender(app)
            app._driver.send_message(event)
        for _ in range(5):
            await pilot.pause()
        table = app.query_one(TableList)
        assert app.query_one(Input).value == "!l t773"
        assert (table.cursor_key, table.has_focus, table.shown) == ("t773", True, 1)
        assert not [m for m in app.heard if isinstance(m, TableList.Selected)]

    play(a_list(), scene)
