"""The jobs that make, change and drop PITRs; they look at what is listed then."""

from __future__ import annotations

from dataclasses import dataclass

from moclone_tui.api import Pitr, PitrUnit, SnapshotLevel
from moclone_tui.api import restore_sql as sql
from moclone_tui.jobs.model import JobContext, JobSpec, JobState, Outcome


@dataclass(frozen=True, slots=True)
class MakePitr(JobSpec):
    """Make a PITR: from now on, any moment within its range can be gone back to."""

    name: str
    level: SnapshotLevel
    length: int
    unit: PitrUnit
    database: str | None = None
    table: str | None = None

    @property
    def title(self) -> str:
        """`make the PITR shop_week`."""
        return f"make the PITR {self.name}"

    @property
    def statement(self) -> str:
        """The statement as it is sent."""
        return sql.create_pitr(
            self.name, self.level, self.length, self.unit, self.database, self.table
        )

    @property
    def steps(self) -> tuple[str, ...]:
        """One statement, and a look at what the server then lists."""
        return (self.statement,)

    def run(self, context: JobContext) -> Outcome:
        """Make it, and look at what the server then lists."""
        with context.step(self.statement):
            made = context.client.pitr.create(
                self.name,
                self.level,
                self.length,
                self.unit,
                self.database,
                self.table,
            )
        words = f"{made.covers} can be gone back to from {_time(made)} on"
        return _listed(made, self.length, self.unit, words)


@dataclass(frozen=True, slots=True)
class ChangePitr(JobSpec):
    """Set how far back a PITR reaches."""

    name: str
    length: int
    unit: PitrUnit

    @property
    def title(self) -> str:
        """`change the PITR shop_week`."""
        return f"change the PITR {self.name}"

    @property
    def statement(self) -> str:
        """The statement as it is sent."""
        return sql.alter_pitr(self.name, self.length, self.unit)

    @property
    def steps(self) -> tuple[str, ...]:
        """One statement, and a look at what the server then lists."""
        return (self.statement,)

    def run(self, context: JobContext) -> Outcome:
        """Change it, and look at what the server then lists."""
        with context.step(self.statement):
            found = context.client.pitr.alter(self.name, self.length, self.unit)
        words = f"it reaches back {found.range}"
        return _listed(found, self.length, self.unit, words)


@dataclass(frozen=True, slots=True)
class DropPitr(JobSpec):
    """Drop a PITR. What only it kept can then no longer be read."""

    name: str

    @property
    def title(self) -> str:
        """`drop the PITR shop_week`."""
        return f"drop the PITR {self.name}"

    @property
    def statement(self) -> str:
        """The statement as it is sent."""
        return sql.drop_pitr(self.name)

    @property
    def steps(self) -> tuple[str, ...]:
        """One statement, and a look whether the server lists it still."""
        return (self.statement,)

    def run(self, context: JobContext) -> Outcome:
        """Drop it, and look whether the server lists it still."""
        with context.step(self.statement):
            context.client.pitr.delete(self.name)
        if context.client.pitr.exists(self.name):
            return Outcome(JobState.DIFFERS, f"{self.name} is listed still")
        return Outcome(JobState.DONE, f"{self.name} is gone")


def _listed(found: Pitr, length: int, unit: PitrUnit, words: str) -> Outcome:
    """Whether the server lists what was asked for."""
    if (found.length, found.unit) != (length, unit):
        return Outcome(JobState.DIFFERS, f"the server lists a range of {found.range}")
    return Outcome(JobState.DONE, words)


def _time(pitr: Pitr) -> str:
    return f"{pitr.created:%Y-%m-%d %H:%M:%S} UTC"
