"""What a comparison of two sides is: values, nothing asked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from moclone_tui import text
from moclone_tui.api import NOW, Kind, Moment, TableName
from moclone_tui.api.names import fold


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a comparison: a database, or one table of it, at a moment."""

    database: str
    table: str | None = None
    """None is the whole database."""
    at: Moment = NOW

    def __post_init__(self) -> None:
        """Fold names as the server does."""
        object.__setattr__(self, "database", fold(self.database))
        if self.table is not None:
            object.__setattr__(self, "table", fold(self.table))

    def of(self, table: str) -> Side:
        """A table of the database, at the same moment."""
        return Side(self.database, table, self.at)

    @property
    def name(self) -> TableName:
        """The table. Raises InvalidName if it is a whole database."""
        return TableName(self.table or "", self.database)

    @property
    def sql(self) -> str:
        """The table at the moment, as it stands behind FROM."""
        return f"{self.name.sql}{self.at.hint}"

    def __str__(self) -> str:
        what = str(self.name) if self.table is not None else text.safe(self.database)
        return f"{what} at {self.at}" if self.at else what


class State(StrEnum):
    """How an object is on the one side and on the other."""

    ONLY_LEFT = "only left"
    ONLY_RIGHT = "only right"
    ALTERED = "altered"
    """What makes it is another, whatever its rows are."""
    ROWS_DIFFER = "rows differ"
    SAME_COUNT = "same count"
    """As many rows on both sides: whether they are the same was not looked at."""
    SAME = "same"
    """Every row was compared; or it has none of its own, and is made the same way."""
    UNKNOWN = "not known"


@dataclass(frozen=True, slots=True)
class RowChanges:
    """What became of the rows of a table between the left side and the right."""

    inserted: int = 0
    """Rows that only the right side has, by key."""
    updated: int = 0
    """Rows of one key that both have, with other values."""
    deleted: int = 0
    """Rows that only the left side has, by key."""
    note: str = ""
    """What was left out of the comparison, in words."""
    unknown: str = ""
    """Why the numbers are not known, in words; empty if they are."""

    @property
    def total(self) -> int:
        """How many rows differ."""
        return self.inserted + self.updated + self.deleted

    def __str__(self) -> str:
        """`2 inserted, 1 updated`, `no row differs`, `not known: …`."""
        if self.unknown:
            return f"not known: {self.unknown}"
        numbers = {"inserted": self.inserted, "updated": self.updated}
        numbers["deleted"] = self.deleted
        said = [f"{text.count(many)} {word}" for word, many in numbers.items() if many]
        return ", ".join(said) or "no row differs"


@dataclass(frozen=True, slots=True)
class TableDiff:
    """An object of either side, or of both."""

    name: str
    """Its name; where the two have different ones, that of the left side."""
    left: Side
    """The object on the left, whether it is there or not."""
    right: Side
    kinds: tuple[Kind | None, Kind | None]
    """What it is on the left and on the right; None is not there."""
    rows_left: int | None = None
    """Exact; None if it is not there, has no rows of its own, or was not counted."""
    rows_right: int | None = None
    same_ddl: bool | None = None
    """Whether the same makes both; None as long as that was not looked at."""
    remade: bool = False
    """Whether the catalog says that it was altered or made anew in between."""
    ddl_left: str = ""
    """What makes it, as the server writes it; empty as long as it was not read."""
    ddl_right: str = ""
    changes: RowChanges | None = None
    """What became of its rows; None as long as they were not compared."""
    unknown: str = ""
    """What could not be looked at, and why, in words."""

    @property
    def kind(self) -> Kind:
        """What it is; where the two are different, that of the left."""
        return self.kinds[0] or self.kinds[1] or Kind.OTHER

    @property
    def there(self) -> tuple[bool, bool]:
        """Whether it is there, on the left and on the right."""
        return self.kinds[0] is not None, self.kinds[1] is not None

    @property
    def state(self) -> State:
        """How the two sides are, as far as was looked."""
        match self.there:
            case (True, False):
                return State.ONLY_LEFT
            case (False, True):
                return State.ONLY_RIGHT
        if self.same_ddl is False:
            return State.ALTERED
        if self.kind is not Kind.TABLE:
            return State.SAME if self.same_ddl else State.UNKNOWN
        return self._by_rows()

    def _by_rows(self) -> State:
        if self.changes is not None and not self.changes.unknown:
            same = State.SAME if self.same_ddl else State.SAME_COUNT
            return State.ROWS_DIFFER if self.changes.total else same
        if self.rows_left is None or self.rows_right is None:
            return State.UNKNOWN
        differ = self.rows_left != self.rows_right
        return State.ROWS_DIFFER if differ else State.SAME_COUNT

    @property
    def differs(self) -> bool:
        """Whether the two are known to be different."""
        return self.state not in (State.SAME, State.SAME_COUNT, State.UNKNOWN)

    def with_changes(self, changes: RowChanges) -> TableDiff:
        """The same, once its rows were compared."""
        return replace(self, changes=changes)


@dataclass(frozen=True, slots=True)
class Comparison:
    """What two sides hold, object by object."""

    left: Side
    right: Side
    tables: tuple[TableDiff, ...]
    """Tables, views, sequences, external tables of either, by name."""
    there: tuple[bool, bool] = (True, True)
    """Whether the database, or the table, is there, on the left and on the right."""

    @property
    def differing(self) -> tuple[TableDiff, ...]:
        """Those that are known to be different."""
        return tuple(each for each in self.tables if each.differs)

    def of(self, name: str) -> TableDiff:
        """One of them. Raises KeyError if neither side has it."""
        return {each.name: each for each in self.tables}[name]

    def replaced(self, tables: Iterable[TableDiff]) -> Comparison:
        """The same with what is known of some tables by now."""
        new = {each.name: each for each in tables}
        kept = tuple(new.get(each.name, each) for each in self.tables)
        return replace(self, tables=kept)

    def __str__(self) -> str:
        """Objects by state: `only left 2, altered 1, same count 11`."""
        counts = {
            state: sum(each.state is state for each in self.tables) for state in State
        }
        return ", ".join(
            f"{state} {text.count(many)}" for state, many in counts.items() if many
        )
