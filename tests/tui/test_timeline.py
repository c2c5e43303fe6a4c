"""The Timeline: how far back an object goes, and what there was at the cursor."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from moclone_tui.embedded import EmbeddedServer
from moclone_tui.tui.desk import Target
from moclone_tui.tui.screens.clone_form import CloneForm
from moclone_tui.tui.views.timeline import TimelineView
from moclone_tui.tui.widgets.timeline import Timeline

from .servers import Proxy
from .support import WIDE, User, assert_fit_to_show, client_of, play, profile_of


@pytest.fixture
def old(sample: EmbeddedServer, made: str) -> Iterator[str]:
    """A database that was made anew, so that its PITR is dead."""
    name = f"{made}old"
    with client_of(sample) as client:
        client.execute(f"CREATE DATABASE {name}")
        client.execute(f"CREATE PITR {name}_week FOR DATABASE {name} RANGE 7 'd'")
        client.execute(f"DROP DATABASE {name}")
        client.execute(f"CREATE DATABASE {name}")
        client.execute(f"CREATE TABLE {name}.`a[/x]` (id INT PRIMARY KEY)")
        client.execute(f"INSERT INTO {name}.`a[/x]` VALUES (1), (2), (3)")
        client.execute(f"DELETE FROM {name}.`a[/x]` WHERE id = 1 /* \x1b[31m [/b] */")
        yield name
        client.execute(f"DROP PITR {name}_week")


async def _open(user: User, database: str) -> None:
    await user.filter(database)
    await user.press("3")
    await user.until_seen("recoverable")


def _axis(user: User) -> Timeline:
    return user.app.screen.query_one(Timeline)


def test_one_axis_shows_all_that_brings_an_object_back(target: Target) -> None:
    async def scene(user: User) -> None:
        await _open(user, "shop")
        assert "├───" in user.line_with("shop_week 7 days")
        assert "◆" in user.line_with("snapshots ")
        assert "now ▲" in user.text
        user.shows("server history", "now · 20")
        user.shows("to the second since", "by shop_week", "shop_before_sale")

    play(scene, target)


def test_marks_are_gone_to_and_looked_into(target: Target) -> None:
    async def scene(user: User) -> None:
        await _open(user, "shop")
        pointer = ""
        while "shop_before_sale ·" not in user.text:
            await user.press("H")
            assert pointer != (pointer := user.line_with("▲")), "no further mark"
        user.shows("recoverable by shop_before_sale · shop_week", "30 h ago")
        await user.until_seen("objects, as now", "fewer than now")
        await user.until_seen("update shop.products set price")
        await user.press("enter")
        user.shows("AS OF shop_before_sale")

    play(scene, target)


def test_just_before_a_statement_is_one_key(target: Target) -> None:
    async def scene(user: User) -> None:
        await user.filter("shop")
        await user.press("enter")
        await user.filter("orders !big")
        await user.press("3", "t")
        await user.paste("26 hours ago")
        await user.until_seen("26 h ago")
        await user.press("enter")
        await user.until_seen("delete from shop.orders", "update shop.orders")
        user.shows("shop.orders", "mia")
        user.shows_not("delete from shop.order_items")
        await user.press("tab", "g", "b")
        assert isinstance(user.focus, Timeline)
        user.shows("at the cursor: just before", "recoverable by shop_week")
        await user.until_seen("11,790 rows")
        await user.press("c")
        assert user.at(CloneForm)
        await user.until_seen("orders", "h ago")
        user.shows("CREATE TABLE", "{MO_TS = ")

    play(scene, target, size=WIDE)


def test_j_goes_from_the_axis_into_the_statements(target: Target) -> None:
    """So that b goes before the one that was meant."""

    async def scene(user: User) -> None:
        await user.filter("shop")
        await user.press("enter")
        await user.filter("orders !big")
        await user.press("3", "t")
        await user.paste("26 hours ago")
        await user.press("enter")
        await user.until_seen("delete from shop.orders", "update shop.orders")
        first = user.line_with("▸")
        await user.press("j")
        assert user.line_with("▸") != first
        second = user.line_with("▸")
        await user.press("b")
        assert isinstance(user.focus, Timeline)
        assert user.line_with("▸") == second

    play(scene, target, size=WIDE)


def test_times_are_typed_and_said_back(target: Target) -> None:
    async def scene(user: User) -> None:
        await _open(user, "shop")
        await user.press("t")
        await user.type("h L")
        await user.until_seen("h L is not a time")
        await user.press("enter")
        assert "now ▲" in user.text
        await user.fill("just before 2 days ago")
        await user.until_seen("just before", "UTC · 2 days ago")
        await user.press("enter")
        assert isinstance(user.focus, Timeline)
        user.shows("at the cursor", "recoverable by shop_week")
        await user.press("n")
        user.shows("A snapshot is of the present")
        await user.press("t")
        await user.paste("now")
        await user.press("enter")
        assert "now ▲" in user.text
        await user.press("t")
        await user.press("escape")
        assert isinstance(user.focus, Timeline)

    play(scene, target)


def test_where_nothing_covers_it_says_what_is_nearest_and_what_would(
    target: Target,
) -> None:
    async def scene(user: User) -> None:
        await _open(user, "crm")
        await user.press("t")
        await user.paste("3 days ago")
        await user.press("enter")
        user.shows(
            "nothing that is known of keeps this moment", "the nearest is nightly"
        )
        user.shows("A PITR or a snapshot keeps what comes")
        await user.press("c")
        assert not user.at(CloneForm)
        user.shows("Nothing that is known of keeps this moment")

    play(scene, target)


def test_keys_move_by_what_fits_and_zoom_about_the_cursor(target: Target) -> None:
    async def scene(user: User) -> None:
        await _open(user, "shop")
        axis = _axis(user)
        await user.press("h", "h")
        assert axis.time % axis.axis.step == 0
        assert axis.axis.step == 3 * 3600 * 10**9
        before = axis.axis.cell(axis.time)
        await user.press("plus", "plus")
        assert axis.axis.step <= 3600 * 10**9
        for _ in range(9):
            await user.press("plus")
        await user.press("h")
        assert axis.axis.step <= 5 * 60 * 10**9
        assert axis.axis.cell(axis.time) is not None
        await user.press("0", "l")
        assert axis.axis.cell(axis.time) in (before, (before or 0) + 1)
        await user.press("g")
        user.shows("7 days ago")
        await user.press("G")
        assert "now ▲" in user.text

    play(scene, target)


def test_a_click_goes_there_and_on_a_mark_to_it(target: Target) -> None:
    async def scene(user: User) -> None:
        await _open(user, "shop")
        await user.click("◆")
        user.shows("shop_before_sale ·", "30 h ago")
        await user.click(
            "19 Nov" if "19 Nov" in user.text else user.lines[3].split()[1]
        )
        user.shows("at the cursor", "days ago")

    play(scene, target)


def test_a_dead_pitr_is_said_to_be_dead_and_hostile_text_is_text(
    target: Target, old: str
) -> None:
    async def scene(user: User) -> None:
        await _open(user, old)
        assert "┄" in user.line_with("dead ") or "├" in user.line_with("dead ")
        user.shows(f"{old}_week is dead (it was for an earlier {old}")
        await user.until_seen("DELETE FROM", "[/b]")
        await user.press("tab", "g")
        assert_fit_to_show(user.app)
        await user.press("b")
        await user.until_seen("as now")
        assert_fit_to_show(user.app)

    play(scene, target, size=WIDE)


def test_without_an_object_it_says_where_to_choose_one(target: Target) -> None:
    async def scene(user: User) -> None:
        await user.filter("nothing-like-this")
        await user.press("3")
        user.shows("Choose a database or a table in 1 Databases")
        await user.press("p")
        user.shows("then come back.")

    play(scene, target)


def test_while_the_server_is_slow_keys_answer(
    sample: EmbeddedServer, proxy: Proxy
) -> None:
    held = threading.Event()

    def hold(statement: str) -> None:
        if "mo_configurations" in statement or "statement_info" in statement:
            held.wait(20)

    async def scene(user: User) -> None:
        proxy.before = hold
        await user.filter("shop")
        await user.keys("3")
        await user.handled()
        await user.until_seen("shop · reading…")
        assert user.app.screen.query(TimelineView)
        await user.keys("1", "3", "h", "t", "escape")
        await user.handled()
        held.set()
        await user.until_seen("recoverable: to the second", "shop_week 7 days")

    try:
        play(scene, Target(profile_of(sample, port=proxy.port)))
    finally:
        held.set()
