"""Reset: a copy is made again from what it was made of, and takes its own place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from moclone_tui.api import Moment, TableName, sql
from moclone_tui.api._connected import Connected
from moclone_tui.cloning import dml
from moclone_tui.cloning.after import After
from moclone_tui.cloning.lineage import Origin, lineage
from moclone_tui.cloning.request import IfExists, Pair, Request
from moclone_tui.errors import NotFound, NotSupported
from moclone_tui.jobs.records import JobRecord, known
from moclone_tui.jobs.registry import NAME

_CHANGED = (
    "rows were changed when it was made (masked, or by a file): now only what this"
    " profile masks is"
)


@dataclass(frozen=True, slots=True)
class Reset:
    """A copy, and how it can be made again."""

    request: Request
    """The copy from its origin as it is now, in place of what is there; what is there
    is kept as the way back."""
    origin: Origin
    """Where it came from, and who says so."""
    then: Moment | None
    """The moment it was made at; None if nobody knows, or its snapshot is gone."""
    warning: str = ""
    """What the copy has now and is not made again, in words; empty if nothing is."""

    def at(self, moment: Moment) -> Request:
        """The same from the origin at a moment."""
        return replace(self.request, at=moment)


def reset(
    run: Connected,
    jobs: Sequence[JobRecord],
    what: str | TableName,
    after: After | None = None,
) -> Reset:
    """How a copy is made again from its origin.

    Args:
        run: A client or session.
        jobs: What the journal of this machine has.
        what: The copy: a database, or a table with its database.
        after: What the profile masks in every copy.

    Raises:
        NotFound: It is not there.
        NotSupported: Nobody knows where it came from, or it came from nothing.
        MocloneError: The server could not be asked.
    """
    where = (
        (what.database or "", what.table) if isinstance(what, TableName) else (what,)
    )
    told = lineage(run, known(jobs), *where)
    origin = next((each for each in told if each.word == "clone"), None)
    if origin is None or not origin.source:
        raise _refused(what, _why(told))
    makers = _made_by(jobs, origin)
    if any(job.kind == "clone between accounts" for job in makers):
        raise _refused(what, f"it came from another account, as {origin.source}")
    source: str | TableName = origin.source
    if isinstance(what, TableName):
        source = TableName.parse(origin.source)
    request = Request(
        (Pair(source, what),), if_exists=IfExists.REPLACE, after=after or After()
    )
    changed = any(_changes(sent) for job in makers for sent in job.sent)
    return Reset(request, origin, moment_of(run, origin), _CHANGED * changed)


def _changes(statement: str) -> bool:
    """Whether it changes rows, those of the registry aside."""
    return sql.first_word(statement) in dml.VERBS and NAME not in statement


def _refused(what: str | TableName, why: str) -> NotSupported:
    return NotSupported(
        f"{what} cannot be reset: {why}.",
        remedy="Drop it, and clone what you want in its place.",
    )


def _why(told: Sequence[Origin]) -> str:
    first = told[0]
    if first.word == "unknown":
        return "nobody knows where it came from (ALTER and TRUNCATE wipe it)"
    return f"it is not a copy, as {first.witness} says"


def _made_by(jobs: Sequence[JobRecord], origin: Origin) -> list[JobRecord]:
    return [job for job in jobs if f"job {job.job} of moclone" == origin.by]


def moment_of(run: Connected, origin: Origin) -> Moment | None:
    """The moment an origin names; a snapshot has to be there yet, and be the same.

    None if nobody knows it, or that snapshot is gone.
    """
    name = origin.moment.snapshot
    if not name:
        return origin.moment or None
    try:
        taken = run.snapshots.get(name).created
    except NotFound:
        return None
    return origin.moment if origin.when is None or taken <= origin.when else None
