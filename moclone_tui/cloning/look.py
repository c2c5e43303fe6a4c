"""Look before a copy is made: two round trips, and one for each view.

What the server would do wrong without a word is in its catalog beforehand. A login that
may not read the catalog gets what information_schema tells, and the rest is named as
unknown, never as fine.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace

from moclone_tui.api import (
    NOW,
    Kind,
    Moment,
    NotFound,
    PermissionDenied,
    QueryError,
    Snapshot,
    SnapshotLevel,
    TableName,
)
from moclone_tui.api._connected import Connected
from moclone_tui.api.metadata import CATALOG_KINDS
from moclone_tui.cloning import queries
from moclone_tui.cloning.request import Request


@dataclass(frozen=True, slots=True)
class Object:
    """An object of the source, at the moment."""

    name: str
    kind: Kind
    partitioned: bool = False


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """A foreign key of the source's tables."""

    name: str
    table: str
    parent_database: str
    parent: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What was found; what could not be looked at is in `unknown`."""

    source_there: bool = False
    """Whether the source's database was there at the moment."""
    target_there: bool | None = None
    """Whether the target is there now; None if that could not be looked at."""
    target_database_there: bool | None = None
    """Whether the database is there that a table would be made in."""
    objects: tuple[Object, ...] = ()
    """The source's objects: all of the database, or the one table."""
    foreign_keys: tuple[ForeignKey, ...] = ()
    procedures: tuple[str, ...] = ()
    functions: tuple[str, ...] = ()
    broken_views: tuple[str, ...] = ()
    """Views of the source that name what is not there."""
    snapshot: Snapshot | None = None
    """The snapshot that was asked for, as the catalog lists it."""
    clock: dt.datetime | None = None
    """The server's clock at the look."""
    unknown: tuple[str, ...] = ()
    """What could not be looked at, in words."""
    missing: str = ""
    """What was not there, in the words of who looked, if it is not plain."""


def look(run: Connected, request: Request) -> Facts:
    """Find out what a copy would come upon.

    Raises:
        ConnectionError: The connection was lost.
        QueryError: The server refused to answer for another reason than rights.
    """
    try:
        facts = _objects(run, request)
    except PermissionDenied:
        return _with_few_rights(run, request)
    except NotFound:
        # Of the snapshot: without it, nothing else can be told.
        return Facts(target_there=None)
    if not facts.source_there:
        return facts
    try:
        facts = _dependents(run, request, facts)
    except PermissionDenied:
        facts = replace(
            facts,
            unknown=("foreign keys, procedures and functions: no right to read them",),
        )
    return _look_at_views(run, request, facts)


def _objects(run: Connected, request: Request) -> Facts:
    rows = run.execute(
        queries.preflight_objects(request.at),
        {
            "source": request.source_database,
            "target": request.target_database,
            "snapshot": request.at.snapshot,
        },
    ).rows
    tagged: dict[str, list[tuple[str, str, str, str]]] = {}
    for tag, *values in rows:
        first, second, third, fourth = (str(value or "") for value in values)
        tagged.setdefault(str(tag), []).append((first, second, third, fourth))
    objects = tuple(
        Object(name, CATALOG_KINDS.get(kind, Kind.OTHER), partitioned == "1")
        for kind, name, partitioned, _ in sorted(tagged.get("source object", ()))
        if request.source_table in (None, name)
    )
    targets = {name for _, name, *_ in tagged.get("target object", ())}
    database_there = "target database" in tagged
    return Facts(
        source_there="source database" in tagged,
        target_there=database_there
        if request.target_table is None
        else request.target_table in targets,
        target_database_there=database_there,
        objects=objects,
        snapshot=_snapshot(request.at, tagged.get("snapshot", ())),
        clock=_clock(tagged.get("clock", ())),
    )


def _snapshot(at: Moment, rows: Iterable[tuple[str, str, str, str]]) -> Snapshot | None:
    for level, account, database, table in rows:
        return Snapshot(at.snapshot, SnapshotLevel(level), 0, account, database, table)
    return None


def _clock(rows: Iterable[tuple[str, str, str, str]]) -> dt.datetime | None:
    for unix, *_ in rows:
        return dt.datetime.fromtimestamp(int(float(unix)), dt.UTC)
    return None


def _dependents(run: Connected, request: Request, facts: Facts) -> Facts:
    keys: list[ForeignKey] = []
    names: dict[str, list[str]] = {"procedure": [], "function": []}
    rows = run.execute(
        queries.preflight_dependents(request.at),
        {"source": request.source_database},
    )
    for tag, *values in rows:
        name, table, parent_database, parent = (str(value or "") for value in values)
        if tag in names:
            names[tag].append(name)
        elif request.source_table in (None, table):
            keys.append(ForeignKey(name, table, parent_database, parent))
    whole = request.source_table is None
    return replace(
        facts,
        foreign_keys=tuple(dict.fromkeys(keys)),
        procedures=tuple(sorted(names["procedure"])) if whole else (),
        functions=tuple(sorted(names["function"])) if whole else (),
    )


def _look_at_views(run: Connected, request: Request, facts: Facts) -> Facts:
    """Find the views of what is not there: one EXPLAIN each."""
    broken: list[str] = []
    unknown: list[str] = []
    for view in facts.objects:
        if view.kind is Kind.VIEW and request.source_table is None:
            name = TableName(view.name, request.source_database)
            try:
                run.execute(queries.explain(name, request.at))
            except PermissionDenied:
                unknown.append(f"the view {view.name}: no right to read it")
            except QueryError:
                broken.append(view.name)
    return replace(
        facts, broken_views=tuple(broken), unknown=(*facts.unknown, *unknown)
    )


def _with_few_rights(run: Connected, request: Request) -> Facts:
    unknown = (
        "what the server would leave out or break: no right to read the catalog",
    )
    try:
        tables = run.metadata.tables(request.source_database, request.at)
        missing = ""
    except NotFound as error:
        tables, missing = [], str(error).rstrip(".")
    try:
        targets = {
            each.name for each in run.metadata.tables(request.target_database, NOW)
        }
        database_there = True
    except NotFound:
        targets, database_there = set(), False
    return Facts(
        source_there=not missing,
        missing=missing,
        target_there=database_there
        if request.target_table is None
        else request.target_table in targets,
        target_database_there=database_there,
        objects=tuple(
            Object(table.name, table.kind)
            for table in tables
            if request.source_table in (None, table.name)
        ),
        unknown=unknown,
    )
