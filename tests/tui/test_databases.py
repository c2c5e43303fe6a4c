"""The Databases view: its lists, its detail, what is read behind them, and resizing."""

from __future__ import annotations

import pytest

from moclone_tui.embedded import EmbeddedServer
from moclone_tui.tui.desk import Target
from moclone_tui.tui.screens.main import MainScreen
from moclone_tui.tui.widgets.cells import Cell
from moclone_tui.tui.widgets.table import TableList

from .servers import Proxy
from .support import WIDE, User, assert_fit_to_show, client_of, play, profile_of


def _pane(user: User, name: str) -> TableList:
    return user.app.screen.query_one(f"#{name} TableList", TableList)


def test_databases_and_the_objects_of_the_selected_one(target: Target) -> None:
    async def scene(user: User) -> None:
        user.shows("1 Databases", "gallery", "shop_dev")
        await user.filter("shop !dev")
        user.shows("shop · 6 tables", "orders", "customers")
        await user.press("escape", "j")
        user.shows("shop_dev · ")

    play(scene, target)


def test_moving_by_the_keys_of_vi_and_by_arrows(target: Target) -> None:
    async def scene(user: User) -> None:
        names = _pane(user, "databases-pane")
        first = names.cursor_key
        await user.press("j", "down", "k")
        assert names.cursor == 1
        await user.press("G")
        assert names.cursor_key == "shop_dev"
        await user.press("g")
        assert names.cursor_key == first
        await user.press("l")
        assert user.focus is _pane(user, "objects-pane")
        await user.press("h")
        assert user.focus is names
        await user.press("enter", "escape")
        assert user.focus is names

    play(scene, target)


def test_the_detail_beside_the_lists_on_a_wide_screen(target: Target) -> None:
    async def scene(user: User) -> None:
        await user.filter("shop !dev")
        user.shows("Overview", "holds")
        await user.press("tab")
        await user.filter("orders !big")
        user.shows("shop.orders", "primary key")
        await user.press("right_square_bracket")
        user.shows("type", "null")
        await user.press("right_square_bracket")
        user.shows("ix_customer", "customer_id")
        await user.press("right_square_bracket")
        user.shows("CREATE TABLE")
        await user.press(*["left_square_bracket"] * 3)
        user.shows("primary key")
        await user.press("enter")
        assert user.focus is user.app.screen.query_one("#overview Reading")
        await user.press("escape")
        assert user.focus is _pane(user, "objects-pane")

    play(scene, target, size=WIDE)


def test_the_detail_is_a_screen_of_its_own_on_a_narrow_one(target: Target) -> None:
    async def scene(user: User) -> None:
        await user.filter("shop !dev")
        await user.press("tab")
        await user.filter("orders !big")
        user.shows_not("Overview")
        await user.press("enter")
        user.shows("Overview", "shop.orders")
        user.shows_not("blog")
        await user.press(*["right_square_bracket"] * 3)
        user.shows("CREATE TABLE")
        await user.press("escape")
        user.shows_not("Overview")
        user.shows("orders")
        assert _pane(user, "objects-pane").cursor_key == "orders"

    play(scene, target)


@pytest.mark.parametrize("key", ["1", "2"])
def test_views_are_reached_from_the_narrow_detail(target: Target, key: str) -> None:
    async def scene(user: User) -> None:
        await user.press("tab", "enter")
        user.shows("Overview")
        await user.press(key, "1")
        user.shows("Databases 6")
        assert user.focus is not None
        assert user.focus.is_on_screen
        await user.press("j")
        assert _pane(user, "databases-pane").cursor == 1

    play(scene, target)


def test_resizing_keeps_the_selection_and_a_focus_in_sight(target: Target) -> None:
    async def scene(user: User) -> None:
        names = _pane(user, "databases-pane")
        objects = _pane(user, "objects-pane")
        await user.press("G", "tab", "j", "j")
        chosen = names.cursor_key, objects.cursor_key
        await user.press("tab")  # into the detail
        for size in ((80, 24), (100, 30), (120, 40), (80, 24)):
            await user.pilot.resize_terminal(*size)
            await user.settled()
            assert (names.cursor_key, objects.cursor_key) == chosen
            assert user.focus is not None, size
            assert user.focus.is_on_screen, (size, user.focus)
            assert str(chosen[1]) in user.text, user.text
            assert_fit_to_show(user.app)

    play(scene, target, size=WIDE)


def test_sorting_by_the_next_column_and_back(target: Target) -> None:
    async def scene(user: User) -> None:
        objects = _pane(user, "objects-pane")
        await user.filter("shop !dev")
        await user.press("tab")
        names = list(objects.keys_in_sight())
        assert names == sorted(names, key=str)
        await user.press("s", "s", "s")  # name, kind, rows
        assert objects.sort_column == "rows"
        rows = [objects.row(key) for key in objects.keys_in_sight()]
        counted = [
            int(cell.text.replace(",", ""))
            for row in rows
            if row and isinstance(cell := row.cells[2], Cell) and cell.text
        ]
        assert counted == sorted(counted)
        assert len(counted) == 6
        await user.press("S")
        assert objects.sort_reverse
        assert objects.keys_in_sight()[0] == "order_items"
        await user.press("s", "s", "s", "s", "s")  # size, changed, source, created
        assert objects.sort_column is None

    play(scene, target)


