"""RESTORE: put a database, table or account back, in place of what is there."""

from copy import deepcopy
from dataclasses import replace
from typing import TYPE_CHECKING

from moclone_tui.demo.clock import parse_utc
from moclone_tui.demo.errors import internal, invalid_input, not_supported
from moclone_tui.demo.foreign_keys import children, is_parent
from moclone_tui.demo.model import Database
from moclone_tui.demo.moments import Moment, moment_of
from moclone_tui.demo.reader import TokenReader
from moclone_tui.demo.reply import DONE, Reply
from moclone_tui.demo.statements import database as databases
from moclone_tui.demo.statements.clone import clone_objects
from moclone_tui.demo.statements.pitr import valid_moment

if TYPE_CHECKING:
    from moclone_tui.demo.session import Session


def restore(session: "Session", read: TokenReader) -> Reply:
    """RESTORE {DATABASE d | TABLE d.t | ACCOUNT a [TO ACCOUNT b]} {SNAPSHOT='s'}.

    Or RESTORE [DATABASE d [TABLE t] | ACCOUNT a] FROM PITR p 'time'. What a foreign key
    points to from elsewhere stays as it is, and success is reported: the real server's
    fault.
    """
    session.rights.require_admin()
    what, first, second = "account", session.account.name, None
    if not read.looking_at("from"):
        what, first, second = _read_object(read)
    moment, hint = _read_moment(session, read)
    to = read.folded_name() if read.accept("to", "account") else first
    read.end()
    with session.own_transaction():
        if what == "account":
            _restore_account(session, first, to, moment, hint)
        elif second is not None:
            _check_level(moment, session, "table", first, second)
            _restore_table(session, first, second, moment, hint)
        else:
            _check_level(moment, session, "db", first)
            account = session.account.id
            _restore_database(session, account, first, moment, hint)
    return DONE


def _read_object(read: TokenReader) -> tuple[str, str, str | None]:
    what = read.accept_any("database", "table", "account", "cluster")
    if what is None or what == "cluster":
        raise not_supported("RESTORE CLUSTER")
    first, second = read.folded_name(), None
    if what == "account" and read.accept("database"):
        what, first = "database", read.folded_name()
    if what == "table":
        read.expect_operator(".")
        second = read.folded_name()
    elif what == "database" and read.accept("table"):
        second = read.folded_name()
    # A table is named one way with a snapshot, and the other way with a window.
    if second is not None and read.looking_at("from") == (what == "table"):
        raise read.unexpected()
    return what, first, second


def _read_moment(session: "Session", read: TokenReader) -> tuple[Moment, str]:
    token = read.peek()
    hint = read.hint()
    if hint is not None and token is not None:
        moment = moment_of(session, hint)
        if moment.snapshot is None:
            raise read.unexpected()
        return moment, token.text
    read.expect("from")
    read.expect("pitr")
    name = read.folded_name()
    text = read.text()
    wanted = parse_utc(text)
    if wanted is None:
        raise invalid_input(f"invalid timestamp '{text}'")
    valid_moment(session, name, wanted, text)
    catalog = session.state.history.at(wanted)
    return Moment(catalog, session.account.id), f"{{MO_TS = {wanted}}}"


def _check_level(
    moment: Moment, session: "Session", what: str, database: str, table: str = ""
) -> None:
    snapshot = moment.snapshot
    if moment.account != session.account.id:
        raise internal("can't restore database from other account's snapshot")
    if snapshot is None or snapshot.level == "account":
        return
    if snapshot.level == "cluster" or (snapshot.level == "table" and what == "db"):
        raise internal(f"can't restore {what} from {snapshot.level} level snapshot")
    if snapshot.database != database:
        raise internal(
            f"databaseName({database}) does not match "
            f"snapshot.databaseName({snapshot.database})"
        )
    if snapshot.level == "table" and snapshot.table != table:
        raise internal(
            f"tableName({table}) does not match snapshot.tableName({snapshot.table})"
        )


def _restore_database(
    session: "Session", account: int, name: str, moment: Moment, hint: str
) -> None:
    if name in session.account.system_databases():
        raise internal(f"can't restore db: {name}")
    if moment.catalog.database(moment.account, name) is None:
        raise internal(f"database {name} does not exist")
    work = session.work
    if any(home.name != name for home, *_ in children(work.catalog, account, name)):
        return
    if work.catalog.database(account, name) is not None:
        _forget_publications(session, account, name)
        work.drop_database(account, name)
    work.add_database(databases.new_database(session, account, name))
    clone_objects(session, moment, name, name, account, hint, skip_external=True)


def _forget_publications(session: "Session", account: int, database: str) -> None:
    """They go without a word, as on the real server."""
    publications = session.state.publications
    for key, published in list(publications.items()):
        if (published.owner, published.database) == (account, database):
            del publications[key]


def _restore_table(
    session: "Session", database: str, name: str, moment: Moment, hint: str
) -> None:
    then = moment.catalog.database(moment.account, database)
    relation = then.relations.get(name) if then else None
    if then is None or relation is None:
        label = moment.snapshot.name if moment.snapshot else ""
        raise internal(f"table {name} not exists at snapshot {label}")
    account = session.account.id
    if is_parent(session, database, name):
        return
    if session.work.catalog.database(account, database) is None:
        session.work.add_database(databases.new_database(session, account, database))
    if relation.kind == "v":
        view = replace(relation, created=session.state.now())
        session.work.put(account, database, view)
        return
    only = Database(then.account, database, then.created, relations={name: relation})
    narrowed = Moment(moment.catalog.with_database(only), moment.account)
    clone_objects(session, narrowed, database, database, account, hint)


def _restore_account(
    session: "Session", name: str, to: str, moment: Moment, hint: str
) -> None:
    snapshot, accounts = moment.snapshot, session.state.accounts
    if snapshot is not None and snapshot.level in ("database", "table"):
        raise internal("can't restore account from db or table level snapshot")
    if snapshot is not None and snapshot.level == "account":
        if name != snapshot.account_name:
            raise internal(
                f"accountName({name}) does not match "
                f"snapshot.accountName({snapshot.account_name})"
            )
        accounts.bring_back(name)
    source, target = accounts.get(name), accounts.get(to)
    if source is None or target is None:
        raise internal(f"no such account, account name: {to}")
    for present in session.work.catalog.of_account(target.id):
        session.work.drop_database(target.id, present.name)
    moment = replace(moment, account=source.id)
    for then in moment.catalog.of_account(source.id):
        _restore_database(session, target.id, then.name, moment, hint)
    if snapshot is not None and snapshot.people is not None:
        target.users, target.roles = deepcopy(snapshot.people)
