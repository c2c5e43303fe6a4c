"""Small ways to look at a server, by plain SQL: not by the code under test."""

from __future__ import annotations

from typing import Any

from moclone_tui import Client, Session


def rows(client: Client | Session, table: str) -> list[tuple[Any, ...]]:
    """All rows of a table, written as in SQL, in order."""
    return sorted(client.execute(f"SELECT * FROM {table}"))


def tables(client: Client, database: str) -> list[str]:
    """The names of the tables and views of a database."""
    return sorted(name for name, *_ in client.execute(f"SHOW TABLES FROM `{database}`"))


def has_database(client: Client, name: str) -> bool:
    """Whether others can see the database."""
    return (name.lower(),) in client.execute("SHOW DATABASES").rows


def identity(client: Client, database: str, table: str) -> tuple[Any, ...]:
    """What tells one table from another of the same name: its number, time and DDL."""
    (found,) = client.execute(
        "SELECT rel_id, created_time, rel_createsql FROM mo_catalog.mo_tables"
        " WHERE reldatabase = %s AND relname = %s AND account_id = 0",
        (database, table),
    ).rows
    ddl = client.execute(f"SHOW CREATE TABLE `{database}`.`{table}`").first[1]
    return (*found, ddl)
