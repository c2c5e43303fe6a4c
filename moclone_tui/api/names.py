"""Names as types: what may be made, how a name is quoted, and moments in time.

A name becomes SQL only through one of these types. Sources: the server's own check of
new names (space, tab, quotes and backticks are "invalid input"), and names that were
found to be accepted and then never dropped again (control and bidi characters).
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from moclone_tui.errors import InvalidName
from moclone_tui.text import safe

SYSTEM_DATABASES = frozenset(
    {
        "information_schema",
        "mo_catalog",
        "mo_debug",
        "mo_task",
        "mysql",
        "system",
        "system_metrics",
    }
)
"""The server's own databases: they are shown on request and never copied over."""

_UNSENDABLE = re.compile("[\0\ud800-\udfff]")
_FORBIDDEN = " \t`\"'"


def quote(name: str) -> str:
    """A name between backticks, ready for SQL."""
    return "`" + name.replace("`", "``") + "`"


def fold(name: str) -> str:
    """A name as the server keeps it: in lower case, each letter by itself.

    `str.lower` makes another letter of a sigma at the end of a word, and two of `İ`.
    """
    if name.isascii():
        return name.lower()
    return "".join("i" if each == "İ" else each.lower() for each in name)


def literal(text: str) -> str:
    """A string between quotes, ready for SQL."""
    return "'" + text.replace("\\", "\\\\").replace("'", "''") + "'"


def _held(name: str, what: str) -> str:
    """Refuse what no server can hold: the least that is asked of any name."""
    if not isinstance(name, str) or not name:
        raise InvalidName(f"The name of a {what} is empty.")
    if _UNSENDABLE.search(name):
        raise InvalidName(
            f"The name of a {what} holds what no text may hold: {safe(name)}"
        )
    return name


def _printable(name: str, what: str) -> str:
    if safe(name) != name:
        raise InvalidName(
            f"The name {safe(name)} holds characters that cannot be seen.",
            remedy=f"A {what} of such a name could never be dropped: choose another.",
        )
    return name


def new_database(name: str) -> str:
    """Check the name of a database that is to be made; gives it back.

    Raises:
        InvalidName: If the server would refuse it, or could never drop it again.
    """
    return _new_plain(name, "database")


def new_snapshot(name: str) -> str:
    """Check the name of a snapshot that is to be made; gives it back."""
    return _new_plain(name, "snapshot")


def _new_plain(name: str, what: str) -> str:
    _printable(_held(name, what), what)
    for char in name:
        if char in _FORBIDDEN or char.isspace():
            shown = {"\t": "tab"}.get(char, "space" if char.isspace() else char)
            raise InvalidName(
                f"The server takes no {shown} in the name of a {what}: {safe(name)}",
                remedy="Letters of any script, digits, _, - and . are fine.",
            )
    return name


def database(name: str) -> str:
    """Check the name of a database that exists; gives it back."""
    return _held(name, "database")


def snapshot(name: str) -> str:
    """Check the name of a snapshot that exists; gives it back."""
    return _held(name, "snapshot")


_PART = re.compile(r"`((?:[^`]|``)*)`|([^.`][^.]*)")


@dataclass(frozen=True, slots=True)
class TableName:
    """A table, with its database or without (then it is one of the session's)."""

    table: str
    database: str | None = None

    def __post_init__(self) -> None:
        """Refuse what no server can hold."""
        _held(self.table, "table")
        if self.database is not None:
            _held(self.database, "database")

    @classmethod
    def parse(cls, text: str | TableName) -> TableName:
        """Read `table`, `database.table`, or either part between backticks.

        Raises:
            InvalidName: If the text is empty or has more than two parts.
        """
        if isinstance(text, TableName):
            return text
        parts = cls._split(_held(text, "table"))
        if len(parts) == 1:
            return cls(parts[0])
        return cls(parts[1], parts[0])

    @staticmethod
    def _split(text: str) -> list[str]:
        parts: list[str] = []
        at = 0
        while match := _PART.match(text, at):
            quoted, bare = match.groups()
            parts.append(bare if quoted is None else quoted.replace("``", "`"))
            at = match.end()
            if at == len(text) and len(parts) <= 2:
                return parts
            if text[at : at + 1] != ".":
                break
            at += 1
        raise InvalidName(
            f"{safe(text)} is not the name of a table.",
            remedy="Write table or database.table; a part that holds a dot goes "
            "between backticks.",
        )

    def new(self) -> TableName:
        """Check that a table of this name may be made; gives it back.

        Raises:
            InvalidName: If it could never be dropped, or would break its database.
        """
        _printable(self.table, "table")
        if '"' in self.table:
            raise InvalidName(
                f'The name {safe(self.table)} holds a ".',
                remedy="The server could then neither show nor clone its database.",
            )
        return self

    @property
    def sql(self) -> str:
        """The quoted name."""
        if self.database is None:
            return quote(self.table)
        return f"{quote(self.database)}.{quote(self.table)}"

    def __str__(self) -> str:
        return safe(f"{self.database}.{self.table}" if self.database else self.table)


@dataclass(frozen=True, slots=True)
class Moment:
    """When to look: now, at a snapshot, or at a time of the server's clock.

    Times in the future are taken by the server and mean "whatever is there when you
    read": take them from the server or from a snapshot, never from a client's clock.
    """

    snapshot: str = ""
    """The name of a snapshot, or nothing."""
    ns: int = 0
    """Nanoseconds since 1970, UTC, or 0."""

    def __post_init__(self) -> None:
        """Fold the snapshot's name, as the server does when it takes one, only then."""
        object.__setattr__(self, "snapshot", fold(self.snapshot))

    @property
    def hint(self) -> str:
        """What follows a name in SQL, with a space before it; nothing for now."""
        if self.snapshot:
            return f" {{SNAPSHOT = {literal(self.snapshot)}}}"
        return f" {{MO_TS = {self.ns:d}}}" if self.ns else ""

    def __bool__(self) -> bool:
        return bool(self.snapshot or self.ns)

    def __str__(self) -> str:
        if self.snapshot:
            return safe(self.snapshot)
        return f"{utc(self.ns):%Y-%m-%d %H:%M:%S} UTC" if self.ns else "now"


NOW = Moment()
"""The present."""


def utc(ns: int) -> dt.datetime:
    """Nanoseconds since 1970 as an aware UTC datetime (of whole microseconds)."""
    return dt.datetime.fromtimestamp(ns // 10**9, dt.UTC).replace(
        microsecond=ns // 1000 % 10**6
    )
