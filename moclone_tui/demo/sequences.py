"""Sequences: each is a table of one row, and the functions that move it on."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from moclone_tui.demo.errors import internal, no_such_table
from moclone_tui.demo.model import Column, Layout, Relation
from moclone_tui.demo.sqltypes import BIGINT, BOOL, SqlType

if TYPE_CHECKING:
    from moclone_tui.demo.session import Session


@dataclass(frozen=True, slots=True)
class Sequence:
    """The one row of a sequence, column by column."""

    last: int
    least: int
    most: int
    start: int
    step: int
    cycles: int
    is_called: int = 0

    @property
    def row(self) -> tuple[int, ...]:
        """The row."""
        return (
            self.last, self.least, self.most, self.start, self.step, self.cycles,
            self.is_called,
        )  # fmt: skip


def sequence_of(relation: Relation) -> Sequence:
    """What a sequence's table says."""
    return Sequence(*(int(str(value)) for value in relation.data.rows[0]))


def layout(kind: SqlType) -> Layout:
    """The columns of a sequence of some type."""
    numbers = ("last_seq_num", "min_value", "max_value", "start_value")
    columns = [Column(name, kind) for name in numbers]
    columns.append(Column("increment_value", BIGINT))
    columns += [Column(name, BOOL) for name in ("cycle", "is_called")]
    return Layout(tuple(columns), primary=("increment_value",))


def next_value(session: "Session", arguments: tuple[object, ...]) -> str:
    """nextval('name'): move on and tell where it stands.

    Raises:
        ServerError: 20101 at the end, 1146 if there is none.
    """
    relation = _find(session, arguments[0])
    it = sequence_of(relation)
    value = it.last + it.step if it.is_called else it.last
    if not it.least <= value <= it.most:
        if not it.cycles:
            end = "maximum" if it.step > 0 else "minimum"
            raise internal(f"Reached {end} value of sequence {relation.name}")
        value = it.least if it.step > 0 else it.most
    _save(session, relation, replace(it, last=value, is_called=1))
    return _remember(session, relation, value)


def set_value(session: "Session", arguments: tuple[object, ...]) -> str:
    """setval('name', value[, is_called]).

    Raises:
        ServerError: 20101 out of its range, 1146 if there is none.
    """
    relation = _find(session, arguments[0])
    it, value = sequence_of(relation), int(str(arguments[1]))
    if not it.least <= value <= it.most:
        raise internal("Set value is not in range (minvalue, maxvlue).")
    # Only the first call ever counts: false does not take it back.
    is_called = int(it.is_called or all(arguments[2:]))
    _save(session, relation, replace(it, last=value, is_called=is_called))
    return _remember(session, relation, value) if is_called else str(value)


def current_value(session: "Session", arguments: tuple[object, ...]) -> str:
    """currval('name'): what this session saw last of it.

    Raises:
        ServerError: 20101 if it has seen nothing.
    """
    relation = _find(session, arguments[0])
    if relation.id not in session.sequence_values:
        raise internal(
            f"Currvalue of {relation.name} in current session is not initialized"
        )
    return session.sequence_values[relation.id]


def last_value(session: "Session", _: tuple[object, ...]) -> str:
    """lastval(): what this session saw last of any.

    Raises:
        ServerError: 20101 if it has seen nothing.
    """
    if not session.sequence_values:
        raise internal("Last value of current session is not initialized.")
    return list(session.sequence_values.values())[-1]


def _find(session: "Session", name: object) -> Relation:
    database = session.database_or_current(None)
    found = session.catalog.relation(session.account.id, database, str(name).lower())
    if found is None:
        raise no_such_table(database, str(name))
    if found.kind != "S":
        raise internal("Table input is not a sequence")
    return found


def _save(session: "Session", relation: Relation, sequence: Sequence) -> None:
    changed = relation.with_rows((sequence.row,))
    session.work.put(session.account.id, session.database_or_current(None), changed)


def _remember(session: "Session", relation: Relation, value: int) -> str:
    session.sequence_values.pop(relation.id, None)
    session.sequence_values[relation.id] = str(value)
    return str(value)
