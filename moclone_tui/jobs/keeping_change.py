"""Whether a copy was changed since it was made.

Counts do not tell: an UPDATE keeps them. So rows are compared with what the copy itself
was, where something keeps that moment for certain, or else with its source. Whatever
remains open is not known, and never "unchanged".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from moclone_tui import text
from moclone_tui.api import (
    NOW,
    Client,
    Kind,
    Moment,
    NotFound,
    Table,
    TableName,
)
from moclone_tui.api.names import utc
from moclone_tui.cloning.coverage import Coverage, Kept
from moclone_tui.cloning.deep import differing
from moclone_tui.cloning.identity import look_up
from moclone_tui.jobs.keeping import Made

_MOST = 1_000_000
"""Rows up to which a copy is compared with its source: that reads both."""
_CLOSE = 100_000
"""Nanoseconds in which nobody sees a copy and changes it."""
_ROUTINES = (
    "SELECT name FROM mo_catalog.mo_stored_procedure WHERE db = %(name)s"
    " UNION ALL SELECT name FROM mo_catalog.mo_user_defined_function"
    " WHERE db = %(name)s"
)


@dataclass(frozen=True, slots=True)
class Change:
    """Whether something was changed since it was made."""

    yes: bool | None
    """None if that is not known."""
    words: str
    """What shows it, fit to show."""


def place_of(made: Made) -> tuple[str, str]:
    """The database, and the table if it is one; else nothing."""
    if made.object.type == "database":
        return made.object.name, ""
    name = TableName.parse(made.object.name)
    return name.database or "", name.table


def held(client: Client, made: Made) -> list[Table]:
    """What it holds: the objects of a database, or the one table."""
    database, table = place_of(made)
    found = client.metadata.tables(database)
    return [each for each in found if table in ("", each.name)]


def routines(client: Client, made: Made) -> tuple[str, ...]:
    """The procedures and functions of a database: no copy comes with any.

    Raises:
        QueryError: The login may not look.
    """
    database, table = place_of(made)
    if table:
        return ()
    rows = client.execute(_ROUTINES, {"name": database}).rows
    return tuple(str(name) for (name,) in rows)


def change_of(
    client: Client, made: Made, objects: Sequence[Table], kept: Kept
) -> Change:
    """Whether it was changed since it was made.

    Args:
        client: A client that sees what is committed.
        made: A copy, or a way back.
        objects: What it holds.
        kept: What keeps a past on this server.

    Raises:
        QueryError: The server refused to answer.
        ConnectionError: The connection was lost.
    """
    younger = [
        each.name
        for each in objects
        if each.kind is not Kind.SEQUENCE
        and (each.created is None or each.created.timestamp() > made.done)
    ]
    if younger:
        names = ", ".join(map(text.safe, younger[:3]))
        more = f" and {len(younger) - 3:,} more" if len(younger) > 3 else ""
        return Change(True, f"{names}{more}: made or altered since")
    tables = [each.name for each in objects if each.kind is Kind.TABLE]
    if not tables:
        return Change(False, "it holds no rows")
    copies = [TableName(name, place_of(made)[0]) for name in tables]
    then = Moment(ns=made.done * 10**9)
    if _is_kept(kept.of(*place_of(made)), then):
        first = _committed(client, made, tables, then)
        return _against_itself(client, copies, first)
    return _against_source(client, made, copies)


def _is_kept(coverage: Coverage, then: Moment) -> bool:
    """Whether the moment can be read for certain: else rows may be silently missing."""
    return any(
        window.told and not window.dead and window.holds(utc(then.ns))
        for window in coverage.windows
    )


def _committed(client: Client, made: Made, tables: Sequence[str], at: Moment) -> Moment:
    """The first moment that has a copy: what came right behind it is a change, too.

    Args:
        client: A client.
        made: What was made.
        tables: What it holds now.
        at: A moment at which it was there, soon after that.
    """
    before, there = made.object.created * 10**9 - 10**9, at.ns
    while there - before > _CLOSE:
        between = (before + there) // 2
        seen = look_up(client, [made.object], Moment(ns=between)).objects
        if any(each.id == made.object.id for each in seen):
            there = between
        else:
            before = between
    first = Moment(ns=there)
    if made.what == "way back":
        then = client.metadata.tables(made.object.name, first)
        if not {each.name for each in then} >= set(tables):
            return at  # 3.0 makes it one by one, after COMMIT
    return first


def _against_itself(
    client: Client, copies: Sequence[TableName], then: Moment
) -> Change:
    if lost := _other_counts(client, copies, copies, then):
        return Change(True, f"{text.safe(lost)} has not as many rows as it was made of")
    for copy in copies:
        rows = int(client.execute(differing(copy, copy, then)).first[0])
        if rows:
            words = f"{text.plural(rows, 'row')} of {text.safe(copy.table)}"
            return Change(True, words)
    return Change(False, "no row was changed since it was made")


def _other_counts(
    client: Client,
    copies: Sequence[TableName],
    others: Sequence[TableName],
    at: Moment,
) -> str:
    """The first copy with another number of rows: DIFF loses some that were deleted."""
    now = client.metadata.count_rows(copies)
    then = client.metadata.count_rows(others, at)
    both = zip(copies, others, strict=True)
    return next((mine.table for mine, its in both if now[mine] != then[its]), "")


def _against_source(client: Client, made: Made, copies: Sequence[TableName]) -> Change:
    """By what it was copied from: if nothing differs, nothing is lost with it."""
    if not made.source:
        return Change(None, "nothing keeps what it was when it was made")
    many = sum(client.metadata.count_rows(copies).values())
    if many > _MOST:
        return Change(None, f"{text.plural(many, 'row')} are too many to compare")
    at = source_moment(made)
    found = _against(client, made, copies, at)
    if found is None and at:
        found = _against(client, made, copies, NOW)
    return found or Change(None, f"{text.safe(_shown(made))} is gone")


def _against(
    client: Client, made: Made, copies: Sequence[TableName], at: Moment
) -> Change | None:
    """Compare it with its source at a moment; None if there was none then."""
    of = text.safe(_shown(made)) + (f" as of {at}" if at else "")
    try:
        originals = sources(client, made, [each.table for each in copies], at)
    except NotFound:
        return None
    pairs = list(zip(copies, originals, strict=True))
    there = [source for _, source in pairs if source is not None]
    if len(there) < len(pairs):
        name = next(copy.table for copy, source in pairs if source is None)
        return Change(None, f"{text.safe(name)} is not in {of}")
    differs = _other_counts(client, copies, there, at) or next(
        (
            copy.table
            for copy, source in zip(copies, there, strict=True)
            if int(client.execute(differing(copy, source, at)).first[0])
        ),
        "",
    )
    if differs:
        words = f"{text.safe(differs)} differs from {of}: masked, or changed here or"
        return Change(None, f"{words} there")
    return Change(False, f"it is {of}, row by row")


def source_moment(made: Made) -> Moment:
    """The snapshot it was copied at; the present if it was none."""
    at = made.at
    return NOW if not at or at.endswith(" UTC") else Moment(snapshot=at)


def _shown(made: Made) -> str:
    if made.object.type == "database":
        return made.source
    return str(TableName.parse(made.source))


def sources(
    client: Client, made: Made, tables: Sequence[str], at: Moment
) -> list[TableName | None]:
    """What each table was copied from, as far as it is there then.

    They are looked up first: asked for what was not there then, 3.0 drops the
    connection.
    """
    if made.object.type == "table":
        source = TableName.parse(made.source)
        there = client.metadata.tables(source.database or "", at)
        return [source if any(each.name == source.table for each in there) else None]
    names = {each.name for each in client.metadata.tables(made.source, at)}
    return [TableName(each, made.source) if each in names else None for each in tables]
