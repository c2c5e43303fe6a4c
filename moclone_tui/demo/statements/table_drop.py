"""DROP TABLE and VIEW, and TRUNCATE."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from moclone_tui.demo.ddl_text import create_table
from moclone_tui.demo.errors import (
    ServerError,
    internal,
    no_such_table,
)
from moclone_tui.demo.foreign_keys import children
from moclone_tui.demo.model import RowSet
from moclone_tui.demo.reader import TokenReader
from moclone_tui.demo.reply import DONE, Reply

if TYPE_CHECKING:
    from moclone_tui.demo.session import Session


def drop_table(session: "Session", read: TokenReader) -> Reply:
    """DROP TABLE [IF EXISTS] name, …."""
    return drop_relations(session, read, ("r", "e"))


def drop_view(session: "Session", read: TokenReader) -> Reply:
    """DROP VIEW [IF EXISTS] name, …."""
    return drop_relations(session, read, ("v",))


def drop_relations(
    session: "Session",
    read: TokenReader,
    kinds: tuple[str, ...],
    missing: Callable[[str, str], ServerError] = no_such_table,
) -> Reply:
    """Drop what is named, if it is of one of these kinds.

    Raises:
        ServerError: `missing` for what is not there.
    """
    lenient = read.accept("if", "exists")
    while True:
        database, name = read.table_name()
        home = session.database_or_current(database)
        found = session.work.database(session.account.id, home)
        relation = found.relations.get(name)
        if relation is not None and relation.kind in kinds:
            session.rights.require_to_define("drop table", found, relation)
            _check_no_children(session, home, name)
            session.work.drop(session.account.id, home, name)
        elif relation is not None and relation.kind == "S":
            raise internal("Should use 'drop sequence' to drop a sequence")
        elif not lenient:
            raise missing(home, name)
        if not read.accept_operator(","):
            break
    read.accept_any("cascade", "restrict")
    read.end()
    return DONE


def truncate(session: "Session", read: TokenReader) -> Reply:
    """TRUNCATE [TABLE] name: all rows go, and the table gets a new identity."""
    read.accept("table")
    database, name = read.table_name()
    home = session.database_or_current(database)
    found = session.work.relation(session.account.id, home, name)
    session.rights.require_on_table(
        "truncate", session.work.database(session.account.id, home), found
    )
    if found.kind != "r":
        raise no_such_table(home, name)
    _check_no_children(session, home, name, "truncate")
    emptied = replace(
        found.rewritten(create_table(home, found), session.state.now()),
        data=RowSet(),
        next_auto=1,
    )
    session.work.put(session.account.id, home, emptied)
    return DONE


def _check_no_children(
    session: "Session", database: str, name: str, verb: str = "drop"
) -> None:
    if not session.foreign_key_checks:
        return
    for home, relation, _ in children(
        session.catalog, session.account.id, database, name
    ):
        if (home.name, relation.name) != (database, name):
            raise internal(
                f"can not {verb} table '{name}' "
                "referenced by some foreign key constraint"
            )
