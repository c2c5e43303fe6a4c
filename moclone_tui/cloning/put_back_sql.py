"""The statements of a put-back, as text: pure functions, no connection.

A statement names one moment only: the server takes the first that it reads for all of
them (3.0.18 and 4.2.0). In every statement `n` is the table now, `p` as it was then,
and `b` as others see it while the transaction is open.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from moclone_tui.api import Moment, TableName
from moclone_tui.api.names import quote
from moclone_tui.cloning.conditions import (
    both,
    counted,
    differing,
    either,
    equal,
    listed,
    same,
)

_CLOCK = "UNIX_TIMESTAMP(NOW(6)), CAST(NOW(6) AS CHAR)"


@dataclass(frozen=True, slots=True)
class Link:
    """A foreign key of the table: what its values have to be found in."""

    columns: tuple[str, ...]
    parent: TableName
    parent_columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sides:
    """The table now and then, as far as it takes to put one into the other."""

    table: TableName
    at: Moment
    key: tuple[str, ...]
    """What tells one row from another, then and now; none of it is ever NULL."""
    written: tuple[str, ...]
    """The columns that both have and that can be written, the key included."""
    compared: tuple[str, ...]
    """Those of them that the server can compare, without the key."""
    now: tuple[str, ...] = ()
    """The columns that can be written now, whether they were there then or not."""
    kept: tuple[str, ...] = ()
    """Those of them that the server can compare and that are not put back."""
    chosen: tuple[str, ...] = ()
    """The columns that are put back into rows that are there."""
    enums: tuple[str, ...] = ()
    """Those of them that the server does not let an UPDATE take from a table."""
    stamped: tuple[str, ...] = ()
    """Columns that the server would set by itself in an UPDATE, and must not."""
    batch: int = 0
    """How many rows a statement may overwrite at once; 0 is any number."""
    unique: tuple[tuple[str, ...], ...] = ()
    """The unique keys besides the key, of columns that both have."""
    links: tuple[Link, ...] = ()
    rows: bool = True
    """Whether rows that are gone are put back."""

    @property
    def _then(self) -> str:
        return f"{self.table.sql}{self.at.hint} p"

    @property
    def _now(self) -> str:
        return f"{self.table.sql} n"

    @property
    def _gone(self) -> str:
        return f"n.{quote(self.key[0])} IS NULL"

    @property
    def _there(self) -> str:
        return f"n.{quote(self.key[0])} IS NOT NULL"

    def _released(self, unique: Sequence[str]) -> bool:
        """Whether who holds a value now gives it back itself."""
        return set(unique) <= set(self.chosen)

    def _holders(self) -> Iterator[str]:
        """JOINs that find who holds a row's unique values now."""
        for at, unique in enumerate(self.unique):
            yield f"LEFT JOIN {self.table.sql} u{at} ON {same(f'u{at}', 'p', unique)}"
            if self._released(unique):
                yield (
                    f"LEFT JOIN {self.table.sql}{self.at.hint} h{at}"
                    f" ON {same(f'h{at}', f'u{at}', self.key)}"
                )

    def _held(self, at: int) -> str:
        key = quote(self.key[0])
        newer = f" AND h{at}.{key} IS NULL" if self._released(self.unique[at]) else ""
        return f"u{at}.{key} IS NOT NULL{newer}"

    def count(self) -> str:
        """Count what there is to do: one row of numbers, then the clock.

        Rows then; gone; of these, held back by any unique key; then one for each
        unique key: rows it holds back; one for each unique key: rows whose chosen
        columns a newer row has; one for each link: rows whose parent is missing; one
        for each compared column: rows that differ in it; rows that differ in any chosen
        column; rows now.
        """
        held = [self._held(at) for at in range(len(self.unique))]
        cases = [self._gone, both(self._gone, either(held))]
        cases += [both(self._gone, each) for each in held]
        cases += [
            both(self._there, differing("n", "p", unique), each)
            if self._released(unique)
            else "FALSE"
            for unique, each in zip(self.unique, held, strict=True)
        ]
        joins = [*self._holders()]
        for at, link in enumerate(self.links):
            joins.append(
                f"LEFT JOIN {link.parent.sql} f{at} ON "
                + equal(f"f{at}", link.parent_columns, "p", link.columns)
            )
            cases.append(self._orphaned(at, link))
        cases += [
            both(self._there, differing("n", "p", (name,))) for name in self.compared
        ]
        cases.append(both(self._there, differing("n", "p", self.chosen)))
        numbers = ", ".join(counted(case) for case in cases)
        return (
            f"SELECT COUNT(*), {numbers}, (SELECT COUNT(*) FROM {self.table.sql}),"
            f" {_CLOCK} FROM {self._then} LEFT JOIN {self._now}"
            f" ON {same('n', 'p', self.key)}{_joined(joins)}"
        )

    def _orphaned(self, at: int, link: Link) -> str:
        put = [self._gone] if self.rows else []
        if set(link.columns) & set(self.chosen):
            put.append(both(self._there, differing("n", "p", link.columns)))
        points = [f"p.{quote(name)} IS NOT NULL" for name in link.columns]
        missing = f"f{at}.{quote(link.parent_columns[0])} IS NULL"
        return both(either(put), *points, missing)

    def insert(self) -> str:
        """Put back the rows that are gone, but for those whose unique values are held.

        Not INSERT IGNORE, which would hide what else speaks against a row.
        """
        names = ", ".join(map(quote, self.written))
        values = ", ".join(f"p.{quote(name)}" for name in self.written)
        free = (f"u{at}.{quote(self.key[0])} IS NULL" for at in range(len(self.unique)))
        joins = (
            f"LEFT JOIN {self.table.sql} u{at} ON {same(f'u{at}', 'p', unique)}"
            for at, unique in enumerate(self.unique)
        )
        return (
            f"INSERT INTO {self.table.sql} ({names}) SELECT {values} FROM {self._then}"
            f" LEFT JOIN {self._now} ON {same('n', 'p', self.key)}{_joined(joins)}"
            f" WHERE {' AND '.join((self._gone, *free))}"
        )

    def updates(self, differ: Mapping[str, int]) -> tuple[str, ...]:
        """Put the chosen columns back into the rows that are there.

        Args:
            differ: How many rows differ, for each column: a statement that may change
                only so many at once is repeated.
        """
        chosen = [name for name in self.chosen if differ[name]]
        enums = [name for name in chosen if name in self.enums]
        plain = [name for name in chosen if name not in self.enums]
        return (
            *[self._update(plain)] * self._times(differ, plain),
            *[self._rewrite(enums)] * self._times(differ, enums),
        )

    def _times(self, differ: Mapping[str, int], names: Sequence[str]) -> int:
        rows = sum(differ[name] for name in names)
        return -(-rows // self.batch) if self.batch else bool(names)

    @property
    def _limit(self) -> str:
        return f" LIMIT {self.batch:d}" if self.batch else ""

    def _update(self, plain: Sequence[str]) -> str:
        sets = [f"n.{quote(name)} = p.{quote(name)}" for name in plain]
        sets += [f"n.{quote(name)} = n.{quote(name)}" for name in self.stamped]
        then = self._then
        if self.batch:
            then = (
                f"(SELECT {listed('p', (*self.key, *plain))} FROM {self._then}"
                f" JOIN {self._now} ON {same('n', 'p', self.key)}"
                f" WHERE {differing('n', 'p', plain)}{self._limit}) p"
            )
        return (
            f"UPDATE {self._now}, {then} SET {', '.join(sets)}"
            f" WHERE {same('n', 'p', self.key)} AND ({differing('n', 'p', plain)})"
        )

    def _rewrite(self, enums: Sequence[str]) -> str:
        """What an UPDATE would do, by INSERT: whole rows, lest any column be lost."""
        values = ", ".join(
            f"{'p' if name in enums else 'n'}.{quote(name)}" for name in self.now
        )
        sets = ", ".join(
            f"{quote(name)} = VALUES({quote(name)})" for name in (*enums, *self.stamped)
        )
        return (
            f"INSERT INTO {self.table.sql} ({', '.join(map(quote, self.now))})"
            f" SELECT {values} FROM {self._then} JOIN {self._now}"
            f" ON {same('n', 'p', self.key)} WHERE {differing('n', 'p', enums)}"
            f"{self._limit} ON DUPLICATE KEY UPDATE {sets}"
        )

    def check(self, before: Moment) -> str:
        """Compare what the transaction sees with what others see.

        Rows that both have, counted as often as they are there now; those that are gone
        or differ in what is not put back; those that differ in what is; rows now; rows
        for others.

        Args:
            before: The server's clock, some milliseconds ago: at a later moment than
                that of the last commit it knows, the server shows what is not committed
                yet.
        """
        lost = either((self._gone, differing("n", "b", self.kept)))
        changed = both(self._there, differing("n", "b", self.chosen))
        others = f"{self.table.sql}{before.hint}"
        return (
            f"SELECT COUNT(*), {counted(lost)}, {counted(changed)},"
            f" (SELECT COUNT(*) FROM {self.table.sql}),"
            f" (SELECT COUNT(*) FROM {others})"
            f" FROM {others} b LEFT JOIN {self._now} ON {same('n', 'b', self.key)}"
        )

    def left(self) -> str:
        """Count what is left to do: rows still gone, and rows that still differ."""
        differ = both(self._there, differing("n", "p", self.chosen))
        return (
            f"SELECT {counted(self._gone)} AS still_gone, {counted(differ)} AS differ"
            f" FROM {self._then} LEFT JOIN {self._now} ON {same('n', 'p', self.key)}"
        )

    def sample_gone(self, limit: int) -> str:
        """Some of the rows that are gone, by key: the written columns as they were."""
        values = ", ".join(f"p.{quote(name)}" for name in self.written)
        return (
            f"SELECT {values} FROM {self._then} LEFT JOIN {self._now}"
            f" ON {same('n', 'p', self.key)} WHERE {self._gone}"
            f" ORDER BY {listed('p', self.key)} LIMIT {limit:d}"
        )

    def sample_changed(self, limit: int) -> str:
        """Some of the rows that differ: key, chosen columns now, the same then."""
        values = (
            listed("n", self.key),
            listed("n", self.chosen),
            listed("p", self.chosen),
        )
        return (
            f"SELECT {', '.join(values)} FROM {self._then} JOIN {self._now}"
            f" ON {same('n', 'p', self.key)} WHERE {differing('n', 'p', self.chosen)}"
            f" ORDER BY {listed('n', self.key)} LIMIT {limit:d}"
        )


def _joined(joins: Iterable[str]) -> str:
    return "".join(f" {each}" for each in joins)
