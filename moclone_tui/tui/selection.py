"""What a command applies to: what is under the cursor, or what is marked."""

from __future__ import annotations

from dataclasses import dataclass

from moclone_tui.api import Kind, Snapshot, TableName
from moclone_tui.tui.asof import PRESENT, AsOf

Thing = str | TableName
"""A database (its name), or an object of one."""


@dataclass(frozen=True, slots=True)
class Selection:
    """What a command applies to, and as of when."""

    database: str | None = None
    object: str | None = None
    """An object of the database; None if it is the database itself."""
    kind: Kind | None = None
    """What the object is."""
    snapshot: Snapshot | None = None
    """A snapshot itself, in the view of snapshots."""
    at: AsOf = PRESENT
    """When it is looked at: of a snapshot its moment, in the timeline the cursor's."""
    marked: tuple[Thing, ...] = ()
    """What is marked: databases, or objects; nothing if only the cursor counts."""
    snapshots: tuple[Snapshot, ...] = ()
    """The snapshots that are marked."""

    @property
    def table(self) -> str | None:
        """The object, if it is a table: a view cannot be copied alone."""
        return self.object if self.kind is Kind.TABLE else None

    @property
    def name(self) -> str:
        """The name of it, as SQL would have it; empty if nothing is selected."""
        if self.snapshot is not None:
            return self.snapshot.name
        thing = self.thing
        return thing.sql if isinstance(thing, TableName) else thing or ""

    @property
    def thing(self) -> Thing | None:
        """What is under the cursor."""
        if self.database is not None and self.object is not None:
            return TableName(self.object, self.database)
        return self.database

    @property
    def things(self) -> tuple[Thing, ...]:
        """What is marked, or else what is under the cursor."""
        return self.marked or ((self.thing,) if self.thing else ())

    @property
    def words(self) -> str:
        """What keys apply to, if that is more than the cursor: `3 marked`."""
        number = len(self.marked) + len(self.snapshots)
        return f"{number:,} marked" if number else ""
