"""Temporary objects that a process left behind when it died, and their dropping.

Only what the journal of this machine names is ever dropped: by a name that no one else
gives, made after its job began, and only once the process of that job is dead.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from moclone_tui.api import TableName
from moclone_tui.cloning.identity import TEMPORARY, Object, look_up
from moclone_tui.jobs.journal import Entry, Place
from moclone_tui.jobs.model import JobContext, JobSpec, JobState, Outcome
from moclone_tui.jobs.records import JobRecord, open_jobs
from moclone_tui.text import plural

_ORDER = ("snapshot", "table", "database")


@dataclass(frozen=True, slots=True)
class Leftover:
    """A temporary object, and the job that made it."""

    object: Object
    job: JobRecord

    def is_it(self, seen: Object) -> bool:
        """Whether what has the name now is what the job made."""
        if self.object.id and seen.id != self.object.id:
            return False
        return bool(self.job.clock and seen.created >= self.job.clock - 1)


def leftovers(folder: Path, place: Place) -> tuple[Leftover, ...]:
    """What dead processes left on a server.

    Raises:
        OSError: The journal cannot be read.
    """
    found = [
        Leftover(each, job)
        for job in open_jobs(folder)
        if job.alive is False and place.same(job.place)
        for each in job.temporaries
        if _is_temporary(each)
    ]
    return tuple(sorted(found, key=lambda each: _ORDER.index(each.object.type)))


def _is_temporary(each: Object) -> bool:
    if each.type != "table":
        return each.type in _ORDER and each.name.startswith(TEMPORARY)
    name = TableName.parse(each.name)
    return any(part.startswith(TEMPORARY) for part in (name.table, name.database or ""))


@dataclass(frozen=True, slots=True)
class DropLeftovers(JobSpec):
    """Drop what dead processes left behind."""

    found: tuple[Leftover, ...]

    @property
    def title(self) -> str:
        """`drop 2 temporary objects`."""
        return f"drop {plural(len(self.found), 'temporary object')}"

    @property
    def statement(self) -> str:
        """The first drop."""
        return self.found[0].object.drop

    @property
    def steps(self) -> tuple[str, ...]:
        """A statement each."""
        return tuple(each.object.drop for each in self.found)

    def run(self, context: JobContext) -> Outcome:
        """Look at each once more, drop it, and write down with its job that it is gone.

        Of what this login cannot see, nothing is written: another one may see it.
        """
        gone, kept = 0, []
        for each in self.found:
            seen = look_up(context.client, [each.object])
            if any(map(each.is_it, seen.objects)):
                with context.step(each.object.drop):
                    context.client.execute(each.object.drop)
                gone += 1
                seen = look_up(context.client, [each.object])
            if seen.objects or seen.hidden:
                kept.append(str(each.object))
            else:
                Entry(each.job.job, each.job.file).dropped(each.object)
        words = f"dropped {plural(gone, 'temporary object')} of jobs that crashed"
        if kept:
            words += f"; {', '.join(kept)} was left alone: this login cannot see that "
            words += "it is what they made"
        return Outcome(JobState.DONE, words)
