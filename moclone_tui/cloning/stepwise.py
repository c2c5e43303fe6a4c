"""Copy a database table by table, at one moment: true progress, and nothing in the way.

A cloned table's foreign keys go on pointing at the source's parents, so they are made
again; a view is made from its own text, which is right only if that never names the
source's database. Sources: measurements on MatrixOne 3.0.18 and 4.2.0.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from moclone_tui.api import Kind, Moment, TableName, sql
from moclone_tui.api._connected import Connected
from moclone_tui.api.names import quote
from moclone_tui.cloning import foreign_keys
from moclone_tui.cloning.look import Facts
from moclone_tui.cloning.request import Mode, Pair
from moclone_tui.errors import CloneError, QueryError

LARGE = 100
"""From how many tables on `auto` copies stepwise, where it can."""


def is_wanted(pair: Pair, mode: Mode, facts: Facts) -> bool:
    """Whether a copy would go table by table, if nothing speaks against it."""
    if pair.source_table is not None or mode is Mode.NATIVE:
        return False
    tables = sum(each.kind is Kind.TABLE for each in facts.objects)
    return mode is Mode.STEPWISE or tables >= LARGE


class CannotStep(Exception):
    """Why a database cannot be copied table by table, in words."""


def statements(run: Connected, pair: Pair, facts: Facts, at: Moment) -> tuple[str, ...]:
    """What copies a database table by table, in order.

    One round trip for each table with foreign keys, and one for each view.

    Raises:
        CannotStep: A view names the source's database.
        MocloneError: The server could not be asked.
    """
    source, target = pair.source_database, pair.target_database
    tables = [each.name for each in facts.objects if each.kind is Kind.TABLE]
    views = {
        each.name: run.metadata.ddl(TableName(each.name, source), at)
        for each in facts.objects
        if each.kind is Kind.VIEW
    }
    for name, ddl in views.items():
        if _mentions(ddl, source):
            raise CannotStep(f"the view {name} names {source}")
    bound = {key.table for key in facts.foreign_keys if key.parent_database == source}
    ordered = _after_what_they_read(views)
    return (
        f"CREATE DATABASE {quote(target)}",
        *(
            sql.clone_table(TableName(name, target), TableName(name, source), at)
            for name in tables
        ),
        *(
            statement
            for name in sorted(bound)
            for half in foreign_keys.anew(
                run.metadata.ddl(TableName(name, source), at), TableName(name, target)
            )
            for statement in half
        ),
        *((f"USE {quote(target)}", *ordered) if ordered else ()),
    )


_NO_PARENT = 1452
"""What the server answers if rows point to a parent that is not there."""


@contextmanager
def naming_orphans(statement: str) -> Iterator[None]:
    """Say what is in the way if the server makes no foreign key over rows.

    To look for such rows beforehand would take as long as to make the keys.
    """
    try:
        yield
    except QueryError as error:
        if error.code != _NO_PARENT:
            raise
        raise CloneError(
            "The copy was rolled back: rows of the source point to a parent that is"
            f" not there, and over those the server makes no key: {statement}.",
            code=error.code,
            statement=statement,
            remedy="Copy in the mode native, which takes such rows as they are, or mend"
            " them in the source.",
        ) from error


def _mentions(text: str, name: str) -> bool:
    word = rf"(?<![\w$]){re.escape(name)}(?![\w$])"
    return re.search(word, text, re.IGNORECASE) is not None


def _after_what_they_read(views: dict[str, str]) -> Sequence[str]:
    """The statements of views, each after those that its text names."""
    ordered: list[str] = []
    waiting = dict(views)
    while waiting:
        ready = [
            name
            for name, ddl in waiting.items()
            if not any(_mentions(ddl, other) for other in waiting if other != name)
        ]
        ordered.extend(
            waiting.pop(name).rstrip().rstrip(";") for name in ready or list(waiting)
        )
    return ordered
