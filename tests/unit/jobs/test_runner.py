"""The job runner: order, limits, steps and bugs; no server needed."""

from __future__ import annotations

import threading

import pytest

from moclone_tui import CloneError, ConnectionError, OutcomeUnknown, QueryError
from moclone_tui.jobs.model import JobContext, JobState, Outcome
from moclone_tui.jobs.runner import JobRunner

from .fakes import MOMENT, Bench, Gate, Job, bench, failing

__all__ = ["bench"]


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
