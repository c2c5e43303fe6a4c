"""Whether the same makes two objects, whatever they and their databases are called."""

from __future__ import annotations

import re

from moclone_tui.api import sql
from moclone_tui.api.names import fold
from moclone_tui.cloning import shape

_WORDS = re.compile(
    r"""(?P<text>'(?:[^'\\]|\\.|'')*'|"(?:[^"\\]|\\.|"")*")
      | (?P<name>`(?:[^`]|``)*`)
      | (?P<word>\w+)
      | (?P<sign>[^\s\w])""",
    re.VERBOSE,
)


def same(left: str, left_database: str, right: str, right_database: str) -> bool:
    """Compare two statements that make objects, as the server writes them.

    Args:
        left: What makes the one.
        left_database: The database it is in.
        right: What makes the other.
        right_database: The database it is in.
    """
    if _makes_table(left) != _makes_table(right):
        return False
    if not _makes_table(left):
        return _view(left, left_database) == _view(right, right_database)
    if _layout(left) == _layout(right):
        return True
    # Of two databases, the one may say the parent's database, and the other not.
    return _layout(shape.with_parents(left, left_database)) == _layout(
        shape.with_parents(right, right_database)
    )


def _makes_table(ddl: str) -> bool:
    return " TABLE " in f" {ddl.partition('(')[0].upper()} "


def _layout(ddl: str) -> str:
    """What makes a table, without its name."""
    head = sql.blank(ddl, "`").find("(")
    return ddl[head:].rstrip(" ;\n")


def _view(ddl: str, database: str) -> list[str]:
    """What a view reads, word by word, without the name of its database.

    4.2 writes the view of a clone anew: with quotes around names, and AS before others.
    """
    words = list(_WORDS.finditer(ddl))
    said = [
        found[0]
        if found["text"]
        else _bare(found[0])
        if found["name"]
        else fold(found[0])
        for found in words
    ]
    start = said.index("as") + 1 if "as" in said else 0
    kept: list[str] = []
    for at in range(start, len(said)):
        if said[at] in ("as", ";") and not words[at]["text"]:
            continue
        kept.append(said[at])
        if kept[-2:] == [database, "."]:
            del kept[-2:]
    return kept


def _bare(name: str) -> str:
    return fold(name[1:-1].replace("``", "`"))
