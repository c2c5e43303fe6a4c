"""Statements that browsing sends beside `sql.py`'s: all text, no connection."""

from __future__ import annotations

from collections.abc import Sequence

from moclone_tui.api.names import NOW, Moment, TableName, quote
from moclone_tui.api.sql import MINE, SHOWN

FAKE_KEY = "__mo_fake_pk_col"
"""The hidden column by which the server orders a table that has no key."""


def key_part(column: str) -> str:
    """A column of a key, ready for SQL; nobody names one as the hidden one."""
    return column if column == FAKE_KEY else quote(column)


def columns_at(at: Moment) -> str:
    """The columns of a table at a moment: SHOW COLUMNS takes none."""
    return (
        "SELECT column_name, column_type, is_nullable, column_default,"
        f" extra, column_comment FROM information_schema.columns{at.hint}"
        " WHERE table_schema = %s AND table_name = %s"
        " AND column_name NOT LIKE '\\_\\_mo\\_%' ORDER BY ordinal_position"
    )


def no_rows(table: TableName, at: Moment) -> str:
    """The names of a table's columns, and none of its rows."""
    return f"SELECT * FROM {table.sql}{at.hint} LIMIT 0"


def indexes_at(at: Moment) -> str:
    """Name, whether not unique, place and column of each part of a table's indexes."""
    return (
        "SELECT index_name, non_unique, seq_in_index, column_name"
        f" FROM information_schema.statistics{at.hint}"
        " WHERE table_schema = %s AND table_name = %s"
    )


def all_objects(at: Moment = NOW) -> str:
    """Database, name, kind and creation of every object of the account."""
    return (
        "SELECT reldatabase, relname, relkind, UNIX_TIMESTAMP(created_time)"
        f" FROM mo_catalog.mo_tables{at.hint} WHERE {MINE} AND {SHOWN} ORDER BY 1, 2"
    )


def all_schema_tables(at: Moment = NOW) -> str:
    """The same for a login that may not read the catalog; kinds in words."""
    return (
        "SELECT table_schema, table_name, table_type, UNIX_TIMESTAMP(create_time)"
        f" FROM information_schema.tables{at.hint} ORDER BY 1, 2"
    )


def copies(at: Moment = NOW) -> str:
    """Of each database with cloned tables: their number, and what made one of them."""
    return (
        "SELECT reldatabase, COUNT(*), MAX(rel_createsql)"
        f" FROM mo_catalog.mo_tables{at.hint} WHERE {MINE} AND relkind = 'r'"
        " AND rel_createsql LIKE '% clone %' GROUP BY reldatabase"
    )


OTHER_ACCOUNTS = (
    "SELECT a.account_name, d.datname, UNIX_TIMESTAMP(d.created_time)"
    " FROM mo_catalog.mo_database d JOIN mo_catalog.mo_account a"
    " ON d.account_id = a.account_id"
    " WHERE d.account_id <> current_account_id() ORDER BY 1, 2"
)
"""Account, name and creation of what other accounts hold; for sys only."""


def sizes(tables: int) -> str:
    """Name and bytes, as the server estimates them, of tables of one database."""
    return (
        "SELECT relname, mo_table_size(reldatabase, relname)"
        f" FROM mo_catalog.mo_tables WHERE {MINE} AND relkind = 'r'"
        f" AND reldatabase = %s AND relname IN ({', '.join(['%s'] * tables)})"
    )


def page(
    table: TableName,
    values: Sequence[str],
    at: Moment,
    *,
    key: Sequence[str] = (),
    where: str = "",
    limit: int,
    offset: int = 0,
) -> str:
    """Some rows of a table at a moment, in the order of its key.

    Args:
        table: The table.
        values: What is read of each row: expressions, ready for SQL.
        at: When.
        key: The columns that order it, as they are.
        where: Compares the key with parameters: `>` begins behind a row, `=` is it.
        limit: How many rows at most.
        offset: How many are passed over.
    """
    keys = ", ".join(map(key_part, key))
    places = ", ".join(["%s"] * len(key))
    return (
        f"SELECT {', '.join(values)} FROM {table.sql}{at.hint}"
        + (f" WHERE ({keys}) {where} ({places})" if where else "")
        + (f" ORDER BY {keys}" if keys else "")
        + f" LIMIT {limit:d}"
        + (f" OFFSET {offset:d}" if offset else "")
    )
