"""Compare any two sides: databases or tables, each at any moment, of one server or two.

First what is there, with exact counts: a few round trips for hundreds of tables. Then,
table by table, what makes each (`compare_ddl`), and on request its rows
(`compare_rows.py`). Nothing is changed.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace

from moclone_tui.api import Kind, Moment, Table
from moclone_tui.api._connected import Connected
from moclone_tui.api.metadata import CATALOG_KINDS
from moclone_tui.cloning import queries, same_ddl
from moclone_tui.cloning.comparison import Comparison, Side, TableDiff
from moclone_tui.errors import NotFound, PermissionDenied, QueryError

_NO_DATABASE = 1046
"""What the server answers if it knows of no such database at a moment."""


@dataclass(frozen=True, slots=True)
class _Object:
    kind: Kind
    made: tuple[object, ...] | None
    """What is another after every change of its definition; None if not known."""


_Objects = Mapping[str, _Object]
_Counted = Mapping[Side, int | str]
"""The rows of a table, or why they are not known."""


def compare(
    client: Connected, left: Side, right: Side, other: Connected | None = None
) -> Comparison:
    """Compare what two sides hold: objects, and exact numbers of rows.

    Two round trips, and one for a hundred tables on each side. What makes the tables is
    compared only as far as the catalog says that nothing was altered since:
    `compare_ddl` does the rest.

    Args:
        client: A client, or a session.
        left: What it was, or the one side.
        right: What it is, or the other: two databases, or two tables.
        other: Who to ask of the right side, if that is on another server.

    Returns:
        One entry for each object of either side. A side that is not there holds
        nothing.

    Raises:
        NotFound: Neither side is there.
        PermissionDenied: The login may not look.
        ConnectionError: The connection was lost.
    """
    ask = other or client
    lefts, rights = _objects(client, left), _objects(ask, right)
    if lefts is None and rights is None:
        raise NotFound(f"Neither {left} nor {right} is there.")
    found = [
        _diff(left, right, name, sides, one_server=other is None)
        for name, sides in _pairs(left, right, lefts or {}, rights or {})
    ]
    table = Kind.TABLE
    mine = _counts(client, [each.left for each in found if each.kinds[0] is table])
    theirs = _counts(ask, [each.right for each in found if each.kinds[1] is table])
    return Comparison(
        left,
        right,
        tuple(_with_counts(diff, mine, theirs) for diff in found),
        (lefts is not None, rights is not None),
    )


def changed_since(
    client: Connected, database: str, at: Moment
) -> Mapping[str, TableDiff]:
    """The objects of a database that are not what they were, by name. It is cheap.

    By objects, definitions and counts: a table whose rows were only overwritten, or
    that lost as many as it gained, is not among them. Two round trips, one for a
    hundred tables on each side, and two for each that was altered.

    Raises:
        NotFound: The database was not there then, and is not there now.
        PermissionDenied: The login may not look.
    """
    found = compare(client, Side(database, at=at), Side(database))
    remade = [each.name for each in found.tables if each.remade]
    found = compare_ddl(client, found, remade)
    return {each.name: each for each in found.differing}


def compare_ddl(
    client: Connected,
    found: Comparison,
    names: Collection[str] | None = None,
    other: Connected | None = None,
    on_table: Callable[[TableDiff], None] | None = None,
) -> Comparison:
    """Compare what makes the objects: two round trips for each.

    A name is no difference, neither that of a table nor of its database.

    Args:
        client: As it was given to `compare`.
        found: What it gave.
        names: Of which objects the DDL is read; None compares all that the catalog does
            not say are the same.
        other: As it was given to `compare`.
        on_table: Hears of each object that was compared; an exception stops it.

    Raises:
        ConnectionError: The connection was lost.
    """
    done = []
    for each in found.tables:
        wanted = each.same_ddl is None and all(each.there)
        if wanted if names is None else each.name in names:
            done.append(_with_ddl(client, other or client, each))
            if on_table is not None:
                on_table(done[-1])
    return found.replaced(done)


# ------------------------------------------------------------------- what is there


def _objects(run: Connected, side: Side) -> _Objects | None:
    """What a side holds, by name; None if it is not there."""
    table = side.table
    try:
        rows = run.execute(
            queries.definitions(side.at), (side.database, table, table)
        ).rows
        found = {
            str(name): _Object(CATALOG_KINDS.get(str(kind), Kind.OTHER), tuple(made))
            for name, kind, *made in rows
        }
    except PermissionDenied:
        listed = _listed(run, side)
        found = {each.name: _Object(each.kind, None) for each in listed}
    except QueryError as error:
        if error.code == _NO_DATABASE:
            return None
        raise
    if found:
        return found
    return None if table is not None or not _database_there(run, side) else {}


def _listed(run: Connected, side: Side) -> list[Table]:
    try:
        tables = run.metadata.tables(side.database, side.at)
    except NotFound:
        return []
    return [each for each in tables if side.table in (None, each.name)]


def _database_there(run: Connected, side: Side) -> bool:
    try:
        run.clone.source_database(side.database, side.at)
    except NotFound:
        return False
    except QueryError as error:
        if error.code == _NO_DATABASE:
            return False
        raise
    return True


def _pairs(
    left: Side, right: Side, lefts: _Objects, rights: _Objects
) -> list[tuple[str, tuple[_Object | None, _Object | None]]]:
    if left.table is not None or right.table is not None:
        one, two = lefts.get(left.table or ""), rights.get(right.table or "")
        return [(left.table or "", (one, two))]
    names = sorted(lefts.keys() | rights.keys())
    return [(name, (lefts.get(name), rights.get(name))) for name in names]


def _diff(
    left: Side,
    right: Side,
    name: str,
    sides: tuple[_Object | None, _Object | None],
    *,
    one_server: bool,
) -> TableDiff:
    one, two = sides
    same: bool | None = None
    remade = False
    if one is not None and two is not None:
        known = one_server and None not in (one.made, two.made)
        remade = known and one.made != two.made
        same = False if one.kind is not two.kind else (known and not remade) or None
    return TableDiff(
        name,
        left if left.table is not None else left.of(name),
        right if right.table is not None else right.of(name),
        (one.kind if one else None, two.kind if two else None),
        same_ddl=same,
        remade=remade,
    )


# ---------------------------------------------------------------------- rows, DDL


def _counts(run: Connected, sides: list[Side]) -> _Counted:
    """Count tables of one moment, all but those that cannot be read."""
    if not sides:
        return {}
    try:
        found = run.metadata.count_rows([each.name for each in sides], sides[0].at)
    except QueryError as error:
        if len(sides) == 1:
            return {sides[0]: str(error)}
        half = len(sides) // 2
        return {**_counts(run, sides[:half]), **_counts(run, sides[half:])}
    return {each: found[each.name] for each in sides}


def _with_counts(diff: TableDiff, mine: _Counted, theirs: _Counted) -> TableDiff:
    one, two = mine.get(diff.left), theirs.get(diff.right)
    why = [each for each in (one, two) if isinstance(each, str)]
    return replace(
        diff,
        rows_left=one if isinstance(one, int) else None,
        rows_right=two if isinstance(two, int) else None,
        unknown=f"rows: {why[0]}" if why else "",
    )


def _with_ddl(client: Connected, other: Connected, diff: TableDiff) -> TableDiff:
    try:
        left = (
            client.metadata.ddl(diff.left.name, diff.left.at) if diff.there[0] else ""
        )
        right = (
            other.metadata.ddl(diff.right.name, diff.right.at) if diff.there[1] else ""
        )
    except QueryError as error:
        return replace(diff, unknown=f"its definition: {error}")
    same = diff.same_ddl
    if same is None and all(diff.there):
        same = same_ddl.same(left, diff.left.database, right, diff.right.database)
    return replace(diff, ddl_left=left, ddl_right=right, same_ddl=same)
