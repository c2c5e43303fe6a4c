"""Lines of the journal: what several of one job say together."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from moclone_tui.api import sql
from moclone_tui.cloning.identity import TEMPORARY, Object

Line = Mapping[str, Any]
UNKNOWN = "outcome unknown"
"""The state of a job that lost its connection: how it ended was not heard."""


def ending(settled: Sequence[Line], ends: Sequence[Line]) -> Line:
    """The line that tells how a job ended; empty if none does.

    What a job said of its own end counts more than what was found out later.
    """
    told = [*settled, *ends]
    known = [each for each in told if each.get("state") != UNKNOWN]
    return (known or told or [{}])[-1]


def done(before: Line, heard: Sequence[Line]) -> int:
    """The server's clock once COMMIT was answered, or at the end if there was none."""
    if not before.get("clock"):
        return 0
    commits = [at for at, line in enumerate(heard) if line["record"] == "committing"]
    last = heard[min([*commits[-1:], len(heard) - 1]) :][:2][-1]
    return int(before["clock"] + (time_of(last) - time_of(before)).total_seconds() + 1)


def time_of(line: Line) -> dt.datetime:
    """When it was written, UTC."""
    return dt.datetime.fromisoformat(line["time"])


def objects_of(line: Line) -> tuple[Object, ...]:
    """The objects that it names."""
    return tuple(Object(**each) for each in line.get("objects", ()))


def new(before: Line, found: Sequence[Object]) -> tuple[Object, ...]:
    """The objects that were not there before: another of the name has another number.

    Of one without a number nobody can tell.
    """
    old = {each: each.id for each in objects_of(before)}
    return tuple(each for each in found if not each.id or each.id != old.get(each))


def outside(sends: Sequence[Line]) -> bool:
    """Whether something was sent outside of a transaction, what is temporary aside."""
    begun: set[object] = set()
    for line in sends:
        statement = str(line.get("text", ""))
        if sql.first_word(statement) in ("begin", "start"):
            begun.add(line.get("connection"))
        elif line.get("connection") not in begun and TEMPORARY not in statement:
            return True
    return False


def left(lines: Sequence[Line]) -> tuple[Object, ...]:
    """The temporary objects that were made and not dropped."""
    left: dict[Object, None] = {}
    for line in lines:
        if line["record"] == "temporary":
            left[Object(**line["object"])] = None
        elif line["record"] == "dropped":
            left.pop(Object(**line["object"]), None)
    return tuple(left)
