"""A runner with fake connections, and work that waits for a test."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, cast

import pytest

from moclone_tui import Client
from moclone_tui.jobs.model import JobContext, JobEvent, JobSpec, JobState, Outcome
from moclone_tui.jobs.runner import JobRunner

MOMENT = dt.datetime(2026, 1, 2, tzinfo=dt.UTC)


class FakeClient:
    """A connection that counts kills."""

    def __init__(self, bench: Bench) -> None:
        self.connection = SimpleNamespace(id=7)
        self._bench = bench

    def kill_query(self, connection: int) -> None:
        self._bench.killed.append(connection)
        self._bench.kill(connection)

    def __enter__(self) -> FakeClient:
        return self

    def __exit__(self, *_: object) -> None:
        pass


@dataclass(frozen=True)
class Job(JobSpec):
    """Does what it is given."""

    work: Callable[[JobContext], Outcome] = lambda _: Outcome(JobState.DONE, "well")
    name: str = "job"

    @property
    def title(self) -> str:
        return self.name

    @property
    def statement(self) -> str:
        return ""

    @property
    def steps(self) -> tuple[str, ...]:
        return ()

    def run(self, context: JobContext) -> Outcome:
        return self.work(context)


@dataclass
class Bench:
    """A runner with fake connections, and all that it told."""

    events: list[JobEvent] = field(default_factory=list)
    killed: list[int] = field(default_factory=list)
    kill: Callable[[int], None] = lambda _: None
    connect_error: Exception | None = None

    def runner(self, **options: Any) -> JobRunner:
        return JobRunner(
            self._connect, self.events.append, clock=lambda: MOMENT, **options
        )

    def _connect(self) -> Client:
        if self.connect_error is not None:
            raise self.connect_error
        return cast("Client", FakeClient(self))

    def run(self, work: Callable[[JobContext], Outcome]) -> JobEvent:
        runner = self.runner()
        runner.wait(runner.submit(Job(work)), 10)
        return self.events[-1]


@pytest.fixture
def bench() -> Bench:
    """A bench of the test's own."""
    return Bench()


def failing(error: Exception) -> Callable[[JobContext], Outcome]:
    def work(_: JobContext) -> Outcome:
        raise error

    return work


class Gate:
    """Work that waits until it is let through."""

    def __init__(self) -> None:
        self.reached = threading.Event()
        self.open = threading.Event()

    def __call__(self, context: JobContext) -> Outcome:
        self.reached.set()
        assert self.open.wait(10)
        context.check()
        return Outcome(JobState.DONE, "well")
