"""DROP TABLE, VIEW and SEQUENCE, and TRUNCATE."""

from dataclasses import replace
from typing import TYPE_CHECKING

from moclone_tui.demo.errors import (
    internal,
    no_such_table,
    only_create_in_transactions,
)
from moclone_tui.demo.foreign_keys import children
from moclone_tui.demo.model import Relation, RowSet
from moclone_tui.demo.reader import TokenReader
from moclone_tui.demo.reply import DONE, Reply

if TYPE_CHECKING:
    from moclone_tui.demo.session import Session


def drop_table(session: "Session", read: TokenReader) -> Reply:
    """DROP TABLE [IF EXISTS] name, …."""
    return _drop(session, read, ("r", "e"))


def drop_view(session: "Session", read: TokenReader) -> Reply:
    """DROP VIEW [IF EXISTS] name, …."""
    return _drop(session, read, ("v",))


def drop_sequence(session: "Session", read: TokenReader) -> Reply:
    """DROP SEQUENCE [IF EXISTS] name, which no transaction allows."""
    if session.in_begin:
        raise only_create_in_transactions()
    return _drop(session, read, ("S",))


def _drop(session: "Session", read: TokenReader, kinds: tuple[str, ...]) -> Reply:
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
        elif not lenient:
            raise no_such_table(home, name)
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
    emptied = replace(with_new_identity(found, ""), data=RowSet(), next_auto=1)
    session.work.put(session.account.id, home, emptied)
    return DONE


def with_new_identity(relation: Relation, create_sql: str) -> Relation:
    """The same object under a new id, as after TRUNCATE and ALTER TABLE."""
    fresh = Relation("", "r", 0, "")
    return replace(relation, id=fresh.id, create_sql=create_sql)


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
