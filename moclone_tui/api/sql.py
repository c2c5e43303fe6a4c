"""Every statement that moclone sends, as text: pure functions, no connection.

Names come in as checked text (`names.py`) and are quoted here; values go through
parameters. Sources: MatrixOne's grammar, and its answers on 3.0.18 and 4.2.0.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from moclone_tui.api.names import NOW, Moment, quote

if TYPE_CHECKING:
    from moclone_tui.api.names import TableName

# Quoted text, comments, parameters: in this order, each as a whole.
_TOKENS = re.compile(
    r"""'(?:[^'\\]|\\.|'')*'      # a string
      | "(?:[^"\\]|\\.|"")*"
      | `(?:[^`]|``)*`            # a name
      | --[ \t][^\n]*|\#[^\n]*    # a comment
      | /\*.*?\*/
      | %%|%s|%\((\w+)\)s         # a parameter
    """,
    re.VERBOSE | re.DOTALL,
)


def bind(
    statement: str,
    params: Sequence[Any] | Mapping[str, Any],
    escape: Callable[[object], str],
) -> str:
    """Put parameters into a statement.

    `%s` and `%(name)s` count outside of quotes and comments only, so that a `%` in a
    name or a string survives.

    Raises:
        ValueError: If parameters are missing or left over.
    """
    named = isinstance(params, Mapping)
    given = iter(params.items() if isinstance(params, Mapping) else params)

    def value(match: re.Match[str]) -> str:
        found = match[0]
        if found == "%%":
            return "%"
        if found[0] != "%":
            return found
        if named != (match[1] is not None):
            raise ValueError(f"{found} does not go with these parameters.")
        try:
            if isinstance(params, Mapping):
                return escape(params[match[1]])
            return escape(next(given))
        except (StopIteration, KeyError) as error:
            raise ValueError(f"The parameter {found} has no value.") from error

    bound = _TOKENS.sub(value, statement)
    if not named and next(given, given) is not given:
        raise ValueError("There are more parameters than places for them.")
    return bound


_KEEPS_SECRETS = re.compile(
    r"set\s+password|(?:create|alter)\s+(?:\S+\s+)?(?:user|stage|cdc|connector)",
    re.IGNORECASE,
)
_SECRETS = re.compile(
    r"""((?:identified(?:\s|/\*.*?\*/)+(?:with\s+\S+\s+)?by|password|secret\w*|access_key\w*|token)
        ['"]?\s*=?\s*\(?\s*)('(?:[^'\\]|\\.|'')*'?|"(?:[^"\\]|\\.|"")*"?)
      | (://[^\s:/@'"]*:)[^\s@'"]+(?=@)""",
    re.IGNORECASE | re.VERBOSE,
)


def redact(text: str) -> str:
    """Take passwords out of a statement or of what a server quoted of it.

    Of a statement that exists to hold one, every string is taken out.
    """
    bare = text[after_comments(text) :]
    if _KEEPS_SECRETS.match(re.sub(r"/\*.*?\*/", " ", bare[:200])):
        text = _TOKENS.sub(lambda t: "'***'" if t[0][0] in "'\"" else t[0], text)
    return _SECRETS.sub(
        lambda found: f"{found[3]}***" if found[3] else f"{found[1]}'***'", text
    )


_READS = frozenset(
    [
        "begin",
        "desc",
        "describe",
        "explain",
        "kill",
        "rollback",
        "select",
        "set",
        "show",
        "start",
        "use",
        "values",
    ]
)
# A comment that a server executes (/*! … */) is none.
_SKIPPED = re.compile(
    r"(?:[\s;(]+|/\*(?!!).*?\*/|--[^\n]*(?:\n|$)|\#[^\n]*(?:\n|$))*", re.DOTALL
)
_WORD = re.compile(r"\w*")


def first_word(statement: str) -> str:
    """The statement's first word, in lower case, comments skipped; "" if none."""
    word = _WORD.match(statement, after_comments(statement))
    return word[0].lower() if word else ""


def after_comments(statement: str) -> int:
    """Where a statement begins, behind spaces and comments."""
    skipped = _SKIPPED.match(statement)
    return skipped.end() if skipped else 0


def blank(text: str, kinds: str) -> str:
    """A text of the same length with spaces for what is quoted or a comment.

    Args:
        text: One statement, or many.
        kinds: The first characters of what is blanked: of `'` `"` `` ` `` `-` `#` `/`.
    """
    return _TOKENS.sub(
        lambda token: " " * len(token[0]) if token[0][0] in kinds else token[0], text
    )


def is_one(statement: str) -> bool:
    """Whether a text is a single statement, whatever its quotes and comments hold."""
    bare = _TOKENS.sub(lambda token: " " if token[0][0] in "/-#" else "x", statement)
    return ";" not in bare.strip().strip(";").strip()


def changes_something(statement: str) -> bool:
    """Whether a statement may leave something changed, so that its loss matters."""
    return first_word(statement) not in _READS


# ------------------------------------------------------------------ what changes


def clone_database(target: str, source: str, at: Moment = NOW) -> str:
    """`CREATE DATABASE … CLONE …`; never IF NOT EXISTS, which the server ignores."""
    return f"CREATE DATABASE {quote(target)} CLONE {quote(source)}{at.hint}"


def clone_table(target: TableName, source: TableName, at: Moment = NOW) -> str:
    """`CREATE TABLE … CLONE …`; with IF NOT EXISTS, 4.2 would append to a target."""
    return f"CREATE TABLE {target.sql} CLONE {source.sql}{at.hint}"


def create_snapshot(
    name: str,
    level: str,
    database: str | None = None,
    table: str | None = None,
    account: str | None = None,
) -> str:
    """`CREATE SNAPSHOT … FOR …` of one of the four levels."""
    of = scope(level, database, table, account)
    return f"CREATE SNAPSHOT {quote(name)} FOR {of}"


def scope(
    level: str, database: str | None, table: str | None, account: str | None
) -> str:
    """What follows FOR in CREATE SNAPSHOT and CREATE PITR."""
    of = {
        "cluster": "",
        "account": f" {quote(account)}" if account else "",
        "database": f" {quote(database or '')}",
        "table": f" {quote(database or '')} {quote(table or '')}",
    }[level]
    return level.upper() + of


def drop_snapshot(name: str) -> str:
    """`DROP SNAPSHOT …`."""
    return f"DROP SNAPSHOT {quote(name)}"


def kill_query(connection_id: int) -> str:
    """Stop what a connection runs; the connection and its transaction stay."""
    return f"KILL QUERY {connection_id:d}"


# -------------------------------------------------------------- what only reads

MINE = "account_id = current_account_id()"

WHO_AM_I = (
    "SELECT version(), current_account_name(), current_user_name(), current_role_name()"
)


def databases(at: Moment = NOW) -> str:
    """Name, kind, time of creation (seconds since 1970) of each database."""
    return (
        "SELECT datname, dat_type, UNIX_TIMESTAMP(created_time)"
        f" FROM mo_catalog.mo_database{at.hint} WHERE {MINE} ORDER BY datname"
    )


def schemata(at: Moment = NOW) -> str:
    """The databases, for a login that may not read the catalog."""
    return f"SELECT schema_name FROM information_schema.schemata{at.hint} ORDER BY 1"


def object_counts(at: Moment = NOW) -> str:
    """Database, kind, number of objects of that kind."""
    return (
        f"SELECT reldatabase, relkind, COUNT(*) FROM mo_catalog.mo_tables{at.hint}"
        f" WHERE {MINE} AND {SHOWN} GROUP BY reldatabase, relkind"
    )


SHOWN = "relkind IN ('r', 'v', 'e', 'S', 'cluster') AND relname NOT LIKE '\\_\\_mo\\_%'"


def tables(at: Moment = NOW) -> str:
    """Of the database given: name, kind, created, comment, partitioned, made by."""
    return (
        "SELECT relname, relkind, UNIX_TIMESTAMP(created_time), rel_comment,"
        f" partitioned, rel_createsql FROM mo_catalog.mo_tables{at.hint}"
        f" WHERE {MINE} AND reldatabase = %s AND {SHOWN} ORDER BY relname"
    )


def schema_tables(at: Moment = NOW) -> str:
    """The tables of a database, for a login that may not read the catalog."""
    return (
        "SELECT table_name, table_type, UNIX_TIMESTAMP(create_time), table_comment"
        f" FROM information_schema.tables{at.hint} WHERE table_schema = %s"
        " ORDER BY table_name"
    )


# The server's clock: whole seconds in UTC, and the fraction in local time.
_CLOCK = "UNIX_TIMESTAMP(NOW(6)), NOW(6)"


def source_database(at: Moment = NOW) -> str:
    """Of a database: a row if it is there, then one for each kind of object in it.

    Each row is a kind, a count, and twice the server's clock. From
    information_schema, since that answers every login, at every moment.
    """
    return (
        f"SELECT 'database', COUNT(*), {_CLOCK}"
        f" FROM information_schema.schemata{at.hint} WHERE schema_name = %s"
        " UNION ALL"
        " SELECT table_type, COUNT(*), NULL, NULL"
        f" FROM information_schema.tables{at.hint} WHERE table_schema = %s"
        " GROUP BY table_type"
    )


def source_table(name: TableName, at: Moment = NOW) -> str:
    """Of one table: its kind and twice the server's clock; no row if there is none."""
    database = "%s" if name.database is not None else "DATABASE()"
    return (
        f"SELECT table_type, {_CLOCK} FROM information_schema.tables{at.hint}"
        f" WHERE table_schema = {database} AND table_name = %s"
    )


