"""Look before copies are made: two round trips, and one for each view.

What the server would do wrong without a word is in its catalog beforehand. A login that
may not read the catalog gets what information_schema tells, and the rest is named as
unknown, never as fine.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from moclone_tui.api import (
    NOW,
    SYSTEM_DATABASES,
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
from moclone_tui.cloning.request import Pair, Request
from moclone_tui.cloning.rights import may_not_select


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
    """What was found of one copy; what could not be looked at is in `unknown`."""

    source_there: bool = False
    """Whether the source's database was there at the moment."""
    target_there: bool | None = None
    """Whether the target is there now; None if that could not be looked at."""
    target_database_there: bool | None = None
    """Whether the database is there that a table would be made in."""
    objects: tuple[Object, ...] = ()
    """The source's objects: all of the database, or the one table."""
    target_objects: tuple[Object, ...] = ()
    """What the target holds now, if it is there."""
    foreign_keys: tuple[ForeignKey, ...] = ()
    procedures: tuple[str, ...] = ()
    functions: tuple[str, ...] = ()
    target_routines: tuple[str, ...] = ()
    """Procedures and functions that the target holds now."""
    broken_views: tuple[str, ...] = ()
    """Views of the source that name what is not there."""
    outside_views: tuple[tuple[str, str], ...] = ()
    """Views of the source that read a table outside of it, each with that table."""
    unreadable: tuple[str, ...] = ()
    """Tables of the source that the login could not SELECT; the first few."""
    snapshot: Snapshot | None = None
    """The snapshot that was asked for, as the catalog lists it."""
    clock: int | None = None
    """The server's clock at the look, in nanoseconds since 1970, UTC."""
    unknown: tuple[str, ...] = ()
    """What could not be looked at, in words."""
    missing: str = ""
    """What was not there, in the words of who looked, if it is not plain."""


def look(run: Connected, request: Request) -> tuple[Facts, ...]:
    """Find out what each copy of a request would come upon, in the request's order.

    Raises:
        ConnectionError: The connection was lost.
        QueryError: The server refused to answer for another reason than rights.
    """
    try:
        found = _objects(run, request)
    except PermissionDenied:
        return tuple(_with_few_rights(run, pair, request.at) for pair in request.pairs)
    except NotFound:
        # Of the snapshot: without it, nothing else can be told.
        return tuple(Facts() for _ in request.pairs)
    if not any(facts.source_there for facts in found):
        return found
    try:
        found = _dependents(run, request, found)
    except PermissionDenied:
        words = "foreign keys, procedures and functions: no right to read them"
        found = tuple(replace(facts, unknown=(words,)) for facts in found)
    return tuple(
        _look_at_views(run, pair, request.at, facts)
        for pair, facts in zip(request.pairs, found, strict=True)
    )


def _names(request: Request) -> dict[str, tuple[str, ...]]:
    return {
        "sources": tuple({pair.source_database for pair in request.pairs}),
        "targets": tuple({pair.target_database for pair in request.pairs}),
    }


def _objects(run: Connected, request: Request) -> tuple[Facts, ...]:
    rows = run.execute(
        queries.preflight_objects(request.at),
        {**_names(request), "snapshot": request.at.snapshot},
    ).rows
    tagged: dict[str, list[tuple[str, str, str, str]]] = defaultdict(list)
    for tag, *values in rows:
        first, second, third, fourth = (str(value or "") for value in values)
        tagged[str(tag)].append((first, second, third, fourth))
    held = {
        whose: _by_database(tagged[f"{whose} object"]) for whose in ("source", "target")
    }
    there = {
        whose: {name for name, *_ in tagged[f"{whose} database"]}
        for whose in ("source", "target")
    }
    snapshot, clock = (
        _snapshot(request.at, tagged["snapshot"]),
        clock_of(tagged["clock"]),
    )

    def facts(pair: Pair) -> Facts:
        targets = _of(held["target"][pair.target_database], pair.target_table)
        database_there = pair.target_database in there["target"]
        return Facts(
            source_there=pair.source_database in there["source"],
            target_there=database_there if pair.target_table is None else bool(targets),
            target_database_there=database_there,
            objects=_of(held["source"][pair.source_database], pair.source_table),
            target_objects=targets,
            snapshot=snapshot,
            clock=clock,
        )

    return tuple(facts(pair) for pair in request.pairs)


def _by_database(
    rows: Iterable[tuple[str, str, str, str]],
) -> dict[str, list[Object]]:
    held: dict[str, list[Object]] = defaultdict(list)
    for database, name, kind, partitioned in sorted(rows):
        held[database].append(
            Object(name, CATALOG_KINDS.get(kind, Kind.OTHER), partitioned == "1")
        )
    return held


def _of(objects: Iterable[Object], table: str | None) -> tuple[Object, ...]:
    return tuple(each for each in objects if table in (None, each.name))


