"""What a statement answers."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from moclone_tui.demo.sqltypes import SqlType

ResultColumn = tuple[str, SqlType]


@dataclass(frozen=True, slots=True)
class Reply:
    """Rows, or the number of rows touched.

    Attributes:
        columns: Names and types; None when the statement has no result set.
        rows: The rows, in the form they have on the wire.
        affected: How many rows were touched.
        insert_id: The first auto_increment value given out.
    """

    columns: Sequence[ResultColumn] | None = None
    rows: list[tuple[object, ...]] = field(default_factory=list)
    affected: int = 0
    insert_id: int = 0


DONE = Reply()
