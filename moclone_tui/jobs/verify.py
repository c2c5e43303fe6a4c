"""The job that compares a copy with what it was made of; it changes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from moclone_tui import text
from moclone_tui.api import Client, TableName
from moclone_tui.cloning.lineage import Origin, lineage
from moclone_tui.cloning.verify import Verdict, verify_database, verify_table
from moclone_tui.errors import NotSupported
from moclone_tui.jobs.clone import STATES
from moclone_tui.jobs.model import JobContext, JobSpec, Outcome
from moclone_tui.jobs.records import known, read
from moclone_tui.jobs.reset import moment_of


@dataclass(frozen=True, slots=True)
class Verify(JobSpec):
    """Compare a copy with its origin, at the moment it was made: objects, DDL, counts.

    What was changed in the copy since then differs, as it should.
    """

    changes: ClassVar[bool] = False
    copy: str | TableName
    journal: Path | None = None
    """The folder of this machine's journal, which knows best where copies come from."""

    @property
    def title(self) -> str:
        """`verify shop_dev`."""
        return f"verify {self.copy}"

    @property
    def statement(self) -> str:
        """Nothing that could be run by hand: it is many looks."""
        return ""

    @property
    def steps(self) -> tuple[str, ...]:
        """What it does, in words."""
        return (
            f"find out where {self.copy} came from, and as of when",
            "compare objects, DDL and exact row counts at that moment",
        )

    def run(self, context: JobContext) -> Outcome:
        """Find the origin, and compare.

        Raises:
            NotSupported: Nobody knows where it came from, it is not a copy, or the
                snapshot it was made from is gone.
        """
        context.expect(2)
        with context.step("look where it came from") as step:
            origin = self._origin(context.client)
            step.text = str(origin)
        if origin.moment and moment_of(context.client, origin) is None:
            raise NotSupported(
                f"{self.copy} cannot be verified: the snapshot {origin.moment} that it"
                " was made from is gone.",
                remedy="Compare it with what you think it should be: =",
            )
        with context.step(f"compare with {origin.source}"):
            verdict = self._compare(context.client, origin)
        words = [verdict.word, f"as {origin.source} was", *verdict.differences[:3]]
        return Outcome(
            STATES[verdict.word], text.safe(" · ".join([*words, *verdict.unchecked]))
        )

    def _origin(self, client: Client) -> Origin:
        where = [str(self.copy)]
        if isinstance(self.copy, TableName):
            where = [self.copy.database or "", self.copy.table]
        try:
            jobs = read(self.journal) if self.journal is not None else []
        except OSError:
            jobs = []  # then the server alone tells
        told = lineage(client, known(jobs), *where)
        found = next((it for it in told if it.word == "clone" and it.source), None)
        if found is None:
            raise NotSupported(
                f"{self.copy} cannot be verified: nobody knows what it is a copy of.",
                remedy="Compare it with what you think it should be: =",
            )
        return found

    def _compare(self, client: Client, origin: Origin) -> Verdict:
        if isinstance(self.copy, TableName):
            source = TableName.parse(origin.source)
            return verify_table(client, self.copy, source, origin.moment)
        return verify_database(client, self.copy, origin.source, origin.moment)