def _snapshot(at: Moment, rows: Iterable[tuple[str, str, str, str]]) -> Snapshot | None:
    for level, account, database, table in rows:
        return Snapshot(at.snapshot, SnapshotLevel(level), 0, account, database, table)
    return None


def clock_of(rows: Iterable[Sequence[object]]) -> int | None:
    """The server's clock in nanoseconds since 1970, of a row that `CLOCK` begins.

    The fraction of a second is in the local time only.
    """
    for unix, local, *_ in rows:
        fraction = str(local).partition(".")[2]
        return int(float(str(unix))) * 10**9 + int(f"{fraction:0<9.9}" or 0)
    return None


def server_clock(run: Connected) -> Moment:
    """The server's clock, as a moment to read at."""
    return Moment(ns=clock_of(run.execute(queries.CLOCK)) or 0)


def _dependents(
    run: Connected, request: Request, found: tuple[Facts, ...]
) -> tuple[Facts, ...]:
    keys: dict[str, dict[ForeignKey, None]] = defaultdict(dict)
    names: dict[tuple[str, str], list[str]] = defaultdict(list)
    for tag, *values in run.execute(
        queries.preflight_dependents(request.at), _names(request)
    ):
        database, name, *rest = (str(value or "") for value in values)
        if tag == "foreign key":
            keys[database][ForeignKey(name, *rest)] = None
        else:
            names[str(tag), database].append(name)

    def facts(pair: Pair, facts: Facts) -> Facts:
        source, target = pair.source_database, pair.target_database
        mine = tuple(
            key for key in keys[source] if pair.source_table in (None, key.table)
        )
        if pair.source_table is not None:
            return replace(facts, foreign_keys=mine)
        return replace(
            facts,
            foreign_keys=mine,
            procedures=tuple(sorted(names["source procedure", source])),
            functions=tuple(sorted(names["source function", source])),
            target_routines=tuple(
                f"{kind} {name}"
                for kind in ("procedure", "function")
                for name in sorted(names[f"target {kind}", target])
            ),
        )

    return tuple(
        facts(pair, each) for pair, each in zip(request.pairs, found, strict=True)
    )


def _look_at_views(run: Connected, pair: Pair, at: Moment, facts: Facts) -> Facts:
    """Find the views of what is not there, or elsewhere: one EXPLAIN each."""
    broken: list[str] = []
    outside: list[tuple[str, str]] = []
    unknown: list[str] = []
    for view in facts.objects:
        if view.kind is Kind.VIEW and pair.source_table is None:
            name = TableName(view.name, pair.source_database)
            try:
                plan = run.execute(queries.explain(name, at))
                elsewhere = _read_elsewhere(pair.source_database, plan.rows)
                outside += [(view.name, table) for table in elsewhere]
            except PermissionDenied:
                unknown.append(f"the view {view.name}: no right to read it")
            except QueryError:
                broken.append(view.name)
    return replace(
        facts,
        broken_views=tuple(broken),
        outside_views=tuple(outside),
        unknown=(*facts.unknown, *unknown),
    )


_SCAN = re.compile(r"Table Scan on (.+?)(?: \[\w+\])?\s*$")


def _read_elsewhere(database: str, plan: Iterable[Sequence[object]]) -> Iterator[str]:
    """The tables that a plan reads outside of a database, and of the server's own."""
    found = (_SCAN.search(str(line)) for line, *_ in plan)
    for name in dict.fromkeys(scan[1] for scan in found if scan):
        home = name.partition(".")[0]
        if not name.startswith(f"{database}.") and home not in SYSTEM_DATABASES:
            yield name


def _with_few_rights(run: Connected, pair: Pair, at: Moment) -> Facts:
    unknown = (
        "what the server would leave out or break: no right to read the catalog",
    )
    try:
        sources = _listed(run, pair.source_database, at)
        missing = ""
    except NotFound as error:
        sources, missing = [], str(error).rstrip(".")
    try:
        targets = _of(_listed(run, pair.target_database, NOW), pair.target_table)
        database_there = True
    except NotFound:
        targets, database_there = (), False
    return Facts(
        source_there=not missing,
        missing=missing,
        target_there=database_there if pair.target_table is None else bool(targets),
        target_database_there=database_there,
        objects=_of(sources, pair.source_table),
        target_objects=targets,
        unreadable=_unreadable(run, pair, at, _of(sources, pair.source_table)),
        clock=clock_of(run.execute(queries.CLOCK)),
        unknown=unknown,
    )


def _unreadable(
    run: Connected, pair: Pair, at: Moment, objects: Iterable[Object]
) -> tuple[str, ...]:
    tables = [
        TableName(each.name, pair.source_database)
        for each in objects
        if each.kind is Kind.TABLE
    ]
    return tuple(each.table for each in may_not_select(run, tables, at))


def _listed(run: Connected, database: str, at: Moment) -> list[Object]:
    return [
        Object(table.name, table.kind) for table in run.metadata.tables(database, at)
    ]
