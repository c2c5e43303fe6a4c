"""History: the journal and the server's log in one list, each line with its sources.

A job is one line, whoever ran it: what the server logged of it carries its name. What
no moclone sent is a line for each statement. Where the log may not be read, or has not
come yet, the journal alone speaks.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from moclone_tui.api import Moment, TableName
from moclone_tui.api._connected import Connected
from moclone_tui.cloning.making import making
from moclone_tui.cloning.server_log import Logged, server_log
from moclone_tui.cloning.touching import touches
from moclone_tui.jobs.journal import Place, os_user
from moclone_tui.jobs.records import JobRecord, read

JOURNAL, LOG = "journal", "server's log"
_WORST = ("failed", "rolled back", "not committed", "done")


@dataclass(frozen=True, slots=True)
class Line:
    """Something that was done, by whomever. No text in it is fit to show yet."""

    when: dt.datetime
    """When it began, UTC: by this machine's clock if only the journal knows of it."""
    title: str
    """`clone shop → shop_dev`, or the statement."""
    what: str
    """`clone`, `restore`, `snapshot`, `put back`, `drop`, …"""
    objects: tuple[str, ...]
    """What it is about: databases, `database.table`, snapshots."""
    person: str
    """`ann as root`, or `root@10.0.0.7` where only the server knows of it."""
    outcome: str
    """`done`, `failed`, …: of a job as `JobState` has it."""
    detail: str
    """How it ended, in words; of a failure why."""
    seconds: float | None
    """How long it took; None if that is not known."""
    sources: tuple[str, ...]
    """Who says so."""
    statements: tuple[str, ...] = ()
    """What was sent."""
    before: Moment | None = None
    """The last moment before it, by the server's clock; None if that is not known."""
    record: JobRecord | None = None
    """What the journal has of it."""
    thing: str | TableName | None = None
    """What to look at just before it: of a copy its source; None if that is not one
    database or table."""

    def as_dict(self) -> dict[str, object]:
        """It as JSON has it."""
        return {
            "when": self.when.isoformat(),
            "what": self.what,
            "title": self.title,
            "objects": list(self.objects),
            "person": self.person,
            "outcome": self.outcome,
            "detail": self.detail,
            "seconds": self.seconds,
            "sources": list(self.sources),
            "job": self.record.job if self.record else None,
            "statements": list(self.statements),
        }


@dataclass(frozen=True, slots=True)
class Filter:
    """Which lines are wanted; what is left empty takes all."""

    object: str = ""
    """Part of the name of what it is about, in any case."""
    person: str = ""
    """Part of who did it, in any case."""
    outcome: str = ""
    """Part of how it ended, in any case."""
    day: dt.date | None = None
    """The day, in this machine's zone."""

    def takes(self, line: Line) -> bool:
        """Whether a line is wanted."""
        return (
            _in(self.object, (*line.objects, line.title))
            and _in(self.person, (line.person,))
            and _in(self.outcome, (line.outcome,))
            and (self.day is None or line.when.astimezone().date() == self.day)
        )


def _in(wanted: str, texts: Iterable[str]) -> bool:
    return any(wanted.lower() in each.lower() for each in texts)


@dataclass(frozen=True, slots=True)
class History:
    """What is known to have been done on a server."""

    lines: tuple[Line, ...]
    """Newest first."""
    log_read: bool
    """Whether this login may read the server's log."""


def history(
    run: Connected, folder: Path, place: Place, since: dt.datetime, until: dt.datetime
) -> History:
    """What was done on a server, as the journal and the server's log have it.

    Args:
        run: A client or session.
        folder: The journal's.
        place: Where the client is connected.
        since: From when on.
        until: Up to when.

    Raises:
        MocloneError: The server could not be asked.
        OSError: The journal cannot be read.
    """
    jobs = [
        job
        for job in read(folder)
        if place.same(job.place) and since <= job.begun <= until
    ]
    logged = server_log(run, since.timestamp(), until.timestamp())
    return History(tuple(folded(jobs, logged or ())), logged is not None)


def folded(jobs: Iterable[JobRecord], logged: Iterable[Logged]) -> list[Line]:
    """Both in one list, newest first."""
    lines: list[Line] = []
    noted: dict[str, list[Logged]] = {}
    for each in logged:
        if each.job:
            noted.setdefault(each.job, []).append(each)
        else:
            lines.append(of_log([each]))
    for job in jobs:
        notes = noted.pop(job.job, [])
        lines.append(_with_notes(of_job(job), notes))
    lines += [of_log(notes) for notes in noted.values()]
    return sorted(lines, key=lambda line: line.when, reverse=True)