def snapshots(with_kind: bool) -> str:
    """Every snapshot the login can see, newest first.

    Args:
        with_kind: Whether the server tells its own snapshots from the users' (4.0 on).
    """
    kind = "kind" if with_kind else "'user'"
    return (
        "SELECT sname, ts, level, account_name, database_name, table_name,"
        f" {kind} FROM mo_catalog.mo_snapshots ORDER BY ts DESC, sname"
    )


def count_rows(
    tables: Sequence[TableName], at: Moment = NOW, *, scan: bool = False
) -> str:
    """The exact rows of many tables in one statement: number in the list, count."""
    count = "COALESCE(SUM(1), 0)" if scan else "COUNT(*)"
    return " UNION ALL ".join(
        f"SELECT {number}, {count} FROM {table.sql}{at.hint}"
        for number, table in enumerate(tables)
    )


ESTIMATES = (
    "SELECT relname, mo_table_rows(reldatabase, relname),"
    " mo_table_size(reldatabase, relname) FROM mo_catalog.mo_tables"
    f" WHERE {MINE} AND reldatabase = %s AND relkind = 'r'"
    " AND relname NOT LIKE '\\_\\_mo\\_%'"
)
"""Of a database: each table's name, rows and bytes as the server last estimated."""


def show_create(table: TableName, at: Moment = NOW) -> str:
    """The DDL of a table or view."""
    return f"SHOW CREATE TABLE {table.sql}{at.hint}"


