"""What a put-back needs to know of a table's layout, and what is said of it.

Pure: `put_back_look.py` asks the server, this only thinks. The sources are measurements
on MatrixOne 3.0.18 and 4.2.0.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from moclone_tui import text
from moclone_tui.api import Capabilities, TableName
from moclone_tui.api.names import fold
from moclone_tui.cloning import shape
from moclone_tui.cloning.preflight import Finding, Level, blocker
from moclone_tui.cloning.put_back import Counts, PutBack
from moclone_tui.cloning.put_back_sql import Link, Sides
from moclone_tui.cloning.shape import Shape

_BATCH = 8000
"""How many rows 3.0 overwrites from a table and then shows rightly in the same
transaction: of more than 8,192 it shows some twice and others not, until COMMIT."""
_STAMPED = re.compile(r" ON UPDATE ", re.IGNORECASE)
_FILLED = re.compile(r" (?:DEFAULT|AUTO_INCREMENT)\b", re.IGNORECASE)


def sides_of(
    request: PutBack, now: Shape, then: Shape, capabilities: Capabilities
) -> Sides:
    """The table then and now, without what the server could not put back."""
    types, key = shape.types(now), shape.identity(now)
    writable = [name for name in now.columns if name not in now.generated]
    written = [name for name in writable if name in then.columns]
    chosen = tuple(name for name in now.columns if fold(name) in request.columns)
    refused = ("enum", "set") if capabilities.has("sets_as_text") else ("enum",)

    def plain(names: Iterable[str]) -> tuple[str, ...]:
        return tuple(
            name
            for name in names
            if name not in key and not types[name].startswith(shape.UNCOMPARED)
        )

    return Sides(
        table=request.table,
        at=request.at,
        key=key,
        written=tuple(written),
        compared=plain(written),
        now=tuple(writable),
        kept=tuple(name for name in plain(writable) if name not in chosen),
        chosen=chosen,
        enums=tuple(name for name in chosen if types[name].startswith(refused)),
        stamped=tuple(
            name
            for name, _, bare in shape.definitions(now)
            if _STAMPED.search(bare) and name not in chosen
        ),
        batch=0 if capabilities.has("shows_own_updates") else _BATCH,
        unique=tuple(
            unique
            for unique in now.unique
            if set(unique) != set(key) and set(unique) <= set(written)
        ),
        links=tuple(_links(request.table, now, written)),
        rows=request.rows,
    )


def _links(table: TableName, now: Shape, written: Iterable[str]) -> Iterator[Link]:
    for each in now.foreign_keys:
        parent = TableName(each.parent, each.parent_database or table.database)
        # Its own parents come back with it, and the server looks for them.
        if parent != table and set(each.columns) <= set(written):
            yield Link(each.columns, parent, each.parent_columns)


# ---------------------------------------------------------------- what is said of it


def judge_layout(request: PutBack, now: Shape, then: Shape) -> Iterator[Finding]:
    """What stands against it before anything is counted."""
    key = shape.identity(now)
    if not key:
        yield blocker(
            f"{request.table} has no primary key: what is gone cannot be told from "
            "what is there",
            f"Clone the table as of {request.at} under another name, and take from it.",
        )
    elif set(before := shape.identity(then)) != set(key):
        yield blocker(
            f"the key of {request.table} was ({', '.join(before)}) then and is "
            f"({', '.join(key)}) now",
            f"Clone the table as of {request.at} under another name, and take from it.",
        )
    yield from _judge_columns(request, now, then)
    now_types, then_types = shape.types(now), shape.types(then)
    for name in now.columns:
        was = then_types.get(name)
        if was is not None and was != now_types[name]:
            words = f"{name} was {was} then and is {now_types[name]} now"
            yield Finding(Level.WARNING, f"{words}: its values are converted")
    lost = [name for name in then.columns if name not in now.columns]
    if lost and request.rows:
        yield _about(lost, "is no column any more: its values stay behind",
                     "are no columns any more: their values stay behind")  # fmt: skip


def _judge_columns(request: PutBack, now: Shape, then: Shape) -> Iterator[Finding]:
    known = {fold(name): name for name in now.columns}
    before = {fold(name) for name in then.columns}
    types = shape.types(now)
    for asked in request.columns:
        name = known.get(asked)
        if name is None:
            yield blocker(f"{request.table} has no column {asked}")
        elif asked not in before:
            yield blocker(f"{name} was not there at {request.at}")
        elif name in shape.identity(now):
            yield blocker(f"{name} is part of the key, which tells what is what")
        elif name in now.generated:
            yield blocker(f"{name} is computed by the server and cannot be written")
        elif types[name].startswith(shape.UNCOMPARED):
            yield blocker(f"{name} is of a type that cannot be compared: {types[name]}")


def missing(now: Shape, then: Shape) -> tuple[list[str], list[str]]:
    """The columns that were not there then: those with a default, and those without."""
    added = {
        name: bare
        for name, _, bare in shape.definitions(now)
        if name not in then.columns and name not in now.generated
    }
    needed = [
        name
        for name, bare in added.items()
        if shape.NEEDED.search(bare) and not _FILLED.search(bare)
    ]
    return [name for name in added if name not in needed], needed


def judge_counts(
    request: PutBack,
    sides: Sides,
    counts: Counts,
    added: tuple[list[str], list[str]],
) -> Iterator[Finding]:
    """What the numbers say.

    Args:
        request: What is asked for.
        sides: The table then and now.
        counts: What was counted.
        added: As `missing` gives it.
    """
    if request.at.ns > counts.clock.ns:
        yield blocker(
            "the moment lies in the future, and the server would take the present",
            "Choose a moment that is past.",
        )
    if request.rows:
        yield from _judge_rows(counts, added)
    for link, orphans in zip(sides.links, counts.orphans, strict=True):
        if orphans:
            rows = text.plural(orphans, "row points", "rows point")
            yield blocker(
                f"{rows} to {link.parent} that is gone, by {', '.join(link.columns)}",
                f"Put back the rows of {link.parent} first.",
            )
    for unique, taken in counts.taken.items():
        if taken:
            values = text.plural(taken, "value")
            yield blocker(
                f"{values} of {', '.join(unique)} cannot come back: newer rows have "
                "them",
            )
    yield from _judge_differences(request, counts)


def _judge_rows(
    counts: Counts, added: tuple[list[str], list[str]]
) -> Iterator[Finding]:
    for unique, held in counts.held_by.items():
        if held:
            whose = "its value is" if held == 1 else "their values are"
            yield Finding(
                Level.WARNING,
                f"{text.plural(held, 'row')} cannot come back: {whose} taken by other "
                f"rows now ({', '.join(unique)})",
                objects=unique,
            )
    with_default, needed = added
    if counts.gone and needed:
        yield blocker(
            f"{', '.join(needed)} was not there then, and has to have a value",
            "Give it a default.",
        )
    if counts.gone and with_default:
        yield Finding(
            Level.NOTE,
            f"{', '.join(with_default)} was not there then: rows come back with its "
            "default",
        )


def _judge_differences(request: PutBack, counts: Counts) -> Iterator[Finding]:
    if request.rows:
        back = text.plural(counts.coming, "row comes", "rows come")
        said = f"{back} back" if counts.coming else "no row comes back"
        yield Finding(
            Level.NOTE,
            f"{said}; {text.count(counts.now)} are there now, "
            f"{text.count(counts.newer)} of them newer: they are kept",
        )
    for name, rows in counts.differ.items():
        asked = fold(name) in request.columns
        if asked:
            words = f"{name} is overwritten with what it was in "
            yield Finding(
                Level.WARNING if rows else Level.NOTE,
                words + text.plural(rows, "row"),
                objects=(name,),
            )
        elif rows:
            differ = text.plural(rows, "row has", "rows have")
            yield Finding(
                Level.NOTE, f"{differ} another {name} now: it is kept", objects=(name,)
            )


def _about(names: list[str], one: str, many: str) -> Finding:
    words = one if len(names) == 1 else many
    return Finding(Level.WARNING, f"{', '.join(names)} {words}", objects=tuple(names))
