"""What goes on: sessions, locks, and the statements that have been answered."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from moclone_tui.demo import sqltypes as types
from moclone_tui.demo.accounts import SYS
from moclone_tui.demo.clock import to_datetime
from moclone_tui.demo.locks import described
from moclone_tui.demo.model import Row
from moclone_tui.demo.reply import ResultColumn
from moclone_tui.demo.system.table import SystemTable, View, columns

if TYPE_CHECKING:
    from moclone_tui.demo.session import Session

SESSION_COLUMNS: list[ResultColumn] = [
    ("node_id", types.VARCHAR),
    ("conn_id", types.INT),
    *(
        (name, types.VARCHAR)
        for name in (
            "session_id", "account", "user", "host", "db", "session_start", "command",
            "info", "txn_id", "statement_id", "statement_type", "query_type",
            "sql_source_type", "query_start", "client_host", "role", "proxy_host",
        )
    ),
]  # fmt: skip
_QUERY_TYPES = {
    **dict.fromkeys(("Select", "Show PITR", "Show Snapshot"), "DQL"),
    **dict.fromkeys(("Insert", "Update", "Delete"), "DML"),
    **dict.fromkeys(("Start Transaction", "Commit", "Rollback"), "TCL"),
    **dict.fromkeys(("Grant", "Revoke"), "DCL"),
    **{
        f"{verb} {what}": "DDL"
        for verb in ("Create", "Alter", "Drop")
        for what in ("Database", "Table", "View", "Index")
    },
    **dict.fromkeys(("Truncate", "Create PITR"), "DDL"),
}
_CLONES = {
    "Create Database": "CREATE DATABASE CLONE",
    "Create Schema": "CREATE DATABASE CLONE",
    "Create Table": "CREATE TABLE CLONE",
}


def _moment(ns: int) -> str:
    return to_datetime(ns).strftime("%Y-%m-%d %H:%M:%S.%f")


def session_rows(reader: "Session") -> Iterable[Row]:
    """The sessions that one may see: sys sees all, others their account's."""
    state = reader.state
    for s in list(state.sessions.values()):
        if reader.account.id not in (SYS, s.account.id):
            continue
        yield (
            state.node_id, s.id, s.uuid, s.account.name, s.user.name,
            state.address, s.database or "", _moment(s.started), "COM_QUERY",
            s.running or s.last_statement, _transaction_id(s),
            s.statement_id, s.statement_kind,
            _QUERY_TYPES.get(s.statement_kind, "Other"), "external_sql",
            _moment(s.query_started), s.host, s.role.name, "",
        )  # fmt: skip


def _sessions(view: View) -> Iterable[Row]:
    return session_rows(view.session)


def _locks(view: View) -> Iterable[Row]:
    state = view.session.state
    waiting = {
        (s.waits_for.holder, s.waits_for.lock): _transaction_id(s)
        for s in state.sessions.values()
        if s.waits_for is not None
    }
    for transaction in state.history.open:
        for lock, exclusive in transaction.locks.held.items():
            kind, content = described(lock)
            yield (
                state.node_id, transaction.id, str(lock.table_id), kind, content,
                "Exclusive" if exclusive else "Shared", "acquired",
                waiting.get((transaction, lock), ""),
            )  # fmt: skip


def _transaction_id(session: "Session") -> str:
    """A statement that waits by itself has a transaction, too, on the real server."""
    if session.transaction is not None:
        return session.transaction.id
    return session.statement_id if session.waits_for is not None else ""


def _transactions(view: View) -> Iterable[Row]:
    state = view.session.state
    for s in list(state.sessions.values()):
        number = _transaction_id(s)
        if not number:
            continue
        begun = s.transaction.started if s.transaction else s.query_started
        moment = to_datetime(begun).strftime("%Y-%m-%dT%H:%M:%S.%f000Z")
        waits = ("", "", "", "")
        if s.waits_for is not None:
            lock = s.waits_for.lock
            waits = (str(lock.table_id), *described(lock), "Exclusive")
        yield (
            state.node_id, number, moment, f"{begun}-1", "0-0", "0-0", "Pessimistic",
            "RC", "true", "Active", *waits,
        )  # fmt: skip


def _statements(view: View) -> Iterable[Row]:
    account, state = view.session.account, view.session.state
    for e in list(state.log):
        if account.id != SYS and e.account != account.name:
            continue
        clone = _CLONES.get(e.kind) if " clone " in f" {e.statement.lower()} " else None
        owner = state.accounts.get(e.account)
        yield (
            e.statement_id, e.transaction_id, e.session_id, e.account,
            owner.id if owner else 0, e.user, e.host, e.database, e.statement, "", "",
            state.node_id, "ALL", _moment(e.started), _moment(e.ended),
            e.ended - e.started, "Failed" if e.code else "Success",
            str(e.code), e.error, "{}", 0, 0, "[]", clone or e.kind,
            "Other" if clone else _QUERY_TYPES.get(e.kind, "Other"),
            e.role_id, "external_sql", 0, e.rows, e.connection_id, 0.0,
        )  # fmt: skip


ACTIVITY: dict[tuple[str, str], SystemTable] = {
    ("mo_catalog", "mo_sessions"): SystemTable(
        tuple(SESSION_COLUMNS), _sessions, for_everyone=True
    ),
    ("mo_catalog", "mo_locks"): SystemTable(
        columns(
            "cn_id txn_id table_id lock_key lock_content lock_mode lock_status "
            "lock_wait"
        ),
        _locks,
        for_everyone=True,
    ),
    ("mo_catalog", "mo_transactions"): SystemTable(
        columns(
            "cn_id txn_id create_ts snapshot_ts prepared_ts commit_ts txn_mode "
            "isolation user_txn txn_status table_id lock_key lock_content lock_mode"
        ),
        _transactions,
        for_everyone=True,
    ),
    ("system", "statement_info"): SystemTable(
        columns(
            "statement_id transaction_id session_id account account_id:i user host "
            "database statement:t statement_tag:t statement_fingerprint:t node_uuid "
            "node_type request_at:on response_at:on duration:n status err_code "
            "error:t exec_plan:t rows_read:n bytes_scan:n stats:t statement_type "
            "query_type role_id:n sql_source_type:t aggr_count:n result_count:n "
            "connection_id:n cu:d"
        ),
        _statements,
    ),
}