def show_columns(table: TableName) -> str:
    """The columns of a table or view, as they are now: it takes no moment."""
    return f"SHOW FULL COLUMNS FROM {table.sql}"


def show_index(table: TableName) -> str:
    """The indexes of a table."""
    return f"SHOW INDEX FROM {table.sql}"


DATABASE_IDENTITY = (
    f"SELECT dat_id FROM mo_catalog.mo_database WHERE {MINE} AND datname = %s"
)
"""The number of a database: whoever is dropped and made again gets another."""

TABLE_IDENTITY = (
    "SELECT rel_id FROM mo_catalog.mo_tables"
    f" WHERE {MINE} AND reldatabase = %s AND relname = %s"
)
"""The number of a table or view."""


def database_grants(logical: bool) -> str:
    """How many privileges hang on a database and its tables (give its name twice).

    Args:
        logical: Whether tables have an identity that outlives TRUNCATE (4.2 on), on
            which privileges hang.
    """
    return (
        "SELECT COUNT(*) FROM mo_catalog.mo_role_privs"
        " WHERE obj_type IN ('database', 'table') AND obj_id IN"
        f" ({DATABASE_IDENTITY} UNION ALL SELECT {_privileged(logical)}"
        f" FROM mo_catalog.mo_tables WHERE {MINE} AND reldatabase = %s)"
    )


def table_grants(logical: bool) -> str:
    """How many privileges hang on a table, as `database_grants`."""
    return (
        "SELECT COUNT(*) FROM mo_catalog.mo_role_privs WHERE obj_type = 'table'"
        f" AND obj_id IN (SELECT {_privileged(logical)} FROM mo_catalog.mo_tables"
        f" WHERE {MINE} AND reldatabase = %s AND relname = %s)"
    )


def _privileged(logical: bool) -> str:
    return "rel_logical_id" if logical else "rel_id"


def account_databases(own: bool, at: Moment = NOW) -> str:
    """Name and number of each database of an account, the server's own included.

    Args:
        own: Whether it is the login's own; otherwise its name is a parameter.
        at: When. A snapshot of one account shows that account and no other.
    """
    whose = (
        MINE
        if own
        else "account_id = (SELECT account_id FROM mo_catalog.mo_account"
        " WHERE account_name = %s)"
    )
    return f"SELECT datname, dat_id FROM mo_catalog.mo_database{at.hint} WHERE {whose}"


PITR_STATUS = (
    "SELECT p.pitr_name, p.level, p.pitr_status, p.obj_id, d.dat_id, t.rel_id"
    " FROM mo_catalog.mo_pitr p"
    " LEFT JOIN mo_catalog.mo_database d"
    " ON d.account_id = p.account_id AND d.datname = p.database_name"
    " LEFT JOIN mo_catalog.mo_tables t ON t.account_id = p.account_id"
    " AND t.reldatabase = p.database_name AND t.relname = p.table_name"
    " WHERE p.create_account = current_account_id()"
)
"""Name, level, status, what it was made for, and what has that name now; sys only.

The status alone is not enough: 3.0 leaves it at 1 after TRUNCATE, and 4.2 after a
restore of what was truncated.
"""
