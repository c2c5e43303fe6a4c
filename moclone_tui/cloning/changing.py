"""Change a copy before anybody sees it, and prove what was changed."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from moclone_tui import text
from moclone_tui.api import Kind, Moment, Session, TableName
from moclone_tui.api.names import fold, quote
from moclone_tui.cloning import dml, foreign_keys, shape
from moclone_tui.cloning.mask_queries import same_anywhere, same_in_row, twice
from moclone_tui.cloning.masking import Changes, Mask
from moclone_tui.cloning.progress import Progress
from moclone_tui.errors import CloneError


@dataclass(frozen=True, slots=True)
class Touched:
    """What was done to a copy."""

    tables: dict[TableName, TableName]
    """The copy's tables that were changed, or may have been, each with its source."""
    before: dict[TableName, int]
    """The rows of each before the first change."""
    after: dict[TableName, int]
    """The rows of each after the last one."""
    wrong: tuple[str, ...] = ()
    """Where these and what the server reported do not go together, and what masking
    left as it was, in words."""


@dataclass(frozen=True, slots=True)
class Proof:
    """What a look at a changed copy found, in words."""

    differences: tuple[str, ...] = ()
    """What must not be committed."""
    unchecked: tuple[str, ...] = ()
    """What could not be looked at, and why."""


def run_after(session: Session, changes: Changes, progress: Progress) -> Touched:
    """Change a copy in the transaction that made it.

    `SET foreign_key_checks = 0` has to be the session's first statement: inside of the
    transaction a SET would commit. Tables that get keys again no longer tell the moment
    of the copy: who wants it reads it before.

    Args:
        session: The session that made the copy and has not committed yet.
        changes: As `masking.prepare` gave them, without blockers.
        progress: Hears each statement.

    Raises:
        Cancelled: It was stopped between two statements.
        CloneError: Rows point to a parent that is not there.
        MocloneError: A statement failed. The session must not be committed.
    """
    tables = _touched(session, changes)
    session.execute(f"USE {quote(changes.database)}")
    for statement in changes.swap.free:
        _send(session, statement, progress)
    before = session.metadata.count_rows(list(tables), scan=True)
    now = before
    wrong: list[str] = []
    masks = [dml.read(each.statement) for each in changes.masks]
    for number, told in enumerate((*masks, *changes.statements)):
        if number == len(masks):
            # The file may move rows to other keys: row by row it is proved before.
            wrong += _left_unmasked(session, changes)
        affected = _send(session, told.text, progress)
        names = [
            table
            for name in told.table_names
            for table in tables
            if fold(table.table) == name
        ]
        then, now = now, now | session.metadata.count_rows(names, scan=True)
        if problem := _adds_up(told, affected, then, now, names):
            wrong.append(problem)
    if orphans := list(foreign_keys.orphans(session, changes.swap)):
        raise CloneError(
            f"The copy was rolled back: {'; '.join(orphans)}.",
            remedy="Change parents and children alike; rows of the source that point to"
            " nothing have to be mended: the server makes no foreign key over any.",
        )
    for statement in changes.swap.bind:
        _send(session, statement, progress)
    return Touched(tables, before, now, tuple(wrong))


def _send(session: Session, statement: str, progress: Progress) -> int:
    progress.check()
    with progress.step(statement) as step:
        affected = session.execute(statement).affected
        if dml.read(statement).verb in dml.VERBS:
            step.text = f"{statement}  {text.plural(affected, 'row')}"
    return affected


def _touched(session: Session, changes: Changes) -> dict[TableName, TableName]:
    """The copy's tables that are named anywhere, each with its source."""
    tables = {mask.copy: mask.source for mask in changes.masks}
    named = {name for each in changes.statements for name in each.table_names}
    if isinstance(changes.target, TableName) and isinstance(changes.source, TableName):
        tables |= {changes.target: changes.source} if named else {}
    elif named:
        tables |= {
            TableName(each.name, changes.database): TableName(
                each.name, str(changes.source)
            )
            for each in session.metadata.tables(changes.database)
            if each.kind is Kind.TABLE and fold(each.name) in named
        }
    return tables


