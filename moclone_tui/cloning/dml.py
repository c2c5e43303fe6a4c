"""Statements that change rows, read as far as it takes to know which tables they touch.

What cannot be told is refused: nothing is sent whose effect on something else is not
known.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from moclone_tui.api import TableName, sql
from moclone_tui.api.names import fold
from moclone_tui.text import safe

_QUOTED, _COMMENTS = "'\"`", "-#/"

VERBS = ("insert", "update", "delete", "replace", "truncate")
"""What may run on a copy."""
_WHY_NOT = {
    "set": "inside a transaction it would commit what is there so far",
    "use": "moclone itself chooses the copy",
    "with": "it is not read; begin with INSERT, UPDATE or DELETE",
    **dict.fromkeys(
        ("begin", "start", "commit", "rollback", "savepoint", "lock", "unlock"),
        "moclone itself begins and ends the transaction",
    ),
    **dict.fromkeys(
        ("create", "alter", "drop", "rename"),
        "the copy would no longer be made like its source",
    ),
}


def split(text: str) -> tuple[str, ...]:
    """The statements of a file of SQL, without the semicolons between them."""
    told, bare = sql.blank(text, _COMMENTS), sql.blank(text, _COMMENTS + _QUOTED)
    start = 0
    found: list[str] = []
    for end in (*(at for at, char in enumerate(bare) if char == ";"), len(text)):
        if told[start:end].strip():
            found.append(text[start:end].strip())
        start = end + 1
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement, as far as it was read. Names are by their parts."""

    text: str
    verb: str
    """Its first word, in lower case."""
    tables: tuple[tuple[str, ...], ...] = ()
    """What stands where a table is named, in order."""
    aliases: tuple[str, ...] = ()
    """The names that tables are given, each right after its table."""
    others: tuple[tuple[str, ...], ...] = ()
    """What stands elsewhere: columns, functions, keywords."""

    @property
    def table_names(self) -> tuple[str, ...]:
        """The names of its tables, in lower case, without their database."""
        return tuple(dict.fromkeys(fold(name[-1]) for name in self.tables))

    def has(self, word: str) -> bool:
        """Whether it has a word (in lower case) outside of quotes."""
        return any(len(name) == 1 and fold(name[0]) == word for name in self.others)


_BEYOND = (
    "mo_ctl", "nextval", "setval", "load_file", "outfile", "dumpfile", "fault_inject",
    "purge_log",
)  # fmt: skip
"""Words of what acts on more than rows."""


def why_not(
    statement: Statement, copy: str | TableName, databases: Collection[str] = ()
) -> str:
    """Why a statement cannot run on a copy, in words; nothing if it can.

    Args:
        statement: As `read` gives it.
        copy: The database that is made, or the table.
        databases: Those there are, in lower case: no name may begin with another's,
            whatever it stands for.
    """
    if statement.verb not in VERBS:
        why = _WHY_NOT.get(statement.verb, "")
        what = statement.verb.upper() or "what it begins with"
        return f"{what} cannot run there" + (f": {why}" if why else "")
    database = (copy.database or "") if isinstance(copy, TableName) else copy
    others = set(databases) - {fold(database)}
    return _cannot_be_read(statement) or _names_another(
        statement, copy, fold(database), others
    )


_UNREADABLE = (
    (r"['\"`]|/\*", _QUOTED + _COMMENTS, "a quote or comment in it is not closed"),
    (r"/\*!", _QUOTED, "the server might run what its comment holds"),
    (
        r"//|\$\w*\$",
        _QUOTED + _COMMENTS,
        "the server might read a // or $ in it as a comment or a string",
    ),
)
"""What a text must not have, with what is left out of the look."""


def _cannot_be_read(statement: Statement) -> str:
    for pattern, aside, why in _UNREADABLE:
        if re.search(pattern, sql.blank(statement.text, aside)):
            return why
    for word in _BEYOND:
        if statement.has(word):
            return f"{word} in it acts beyond the copy"
    return "" if statement.tables else "which table it touches cannot be told"


