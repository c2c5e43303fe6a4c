"""What the UI says, once, of jobs that an earlier start did not see the end of."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from moclone_tui.embedded import EmbeddedServer
from moclone_tui.jobs.journal import Entry, Journal, Place, default_folder
from moclone_tui.jobs.model import JobState
from moclone_tui.tui.desk import Target

from .support import WIDE, User, client_of, play, profile_of


@pytest.fixture(autouse=True)
def _own_journal(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))


def begin(port: int, plan: dict[str, Any]) -> Entry:
    """A job of before."""
    return Journal(default_folder(), Place(f"127.0.0.1:{port}", "root")).begin(
        "clone a → b", plan
    )


def test_what_cannot_be_told_is_not_told_at_every_start(
    sample: EmbeddedServer, target: Target, made: str
) -> None:
    with client_of(sample) as client:
        client.execute(f"CREATE DATABASE {made}b")
    there = {"type": "database", "name": f"{made}b"}
    entry = begin(sample.port, {"kind": "clone", "targets": [there]})
    entry.write("end", state=JobState.UNKNOWN, outcome="the line was cut")

    async def first(user: User) -> None:
        user.shows("Since moclone last ran here", f"cannot tell: {made}b is there")
        await user.press("L")
        user.shows("clone a → b cannot tell")

    async def second(user: User) -> None:
        user.shows_not("Since moclone last ran here")
        await user.press("L")
        user.shows("Nothing has happened yet")

    play(first, target, size=WIDE)
    play(second, Target(profile_of(sample)), size=WIDE)