def test_a_filter_leaves_out_counts_and_can_be_taken_away(target: Target) -> None:
    async def scene(user: User) -> None:
        await user.press("slash")
        await user.type("sho")
        await user.settled()
        user.shows("2 of 6", "shop_dev")
        user.shows_not("gallery")
        await user.press("escape")
        user.shows("gallery")
        await user.filter("nothing-like-it")
        user.shows("0 of 6")
        await user.press("escape")
        user.shows("gallery")

    play(scene, target)


def test_the_servers_own_databases_come_and_go(target: Target) -> None:
    async def scene(user: User) -> None:
        await user.press("G")
        user.shows_not("mo_catalog")
        await user.press("full_stop")
        user.shows("mo_catalog", "system")
        assert _pane(user, "databases-pane").cursor_key == "shop_dev"
        await user.press("full_stop")
        user.shows_not("mo_catalog")

    play(scene, target)


def test_rows_are_counted_wherever_one_scrolls(
    sample: EmbeddedServer, made: str
) -> None:
    """However fast one moves through a long list: no count stays pending."""
    database = f"{made}long"
    with client_of(sample) as client:
        client.execute(f"create database {database}")
        for number in range(60):
            client.execute(f"create table {database}.t{number:02d} (id int)")

    async def scene(user: User) -> None:
        await user.filter(made)
        await user.press("tab")
        await user.pilot.press("ctrl+d", "ctrl+d", "ctrl+d", "ctrl+d", "ctrl+u", "g")
        for key in ("g", "ctrl+d", "ctrl+d", "ctrl+d", "G"):
            await user.press(key)
            await user.until(
                lambda: not any("…" in line for line in user.lines[3:21]),
                "every count in sight",
            )

    play(scene, Target(profile_of(sample)))


def test_what_another_made_is_there_after_r(sample: EmbeddedServer, made: str) -> None:
    async def scene(user: User) -> None:
        await user.press("G", "tab", "j")
        chosen = _pane(user, "objects-pane").cursor_key
        with client_of(sample) as client:
            client.execute(f"create database {made}late")
        user.shows_not(f"{made}late")
        await user.press("r")
        user.shows(f"{made}late")
        assert _pane(user, "databases-pane").cursor_key == "shop_dev"
        assert _pane(user, "objects-pane").cursor_key == chosen
        await user.press("escape")
        await user.filter(f"{made}late")
        user.shows("This database is empty")

    play(scene, Target(profile_of(sample)))


def test_the_selected_one_is_dropped_by_another(
    sample: EmbeddedServer, made: str
) -> None:
    async def scene(user: User) -> None:
        await user.filter(f"{made}gone")
        await user.press("tab")
        user.shows("orders")
        with client_of(sample) as client:
            client.execute(f"drop database {made}gone")
        await user.press("enter")  # its detail can still be asked for
        await user.press("escape", "escape", "escape", "r")
        user.shows_not(f"{made}gone")
        assert_fit_to_show(user.app)

    with client_of(sample) as client:
        client.execute(f"create database {made}gone clone shop")
    play(scene, Target(profile_of(sample)))


def test_a_connection_that_was_cut_is_made_again(
    sample: EmbeddedServer, proxy: Proxy
) -> None:
    """Reading twice does no harm: nobody has to know, let alone press r again."""

    async def scene(user: User) -> None:
        proxy.cut()
        await user.press("r")
        user.shows("gallery", "shop_dev")
        await user.press("2")
        user.shows_not("connection")

    play(scene, Target(profile_of(sample, port=proxy.port)))


def test_a_server_that_went_away_is_told_and_found_again(
    sample: EmbeddedServer, proxy: Proxy
) -> None:
    async def scene(user: User) -> None:
        await user.press("G")
        proxy.down = True
        proxy.cut()
        await user.press("r")
        user.shows(f"127.0.0.1:{proxy.port}")
        user.shows_not("This database is empty")
        assert_fit_to_show(user.app)
        assert user.at(MainScreen)
        user.shows("gallery", "shop_dev", "not read")
        proxy.down = False
        await user.press("r")
        user.shows_not("not read")
        user.shows("gallery", "shop_dev")
        assert user.focus is _pane(user, "databases-pane")

    play(scene, Target(profile_of(sample, port=proxy.port)))


def test_a_server_that_was_started_anew() -> None:
    """The same port and password, other data: `r` is all it takes."""
    first = EmbeddedServer(["--empty", "--password", "same"])
    with first:
        profile = profile_of(first)

        async def scene(user: User) -> None:
            user.shows("No databases yet")
            first.stop()
            await user.press("r")
            user.shows("refused")
            again = ["--empty", "--password", "same", "--port", str(profile.port)]
            with EmbeddedServer(again) as second:
                with client_of(second) as client:
                    client.execute("create database back_again")
                await user.press("r")
                user.shows("back_again")

        play(scene, Target(profile))
