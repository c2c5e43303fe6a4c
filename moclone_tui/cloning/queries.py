"""What preflight asks the server: pure functions, text out.

What is not there is NULL: beside an empty string, 4.2 loses what the other parts of a
UNION have. Every query takes `sources` and `targets`, lists of databases.
"""

from __future__ import annotations

from moclone_tui.api import NOW, Moment, TableName, sql


def explain(view: TableName, at: Moment = NOW) -> str:
    """The plan of reading a view, which fails if it names what is not there.

    Without a LIMIT: with one, a broken view passes.
    """
    return f"EXPLAIN SELECT * FROM {view.sql}{at.hint}"


def compare_counts(copy: TableName, source: TableName, at: Moment) -> str:
    """The rows of a copy, and of its source at the moment."""
    return (
        f"SELECT (SELECT COUNT(*) FROM {copy.sql}),"
        f" (SELECT COUNT(*) FROM {source.sql}{at.hint})"
    )


def sequence(name: TableName, at: Moment) -> str:
    """Last value, bounds, step, whether it cycles, whether it was used."""
    return (
        "SELECT last_seq_num, min_value, max_value, increment_value, cycle, is_called"
        f" FROM {name.sql}{at.hint}"
    )


def definitions(at: Moment) -> str:
    """Of a database, name and kind of objects, and two numbers: new after each ALTER.

    Takes the database, and twice a table of it, or NULL for all.
    """
    return (
        "SELECT relname, relkind, rel_id, rel_version"
        f" FROM mo_catalog.mo_tables{at.hint} WHERE {sql.MINE} AND {sql.SHOWN}"
        " AND reldatabase = %s AND (%s IS NULL OR relname = %s)"
    )


def contents(own: bool, at: Moment) -> str:
    """Name and kind of what a database holds, and one row of no kind if it is there.

    Takes `name`, and `account` if it is not the login's own: as sys, every account is
    in these tables, also at the snapshot of one.
    """
    whose = (
        sql.MINE
        if own
        else "account_id = (SELECT account_id FROM mo_catalog.mo_account"
        " WHERE account_name = %(account)s)"
    )
    return (
        f"SELECT relname, relkind FROM mo_catalog.mo_tables{at.hint}"
        f" WHERE reldatabase = %(name)s AND relkind IN ('r', 'v')"
        f" AND relname NOT LIKE '\\_\\_mo\\_%' AND {whose}"
        f" UNION ALL SELECT datname, NULL FROM mo_catalog.mo_database{at.hint}"
        f" WHERE datname = %(name)s AND {whose}"
    )


CLOCK = "SELECT UNIX_TIMESTAMP(NOW(6)), CAST(NOW(6) AS CHAR)"
"""The server's clock: whole seconds since 1970, and local time with its fraction."""

CLOCK_AND_ACCOUNT = (
    "SELECT UNIX_TIMESTAMP(NOW(6)), CAST(NOW(6) AS CHAR), current_account_name()"
)
"""The server's clock, as `CLOCK`, and the login's account."""

HISTORY_REACH = (
    "SELECT current_value FROM mo_catalog.mo_configurations"
    " WHERE name LIKE '%config.gccfg.gcttl.duration'"
)
"""How long what nobody keeps can still be read; `0s` is the server's own default."""


def preflight_objects(at: Moment = NOW) -> str:
    """What there is of sources and targets, with the snapshot and the server's clock.

    Rows of a tag and four texts, which the tag gives a meaning.
    """
    return (
        "SELECT 'source database', datname, NULL, NULL, NULL FROM"
        f" mo_catalog.mo_database{at.hint} WHERE {sql.MINE} AND datname IN %(sources)s"
        " UNION ALL SELECT 'source object', reldatabase, relname, relkind,"
        f" CAST(partitioned AS CHAR) FROM mo_catalog.mo_tables{at.hint}"
        f" WHERE {sql.MINE} AND reldatabase IN %(sources)s AND {sql.SHOWN}"
        " UNION ALL SELECT 'target database', datname, NULL, NULL, NULL"
        f" FROM mo_catalog.mo_database WHERE {sql.MINE} AND datname IN %(targets)s"
        " UNION ALL SELECT 'target object', reldatabase, relname, relkind,"
        " CAST(partitioned AS CHAR) FROM mo_catalog.mo_tables"
        f" WHERE {sql.MINE} AND reldatabase IN %(targets)s AND {sql.SHOWN}"
        " UNION ALL SELECT 'snapshot', level, account_name, database_name, table_name"
        " FROM mo_catalog.mo_snapshots WHERE sname = %(snapshot)s"
        " UNION ALL SELECT 'clock', CAST(UNIX_TIMESTAMP(NOW(6)) AS CHAR),"
        " CAST(NOW(6) AS CHAR), NULL, NULL"
    )


def preflight_dependents(at: Moment = NOW) -> str:
    """Foreign keys, procedures and functions of databases, as tagged rows.

    Those of a target are what is there now.
    """
    routines = " UNION ALL ".join(
        f"SELECT '{whose} {what}', db, name, NULL, NULL, NULL"
        f" FROM mo_catalog.{table}{hint} WHERE db IN %({whose}s)s"
        for whose, hint in (("source", at.hint), ("target", ""))
        for what, table in (
            ("procedure", "mo_stored_procedure"),
            ("function", "mo_user_defined_function"),
        )
    )
    return (
        "SELECT 'foreign key', db_name, constraint_name, table_name, refer_db_name,"
        f" refer_table_name FROM mo_catalog.mo_foreign_keys{at.hint}"
        f" WHERE db_name IN %(sources)s UNION ALL {routines}"
    )
