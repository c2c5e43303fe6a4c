"""The PITR form: make one, change how far back it reaches, drop it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from moclone_tui.embedded import EmbeddedServer
from moclone_tui.tui.desk import Target
from moclone_tui.tui.screens.confirm import ConfirmName
from moclone_tui.tui.screens.main import MainScreen
from moclone_tui.tui.screens.pitr_form import PitrForm

from .servers import Proxy
from .support import User, client_of, play, profile_of, submit_off


@pytest.fixture
def mine(sample: EmbeddedServer, made: str) -> Iterator[str]:
    """A database of the test's own; its PITRs are dropped in the end."""
    name = f"{made}db"
    with client_of(sample) as client:
        client.execute(f"CREATE DATABASE {name}")
        client.execute(f"CREATE TABLE {name}.t (id INT PRIMARY KEY)")
        yield name
        for pitr in client.pitr.list():
            if pitr.name.startswith(name):
                client.pitr.delete(pitr.name)


async def _open(user: User, database: str) -> None:
    await user.filter(database)
    await user.press("3", "p")
    assert user.at(PitrForm)
    await user.settled()


def _pitrs(sample: EmbeddedServer, database: str) -> dict[str, str]:
    with client_of(sample) as client:
        return {each.name: each.range for each in client.pitr.list(database=database)}


def test_one_is_made_changed_and_dropped(
    sample: EmbeddedServer, target: Target, mine: str
) -> None:
    async def scene(user: User) -> None:
        await _open(user, mine)
        assert "(•) make one" in user.line_with("Do")
        assert "(•) database" in user.line_with("Of")
        user.shows(f"{mine}_pitr", "nothing from before now")
        user.shows(f"CREATE PITR `{mine}_pitr` FOR DATABASE `{mine}` RANGE 7 'd'")
        await user.press("ctrl+s")
        assert user.at(MainScreen)
        await user.until_jobs_end()
        assert _pitrs(sample, mine) == {f"{mine}_pitr": "7 days"}
        await user.until_seen(f"{mine}_pitr 7 days")

        await user.press("p")
        await user.settled()
        assert "(•) change its range" in user.line_with("Do")
        user.shows(f"{mine}_pitr reaches back 7 days already.")
        assert submit_off(user)
        await user.press("tab", "tab")
        await user.fill("3")
        await user.press("tab", "right")
        user.shows("What was let go already does not come back.")
        user.shows(f"ALTER PITR `{mine}_pitr` RANGE 3 'mo'")
        await user.press("ctrl+s")
        await user.until_jobs_end()
        assert _pitrs(sample, mine) == {f"{mine}_pitr": "3 months"}

        await user.press("p")
        await user.settled()
        await user.press("right")
        user.shows(f"DROP PITR `{mine}_pitr`")
        user.shows("The server's own history reaches as far back")
        await user.press("ctrl+s")
        assert user.at(ConfirmName)
        assert user.focus is not None
        assert user.focus.id == "cancel"
        await user.press("shift+tab")
        await user.paste(f"{mine}_pitr")
        await user.press("enter")
        await user.until_jobs_end()
        assert _pitrs(sample, mine) == {}

    play(scene, target)


def test_what_a_shorter_range_lets_go_and_a_drop_loses_is_said(target: Target) -> None:
    async def scene(user: User) -> None:
        await _open(user, "shop")
        assert "shop_week" in user.line_with("PITR  ")
        await user.press("tab", "tab")
        await user.fill("2")
        user.shows("What is older than", "UTC is let go, for good.")
        await user.press("shift+tab", "shift+tab", "right")
        user.shows("Between", "shop can no longer be gone back to but at 2 snapshots.")
        await user.press("ctrl+s")
        user.shows("Drop shop_week", "Type shop_week to go on")
        await user.press("enter")
        assert user.at(PitrForm)
        await user.press("escape")
        assert user.at(MainScreen)

    play(scene, target)


def test_what_cannot_be_says_why(target: Target) -> None:
    async def scene(user: User) -> None:
        await _open(user, "shop")
        await user.press("left")
        user.shows("shop has one already: shop_week. Change its range.")
        assert submit_off(user)
        await user.press("escape")
        await user.press("1")
        await user.filter("crm")
        await user.press("p")
        await user.settled()
        await user.press("tab", "tab")
        await user.fill("shop_week")
        user.shows("shop_week exists already.")
        await user.fill("crm_pitr")
        await user.press("tab")
        await user.fill("0")
        user.shows("A PITR reaches back 1 to 100")
        assert submit_off(user)
        await user.press("shift+tab", "shift+tab", "shift+tab", "right")
        user.shows("Choose a PITR.")

    play(scene, target)


def test_a_read_only_profile_makes_none(sample: EmbeddedServer) -> None:
    async def scene(user: User) -> None:
        await user.filter("shop")
        await user.press("3", "p")
        assert not user.at(PitrForm)
        user.shows("Making PITRs is off: the profile here is read-only.")

    play(scene, Target(profile_of(sample, read_only=True)))


def test_nothing_is_sent_before_the_button(
    sample: EmbeddedServer, proxy: Proxy
) -> None:
    async def scene(user: User) -> None:
        await _open(user, "blog")
        await user.press("tab", "tab", "tab")
        await user.fill("14")
        await user.press("escape")

    play(scene, Target(profile_of(sample, port=proxy.port)))
    assert proxy.changes == []
