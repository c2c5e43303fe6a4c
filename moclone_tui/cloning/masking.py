"""Masking: what is done to a copy before COMMIT, looked at beforehand.

A rule says what a column holds in the copy. Whether it can be carried out, and proved,
is in the DDL of the source at the moment.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from moclone_tui.api import (
    NOW,
    Moment,
    NotFound,
    PermissionDenied,
    QueryError,
    TableName,
)
from moclone_tui.api._connected import Connected
from moclone_tui.api.names import fold, quote
from moclone_tui.cloning import anew, dml, foreign_keys, mask_queries, shape
from moclone_tui.cloning.after import After
from moclone_tui.cloning.foreign_keys import NO_SWAP, KeySwap
from moclone_tui.cloning.preflight import Finding, Level
from moclone_tui.cloning.shape import Shape
from moclone_tui.config import MaskRule
from moclone_tui.config._checks import nearest


@dataclass(frozen=True, slots=True)
class Mask:
    """What the rules do to one table."""

    source: TableName
    copy: TableName
    values: tuple[tuple[str, str], ...]
    """Each column with the SQL expression it gets."""
    shape: Shape
    """What the source's table is like."""

    @property
    def statement(self) -> str:
        """The UPDATE; every expression in it sees the row as it was."""
        return mask_queries.mask(self.copy, self.values)


@dataclass(frozen=True, slots=True)
class Changes:
    """What is to be done to one copy, ready to be sent."""

    source: str | TableName
    target: str | TableName
    at: Moment = NOW
    """The moment of the copy; the present if it is not known."""
    masks: tuple[Mask, ...] = ()
    statements: tuple[dml.Statement, ...] = ()
    """Of the file; they come after the masks."""
    swap: KeySwap = NO_SWAP
    """What goes before and after all of them, for the sake of foreign keys."""

    def __bool__(self) -> bool:
        return bool(self.masks or self.statements)

    @property
    def texts(self) -> tuple[str, ...]:
        """All that is sent, in order."""
        return (
            f"USE {quote(self.database)}",
            *self.swap.free,
            *(mask.statement for mask in self.masks),
            *(each.text for each in self.statements),
            *self.swap.bind,
        )

    @property
    def database(self) -> str:
        """The database that the copy is, or is in."""
        if isinstance(self.target, TableName):
            return self.target.database or ""
        return self.target


def prepare(
    run: Connected,
    after: After,
    source: str | TableName,
    target: str | TableName,
    at: Moment = NOW,
) -> tuple[Changes, tuple[Finding, ...]]:
    """Look at what rules and statements would come upon. Nothing is changed.

    One round trip for each table that a rule or a statement names, and one for foreign
    keys. A rule without a database is for every source that has the table; one that
    names the source's database needs it to be there, and one that names another is no
    rule here.

    Args:
        run: A client, or a session.
        after: What is asked for.
        source: A database, or a table.
        target: What the copy will be: a database for a database, a table for a table.
        at: The moment that the copy is made at. Without one, what was changed cannot
            be compared with the source.

    Returns:
        What can be sent, and what there is to know; a blocker in it says that nothing
        should be.

    Raises:
        MocloneError: The server could not be asked.
    """
    masks, found = _masks(run, after.rules, source, target, at)
    if after.required and not masks:
        words = f"masking is required, and no rule applies to {source}"
        remedy = "Write a rule for it in the profile."
        found.append(Finding(Level.BLOCKER, words, remedy))
    for mask in masks:
        found += _of_values(run, mask, at)
    statements = tuple(dml.read(text) for text in after.statements)
    databases = [each.name for each in run.metadata.databases()] if statements else []
    hidden = _partitioned(run, statements, source, at)
    found += _of_statements(statements, target, databases, hidden)
    changes = Changes(source, target, at, masks, statements)
    names = {mask.source.table for mask in masks}
    names |= {name for each in statements for name in each.table_names}
    written, said = anew.look(run, _database(source), names, at)
    found += said
    if isinstance(source, TableName) and isinstance(target, TableName):
        free = [anew.statements(target, source, each, at) for each in written.values()]
        changes = replace(changes, swap=KeySwap(tuple(chain.from_iterable(free))))
    elif changes:
        try:
            links = foreign_keys.inside(run, _database(source), at)
        except PermissionDenied:
            words = "not checked: foreign keys of what is changed: no right to look"
            found.append(Finding(Level.WARNING, words))
        else:
            found += _of_links(links, masks)
            swap = foreign_keys.swap(
                run, str(source), str(target), names, links, at, written
            )
            changes = replace(changes, swap=swap)
    return changes, tuple(found)


def _masks(
    run: Connected,
    rules: Sequence[MaskRule],
    source: str | TableName,
    target: str | TableName,
    at: Moment,
) -> tuple[tuple[Mask, ...], list[Finding]]:
    """What is to be done to each table, and what speaks against it."""
    found: list[Finding] = []
    masks: list[Mask] = []
    for name, mine in _by_table(rules, source).items():
        table = TableName(name, _database(source))
        try:
            looks = shape.read(run.metadata.ddl(table, at))
        except NotFound:
            found += _missing(table, mine)
            continue
        found += _of_table(run, table, looks, mine)
        copy = target if isinstance(target, TableName) else TableName(name, target)
        columns = {fold(column): column for column in looks.columns}
        values = tuple(
            (columns[fold(rule.column)], rule.value)
            for rule in mine
            if fold(rule.column) in columns
        )
        if values:
            masks.append(Mask(table, copy, values, looks))
    return tuple(masks), found


