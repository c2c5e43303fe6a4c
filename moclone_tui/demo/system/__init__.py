"""The databases that the server itself fills: mo_catalog and its like."""

from dataclasses import replace

from moclone_tui.demo.accounts import SYS, Account
from moclone_tui.demo.system.activity import ACTIVITY
from moclone_tui.demo.system.catalog_tables import CATALOG
from moclone_tui.demo.system.information_schema import INFORMATION_SCHEMA
from moclone_tui.demo.system.people import PEOPLE
from moclone_tui.demo.system.storage import STORAGE_COLUMNS, storage_rows
from moclone_tui.demo.system.table import SystemTable, View

__all__ = [
    "STORAGE_COLUMNS",
    "SystemTable",
    "View",
    "find",
    "names",
    "storage_rows",
]

_TABLES: dict[tuple[str, str], SystemTable] = {
    **{("mo_catalog", name): table for name, table in CATALOG.items()},
    **{("mo_catalog", name): table for name, table in PEOPLE.items()},
    **{
        ("information_schema", name): replace(table, for_everyone=True)
        for name, table in INFORMATION_SCHEMA.items()
    },
    **ACTIVITY,
}


def find(database: str, name: str, account: Account) -> SystemTable | None:
    """A table of the system, if an account has it."""
    table = _TABLES.get((database, name))
    if table is not None and table.sys_only and account.id != SYS:
        return None
    return table


def names(database: str, account: Account) -> list[str]:
    """The tables of a system database."""
    return sorted(
        name
        for home, name in _TABLES
        if home == database and find(home, name, account) is not None
    )
