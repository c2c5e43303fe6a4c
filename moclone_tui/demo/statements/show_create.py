"""SHOW CREATE TABLE, VIEW and DATABASE."""

from typing import TYPE_CHECKING

from moclone_tui.demo import sqltypes as types
from moclone_tui.demo.ddl_text import create_table
from moclone_tui.demo.errors import no_such_table, unknown_database, unquotable
from moclone_tui.demo.lexer import quote_name
from moclone_tui.demo.model import Relation
from moclone_tui.demo.moments import moment_of
from moclone_tui.demo.reader import TokenReader
from moclone_tui.demo.reply import Reply, ResultColumn

if TYPE_CHECKING:
    from moclone_tui.demo.session import Session


def _columns(*names: str) -> list[ResultColumn]:
    return [(name, types.VARCHAR) for name in names]


def table(session: "Session", read: TokenReader) -> Reply:
    """SHOW CREATE TABLE name [hint]; a view's name gives the view."""
    database, relation = _read(session, read)
    if relation.kind == "v":
        return _view(relation)
    if '"' in relation.name:
        raise unquotable(relation.name)
    shown = (relation.name, create_table(database, relation))
    return Reply(_columns("Table", "Create Table"), [shown])


def view(session: "Session", read: TokenReader) -> Reply:
    """SHOW CREATE VIEW name [hint]."""
    database, relation = _read(session, read)
    if relation.kind != "v":
        raise no_such_table(database, relation.name)
    return _view(relation)


def _view(relation: Relation) -> Reply:
    columns = _columns(
        "View", "Create View", "character_set_client", "collation_connection"
    )
    shown = (relation.name, relation.create_sql, "utf8mb4", "utf8mb4_general_ci")
    return Reply(columns, [shown])


def _read(session: "Session", read: TokenReader) -> tuple[str, Relation]:
    session.require_to_show()
    database, name = read.table_name()
    moment = moment_of(session, read.hint())
    read.end()
    home = session.database_or_current(database)
    found = moment.catalog.database(moment.account, home)
    if found is None and home not in session.account.system_databases():
        raise unknown_database(home)
    relation = found.relations.get(name) if found else None
    if relation is None:
        raise no_such_table(home, name)
    return home, relation


def database(session: "Session", read: TokenReader) -> Reply:
    """SHOW CREATE DATABASE name [hint]."""
    name = read.folded_name()
    moment = moment_of(session, read.hint())
    read.end()
    session.require_to_show()
    found = moment.catalog.database(moment.account, name)
    if found is None and name not in session.account.system_databases():
        raise unknown_database(name)
    shown = (name, f"CREATE DATABASE {quote_name(name)}")
    return Reply(_columns("Database", "Create Database"), [shown])
