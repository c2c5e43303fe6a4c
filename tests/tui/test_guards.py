"""Guard rails: no key acts while one types, what destroys asks, PROD is in sight."""

from __future__ import annotations

import pytest
from textual.widgets import Input

from moclone_tui.embedded import EmbeddedServer
from moclone_tui.tui.desk import Target
from moclone_tui.tui.screens.confirm import ConfirmName
from moclone_tui.tui.screens.drop import DropScreen
from moclone_tui.tui.screens.main import MainScreen
from moclone_tui.tui.screens.restore import RestoreScreen

from .servers import Proxy
from .support import NARROW, WIDE, User, play, profile_of

LETTERS = "qcxn12rLDRKujzg?:. "
OPENED = ("c", "n", "t", "K", "ctrl+f", "u", "equals_sign", "R", "D", "question_mark")
"""The keys that open a screen on a table that was looked up."""


async def _to_orders(user: User) -> None:
    await user.filter("shop !dev")
    await user.press("enter")
    await user.filter("orders !big")


async def _back(user: User) -> None:
    for _ in range(6):
        if user.at(MainScreen):
            return
        await user.press("escape")
    raise AssertionError(f"nothing leads back:\n{user.text}")


async def _type_everywhere(user: User) -> int:
    """Type into every line of the screen that takes text; how many there are."""
    screen, lines = user.app.screen, 0
    await user.press("slash")
    for line in list(screen.query(Input)):
        if not (line.can_focus and line.display and line.region):
            continue
        line.focus()
        await user.handled()
        line.value = ""
        await user.type(LETTERS)
        assert user.app.screen is screen, (line.id, user.text)
        assert line.value.strip() == LETTERS.strip(), line.id
        line.value = ""
        lines += 1
    return lines


@pytest.mark.parametrize("key", OPENED)
def test_no_key_acts_while_one_types_in_a_screen(
    sample: EmbeddedServer, proxy: Proxy, key: str
) -> None:
    async def scene(user: User) -> None:
        await _to_orders(user)
        await user.press(key)
        assert not user.at(MainScreen), user.text
        lines = await _type_everywhere(user)
        assert lines or key in ("D", "u", "equals_sign", "R")
        await _back(user)

    play(scene, Target(profile_of(sample, port=proxy.port)), size=WIDE)


def test_no_key_acts_while_one_filters_a_view(target: Target) -> None:
    async def scene(user: User) -> None:
        for view in "12345":
            await user.press(view)
            await user.press("slash")
            assert isinstance(user.focus, Input), view
            await user.type(LETTERS)
            assert user.at(MainScreen)
            assert user.focus.value == LETTERS
            await user.press("escape")

    play(scene, target, size=WIDE)


@pytest.mark.parametrize(
    ("key", "kind"), [("D", DropScreen), ("R", RestoreScreen)], ids=["drop", "restore"]
)
def test_a_destructive_key_that_is_held_down_does_nothing_more(
    sample: EmbeddedServer, proxy: Proxy, key: str, kind: type
) -> None:
    """It opens one screen; there it, enter and ctrl+s held down lead to nothing."""

    async def scene(user: User) -> None:
        await user.filter("shop !dev")
        await user.press(*[key] * 10)
        assert user.at(kind)
        assert len([s for s in user.app.screen_stack if isinstance(s, kind)]) == 1
        await user.press(*["ctrl+s"] * 10)
        await user.press(*[key] * 10, "y", "delete", "backspace")
        assert user.at(kind) or user.at(ConfirmName)
        if user.at(ConfirmName):
            assert user.focus is not None
            assert user.focus.id == "cancel"
            await user.press("enter")
        await user.press(*["enter"] * 10)
        assert user.app.desk is not None
        assert not user.app.desk.runner._jobs

    play(scene, Target(profile_of(sample, port=proxy.port)), size=WIDE)
    assert [each for each in proxy.changes if "OUTPUT" not in each] == []


@pytest.mark.parametrize("key", ["D", "R", "u", "y"])
def test_nothing_acts_on_what_is_not_in_view(target: Target, key: str) -> None:
    """Neither on what was marked nor on where the cursor was before the filter."""

    async def scene(user: User) -> None:
        await user.press("space", "j", "space")
        user.shows("2 marked")
        await user.filter("zzz")
        user.shows_not("marked")
        await user.press(key)
        assert user.at(MainScreen)
        assert user.sees("Nothing is selected") or user.sees("select one")
        await user.press("escape", "2")
        await user.press("asterisk")
        await user.filter("zzz")
        user.shows_not("marked")
        await user.press(key)
        assert user.at(MainScreen)

    play(scene, target, size=WIDE)


@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["narrow", "wide"])
def test_the_environment_is_in_sight_on_every_screen(
    sample: EmbeddedServer, size: tuple[int, int]
) -> None:
    async def scene(user: User) -> None:
        await _to_orders(user)
        for key in (*OPENED, "ctrl+p", "E", "2", "3", "4", "5", "L", "L"):
            await user.press(key)
            assert "PROD" in user.lines[0], (key, user.text)
            if key == "D":
                await user.press("ctrl+s")
                assert "PROD" in user.lines[0], user.text
            await _back(user)

    profile = profile_of(sample, environment="prod")
    play(scene, Target(profile), size=size)