def _adds_up(
    told: dml.Statement,
    affected: int,
    before: dict[TableName, int],
    after: dict[TableName, int],
    tables: list[TableName],
) -> str:
    """Whether rows became as many as the server reported; what is wrong, if not."""
    change = sum(after[table] - before[table] for table in tables)
    emptied = bool(tables) and after[tables[0]] == 0
    match told.verb:
        case "update":
            fits = all(after[table] == before[table] for table in tables)
        case "insert" if not told.has("duplicate"):
            fits = change == affected
        case "insert" | "replace":  # the server counts a row it replaced once or twice
            fits = change <= affected
        case "truncate":
            fits = emptied
        case _:  # the number of a DELETE without WHERE means nothing
            fits = change == -affected or (emptied and not told.has("where"))
    if fits:
        return ""
    names = ", ".join(str(table) for table in tables)
    return (
        f"{told.verb.upper()} reported {text.plural(affected, 'row')}, and {names} "
        f"has {change:+,} rows"
    )


def verify_after(session: Session, changes: Changes, touched: Touched) -> Proof:
    """Prove what was changed in a copy, before COMMIT.

    The rows of every table that was touched are counted against the source's at the
    moment and against what the server reported, no key may be there twice, and in a
    masked column no value may be its source's in that row, NULL and '' aside; where the
    file touched its table, none that the source's column has anywhere.

    Args:
        session: The session that made and changed the copy.
        changes: What was to be done.
        touched: What `run_after` gave.

    Raises:
        MocloneError: The look itself failed. The session must not be committed.
    """
    differences = [*touched.wrong, *_rows(session, changes.at, touched)]
    if not changes.at:
        why = "the server does not tell the moment of the copy"
        return Proof(tuple(differences), (f"what was changed: {why}",))
    named = {name for each in changes.statements for name in each.table_names}
    differences += _left_unmasked(session, changes, named)
    return Proof(tuple(differences))


def _left_unmasked(
    session: Session, changes: Changes, moved: Collection[str] = ()
) -> Iterator[str]:
    """What masked columns hold of the source; of tables `moved`, in whatever row."""
    if not changes.at:
        return
    for mask in changes.masks:
        anywhere = fold(mask.copy.table) in moved
        for query, columns in _comparisons(mask, changes.at, anywhere=anywhere):
            yield from _unmasked(mask, columns, session.execute(query).first)


def _rows(session: Session, at: Moment, touched: Touched) -> Iterator[str]:
    """What is wrong with the rows of what was touched: how many, and keys twice."""
    now = session.metadata.count_rows(list(touched.tables), scan=True)
    expected = [(copy, now[copy], touched.after[copy]) for copy in touched.tables]
    if at:
        then = session.metadata.count_rows(list(touched.tables.values()), at)
        expected += [
            (copy, touched.before[copy], then[source])
            for copy, source in touched.tables.items()
        ]
    for copy, found, wanted in expected:
        if found != wanted:
            yield f"{copy} has {text.plural(found, 'row')}, not {text.count(wanted)}"
    for copy in touched.tables:
        key = shape.read(session.metadata.ddl(copy)).key
        if key and (doubled := session.execute(twice(copy, key)).first[0]):
            yield f"{copy} has {text.plural(int(doubled), 'key')} more than once"


def _unmasked(mask: Mask, columns: list[str], left: tuple[Any, ...]) -> Iterator[str]:
    for column, rows in zip(columns, left, strict=True):
        if rows:
            where = text.plural(int(rows), "row")
            yield f"{mask.copy}.{text.safe(column)} holds its source's value in {where}"


def _comparisons(
    mask: Mask, at: Moment, *, anywhere: bool
) -> Iterator[tuple[str, list[str]]]:
    """Queries that count source's values in masked columns, and whose columns they are.

    Row by row where a key tells which row is which. Where none does, as the key itself
    is masked or rows were moved (`anywhere`), no value may be one that the source's
    column has anywhere.
    """
    columns = [(column, column not in mask.shape.texts) for column, _ in mask.values]
    names = [column for column, _ in columns]
    key = mask.shape.key
    if key and not anywhere and not set(key) & set(names):
        yield same_in_row(mask.copy, mask.source, at, key, columns), names
    else:
        for column, tells in columns:
            yield same_anywhere(mask.copy, mask.source, at, column, tells), [column]
