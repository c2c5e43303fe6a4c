"""Foreign keys, in the way of whoever changes rows of a copy that is not committed yet.

Once a table's foreign keys, or those that refer to it, were made or dropped in the
transaction that cloned it, the server keeps the old rows beside what an UPDATE writes,
and a DELETE removes nothing (3.0.18 and 4.2.0; `foreign_key_checks` has no say in it).
So such a table is cloned once more, without ties; it is changed; then it is tied again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from moclone_tui.api import NOW, Moment, PermissionDenied, Session, TableName, sql
from moclone_tui.api._connected import Connected
from moclone_tui.api.names import quote
from moclone_tui.cloning import mask_queries, shape


def inside(
    run: Connected, database: str, at: Moment = NOW
) -> list[tuple[str, str, str, str]]:
    """The foreign keys whose parent is in the same database, in lower case.

    Returns:
        Table, column, parent table and its column; one for each column of a key.

    Raises:
        PermissionDenied: The login may not look.
    """
    rows = run.execute(mask_queries.links(at), {"database": database.lower()})
    found = [tuple(str(value).lower() for value in row) for row in rows]
    return [(child, column, parent, to) for child, column, parent, to in found]


@dataclass(frozen=True, slots=True)
class Ties:
    """What frees the tables of a copy for a change, and what ties them again.

    Both are for the copy as the session's database: a key names its parent alone.
    """

    untie: tuple[str, ...] = ()
    tie: tuple[str, ...] = ()


def ties(
    session: Session, database: str, tables: Mapping[TableName, TableName], at: Moment
) -> Ties:
    """What it takes to change tables of a copied database in the same transaction.

    Args:
        session: The session that made the copy.
        database: The copy.
        tables: What will be changed, each with its source.
        at: The moment of the copy.

    Returns:
        Nothing to do, if no table among them has a part in a foreign key. With no
        right to look it is nothing, too; doubled rows are then found in the end.
    """
    try:
        links = [(child, parent) for child, _, parent, _ in inside(session, database)]
    except PermissionDenied:
        return Ties()
    tied = {name for link in links for name in link}
    again = [table for table in tables if table.table.lower() in tied]
    names = {table.table.lower() for table in again}
    bound = {child for child, parent in links if parent in names or child in names}
    untie: list[str] = []
    let_go: list[str] = []
    tie: list[str] = []
    for child in sorted(bound):
        table = TableName(child, database)
        keys = shape.read(session.metadata.ddl(table)).foreign_keys
        drops = [
            f"ALTER TABLE {table.sql} DROP FOREIGN KEY {quote(key.name)}"
            for key in keys
        ]
        untie += drops
        if child in names:
            let_go += drops  # a clone's keys are those of its source
        # The server puts the newest key first.
        tie += [f"ALTER TABLE {table.sql} ADD {key.text}" for key in reversed(keys)]
    for table in again:
        untie.append(f"DROP TABLE {table.sql}")
        untie.append(sql.clone_table(table, tables[table], at))
    return Ties(tuple(untie), (*let_go, *tie))
