"""SHOW DATABASES, TABLES and TABLE STATUS."""

from typing import TYPE_CHECKING

from moclone_tui.demo import sqltypes as types
from moclone_tui.demo import system
from moclone_tui.demo.clock import to_seconds_text
from moclone_tui.demo.errors import unknown_database
from moclone_tui.demo.filters import read_filter
from moclone_tui.demo.model import Relation, Row
from moclone_tui.demo.moments import Moment, moment_of
from moclone_tui.demo.reader import TokenReader
from moclone_tui.demo.reply import Reply, ResultColumn
from moclone_tui.demo.session_functions import estimated_rows, estimated_size

if TYPE_CHECKING:
    from moclone_tui.demo.session import Session

_STATUS: list[ResultColumn] = [
    ("Name", types.VARCHAR),
    ("Engine", types.VARCHAR),
    ("Row_format", types.VARCHAR),
    ("Rows", types.BIGINT),
    ("Avg_row_length", types.BIGINT),
    ("Data_length", types.BIGINT),
    ("Max_data_length", types.BIGINT),
    ("Index_length", types.BIGINT),
    ("Data_free", types.VARCHAR),
    ("Auto_increment", types.BIGINT),
    ("Create_time", types.TIMESTAMP),
    ("Update_time", types.TIMESTAMP),
    ("Check_time", types.TIMESTAMP),
    ("Collation", types.VARCHAR),
    ("Checksum", types.VARCHAR),
    ("Create_options", types.VARCHAR),
    ("Comment", types.VARCHAR),
    ("Role_id", types.INT),
    ("Role_name", types.VARCHAR),
]


def databases(session: "Session", read: TokenReader) -> Reply:
    """SHOW DATABASES [LIKE …] [WHERE …] [hint]."""
    wanted = read_filter(read)
    session.rights.require_on_account("show databases")
    moment = moment_of(session, wanted.hint)
    names = [d.name for d in moment.catalog.of_account(moment.account)]
    owner = session.state.accounts.by_id(moment.account) or session.account
    names = sorted([*names, *owner.system_databases()])
    rows: list[Row] = [(name,) for name in names]
    return wanted.reply(session, [("Database", types.VARCHAR)], rows)


def tables(session: "Session", read: TokenReader) -> Reply:
    """SHOW TABLES [FROM database] [LIKE …] [WHERE …] [hint]."""
    return _tables(session, read, full=False)


def full_tables(session: "Session", read: TokenReader) -> Reply:
    """SHOW FULL TABLES [FROM database] [LIKE …] [WHERE …] [hint]."""
    return _tables(session, read, full=True)


def _tables(session: "Session", read: TokenReader, *, full: bool) -> Reply:
    database = read_database(session, read)
    wanted = read_filter(read)
    moment = moment_of(session, wanted.hint)
    rows: list[Row] = [
        (name, "VIEW" if kind == "v" else "BASE TABLE")
        for name, kind in _listed(session, moment, database)
    ]
    columns = [(f"Tables_in_{database}", types.VARCHAR), ("Table_type", types.VARCHAR)]
    if not full:
        columns, rows = columns[:1], [row[:1] for row in rows]
    return wanted.reply(session, columns, rows)


def read_database(session: "Session", read: TokenReader) -> str:
    """Take `FROM database`, or else the current one, and look at the rights."""
    session.require_to_show()
    named = read.folded_name() if read.accept_any("from", "in") else None
    return session.database_or_current(named)


def _listed(session: "Session", moment: Moment, database: str) -> list[tuple[str, str]]:
    if database in session.account.system_databases():
        names = system.names(database, session.account)
        return [(name, "r") for name in names]
    found = moment.catalog.database(moment.account, database)
    if found is None:
        raise unknown_database(database)
    shown = [(r.name, r.kind) for r in found.relations.values() if r.kind != "S"]
    return sorted(shown)


def table_status(session: "Session", read: TokenReader) -> Reply:
    """SHOW TABLE STATUS [FROM database] [LIKE …] [WHERE …]."""
    database = read_database(session, read)
    wanted = read_filter(read)
    rows: list[Row] = []
    if database not in session.account.system_databases():
        found = session.catalog.database(session.account.id, database)
        if found is None:
            raise unknown_database(database)
        relations = sorted(found.relations.values(), key=lambda r: r.name)
        rows = [_status(session, r) for r in relations if r.kind != "S"]
    return wanted.reply(session, _STATUS, rows)


def _status(session: "Session", relation: Relation) -> Row:
    now = session.state.clock.now()
    created = to_seconds_text(relation.created)
    role = next(
        (r.name for r in session.account.roles.values() if r.id == relation.owner), ""
    )
    if relation.kind == "v":
        nothing = (None,) * 15
        return (relation.name, *nothing, "VIEW", relation.owner, role)
    count, size = estimated_rows(relation, now), estimated_size(relation, now)
    auto = relation.next_auto if any(c.auto for c in relation.layout.columns) else None
    return (
        relation.name, "Tae", "Dynamic", count, size // count if count else 0, size, 0,
        0, "NULL", auto, created, None, None, "utf8mb4_bin", None, "",
        relation.layout.comment, relation.owner, role,
    )  # fmt: skip
