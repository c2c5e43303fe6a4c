"""CREATE, ALTER, DROP and SHOW PUBLICATION: what is published cannot be dropped.

That is, a database; a table is dropped, and drops out of the publication.
"""

from dataclasses import replace
from typing import TYPE_CHECKING

from moclone_tui.demo import sqltypes as types
from moclone_tui.demo.clock import to_seconds_text
from moclone_tui.demo.errors import ServerError, internal
from moclone_tui.demo.filters import read_filter
from moclone_tui.demo.model import Database, Row
from moclone_tui.demo.reader import TokenReader
from moclone_tui.demo.reply import DONE, Reply, ResultColumn
from moclone_tui.demo.snapshots import Publication

if TYPE_CHECKING:
    from moclone_tui.demo.session import Session

_COLUMNS: list[ResultColumn] = [
    ("publication", types.STRING),
    ("database", types.STRING),
    ("tables", types.TEXT),
    ("sub_account", types.TEXT),
    ("subscribed_accounts", types.TEXT),
    ("create_time", types.TIMESTAMP),
    ("update_time", types.TIMESTAMP),
    ("comments", types.TEXT),
]


def create(session: "Session", read: TokenReader) -> Reply:
    """CREATE PUBLICATION name DATABASE d [TABLE t, …] ACCOUNT {ALL | a, …} [COMMENT …].

    IF NOT EXISTS is read and means nothing: the real server's way.
    """
    read.accept("if", "not", "exists")
    session.rights.require_admin()
    name, account = read.folded_name(), session.account
    read.expect("database")
    database = read.folded_name()
    tables = _read_names(read) if read.accept("table") else []
    read.expect("account")
    accounts = _read_names(read)
    comment = read.text() if read.accept("comment") else ""
    read.end()
    found = _database(session, database)
    if "all" in accounts and not session.rights.is_sys:
        raise internal(
            "only sys account and authorized normal accounts "
            "can publish to all accounts"
        )
    for other in accounts:
        if other != "all" and session.state.accounts.get(other) is None:
            raise internal(f"not existed account name '{other}'")
    if (account.id, name) in session.state.publications:
        raise ServerError(
            1062,
            f"Duplicate entry '({account.id},{name})' for key '(account_id,pub_name)'",
        )
    session.state.publications[account.id, name] = Publication(
        name,
        session.state.now(),
        account.id,
        database,
        found.id,
        _identities(found, tables) if tables else None,
        ",".join(accounts),
        comment,
    )
    return DONE


def alter(session: "Session", read: TokenReader) -> Reply:
    """ALTER PUBLICATION name DATABASE d TABLE t, …: set what it is of."""
    session.rights.require_admin()
    key = session.account.id, read.folded_name()
    read.expect("database")
    database = _database(session, read.folded_name())
    read.expect("table")
    tables = _identities(database, _read_names(read))
    read.end()
    found = session.state.publications.get(key)
    if found is None:
        raise internal(f"publication '{key[1]}' does not exist")
    session.state.publications[key] = replace(
        found, database=database.name, database_id=database.id, tables=tables
    )
    return DONE


def _database(session: "Session", name: str) -> Database:
    found = session.catalog.database(session.account.id, name)
    if found is None:
        raise internal(f"database '{name}' does not exist")
    return found


def _identities(database: Database, tables: list[str]) -> dict[str, int]:
    for table in tables:
        if table not in database.relations:
            raise internal(f"table '{table}' not exists")
    return {table: database.relations[table].logical_id for table in tables}


def _read_names(read: TokenReader) -> list[str]:
    names = [read.folded_name()]
    while read.accept_operator(","):
        names.append(read.folded_name())
    return names


def drop(session: "Session", read: TokenReader) -> Reply:
    """DROP PUBLICATION [IF EXISTS] name."""
    lenient = read.accept("if", "exists")
    name = read.folded_name()
    read.end()
    session.rights.require_admin()
    if session.state.publications.pop((session.account.id, name), None) or lenient:
        return DONE
    raise internal(f"publication '{name}' does not exist")


def show_create(session: "Session", read: TokenReader) -> Reply:
    """SHOW CREATE PUBLICATION name; the comment is not told."""
    name = read.folded_name()
    read.end()
    session.rights.require_admin()
    columns = [("Publication", types.VARCHAR), ("Create Publication", types.VARCHAR)]
    found = session.state.publications.get((session.account.id, name))
    if found is None:
        return Reply(columns)
    names = found.listed(session.catalog)
    tables = f" TABLE {names}" if names != "*" else ""
    text = (
        f"CREATE PUBLICATION {name} DATABASE {found.database}{tables} "
        f"ACCOUNT {found.accounts}"
    )
    return Reply(columns, [(name, text)])


def show(session: "Session", read: TokenReader) -> Reply:
    """SHOW PUBLICATIONS [LIKE …]."""
    wanted = read_filter(read)
    session.rights.require_admin()
    rows: list[Row] = [
        (
            p.name,
            p.database,
            p.listed(session.catalog),
            "*" if p.accounts == "all" else p.accounts,
            "",
            to_seconds_text(p.created),
            None,
            p.comment,
        )
        for p in session.state.publications.values()
        if p.owner == session.account.id
    ]
    return wanted.reply(session, _COLUMNS, rows)
