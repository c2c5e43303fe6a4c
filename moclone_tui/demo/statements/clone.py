"""CREATE DATABASE … CLONE and CREATE TABLE … CLONE."""

from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from moclone_tui.demo.accounts import SYS
from moclone_tui.demo.ddl_text import cloned_view, partitioned_clone, view_query
from moclone_tui.demo.errors import (
    ServerError,
    internal,
    no_database_selected,
    parse_error,
    unquotable,
)
from moclone_tui.demo.lexer import quote_name, tokenize
from moclone_tui.demo.model import Layout, Relation
from moclone_tui.demo.moments import Moment, moment_of
from moclone_tui.demo.names import check_name
from moclone_tui.demo.query import check_view
from moclone_tui.demo.reader import TokenReader
from moclone_tui.demo.reply import DONE, Reply
from moclone_tui.demo.statements import database as databases
from moclone_tui.demo.statements.table_create import already_exists, fresh_indexes

if TYPE_CHECKING:
    from moclone_tui.demo.session import Session


@dataclass(frozen=True, slots=True)
class _Source:
    """What is cloned, and when.

    Attributes:
        hint: The hint as it was written, braces included; empty without one.
        moment: The state it is read at.
        account: The account that gets the copy.
        copies_grants: Whether rights on the source become rights on the copy too.
    """

    hint: str
    moment: Moment
    account: int
    copies_grants: bool


def create_database_clone(session: "Session", read: TokenReader) -> Reply:
    """CREATE DATABASE [IF NOT EXISTS] d CLONE s [hint] [TO ACCOUNT a].

    IF NOT EXISTS is read and means nothing, and a source that is not there makes an
    empty database: the real server's ways.
    """
    read.accept("if", "not", "exists")
    target = read.folded_name()
    read.expect("clone")
    name = read.folded_name()
    source = _read_source(session, read, "database")
    check_name(target)
    if databases.exists(session, target, source.account):
        raise databases.already_exists(target)
    head, mine = session.state.history.head, session.account.id
    gone = source.moment.catalog.database(mine, name) is None
    if not source.hint and gone and head.database(mine, name) is not None:
        raise no_database_selected()
    session.work.add_database(databases.new_database(session, source.account, target))
    clone_objects(session, source.moment, name, target, source.account, source.hint)
    return DONE


def clone_objects(
    session: "Session",
    moment: Moment,
    source: str,
    target: str,
    account: int,
    hint: str = "",
    *,
    skip_external: bool = False,
) -> None:
    """Copy what a database held at a moment into one that is there already.

    Raises:
        ServerError: If one of the objects cannot be cloned.
    """
    found = moment.catalog.database(moment.account, source)
    if found is None:
        return
    if found.relations:
        _check_covers(moment, "database", source, found.id)
    relations = sorted(found.relations.values(), key=lambda r: r.name)
    if not hint:
        relations = _as_committed(session, source, relations)
        hint = f"{{MO_TS = {session.state.now()}}}"
    _check_views(session, relations, source, moment)
    for relation in relations:
        if relation.kind == "e" and not skip_external:
            raise internal(f"{source}.{relation.name} is not BASE TABLE")
        if '"' in relation.name:
            raise unquotable(relation.name)
        if relation.kind == "r":
            text = (
                f"create table {_qualified(target, relation.name)} "
                f"clone {_qualified(source, relation.name)}{hint}"
            )
            copy = _copied(session, relation, relation.name, target, text)
            copy = replace(copy, layout=_repointed(copy.layout, source, target))
            _put(session, account, target, copy)
    _put_views(session, relations, source, target, account)


def _as_committed(
    session: "Session", source: str, relations: list[Relation]
) -> list[Relation]:
    """What a clone without a hint copies: the tables that its transaction sees.

    They come with the rows that others see: what the transaction wrote is left out.
    """
    head = session.state.history.head
    found: list[Relation] = []
    for relation in relations:
        there = head.relation(session.account.id, source, relation.name)
        if there is None and relation.kind == "r":
            raise parse_error(f"table {source}-{relation.name} does not exist")
        found.append(there if there and relation.kind == "r" else relation)
    return found


def create_table_clone(session: "Session", read: TokenReader) -> Reply:
    """CREATE TABLE [IF NOT EXISTS] t CLONE s [hint] [COPY GRANTS] [TO ACCOUNT a].

    IF NOT EXISTS on a table that is there appends the source's rows to it: the real
    server's fault, kept so that clients can be shown to stay clear of it.
    """
    clone_table(session, read, "clone")
    return DONE


