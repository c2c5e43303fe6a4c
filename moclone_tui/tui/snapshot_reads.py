"""What the Snapshots view knows beside the list: lives, copies, what changed since."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from moclone_tui import text
from moclone_tui.api import Client, Kind, MocloneError, Moment, Snapshot, TableName
from moclone_tui.cloning.compare import compare
from moclone_tui.cloning.comparison import Comparison, Side, TableDiff
from moclone_tui.cloning.identity import look_up
from moclone_tui.cloning.of_snapshots import (
    Copied,
    copied,
    databases_of,
)
from moclone_tui.jobs.journal import Journal
from moclone_tui.jobs.keeping import Life, Made, made

MANY = 100
"""More databases than this are compared only when somebody asks for it."""


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


@dataclass(slots=True)
class Since:
    """What changed since a snapshot, as far as it was looked at."""

    waiting: list[str] | None = None
    """The databases that are yet to be compared; None if they are not known."""
    found: dict[str, Comparison] = field(default_factory=dict)
    """What came of the others."""
    unknown: str = ""
    """Why no more can be known, in words."""

    @property
    def done(self) -> bool:
        """Whether nothing more will come."""
        return bool(self.unknown) or self.waiting == []

    @property
    def next(self) -> str:
        """The database to compare next; empty asks for the list of them."""
        return self.waiting[0] if self.waiting else ""

    def take(self, database: str, value: object, error: MocloneError | None) -> None:
        """An answer came: the list of databases, or how one of them compares."""
        if error is not None:
            self.unknown = text.safe(str(error))
        elif isinstance(value, Comparison):
            self.found[database] = value
            self.waiting = [each for each in self.waiting or () if each != database]
        elif isinstance(value, tuple):
            self.waiting = list(value)
            if len(value) > MANY:
                self.unknown = f"{text.plural(len(value), 'database')}: = compares one"

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
        """By how many rows the counts of tables differ."""
        return sum(
            abs((each.rows_right or 0) - (each.rows_left or 0))
            for _, each in self.changed
        )


def look_since(client: Client, snapshot: Snapshot, database: str) -> object:
    """List the databases of a snapshot, or compare one of them with what it is now.

    Raises:
        MocloneError: It could not be looked at.
    """
    if not database:
        return databases_of(client, snapshot)
    table = snapshot.table or None
    left = Side(database, table, Moment(snapshot=snapshot.name))
    return compare(client, left, Side(database, table))
