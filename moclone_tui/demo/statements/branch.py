"""DATA BRANCH DIFF: what differs between two tables, or two states of one."""

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from moclone_tui.demo import sqltypes as types
from moclone_tui.demo.errors import internal, missing_table, unknown_database
from moclone_tui.demo.foreign_keys import values
from moclone_tui.demo.model import Layout, Relation, Row
from moclone_tui.demo.moments import Moment, moment_of
from moclone_tui.demo.reader import TokenReader
from moclone_tui.demo.reply import Reply
from moclone_tui.demo.sqltypes import to_wire

if TYPE_CHECKING:
    from moclone_tui.demo.session import Session


@dataclass(frozen=True, slots=True)
class _Side:
    """One of the two tables."""

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
    token = read.peek()
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
    if relation is None:
        raise missing_table(name)
    session.rights.require_on_table("select", found, relation)
    if relation.kind != "r":
        raise internal(f"{home}.{name} is not BASE TABLE")
    text = token.text if token is not None and hint is not None else ""
    return _Side(f"{home}.{name}{text}", relation)


def _differences(target: Relation, base: Relation) -> list[_Difference]:
    common = [
        c.name
        for c in target.layout.columns
        if base.layout.position(c.name) is not None
    ]
    if not common or target.layout.primary != base.layout.primary:
        raise internal("schema compatibility check: the tables are not alike")
    related = target.logical_id == base.logical_id
    if target.data is base.data:
        return []
    if target.layout.primary:
        return _by_key(target, base, common, related=related)
    return _by_rows(target, base, common, related=related)


def _by_key(
    target: Relation, base: Relation, common: list[str], *, related: bool
) -> list[_Difference]:
    key = target.layout.primary
    mine = {values(target.layout, key, row): row for row in target.data.rows}
    theirs = {values(base.layout, key, row): row for row in base.data.rows}
    found = []
    for value, row in mine.items():
        there = theirs.get(value)
        if there is None:
            found.append(_Difference("target", "INSERT", row, value))
        elif values(target.layout, common, row) != values(base.layout, common, there):
            found.append(_Difference("target", "UPDATE", row, value))
    for value, row in theirs.items():
        if value not in mine:
            shaped = _shaped(target.layout, base.layout, row)
            found.append(_missing(shaped, value, related=related))
    return sorted(found, key=lambda d: [(v is not None, v) for v in d.key])


def _by_rows(
    target: Relation, base: Relation, common: list[str], *, related: bool
) -> list[_Difference]:
    mine = Counter(values(target.layout, common, row) for row in target.data.rows)
    theirs = Counter(values(base.layout, common, row) for row in base.data.rows)
    added = (mine - theirs).elements()
    gone = (theirs - mine).elements()
    return [
        *(_Difference("target", "INSERT", row, ()) for row in added),
        *(_missing(row, (), related=related) for row in gone),
    ]


def _missing(row: Row, key: tuple[object, ...], *, related: bool) -> _Difference:
    """A row of the base alone: deleted since, or, between strangers, theirs."""
    if related:
        return _Difference("target", "DELETE", row, key)
    return _Difference("base", "INSERT", row, key)


def _shaped(target: Layout, base: Layout, row: Row) -> Row:
    positions = [base.position(column.name) for column in target.columns]
    return tuple(None if p is None else row[p] for p in positions)


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
