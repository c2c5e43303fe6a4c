"""Jobs as values: what is to be done, how it stands, what happened."""

from __future__ import annotations

import datetime as dt
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import ClassVar

from moclone_tui.api import Client
from moclone_tui.cloning.identity import Object
from moclone_tui.cloning.progress import Step
from moclone_tui.errors import Cancelled, MocloneError
from moclone_tui.jobs.journal import Entry
from moclone_tui.jobs.pace import Pace


class JobState(StrEnum):
    """How a job stands."""

    QUEUED = "queued"
    RUNNING = "running"
    CANCELLING = "cancelling"
    DONE = "done"
    SKIPPED = "skipped"
    DIFFERS = "differs"
    NOT_VERIFIED = "not verified"
    FAILED = "failed"
    CANCELLED = "cancelled"
    UNKNOWN = "outcome unknown"

    @property
    def ended(self) -> bool:
        """Whether nothing more will happen."""
        return self not in (JobState.QUEUED, JobState.RUNNING, JobState.CANCELLING)


@dataclass(frozen=True, slots=True)
class JobEvent:
    """One thing that happened to a job."""

    job: int
    """The job's number, counted from 1."""
    title: str
    """What the job does: `clone shop → shop_dev`. Not yet fit to show."""
    at: dt.datetime
    """When, by this machine's clock, UTC."""
    state: JobState
    """How the job stands now."""
    text: str
    """What happened, in words or as the SQL that was sent. Not yet fit to show.

    Empty when a step begins: it is told when it is through, `pace` has it until then.
    """
    seconds: float | None = None
    """How long it took: of a step, or of the whole job if it ended."""
    error: MocloneError | None = None
    """What went wrong, if something did."""
    pace: Pace | None = None
    """How far it is; None if it has not started."""
    data: Mapping[str, object] = field(default_factory=dict, hash=False)
    """What came of the job, as JSON has it, if it ended and told so."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a job ended, of its own accord."""

    state: JobState
    text: str
    data: Mapping[str, object] = field(default_factory=dict, hash=False)
    """The same as JSON has it: counts and names."""


@dataclass(slots=True)
class JobContext:
    """What a job works with.

    Attributes:
        client: A connection of the job's own.
        connections: Where a job puts the numbers of the connections that may have to
            be stopped when it is cancelled.
    """

    client: Client
    emit: Callable[[str, float | None], None]
    clock: Callable[[], float]
    """Seconds, to measure steps by."""
    pace: Pace
    """How far it is."""
    cancelled: Callable[[], bool] = lambda: False
    """Whether the job is to stop."""
    connections: list[int] = field(default_factory=list)
    entry: Entry = field(default_factory=Entry)
    """Its lines in the journal."""

    def expect(self, steps: int) -> None:
        """Hear how many steps there are in all, those that are through included."""
        self.pace = self.pace.expect(steps)

    def say(self, text: str) -> None:
        """Tell something about the job."""
        self.emit(text, None)

    def watch(self, connection: int) -> None:
        """Hear of a connection that has to be stopped if the job is cancelled."""
        self.connections.append(connection)

    def temporary(self, name: str, kind: str) -> None:
        """Hear of a temporary object that is about to be made.

        If this process dies before it is dropped, the next start drops it.

        Args:
            name: `moclone_tmp_…`; of a table as SQL has it, its database included.
            kind: `snapshot`, `database` or `table`.
        """
        self.entry.temporary(Object(kind, name))

    def dropped(self, name: str, kind: str) -> None:
        """Hear that a temporary object is gone again."""
        self.entry.dropped(Object(kind, name))

    def check(self) -> None:
        """Go on, unless the job is to stop.

        Raises:
            Cancelled: It is.
        """
        if self.cancelled():
            raise Cancelled("The job was cancelled between two steps.")

    @contextmanager
    def step(self, text: str, *, seconds: float | None = None) -> Iterator[Step]:
        """Tell that a step begins; and once it is through, how long it took.

        Args:
            text: What is done: the statement, or words.
            seconds: About how long it takes; None if that cannot be said.

        Raises:
            Cancelled: The job is to stop: the step is not begun.
        """
        self.check()
        step = Step(text)
        begun = self.clock()
        self.pace = self.pace.begin(text, seconds, begun)
        self.emit("", None)
        try:
            yield step
        except BaseException:
            self.pace = self.pace.stopped()
            raise
        ended = self.clock()
        self.pace = self.pace.through(ended)
        self.emit(step.text, ended - begun)


class JobSpec(ABC):
    """What is to be done. Instances are values: they can be run again."""

    changes: ClassVar[bool] = True
    """Whether it changes something on the server."""

    @property
    @abstractmethod
    def title(self) -> str:
        """What the job does, in a few words, with the names as they are."""

    @property
    @abstractmethod
    def statement(self) -> str:
        """The statement at its heart, as it is sent."""

    @property
    @abstractmethod
    def steps(self) -> tuple[str, ...]:
        """What it does, step by step, for people to read before it begins."""

    @property
    def overwrites(self) -> tuple[str, ...]:
        """What it drops or overwrites: names to be typed before it is run again."""
        return ()

    def describe(self) -> dict[str, object]:
        """What it is to do, for the journal: text, numbers and lists of them.

        `kind`; `at`, the moment in words; `statements`; and `targets`, what it makes:
        each with `type` (`database`, `table`, `snapshot`), `name` (of a table as SQL
        has it), `source` if it is a copy, and `account` if it is not the login's own.
        What became of a job without targets cannot be found out after a crash.
        """
        return {
            "kind": type(self).__name__.lower(),
            "statements": list(self.steps),
            "targets": [],
        }

    @abstractmethod
    def run(self, context: JobContext) -> Outcome:
        """Do it.

        Raises:
            MocloneError: It failed; the runner tells why.
        """
