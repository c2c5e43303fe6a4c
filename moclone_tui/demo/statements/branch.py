"""DATA BRANCH DIFF: what differs between two tables, or two states of one."""

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from moclone_tui.demo import sqltypes as types
from moclone_tui.demo.errors import internal, missing_table, unknown_database
from moclone_tui.demo.model import Layout, Relation, Row
from moclone_tui.demo.moments import Moment, moment_of
from moclone_tui.demo.reader import TokenReader
from moclone_tui.demo.reply import Reply
from moclone_tui.demo.sqltypes import to_wire

if TYPE_CHECKING:
    from moclone_tui.demo.session import Session


@dataclass(frozen=True, slots=True)
class _Side:
    """One of the two tables.

    Attributes:
        label: What the summary calls it.
        relation: The table as it was then.
    """

    label: str
    relation: Relation


@dataclass(frozen=True, slots=True)
class _Difference:
    """A row that is not the same on both sides."""

    side: str
    flag: str
    row: Row
    key: tuple[object, ...]


def diff(session: "Session", read: TokenReader) -> Reply:
    """DATA BRANCH DIFF a AGAINST b [OUTPUT COUNT | SUMMARY | LIMIT n]."""
    target = _read_side(session, read)
    read.expect("against")
    base = _read_side(session, read)
    output = limit = None
    if read.accept("output"):
        output = read.accept_any("count", "summary", "limit")
        if output is None:
            raise read.unexpected()
        limit = read.integer() if output == "limit" else None
    read.end()
    found = _differences(target.relation, base.relation)
    if output == "count":
        return Reply([("COUNT(*)", types.BIGINT)], [(len(found),)])
    if output == "summary":
        return _summary(target, base, found)
    return _rows(target, base, found[:limit])


def _read_side(session: "Session", read: TokenReader) -> _Side:
    database, name = read.table_name()
    hint = read.hint()
    home = session.database_or_current(database)
    # What a transaction has not committed yet is not compared.
    moment = Moment(session.state.history.head, session.account.id)
    if hint is not None:
        moment = moment_of(session, hint)
    found = moment.catalog.database(moment.account, home)
    if found is None:
        raise unknown_database(home)
    relation = found.relations.get(name)
    fresh = session.catalog.relation(session.account.id, home, name)
    if relation is None and fresh is not None and hint is None:
        raise internal(
            f"cannot find table {fresh.id} commit ts at snapshot "
            f"{session.state.clock.now()}-1"
        )
    if relation is None:
        raise missing_table(name)
    session.rights.require_on_table("select", found, relation)
    if relation.kind != "r":
        raise internal(f"{home}.{name} is not BASE TABLE")
    label = f"{database}.{name}" if database else name
    return _Side(label + (_written(hint) if hint is not None else ""), relation)


def _written(hint: str) -> str:
    """A hint as the server writes it down."""
    word, _, value = hint.partition("=")
    word = word.strip()
    return f"{{{word if word.upper() == 'MO_TS' else word.lower()} = {value.strip()}}}"


def _differences(target: Relation, base: Relation) -> list[_Difference]:
    _check_alike(target.layout, base.layout)
    if target.data is base.data:
        return []
    layout, rows = _common(target, base)
    sides = [
        [_shaped(target.layout, each, row) for row in of_side]
        for each, of_side in (
            (layout, rows),
            (target.layout, target.data.rows),
            (base.layout, base.data.rows),
        )
    ]
    columns = [target.layout.position(c.name) for c in base.layout.columns]
    compared = [column for column in columns if column is not None]
    key = target.layout.primary or _never_null(target.layout)
    if key:
        return _by_key(target.layout, key, compared, *sides)
    return _by_rows(compared, *sides)


def _never_null(layout: Layout) -> tuple[str, ...]:
    """What stands in for the number that the server gives rows without a key."""
    needed = {column.name for column in layout.columns if not column.nullable}
    unique = (index.columns for index in layout.indexes if index.unique)
    return next((columns for columns in unique if set(columns) <= needed), ())


