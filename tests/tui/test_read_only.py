"""A read-only profile: whatever is pressed, nothing that writes goes over the wire."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from textual.widgets import Input

from moclone_tui.embedded import EmbeddedServer
from moclone_tui.tui.commands import COMMANDS
from moclone_tui.tui.desk import Target
from moclone_tui.tui.openings import OPENINGS
from moclone_tui.tui.screens.main import MainScreen

from .servers import Proxy
from .support import WIDE, User, play, profile_of

LEAVES = {"q", "ctrl+q", "ctrl+o", "ctrl+p", "colon", "question_mark", "f1"}
IN_LISTS = ("space", "asterisk", "enter", "s", "j")
IN_SCREENS = ("ctrl+s", "D", "R", "P", "o", "x", "u", "a", "space", "enter", "ctrl+s")
_COUNTS = re.compile(r"(?i)data branch diff .* output (summary|count|limit \d+)$")


def _writes(proxy: Proxy) -> list[str]:
    return [each for each in proxy.changes if not _COUNTS.match(each)]


async def _back(user: User) -> None:
    for _ in range(6):
        if user.at(MainScreen):
            return
        await user.keys("escape")
        await user.handled()
    raise AssertionError(f"nothing leads back:\n{user.text}")


async def _everything_in(user: User, view: str, opened: set[str]) -> None:
    """Press every key of a view; and in what opens then, whatever might act there."""
    keys = [
        key
        for command in COMMANDS
        if command.works_in(view)
        for key in command.keys.split(",")
    ]
    for key in (*IN_LISTS, *keys):
        if not key or key in LEAVES or key in "12345":
            continue
        await user.press(key)
        if isinstance(user.focus, Input) and user.at(MainScreen):
            await user.press("escape")
        if user.at(MainScreen):
            continue
        opened.add(type(user.app.screen).__name__)
        for act in IN_SCREENS:
            await user.keys(act)
        await user.handled()
        await _back(user)


def test_every_key_of_every_view_and_screen(
    sample: EmbeddedServer,
    proxy: Proxy,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)  # the history may be written to a file
    opened: set[str] = set()

    async def scene(user: User) -> None:
        await user.filter("shop !dev")
        await user.press("enter")
        await user.filter("orders")
        for number, view in enumerate(
            ("databases", "snapshots", "timeline", "jobs", "history"), 1
        ):
            await user.press(str(number))
            await _everything_in(user, view, opened)
        user.shows("read-only")
        assert user.app.desk is not None
        await user.until_jobs_end()
        jobs = user.app.desk.runner._jobs.values()
        assert not [job.spec for job in jobs if job.spec.changes]

    profile = profile_of(sample, port=proxy.port, read_only=True)
    play(scene, Target(profile), size=WIDE)
    assert {"AsOfScreen", "CompareScreen", "KeepingScreen"} <= opened, opened
    assert proxy.statements
    assert _writes(proxy) == []


def test_what_changes_something_says_that_it_is_off(sample: EmbeddedServer) -> None:
    async def scene(user: User) -> None:
        main = user.app.screen
        assert isinstance(main, MainScreen)
        for name, opening in OPENINGS.items():
            if opening.changes:
                said = opening.refused(main.desk, main.view.selection, [])
                assert said == f"{opening.doing} is off: the profile here is read-only."
                main.action_command(name)
                await user.settled()
                assert user.at(MainScreen), name
        user.shows("Cloning is off: the profile here is read-only.")

    play(scene, Target(profile_of(sample, read_only=True)))


def test_no_job_of_whatever_kind_begins(sample: EmbeddedServer, proxy: Proxy) -> None:
    """Not even one that a screen hands over by mistake."""
    from moclone_tui.api import SnapshotLevel
    from moclone_tui.jobs.snapshot import TakeSnapshot

    async def scene(user: User) -> None:
        main = user.app.screen
        assert isinstance(main, MainScreen)
        main._submit(TakeSnapshot("never", SnapshotLevel.ACCOUNT))
        await user.until_jobs_end()
        user.shows("read-only")

    profile = profile_of(sample, port=proxy.port, read_only=True)
    play(scene, Target(profile))
    assert _writes(proxy) == []
