"""Leaving with jobs under way: a process in the background goes on with them."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from moclone_tui.embedded import EmbeddedServer
from moclone_tui.jobs.records import JobRecord, read

from .conftest import Open
from .test_ending import cloning, databases, reach, wait_until


@pytest.fixture
def slow() -> Iterator[EmbeddedServer]:
    """A server that takes four seconds for every clone."""
    with EmbeddedServer(["--slow", "4"]) as started:
        yield started


def jobs(home: Path) -> list[JobRecord]:
    """The jobs of the journal, oldest first."""
    return read(home / "state" / "moclone")[::-1]


def test_a_job_is_left_to_the_background(
    open_terminal: Open, slow: EmbeddedServer, tmp_path: Path
) -> None:
    """The terminal is free at once; another start sees it run, and then its end."""
    terminal = open_terminal(environ=reach(slow))
    cloning(terminal, tmp_path)
    terminal.press("q")
    terminal.until_seen("1 job running", "Leave them running")
    terminal.press("tab", "tab", "enter")
    assert terminal.until_ended(within=10) == 0
    terminal.assert_restored()
    assert b"1 job left to process" in terminal.raw
    assert slow.password.encode() not in terminal.raw
    ours, theirs = jobs(tmp_path)
    assert ours.state == "cancelled"
    assert "a process in the background is to begin it anew" in ours.outcome
    assert theirs.alive
    assert "blog_copy" not in databases(slow)

    again = open_terminal(environ=reach(slow), size=(120, 30))
    again.until_seen("blog")
    again.press("4")
    again.until_seen("running elsewhere", "earlier")
    again.press("x")
    again.until_seen(f"Another process runs it: kill {theirs.process.pid} ")
    wait_until(lambda: jobs(tmp_path)[-1].state == "done")
    assert jobs(tmp_path)[-1].outcome == "verified: counts"
    assert "blog_copy" in databases(slow)
    again.press("r")
    again.until(lambda: "running elsewhere" not in again.text, "its end")
    again.press("q")
    assert again.until_ended(within=5) == 0


def test_the_background_outlives_the_terminal_and_ends_when_told(
    open_terminal: Open, slow: EmbeddedServer, tmp_path: Path
) -> None:
    terminal = open_terminal(environ=reach(slow))
    cloning(terminal, tmp_path)
    terminal.press("q")
    terminal.until_seen("Leave them running")
    terminal.press("tab", "tab", "enter")
    assert terminal.until_ended(within=10) == 0
    terminal.hang_up()
    wait_until(lambda: len(jobs(tmp_path)[-1].sent) > 1)
    theirs = jobs(tmp_path)[-1]
    os.kill(theirs.process.pid, signal.SIGTERM)
    wait_until(lambda: theirs.alive is False)
    assert jobs(tmp_path)[-1].state == "cancelled"
    assert "moclone was told to end" in jobs(tmp_path)[-1].outcome
    assert "blog_copy" not in databases(slow)
