"""Leaving a form: at once, or asked once if something would be lost."""

from __future__ import annotations

import threading

import pytest

from moclone_tui.embedded import EmbeddedServer
from moclone_tui.tui.desk import Target
from moclone_tui.tui.screens.main import MainScreen

from .servers import Proxy
from .support import User, open_clone_form, play, profile_of


@pytest.mark.parametrize("key", ["c", "n"])
def test_esc_asks_once_if_something_was_typed(target: Target, key: str) -> None:
    async def scene(user: User) -> None:
        await user.press(key, "escape")
        assert user.at(MainScreen)
        await user.press(key, "x", "y", "escape")
        user.shows("esc again leaves")
        await user.press("z")
        user.shows_not("esc again leaves")
        await user.press("escape", "escape")
        assert user.at(MainScreen)

    play(scene, target)


def test_a_plan_that_comes_late_does_not_take_the_question_away(
    sample: EmbeddedServer, proxy: Proxy
) -> None:
    asked, go_on = threading.Event(), threading.Event()

    def hold(statement: str) -> None:
        if "'mine'" in statement:
            asked.set()
            assert go_on.wait(10)

    async def scene(user: User) -> None:
        await open_clone_form(user, "blog")
        proxy.before = hold
        await user.paste("mine")
        await user.until(asked.is_set, "the plan to be asked for")
        await user.keys("escape")
        await user.until_seen("esc again leaves")
        go_on.set()
        await user.settled()
        assert "free" in user.line_with("Target")
        user.shows("esc again leaves")
        await user.press("escape")
        assert user.at(MainScreen)

    play(scene, Target(profile_of(sample, port=proxy.port)))


def test_a_profile_that_always_confirms_asks_before_a_change(
    sample: EmbeddedServer,
) -> None:
    async def scene(user: User) -> None:
        await user.press("n", "ctrl+s")
        user.shows("This changes the server", "the same again sends it")
        await user.press("ctrl+s")
        assert user.at(MainScreen)
        await user.until_jobs_end()

    play(scene, Target(profile_of(sample, confirm="always")))
