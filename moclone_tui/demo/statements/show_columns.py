"""SHOW COLUMNS and SHOW INDEX."""

from typing import TYPE_CHECKING

from moclone_tui.demo import sqltypes as types
from moclone_tui.demo import system
from moclone_tui.demo.errors import (
    missing_table,
    no_such_table,
    syntax_error,
    unknown_database,
)
from moclone_tui.demo.filters import Filter, read_filter
from moclone_tui.demo.lexer import Kind
from moclone_tui.demo.model import Column, Layout, Relation, Row
from moclone_tui.demo.moments import present
from moclone_tui.demo.query import check_view
from moclone_tui.demo.reader import TokenReader
from moclone_tui.demo.reply import Reply, ResultColumn
from moclone_tui.demo.system.information_schema import default_text

if TYPE_CHECKING:
    from moclone_tui.demo.session import Session

_PRIVILEGES = "select,insert,update,references"
_INDEX: list[ResultColumn] = [
    ("Table", types.VARCHAR),
    ("Non_unique", types.BIGINT),
    ("Key_name", types.VARCHAR),
    ("Seq_in_index", types.INT),
    ("Column_name", types.VARCHAR),
    ("Collation", types.VARCHAR),
    ("Cardinality", types.BIGINT),
    ("Sub_part", types.VARCHAR),
    ("Packed", types.VARCHAR),
    ("Null", types.VARCHAR),
    ("Index_type", types.VARCHAR),
    ("Comment", types.CHAR),
    ("Index_comment", types.VARCHAR),
    ("Index_params", types.VARCHAR),
    ("Visible", types.VARCHAR),
    ("Expression", types.VARCHAR),
]


def columns(session: "Session", read: TokenReader) -> Reply:
    """SHOW COLUMNS FROM table [FROM database]."""
    return show_columns(session, read, full=False)


def full_columns(session: "Session", read: TokenReader) -> Reply:
    """SHOW FULL COLUMNS FROM table [FROM database]."""
    return show_columns(session, read, full=True)


def show_columns(session: "Session", read: TokenReader, *, full: bool) -> Reply:
    """The columns of the table that comes next."""
    read.accept_any("from", "in")
    database, name = _read_table(session, read)
    wanted = _read_filter(read)
    layout = _layout(session, database, name)
    rows: list[Row] = []
    for column in layout.columns:
        null = "YES" if column.nullable else "NO"
        extra = "auto_increment" if column.auto else ""
        shown: Row = (null, key_of(layout, column), _default(column), extra)
        if full:
            shown = (None, *shown, _PRIVILEGES)
        rows.append((column.name, column.type.info(), *shown, _quoted(column.comment)))
    names = ["Field", "Type", "Null", "Key", "Default", "Extra", "Comment"]
    if full:
        names[2:2] = ["Collation"]
        names[7:7] = ["Privileges"]
    return wanted.reply(session, [(name, types.CHAR) for name in names], rows)


def _default(column: Column) -> str | None:
    """What information_schema shows, with quotes doubled once more and bare."""
    text = default_text(column.default)
    return text if text is None or text[0] != "'" else _quoted(text[1:-1])


def _quoted(text: str) -> str:
    return text.replace("'", "''")


def key_of(layout: Layout, column: Column) -> str:
    """PRI, UNI, MUL or nothing, as SHOW COLUMNS tells it."""
    name = column.name.lower()
    if name in (p.lower() for p in layout.primary):
        return "PRI"
    first = [
        (i.columns[0].lower(), i.unique and len(i.columns) == 1) for i in layout.indexes
    ]
    if (name, True) in first:
        return "UNI"
    keyed = {n for n, _ in first} | {k.columns[0].lower() for k in layout.foreign_keys}
    return "MUL" if name in keyed else ""


def _read_table(session: "Session", read: TokenReader) -> tuple[str, str]:
    session.require_to_show()
    database, name = read.table_name()
    if read.accept_any("from", "in"):
        database = read.folded_name()
    return session.database_or_current(database), name


def _read_filter(read: TokenReader) -> Filter:
    """Take LIKE and WHERE; unlike other SHOW statements, these know no hint."""
    for token in read.statement.tokens[read.at :]:
        if token.kind is Kind.HINT:
            raise syntax_error(read.statement.text, token.start, token.start + 1)
    return read_filter(read)


def _layout(session: "Session", database: str, name: str) -> Layout:
    if database in session.account.system_databases():
        table = system.find(database, name, session.account)
        if table is None:
            raise no_such_table(database, name)
        return Layout(tuple(Column(n, kind) for n, kind in table.columns))
    relation = _relation(session, database, name)
    if relation.kind != "v":
        return relation.layout
    found = check_view(session, relation, present(session))
    return Layout(tuple(Column(n, kind) for n, kind in found))


def _relation(session: "Session", database: str, name: str) -> Relation:
    home = session.catalog.database(session.account.id, database)
    if home is None:
        raise unknown_database(database)
    relation = home.relations.get(name)
    if relation is None:
        raise missing_table(name)
    return relation


def index(session: "Session", read: TokenReader) -> Reply:
    """SHOW INDEX FROM table [FROM database]."""
    read.accept_any("from", "in")
    database, name = _read_table(session, read)
    wanted = _read_filter(read)
    layout = _layout(session, database, name)
    keys = [(i.name, i.columns, i.unique) for i in layout.indexes]
    if layout.primary:
        keys.append(("PRIMARY", layout.primary, True))
    rows: list[Row] = []
    for key, parts, unique in keys:
        for number, part in enumerate(parts, 1):
            position = layout.position(part)
            nullable = position is not None and layout.columns[position].nullable
            rows.append(
                (
                    name, int(not unique), key, number, part, "A", 0, "NULL", "NULL",
                    "YES" if nullable else "", "", "", "", "", "YES", part,
                )
            )  # fmt: skip
    return wanted.reply(session, _INDEX, rows)
