"""DATA BRANCH CREATE and DELETE: copies that remember where they branched off."""

from dataclasses import replace
from typing import TYPE_CHECKING

from moclone_tui.demo.errors import unknown_database
from moclone_tui.demo.model import Branch, Relation
from moclone_tui.demo.moments import Moment, moment_of
from moclone_tui.demo.reader import TokenReader
from moclone_tui.demo.reply import DONE, Reply
from moclone_tui.demo.statements import database as databases
from moclone_tui.demo.statements.clone import clone_objects, clone_table
from moclone_tui.demo.statements.table_drop import drop_table

if TYPE_CHECKING:
    from moclone_tui.demo.session import Session


def create(session: "Session", read: TokenReader) -> Reply:
    """DATA BRANCH CREATE {TABLE t FROM s | DATABASE d FROM s} [hint]."""
    if read.accept("database"):
        return _create_database(session, read)
    read.expect("table")
    home, copy, source = clone_table(session, read, "from")
    branched = replace(copy, branch=_branch(session, source, "table"))
    session.work.put(session.account.id, home, branched)
    return DONE


def _create_database(session: "Session", read: TokenReader) -> Reply:
    target = read.folded_name()
    read.expect("from")
    name = read.folded_name()
    token, moment = read.peek(), moment_of(session, read.hint())
    read.end()
    account = session.account.id
    if databases.exists(session, target):
        raise databases.already_exists(target)
    source = moment.catalog.database(moment.account, name)
    if source is None:
        raise unknown_database(name)
    session.work.add_database(databases.new_database(session, account, target))
    hint = token.text if token is not None else ""
    clone_objects(session, Moment(moment.catalog, account), name, target, account, hint)
    for relation in session.work.database(account, target).relations.values():
        parent = source.relations.get(relation.name)
        if relation.kind == "r" and parent is not None:
            branch = _branch(session, parent, "database")
            session.work.put(account, target, replace(relation, branch=branch))
    return DONE


def _branch(session: "Session", parent: Relation, level: str) -> Branch:
    return Branch(
        parent.logical_id,
        parent.id,
        parent.layout,
        parent.data,
        session.state.now(),
        level,
    )


def delete(session: "Session", read: TokenReader) -> Reply:
    """DATA BRANCH DELETE {TABLE t | DATABASE d}."""
    if read.accept("database"):
        databases.drop(session, read)
    else:
        read.expect("table")
        drop_table(session, read)
    return DONE
