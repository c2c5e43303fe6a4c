"""The tour: six steps in the demo, each noticed when it is done; never elsewhere."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.command import CommandPalette

from moclone_tui.config import Config
from moclone_tui.embedded import EmbeddedServer
from moclone_tui.tui.app import MocloneApp
from moclone_tui.tui.desk import Target, demo_profile
from moclone_tui.tui.screens.main import MainScreen
from moclone_tui.tui.tour import STEPS, first_time

from .support import NARROW, Scene, User, assert_fit_to_show, play


@pytest.fixture
def demo() -> Iterator[Target]:
    """The demo's own server."""
    server = EmbeddedServer()
    yield Target(demo_profile(), server)
    server.stop()


def _play(scene: Scene, target: Target, size: tuple[int, int] = NARROW) -> None:
    """Start the demo for the first time."""
    app = MocloneApp(Config(), target, tour=True)

    async def run() -> None:
        async with app.run_test(size=size, notifications=True) as pilot:
            user = User(pilot)
            await pilot.pause()
            await user.until_connected()
            await user.until_seen("Tour 1 of 6")
            await scene(user)

    try:
        asyncio.run(run())
    finally:
        if app.desk is not None:
            app.desk.close()


def test_the_real_keys_lead_through_it(demo: Target) -> None:
    async def scene(user: User) -> None:
        assert_fit_to_show(user.app)
        await user.filter("shop !dev")
        await user.press("escape", "enter", "j", "j", "j", "j")
        await user.until_seen("Tour 2 of 6 · Filter")
        await user.filter("ord")
        await user.until_seen("Tour 3 of 6 · Look back")
        await user.press("escape", "t")
        await user.filter("before_sale")
        await user.press("enter")
        await user.until_seen("Tour 4 of 6 · Put rows back")
        await user.filter("orders !big")
        await user.press("u")
        await user.until_seen("230 rows come back")
        await user.press("ctrl+s")
        await user.until_jobs_end()
        await user.until_seen("Tour 5 of 6 · Clone")
        await user.press("c", "ctrl+s")
        await user.until_jobs_end()
        await user.until_seen("Tour 6 of 6")
        await user.press("L")
        await user.until_seen("That was the tour")
        user.shows("verified: counts")
        await user.press("N")
        await user.until_gone("That was the tour")

    _play(scene, demo)


def test_it_can_be_gone_through_by_one_key_and_left_by_esc(demo: Target) -> None:
    async def scene(user: User) -> None:
        for number, step in enumerate(STEPS, 1):
            user.shows(f"Tour {number} of 6 · {step.title}", step.words)
            await user.press("N")
        user.shows("That was the tour")
        await user.press("N")
        user.shows_not("That was the tour")
        await user.press("N")
        user.shows("No tour is under way.")
        await user.press("ctrl+p")
        await user.paste("take the tour")
        await user.until_seen("Take the tour of the demo")
        await user.press("enter")
        await user.until_seen("Tour 1 of 6")
        await user.press("tab", "escape")
        user.shows("Tour 1 of 6")  # esc went back to the first list
        await user.press("escape")
        user.shows_not("Tour")
        assert user.at(MainScreen)

    _play(scene, demo)


def test_never_on_a_server_of_ones_own(target: Target) -> None:
    async def scene(user: User) -> None:
        user.shows_not("Tour")
        await user.press("ctrl+p")
        assert user.at(CommandPalette)
        await user.paste("take the tour")
        await user.until_seen("The tour is of the demo's shop")
        await user.press("enter")
        await user.until(lambda: user.at(MainScreen), "the main screen")
        await user.until_seen("The tour is of the demo's shop")

    play(scene, target)


def test_only_the_first_start_shows_it(tmp_path: Path) -> None:
    folder = tmp_path / "state"
    assert first_time(folder)
    assert not first_time(folder)
    assert not first_time(Path("/dev/null/nowhere"))