def _names_another(
    statement: Statement,
    copy: str | TableName,
    database: str,
    databases: Collection[str],
) -> str:
    for name in statement.tables:
        outside = len(name) > 2 or (len(name) == 2 and fold(name[0]) != database)
        if isinstance(copy, TableName) and fold(name[-1]) != fold(copy.table):
            outside = True
        if outside:
            return f"it names {_shown(name)}, which is not of the copy"
    known = {database, *statement.table_names, *map(fold, statement.aliases)}
    for name in (*statement.tables, *statement.others):
        first, parts = fold(name[0]), len(name)
        if parts > 1 and (
            first not in known
            or first in databases
            or (parts > 2 and first != database)
        ):
            return f"it names {_shown(name)}, which is not of the copy"
    return ""


def _shown(name: Sequence[str]) -> str:
    return safe(".".join(name))


# ----------------------------------------------------------------------- reading

_PART = r"(?:`(?:[^`]|``)*`|[\w$@]+|\*)"
_ITEM = re.compile(rf"{_PART}(?:\s*\.\s*{_PART})*|[(),]")
_PARTS = re.compile(_PART)
_NUMBER = re.compile(r"\d+(?:e\d*)?", re.IGNORECASE)

_OPEN = frozenset({"from", "join", "straight_join", "into", "update", "table"})
"""Words that a table follows."""
_CLOSE = frozenset(
    ("where", "set", "group", "order", "having", "limit", "values", "value", "select",
     "union", "window", "duplicate", "for")
)  # fmt: skip
"""Words after which a comma stands between other things than tables."""
_BETWEEN = frozenset(
    ["low_priority", "high_priority", "delayed", "quick", "ignore", "only", "lateral"]
)
"""Words that may stand before the name of a table."""


@dataclass(slots=True)
class _Place:
    """Where the reader is: one for each open bracket."""

    table: bool = False
    """Whether the next name is a table's."""
    tables: bool = False
    """Whether that is so after a comma, too."""
    alias: bool = False
    """Whether the next name is that of the table before it."""
    query: bool = False
    """Whether a FROM here is that of a query, not of a function as TRIM."""


def read(text: str) -> Statement:
    """Read a statement: its verb, its tables, and what else it names."""
    verb = sql.first_word(text)
    tables: list[tuple[str, ...]] = []
    others: list[tuple[str, ...]] = []
    aliases: list[str] = []
    places = [_Place(table=True, tables=verb in ("update", "delete"), query=True)]
    before = ""
    for item, name in _items(text):
        place, word = places[-1], item.lower()
        named, place.alias = place.alias, place.alias and word == "as"
        if item in "(),":
            places = _bracket(item, places, before)
        elif _opens(word, before, place, verb):
            place.table = place.tables = True
        elif word in _CLOSE:
            place.table = place.tables = False
            place.query = place.query or word == "select"
            others.append(name)
        elif place.table and word not in _BETWEEN:
            place.table, place.alias = False, True
            tables.append(name)
        elif named and len(name) == 1 and word != "as":
            aliases.append(name[0])
        else:
            others.append(name)
        before = word
    return Statement(text, verb, tuple(tables), tuple(aliases), tuple(others))


def _bracket(item: str, places: list[_Place], before: str) -> list[_Place]:
    """The places after a bracket or a comma."""
    place = places[-1]
    if item == ",":
        place.table = place.tables
        return places
    if item == "(":
        inside = place.table and before != "using"  # USING (column) names no table
        place.table = False
        return [*places, _Place(inside, inside and place.tables)]
    outside = places[:-1] or places
    outside[-1].alias = outside[-1].tables
    return outside


def _opens(word: str, before: str, place: _Place, verb: str) -> bool:
    if word == "using" and verb == "delete" and place.query:
        return True
    if word not in _OPEN or (word == "from" and not place.query):
        return False
    return not (word == "update" and before in ("key", "for"))


def _items(text: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Brackets, commas and names after the first word, each with its parts."""
    first = True
    for found in _ITEM.finditer(sql.blank(text, "'\"" + _COMMENTS)):
        parts = tuple(
            part[1:-1].replace("``", "`") if part[0] == "`" else part
            for part in _PARTS.findall(found[0])
        )
        if parts[-1:] == ("*",):
            parts = parts[:-1]
        if found[0] in "(),":
            yield found[0], ()
        elif parts and not _NUMBER.fullmatch(found[0].partition(".")[0]):
            if not first:
                yield found[0], parts
            first = False
