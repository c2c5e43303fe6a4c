"""What is asked for: one copy of a database or a table, at a moment."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from moclone_tui.api import NOW, Moment, TableName, sql
from moclone_tui.api.names import new_database


class IfExists(StrEnum):
    """What is done if the target is there already."""

    STOP = "stop"
    """Nothing, and it is an error."""
    SKIP = "skip"
    """Nothing, and it is none: the target is left alone."""


@dataclass(frozen=True, slots=True)
class Request:
    """A copy of a database (both names are text) or of a table (both are table names).

    Raises:
        InvalidName: The target could not be made, or never dropped again.
    """

    source: str | TableName
    target: str | TableName
    at: Moment = NOW
    """The moment to copy it at."""
    if_exists: IfExists = IfExists.STOP

    def __post_init__(self) -> None:
        """Check the target's name."""
        if isinstance(self.target, TableName):
            self.target.new()
        else:
            new_database(self.target)
        if isinstance(self.target, TableName) != isinstance(self.source, TableName):
            raise TypeError("A database is copied to a database, a table to a table.")

    @property
    def source_database(self) -> str:
        """The database that the source is, or is in; in lower case, as it is kept."""
        return _database(self.source)

    @property
    def target_database(self) -> str:
        """The database that the target is, or will be in."""
        return _database(self.target)

    @property
    def source_table(self) -> str | None:
        """The table that is copied; None if it is a whole database."""
        return self.source.table.lower() if isinstance(self.source, TableName) else None

    @property
    def target_table(self) -> str | None:
        """The table that is made; None if it is a whole database."""
        return self.target.table.lower() if isinstance(self.target, TableName) else None

    @property
    def statement(self) -> str:
        """The server's own statement for it."""
        if isinstance(self.target, TableName) and isinstance(self.source, TableName):
            return sql.clone_table(self.target, self.source, self.at)
        return sql.clone_database(str(self.target), str(self.source), self.at)

    @property
    def title(self) -> str:
        """`clone shop → shop_dev`."""
        return f"clone {self.source} → {self.target}"


def _database(of: str | TableName) -> str:
    return (of.database or "" if isinstance(of, TableName) else of).lower()
