"""What a statement makes, and of what: CREATE, CLONE, RESTORE and DATA BRANCH, read."""

from __future__ import annotations

import re
from dataclasses import dataclass

from moclone_tui.api import NOW, Moment
from moclone_tui.api.names import fold

_NAME = r"(?:`(?:[^`]|``)*`|[^\s`.({;]+)"
_PATH = rf"{_NAME}(?:\s*\.\s*{_NAME})?"
_HINT = r"\{[^}]*\}"
_MAKES = re.compile(
    rf"""\s*(?:
        (?:data\s+branch\s+)?create\s+(?P<type>database|schema|table)\s+
        (?:if\s+not\s+exists\s+)?(?P<target>{_PATH})
        (?:\s*(?:clone|from)\s+(?P<source>{_PATH})\s*(?P<hint>{_HINT})?)?
      | restore\s+(?:account\s+{_NAME}\s+)?
        (?:database\s+(?P<database>{_NAME})\s*)?
        (?:table\s+(?P<table>{_PATH})\s*)?
        (?:(?P<restored>{_HINT})|from\s+snapshot\s+(?P<snapshot>{_NAME}))
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_MO_TS = re.compile(r"mo_ts\s*=\s*'?(\d+)'?", re.IGNORECASE)
_SNAPSHOT = re.compile(r"snapshot\s*=\s*(['\"])(.*)\1", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Making:
    """What a statement makes. Names are as the server keeps them, in lower case."""

    database: str
    """The database that is made, or that the table is in; empty if it is not said."""
    table: str = ""
    """The table that is made; empty if it is a database."""
    source_database: str = ""
    """What it is a copy of; both sources are empty if it is none."""
    source_table: str = ""
    at: Moment = NOW
    """The moment it is copied at; the present if that is not said."""

    @property
    def copies(self) -> bool:
        """Whether it is made of something."""
        return bool(self.source_database or self.source_table)

    @property
    def restores(self) -> bool:
        """Whether it is made of its own past."""
        return (self.source_database, self.source_table) == (self.database, self.table)


def making(statement: str, database: str = "") -> Making | None:
    """Read a statement, without comments in front of it.

    Args:
        statement: The statement.
        database: The current database where it was sent.

    Returns:
        What it makes; None if that is neither a database nor a table.
    """
    found = _MAKES.match(statement)
    if found is None:
        return None
    if found["target"] is None:
        return _restored(found, database)
    if found["type"].lower() == "table":
        target = _table(found["target"], database)
        source = _table(found["source"], database) if found["source"] else ("", "")
    else:
        target = (_plain(found["target"]), "")
        source = (_plain(found["source"] or ""), "")
    return Making(*target, *source, _moment(found["hint"] or ""))


def _restored(found: re.Match[str], current: str) -> Making | None:
    database, name = _plain(found["database"] or ""), found["table"]
    if name is not None:
        where = _table(name, database or current)
    elif database:
        where = (database, "")
    else:
        return None
    hint = found["restored"]
    at = _moment(hint) if hint else Moment(snapshot=_plain(found["snapshot"]))
    return Making(*where, *where, at)


def _plain(name: str) -> str:
    """A name as it is kept, without quotes."""
    bare = name.strip()
    if bare.startswith("`"):
        bare = bare[1:-1].replace("``", "`")
    return fold(bare)


def _table(path: str, database: str) -> tuple[str, str]:
    *before, table = re.findall(_NAME, path)
    return _plain(before[0]) if before else fold(database), _plain(table)


def _moment(hint: str) -> Moment:
    if found := _MO_TS.search(hint):
        return Moment(ns=int(found[1]))
    if found := _SNAPSHOT.search(hint):
        return Moment(snapshot=found[2])
    return NOW
