"""Runs jobs in the background: a daemon thread and a connection for each.

No Textual here: events go to a callback, from whatever thread they happen on. A
blocked thread never keeps the program from quitting.
"""

from __future__ import annotations

import datetime as dt
import itertools
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from moclone_tui.api import Client
from moclone_tui.cloning.progress import kill_until
from moclone_tui.errors import ConfigError, MocloneError, OutcomeUnknown
from moclone_tui.jobs.ends import because, of_bug, of_error
from moclone_tui.jobs.journal import Entry, Journal
from moclone_tui.jobs.lost import look_up, outcome_of
from moclone_tui.jobs.model import JobContext, JobEvent, JobSpec, JobState, Outcome
from moclone_tui.jobs.pace import Pace
from moclone_tui.jobs.recording import recorded
from moclone_tui.jobs.turns import Turns

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
    events: list[JobEvent] = field(default_factory=list)
    """What it told, beginnings of steps aside."""
    newest: JobEvent | None = None
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
        limit: How many jobs run at once; the others wait, in their order.
        read_only: Whether nothing may be changed: jobs that do are then refused.
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
        self._turns = Turns(limit)
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
        if self._read_only and spec.changes:
            raise ConfigError(
                "The profile is read-only: nothing is changed.",
                remedy="Use another profile, or take read_only out of this one.",
            )
        job = _Job(next(self._numbers), spec)
        self._jobs[job.number] = job
        self._turns.line_up(job.number)
        self._tell(job, JobState.QUEUED, "queued")
        threading.Thread(
            target=self._run, args=(job,), name=f"job-{job.number}", daemon=True
        ).start()
        return job.number

    def again(self, number: int) -> int:
        """Begin anew what a job did, or was to do; gives the new job's number.

        Raises:
            ConfigError: The profile is read-only.
        """
        return self.submit(self._jobs[number].spec)

    def spec(self, number: int) -> JobSpec:
        """What a job was given to do."""
        return self._jobs[number].spec

    @property
    def newest(self) -> tuple[JobEvent, ...]:
        """The newest event of each job, oldest job first: how all of them stand."""
        newest = [job.newest for job in list(self._jobs.values())]
        return tuple(event for event in newest if event is not None)

    def events(self, number: int) -> tuple[JobEvent, ...]:
        """What a job told so far, in order; the first one when it was submitted."""
        with self._telling:
            return tuple(self._jobs[number].events)

    def sent(self, number: int) -> tuple[str, ...]:
        """What a job sent so far that changes something, in order.

        Nothing without a journal.
        """
        return tuple(self._jobs[number].entry.sent)

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
                words = because("cancelled before it began", why)
                self._end(job, Outcome(JobState.CANCELLED, words))
                return True
            job.entry.write("cancelling", durably=True, why=why)
            self._tell(job, JobState.CANCELLING, because("cancelling", why))
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

    def hand_over(
        self, take: Callable[[JobSpec], None], why: str, patience: float = PATIENCE
    ) -> int:
        """Stop what has not ended, and give it to somebody who does it anew.

        What runs is cancelled first and given away once the server has rolled it back:
        it is never done twice at once. What ended well meanwhile is not given away,
        nor what is being cancelled already, nor what does not stop (see `stop`).

        Args:
            take: Takes a job; called here, one after another, in their order.
            why: Where they go, as their ends tell it.
            patience: Seconds to wait.

        Returns:
            How many were given away.

        Raises:
            MocloneError: It was not taken; what comes behind it stays cancelled, and
                the journal no longer says that somebody does it anew.
        """
        live = [
            job
            for job in list(self._jobs.values())
            if not job.state.ended and not job.cancelled
        ]
        for job in reversed(live):  # lest one that waits begins meanwhile
            self.cancel(job.number, why)
        until, given = time.monotonic() + patience, 0
        for at, job in enumerate(live):
            job.until = job.until or until
            job.done.wait(max(0.0, job.until - time.monotonic()))
            if job.state is not JobState.CANCELLED:
                self._stays(job)
                continue
            try:
                take(job.spec)
            except MocloneError:
                for each in live[at:]:
                    self._stays(each)
                raise
            given += 1
        return given

    def _stays(self, job: _Job) -> None:
        """Nobody does it anew: neither its end nor its journal is to say so."""
        with self._telling:
            job.why = ""
            if job.state is JobState.CANCELLED:
                words = "cancelled; it was to be begun anew elsewhere, and was not"
                self._write_end(job, Outcome(job.state, words), None, 0.0)

    def _stop(self, job: _Job) -> None:
        try:
            with self._connect() as client:
                kill_until(job.done, job.connections, client)
        except MocloneError as error:
            self._tell(job, None, "the server could not be asked to stop", error=error)

    def _run(self, job: _Job) -> None:
        try:
            plan = job.spec.describe()
            self._write_down(job, plan)
            with self._turns.turn(job.number):
                self._begin(job, plan)
        except Exception as bug:  # noqa: BLE001 a job must never run for ever
            self._end(job, *of_bug(bug))
        finally:
            self._turns.give_up(job.number)
            job.done.set()

    def _write_down(self, job: _Job, plan: dict[str, object]) -> None:
        """Have it in the journal before its turn: what waits can be lost, too."""
        if self._journal is None:
            return
        entry = self._journal.begin(
            job.spec.title, plan, lambda text: self._tell(job, None, text)
        )
        with self._telling:
            job.entry = entry
            if job.state.ended:  # cancelled while it was written down
                last = job.events[-1]
                self._write_end(job, Outcome(last.state, last.text), None, 0.0)

    def _begin(self, job: _Job, plan: dict[str, object]) -> None:
        with self._telling:
            if job.state.ended:
                return
            started = self._stopwatch()
            job.pace = Pace(started)
            self._tell(job, JobState.RUNNING, "started")
        error: MocloneError | None = None
        try:
            outcome = self._work(job, plan)
            if job.cancelled and outcome.state in _ENDED_WELL:
                outcome = replace(outcome, text=f"{outcome.text} · {_TOO_LATE}")
        except OutcomeUnknown as lost:
            outcome, error = self._of_lost(job, lost)
        except MocloneError as caught:
            outcome, error = of_error(caught, job.why), caught
        except Exception as bug:  # noqa: BLE001 a job must never run for ever
            outcome, error = of_bug(bug)
        self._end(job, outcome, error, self._stopwatch() - started)

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
        outcome: Outcome,
        error: MocloneError | None = None,
        seconds: float = 0.0,
    ) -> None:
        self._write_end(job, outcome, error, seconds)
        self._tell(
            job,
            outcome.state,
            outcome.text,
            seconds=seconds,
            error=error,
            data=outcome.data,
        )
        job.done.set()

    def _write_end(
        self, job: _Job, outcome: Outcome, error: MocloneError | None, seconds: float
    ) -> None:
        job.entry.write(
            "end",
            durably=True,
            state=outcome.state,
            outcome=outcome.text,
            error=str(error or ""),
            seconds=round(seconds, 3),
        )

    def _tell(
        self,
        job: _Job,
        state: JobState | None,
        text: str,
        *,
        seconds: float | None = None,
        error: MocloneError | None = None,
        data: Mapping[str, object] = MappingProxyType({}),
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
            event = JobEvent(
                job.number, title, at, state, text, seconds, error, pace, data
            )
            job.newest = event
            if text:
                job.events.append(event)
            self._on_event(event)