def of_job(job: JobRecord) -> Line:
    """What the journal has of a job."""
    objects = [str(each.object) for each in job.targets]
    objects += [_plain(each.source) for each in job.targets if each.source]
    return Line(
        when=job.begun,
        title=job.title,
        what=job.kind or "job",
        objects=tuple(dict.fromkeys(objects)),
        person=_person(os_user(), job.place.user),
        outcome=job.word,
        detail=job.outcome or job.error or job.unclear,
        seconds=job.seconds,
        sources=(JOURNAL,),
        statements=job.sent,
        before=Moment(ns=job.clock * 10**9) if job.clock else None,
        record=job,
        thing=_thing_of_job(job),
    )


def _thing_of_job(job: JobRecord) -> str | TableName | None:
    for each in job.targets:
        if each.object.type == "snapshot" or each.object.account:
            continue
        name = each.source if job.kind == "clone" and each.source else each.object.name
        return TableName.parse(name) if each.object.type == "table" else name
    found = (_thing(statement) for statement in job.sent)
    return next((each for each in found if each is not None), None)


def _thing(statement: str, database: str = "") -> str | TableName | None:
    made = making(statement, database)
    if made is not None and made.copies:
        source = made.source_database, made.source_table
        return TableName(source[1], source[0]) if source[1] else source[0]
    for each in touches(statement, database):
        if each.database not in ("", "*"):
            return TableName(each.table, each.database) if each.table else each.database
    return None


def _with_notes(line: Line, notes: Sequence[Logged]) -> Line:
    """A job of the journal of which the server tells, too."""
    if not notes:
        return line
    first = min(notes, key=lambda each: each.ns)
    return replace(line, sources=(*line.sources, LOG), before=first.before)


def of_log(notes: Sequence[Logged]) -> Line:
    """What the server logged: one statement, or all of a job run elsewhere."""
    notes = sorted(notes, key=lambda each: each.ns)
    first, last = notes[0], notes[-1]
    told = next((each for each in notes if each.kind in ("clone", "restore")), first)
    failed = next((each for each in notes if each.error), None)
    login = f"{first.user}@{first.host}"
    if first.account not in ("", "sys"):
        login = f"{first.account}#{login}"
    return Line(
        when=first.when,
        title=_title(told),
        what=told.kind,
        objects=tuple(dict.fromkeys(name for each in notes for name in _names(each))),
        person=_person(first.os_user, login),
        outcome=min((each.outcome for each in notes), key=_WORST.index),
        detail=failed.error if failed else "",
        seconds=(last.ns - first.ns) / 1e9 + last.seconds,
        sources=(LOG,),
        statements=tuple(each.statement for each in notes),
        before=first.before,
        thing=_thing(told.statement, told.database),
    )


def _person(user: str, login: str) -> str:
    return f"{user} as {login}" if user not in ("", login) else login


def _title(note: Logged) -> str:
    """`clone shop → shop_dev`; what cannot be read is told as it was sent."""
    made = making(note.statement, note.database)
    if made is None or not made.copies:
        return " ".join(note.statement.split())
    target = _path(made.database, made.table)
    if made.restores:
        return f"restore {target}"
    source = _path(made.source_database, made.source_table)
    return f"{note.kind} {source} → {target}"


def _names(note: Logged) -> Iterator[str]:
    for each in touches(note.statement, note.database):
        yield _path(each.database, each.table)
    made = making(note.statement, note.database)
    if made is not None and made.copies:
        yield _path(made.source_database, made.source_table)


def _path(database: str, table: str) -> str:
    return str(TableName(table, database or None)) if table else database


def _plain(name: str) -> str:
    """A source as people read it; of a table, the journal has it as SQL does."""
    return str(TableName.parse(name)) if name.startswith("`") else name


# Handing it on

_COLUMNS = (
    "when", "what", "title", "objects", "person", "outcome", "detail", "seconds",
    "sources", "job", "statements",
)  # fmt: skip


def as_jsonl(lines: Iterable[Line]) -> str:
    """A JSON object for each line."""
    return "".join(
        json.dumps(line.as_dict(), ensure_ascii=False) + "\n" for line in lines
    )


def as_csv(lines: Iterable[Line]) -> str:
    """A table with a head; several values of a cell are parted by `; `."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for line in lines:
        values = line.as_dict()
        writer.writerow([_cell(values[name]) for name in _COLUMNS])
    return out.getvalue()


def _cell(value: object) -> object:
    return "; ".join(map(str, value)) if isinstance(value, list) else value


def export(lines: Iterable[Line], file: Path, *, overwrite: bool = False) -> None:
    """Write lines to a file: as CSV if it is called so, else as JSON lines.

    Raises:
        FileExistsError: It is there already, and was not to be overwritten.
        OSError: It cannot be written.
    """
    kept = list(lines)
    text = as_csv(kept) if file.suffix.lower() == ".csv" else as_jsonl(kept)
    with file.open("w" if overwrite else "x", encoding="utf-8", newline="") as out:
        out.write(text)
