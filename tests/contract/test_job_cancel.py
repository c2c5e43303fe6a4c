"""Cancelled jobs: what they were doing is undone, and they say what is there."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from moclone_tui import Client, TableName
from moclone_tui.api._connected import Connected
from moclone_tui.cloning import run
from moclone_tui.cloning.request import Request
from moclone_tui.jobs.clone import Copy
from moclone_tui.jobs.model import JobEvent, JobSpec, JobState
from moclone_tui.jobs.runner import JobRunner

from .looking import has_database, tables

if TYPE_CHECKING:
    from tests.conftest import Names, Server


def test_what_was_cloned_is_rolled_back(
    server: Server,
    watcher: Client,
    shop: str,
    names: Names,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    verifying = busy_at(monkeypatch, "verify_database")
    events: list[JobEvent] = []
    runner = JobRunner(server.client, events.append)
    number = runner.submit(Copy(Request.of(shop, names("copy"))))
    assert verifying.wait(30)
    assert runner.cancel(number)
    assert runner.wait(number, 30) is JobState.CANCELLED
    assert not has_database(watcher, names("copy"))
    states = [event.state for event in events]
    assert states.index(JobState.CANCELLING) > states.index(JobState.RUNNING)
    assert "COMMIT" not in [event.text for event in events]
    assert not runner.cancel(number)
    assert len(events) == len(states)


def test_a_clone_that_is_under_way_is_stopped(slow_server: Server) -> None:
    events: list[JobEvent] = []
    runner = JobRunner(slow_server.client, events.append)
    with slow_server.client() as watcher:
        watcher.execute("CREATE DATABASE a")
        started = time.monotonic()
        number = runner.submit(Copy(Request.of("a", "b")))
        wait_until(lambda: events[-1].state is JobState.RUNNING)
        runner.cancel(number)
        assert runner.wait(number, 30) is JobState.CANCELLED
        assert time.monotonic() - started < 9
        assert not has_database(watcher, "b")


def test_a_table_that_is_verified_when_it_is_cancelled_was_never_there(
    server: Server,
    client: Client,
    shop: str,
    names: Names,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    verifying = busy_at(monkeypatch, "verify_table")
    events: list[JobEvent] = []
    runner = JobRunner(server.client, events.append)
    request = Request.of(TableName("orders", shop), TableName("copy", shop))
    number = runner.submit(Copy(request))
    assert verifying.wait(30)
    runner.cancel(number)
    assert runner.wait(number, 30) is JobState.CANCELLED
    assert "copy" not in tables(client, shop)


class CancelsAfter:
    """Runs jobs, and cancels each the moment a step of it is told to be through."""

    def __init__(self, server: Server, step: str) -> None:
        self._step = step
        self.events: list[JobEvent] = []
        self.asked: list[bool] = []
        self.runner = JobRunner(server.client, self._hear)

    def _hear(self, event: JobEvent) -> None:
        self.events.append(event)
        if event.text.startswith(self._step) and event.seconds is not None:
            self.asked.append(self.runner.cancel(event.job))

    def run(self, spec: JobSpec) -> JobEvent:
        """Run a job to its end; gives its last event."""
        self.runner.wait(self.runner.submit(spec), 60)
        assert self.asked == [True]
        return self.events[-1]


def test_between_two_steps_nothing_more_is_begun(
    server: Server, watcher: Client, shop: str, names: Names
) -> None:
    job = CancelsAfter(server, "CREATE DATABASE")
    end = job.run(Copy(Request.of(shop, names("copy"))))
    assert end.state is JobState.CANCELLED
    assert "between two steps; what was not committed is rolled back" in end.text
    steps = [event.text for event in job.events if event.seconds is not None]
    assert not [each for each in steps if each.startswith(("verify", "COMMIT"))]
    assert not has_database(watcher, names("copy"))


def test_before_the_first_change_nothing_is_sent(
    server: Server, watcher: Client, shop: str, names: Names
) -> None:
    job = CancelsAfter(server, "check")
    assert job.run(Copy(Request.of(shop, names("copy")))).state is JobState.CANCELLED
    assert not has_database(watcher, names("copy"))


def test_after_the_last_step_it_is_done_already(
    server: Server, watcher: Client, shop: str, names: Names
) -> None:
    job = CancelsAfter(server, "COMMIT")
    end = job.run(Copy(Request.of(shop, names("copy"))))
    assert end.state is JobState.DONE
    assert end.text == "verified: counts · it was done before it could be stopped"
    assert tables(watcher, names("copy")) == ["big", "customers", "orders"]
    assert not job.runner.cancel(end.job)


def busy_at(monkeypatch: pytest.MonkeyPatch, verify: str) -> threading.Event:
    """Make the job busy for a minute once it verifies; tells when that begins."""
    begun = threading.Event()

    def busy(session: Connected, *_: object, **__: object) -> None:
        begun.set()
        session.execute("SELECT SLEEP(60)")

    monkeypatch.setattr(run, verify, busy)
    return begun


def wait_until(reached: Callable[[], bool], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not reached():
        assert time.monotonic() < deadline
        time.sleep(0.01)
