"""The job runner: order, limits, cancelling and bugs; no server needed."""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, cast

import pytest

from moclone_tui import (
    Cancelled,
    Client,
    CloneError,
    ConnectionError,
    OutcomeUnknown,
    PermissionDenied,
    QueryError,
)
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


def test_a_job_tells_that_it_was_queued_started_and_ended(bench: Bench) -> None:
    bench.run(lambda _: Outcome(JobState.DONE, "well"))
    told = [(event.state, event.text) for event in bench.events]
    assert told == [
        (JobState.QUEUED, "queued"),
        (JobState.RUNNING, "started"),
        (JobState.DONE, "well"),
    ]
    assert {event.at for event in bench.events} == {MOMENT}


def test_a_step_is_told_with_its_seconds(bench: Bench) -> None:
    ticks = iter([0.0, 10.0, 12.5, 20.0])

    def work(context: JobContext) -> Outcome:
        with context.step("SELECT 1"):
            pass
        return Outcome(JobState.DONE, "well")

    runner = bench.runner(stopwatch=lambda: next(ticks))
    runner.wait(runner.submit(Job(work)), 10)
    assert [(e.text, e.seconds) for e in bench.events[2:]] == [
        ("", None),
        ("SELECT 1", 2.5),
        ("well", 20.0),
    ]


def test_every_event_since_the_start_says_how_far_it_is(bench: Bench) -> None:
    ticks = iter([0.0, 10.0, 12.5, 20.0])

    def work(context: JobContext) -> Outcome:
        context.expect(2)
        with context.step("SELECT 1", seconds=3.0):
            context.say("well under way")
        return Outcome(JobState.DONE, "well")

    runner = bench.runner(stopwatch=lambda: next(ticks))
    runner.wait(runner.submit(Job(work)), 10)
    queued, *paces = [event.pace for event in bench.events]
    assert queued is None
    far = [(p.done, p.total, p.running, p.expected) for p in paces if p]
    assert far == [
        (0, 0, "", None),
        (0, 2, "SELECT 1", 3.0),
        (0, 2, "SELECT 1", 3.0),
        (1, 2, "", None),
        (1, 2, "", None),
    ]
    assert paces[0] is not None
    assert paces[0].started == 0.0


def test_a_step_that_fails_is_not_told_as_through(bench: Bench) -> None:
    def work(context: JobContext) -> Outcome:
        with context.step("SELECT 1"):
            raise QueryError("no")
        raise AssertionError

    end = bench.run(work)
    assert end.state is JobState.FAILED
    assert "SELECT 1" not in [event.text for event in bench.events]
    assert end.pace is not None
    assert (end.pace.done, end.pace.running) == (0, "")


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (CloneError("exists already"), JobState.FAILED),
        (ConnectionError("lost"), JobState.FAILED),
        (OutcomeUnknown("lost at COMMIT"), JobState.UNKNOWN),
    ],
)
def test_an_error_ends_the_job_by_its_cause(
    bench: Bench, error: Exception, state: JobState
) -> None:
    end = bench.run(failing(error))
    assert (end.state, end.text, end.error) == (state, str(error), error)


def test_a_bug_ends_the_job_too(bench: Bench) -> None:
    end = bench.run(failing(ZeroDivisionError("oops")))
    assert end.state is JobState.FAILED
    assert "ZeroDivisionError" in end.text
    assert end.error is not None
    assert "report" in end.error.remedy


def test_a_connection_that_cannot_be_made_ends_the_job(bench: Bench) -> None:
    bench.connect_error = ConnectionError("nobody answers")
    end = bench.run(lambda _: Outcome(JobState.DONE, "well"))
    assert (end.state, end.text) == (JobState.FAILED, "nobody answers")


def test_only_so_many_run_at_once(bench: Bench) -> None:
    gates = [Gate() for _ in range(3)]
    runner = bench.runner(limit=2)
    numbers = [runner.submit(Job(gate)) for gate in gates[:2]]
    for gate in gates[:2]:
        assert gate.reached.wait(10)
    numbers.append(runner.submit(Job(gates[2])))
    assert runner.running == tuple(numbers)
    assert not gates[2].reached.wait(0.1)
    gates[0].open.set()
    assert gates[2].reached.wait(10)
    for gate in gates:
        gate.open.set()
    assert [runner.wait(number, 10) for number in numbers] == [JobState.DONE] * 3
    assert runner.running == ()


def test_a_job_that_waits_for_its_turn_is_cancelled_at_once(bench: Bench) -> None:
    gate, never = Gate(), Gate()
    runner = bench.runner(limit=1)
    first = runner.submit(Job(gate))
    assert gate.reached.wait(10)
    second = runner.submit(Job(never))
    assert runner.cancel(second)
    assert runner.wait(second, 1) is JobState.CANCELLED
    assert "before it began" in bench.events[-1].text
    gate.open.set()
    assert runner.wait(first, 10) is JobState.DONE
    assert not never.reached.is_set()
    assert bench.killed == []


def test_cancelling_kills_what_the_job_runs_until_it_ends(bench: Bench) -> None:
    """A kill that comes between two statements stops nothing: ask again."""
    gate = Gate()

    def let_go_at_the_third(_: int) -> None:
        if len(bench.killed) >= 3:
            gate.open.set()

    bench.kill = let_go_at_the_third
    runner = bench.runner()
    number = runner.submit(Job(gate))
    assert gate.reached.wait(10)
    assert runner.cancel(number)
    assert runner.wait(number, 10) is JobState.CANCELLED
    assert set(bench.killed) == {7}
    assert [event.state for event in bench.events] == [
        JobState.QUEUED,
        JobState.RUNNING,
        JobState.CANCELLING,
        JobState.CANCELLED,
    ]


