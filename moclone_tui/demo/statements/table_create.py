"""CREATE TABLE, EXTERNAL TABLE and VIEW."""

from dataclasses import replace
from typing import TYPE_CHECKING

from moclone_tui.demo.ddl_text import view_query, with_doubled_quotes
from moclone_tui.demo.definitions import new_index, read_layout
from moclone_tui.demo.errors import (
    ServerError,
    internal,
    no_such_table,
)
from moclone_tui.demo.model import Column, Layout, Relation, Row
from moclone_tui.demo.moments import present, refuse_hint
from moclone_tui.demo.query import check_view, run_query
from moclone_tui.demo.reader import TokenReader
from moclone_tui.demo.reply import DONE, Reply
from moclone_tui.demo.values import store

if TYPE_CHECKING:
    from moclone_tui.demo.session import Session


def create_table(session: "Session", read: TokenReader) -> Reply:
    """CREATE TABLE name ( … ), CREATE TABLE name LIKE other, CREATE TABLE name AS …."""
    target = read_target(session, read)
    if target is None:
        return DONE
    database, name = target
    rows: tuple[Row, ...] = ()
    if read.accept("like"):
        layout = _like(session, read)
    elif read.looking_at("as") or read.looking_at("select"):
        read.accept("as")
        layout, rows = _selected(session, read)
    else:
        layout = read_layout(read, session.database or "")
    read.end()
    _check_parents(session, database, name, layout)
    relation = new_relation(session, name, "r", layout=layout)
    if rows:
        relation = relation.with_rows(rows)
    session.work.put(session.account.id, database, relation)
    return DONE


def create_external(session: "Session", read: TokenReader) -> Reply:
    """CREATE EXTERNAL TABLE name ( … ) INFILE{ … }."""
    target = read_target(session, read)
    if target is None:
        return DONE
    database, name = target
    layout = replace(read_layout(read, ""), comment="")
    relation = new_relation(session, name, "e", layout=layout)
    session.work.put(session.account.id, database, relation)
    return DONE


def create_view(session: "Session", read: TokenReader) -> Reply:
    """CREATE VIEW name AS …."""
    target = read_target(session, read, "create view")
    return DONE if target is None else _put_view(session, read, *target)


def replace_view(session: "Session", read: TokenReader) -> Reply:
    """CREATE OR REPLACE VIEW name AS …."""
    database, name = read.table_name()
    home = session.database_or_current(database)
    found = session.work.database(session.account.id, home).relations.get(name)
    if found is not None and found.kind != "v":
        raise ServerError(1050, f"table {name} already exists")
    return _put_view(session, read, home, name)


def _put_view(session: "Session", read: TokenReader, database: str, name: str) -> Reply:
    view = new_relation(session, name, "v")
    query = view_query(read.statement)
    view = replace(view, query=query, default_database=session.database or "")
    check_view(session, view, present(session))
    session.work.put(session.account.id, database, view)
    return DONE


def read_target(
    session: "Session", read: TokenReader, right: str = "create table"
) -> tuple[str, str] | None:
    """The database and name of what is to be made; None if it is there and may be."""
    lenient = read.accept("if", "not", "exists")
    database, name = read.table_name()
    refuse_hint(read.hint())
    home = session.database_or_current(database)
    if home in session.account.system_databases():
        raise internal(f"do not have privilege to create an object in {home}")
    found = session.work.database(session.account.id, home)
    session.rights.require_on_database(right, found)
    if name not in found.relations:
        return home, name
    if lenient:
        return None
    raise already_exists(name)


def already_exists(name: str) -> ServerError:
    """The error for a name that is taken."""
    return ServerError(1050, f"table {name} already exists")


def new_relation(
    session: "Session", name: str, kind: str, *, layout: Layout | None = None
) -> Relation:
    """An object that this session makes now, by the statement it is running."""
    return Relation(
        name=name,
        kind=kind,
        created=session.state.now(),
        create_sql=session.running.strip().rstrip(";"),
        layout=layout or Layout(),
        owner=session.role.id,
        creator=session.user.id,
    )


def _like(session: "Session", read: TokenReader) -> Layout:
    database, name = read.table_name()
    home = session.database_or_current(database)
    found = session.work.relation(session.account.id, home, name)
    if found.kind != "r":
        raise internal(f"{home}.{name} is not BASE TABLE")
    return fresh_indexes(found.layout)


def fresh_indexes(layout: Layout) -> Layout:
    """The layout of a copy, with hidden index tables of its own."""
    indexes = tuple(
        new_index(i.name, i.columns, unique=i.unique, prefix=i.prefix)
        for i in layout.indexes
    )
    return replace(with_doubled_quotes(layout), indexes=indexes)


def _selected(session: "Session", read: TokenReader) -> tuple[Layout, tuple[Row, ...]]:
    reply = run_query(session, read.rest())
    columns = tuple(Column(name, kind) for name, kind in reply.columns or ())
    rows = tuple(
        tuple(store(c.type, v) for c, v in zip(columns, row, strict=True))
        for row in reply.rows
    )
    return Layout(columns), rows


def _check_parents(
    session: "Session", database: str, name: str, layout: Layout
) -> None:
    for key in layout.foreign_keys:
        if (key.parent_database, key.parent_table) == (database, name):
            continue
        found = session.catalog.relation(
            session.account.id, key.parent_database, key.parent_table
        )
        if found is None and session.foreign_key_checks:
            raise no_such_table(key.parent_database, key.parent_table)
