"""What the Databases view reads behind its lists, as the reader's thread does it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TypeVar

from moclone_tui.api import (
    NOW,
    Client,
    Database,
    Moment,
    QueryError,
    Snapshot,
    SnapshotLevel,
    TableName,
)
from moclone_tui.cloning.making import making
from moclone_tui.jobs.journal import Journal
from moclone_tui.jobs.keeping import SLACK, Life, Made, made

T = TypeVar("T")

_Known = tuple[str, str]
"""The type of an object, and its name: of a table as SQL has it."""


@dataclass(frozen=True, slots=True)
class Around:
    """What is known of objects beside what the catalog lists of them."""

    account: str = ""
    """The login's account."""
    copies: dict[str, tuple[int, str]] = field(default_factory=dict)
    """Of databases with cloned tables: how many, and what made one of them."""
    made: dict[_Known, Made] = field(default_factory=dict)
    """What jobs of moclone made, by this machine's journal."""
    snapshots: tuple[Snapshot, ...] | None = None
    """The users' snapshots, newest first; None if they are not known."""
    others: tuple[tuple[str, Database], ...] = ()
    """Databases of other accounts."""

    def source_of(self, database: Database) -> str:
        """What a database is a copy of; empty if that is not known."""
        if source := self.journal_source("database", database.name, database.created):
            return source
        many, made_by = self.copies.get(database.name, (0, ""))
        what = making(made_by, database.name) if made_by else None
        # A table copied into it does not make it a copy.
        if what is None or what.restores or many * 2 <= (database.tables or many * 2):
            return ""
        other = what.source_database
        return "" if other == database.name else other

    def journal_source(self, kind: str, name: str, created: dt.datetime | None) -> str:
        """What a job made it of, by the journal."""
        found = self._made(kind, name, created)
        return found.source if found and found.what == "copy" else ""

    def life_of(self, kind: str, name: str, created: dt.datetime | None) -> Life | None:
        """How long it is kept, if a job made it."""
        found = self._made(kind, name, created)
        return found.life if found else None

    def _made(self, kind: str, name: str, created: dt.datetime | None) -> Made | None:
        """What a job made under this name, if it is still that."""
        found = self.made.get((kind, name))
        if found is None or created is None:
            return None
        same = abs(found.object.created - created.timestamp()) <= SLACK
        return found if same else None

    def newest(self, database: str, table: str) -> Snapshot | None:
        """The newest snapshot that holds a table."""
        for each in self.snapshots or ():
            if each.level is SnapshotLevel.ACCOUNT and each.account != self.account:
                continue
            if each.has_table(database, table):
                return each
        return None


def look_around(client: Client, at: Moment, journal: Journal, account: str) -> Around:
    """Read what is known of objects; what may not be read stays empty."""
    metadata = client.metadata
    snapshots = _or(client.snapshots.list, None)
    try:
        known = made(journal.folder, journal.place)
    except OSError:
        known = ()
    sees_others = account == "sys" and not at
    return Around(
        account,
        _or(lambda: metadata.copies(at), {}),
        {(each.object.type, each.object.name): each for each in known},
        None if snapshots is None else tuple(snapshots),
        tuple(_or(metadata.of_other_accounts, [])) if sees_others else (),
    )


def _or(read: Callable[[], T], otherwise: T) -> T:
    try:
        return read()
    except QueryError:
        return otherwise


def count_rows(
    client: Client, database: str, tables: Iterable[str], at: Moment = NOW
) -> dict[str, int | None]:
    """Count tables together, and one by one if one of them cannot be counted."""
    names = {table: TableName(table, database) for table in tables}
    try:
        counted = client.metadata.count_rows(list(names.values()), at)
    except QueryError:
        counted = {}
        for name in names.values():
            try:
                counted |= client.metadata.count_rows([name], at)
            except QueryError:
                continue
    return {table: counted.get(name) for table, name in names.items()}


def count_then(
    client: Client, database: str, since: dict[str, Snapshot]
) -> dict[str, int | None]:
    """Count tables as they were, each at its snapshot."""
    counts: dict[str, int | None] = {}
    for snapshot in dict.fromkeys(since.values()):
        names = [table for table, each in since.items() if each == snapshot]
        at = Moment(snapshot=snapshot.name)
        counts |= count_rows(client, database, names, at)
    return counts