def test_a_connection_that_is_gone_already_is_no_trouble(bench: Bench) -> None:
    gate = Gate()

    def kill(_: int) -> None:
        gate.open.set()
        raise QueryError("Unknown connection id 7")

    bench.kill = kill
    runner = bench.runner()
    number = runner.submit(Job(gate))
    assert gate.reached.wait(10)
    runner.cancel(number)
    assert runner.wait(number, 10) is JobState.CANCELLED
    assert [event for event in bench.events if event.error][:-1] == []


def test_a_server_that_will_not_kill_is_told_of(bench: Bench) -> None:
    gate = Gate()

    def kill(_: int) -> None:
        raise PermissionDenied("do not have privilege")

    bench.kill = kill
    runner = bench.runner()
    number = runner.submit(Job(gate))
    assert gate.reached.wait(10)
    runner.cancel(number)
    for _ in range(1000):
        if isinstance(bench.events[-1].error, PermissionDenied):
            break
        threading.Event().wait(0.01)
    assert "could not be asked to stop" in bench.events[-1].text
    assert bench.events[-1].state is JobState.CANCELLING
    gate.open.set()
    assert runner.wait(number, 10) is JobState.CANCELLED


def test_a_job_says_where_it_was_cancelled(bench: Bench) -> None:
    gate = Gate()
    runner = bench.runner()
    between = runner.submit(Job(gate))
    assert gate.reached.wait(10)
    runner.cancel(between)
    gate.open.set()
    assert runner.wait(between, 10) is JobState.CANCELLED
    assert "between two steps" in bench.events[-1].text
    killed = Cancelled("killed", statement="CREATE DATABASE b CLONE a")
    assert bench.run(failing(killed)).text == "cancelled; the server rolled it back"


def test_a_cancel_that_came_too_late_is_said_to_be_so(bench: Bench) -> None:
    """After the last step, and before that was told."""
    committed, asked = threading.Event(), threading.Event()

    def work(context: JobContext) -> Outcome:
        with context.step("COMMIT"):
            pass
        committed.set()
        assert asked.wait(10)
        return Outcome(JobState.DONE, "well")

    runner = bench.runner()
    number = runner.submit(Job(work))
    assert committed.wait(10)
    assert runner.cancel(number)
    asked.set()
    assert runner.wait(number, 10) is JobState.DONE
    assert bench.events[-1].text == "well · it was done before it could be stopped"


def test_a_job_that_does_not_stop_is_waited_for_once(bench: Bench) -> None:
    """Whoever leaves waits, and so does what ends the process after them."""
    gate = Gate()
    runner = bench.runner()
    number = runner.submit(Job(gate))
    assert gate.reached.wait(10)
    assert not runner.stop(patience=0.1)
    began = time.monotonic()
    assert not runner.stop(patience=3)
    assert time.monotonic() - began < 2
    gate.open.set()
    assert runner.wait(number, 10) is JobState.CANCELLED
    assert runner.stop()


def test_a_step_that_ends_while_it_is_cancelled_does_not_run_again(
    bench: Bench,
) -> None:
    """A job that was asked to stop stays so until it has ended."""
    asked = threading.Event()

    def when() -> dt.datetime:
        """Ask to stop between the end of the step and the telling of it."""
        if asked.is_set():
            asked.clear()
            assert runner.cancel(1)
        return MOMENT

    def work(context: JobContext) -> Outcome:
        with context.step("COMMIT"):
            asked.set()
        return Outcome(JobState.DONE, "well")

    runner = JobRunner(bench._connect, bench.events.append, clock=when)
    assert runner.wait(runner.submit(Job(work)), 10) is JobState.DONE
    assert [event.state for event in bench.events][-3:] == [
        JobState.CANCELLING,
        JobState.CANCELLING,
        JobState.DONE,
    ]


def test_what_has_ended_cannot_be_cancelled(bench: Bench) -> None:
    runner = bench.runner()
    number = runner.submit(Job())
    runner.wait(number, 10)
    told = len(bench.events)
    assert not runner.cancel(number)
    assert len(bench.events) == told


def test_nothing_is_told_after_the_end(bench: Bench) -> None:
    """A job may leave something behind that still speaks."""
    kept: list[JobContext] = []

    def work(context: JobContext) -> Outcome:
        kept.append(context)
        return Outcome(JobState.DONE, "well")

    bench.run(work)
    kept[0].say("too late")
    assert bench.events[-1].text == "well"


def test_a_listener_may_ask_the_runner(bench: Bench) -> None:
    """It is called from the job's thread, and must not block itself."""
    running: list[tuple[int, ...]] = []
    runner = JobRunner(bench._connect, lambda _: running.append(runner.running))
    number = runner.submit(Job())
    assert runner.wait(number, 10) is JobState.DONE
    assert running[-1] == ()


def test_jobs_run_on_threads_that_keep_no_one_from_quitting(bench: Bench) -> None:
    daemons: list[bool] = []

    def work(_: JobContext) -> Outcome:
        daemons.append(threading.current_thread().daemon)
        return Outcome(JobState.DONE, "well")

    bench.run(work)
    assert daemons == [True]
