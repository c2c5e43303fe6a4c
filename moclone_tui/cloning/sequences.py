"""Make sequences anew in a copy: the server leaves them out of every clone.

A sequence cannot be made in a transaction, so this comes after COMMIT. Its next value
is what the source's would have been at the moment. Measured on 3.0.18 and 4.2.0.
"""

from __future__ import annotations

from collections.abc import Iterator

from moclone_tui.api import Kind, Moment, TableName
from moclone_tui.api._connected import Connected
from moclone_tui.cloning import queries
from moclone_tui.cloning.look import Facts
from moclone_tui.cloning.request import Pair


def statements(run: Connected, pair: Pair, facts: Facts, at: Moment) -> Iterator[str]:
    """What makes a source's sequences in its copy; one round trip for each.

    Raises:
        MocloneError: The server could not be asked.
    """
    for each in facts.objects:
        if each.kind is Kind.SEQUENCE and pair.source_table is None:
            source = TableName(each.name, pair.source_database)
            row = run.execute(queries.sequence(source, at)).first
            target = TableName(each.name, pair.target_database)
            yield create(target, *(int(value) for value in row))


def create(
    name: TableName,
    last: int,
    least: int,
    most: int,
    step: int,
    cycle: int,
    called: int,
) -> str:
    """The statement that makes a sequence whose state is known, to go on from there."""
    following = last + step if called else last
    if not least <= following <= most:
        # Used up: with a cycle it begins anew, without one at its very end.
        begin, end = (least, most) if step > 0 else (most, least)
        following = begin if cycle else end
    return (
        f"CREATE SEQUENCE {name.sql} INCREMENT BY {step} MINVALUE {least}"
        f" MAXVALUE {most} START WITH {following}{' CYCLE' if cycle else ''}"
    )
