"""Foreign keys, in the way of whoever changes rows of a copy that is not committed yet.

Once a table's foreign keys, or those that refer to it, were made or dropped in the
transaction that cloned it, the server keeps the old rows beside what an UPDATE writes,
and a DELETE removes nothing (3.0.18 and 4.2.0; `foreign_key_checks` has no say in it).
So such a table is cloned once more and changed, and then gets its keys again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from moclone_tui import text
from moclone_tui.api import NOW, Moment, TableName, sql
from moclone_tui.api._connected import Connected
from moclone_tui.api.names import fold, quote
from moclone_tui.cloning import anew as anew_rows
from moclone_tui.cloning import mask_queries, shape
from moclone_tui.cloning.shape import ForeignKey


def inside(
    run: Connected, database: str, at: Moment = NOW
) -> list[tuple[str, str, str, str]]:
    """The foreign keys whose parent is in the same database, in lower case.

    Returns:
        Table, column, parent table and its column; one for each column of a key.

    Raises:
        PermissionDenied: The login may not look.
    """
    rows = run.execute(mask_queries.links(at), {"database": fold(database)})
    found = [tuple(fold(str(value)) for value in row) for row in rows]
    return [(child, column, parent, to) for child, column, parent, to in found]


@dataclass(frozen=True, slots=True)
class KeySwap:
    """What frees tables of a copy from foreign keys, and what binds them again."""

    free: tuple[str, ...] = ()
    bind: tuple[str, ...] = ()
    keys: tuple[tuple[TableName, ForeignKey], ...] = ()
    """The keys inside the copy whose child or parent changes, each with its child."""


NO_SWAP = KeySwap()
"""Nothing to do: no foreign key has a part in it."""


def anew(ddl: str, table: TableName) -> tuple[list[str], list[str]]:
    """What drops the foreign keys of a table, and what adds them again.

    Args:
        ddl: What made the table, or what it was cloned from: a parent without a
            database is then one of the table's own.
        table: The table, with its database.
    """
    keys = _keys(ddl, table)
    alter = f"ALTER TABLE {table.sql}"
    return (
        [f"{alter} DROP FOREIGN KEY {quote(key.name)}" for key in keys],
        # The server puts the newest key first.
        [f"{alter} ADD {key.text}" for key in reversed(keys)],
    )


def _keys(ddl: str, table: TableName) -> tuple[ForeignKey, ...]:
    return shape.read(shape.with_parents(ddl, table.database or "")).foreign_keys


def swap(
    run: Connected,
    source: str,
    target: str,
    changed: Collection[str],
    links: Iterable[tuple[str, str, str, str]],
    at: Moment,
    written: Mapping[str, Collection[str]] = MappingProxyType({}),
) -> KeySwap:
    """What it takes to change tables of a database in the transaction that clones it.

    One round trip for each table that has a part in it.

    Args:
        run: A client, or a session.
        source: What is copied.
        target: The copy.
        changed: The tables that will be changed, in lower case.
        links: What `inside` gives for the source.
        at: The moment of the copy.
        written: The columns of tables whose rows are to be written anew.
    """
    pairs = [(child, parent) for child, _, parent, _ in links]
    again = {name for pair in pairs for name in pair if name in changed}
    bound = {child for child, parent in pairs if {child, parent} & again}
    free: list[str] = []
    let_go: list[str] = []
    bind: list[str] = []
    keys: list[tuple[TableName, ForeignKey]] = []
    for child in sorted(bound):
        ddl = run.metadata.ddl(TableName(child, source), at)
        table = TableName(child, target)
        drops, adds = anew(ddl, table)
        free += drops
        if child in again:
            let_go += drops  # a clone's keys are those of its source
        bind += adds
        keys += (
            (table, key)
            for key in _keys(ddl, table)
            if key.parent_database == target and {child, fold(key.parent)} & again
        )
    for name in sorted({*again, *written}):
        copy, of = TableName(name, target), TableName(name, source)
        if name in written:
            free += anew_rows.statements(copy, of, written[name], at)
        else:
            free += (f"DROP TABLE {copy.sql}", sql.clone_table(copy, of, at))
    return KeySwap(tuple(free), (*let_go, *bind), tuple(keys))


def orphans(run: Connected, swap: KeySwap) -> Iterator[str]:
    """By which keys rows of a copy point to nothing, before it is bound again.

    The server refuses to make such a key, whatever `foreign_key_checks` says, but not
    in words that help; and while keys are off it runs no CASCADE. One round trip for
    each key.

    Args:
        run: The session that made and changed the copy.
        swap: What was done to its keys.
    """
    for child, key in swap.keys:
        parent = TableName(key.parent, key.parent_database)
        query = mask_queries.orphans(child, key.columns, parent, key.parent_columns)
        if rows := run.execute(query).first[0]:
            columns = text.safe(", ".join(key.columns))
            yield (
                f"{child} has {text.plural(int(rows), 'row')} whose {columns} is not"
                f" in {text.safe(key.parent)}"
            )
