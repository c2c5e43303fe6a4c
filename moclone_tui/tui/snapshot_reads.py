"""What the Snapshots view knows beside the list: lives, copies, what changed since."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from moclone_tui import text
from moclone_tui.api import (
    NOW,
    Client,
    Kind,
    MocloneError,
    Moment,
    Snapshot,
    TableName,
)
from moclone_tui.cloning.compare import compare, compare_ddl
from moclone_tui.cloning.compare_rows import row_changes
from moclone_tui.cloning.comparison import Comparison, RowChanges, Side, TableDiff
from moclone_tui.cloning.identity import look_up
from moclone_tui.cloning.of_snapshots import (
    Copied,
    copied,
    databases_of,
)
from moclone_tui.jobs.journal import Journal
from moclone_tui.jobs.keeping import Life, Made, made
from moclone_tui.tui.reader import Work

MANY = 100
"""More databases than this are compared only when somebody asks for it."""
FEW = 50
"""Of more tables than this the rows are only counted, and no DDL is read."""


@dataclass(frozen=True, slots=True)
class Around:
    """What the journal and the catalog know of the snapshots there are."""

    made: Mapping[tuple[str, int], Made] = field(default_factory=dict)
    """Those that moclone made, by name and second."""
    copies: tuple[Copied, ...] = ()
    """What was copied from snapshots, and is there."""

    def made_by(self, snapshot: Snapshot) -> Made | None:
        """What the journal has of a snapshot; None if moclone did not take it."""
        return self.made.get((snapshot.name, snapshot.ts // 10**9))

    def life(self, snapshot: Snapshot) -> Life:
        """How long it is kept."""
        found = self.made_by(snapshot)
        return found.life if found else Life()

    def copies_of(self, snapshot: Snapshot) -> tuple[str, ...]:
        """The names of what was made from it, fit to show."""
        found = {text.safe(each.name) for each in self.copies if each.of(snapshot)}
        return tuple(sorted(found))


def look_around(client: Client, journal: Journal) -> Around:
    """Read the journal, and ask the catalog for copies: two round trips.

    Raises:
        MocloneError: The connection was lost.
    """
    try:
        known = made(journal.folder, journal.place)
    except OSError:
        known = ()
    taken = {
        (each.object.name, each.object.created): each
        for each in known
        if each.object.type == "snapshot"
    }
    found = {(each.name, each.snapshot, each.ns): each for each in copied(client)}
    for each in _of_journal(client, known):
        found.setdefault((each.name, each.snapshot, 0), each)
    return Around(taken, tuple(found.values()))


def _of_journal(client: Client, known: tuple[Made, ...]) -> Iterator[Copied]:
    """Copies that jobs made, as far as they are still there."""
    copies = [each for each in known if each.what == "copy" and each.at][:MANY]
    if not copies:
        return
    there = {
        each: each.id for each in look_up(client, [c.object for c in copies]).objects
    }
    for each in copies:
        if there.get(each.object) == each.object.id:
            name = each.object.name
            if each.object.type == "table":
                name = str(TableName.parse(name))
            yield Copied(name, each.at, made=each.object.created)


def _compare(client: Client, left: Side) -> Comparison:
    """What there was beside the present, with the DDL of what was written anew.

    The catalog writes a table anew for a foreign key or a clone made of it, too.
    """
    found = compare(client, left, replace(left, at=NOW))
    remade = [each.name for each in found.tables if each.remade]
    return compare_ddl(client, found, remade[:FEW])


@dataclass(slots=True)
class Since:
    """What changed since a snapshot, as far as it was looked at.

    First what there is, with counts, database by database; then the rows, table by
    table, unless there are many tables.
    """

    waiting: list[str] | None = None
    """The databases that are yet to be compared; None if they are not known."""
    tables: list[Side] = field(default_factory=list)
    """The tables whose rows are yet to be compared, as they were."""
    found: dict[str, Comparison] = field(default_factory=dict)
    """What came of the databases."""
    unknown: str = ""
    """Why no more can be known, in words."""

    @property
    def counted(self) -> bool:
        """Whether all databases were compared."""
        return bool(self.unknown) or self.waiting == []

    @property
    def done(self) -> bool:
        """Whether nothing more will come."""
        return self.counted and not self.tables

    @property
    def exact(self) -> bool:
        """Whether the rows of every table were compared."""
        return self.done and all(
            each.changes is not None
            for found in self.found.values()
            for each in found.tables
            if _has_rows(each)
        )

    def look(self, snapshot: Snapshot) -> tuple[Hashable, Work]:
        """What to ask next, and how.

        Args:
            snapshot: What it is about.
        """
        if self.waiting is None:
            return None, lambda client: databases_of(client, snapshot)
        if self.waiting:
            table = snapshot.table or None
            left = Side(self.waiting[0], table, Moment(snapshot=snapshot.name))
            return left, lambda client: _compare(client, left)
        left = self.tables[0]
        return left, lambda client: row_changes(client, left, replace(left, at=NOW))

    def take(self, about: Hashable, value: object, error: MocloneError | None) -> None:
        """An answer came: a list of databases, a comparison, or rows."""
        if isinstance(about, Side) and about in self.tables:
            self.tables.remove(about)
            if isinstance(value, RowChanges):
                found = self.found[about.database]
                diff = found.of(about.table or "").with_changes(value)
                self.found[about.database] = found.replaced([diff])
        elif error is not None:
            self.unknown = text.safe(str(error))
        elif isinstance(value, Comparison):
            self._compared(value)
        elif isinstance(value, tuple):
            self.waiting = list(value)
            if len(value) > MANY:
                self.unknown = f"{text.plural(len(value), 'database')}: = compares one"

    def _compared(self, found: Comparison) -> None:
        database = found.left.database
        self.found[database] = found
        self.waiting = [each for each in self.waiting or () if each != database]
        if not self.waiting:
            tables = [
                each.left
                for one in self.found.values()
                for each in one.tables
                if _has_rows(each)
            ]
            self.tables = tables if len(tables) <= FEW else []

    @property
    def changed(self) -> list[tuple[str, TableDiff]]:
        """The databases and objects that are not what they were, by name."""
        return [
            (database, each)
            for database, found in sorted(self.found.items())
            for each in found.tables
            if each.differs or (each.same_ddl is None and each.kind is Kind.TABLE)
        ]

    @property
    def rows(self) -> int:
        """How many rows changed, as far as is known; else by how many counts differ."""
        return sum(
            each.changes.total
            if each.changes is not None
            else abs((each.rows_right or 0) - (each.rows_left or 0))
            for _, each in self.changed
        )


def _has_rows(each: TableDiff) -> bool:
    return all(each.there) and each.kind is Kind.TABLE
