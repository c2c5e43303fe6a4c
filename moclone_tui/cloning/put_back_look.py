"""Look before a put-back: exact counts of what it would do, and what stands against it.

Nothing is changed. The sources are measurements on MatrixOne 3.0.18 and 4.2.0.
"""

from __future__ import annotations

from moclone_tui.api import (
    NOW,
    SYSTEM_DATABASES,
    Moment,
    Snapshot,
    SnapshotLevel,
    TableName,
    sql,
)
from moclone_tui.api._connected import Connected
from moclone_tui.cloning import shape
from moclone_tui.cloning.look import clock_of
from moclone_tui.cloning.preflight import Level, blocker, gravest_first
from moclone_tui.cloning.put_back import Change, Counts, PutBack, PutBackPlan, Sample
from moclone_tui.cloning.put_back_judge import (
    judge_counts,
    judge_layout,
    missing,
    sides_of,
)
from moclone_tui.cloning.put_back_sql import Sides
from moclone_tui.cloning.shape import Shape
from moclone_tui.cloning.texts import texts
from moclone_tui.errors import NotFound, PermissionDenied, QueryError

_NO_DATABASE = 1046
"""What the server answers if it knows of no such database at a moment."""


class _Unreadable(Exception):
    """It cannot be looked at; the finding says why."""

    def __init__(self, text: str, remedy: str = "") -> None:
        super().__init__(text)
        self.finding = blocker(text, remedy)


def make(run: Connected, request: PutBack) -> PutBackPlan:
    """Look at what a put-back would do, exactly, and judge it. Nothing is changed.

    Five round trips, and two more for a snapshot: what kind of object it is and what
    makes it, now and then, and one count over both.

    Args:
        run: A client, or a session.
        request: What is asked for.

    Raises:
        ConnectionError: The connection was lost.
        Cancelled: It was stopped.
    """
    try:
        _before(run, request)
        now = _read(run, request.table, NOW)
        then = _read(run, request.table, request.at)
    except _Unreadable as error:
        return PutBackPlan(request, (error.finding,))
    findings = [*judge_layout(request, now, then)]
    if any(each.level is Level.BLOCKER for each in findings):
        return PutBackPlan(request, gravest_first(findings))
    sides = sides_of(request, now, then, run.capabilities)
    try:
        counts = count(run, sides)
    except QueryError as error:
        words = f"{request.table} cannot be compared with what it was: {error}"
        return PutBackPlan(request, gravest_first([blocker(words), *findings]))
    findings += judge_counts(request, sides, counts, missing(now, then))
    return PutBackPlan(request, gravest_first(findings), sides, counts)


def count(run: Connected, sides: Sides) -> Counts:
    """Count what there is to do, in one statement.

    Raises:
        QueryError: The server cannot compare the two.
    """
    *row, unix, local = run.execute(sides.count()).first
    numbers = iter(int(value or 0) for value in row)
    then, gone, held_back = next(numbers), next(numbers), next(numbers)
    return Counts(
        then=then,
        gone=gone,
        held_back=held_back,
        held_by={unique: next(numbers) for unique in sides.unique},
        taken={unique: next(numbers) for unique in sides.unique},
        orphans=tuple(next(numbers) for _ in sides.links),
        differ={name: next(numbers) for name in sides.compared},
        touched=next(numbers),
        now=next(numbers),
        clock=Moment(ns=clock_of([(unix, local)]) or 0),
    )


def sample(run: Connected, plan: PutBackPlan, limit: int = 20) -> Sample:
    """Some of the rows that a plan is about, in the order of the key.

    Two round trips at most.

    Args:
        run: A client, or a session.
        plan: What would be done.
        limit: How many rows of each kind.

    Raises:
        QueryError: The server refused to read them.
    """
    sides = plan.sides
    if sides is None:
        return Sample()
    gone: tuple[tuple[str | None, ...], ...] = ()
    changed: list[Change] = []
    if plan.request.rows and plan.counts and plan.counts.gone:
        rows = run.execute(sides.sample_gone(limit)).rows
        gone = tuple(texts(row) for row in rows)
    if plan.cells:
        key, many = len(sides.key), len(sides.chosen)
        for row in run.execute(sides.sample_changed(limit)):
            cells = texts(row)
            pairs = zip(cells[key : key + many], cells[key + many :], strict=True)
            differ = zip(sides.chosen, pairs, strict=True)
            changed.append(
                Change(
                    tuple(str(cell) for cell in cells[:key]),
                    {name: pair for name, pair in differ if pair[0] != pair[1]},
                )
            )
    return Sample(sides.key, sides.written, gone, tuple(changed))


# ------------------------------------------------------------------- what is there


def _before(run: Connected, request: PutBack) -> None:
    if request.table.database in SYSTEM_DATABASES:
        raise _Unreadable(f"{request.table.database} is the server's own database")
    if not request.at.snapshot:
        return
    try:
        snapshot = run.snapshots.get(request.at.snapshot)
    except NotFound as error:
        raise _Unreadable(str(error).rstrip(".")) from error
    except PermissionDenied:
        return  # reading the table at the snapshot says the rest
    if not _covers(run, snapshot, request.table):
        raise _Unreadable(
            f"the snapshot {snapshot.name} covers {snapshot.covers}, "
            f"not {request.table}"
        )


def _covers(run: Connected, snapshot: Snapshot, table: TableName) -> bool:
    if snapshot.level is SnapshotLevel.ACCOUNT:
        # At the snapshot of another account, the server reads that account's table.
        mine = run.execute("SELECT current_account_name()").first[0]
        return snapshot.account in ("", str(mine))
    return snapshot.level is SnapshotLevel.CLUSTER or snapshot.has_table(
        table.database or "", table.table
    )


def _read(run: Connected, table: TableName, at: Moment) -> Shape:
    """The table's columns and keys.

    Raises:
        _Unreadable: It is not there, no table, or may not be read.
    """
    try:
        ddl = run.metadata.ddl(table, at)
    except PermissionDenied as error:
        words = f"there is no right to see what makes {table}"
        raise _Unreadable(words, error.remedy) from error
    except QueryError as error:
        raise _why_not(run, table, at, error) from error
    _check_kind(run, table, at)
    return shape.read(ddl)


_OTHERS = {
    "VIEW": "a view",
    "EXTERNAL TABLE": "an external table",
    "INTERNAL TABLE": "a sequence",
}


def _check_kind(run: Connected, table: TableName, at: Moment) -> None:
    found = run.execute(sql.source_table(table, at), (table.database, table.table))
    for kind, *_ in found:
        if kind in _OTHERS:
            when = f" at {at}" if at else ""
            raise _Unreadable(f"{table}{when} is {_OTHERS[kind]}, not a table")


def _why_not(
    run: Connected, table: TableName, at: Moment, error: QueryError
) -> _Unreadable:
    if at and error.code == _NO_DATABASE:
        return _Unreadable(
            f"{table.database} did not exist at {at}, or the server's history does not "
            "reach back to it",
            "Choose a later moment, or a snapshot.",
        )
    if isinstance(error, NotFound) and at:
        return _Unreadable(f"{table} did not exist at {at}", "Choose a later moment.")
    if not at:
        _check_kind(run, table, at)  # 3.0 cannot show the DDL of a sequence
    if isinstance(error, NotFound):
        return _Unreadable(f"{table} does not exist")
    return _Unreadable(f"{table} cannot be read{f' at {at}' if at else ''}: {error}")
