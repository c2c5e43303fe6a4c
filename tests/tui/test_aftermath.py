"""What the UI says, once, of jobs that an earlier start did not see the end of."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest

from moclone_tui.cloning.identity import Object, look_up
from moclone_tui.embedded import EmbeddedServer
from moclone_tui.jobs.journal import Entry, Journal, Place, default_folder
from moclone_tui.jobs.model import JobState
from moclone_tui.jobs.process import this_process
from moclone_tui.tui.aftermath import Aftermath
from moclone_tui.tui.desk import Target

from .servers import Proxy
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


def test_what_was_left_behind_is_dropped_once_however_often_it_is_looked_for(
    sample: EmbeddedServer, proxy: Proxy, made: str
) -> None:
    left = f"moclone_tmp_{made}"
    entry = begin(proxy.port, {})
    with client_of(sample) as client:
        entry.seen("before", (), look_up(client, ()).clock)
        client.execute(f"CREATE SNAPSHOT {left} FOR ACCOUNT")
    entry.temporary(Object("snapshot", left))
    entry.write("end", state=JobState.FAILED, outcome="it crashed")
    (file,) = default_folder().iterdir()
    file.write_text(file.read_text().replace(this_process().started, "before"))
    go_on = threading.Event()
    proxy.before = lambda told: _wait(go_on) if "DROP SNAPSHOT" in told else None

    async def scene(user: User) -> None:
        user.shows("1 running")
        for _ in range(2):
            user.app.screen.query_one(Aftermath).look()
            await user.settled()
        user.shows("1 running")
        go_on.set()
        await user.until_jobs_end()
        user.shows("dropped 1 temporary object of jobs that crashed")

    play(scene, Target(profile_of(sample, port=proxy.port)), size=WIDE)


def _wait(until: threading.Event) -> None:
    assert until.wait(20)
