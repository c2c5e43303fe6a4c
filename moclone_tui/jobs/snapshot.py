"""The jobs that take and drop snapshots."""

from __future__ import annotations

from dataclasses import dataclass

from moclone_tui.api import SnapshotLevel, sql
from moclone_tui.api.names import fold
from moclone_tui.cloning.identity import Object
from moclone_tui.jobs.keeping import NO_END, Keep
from moclone_tui.jobs.model import JobContext, JobSpec, JobState, Outcome


@dataclass(frozen=True, slots=True)
class TakeSnapshot(JobSpec):
    """Take a snapshot of the cluster, an account, a database or a table."""

    name: str
    level: SnapshotLevel
    database: str | None = None
    table: str | None = None
    keep: Keep = NO_END
    """How long it is kept."""
    taken_for: tuple[Object, ...] = ()
    """What it is taken for, if that is less than all it covers."""

    @property
    def title(self) -> str:
        """`snapshot shop_20260102`."""
        return f"snapshot {self.name}"

    @property
    def statement(self) -> str:
        """The statement as it is sent."""
        return sql.create_snapshot(self.name, self.level, self.database, self.table)

    @property
    def steps(self) -> tuple[str, ...]:
        """One statement, and a look at what the server then lists."""
        return (self.statement,)

    def describe(self) -> dict[str, object]:
        """For the journal."""
        return {
            "kind": "snapshot",
            "statements": [self.statement],
            "targets": [{"type": "snapshot", "name": fold(self.name)}],
            "keep": self.keep.as_dict(),
            "taken_for": [
                {"type": each.type, "name": each.name} for each in self.taken_for
            ],
        }

    def run(self, context: JobContext) -> Outcome:
        """Take it, and look at what the server then lists."""
        with context.step(self.statement):
            snapshot = context.client.snapshots.create(
                self.name, self.level, self.database, self.table
            )
        return Outcome(
            JobState.DONE,
            f"taken of {snapshot.covers} as of {snapshot.created:%H:%M:%S} UTC",
        )
