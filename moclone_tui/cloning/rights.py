"""Rights on copies: privileges as statements, and what a login may not read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from moclone_tui.api import NOW, Moment, NotFound, QueryError, TableName
from moclone_tui.api._connected import Connected
from moclone_tui.cloning import ties_sql


@dataclass(frozen=True, slots=True)
class Remade:
    """A statement that makes a tie again, or gives a right, after COMMIT."""

    sql: str
    what: str
    """What it does, in words; not yet fit to show."""


@dataclass(frozen=True, slots=True)
class Grant:
    """Privileges that a role has on a database, on all its tables, or on one."""

    role: str
    privileges: tuple[str, ...]
    """As GRANT writes them: `select`, `create table`, `all`, `ownership`."""
    object_type: str
    """`database`, `table` or `view`."""
    database: str
    table: str = ""
    """The table or view; all of the database's (or the database itself) if empty."""
    with_grant_option: bool = False

    @property
    def sql(self) -> str:
        """The statement that gives them."""
        return ties_sql.grant(
            self.privileges,
            self.object_type,
            self.database,
            self.table,
            self.role,
            with_grant_option=self.with_grant_option,
        )

    def __str__(self) -> str:
        of = f"{self.database}.{self.table}" if self.table else self.database
        if self.object_type != "database" and not self.table:
            of = f"all {self.object_type}s of {of}"
        further = ", and may grant it" if self.with_grant_option else ""
        return f"{', '.join(self.privileges).upper()} on {of} for {self.role}{further}"


def grant_to(
    role: str, database: str, table: str | None = None, *, read_only: bool = False
) -> tuple[Remade, ...]:
    """What gives a role the use of a fresh copy, which has no grants.

    The role reads and writes all tables and views, those to come too, and may list
    them. To USE the database it needs CONNECT on the account, which belongs to no
    copy and is not given here.

    Args:
        role: The role.
        database: The database.
        table: Only this table of it.
        read_only: Whether it may only read.
    """
    rights = ("select",) if read_only else ("select", "insert", "update", "delete")
    given = [Grant(role, rights, "table", database, table or "")]
    if table is None:
        given += [
            Grant(role, ("select",), "view", database),
            Grant(role, ("show tables",), "database", database),
        ]
    return tuple(Remade(each.sql, str(each)) for each in given)


_BATCH = 50
_MAY_ALL = ("moadmin", "accountadmin")
"""Roles that no right can be taken from; EXPLAIN of 1,000 tables takes seconds."""


def may_not_select(
    run: Connected, tables: Sequence[TableName], at: Moment = NOW, most: int = 5
) -> tuple[TableName, ...]:
    """Which tables a login could not SELECT: the server clones them nevertheless.

    Args:
        run: A client or session of that login.
        tables: Tables, with their databases.
        at: When.
        most: How many to find; then the rest is left alone.

    Raises:
        ConnectionError: The connection was lost.
    """
    if str(run.execute(ties_sql.ROLE).first[0]) in _MAY_ALL:
        return ()
    found: list[TableName] = []
    waiting = [tables[i : i + _BATCH] for i in range(0, len(tables), _BATCH)]
    while waiting and len(found) < most:
        some = waiting.pop(0)
        try:
            run.execute(ties_sql.may_select([f"{each.sql}{at.hint}" for each in some]))
        except QueryError as error:
            half = len(some) // 2
            if half:
                waiting[:0] = [some[:half], some[half:]]
            elif not isinstance(error, NotFound):
                found.append(some[0])
    return tuple(found)
