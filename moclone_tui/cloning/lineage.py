"""Lineage: where a database or table came from, and who says so.

Three witnesses, in order of trust: the journal of this machine, the statements that the
server remembers, and what the catalog keeps of the statement that made a table. Where
none of them knows, the answer is "unknown": absent is never "original".
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from moclone_tui.api import NOW, Moment, NotFound, Table, TableName
from moclone_tui.api._connected import Connected
from moclone_tui.api.names import fold, utc
from moclone_tui.cloning.activity import Ran, ran
from moclone_tui.cloning.identity import Object, look_up
from moclone_tui.cloning.making import Making, making
from moclone_tui.text import safe

_LONGEST = 86400.0
"""Seconds that the statement may have taken which made something."""
_BESIDE = 1
"""Seconds between two of the server's clocks, which tell whole seconds."""


class Witness(StrEnum):
    """Who says so, the most trusted first."""

    JOURNAL = "journal"
    STATEMENTS = "system.statement_info"
    CATALOG = "rel_createsql"


@dataclass(frozen=True, slots=True)
class Known:
    """What the journal knows of something that a job made."""

    object: Object
    """With the number it was made with."""
    source: str
    """What it is a copy of, written as its own name; empty if of nothing."""
    at: str
    """The moment it was copied at, in words; empty for the present."""
    when: dt.datetime
    """When the job ended, UTC."""
    by: str
    """The job."""
    moment: Moment = NOW
    """The same moment, exactly; the present if that is not known."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where something came from, as one witness has it; not yet fit to show."""

    word: str
    """`clone`, `restored`, `made` (of nothing) or `unknown`."""
    witness: Witness | None = None
    """Who says so; None if nobody knows."""
    source: str = ""
    """What it is a copy of: `shop`, or a table as SQL has it."""
    at: str = ""
    """The moment of its data, in words; empty if that is not known or was the present.
    """
    when: dt.datetime | None = None
    """When it was made, UTC; None if that is not known."""
    by: str = ""
    """Who made it: a job, or user and host."""
    note: str = ""
    """What else there is to say."""
    moment: Moment = NOW
    """The moment of its data, exactly; the present if that is not known."""

    def __str__(self) -> str:
        """`clone of shop as of before_release, 2026-01-02 03:04 UTC (journal)`."""
        words = self.word
        if self.source:
            words = f"clone of {self.source}" if self.word == "clone" else words
        if self.at:
            words += f" as of {self.at}"
        if self.when is not None:
            words += f", {self.when:%Y-%m-%d %H:%M:%S} UTC"
        words += f", by {self.by}" if self.by else ""
        words += f"; {self.note}" if self.note else ""
        return safe(words + (f" ({self.witness})" if self.witness else ""))


def lineage(
    run: Connected, journal: Sequence[Known], database: str, table: str | None = None
) -> tuple[Origin, ...]:
    """Where a database or a table came from.

    Args:
        run: A client or session.
        journal: What the journal of this machine knows of what was made.
        database: The database.
        table: The table; None asks about the database itself.

    Returns:
        What each witness says, the most trusted first; one `unknown` if none knows.

    Raises:
        NotFound: It is not there.
        MocloneError: The server could not be asked.
    """
    wanted = Object("database", fold(database))
    if table is not None:
        wanted = Object.table(TableName(fold(table), fold(database)))
    seen = look_up(run, [wanted])
    if not seen.objects and not seen.hidden:
        raise NotFound(f"{wanted} does not exist.")
    (it,) = seen.objects or seen.hidden
    tables = [
        each
        for each in run.metadata.tables(database)
        if table is None or each.name == fold(table)
    ]
    found = [
        *_of_journal(journal, it),
        *_of_statements(run, it, fold(database), fold(table or "")),
        *_of_catalog(tables, table is not None),
    ]
    return tuple(found) or (Origin("unknown"),)


def _of_journal(journal: Sequence[Known], it: Object) -> Iterator[Origin]:
    """What a job wrote down; a name that is another object's by now proves nothing."""
    same = [each for each in journal if each.object == it and each.object.id == it.id]
    for known in same[:1] if it.id else ():
        word = "made"
        if known.source:
            word = "restored" if known.source == known.object.name else "clone"
        yield Origin(
            word,
            Witness.JOURNAL,
            known.source,
            known.at,
            known.when,
            known.by,
            moment=known.moment,
        )


def _of_statements(
    run: Connected, it: Object, database: str, table: str
) -> Iterator[Origin]:
    """The statement that was under way when it was made.

    A table that was altered has the time of that in its place, and no such statement:
    better none than that of an earlier table of the name.
    """
    if not it.created:
        return
    # A copied database names no table, and a table in the current one no database.
    words = [name.replace("`", "``") for name in (database, table or database)]
    earliest, until = it.created - _BESIDE, it.created + _BESIDE
    since = it.created - _LONGEST
    notes = ran(run, (words[0], words[1]), since, until, earliest)
    for note in reversed(notes or ()):
        what = making(note.statement, note.database)
        if (
            what is None
            or not note.well
            or (what.database, what.table) not in ((database, table), (database, ""))
        ):
            continue
        # A copy table by table begins with a database of nothing.
        if what.copies or not (note.job or what.table != table):
            yield _of_note(note, what, table)
        return


def _of_note(note: Ran, what: Making, table: str) -> Origin:
    by = f"{note.user}@{note.host.rpartition(':')[0] or note.host}"
    if note.job:
        by = f"job {note.job} of {note.os_user} as {by}"
    source = _path(
        what.source_database, what.source_table or (table if what.copies else "")
    )
    word = ("restored" if what.restores else "clone") if what.copies else "made"
    at = str(what.at) if what.at else ""
    return Origin(
        word,
        Witness.STATEMENTS,
        source if what.copies else "",
        at,
        note.when,
        by,
        moment=what.at,
    )


def _of_catalog(tables: Sequence[Table], single: bool) -> Iterator[Origin]:
    """What the catalog keeps; ALTER and TRUNCATE wipe it."""
    copies = [
        what
        for each in tables
        if (what := making(each.made_by)) is not None and what.copies
    ]
    if not copies:
        return
    if single:
        what = copies[0]
        source = _path(what.source_database, what.source_table)
        yield _of_copy(what, source, "")
        return
    (source, many), *_ = Counter(each.source_database for each in copies).most_common()
    what = next(each for each in copies if each.source_database == source)
    note = "" if many == len(tables) else f"{many} of {len(tables)} objects say so"
    yield _of_copy(what, source, note)


def _of_copy(what: Making, source: str, note: str) -> Origin:
    same = what.source_database == what.database
    restored = same and what.source_table == what.table
    at = str(what.at) if what.at else ""
    if what.at.ns:
        at = f"{utc(what.at.ns):%Y-%m-%d %H:%M:%S.%f} UTC"
    word = "restored" if restored else "clone"
    return Origin(word, Witness.CATALOG, source, at, note=note, moment=what.at)


def _path(database: str, table: str) -> str:
    return TableName(table, database).sql if table else database
