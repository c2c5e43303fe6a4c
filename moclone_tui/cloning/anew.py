"""Tables that are copies themselves: their rows are written anew before they change.

What a clone lost or changed since it was made comes back with an UPDATE in the
transaction that clones it once more (3.0.18 and 4.2.0). Written by INSERT … SELECT into
an empty table of the same layout, its rows are what the source's are.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from moclone_tui.api import MocloneError, Moment, QueryError, TableName
from moclone_tui.api._connected import Connected
from moclone_tui.cloning import mask_queries, shape
from moclone_tui.cloning.making import making
from moclone_tui.cloning.preflight import Finding, Level, listed


def look(
    run: Connected, database: str, names: Collection[str], at: Moment
) -> tuple[dict[str, tuple[str, ...]], tuple[Finding, ...]]:
    """Which tables are copies themselves, and what writes their rows anew.

    Where ALTER or TRUNCATE came after the clone, this cannot be told. One round trip,
    and two for each such table.

    Args:
        run: A client, or a session.
        database: The database of the tables, in lower case.
        names: The tables that are to be changed, in lower case.
        at: The moment of the copy.

    Returns:
        The columns to write, of each table whose rows can be written anew; and what
        there is to know.
    """
    if not names:
        return {}, ()
    asked = {"database": database, "names": tuple(names)}
    try:
        rows = run.execute(mask_queries.made_by(at), asked).rows
    except QueryError:
        return {}, ()  # another look says that it may not look
    columns: dict[str, tuple[str, ...]] = {}
    stuck: list[str] = []
    for name, statement in sorted(rows):
        made = making(str(statement or ""))
        if made is not None and made.copies:
            written = _columns(run, TableName(str(name), database), at)
            if written:
                columns[str(name)] = written
            else:
                stuck.append(str(name))
    return columns, tuple(_findings(list(columns), stuck))


def _columns(run: Connected, table: TableName, at: Moment) -> tuple[str, ...]:
    """The columns to write; none if CREATE … LIKE would make another table."""
    try:
        then, now = run.metadata.ddl(table, at), run.metadata.ddl(table)
    except MocloneError:
        return ()
    looks = shape.read(then)
    if then != now or looks.partitioned:
        return ()
    return tuple(each for each in looks.columns if each not in looks.generated)


def _findings(anew: list[str], stuck: list[str]) -> Iterator[Finding]:
    if anew:
        it, its = ("is a copy itself", "its") if len(anew) == 1 else (
            "are copies themselves", "their")  # fmt: skip
        yield Finding(
            Level.NOTE,
            f"{listed(anew)} {it}: {its} rows are written anew, one by one",
            objects=tuple(anew),
        )
    for name in stuck:
        yield Finding(
            Level.WARNING,
            f"{name} is a copy itself: if it lost rows since, the server brings them "
            "back, and all of this is rolled back",
            "Copy what it was copied from.",
            (name,),
        )


def statements(
    copy: TableName, source: TableName, columns: Collection[str], at: Moment
) -> tuple[str, ...]:
    """What makes a copy's table again, with the source's rows written anew."""
    return (
        f"DROP TABLE {copy.sql}",
        f"CREATE TABLE {copy.sql} LIKE {source.sql}",
        mask_queries.fill(copy, source, columns, at),
    )