def _check_alike(target: Layout, base: Layout) -> None:
    if target.primary != base.primary:
        mine, theirs = (
            ",".join(layout.primary) or "__mo_fake_pk_col" for layout in (target, base)
        )
        raise internal(
            f"schema compatibility check: target primary key columns ({mine}) do not "
            f"match base primary key columns ({theirs})"
        )
    for column in base.columns:
        if target.position(column.name) is None:
            raise internal(
                f"schema compatibility check: base column '{column.name}' "
                "is not present in target schema"
            )


def _common(target: Relation, base: Relation) -> tuple[Layout, tuple[Row, ...]]:
    """What both sides come from; strangers come from nothing."""
    if target.logical_id == base.logical_id:
        older = min(target, base, key=lambda side: side.data.id)
        return older.layout, older.data.rows
    for one, other in ((target, base), (base, target)):
        if one.branch is not None and one.branch.parent_id == other.logical_id:
            return one.branch.layout, one.branch.data.rows
    return base.layout, ()


def _shaped(target: Layout, layout: Layout, row: Row) -> Row:
    """A row in the layout of the target."""
    if layout is target:
        return row
    positions = [layout.position(column.name) for column in target.columns]
    return tuple(None if p is None else row[p] for p in positions)


def _by_key(
    layout: Layout,
    names: tuple[str, ...],
    compared: list[int],
    common: list[Row],
    mine: list[Row],
    theirs: list[Row],
) -> list[_Difference]:
    key_of = layout.part(names)
    before, left, right = (
        {key_of(row): row for row in rows} for rows in (common, mine, theirs)
    )

    def differ(one: Row | None, other: Row | None) -> bool:
        if one is None or other is None:
            return one is not other
        return any(one[column] != other[column] for column in compared)

    found = []
    for key in left.keys() | right.keys():
        was = before.get(key)
        if not differ(left.get(key), right.get(key)):
            continue
        for side, row in (("target", left.get(key)), ("base", right.get(key))):
            if differ(row, was):
                flag = "DELETE" if row is None else "UPDATE" if was else "INSERT"
                found.append(_Difference(side, flag, row or was or (), key))
    return sorted(found, key=lambda d: [(v is not None, v) for v in d.key])


def _by_rows(
    compared: list[int],
    common: list[Row],
    mine: list[Row],
    theirs: list[Row],
) -> list[_Difference]:
    before, left, right = (
        Counter(tuple(row[column] for column in compared) for row in rows)
        for rows in (common, mine, theirs)
    )
    came, gone = (left - before) & (right - before), (before - left) & (before - right)
    return [
        _Difference(side, flag, row, ())
        for side, rows in (("target", left), ("base", right))
        for flag, changed in (
            ("INSERT", rows - before - came),
            ("DELETE", before - rows - gone),
        )
        for row in changed.elements()
    ]


def _summary(target: _Side, base: _Side, found: list[_Difference]) -> Reply:
    counted = Counter((d.flag, d.side) for d in found)
    columns = [
        ("metric", types.STRING),
        (target.label, types.BIGINT),
        (base.label, types.BIGINT),
    ]
    rows: list[Row] = [
        (metric, counted[flag, "target"], counted[flag, "base"])
        for metric, flag in (
            ("INSERTED", "INSERT"),
            ("DELETED", "DELETE"),
            ("UPDATED", "UPDATE"),
        )
    ]
    return Reply(columns, rows)


def _rows(target: _Side, base: _Side, found: list[_Difference]) -> Reply:
    layout = target.relation.layout
    names = {"target": target.relation.name, "base": base.relation.name}
    title = f"diff {names['target']} against {names['base']}"
    columns = [(title, types.STRING), ("flag", types.STRING)]
    columns += [(c.name, c.type) for c in layout.columns]
    rows: list[Row] = []
    for difference in found:
        shown = (
            to_wire(column.type, value)
            for column, value in zip(layout.columns, difference.row, strict=False)
        )
        rows.append((names[difference.side], difference.flag, *shown))
    return Reply(columns, rows)
