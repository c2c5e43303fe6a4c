"""What preflight asks the server: pure functions, text out."""

from __future__ import annotations

from moclone_tui.api import NOW, Moment, TableName, sql


def explain(view: TableName, at: Moment = NOW) -> str:
    """The plan of reading a view, which fails if it names what is not there.

    Without a LIMIT: with one, a broken view passes.
    """
    return f"EXPLAIN SELECT * FROM {view.sql}{at.hint}"


def preflight_objects(at: Moment = NOW) -> str:
    """What there is of source and target, with the snapshot and the server's clock.

    Rows of a tag and four texts, which the tag gives a meaning. What is not there is
    NULL: beside an empty string, 4.2 loses what the other parts of a UNION have.
    """
    return (
        "SELECT 'source database', datname, NULL, NULL, NULL FROM"
        f" mo_catalog.mo_database{at.hint} WHERE {sql.MINE} AND datname = %(source)s"
        " UNION ALL SELECT 'source object', relkind, relname,"
        f" CAST(partitioned AS CHAR), NULL FROM mo_catalog.mo_tables{at.hint}"
        f" WHERE {sql.MINE} AND reldatabase = %(source)s AND {sql.SHOWN}"
        " UNION ALL SELECT 'target database', datname, NULL, NULL, NULL"
        f" FROM mo_catalog.mo_database WHERE {sql.MINE} AND datname = %(target)s"
        " UNION ALL SELECT 'target object', relkind, relname, NULL, NULL"
        f" FROM mo_catalog.mo_tables WHERE {sql.MINE} AND reldatabase = %(target)s"
        f" AND {sql.SHOWN}"
        " UNION ALL SELECT 'snapshot', level, account_name, database_name, table_name"
        " FROM mo_catalog.mo_snapshots WHERE sname = %(snapshot)s"
        " UNION ALL"
        " SELECT 'clock', CAST(UNIX_TIMESTAMP(NOW(6)) AS CHAR), NULL, NULL, NULL"
    )


def preflight_dependents(at: Moment = NOW) -> str:
    """Foreign keys, procedures and functions of a database, as tagged rows."""
    return (
        "SELECT 'foreign key', constraint_name, table_name, refer_db_name,"
        f" refer_table_name FROM mo_catalog.mo_foreign_keys{at.hint}"
        " WHERE db_name = %(source)s"
        " UNION ALL SELECT 'procedure', name, NULL, NULL, NULL"
        f" FROM mo_catalog.mo_stored_procedure{at.hint} WHERE db = %(source)s"
        " UNION ALL SELECT 'function', name, NULL, NULL, NULL"
        f" FROM mo_catalog.mo_user_defined_function{at.hint} WHERE db = %(source)s"
    )
