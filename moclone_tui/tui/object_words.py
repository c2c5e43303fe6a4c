"""What the Databases view says: its columns, the cells of its rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from textual.content import Content

from moclone_tui import text
from moclone_tui.api import Database, Kind, Snapshot, Table, TableName
from moclone_tui.cloning.making import making
from moclone_tui.jobs.keeping import Life
from moclone_tui.tui.object_reads import Around
from moclone_tui.tui.render import NOT_KNOWN, PENDING, moment, number
from moclone_tui.tui.widgets.cells import Cell, CellLike, Column, Row, Tone, wrap

DATABASES = (
    Column("name", "name", min=14, flex=3, search=True),
    Column("tables", "tables", width=6, align="right", tone="muted"),
    Column("source", "copy of", min=8, flex=2, tone="muted", search=True),
    Column("kept", "kept until", width=10, tone="muted"),
)
ACCOUNT = Column("account", "account", width=12, tone="muted", search=True)
"""Beside them, where databases of other accounts can be seen."""
OBJECTS = (
    Column("name", "name", min=16, flex=3, search=True),
    Column("kind", "kind", width=5, tone="muted"),
    Column("rows", "rows", width=9, align="right"),
    # Before the size: of a small screen the first four are in sight.
    Column("changed", "changed", width=10, align="right"),
    Column("size", "size", width=7, align="right", tone="muted"),
    Column("source", "copy of", min=8, flex=2, tone="muted", search=True),
    Column("created", "created", width=11, tone="muted"),
)
COUNTED = ("rows", "size", "changed")
"""The columns that fill as they are read, in sight first."""

_NOTHING = Cell("")
_KINDS = {
    kind: Cell(word, "" if kind is Kind.TABLE else "accent")
    for kind, word in zip(Kind, ("table", "view", "ext", "seq", "other"), strict=True)
}
_SIGN = "⧉"


# ------------------------------------------------------------------------ databases


def database_rows(
    databases: Iterable[Database], around: Around, *, system: bool, now: dt.datetime
) -> list[Row]:
    """The databases of the account, then those of others, with their account."""
    others = around.others
    rows = [
        Row(
            each.name,
            (
                Cell(each.name, "muted" if each.system else ""),
                number(each.tables),
                source_cell(around.source_of(each)),
                kept_cell(around.life_of("database", each.name, each.created), now),
                *(("",) if others else ()),
            ),
        )
        for each in databases
        if system or not each.system
    ]
    return rows + [
        Row(
            (account, each.name),
            (Cell(each.name, "muted"), NOT_KNOWN, _NOTHING, _NOTHING, account),
        )
        for account, each in others
        if system or not each.system
    ]


def source_cell(source: str) -> Cell:
    """`⧉ shop`, if it is a copy."""
    return Cell(f"{_SIGN} {source}") if source else _NOTHING


def kept_cell(life: Life | None, now: dt.datetime) -> Cell:
    """Until when it is kept; empty if nobody said so."""
    if life is None:
        return _NOTHING
    if life.protected:
        return Cell("protected", "good")
    if life.ends is None:
        return _NOTHING
    if life.ends <= now:
        return Cell("expired", "warn", sort=life.ends)
    return Cell(f"{life.ends:%Y-%m-%d}", sort=life.ends)


# -------------------------------------------------------------------------- objects


def object_rows(
    tables: Sequence[Table], around: Around, now: dt.datetime, *, past: bool
) -> list[Row]:
    """The objects of a database; what is counted of them comes later.

    Args:
        tables: The objects.
        around: What is known of them beside the catalog.
        now: This machine's clock.
        past: Whether they are of the past, which has no sizes and no changes.
    """
    gap = NOT_KNOWN if past else PENDING
    pending = (PENDING, gap, gap)
    nothing = (_NOTHING, _NOTHING, _NOTHING)
    return [
        Row(
            each.name,
            (
                each.name,
                _KINDS[each.kind],
                *(pending if each.kind is Kind.TABLE else nothing),
                source_cell(source_of(each, around)),
                moment(each.created, now),
            ),
        )
        for each in tables
    ]


def source_of(table: Table, around: Around) -> str:
    """What a table is a copy of: by the journal, or by what the catalog keeps."""
    name = TableName(table.name, table.database)
    if source := around.journal_source("table", name.sql, table.created):
        return source
    # Cheap, since most were made of nothing.
    if " clone " not in table.made_by:
        return ""
    what = making(table.made_by, table.database)
    if what is None or not what.copies or what.restores:
        return ""
    if what.source_database == table.database:
        return what.source_table
    if what.source_table == table.name:
        return what.source_database
    return f"{what.source_database}.{what.source_table}"


def rows_cell(rows: int | None) -> Cell:
    """Rows that were counted; `–` if they could not be."""
    return number(rows)


def size_cell(size: int | None) -> Cell:
    """A size as the server estimates it."""
    if size is None:
        return NOT_KNOWN
    return Cell(f"≈{text.size(size)}" if size else "≈0", sort=size)


def changed_cell(
    table: Table, then: int | None, now: int | None, since: Snapshot | None
) -> Cell:
    """How many rows more or less than at a snapshot."""
    if since is None or now is None:
        return NOT_KNOWN
    if then is None:
        new = table.created is not None and table.created > since.created
        return Cell("new", "accent", sort=now) if new else NOT_KNOWN
    if now == then:
        return Cell("same count", "muted", sort=0)
    sign = "+" if now > then else "−"
    return Cell(f"{sign}{text.count(abs(now - then))}", "warn", sort=abs(now - then))


def counted(
    name: str, cells: Mapping[str, Mapping[str, CellLike]]
) -> dict[str, CellLike]:
    """What is known of an object by now, by column."""
    return {column: found[name] for column, found in cells.items() if name in found}


def title(database: str, tables: Iterable[Table]) -> str:
    """`shop · 6 tables · 2 views`."""
    kinds = [each.kind for each in tables]
    numbers = [(kinds.count(kind), kind) for kind in Kind]
    said = [text.plural(many, str(kind)) for many, kind in numbers if many]
    return " · ".join([database, *said])


# -------------------------------------------------------------------------- overview


@dataclass(frozen=True, slots=True)
class Sheet:
    """Names and values under each other; a value may be of several toned parts."""

    lines: tuple[tuple[str, tuple[tuple[str, Tone], ...]], ...]

    def fit(self, width: int) -> Content:
        """Lay it out; what is long goes on below its own beginning."""
        room = max((len(name) for name, _ in self.lines), default=0) + 2
        shown: list[Content] = []
        for name, parts in self.lines:
            label = name
            for words, tone in parts:
                style = f"$tone-{tone}" if tone else ""
                for part in wrap(words, max(10, width - room)):
                    gray = (label.ljust(room), "$foreground-muted")
                    shown.append(Content.assemble(gray, (part, style)))
                    label = ""
        return Content("\n").join(shown)


def line(name: str, *values: str) -> tuple[str, tuple[tuple[str, Tone], ...]]:
    """A line of a sheet without tones; empty values are left out."""
    return name, tuple((each, "") for each in values if each)
