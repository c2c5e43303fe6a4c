"""What tells an object from a later one of the same name: the number it was made with.

Times do not: 3.0 and 4.2 set a table's `created_time` anew with every ALTER.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from moclone_tui.api import (
    NOW,
    Moment,
    NotFound,
    NotSupported,
    PermissionDenied,
    TableName,
    sql,
)
from moclone_tui.api._connected import Connected
from moclone_tui.api.names import fold, quote

TEMPORARY = "moclone_tmp_"
"""What the names of temporary objects begin with: nothing else is dropped unasked."""


@dataclass(frozen=True, slots=True)
class Object:
    """A database, table or snapshot."""

    type: str
    """`database`, `table` or `snapshot`."""
    name: str
    """Its name; of a table as SQL has it: `` `shop`.`orders` ``."""
    account: str = ""
    """Whose it is; the login's own if empty."""
    id: str = field(default="", compare=False)
    """The number it was made with; empty if that is not known.

    Of a table on 4.2 it outlives ALTER and TRUNCATE, on 3.0 it does not.
    """
    created: int = field(default=0, compare=False)
    """When it was made or last altered: seconds since 1970, by the server's clock."""

    @classmethod
    def table(cls, name: TableName) -> Object:
        """A table by its name."""
        return cls("table", name.sql)

    @property
    def drop(self) -> str:
        """The statement that drops it."""
        name = self.name if self.type == "table" else quote(self.name)
        return f"DROP {self.type.upper()} {name}"

    def __str__(self) -> str:
        name = str(TableName.parse(self.name)) if self.type == "table" else self.name
        return f"{self.account}.{name}" if self.account else name


@dataclass(frozen=True, slots=True)
class Seen:
    """What there was of some objects, at one moment."""

    objects: tuple[Object, ...]
    """Those that were there; without numbers if the login may not read the catalog."""
    clock: int = 0
    """The server's clock: seconds since 1970; 0 if it was not told."""
    hidden: tuple[Object, ...] = ()
    """Those that this login may not look for."""


def look_up(run: Connected, wanted: Sequence[Object], at: Moment = NOW) -> Seen:
    """Look which objects are there, and which ones they are.

    Args:
        run: A client or session.
        wanted: What to look for.
        at: When; a login that may not read the catalog is told of the present.

    Raises:
        MocloneError: The server could not be asked.
    """
    logical = run.capabilities.has("logical_ids")
    parts = ["SELECT -1, 'clock', UNIX_TIMESTAMP(NOW(6))"]
    params: list[str] = []
    for number, each in enumerate(wanted):
        statement, values = _query(each, number, at, logical=logical)
        parts.append(statement)
        params += values
    try:
        rows = run.execute(" UNION ALL ".join(parts), params).rows
    except PermissionDenied:
        there = {each: _is_there(run, each) for each in wanted}
        return Seen(
            objects=tuple(each for each in wanted if there[each]),
            hidden=tuple(each for each in wanted if there[each] is None),
        )
    found = {int(one): (str(id_), int(float(time or 0))) for one, id_, time in rows}
    return Seen(
        tuple(
            replace(each, id=found[number][0], created=found[number][1])
            for number, each in enumerate(wanted)
            if number in found
        ),
        found[-1][1],
    )


_WHOSE = (
    "account_id = (SELECT account_id FROM mo_catalog.mo_account"
    " WHERE account_name = %s)"
)


def _query(
    each: Object, row: int, at: Moment, *, logical: bool
) -> tuple[str, list[str]]:
    whose, values = (_WHOSE, [each.account]) if each.account else (sql.MINE, [])
    if each.type == "snapshot":
        columns = "CAST(snapshot_id AS CHAR), ts DIV 1000000000"
        table, where = "mo_snapshots", "sname = %s"
        values = [each.name]
    elif each.type == "database":
        columns = "CAST(dat_id AS CHAR), UNIX_TIMESTAMP(created_time)"
        table, where = "mo_database", f"{whose} AND datname = %s"
        values += [fold(each.name)]
    else:
        number = "rel_logical_id" if logical else "rel_id"
        columns = f"CAST({number} AS CHAR), UNIX_TIMESTAMP(created_time)"
        table = "mo_tables"
        where = f"{whose} AND reldatabase = %s AND relname = %s"
        values += _folded(each.name)
    catalog = f"mo_catalog.{table}{at.hint}"
    return f"SELECT {row:d}, {columns} FROM {catalog} WHERE {where}", values  # noqa: S608


def _folded(name: str) -> tuple[str, str]:
    table = TableName.parse(name)
    return fold(table.database or ""), fold(table.table)


def _is_there(run: Connected, each: Object) -> bool | None:
    """The same for a login that may not read the catalog: names alone, if those."""
    if each.type == "snapshot" or each.account:
        return None
    try:
        if each.type == "database":
            run.clone.source_database(fold(each.name))
        else:
            run.clone.source_table(TableName.parse(each.name))
    except NotFound:
        return False
    except NotSupported:
        return True  # it is a view, or another thing that is no table
    except PermissionDenied:
        return None
    return True
