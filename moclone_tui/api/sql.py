"""Every statement that moclone sends, as text: pure functions, no connection.

Names come in as checked text (`names.py`) and are quoted here; values go through
parameters. Sources: MatrixOne's grammar, and its answers on 3.0.18 and 4.2.0.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from moclone_tui.api.names import NOW, Moment, literal, quote

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


_SECRETS = re.compile(
    r"""((?:identified\s+(?:with\s+\S+\s+)?by|password|secret(?:_key)?|access_key\w*)
        ['"]?\s*=?\s*\(?\s*)('(?:[^'\\]|\\.|'')*'?|"(?:[^"\\]|\\.|"")*"?)""",
    re.IGNORECASE | re.VERBOSE,
)


def redact(text: str) -> str:
    """Take passwords out of a statement or of what a server quoted of it."""
    return _SECRETS.sub(r"\1'***'", text)


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
_SKIPPED = re.compile(r"(?:\s+|/\*.*?\*/|--[^\n]*\n|\#[^\n]*\n|\()*", re.DOTALL)
_WORD = re.compile(r"\w*")


def first_word(statement: str) -> str:
    """The statement's first word, in lower case, comments skipped."""
    skipped = _SKIPPED.match(statement)
    word = _WORD.match(statement, skipped.end() if skipped else 0)
    return word[0].lower() if word else ""


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
    of = _scope(level, database, table, account)
    return f"CREATE SNAPSHOT {quote(name)} FOR {of}"


def _scope(
    level: str, database: str | None, table: str | None, account: str | None
) -> str:
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


# ------------------------------------------------------------ restore, and PITR


def _to_snapshot(snapshot: str, in_place: bool) -> str:
    if in_place:
        return Moment(snapshot=snapshot).hint
    return f" FROM SNAPSHOT {quote(snapshot)}"


def restore_cluster(snapshot: str, *, in_place: bool) -> str:
    """`RESTORE CLUSTER …`.

    Args:
        snapshot: Its name.
        in_place: Whether the server writes `{SNAPSHOT = …}` (4.0 on) rather than
            `FROM SNAPSHOT`; it takes one of the two only.
    """
    return f"RESTORE CLUSTER{_to_snapshot(snapshot, in_place)}"


def restore_account(
    account: str, snapshot: str, to_account: str | None = None, *, in_place: bool
) -> str:
    """`RESTORE ACCOUNT …`, in place or into another account."""
    into = f" TO ACCOUNT {quote(to_account)}" if to_account else ""
    return f"RESTORE ACCOUNT {quote(account)}{_to_snapshot(snapshot, in_place)}{into}"


def restore_database(
    database: str, snapshot: str, *, account: str, in_place: bool
) -> str:
    """`RESTORE DATABASE …`; before 4.0 `RESTORE ACCOUNT … DATABASE …`."""
    of = "" if in_place else f"ACCOUNT {quote(account)} "
    return f"RESTORE {of}DATABASE {quote(database)}{_to_snapshot(snapshot, in_place)}"


def restore_table(
    database: str, table: str, snapshot: str, *, account: str, in_place: bool
) -> str:
    """`RESTORE TABLE …`; before 4.0 `RESTORE ACCOUNT … DATABASE … TABLE …`."""
    of = (
        f"TABLE {quote(database)}.{quote(table)}"
        if in_place
        else f"ACCOUNT {quote(account)} DATABASE {quote(database)} TABLE {quote(table)}"
    )
    return f"RESTORE {of}{_to_snapshot(snapshot, in_place)}"


def create_pitr(
    name: str,
    level: str,
    length: int,
    unit: str,
    database: str | None = None,
    table: str | None = None,
    account: str | None = None,
) -> str:
    """`CREATE PITR … FOR … RANGE …` of one of the four levels."""
    of = _scope(level, database, table, account)
    return f"CREATE PITR {quote(name)} FOR {of} RANGE {length:d} {literal(unit)}"


def alter_pitr(name: str, length: int, unit: str) -> str:
    """`ALTER PITR … RANGE …`."""
    return f"ALTER PITR {quote(name)} RANGE {length:d} {literal(unit)}"


def drop_pitr(name: str) -> str:
    """`DROP PITR …`."""
    return f"DROP PITR {quote(name)}"


def restore_from_pitr(
    name: str,
    time: str,
    level: str,
    database: str | None = None,
    table: str | None = None,
    account: str | None = None,
) -> str:
    """`RESTORE … FROM PITR …`, the same on every version.

    Args:
        name: The PITR.
        time: `YYYY-MM-DD HH:MM:SS[.ffffff]` in the time zone of the server's process,
            whatever zone the session is in.
        level: What is put back.
        database: The database, for the levels `database` and `table`.
        table: The table, for the level `table`.
        account: The account, for the level `account`; the login's own if None.
    """
    of = {
        "cluster": " CLUSTER",
        "account": f" ACCOUNT {quote(account)}" if account else "",
        "database": f" DATABASE {quote(database or '')}",
        "table": f" DATABASE {quote(database or '')} TABLE {quote(table or '')}",
    }[level]
    return f"RESTORE{of} FROM PITR {quote(name)} {literal(time)}"


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


SCHEMATA = "SELECT schema_name FROM information_schema.schemata ORDER BY schema_name"
"""The databases, for a login that may not read the catalog."""


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


SCHEMA_TABLES = (
    "SELECT table_name, table_type, UNIX_TIMESTAMP(create_time), table_comment"
    " FROM information_schema.tables WHERE table_schema = %s ORDER BY table_name"
)
"""The tables of a database, for a login that may not read the catalog."""


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


def count_rows(tables: Sequence[TableName], at: Moment = NOW) -> str:
    """The exact rows of many tables in one statement: number in the list, count."""
    return " UNION ALL ".join(
        f"SELECT {number}, COUNT(*) FROM {table.sql}{at.hint}"
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


def show_columns(table: TableName, at: Moment = NOW) -> str:
    """The columns of a table or view."""
    return f"SHOW FULL COLUMNS FROM {table.sql}{at.hint}"


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

DATABASE_GRANTS = (
    "SELECT COUNT(*) FROM mo_catalog.mo_role_privs"
    " WHERE obj_type IN ('database', 'table') AND obj_id IN"
    f" ({DATABASE_IDENTITY} UNION ALL"
    f" SELECT rel_id FROM mo_catalog.mo_tables WHERE {MINE} AND reldatabase = %s)"
)
"""How many privileges hang on a database and its tables (give its name twice)."""

TABLE_GRANTS = (
    "SELECT COUNT(*) FROM mo_catalog.mo_role_privs"
    f" WHERE obj_type = 'table' AND obj_id IN ({TABLE_IDENTITY})"
)
"""How many privileges hang on a table."""


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


def show_databases(at: Moment = NOW) -> str:
    """The names of the databases, at a snapshot those of its account."""
    return f"SHOW DATABASES{at.hint}"


SHOW_PITR = "SHOW PITR"
"""The account's windows. Columns in upper or lower case, times in the session's zone."""

PITR_STATUS = (
    "SELECT pitr_name, pitr_status FROM mo_catalog.mo_pitr"
    " WHERE create_account = current_account_id()"
)
"""Name, and 1 if it protects something; the table is there for the sys account only."""

TIME_ZONE = "SELECT @@time_zone"


def set_time_zone(zone: str) -> str:
    """Set the session's time zone; `SYSTEM` is that of the server's process."""
    return f"SET time_zone = {literal(zone)}"


def local_times(number: int) -> str:
    """UNIX seconds, so many, as local times of the session's zone."""
    return "SELECT " + ", ".join(["FROM_UNIXTIME(%s)"] * number)


def unix_times(number: int) -> str:
    """Local times of the session's zone, so many, as UNIX seconds."""
    return "SELECT " + ", ".join(["UNIX_TIMESTAMP(%s)"] * number)