def _database(of: str | TableName) -> str:
    return fold(of.database or "" if isinstance(of, TableName) else of)


def _by_table(
    rules: Sequence[MaskRule], source: str | TableName
) -> dict[str, list[MaskRule]]:
    """The rules for a source by table; one that names the database comes first."""
    database = _database(source)
    chosen: dict[tuple[str, str], MaskRule] = {}
    for rule in sorted(rules, key=lambda rule: rule.database is None):
        table = fold(rule.table)
        if rule.database is not None and fold(rule.database) != database:
            continue
        if isinstance(source, TableName) and table != fold(source.table):
            continue
        chosen.setdefault((table, fold(rule.column)), rule)
    found: dict[str, list[MaskRule]] = {}
    for (table, _), rule in chosen.items():
        found.setdefault(table, []).append(rule)
    return found


def _missing(table: TableName, rules: Sequence[MaskRule]) -> Iterator[Finding]:
    for rule in rules:
        if rule.database is not None:
            yield Finding(
                Level.BLOCKER,
                f"the rule for {rule} finds no table {table.table}",
                "Mend the rule, or leave its database out.",
                (table.table,),
            )


def _of_table(
    run: Connected, table: TableName, looks: Shape, rules: Sequence[MaskRule]
) -> Iterator[Finding]:
    columns = {fold(column): column for column in looks.columns}
    if not columns:
        yield _blocker(table, f"{table} is to be masked, and it is no table")
        return
    if looks.partitioned and run.capabilities.has("clone_keeps_partitions"):
        yield _blocker(
            table,
            f"{table} is partitioned: before COMMIT the server masks none of its rows",
        )
    keys = {column for key in (looks.key, *looks.unique) for column in key}
    bound = {column for key in looks.foreign_keys for column in key.columns}
    for rule in rules:
        column = columns.get(fold(rule.column))
        if column is None:
            yield Finding(
                Level.BLOCKER,
                f"{table} has no column {rule.column}, which is to be masked"
                + nearest(rule.column, looks.columns),
                "Mend the rule in the profile.",
                (table.table,),
            )
        elif column in looks.generated:
            yield _blocker(
                table, f"{table}.{column} is computed: mask what it is computed from"
            )
        elif column in keys:
            yield Finding(
                Level.WARNING,
                f"{table}.{column} is of a unique key: if two rows are masked alike,"
                " there is no copy",
                objects=(table.table,),
            )
        elif column in bound and rule.value.strip().lower() != "null":
            yield Finding(
                Level.WARNING,
                f"{table}.{column} is of a foreign key, and may then point to nothing",
                objects=(table.table,),
            )


def _of_values(run: Connected, mask: Mask, at: Moment) -> Iterator[Finding]:
    """Which columns hold already what they would get: nothing could be proved then."""
    columns = [
        (column, value, column not in mask.shape.texts) for column, value in mask.values
    ]
    try:
        query = mask_queries.masked_already(mask.source, at, columns)
        same = run.execute(query).first
    except QueryError:
        return  # the expression may need the copy; the UPDATE will tell
    for (column, _, _), rows in zip(columns, same, strict=True):
        if rows:
            yield Finding(
                Level.WARNING,
                f"{mask.source}.{column} holds already what its rule gives it: that it"
                " was masked cannot be proved, and all of this is rolled back",
                "Copy what was not masked, or change the rule.",
                (mask.source.table,),
            )


def _of_links(
    links: Sequence[tuple[str, str, str, str]], masks: Sequence[Mask]
) -> Iterator[Finding]:
    """What goes on holding the values of a masked column: those that refer to it."""
    masked = {
        (mask.source.table, fold(column)) for mask in masks for column, _ in mask.values
    }
    for child, column, parent, referred in links:
        if (parent, referred) in masked and (child, column) not in masked:
            yield Finding(
                Level.BLOCKER,
                f"{child}.{column} goes on holding what {parent}.{referred} held",
                "Mask both alike, or neither.",
                (child, parent),
            )


def _of_statements(
    statements: Sequence[dml.Statement],
    target: str | TableName,
    databases: Sequence[str],
    partitioned: frozenset[str],
) -> Iterator[Finding]:
    for number, statement in enumerate(statements, 1):
        why = dml.why_not(statement, target, databases)
        if not why and (hidden := partitioned.intersection(statement.table_names)):
            names = ", ".join(sorted(hidden))
            why = f"{names} is partitioned: before COMMIT the server shows no row of it"
        if why:
            start = " ".join(statement.text.split())[:60]
            yield Finding(
                Level.BLOCKER, f"statement {number} of the file ({start}): {why}"
            )


def _partitioned(
    run: Connected,
    statements: Sequence[dml.Statement],
    source: str | TableName,
    at: Moment,
) -> frozenset[str]:
    """The tables that statements name and whose rows are not seen before COMMIT."""
    if not run.capabilities.has("clone_keeps_partitions"):
        return frozenset()
    found: set[str] = set()
    for name in {name for each in statements for name in each.table_names}:
        table = source if isinstance(source, TableName) else TableName(name, source)
        try:
            looks = shape.read(run.metadata.ddl(table, at))
        except NotFound:
            continue  # the statement will say it
        if looks.partitioned:
            found.add(name)
    return frozenset(found)


def _blocker(table: TableName, text: str) -> Finding:
    return Finding(Level.BLOCKER, text, objects=(table.table,))
