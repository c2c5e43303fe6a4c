"""Jobs that are asked to stop: when, how often, and what they say then."""

from __future__ import annotations

import datetime as dt
import threading
import time

from moclone_tui import Cancelled, PermissionDenied, QueryError
from moclone_tui.jobs.model import JobContext, JobState, Outcome
from moclone_tui.jobs.runner import JobRunner

from .fakes import MOMENT, Bench, Gate, Job, bench, failing

__all__ = ["bench"]


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
