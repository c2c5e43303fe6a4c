"""What a table is like, read from its DDL as the server writes it.

The catalog would take more questions, and does not tell of what a compound key is made.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from moclone_tui.api import sql
from moclone_tui.api.names import quote

_NAME = r"`(?:[^`]|``)+`"
_LIST = rf"\(((?:{_NAME}[ ,]*)+)\)"
_COLUMN = re.compile(rf"({_NAME}) (.*)")
_KEY = re.compile(rf"(PRIMARY KEY|UNIQUE KEY)(?: {_NAME})? ?{_LIST}")
_FOREIGN = re.compile(
    rf"CONSTRAINT ({_NAME}) FOREIGN KEY {_LIST}"
    rf" REFERENCES (?:({_NAME})\.)?({_NAME}) ?{_LIST}"
)
_TEXT = re.compile(r"(?:var)?char|(?:tiny|medium|long)?text", re.IGNORECASE)
UNCOMPARED = ("geometry", "datalink", "year")
"""Types that a server compares wrongly, or not at all."""
NEEDED = re.compile(r" NOT NULL\b", re.IGNORECASE)
"""What makes a column one that is never NULL."""
_AFTER = re.compile(
    r" (?:NOT NULL|NULL|DEFAULT|AUTO_INCREMENT|COMMENT|GENERATED|ON UPDATE)\b",
    re.IGNORECASE,
)
"""What follows a type."""
_GENERATED = re.compile(r" GENERATED ALWAYS | AS \(", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """A foreign key of the table."""

    name: str
    columns: tuple[str, ...]
    parent_database: str | None
    """None is the table's own."""
    parent: str
    parent_columns: tuple[str, ...]
    text: str
    """What ADD takes to make it again, names as they are seen from its database."""


@dataclass(frozen=True, slots=True)
class Shape:
    """The columns and keys of a table; nothing in it if it is none."""

    columns: tuple[str, ...] = ()
    definitions: tuple[str, ...] = ()
    """What stands behind the name of each: type, default, comment."""
    texts: frozenset[str] = frozenset()
    """The columns that hold text, where an empty one tells nothing."""
    generated: frozenset[str] = frozenset()
    """The columns that are computed and cannot be written."""
    key: tuple[str, ...] = ()
    """The columns of the primary key."""
    unique: tuple[tuple[str, ...], ...] = ()
    """Those of each other unique key."""
    foreign_keys: tuple[ForeignKey, ...] = ()
    partitioned: bool = False


def read(ddl: str) -> Shape:
    """Read what makes a table; of a view or sequence there is nothing to read."""
    if sql.first_word(ddl) != "create" or " TABLE " not in ddl.partition("(")[0]:
        return Shape()
    kinds: dict[str, str] = {}
    definitions: list[str] = []
    keys: list[tuple[str, ...]] = []
    unique: list[tuple[str, ...]] = []
    foreign: list[ForeignKey] = []
    for line, bare in _lines(ddl):
        if column := _COLUMN.match(bare):
            kinds[_bare(column[1])] = column[2]
            definitions.append(line[column.start(2) :].removesuffix(","))
        elif key := _KEY.match(bare):
            (keys if key[1] == "PRIMARY KEY" else unique).append(_names(key[2]))
        elif found := _FOREIGN.match(bare):
            database = _bare(found[3]) if found[3] else None
            text = line.rstrip().removesuffix(",")
            foreign.append(
                ForeignKey(
                    _bare(found[1]),
                    _names(found[2]),
                    database,
                    _bare(found[4]),
                    _names(found[5]),
                    text,
                )
            )
    return Shape(
        tuple(kinds),
        tuple(definitions),
        frozenset(name for name, kind in kinds.items() if _TEXT.match(kind)),
        frozenset(name for name, kind in kinds.items() if _GENERATED.search(kind)),
        keys[0] if keys else (),
        tuple(unique),
        tuple(foreign),
        re.search(r"\n?\).*partition by", _blank(ddl), re.IGNORECASE) is not None,
    )


def definitions(of: Shape) -> Iterator[tuple[str, str, str]]:
    """Each column, what stands behind its name, and the same with strings blanked."""
    for name, definition in zip(of.columns, of.definitions, strict=True):
        yield name, definition, _blank(definition)


def types(of: Shape) -> dict[str, str]:
    """The type of each column: `varchar(20)`."""
    return {
        name: definition[: found.start() if (found := _AFTER.search(bare)) else None]
        for name, definition, bare in definitions(of)
    }


def identity(of: Shape) -> tuple[str, ...]:
    """What tells rows apart: the primary key, or a unique one that is never NULL."""
    needed = {name for name, _, bare in definitions(of) if NEEDED.search(bare)}
    return of.key or next((key for key in of.unique if set(key) <= needed), ())


def with_parents(ddl: str, database: str) -> str:
    """The DDL of a table in a database, with the database of every parent in it.

    The server leaves it out where it is the table's own.
    """
    for found in reversed([*_FOREIGN.finditer(_blank(ddl))]):
        if not found[3]:
            at = found.start(4)
            ddl = f"{ddl[:at]}{quote(database)}.{ddl[at:]}"
    return ddl


def _lines(ddl: str) -> Iterator[tuple[str, str]]:
    """Each line, and the same with its strings blanked: they may hold anything."""
    start = 0
    for bare in _blank(ddl).split("\n"):
        yield ddl[start : start + len(bare)].strip(), bare.strip()
        start += len(bare) + 1


def _blank(ddl: str) -> str:
    return sql.blank(ddl, "'\"")


def _names(listed: str) -> tuple[str, ...]:
    return tuple(_bare(name) for name in re.findall(_NAME, listed))


def _bare(name: str) -> str:
    return name[1:-1].replace("``", "`")
