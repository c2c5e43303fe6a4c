"""CREATE, DROP and SHOW SNAPSHOT."""

from copy import deepcopy
from typing import TYPE_CHECKING

from moclone_tui.demo import sqltypes as types
from moclone_tui.demo.accounts import SYS
from moclone_tui.demo.clock import to_full_text
from moclone_tui.demo.errors import internal
from moclone_tui.demo.filters import read_filter
from moclone_tui.demo.model import Row
from moclone_tui.demo.names import check_name
from moclone_tui.demo.reader import TokenReader
from moclone_tui.demo.reply import DONE, Reply, ResultColumn
from moclone_tui.demo.snapshots import CLUSTER_OBJECT, Snapshot

if TYPE_CHECKING:
    from moclone_tui.demo.session import Session

_COLUMNS: list[ResultColumn] = [
    (name, types.VARCHAR)
    for name in (
        "SNAPSHOT_NAME",
        "TIMESTAMP",
        "SNAPSHOT_LEVEL",
        "ACCOUNT_NAME",
        "DATABASE_NAME",
        "TABLE_NAME",
    )
]


def create(session: "Session", read: TokenReader) -> Reply:
    """CREATE SNAPSHOT [IF NOT EXISTS] name FOR CLUSTER | ACCOUNT | DATABASE | TABLE."""
    lenient = read.accept("if", "not", "exists")
    name = read.folded_name()
    read.expect("for")
    session.rights.require_admin()
    check_name(name)
    if session.state.snapshots.find(session.account.id, name) is not None:
        if lenient:
            return DONE
        raise internal(f"snapshot {name} already exists")
    session.state.snapshots.add(_read_snapshot(session, read, name))
    return DONE


def _read_snapshot(session: "Session", read: TokenReader, name: str) -> Snapshot:
    level = read.accept_any("cluster", "account", "database", "table")
    if level == "cluster":
        return _of_cluster(session, read, name)
    if level == "account":
        return _of_account(session, read, name)
    if level is None:
        raise read.unexpected()
    return _of_object(session, read, name, level)


def _of_cluster(session: "Session", read: TokenReader, name: str) -> Snapshot:
    read.end()
    if not session.rights.is_sys:
        raise internal("only sys tenant can create cluster level snapshot")
    ts = session.state.now()
    return Snapshot(name, ts, "cluster", SYS, SYS, CLUSTER_OBJECT)


def _of_account(session: "Session", read: TokenReader, name: str) -> Snapshot:
    account = session.account
    if read.peek() is not None:
        wanted = read.folded_name()
        read.end()
        if wanted != account.name and not session.rights.is_sys:
            raise internal(
                "only sys tenant can create tenant level snapshot for other tenant"
            )
        found = session.state.accounts.get(wanted)
        if found is None:
            raise internal(f"account {wanted} does not exist")
        account = found
    return Snapshot(
        name,
        session.state.now(),
        "account",
        owner=session.account.id,
        tenant=account.id,
        object_id=account.id,
        account_name=account.name,
        people=deepcopy((account.users, account.roles)),
    )


def _of_object(
    session: "Session", read: TokenReader, name: str, level: str
) -> Snapshot:
    database = read.folded_name()
    table = read.folded_name() if level == "table" else ""
    read.end()
    object_id = find_object(session, "snapshot", database, table)
    return Snapshot(
        name,
        session.state.now(),
        level,
        owner=session.account.id,
        tenant=session.account.id,
        object_id=object_id,
        account_name=session.account.name,
        database=database,
        table=table,
    )


def find_object(session: "Session", what: str, database: str, table: str) -> int:
    """The identity of a database, or of a table in it.

    Raises:
        ServerError: 20101 if it is not there or belongs to the system.
    """
    if database in session.account.system_databases():
        which = "current" if what == "pitr" else "system"
        raise internal(f"can not create {what} for {which} database {database}")
    found = session.catalog.database(session.account.id, database)
    if found is None and what == "snapshot" and session.rights.is_sys:
        # Sys may name what another account has, and gets a snapshot of no use.
        everyone = session.catalog.databases.values()
        found = next((d for d in everyone if d.name == database), None)
    relation = found.relations.get(table) if found and table else None
    if table and relation is None:
        raise internal(f"table {database}.{table} does not exist")
    if found is None:
        raise internal(f"database {database} does not exist")
    return relation.id if relation else found.id


def drop(session: "Session", read: TokenReader) -> Reply:
    """DROP SNAPSHOT [IF EXISTS] name."""
    lenient = read.accept("if", "exists")
    name = read.folded_name()
    read.end()
    session.rights.require_admin()
    if session.state.snapshots.find(session.account.id, name) is None:
        if lenient:
            return DONE
        raise internal(f"snapshot {name} does not exist")
    session.state.snapshots.drop(session.account.id, name)
    return DONE


def show(session: "Session", read: TokenReader) -> Reply:
    """SHOW SNAPSHOTS [WHERE …], newest first."""
    wanted = read_filter(read)
    session.rights.require_admin()
    rows: list[Row] = [
        (s.name, to_full_text(s.ts), s.level, s.account_name, s.database, s.table)
        for s in session.state.snapshots.of(session.account.id)
    ]
    return wanted.reply(session, _COLUMNS, rows)
