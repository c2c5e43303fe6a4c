"""Make sequences anew in a copy: the server leaves them out of every clone.

A sequence cannot be made in a transaction, so this comes after COMMIT. Its next value
is what the source's would have been at the moment. Measured on 3.0.18 and 4.2.0.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from moclone_tui.api import Kind, Moment, TableName
from moclone_tui.api._connected import Connected
from moclone_tui.cloning import queries
from moclone_tui.cloning.look import Facts, Object
from moclone_tui.cloning.request import Pair


def statements(run: Connected, pair: Pair, facts: Facts, at: Moment) -> Iterator[str]:
    """What makes a source's sequences in its copy; one round trip for each.

    Raises:
        MocloneError: The server could not be asked.
    """
    if pair.source_table is None:
        databases = pair.source_database, pair.target_database
        yield from anew(run, *databases, facts.objects, at)


def anew(
    run: Connected,
    source: str | None,
    target: str | None,
    objects: Iterable[Object],
    at: Moment,
) -> Iterator[str]:
    """What makes the sequences among a database's objects in another one.

    Raises:
        MocloneError: The server could not be asked.
    """
    for each in objects:
        if each.kind is Kind.SEQUENCE:
            row = run.execute(queries.sequence(TableName(each.name, source), at)).first
            yield create(TableName(each.name, target), *(int(value) for value in row))


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
