"""Runs jobs in the background: a daemon thread and a connection for each.

No Textual here: events go to a callback, from whatever thread they happen on. A
blocked thread never keeps the program from quitting.
"""

from __future__ import annotations

import datetime as dt
import itertools
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from moclone_tui.api import Client
from moclone_tui.cloning.progress import kill_until
from moclone_tui.errors import (
    Cancelled,
    ConfigError,
    MocloneError,
    OutcomeUnknown,
)
from moclone_tui.jobs.journal import Entry, Journal
from moclone_tui.jobs.lost import look_up, outcome_of
from moclone_tui.jobs.model import JobContext, JobEvent, JobSpec, JobState, Outcome
from moclone_tui.jobs.pace import Pace
from moclone_tui.jobs.recording import recorded

PATIENCE = 5.0
"""Seconds to wait for cancelled jobs when moclone is left: the server has to be asked,
and a statement that is left alone would be finished by it."""
ENDING = {"SIGTERM": "moclone was told to end", "SIGHUP": "the terminal was closed"}
"""The signals that end moclone, and what they mean."""
_ENDED_WELL = (JobState.DONE, JobState.SKIPPED, JobState.DIFFERS)
_TOO_LATE = "it was done before it could be stopped"


def _utc_now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


@dataclass(slots=True)
class _Job:
    number: int
    spec: JobSpec
    state: JobState = JobState.QUEUED
    context: JobContext | None = None
    pace: Pace | None = None
    entry: Entry = field(default_factory=Entry)
    cancelled: bool = False
    why: str = ""
    until: float = 0.0
    """Until when its end is waited for; 0 if nobody has waited."""
    done: threading.Event = field(default_factory=threading.Event)

    def connections(self) -> tuple[int, ...]:
        """What has to be stopped if it is cancelled."""
        return tuple(self.context.connections) if self.context else ()


