"""What a statement changes, and the statements that changed an object.

The server's log is an aid, not a proof: it comes late (up to 15 s on 3.0.18 and 4.2.0),
and of fast INSERTs, UPDATEs and DELETEs of a session it keeps one line for five
seconds, with the text of the first, without its database.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from moclone_tui.api import Moment, QueryError, sql
from moclone_tui.api._connected import Connected
from moclone_tui.api._marks import read_mark
from moclone_tui.api.names import fold
from moclone_tui.cloning import dml
from moclone_tui.cloning.making import making

_EVERYTHING = "*"
_NAME = r"(?:`(?:[^`]|``)*`|[^\s`.,(){};]+)"
_PATH = rf"{_NAME}(?:\s*\.\s*{_NAME})?"
_IF = r"(?:if\s+(?:not\s+)?exists\s+)?"
_DDL = re.compile(
    rf"""\s*(?:
        (?:drop|alter)\s+(?:database|schema)\s+{_IF}(?P<database>{_NAME})
      | rename\s+table\s+(?P<renamed>.+)
      | drop\s+(?:external\s+)?(?:table|view|sequence)\s+{_IF}(?P<dropped>.+)
      | alter\s+(?:table|view|sequence)\s+{_IF}(?P<altered>{_PATH})
      | truncate\s+(?:table\s+)?(?P<emptied>{_PATH})
      | create\s+(?:\w+\s+)*?view\s+{_IF}(?P<view>{_PATH})
      | (?:create|drop)\s+(?:\w+\s+)*?index\s+.+?\bon\s+(?P<indexed>{_PATH})
      | load\s+data\b.*?\binto\s+table\s+(?P<loaded>{_PATH})
      | data\s+branch\s+merge\s+{_PATH}\s+into\s+(?P<merged>{_PATH})
      | restore\s+database\s+(?P<restored>{_NAME})(?:\s+table\s+(?P<table>{_NAME}))?
        \s+from\s+pitr
      | restore\s+(?P<everything>cluster|account\s+(?!.*\b(?:database|table)\b)|from)
    )""",
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)
_PATHS = re.compile(_PATH)
_MERGED = re.compile(r"/\* (\d+) queries \*/\s*")
_PREPARED = re.compile(r"execute\s+\S+\s*//\s*", re.IGNORECASE)
_STEP = 1000
"""Nanoseconds of what the log tells times in."""
_TOUCHED = (
    "SELECT UNIX_TIMESTAMP(request_at), CAST(request_at AS CHAR), account, user, host,"
    " `database`, rows_read, statement FROM system.statement_info"
    " WHERE request_at >= FROM_UNIXTIME(%s) AND request_at <= FROM_UNIXTIME(%s)"
    " AND status = 'Success' AND query_type NOT IN ('DQL', 'TCL', 'DCL')"
    " AND sql_source_type <> 'internal_sql' AND statement_type NOT LIKE 'Show%%'"
    " AND (LOWER(statement) LIKE %s OR LOWER(statement) LIKE %s OR `database` = %s)"
    " ORDER BY request_at DESC LIMIT 1000"
)


@dataclass(frozen=True, slots=True)
class Touched:
    """What a statement changes: a table, a database, or everything of an account."""

    database: str
    """In lower case; empty if it is not said, `*` for every one."""
    table: str = ""
    """Empty if it is the whole database."""

    def hits(self, database: str, table: str) -> bool:
        """Whether it changes an object; of a database not known, perhaps."""
        if self.database == _EVERYTHING:
            return True
        return self.database in ("", database) and (
            not table or self.table in ("", table)
        )


@dataclass(frozen=True, slots=True)
class Touch:
    """A statement that changed an object, as the server's log has it."""

    ns: int
    """When it arrived: nanoseconds since 1970, of whole microseconds."""
    account: str
    user: str
    host: str
    database: str
    """The current database where it was sent; empty if the log does not say."""
    rows: int
    """How many rows the server read for it; 0 if it does not say."""
    job: str
    """The job of moclone that sent it; empty if none did."""
    statement: str
    """Its text, without the job's mark, no longer than the log keeps it."""
    together: int = 1
    """How many statements of a session the log has in this line; the text is that of
    the first, and `ns` up to five seconds before it."""
    sure: bool = True
    """Whether it surely is about this object: the log may not say which database."""

    @property
    def verb(self) -> str:
        """Its first word: `DELETE`."""
        return sql.first_word(self.statement).upper()

    @property
    def before(self) -> Moment:
        """The last moment before it: nothing that it did can be seen there."""
        return Moment(ns=self.ns - _STEP)

    @property
    def when(self) -> dt.datetime:
        """When it arrived, UTC."""
        return dt.datetime.fromtimestamp(self.ns // 10**9, dt.UTC).replace(
            microsecond=self.ns // 1000 % 10**6
        )


