"""The registry: a table on the server that shares what moclone made, and for how long.

It is there only if somebody asked for it. Rows are only ever added; of an object the
newest counts. What it says beyond this machine's journal may protect an object; it may
let one go only if the server itself remembers that a job of moclone made that.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from moclone_tui import text
from moclone_tui.api import Client, QueryError, TableName
from moclone_tui.api.names import quote
from moclone_tui.cloning.activity import ran_of_job
from moclone_tui.cloning.identity import Object
from moclone_tui.cloning.making import making
from moclone_tui.errors import InvalidName
from moclone_tui.jobs.journal import Entry, Place, os_user
from moclone_tui.jobs.keeping import SLACK, Life, Made, made, of_job
from moclone_tui.jobs.model import JobContext, JobSpec, JobState, Outcome
from moclone_tui.jobs.process import Process
from moclone_tui.jobs.records import JobRecord

NAME = "`moclone`.`registry`"
"""The table, as SQL has it."""
_CREATE = (
    "CREATE DATABASE IF NOT EXISTS `moclone`",
    (
        f"CREATE TABLE IF NOT EXISTS {NAME} (id BIGINT PRIMARY KEY AUTO_INCREMENT,"
        " job VARCHAR(64), type VARCHAR(16), name VARCHAR(1000), number VARCHAR(64),"
        " created BIGINT, what VARCHAR(16), source VARCHAR(1000), at VARCHAR(1000),"
        " done BIGINT, user VARCHAR(300), machine VARCHAR(300), ends BIGINT,"
        " protected INT, disposable INT, said_by VARCHAR(300))"
    ),
)
_COLUMNS = (
    "job, type, name, number, created, what, source, at, done, user, machine, ends,"
    " protected, disposable"
)
_READ = f"SELECT {_COLUMNS} FROM {NAME} ORDER BY id"  # noqa: S608 constants
_ADD = f"INSERT INTO {NAME} ({_COLUMNS}, said_by) VALUES "  # noqa: S608 constants
_THERE = (
    "SELECT COUNT(*) FROM information_schema.tables"
    " WHERE table_schema = 'moclone' AND table_name = 'registry'"
)
_JOB = re.compile(r"[0-9a-f]{6,64}")
_MAKING = 3600
"""Seconds at most from when something was made until its job was through with it."""
_LONGEST = 86400
"""Seconds that the statement may have taken which made something."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of what moclone made on a server."""

    made: tuple[Made, ...]
    """By this machine's journal and the registry together."""
    shared: bool
    """Whether there is a registry; else it is what this machine's journal knows."""

    @property
    def words(self) -> str:
        """How far it goes: `as far as this machine's journal knows`."""
        also = " and moclone.registry know" if self.shared else " knows"
        return f"as far as this machine's journal{also}"


def known(client: Client, folder: Path, place: Place) -> Known:
    """What moclone made on a server, by the journal and by the registry if it is there.

    Where both know an object, the more careful word of the two counts.

    Raises:
        OSError: The journal cannot be read.
        ConnectionError: The connection was lost.
    """
    local = made(folder, place)
    try:
        rows = client.execute(_READ).rows
    except QueryError:
        return Known(local, shared=False)
    shared: dict[tuple[Object, str], Made] = {}
    for row in rows:
        with contextlib.suppress(ValueError, OverflowError, OSError, InvalidName):
            # Whoever may write to it may have written anything.
            if (each := _made(row, place)) is not None:
                shared[each.object, each.object.id] = each
    found: dict[Object, Made] = {}
    for each in local:
        said = shared.pop((each.object, each.object.id), None)
        found[each.object] = _careful(each, said) if said else each
    for each in shared.values():
        other = found.get(each.object)
        if other is None or other.object.created < each.object.created:
            found[each.object] = each
    return Known(tuple(found.values()), shared=True)


def _careful(mine: Made, theirs: Made) -> Made:
    """The same, kept as long as either says."""
    ends = (mine.life.until, theirs.life.until)
    return replace(
        mine,
        life=Life(
            None if None in ends else max(end for end in ends if end is not None),
            protected=mine.life.protected or theirs.life.protected,
            disposable=mine.life.disposable and theirs.life.disposable,
        ),
    )


