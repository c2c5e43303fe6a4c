"""Verify: is a copy what its source was, at the same moment?

Objects, DDL and exact row counts are compared, both sides at one moment. What cannot be
compared is named, never passed over.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from moclone_tui import text
from moclone_tui.api import NOW, Kind, Moment, Table, TableName
from moclone_tui.api._connected import Connected
from moclone_tui.api.names import fold
from moclone_tui.cloning import shape

_COPIED = (Kind.TABLE, Kind.VIEW)
_MADE_AT = re.compile(r"\{\s*MO_TS\s*=\s*(\d+)\s*\}\s*$")


_NO_MOMENT = "rows: the server does not tell the moment of the copy"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a comparison found."""

    tables: int
    """Tables of the copy that were compared."""
    views: int
    """Views of the copy that were looked for."""
    rows: int
    """Rows of the copy, as far as they were counted."""
    differences: tuple[str, ...] = ()
    """What is not as in the source, in words."""
    unchecked: tuple[str, ...] = ()
    """What could not be compared, and why, in words."""
    later: tuple[tuple[TableName, TableName], ...] = ()
    """Tables that can be counted only after COMMIT, the partitioned ones, each with
    its source."""
    moment: Moment = NOW
    """The moment both sides were compared at; the present if it is not known."""

    deep: bool = False
    """Whether every row was compared."""

    def with_rows(
        self, wrong: Iterable[str], unsure: Iterable[str], *, every: bool = True
    ) -> Verdict:
        """The same, once rows were compared: every one, or not."""
        return replace(
            self,
            differences=(*self.differences, *wrong),
            unchecked=(*self.unchecked, *unsure),
            deep=every,
        )

    @property
    def word(self) -> str:
        """`verified: counts`, `verified: rows`, `differs` or `not verified`."""
        if self.differences:
            return "differs"
        unsure = self.unchecked or self.later
        if unsure:
            return "not verified"
        return "verified: rows" if self.deep else "verified: counts"


def moment_of(copies: Iterable[Table]) -> Moment | None:
    """When the tables of a copy were read, if the catalog keeps that.

    The server writes the moment into the statement that it says made a clone.
    """
    for table in copies:
        if found := _MADE_AT.search(table.made_by):
            return Moment(ns=int(found[1]))
    return None


def verify_database(
    run: Connected,
    copy: str,
    source: str,
    at: Moment,
    *,
    changed: Collection[TableName] = (),
) -> Verdict:
    """Compare a copied database with its source, at the moment it was copied.

    Args:
        run: A client, or the session that made the copy and has not committed yet.
        copy: The copy.
        source: What it was made from.
        at: The snapshot or time it was asked for; the present if false, and then the
            moment is the one the server chose.
        changed: Tables of the copy that have other rows on purpose.

    Raises:
        MocloneError: The comparison itself failed.
    """
    copies = _copied(run.metadata.tables(copy))
    moment = at or moment_of(copies.values())
    when = moment if moment is not None else at
    sources = _copied(run.metadata.tables(source, when))
    differences = list(_other_objects(copies, sources))
    both = [name for name in sources if name in copies]
    same = [
        name
        for name in both
        if sources[name].kind is Kind.TABLE and TableName(name, copy) not in changed
    ]
    # In the transaction that made it, a partitioned table counts 0.
    later = [name for name in same if sources[name].partitioned and run.in_transaction]
    countable = [name for name in same if name not in later]
    unchecked: list[str] = []
    rows = 0
    if moment is None and (countable or later):
        unchecked.append(_NO_MOMENT)
    elif moment is not None:
        tables = sorted(name for name in both if sources[name].kind is Kind.TABLE)
        differences += _compare_ddl(run, (copy, source), tables, moment)
        pairs = [(TableName(each, copy), TableName(each, source)) for each in countable]
        rows, wrong = compare_counts(run, pairs, moment)
        differences += wrong
    return Verdict(
        tables=sum(sources[name].kind is Kind.TABLE for name in both),
        views=sum(sources[name].kind is Kind.VIEW for name in both),
        rows=rows,
        differences=tuple(differences),
        unchecked=tuple(unchecked),
        later=tuple(
            (TableName(name, copy), TableName(name, source))
            for name in later
            if moment is not None
        ),
        moment=when,
    )