def touches(statement: str, database: str = "") -> tuple[Touched, ...]:
    """What a statement changes, as far as that can be read from it.

    Args:
        statement: The statement; comments in front of it do no harm.
        database: The current database where it was sent; may not be known.
    """
    bare = statement[sql.after_comments(statement) :]
    verb = sql.first_word(bare)
    if verb in ("insert", "replace", "update", "delete"):
        tables = dml.read(_outside(bare)).tables
        if verb in ("insert", "replace"):
            tables = tables[:1]
        return tuple(_of_parts(parts[-2:], database) for parts in tables)
    if found := _DDL.match(bare):
        return tuple(_of_ddl(found, database))
    made = making(bare, database)
    return (Touched(made.database, made.table),) if made else ()


def _outside(statement: str) -> str:
    """A statement without its brackets: a query in them changes nothing."""
    depth, kept = 0, []
    for char, told in zip(statement, sql.blank(statement, "'\"`-#/"), strict=True):
        depth += told == "("
        if not depth:
            kept.append(char)
        depth -= told == ")" and depth > 0
    return "".join(kept)


def _of_ddl(found: re.Match[str], database: str) -> Iterator[Touched]:
    if found["everything"]:
        yield Touched(_EVERYTHING)
    elif whole := found["database"] or found["restored"]:
        yield Touched(_plain(whole), _plain(found["table"] or ""))
    else:
        for path in _PATHS.findall(found[str(found.lastgroup)]):
            if path.lower() != "to":
                yield _of_parts(re.findall(_NAME, path), database)


def _of_parts(parts: Sequence[str], database: str) -> Touched:
    *before, table = map(_plain, parts)
    return Touched(before[0] if before else fold(database), table)


def _plain(name: str) -> str:
    if name.startswith("`"):
        name = name[1:-1].replace("``", "`")
    return fold(name)


def touched(
    run: Connected, database: str, table: str, since: float, until: float
) -> tuple[Touch, ...] | None:
    """The statements of any client that changed an object, newest first.

    Args:
        run: A client or session.
        database: The database.
        table: The table; empty asks about the database and everything in it.
        since: From when on, in seconds since 1970: without a time the server would
            read everything it ever answered.
        until: Up to when.

    Returns:
        They; None if the login may not read the log.
    """
    where = fold(database), fold(table)
    words = [f"%{_as_is(each)}%" for each in (where[0], where[1] or where[0])]
    params = (int(since), int(until) + 1, *words, where[0])
    try:
        rows = run.execute(_TOUCHED, params).rows
    except QueryError:
        return None
    return tuple(touch for row in rows for touch in _touch(row, *where))


def _touch(row: tuple[object, ...], database: str, table: str) -> Iterator[Touch]:
    unix, local, account, user, host, current, rows, text = row
    statement = str(text)
    together = 1
    if merged := _MERGED.match(statement):
        together, statement = int(merged[1]), statement[merged.end() :]
    job, _, statement = read_mark(statement)
    if prepared := _PREPARED.match(statement):
        statement = statement[prepared.end() :]
    hits = [
        each
        for each in touches(statement, str(current or ""))
        if each.hits(database, table)
    ]
    if not hits:
        return
    fraction = str(local).partition(".")[2]
    yield Touch(
        int(float(str(unix))) * 10**9 + int(f"{fraction:0<9.9}" or 0),
        str(account),
        str(user),
        str(host),
        str(current or ""),
        int(str(rows or 0)),
        job,
        sql.redact(statement),
        together,
        any(each.database for each in hits),
    )


def _as_is(word: str) -> str:
    r"""A name as it stands in SQL, for LIKE; `\` is doubled once more by the driver."""
    word = word.replace("`", "``")
    for sign in "\\%_":
        word = word.replace(sign, "\\" + sign)
    return word
