"""What the timeline reads of a moment: how it differs from the present."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from moclone_tui import text
from moclone_tui.api import NOW, Client, Kind, Moment, NotFound, TableName
from moclone_tui.api._connected import Connected

MOST = 100
"""How many tables are counted: one statement for each moment."""


@dataclass(frozen=True, slots=True)
class State:
    """What there was at one moment."""

    objects: frozenset[str] | None = None
    """Names of tables and views; None if what they are in was not there."""
    rows: Mapping[str, int] = field(default_factory=dict)
    """The rows of the tables that were counted."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A moment beside the present."""

    then: State
    now: State
    of_table: bool
    """Whether it is one table, not a database."""

    @property
    def words(self) -> str:
        """`14 objects, as now · orders: 82 rows more than now`; fit to show."""
        if self.then.objects is None:
            return "it was not there at this moment"
        parts = [] if self.of_table else [self._objects(self.then.objects)]
        if self.of_table:
            (rows,) = self.then.rows.values() or (0,)
            parts.append(text.plural(rows, "row"))
            if self.now.objects is None:
                parts.append("it is not there now")
        return " · ".join([*parts, *self._rows()])

    def _objects(self, then: frozenset[str]) -> str:
        words = text.plural(len(then), "object")
        if self.now.objects is None:
            return f"{words}; it is not there now"
        if then == self.now.objects:
            return f"{words}, as now"
        gone, new = then - self.now.objects, self.now.objects - then
        parts = [f"{len(gone)} gone since: {_some(gone)}"] if gone else []
        parts += [f"{len(new)} new since: {_some(new)}"] if new else []
        return f"{words}; {', '.join(parts)}"

    def _rows(self) -> list[str]:
        """The tables that differ most, each with by how much."""
        both = self.then.rows.keys() & self.now.rows.keys()
        by = {name: self.then.rows[name] - self.now.rows[name] for name in both}
        differ = sorted((-abs(n), name) for name, n in by.items() if n)
        said = []
        for _, name in differ[:3]:
            more = "more" if by[name] > 0 else "fewer"
            rows = f"{text.plural(abs(by[name]), 'row')} {more} than now"
            said.append(rows if self.of_table else f"{text.safe(name)}: {rows}")
        if len(differ) > 3:
            said.append(f"{text.plural(len(differ) - 3, 'more table')} with others")
        if not differ and both:
            said.append("as many as now" if self.of_table else "as many rows as now")
        return said


def difference(client: Client, thing: str | TableName, at: Moment) -> Difference:
    """Compare a moment with the present by counts: two to four round trips.

    Raises:
        QueryError: The server refused to tell.
    """
    return Difference(
        _state(client, thing, at),
        _state(client, thing, NOW),
        isinstance(thing, TableName),
    )


def _state(client: Connected, thing: str | TableName, at: Moment) -> State:
    try:
        if isinstance(thing, TableName):
            rows = client.metadata.count_rows([thing], at)
            return State(frozenset({thing.table}), _by_name(rows))
        found = client.metadata.tables(thing, at)
    except NotFound:
        return State()
    tables = [TableName(each.name, thing) for each in found if each.kind is Kind.TABLE]
    rows = client.metadata.count_rows(tables, at) if len(tables) <= MOST else {}
    return State(frozenset(each.name for each in found), _by_name(rows))


def _by_name(rows: Mapping[TableName, int]) -> dict[str, int]:
    return {name.table: number for name, number in rows.items()}


def _some(names: Iterable[str], shown: int = 2) -> str:
    first = sorted(names)
    more = f" and {len(first) - shown} more" if len(first) > shown else ""
    return ", ".join(map(text.safe, first[:shown])) + more