def _copied(tables: Iterable[Table]) -> dict[str, Table]:
    return {table.name: table for table in tables if table.kind in _COPIED}


def _other_objects(
    copies: dict[str, Table], sources: dict[str, Table]
) -> Iterator[str]:
    for name, source in sources.items():
        if name not in copies:
            yield f"{text.safe(name)} is missing"
        elif copies[name].kind is not source.kind:
            yield f"{text.safe(name)} is a {copies[name].kind}, not a {source.kind}"
    for name in copies:
        if name not in sources:
            yield f"{text.safe(name)} is not in the source"


def count_later(run: Connected, verdict: Verdict) -> Verdict:
    """Count what could not be counted before COMMIT, and add it to the verdict.

    Args:
        run: A client: the copy is committed.
        verdict: What was found before COMMIT.
    """
    rows, wrong = compare_counts(run, verdict.later, verdict.moment)
    return replace(
        verdict,
        rows=verdict.rows + rows,
        differences=verdict.differences + tuple(wrong),
        later=(),
    )


def verify_table(
    run: Connected,
    copy: TableName,
    source: TableName,
    at: Moment,
    *,
    partitioned: bool = False,
    changed: bool = False,
) -> Verdict:
    """Compare a copied table with its source, at the moment it was copied.

    Args:
        run: A client, or the session that made the copy and has not committed yet.
        copy: The copy.
        source: What it was made from.
        at: The snapshot or time it was asked for; the present if false, and then the
            moment is the one the server chose.
        partitioned: Whether it has partitions, and can be counted only after COMMIT.
        changed: Whether it has other rows on purpose.

    Raises:
        MocloneError: The comparison itself failed.
    """
    moment: Moment | None = at or None
    if moment is None and copy.database is not None:
        tables = run.metadata.tables(copy.database)
        moment = moment_of(table for table in tables if table.name == fold(copy.table))
    if moment is None:
        rows = run.metadata.count_rows([copy])[copy]
        return Verdict(1, 0, rows, unchecked=(_NO_MOMENT,))
    pairs = [(copy, source)]
    now = [] if partitioned or changed else pairs
    rows, wrong = compare_counts(run, now, moment)
    made = _table_ddl(run.metadata.ddl(copy), copy.database)
    if made != _table_ddl(run.metadata.ddl(source, moment), source.database):
        wrong.append(_other_ddl(str(copy)))
    later = tuple(pairs) if partitioned and not changed else ()
    return Verdict(1, 0, rows, tuple(wrong), later=later, moment=moment)


def _compare_ddl(
    run: Connected, databases: tuple[str, str], names: list[str], moment: Moment
) -> list[str]:
    """Compare what makes each table; 4.2 changes a default that holds a quote."""
    copy, source = databases
    return [
        _other_ddl(name)
        for name in names
        if run.metadata.ddl(TableName(name, copy))
        != run.metadata.ddl(TableName(name, source), moment)
    ]


def _table_ddl(ddl: str, database: str | None) -> str:
    """What makes a table, without its name, every parent with its database."""
    return shape.with_parents(ddl, database or "").partition("(")[2]


def _other_ddl(name: str) -> str:
    return f"the DDL of {text.safe(name)} is not that of its source"


def compare_counts(
    run: Connected, pairs: Sequence[tuple[TableName, TableName]], moment: Moment
) -> tuple[int, list[str]]:
    """Count copies and sources; gives the rows of the copies, and what is wrong."""
    mine = run.metadata.count_rows([copy for copy, _ in pairs])
    theirs = run.metadata.count_rows([source for _, source in pairs], moment)
    if run.in_transaction:
        # Of a copy that is not committed yet, 4.2 counts deleted rows, too, unless it
        # reads them.
        unsure = [copy for copy, source in pairs if mine[copy] != theirs[source]]
        mine |= run.metadata.count_rows(unsure, scan=True)
    wrong = [
        _differ(copy.table, found, expected)
        for copy, source in pairs
        if (found := mine[copy]) != (expected := theirs[source])
    ]
    return sum(mine.values()), wrong


def _differ(name: str, found: int, expected: int) -> str:
    return (
        f"{text.safe(name)} has {text.plural(found, 'row')}, "
        f"its source {text.count(expected)}"
    )
