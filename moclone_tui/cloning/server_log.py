"""What the server logged of everybody's copies, snapshots, restores and drops.

`system.statement_info` comes up to a minute late, and has what the login's account may
see. It tells each statement's own success; whether that lasted is told by the COMMIT or
ROLLBACK that came next in the same session.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from moclone_tui.api import Moment, QueryError, sql
from moclone_tui.api._connected import Connected
from moclone_tui.api._marks import read_mark
from moclone_tui.cloning.making import making

KINDS = {
    "create database clone": "clone",
    "create table clone": "clone",
    "data branch create database": "branch",
    "data branch create table": "branch",
    "data branch delete database": "drop",
    "data branch delete table": "drop",
    "branch merge": "merge",
    "restore snapshot": "restore",
    "restore pitr": "restore",
    "create snapshot": "snapshot",
    "drop snapshot": "drop snapshot",
    "drop database": "drop",
    "drop table": "drop",
    "truncate": "truncate",
    "create pitr": "PITR",
    "alter pitr": "PITR",
    "drop pitr": "drop PITR",
}
"""What is read, by the server's words for it: what it is called here."""
MOST = 2000
"""Statements that are read at most."""
_EARLIER = 3600
"""Seconds before a statement in which its transaction may have begun."""
_LOGGED = (
    "SELECT UNIX_TIMESTAMP(request_at), CAST(request_at AS CHAR), duration, account,"
    " user, host, `database`, session_id, status, error, statement_type, statement"
    " FROM system.statement_info WHERE"
    " request_at >= FROM_UNIXTIME(%s) AND request_at <= FROM_UNIXTIME(%s)"
    " AND status <> 'Running' AND sql_source_type <> 'internal_sql'"
    " AND LOWER(statement_type) IN ({}) ORDER BY request_at DESC LIMIT {:d}"
)
_ENDS = (
    "SELECT session_id, UNIX_TIMESTAMP(request_at), CAST(request_at AS CHAR),"
    " statement_type, status FROM system.statement_info WHERE"
    " request_at >= FROM_UNIXTIME(%s) AND query_type = 'TCL' AND session_id IN ({})"
)


@dataclass(frozen=True, slots=True)
class Logged:
    """A statement, and what came of it."""

    ns: int
    """When it arrived: nanoseconds since 1970, of whole microseconds."""
    seconds: float
    """How long it took."""
    kind: str
    """`clone`, `restore`, `snapshot`, `drop`, …"""
    account: str
    user: str
    host: str
    """Where it came from, without the port."""
    database: str
    """The current database where it was sent."""
    job: str
    """The job of moclone that sent it; empty if none did."""
    os_user: str
    """Who ran that job, as their system says."""
    statement: str
    """Its text, without the job's mark."""
    outcome: str
    """`done`, `failed`, `rolled back`, or `not committed` if its transaction has no
    end in the log."""
    error: str = ""
    """The server's words if it failed."""

    @property
    def when(self) -> dt.datetime:
        """When it arrived, UTC, in whole microseconds."""
        seconds, rest = divmod(self.ns, 10**9)
        whole = dt.datetime.fromtimestamp(seconds, dt.UTC)
        return whole.replace(microsecond=rest // 1000)

    @property
    def before(self) -> Moment:
        """The last moment before it."""
        return Moment(ns=self.ns - 1000)


_End = tuple[int, str, bool]
"""When, what (`commit`, …), and whether it went well."""


def server_log(run: Connected, since: float, until: float) -> tuple[Logged, ...] | None:
    """What was logged, newest first; None if the login may not read the log.

    Args:
        run: A client or session.
        since: From when on, in seconds since 1970: without a time the server would
            read everything it ever answered.
        until: Up to when.
    """
    statement = _LOGGED.format(_signs(KINDS), MOST)
    try:
        rows = run.execute(statement, (int(since), int(until) + 1, *KINDS)).rows
        ends = _ends(run, int(since) - _EARLIER, sorted({str(row[7]) for row in rows}))
    except QueryError:
        return None
    return tuple(_logged(row, ends.get(str(row[7]), [])) for row in rows)


def _signs(values: Sequence[str] | dict[str, str]) -> str:
    return ", ".join(["%s"] * len(values))


def _ends(run: Connected, since: int, sessions: list[str]) -> dict[str, list[_End]]:
    """Where transactions began and ended, by session, in order."""
    found: dict[str, list[_End]] = {}
    if sessions:
        rows = run.execute(_ENDS.format(_signs(sessions)), (since, *sessions)).rows
        for session, unix, local, kind, status in rows:
            end = (_ns(unix, local), str(kind).lower(), str(status) == "Success")
            found.setdefault(str(session), []).append(end)
    return {session: sorted(each) for session, each in found.items()}


def _logged(row: tuple[object, ...], ends: list[_End]) -> Logged:
    unix, local, took, account, user, host, database, _, status, error, kind, text = row
    job, os_user, bare = read_mark(str(text))
    ns = _ns(unix, local)
    outcome = "failed" if status != "Success" else _lasted(ns, ends)
    what = KINDS[str(kind).lower()]
    made = making(bare, str(database or "")) if what == "clone" else None
    return Logged(
        ns=ns,
        seconds=int(str(took or 0)) / 1e9,
        kind="restore" if made and made.restores else what,
        account=str(account),
        user=str(user),
        host=str(host).rpartition(":")[0] or str(host),
        database=str(database or ""),
        job=job,
        os_user=os_user,
        statement=sql.redact(bare),
        outcome=outcome,
        error=sql.redact(str(error or "")),
    )


def _lasted(ns: int, ends: list[_End]) -> str:
    """What became of a statement that went well, by the ends around it."""
    before = [kind for when, kind, _ in ends if when < ns]
    if not before or before[-1] != "start transaction":
        return "done"  # it was a transaction of its own
    for when, kind, well in ends:
        if when > ns:
            return "done" if kind == "commit" and well else "rolled back"
    return "not committed"


def _ns(unix: object, local: object) -> int:
    """A time of the log: its second as a number, the rest from its text."""
    _, _, rest = str(local).partition(".")
    return int(float(str(unix or 0))) * 10**9 + int(f"{rest[:6]:0<6}") * 1000
