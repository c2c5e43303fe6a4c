"""What dropping a copy would free on disk, where the server tells it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from moclone_tui.api import NOW, Client, Kind, NotFound, QueryError, Table, TableName
from moclone_tui.api.names import literal
from moclone_tui.cloning.coverage import Coverage, Kept
from moclone_tui.jobs.keeping import Made
from moclone_tui.jobs.keeping_change import place_of, sources
from moclone_tui.text import safe

_PLAIN = re.compile(r"\w+")
_BATCH = 50
"""How many tables one statement asks for what they are stored in."""


def frees(
    client: Client, made: Made, objects: Sequence[Table], kept: Kept
) -> tuple[int | None, str]:
    """The bytes on disk that only it holds, and why that is not known if it is not.

    Exact of what has been written to disk: what it shares with its source stays there.
    """
    if why := _untold(made, objects, kept.of(*place_of(made))):
        return None, why
    tables = [each for each in objects if each.kind is Kind.TABLE]
    try:
        own = _stored(client, [TableName(each.name, each.database) for each in tables])
        theirs = _stored(client, _present(client, made, [each.name for each in tables]))
    except (QueryError, _Untold) as error:
        return None, safe(str(error))
    alone = [part for name, part in own.items() if name not in theirs]
    if any(written <= made.done * 10**9 for _, written in alone):
        return None, "others may share what it holds"
    return sum(size for size, _ in alone), ""


def _untold(made: Made, objects: Sequence[Table], coverage: Coverage) -> str:
    """Why nobody can tell, if it is so."""
    snapshots = coverage.snapshots
    if snapshots is None or any(
        each.ts >= made.object.created * 10**9 for each in snapshots
    ):
        return "snapshots may keep what it holds"
    if coverage.pitrs is None or any(not each.dead for each in coverage.pitrs):
        return "a PITR may keep what it holds"
    if any(each.partitioned for each in objects):
        return "the server does not tell it of partitions"
    return "" if made.source else "what shares it is not known"


class _Untold(Exception):
    """The server cannot be asked for what a table is stored in."""


def _present(client: Client, made: Made, tables: Sequence[str]) -> list[TableName]:
    try:
        found = sources(client, made, tables, NOW)
    except NotFound:
        return []
    return [each for each in found if each is not None]


def _stored(
    client: Client, tables: Sequence[TableName]
) -> Mapping[str, tuple[int, int]]:
    """The parts that tables are stored in: bytes, and when they were written."""
    found: dict[str, tuple[int, int]] = {}
    for start in range(0, len(tables), _BATCH):
        asked = " UNION ALL ".join(map(_scan, tables[start : start + _BATCH]))
        for name, written, size in client.execute(asked):
            at = int(str(written or "0").partition("-")[0] or 0)
            found[str(name)] = (int(size or 0), at)
    return found


def _scan(table: TableName) -> str:
    parts = (table.database or "", table.table)
    if not all(map(_PLAIN.fullmatch, parts)):
        raise _Untold(f"the server cannot be asked it of {table}")
    return (
        "SELECT object_name, create_ts, SUM(compress_size)"  # noqa: S608 a literal
        f" FROM metadata_scan({literal('.'.join(parts))}, '*') g"
        " GROUP BY object_name, create_ts"
    )