def _made(row: Sequence[object], place: Place) -> Made | None:
    """A row as what it says; None if it is no whole one."""
    job, kind, name, number, created, what, source, at, done, user, machine = row[:11]
    if kind not in ("database", "table", "snapshot") or not name or not number:
        return None
    if kind == "table":
        name = TableName.parse(str(name)).sql
    ends, protected, disposable = row[11:14]
    when = int(str(created or 0))
    moment = dt.datetime.fromtimestamp(when, dt.UTC)
    record = JobRecord(
        job=str(job or ""),
        file=Path(),
        title="",
        place=replace(place, user=str(user or "")),
        process=Process(str(machine or ""), 0, ""),
        begun=moment,
        last=moment,
        at=str(at or ""),
    )
    life = Life(
        None if ends is None else int(str(ends)),
        protected=bool(protected),
        disposable=bool(disposable),
    )
    _ = life.ends  # a time that there is
    if kind == "table" and source:
        source = TableName.parse(str(source)).sql
    return Made(
        Object(str(kind), str(name), id=str(number), created=when),
        life,
        str(what or "copy"),
        record,
        str(source or ""),
        min(int(str(done or 0)), when + _MAKING),
        shared=True,
    )


def confirmed(client: Client, each: Made) -> bool:
    """Whether the server remembers that a job of moclone made it.

    Raises:
        ConnectionError: The connection was lost.
    """
    if not _JOB.fullmatch(each.job.job):
        return False
    created = each.object.created
    notes = ran_of_job(client, each.job.job, created - _LONGEST, created + SLACK)
    return any(
        note.well
        and note.answered.timestamp() >= created - SLACK
        and _makes(note.statement, note.database, each.object)
        for note in notes or ()
    )


def _makes(statement: str, database: str, it: Object) -> bool:
    if it.type == "snapshot":
        return statement.startswith(f"CREATE SNAPSHOT {quote(it.name)} ")
    what = making(statement, database)
    if what is None or what.restores:
        return False
    if it.type == "database":
        return (what.database, what.table) == (it.name, "")
    name = TableName.parse(it.name)
    return (what.database, what.table) == (name.database, name.table)


# ---------------------------------------------------------------------------- to share


def is_there(client: Client) -> bool:
    """Whether there is a registry."""
    return bool(client.execute(_THERE).first[0])


def publish(client: Client, found: Iterable[Made]) -> None:
    """Say in the registry how long things are kept.

    Raises:
        QueryError: There is none, or the login may not write to it.
        ConnectionError: The connection was lost.
    """
    values = [_row(each) for each in found]
    if values:
        places = f"({', '.join(['%s'] * len(values[0]))})"
        rows = ", ".join([places] * len(values))
        client.execute(_ADD + rows, [each for row in values for each in row])


def _row(each: Made) -> tuple[object, ...]:
    it, life = each.object, each.life
    return (
        each.job.job, it.type, it.name, it.id, it.created, each.what, each.source,
        each.at, each.done, each.job.place.user, each.job.process.machine, life.until,
        int(life.protected), int(life.disposable), os_user(),
    )  # fmt: skip


def publish_job(client: Client, entry: Entry) -> None:
    """Share what a job just made, if there is a registry.

    Raises:
        MocloneError: It could not be shared; the journal has it.
        OSError: The journal cannot be read.
    """
    if entry.file is not None and is_there(client):
        publish(client, of_job(entry.file, entry.job))


@dataclass(frozen=True, slots=True)
class Share(JobSpec):
    """Say in the registry how long things are kept, and make it if asked to."""

    found: tuple[Made, ...]
    create: bool = False
    """Whether to make the registry if it is not there yet."""

    @property
    def title(self) -> str:
        """`share the life of 3 objects`."""
        return f"share the life of {text.plural(len(self.found), 'object')}"

    @property
    def statement(self) -> str:
        """What is sent, the values aside."""
        return "; ".join(self.steps)

    @property
    def steps(self) -> tuple[str, ...]:
        """The registry, if it is made, and the rows."""
        return (*(_CREATE if self.create else ()), f"INSERT INTO {NAME} …")

    def run(self, context: JobContext) -> Outcome:
        """Make it if asked to, and add the rows."""
        for statement in _CREATE if self.create else ():
            with context.step(statement):
                context.client.execute(statement)
        with context.step(f"INSERT INTO {NAME} …"):
            publish(context.client, self.found)
        return Outcome(JobState.DONE, "moclone.registry tells it to everybody here")
