"""Leaving a form: at once, or asked once if something would be lost."""

from __future__ import annotations

import pytest

from moclone_tui.tui.desk import Target
from moclone_tui.tui.screens.main import MainScreen

from .support import User, play


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
