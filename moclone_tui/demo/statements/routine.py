"""CREATE and DROP FUNCTION and PROCEDURE."""

from typing import TYPE_CHECKING

from moclone_tui.demo.errors import ServerError, unknown_database
from moclone_tui.demo.lexer import Token
from moclone_tui.demo.reader import TokenReader, split_by_comma
from moclone_tui.demo.reply import DONE, Reply
from moclone_tui.demo.routines import Routine

if TYPE_CHECKING:
    from moclone_tui.demo.session import Session

_MODES = ("in", "out", "inout")


def create_function(session: "Session", read: TokenReader) -> Reply:
    """CREATE FUNCTION f(a type, …) RETURNS type LANGUAGE l AS 'body'."""
    database, name, arguments = _read_head(session, read)
    read.expect("returns")
    returns = read.name().lower()
    read.expect("language")
    language = read.name().lower()
    read.expect("as")
    taken = ServerError(1062, f"Duplicate entry '{name}' for key 'name'")
    kind = ("FUNCTION", database, name, arguments, returns, language)
    return _create(session, read, kind, taken)


def create_procedure(session: "Session", read: TokenReader) -> Reply:
    """CREATE PROCEDURE p([IN | OUT] a type, …) 'body'."""
    database, name, arguments = _read_head(session, read)
    taken = ServerError(13180, f"procedure {name} already exists")
    kind = ("PROCEDURE", database, name, arguments, "", "sql")
    return _create(session, read, kind, taken)


_Head = tuple[str, str, str, tuple[tuple[str, str], ...], str, str]


def _create(
    session: "Session", read: TokenReader, head: _Head, taken: ServerError
) -> Reply:
    kind, database, name, arguments, returns, language = head
    body = read.text()
    read.end()
    routines, account = session.state.routines, session.account.id
    if session.catalog.database(account, database) is None:
        raise unknown_database(database)
    if routines.find(account, kind, database, name) is not None:
        raise taken
    routines.add(
        Routine(
            kind,
            account,
            database,
            name,
            arguments,
            returns,
            language,
            body,
            session.user.name,
            session.role.id,
            session.state.now(),
        )
    )
    return DONE


def _read_head(
    session: "Session", read: TokenReader
) -> tuple[str, str, tuple[tuple[str, str], ...]]:
    database, name = read.table_name()
    home = session.database_or_current(database)
    parts = split_by_comma(read.parenthesized())
    return home, name, tuple(_argument(part) for part in parts if part)


def _argument(tokens: list[Token]) -> tuple[str, str]:
    words = [token.value for token in tokens if token.is_name]
    if words[0].lower() in _MODES:
        words = words[1:]
    return words[0], words[1].lower()


def drop_function(session: "Session", read: TokenReader) -> Reply:
    """DROP FUNCTION [IF EXISTS] f(type, …)."""
    lenient = read.accept("if", "exists")
    database, name = read.table_name()
    parts = split_by_comma(read.parenthesized())
    types = [part[0].value.lower() for part in parts if part]
    return _drop(session, "FUNCTION", database, name, types, lenient=lenient)


def drop_procedure(session: "Session", read: TokenReader) -> Reply:
    """DROP PROCEDURE [IF EXISTS] p."""
    lenient = read.accept("if", "exists")
    database, name = read.table_name()
    return _drop(session, "PROCEDURE", database, name, None, lenient=lenient)


def _drop(
    session: "Session",
    kind: str,
    database: str | None,
    name: str,
    types: list[str] | None,
    *,
    lenient: bool,
) -> Reply:
    home = session.database_or_current(database)
    found = session.state.routines.find(session.account.id, kind, home, name)
    fits = found is not None and types in (None, [kind for _, kind in found.arguments])
    if found is not None and fits:
        session.state.routines.drop(found)
    elif not lenient:
        raise ServerError(1122, f"function {name} doesn't exist")
    return DONE
