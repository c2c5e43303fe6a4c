"""The statements of restore and PITR, as text: pure functions, as in `sql.py`.

Sources: the grammars of MatrixOne 3.0.18 and 4.2.0, and their answers. RESTORE CLUSTER
alone was only read in the grammars.
"""

from __future__ import annotations

from moclone_tui.api.names import NOW, Moment, literal, quote
from moclone_tui.api.sql import scope


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
    of = scope(level, database, table, account)
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


SHOW_PUBLICATIONS = "SHOW PUBLICATIONS"
"""Name, database and tables of each publication of the account."""


def show_databases(at: Moment = NOW) -> str:
    """The names of the databases, at a snapshot those of its account."""
    return f"SHOW DATABASES{at.hint}"


SHOW_PITR = "SHOW PITR"
"""The account's windows: columns in either case, times in the session's zone."""

TIME_ZONE = "SELECT @@time_zone"

WHERE_AM_I = "SELECT current_account_name(), DATABASE()"
"""The login's account, and the database of unqualified names."""


def set_time_zone(zone: str) -> str:
    """Set the session's time zone; `SYSTEM` is that of the server's process."""
    return f"SET time_zone = {literal(zone)}"


def local_times(number: int) -> str:
    """UNIX seconds, so many, as local times of the session's zone."""
    return "SELECT " + ", ".join(["FROM_UNIXTIME(%s)"] * number)


def unix_times(number: int) -> str:
    """Local times of the session's zone, so many, as UNIX seconds."""
    return "SELECT " + ", ".join(["UNIX_TIMESTAMP(%s)"] * number)
