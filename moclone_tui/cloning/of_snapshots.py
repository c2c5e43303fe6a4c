"""What hangs on snapshots: copies made from them, and what only they can bring back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from moclone_tui.api import Moment, QueryError, Snapshot, TableName, sql
from moclone_tui.api._connected import Connected
from moclone_tui.cloning.comparison import Comparison, State
from moclone_tui.cloning.coverage import Kept
from moclone_tui.cloning.making import Making, making

_COPIES = (
    "SELECT reldatabase, relname, UNIX_TIMESTAMP(created_time), rel_createsql"  # noqa: S608
    f" FROM mo_catalog.mo_tables WHERE {sql.MINE}"
    " AND LOWER(rel_createsql) LIKE '%%clone%%{%%'"
)


@dataclass(frozen=True, slots=True)
class Copied:
    """A database or table that was made from a snapshot."""

    name: str
    """Its name; of a table as SQL has it."""
    snapshot: str
    """The name that the snapshot had, or has."""
    ns: int = 0
    """The moment it was copied at, if that is known instead."""
    made: int = 0
    """When it was made or last altered: seconds since 1970; 0 if not known."""

    def of(self, snapshot: Snapshot) -> bool:
        """Whether it was made from this very snapshot, and not an older namesake."""
        if self.ns:
            return self.ns == snapshot.ts
        named = self.snapshot == snapshot.name
        return named and not (0 < self.made < snapshot.ts // 10**9)


def copied(run: Connected) -> tuple[Copied, ...]:
    """What is there that was copied at a moment, as the catalog has its statements.

    One round trip. ALTER and TRUNCATE wipe what the catalog knows: there may be more.

    Raises:
        ConnectionError: The connection was lost.
    """
    try:
        rows = run.execute(_COPIES).rows
    except QueryError:
        return ()
    found: dict[tuple[str, str, int], Copied] = {}
    for database, table, made, statement in rows:
        what = making(str(statement), str(database))
        if what is None or not what.copies or what.restores or not what.at:
            continue
        name = _name(str(database), str(table), what)
        key = (name, what.at.snapshot, what.at.ns)
        found.setdefault(key, Copied(*key, int(float(str(made or 0)))))
    return tuple(found.values())


def _name(database: str, table: str, what: Making) -> str:
    """The database if all of it seems to be copied; else the table."""
    whole = what.source_database != what.database and what.source_table == table
    return database if whole else TableName(table, database).sql


def copies_of(
    snapshots: Iterable[Snapshot], found: Sequence[Copied]
) -> Mapping[str, tuple[str, ...]]:
    """The names of what was made from each snapshot, by the snapshot's name."""
    by_name: dict[str, set[str]] = defaultdict(set)
    for snapshot in snapshots:
        for each in found:
            if each.of(snapshot):
                by_name[snapshot.name].add(each.name)
    return {name: tuple(sorted(made)) for name, made in by_name.items()}


def databases_of(run: Connected, snapshot: Snapshot) -> tuple[str, ...]:
    """The databases that a snapshot covers, the server's own aside.

    Of a snapshot of the cluster, those of the login's account.

    Raises:
        QueryError: They could not be read.
        ConnectionError: The connection was lost.
    """
    if snapshot.database:
        return (snapshot.database,)
    found = run.metadata.databases(Moment(snapshot=snapshot.name))
    return tuple(each.name for each in found if not each.system)


def others_that_keep(
    kept: Kept, snapshot: Snapshot, database: str, table: str = ""
) -> tuple[str, ...]:
    """What else can bring a database or table back to the moment of a snapshot.

    Args:
        kept: Everything that keeps a past.
        snapshot: The snapshot.
        database: The database.
        table: The table; empty is the whole database.

    Returns:
        Names of PITRs and snapshots, and `server history`; not yet fit to show.
    """
    by = kept.of(database, table).covers(Moment(ns=snapshot.ts)).by
    return tuple(each for each in by if each != snapshot.name)


def only_there(kept: Kept, snapshot: Snapshot, found: Comparison) -> tuple[str, ...]:
    """Names of what only a snapshot can bring back to its moment.

    Args:
        kept: Everything that keeps a past.
        snapshot: The snapshot.
        found: A database, or a table, at the snapshot and now.

    Returns:
        The objects that are gone or another thing by now, and that nothing else keeps
        as they were.
    """
    database = found.left.database
    return tuple(
        each.name
        for each in found.tables
        if each.differs
        and each.state is not State.ONLY_RIGHT
        and not others_that_keep(kept, snapshot, database, each.name)
    )
