"""Jobs behind a line at which a fault happens, looked at from the other side."""

from __future__ import annotations

import os
import random
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from moclone_tui import Client
from moclone_tui.jobs.journal import Journal, Place
from moclone_tui.jobs.model import JobEvent, JobSpec, JobState
from moclone_tui.jobs.runner import JobRunner
from tests.contract.faults import (
    Contents,
    Line,
    Witness,
    contents,
    should_see,
    some_fault,
)

if TYPE_CHECKING:
    from tests.conftest import Server

POINTS = {"embedded": 4, "real": 12}
"""Faults of each kind of work."""
SEED = os.environ.get("MOCLONE_TEST_SEED") or secrets.token_hex(4)

State = dict[str, Contents | None]


@dataclass(frozen=True)
class Work:
    """A job, and what its targets hold before it and after it."""

    spec: JobSpec
    before: Mapping[str, Contents | None]
    after: Mapping[str, Contents | None]
    tables: tuple[str, ...] = ("customers", "orders")
    """Tables that are there before and after, if anything is."""
    further: Callable[[JobEvent, str], None] = lambda end, told: None
    """What else has to be so, of the job's last event; with words for who reads."""


MADE = (JobState.DONE, JobState.NOT_VERIFIED)
NOT_MADE = (JobState.FAILED, JobState.CANCELLED)


@dataclass
class Trial:
    """Jobs behind a line, looked at from the other side."""

    server: Server
    client: Client
    line: Line
    folder: Path
    """Where the jobs are written down."""
    events: list[JobEvent] = field(default_factory=list)
    """What the newest job told."""

    def run(self, work: Work) -> JobEvent:
        """Run a job to its end, with a witness; gives its last event."""
        events = self.events = []
        runner = JobRunner(
            lambda: self.server.client(**self.line.address),
            events.append,
            journal=Journal(self.folder, Place("here", "root")),
        )
        self.line.cancel = lambda: runner.cancel(1)
        with Witness(self.server, tuple(work.before), work.tables) as witness:
            state = runner.wait(runner.submit(work.spec), 60)
            self.line.settled()
        assert state.ended, events
        allowed = (should_see(each, work.tables) for each in (work.before, work.after))
        assert witness.unlike(*allowed) == set()
        return events[-1]

    def look(self, work: Work) -> tuple[State, list[tuple[Any, ...]], list[str]]:
        """What the targets hold, their identity, and what keeps what they were."""
        looks: list[tuple[State, list[tuple[Any, ...]], list[str]]] = []
        # Twice the same: the server may still be at a COMMIT that nobody waits for.
        while len(looks) < 2 or looks[-2] != looks[-1]:
            state = {name: contents(self.client, name) for name in work.before}
            looks.append((state, self.identity(work), self._kept(work)))
        return looks[-1]

    def identity(self, work: Work) -> list[tuple[Any, ...]]:
        """What tells the targets from others of the same name and contents."""
        return sorted(
            row
            for name in work.before
            for row in self.client.execute(
                "SELECT reldatabase_id, relname, rel_id FROM mo_catalog.mo_tables"
                " WHERE account_id = current_account_id() AND reldatabase = %s",
                (name,),
            )
        )

    def _kept(self, work: Work) -> list[str]:
        every = [name for (name,) in self.client.execute("SHOW DATABASES")]
        prefixes = tuple(f"{name}_before" for name in work.before)
        return [name for name in every if name.startswith(prefixes)]

    def everywhere(self, kind: str, make: Callable[[str], Work]) -> None:
        """Let faults happen at points of one kind of work, and check what is told.

        Args:
            kind: What the work is called.
            make: Makes the work anew, with targets named by what it gets.
        """
        work = make("whole")
        assert self.run(work).state is JobState.DONE
        assert self.look(work)[0] == work.after
        dice = random.Random(f"{SEED} {kind}")
        traffic = self.line.traffic
        ended: list[tuple[Work, list[tuple[Any, ...]], JobEvent, str]] = []
        for point in range(POINTS[self.server.kind]):
            work = make(f"t{point}")
            fault = some_fault(dice, traffic)
            self.line.begin(fault)
            was = self.identity(work)
            end = self.run(work)
            told = f"MOCLONE_TEST_SEED={SEED}: {kind}, {fault}: {end.state}, {end.text}"
            print(told)
            ended.append((work, was, end, told))
            self.check(*ended[-1])
        for each in ended:  # nothing comes late
            self.check(*each)

    def check(
        self, work: Work, was: list[tuple[Any, ...]], end: JobEvent, told: str
    ) -> None:
        """Insist that the catalog shows what the job told."""
        found, identity, kept = self.look(work)
        assert end.state in (*MADE, *NOT_MADE, JobState.UNKNOWN), told
        assert found in (work.before, work.after), told
        if end.state in MADE:
            assert found == work.after, told
        if end.state in NOT_MADE:
            assert found == work.before, told
        if found == work.before:
            assert identity == was, told
            assert kept == [], told
        for name in kept:
            (before,) = work.before.values()
            back = contents(self.client, name)
            assert back, told
            assert before is not None
            assert back == {table: before[table] for table in back}, told
        work.further(end, told)
