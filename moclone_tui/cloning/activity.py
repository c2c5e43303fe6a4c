"""What the server itself knows of statements: those that run, and those that ran."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from moclone_tui.api import QueryError, sql
from moclone_tui.api._connected import Connected
from moclone_tui.api._marks import read_mark

LATE = 60
"""Seconds until `system.statement_info` surely has a statement; 15 is usual."""

_RUNNING = "SELECT COUNT(*) FROM mo_catalog.mo_sessions WHERE info LIKE %s"
_RAN = (
    "SELECT UNIX_TIMESTAMP(request_at), UNIX_TIMESTAMP(response_at), account, user,"
    " host, `database`, status, statement FROM system.statement_info"
    " WHERE request_at >= FROM_UNIXTIME(%s) AND request_at <= FROM_UNIXTIME(%s)"
    " AND response_at >= FROM_UNIXTIME(%s) AND status <> 'Running'"
    " AND (LOWER(statement) LIKE %s OR LOWER(statement) LIKE %s) ORDER BY request_at"
)


@dataclass(frozen=True, slots=True)
class Ran:
    """A statement that the server answered."""

    when: dt.datetime
    """When it arrived, UTC, by the server's clock, in whole seconds."""
    answered: dt.datetime
    """When it was answered, as `when`."""
    account: str
    user: str
    host: str
    database: str
    """The current database where it was sent."""
    job: str
    """The job of moclone that sent it; empty if none did."""
    os_user: str
    """Who ran that job, as their system says."""
    statement: str
    """Its text, without the job's mark."""
    well: bool
    """Whether it went well."""


def runs(run: Connected, job: str) -> bool | None:
    """Whether something that a job sent still runs; None if this may not be seen."""
    try:
        return bool(run.execute(_RUNNING, (_of_job(job),)).first[0])
    except QueryError:
        return None


def ran_of_job(
    run: Connected, job: str, since: float, until: float
) -> list[Ran] | None:
    """What a job sent that changes something, in order; None if this may not be seen.

    Args:
        run: A client or session.
        job: The job's name.
        since: From when on, in seconds since 1970: without a time the server would
            read everything it ever answered.
        until: Up to when.
    """
    return _ran(run, (since, until, since), _of_job(job), _of_job(job))


def ran(
    run: Connected,
    words: tuple[str, str],
    since: float,
    until: float,
    answered: float,
) -> list[Ran] | None:
    """The statements of any client that hold one of two words, in order of time.

    Args:
        run: A client or session.
        words: What they hold, in any case.
        since: From when on, in seconds since 1970.
        until: Up to when.
        answered: From when on they were answered: a name may be in very many.
    """
    first, second = (f"%{_as_is(each.lower())}%" for each in words)
    return _ran(run, (since, until, answered), first, second)


def _ran(
    run: Connected, times: tuple[float, float, float], like: str, or_like: str
) -> list[Ran] | None:
    since, until, answered = times
    params = (int(since), int(until) + 1, int(answered), like, or_like)
    try:
        rows = run.execute(_RAN, params).rows
    except QueryError:
        return None
    found: list[Ran] = []
    for when, answered, account, user, host, database, status, statement in rows:
        job, os_user, bare = read_mark(str(statement))
        found.append(
            Ran(
                when=_time(when),
                answered=_time(answered),
                account=str(account),
                user=str(user),
                host=str(host),
                database=str(database or ""),
                job=job,
                os_user=os_user,
                statement=sql.redact(bare),
                well=str(status) == "Success",
            )
        )
    return found


def _time(unix: object) -> dt.datetime:
    return dt.datetime.fromtimestamp(int(float(str(unix or 0))), dt.UTC)


def _of_job(job: str) -> str:
    """What a statement of a job begins with, for LIKE."""
    return f"/* moclone job={_as_is(job.lower())} %"


def _as_is(words: str) -> str:
    r"""Words that LIKE takes as they are; `\` is doubled once more by the driver."""
    for sign in "\\%_":
        words = words.replace(sign, "\\" + sign)
    return words
