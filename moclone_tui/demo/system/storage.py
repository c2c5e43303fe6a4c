"""What metadata_scan() tells of a table: the objects that hold its rows."""

from collections.abc import Iterable

from moclone_tui.demo.model import Relation, Row
from moclone_tui.demo.system.table import columns

STORAGE_COLUMNS = columns(
    "col_name object_name is_hidden obj_loc create_ts:at delete_ts:at rows_cnt:n "
    "null_cnt:n compress_size:n origin_size:n"
)


def storage_rows(relation: Relation) -> Iterable[Row]:
    """A row for each column: a copy that nobody has changed names the same object."""
    rows = relation.data.rows
    if not rows:
        return
    for position, column in enumerate(relation.layout.columns):
        empty = sum(row[position] is None for row in rows)
        size = column.type.width() * (len(rows) - empty)
        name = f"{relation.data.id:032x}_00000"
        yield (
            column.name, name, "false", name, None, None, len(rows), empty,
            size // 2, size,
        )  # fmt: skip