class JobRunner:
    """Runs jobs, a few at once.

    Args:
        connect: Makes a connection, in the thread of the job.
        on_event: Hears every event. Called from the job's thread: it must be quick and
            safe to call from there.
        limit: How many jobs run at once; the others wait.
        read_only: Whether nothing may be changed: every job is then refused.
        clock: This machine's time, for events.
        stopwatch: Seconds, to measure steps by.
        journal: Where jobs are written down; nowhere if None.
    """

    def __init__(
        self,
        connect: Callable[[], Client],
        on_event: Callable[[JobEvent], None],
        *,
        limit: int = 4,
        read_only: bool = False,
        clock: Callable[[], dt.datetime] = _utc_now,
        stopwatch: Callable[[], float] = time.monotonic,
        journal: Journal | None = None,
    ) -> None:
        self._connect = connect
        self._journal = journal
        self._on_event = on_event
        self._read_only = read_only
        self._slots = threading.BoundedSemaphore(limit)
        self._clock = clock
        self._stopwatch = stopwatch
        self._numbers = itertools.count(1)
        self._jobs: dict[int, _Job] = {}
        # Events come one at a time, and none after the last one of a job.
        self._telling = threading.RLock()

    def submit(self, spec: JobSpec) -> int:
        """Begin a job in the background; gives its number.

        Raises:
            ConfigError: The profile is read-only.
        """
        if self._read_only:
            raise ConfigError(
                "The profile is read-only: nothing is changed.",
                remedy="Use another profile, or take read_only out of this one.",
            )
        job = _Job(next(self._numbers), spec)
        self._jobs[job.number] = job
        self._tell(job, JobState.QUEUED, "queued")
        threading.Thread(
            target=self._run, args=(job,), name=f"job-{job.number}", daemon=True
        ).start()
        return job.number

    @property
    def running(self) -> tuple[int, ...]:
        """The numbers of the jobs that have not ended."""
        return tuple(
            number for number, job in self._jobs.items() if not job.state.ended
        )

    def wait(self, number: int, timeout: float | None = None) -> JobState:
        """Wait for a job to end; gives how it stands then."""
        job = self._jobs[number]
        job.done.wait(timeout)
        return job.state

    def cancel(self, number: int, why: str = "") -> bool:
        """Ask for a job to be stopped; gives False if it has ended already.

        The server is asked over a second connection, in the background. How the job
        ended is told by its last event, not by this.

        Args:
            number: The job.
            why: What made it necessary, if nobody asked for it.
        """
        job = self._jobs[number]
        with self._telling:
            if job.state.ended:
                return False
            job.cancelled, job.why = True, why
            if job.state is JobState.QUEUED:
                self._end(job, JobState.CANCELLED, "cancelled before it began", 0.0)
                return True
            job.entry.write("cancelling", durably=True, why=why)
            self._tell(job, JobState.CANCELLING, _because("cancelling", why))
        threading.Thread(
            target=self._stop, args=(job,), name=f"cancel-{number}", daemon=True
        ).start()
        return True

    def stop(self, why: str = "", patience: float = PATIENCE) -> bool:
        """Cancel whatever runs, and wait until it has ended, but not for ever.

        A job that was waited for in vain is not waited for again.

        What has not ended by then ends with the process: the server rolls back what a
        closed connection leaves open. The journal has no end of it, so that the next
        start looks.

        Args:
            why: What made it necessary, if nobody asked for it.
            patience: Seconds to wait.

        Returns:
            Whether all of it has ended.
        """
        running = self.running
        for number in running:
            self.cancel(number, why)
        until = time.monotonic() + patience
        for job in map(self._jobs.__getitem__, running):
            job.until = job.until or until
            job.done.wait(max(0.0, job.until - time.monotonic()))
        return not self.running

    def _stop(self, job: _Job) -> None:
        try:
            with self._connect() as client:
                kill_until(job.done, job.connections, client)
        except MocloneError as error:
            self._tell(job, None, "the server could not be asked to stop", error=error)

    def _run(self, job: _Job) -> None:
        try:
            with self._slots:
                self._begin(job)
        finally:
            job.done.set()

    def _begin(self, job: _Job) -> None:
        with self._telling:
            if job.state.ended:
                return
            started = self._stopwatch()
            job.pace = Pace(started)
            self._tell(job, JobState.RUNNING, "started")
        error: MocloneError | None = None
        try:
            plan = job.spec.describe()
            if self._journal is not None:
                job.entry = self._journal.begin(
                    job.spec.title, plan, lambda text: self._tell(job, None, text)
                )
            outcome = self._work(job, plan)
            if job.cancelled and outcome.state in _ENDED_WELL:
                outcome = Outcome(outcome.state, f"{outcome.text} · {_TOO_LATE}")
        except OutcomeUnknown as lost:
            outcome, error = self._of_lost(job, lost)
        except MocloneError as caught:
            outcome, error = _of_error(caught, job.why), caught
        except Exception as bug:  # noqa: BLE001 a job must never run for ever
            outcome = Outcome(JobState.FAILED, f"moclone failed: {bug!r}")
            error = MocloneError(repr(bug), remedy="Please report this.")
        seconds = self._stopwatch() - started
        self._end(job, outcome.state, outcome.text, seconds, error)

    def _of_lost(
        self, job: _Job, lost: OutcomeUnknown
    ) -> tuple[Outcome, MocloneError | None]:
        """How a job ended whose last answer was lost, as far as the server tells."""
        found = None
        if self._journal is not None:
            found = look_up(self._connect, self._journal.folder, job.entry.job)
        return outcome_of(found, lost, cancelled=job.cancelled)

    def _work(self, job: _Job, plan: dict[str, object]) -> Outcome:
        with self._connect() as client, recorded(job.entry, client, plan):
            context = JobContext(
                client=client,
                emit=lambda text, seconds: self._tell(job, None, text, seconds=seconds),
                clock=self._stopwatch,
                pace=job.pace or Pace(self._stopwatch()),
                cancelled=lambda: job.cancelled,
                connections=[client.connection.id],
                entry=job.entry,
            )
            job.context = context
            return job.spec.run(context)

    def _end(
        self,
        job: _Job,
        state: JobState,
        text: str,
        seconds: float,
        error: MocloneError | None = None,
    ) -> None:
        job.entry.write(
            "end",
            durably=True,
            state=state,
            outcome=text,
            error=str(error or ""),
            seconds=round(seconds, 3),
        )
        self._tell(job, state, text, seconds=seconds, error=error)
        job.done.set()

    def _tell(
        self,
        job: _Job,
        state: JobState | None,
        text: str,
        *,
        seconds: float | None = None,
        error: MocloneError | None = None,
    ) -> None:
        """Tell what happened, and how the job stands since; as it did, if None."""
        at, title = self._clock(), job.spec.title
        pace = job.context.pace if job.context else job.pace
        with self._telling:
            if job.state.ended:
                return
            job.state = state = state or job.state
            if seconds is not None and not state.ended:
                job.entry.write("step", text=text, seconds=round(seconds, 3))
            self._on_event(
                JobEvent(job.number, title, at, state, text, seconds, error, pace)
            )


def _because(words: str, why: str) -> str:
    return f"{words}: {why}" if why else words


def _of_error(error: MocloneError, why: str) -> Outcome:
    if isinstance(error, Cancelled):
        words = "cancelled; the server rolled it back"
        if not error.statement:
            words = "cancelled between two steps; what was not committed is rolled back"
        return Outcome(JobState.CANCELLED, _because(words, why))
    return Outcome(JobState.FAILED, str(error))