def clone_table(
    session: "Session", read: TokenReader, word: str
) -> tuple[str, Relation, Relation]:
    """Take `[IF NOT EXISTS] t CLONE s …` and do it.

    Args:
        session: Who asks.
        read: Stands before the target.
        word: What stands between the target and the source.

    Returns:
        The name of the copy's database, the copy, and the source.
    """
    lenient = read.accept("if", "not", "exists")
    target_database, target = read.table_name()
    read.expect(word)
    source_database, name = read.table_name()
    written = quote_name(name)
    if source_database is not None:
        written = _qualified(source_database, name)
    home = _selected(session, source_database, "src", name)
    target_home = _selected(session, target_database, "dst", target)
    source = _read_source(session, read, "table")
    if target_home in session.account.system_databases():
        raise internal("cannot clone data into system database")
    relation = _source_table(source.moment, home, name)
    catalog = session.work
    there = catalog.database(source.account, target_home).relations.get(target)
    if there is not None:
        if not lenient:
            raise already_exists(target)
        appended = there.with_rows((*there.data.rows, *relation.data.rows))
        catalog.put(source.account, target_home, appended)
        return target_home, appended, relation
    text = f"create table {_qualified(target_home, target)} clone {written}"
    hint = source.hint
    if not hint and not session.in_begin:
        hint = f"{{MO_TS = {session.state.now()}}}"
    copy = _copied(session, relation, target, target_home, text + hint)
    if source.copies_grants:
        _copy_grants(session, relation, target_home, copy)
    _put(session, source.account, target_home, copy)
    return target_home, copy, relation


def _copy_grants(
    session: "Session", relation: Relation, database: str, copy: Relation
) -> None:
    for role in session.account.roles.values():
        role.grants |= {
            replace(g, database=database, table=copy.name, object_id=copy.id)
            for g in role.grants
            if g.object_id == relation.logical_id
        }


def _read_source(session: "Session", read: TokenReader, what: str) -> _Source:
    token = read.peek()
    hint = read.hint()
    moment = moment_of(session, hint)
    copies_grants = read.accept("copy", "grants")
    account = session.account.id
    if read.accept("to", "account"):
        name = read.folded_name()
        other = session.state.accounts.get(name)
        if hint is None and name != session.account.name:
            raise internal(f"clone {what} between different accounts need a snapshot")
        if session.account.id != SYS and name != session.account.name:
            raise internal("only sys can clone table to another account")
        if other is None:
            raise internal(f"no such account, account name: {name}")
        account = other.id
    read.end()
    text = token.text if token and hint is not None else ""
    return _Source(text, moment, account, copies_grants)


def _selected(session: "Session", database: str | None, side: str, name: str) -> str:
    chosen = database or session.database
    if not chosen:
        raise internal(f"no db selected for the {side} table {name}")
    return chosen


def _source_table(moment: Moment, database: str, name: str) -> Relation:
    home = moment.catalog.database(moment.account, database)
    relation = home.relations.get(name) if home else None
    if home is None or relation is None:
        raise parse_error(f"table {database}-{name} does not exist")
    if relation.kind not in ("r", "S"):
        raise internal(f"{database}.{name} is not BASE TABLE")
    if moment.snapshot is not None and moment.snapshot.level == "table":
        _check_covers(moment, "table", f"{database}-{name}", relation.id)
    else:
        _check_covers(moment, "database", database, home.id)
    return relation


def _check_covers(moment: Moment, level: str, name: str, object_id: int) -> None:
    """Insist that a snapshot is one of the object it is used for."""
    snapshot = moment.snapshot
    if snapshot is None or snapshot.level in ("cluster", "account"):
        return
    if snapshot.level != level:
        raise internal(f"cannot use a {snapshot.level}-level snapshot to clone {level}")
    if snapshot.object_id != object_id:
        raise internal(
            f"{level}-level snapshot({snapshot.name}) does not belong to "
            f"the {level}({name})"
        )


def _check_views(
    session: "Session", relations: list[Relation], source: str, moment: Moment
) -> None:
    for relation in relations:
        if relation.kind == "v":
            check_view(session, replace(relation, default_database=source), moment)


def _put_views(
    session: "Session",
    relations: list[Relation],
    source: str,
    target: str,
    account: int,
) -> None:
    """Make the views; one that reads what is no longer there is left out."""
    waiting = [relation for relation in relations if relation.kind == "v"]
    made = True
    while waiting and made:
        made = False
        for relation in list(waiting):
            text = cloned_view(relation.create_sql, source, target)
            view = _copied(session, relation, relation.name, target, text)
            query = view_query(tokenize(text))
            view = replace(view, query=query, default_database=target)
            with suppress(ServerError):
                check_view(session, view, Moment(session.catalog, account))
                session.work.put(account, target, view)
                waiting.remove(relation)
                made = True


def _copied(
    session: "Session", relation: Relation, name: str, database: str, text: str
) -> Relation:
    """A new object that shares the rows of another."""
    fresh = Relation(name, "r", 0, "")
    copy = replace(
        relation,
        name=name,
        id=fresh.id,
        first_id=0,
        version=0,
        created=session.state.now(),
        layout=fresh_indexes(relation.layout),
        create_sql=text,
        next_auto=relation.copied_auto(),
        owner=session.role.id,
        creator=session.user.id,
        cloned=True,
    )
    if relation.kind == "S":
        copy = replace(copy, kind="r")
    if relation.layout.partition:
        copy = replace(copy, create_sql=partitioned_clone(database, copy))
    return copy


def _put(session: "Session", account: int, database: str, copy: Relation) -> None:
    session.work.put(account, database, copy)
    session.work.clones[copy.id] = copy.data.rows


def _repointed(layout: Layout, source: str, target: str) -> Layout:
    keys = tuple(
        replace(key, parent_database=target) if key.parent_database == source else key
        for key in layout.foreign_keys
    )
    return replace(layout, foreign_keys=keys)


def _qualified(database: str, name: str) -> str:
    return f"{quote_name(database)}.{quote_name(name)}"
