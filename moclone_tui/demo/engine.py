"""SQLite in memory: it evaluates one query at a time over tables loaded on demand."""

import itertools
import re
import sqlite3
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from moclone_tui.demo import functions
from moclone_tui.demo.errors import (
    SYNTAX,
    ServerError,
    invalid_input,
    not_supported,
    parse_error,
)
from moclone_tui.demo.functions import PREFIX
from moclone_tui.demo.locks import Blocked
from moclone_tui.demo.reply import ResultColumn

Call = Callable[..., Any]
Parts = Mapping[str, tuple[object, Callable[[], Iterable[Sequence[object]]]]]

PART_SIZE = 2**24
"""How many numbers for rows a part of a table has to itself."""

MAX_ROWS = 600_000
"""How many rows may stay loaded before the oldest tables are let go."""


class Engine:
    """Tables by key, and the queries over them."""

    def __init__(self, session_functions: dict[str, Call]) -> None:
        """Register the functions; those of the session are handed in."""
        self._db = sqlite3.connect(":memory:", isolation_level=None)
        self._loaded: OrderedDict[str, int] = OrderedDict()
        self._parts: dict[str, dict[str, tuple[object, int]]] = {}
        self._firsts = itertools.count(1)
        self._db.create_function("like", 2, functions.like, deterministic=True)
        for name, (call, _) in functions.PURE.items():
            self._db.create_function(PREFIX + name, -1, call, deterministic=True)
        self._refused: ServerError | Blocked | None = None
        for name, call in session_functions.items():
            self._db.create_function(PREFIX + name, -1, self._refusing(call))
        self._db.create_aggregate(f"{PREFIX}bit_xor", 1, functions.BitXor)

    def load(
        self,
        key: str,
        columns: Sequence[ResultColumn],
        rows: Callable[[], Iterable[Sequence[object]]],
    ) -> str:
        """Have a table under this key, and give the key back.

        Args:
            key: Stands for these very rows: a table of that key is not loaded twice.
            columns: Names and types.
            rows: Gives the rows, if they are needed.
        """
        if key in self._loaded:
            self._loaded.move_to_end(key)
            return key
        declared = ", ".join(f"{quote(name)} {kind.affinity}" for name, kind in columns)
        marks = ", ".join("?" * len(columns))
        with self._whole():
            self._db.execute(f"CREATE TABLE {quote(key)} ({declared})")
            added = self._db.executemany(
                f"INSERT INTO {quote(key)} VALUES ({marks})", rows()
            )
        self._loaded[key] = max(added.rowcount, 0)
        return key

    @contextmanager
    def _whole(self) -> Iterator[None]:
        """All of it or, with a value that SQLite cannot hold, nothing."""
        self._db.execute("BEGIN")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    def sync(self, key: str, columns: Sequence[ResultColumn], parts: Parts) -> str:
        """Have a table made of parts under this key, and give the key back.

        Only parts that are new, gone or no longer the same object are touched.

        Args:
            key: Stands for the table, whatever its parts are at the time.
            columns: Names and types.
            parts: By name: what a part is made of, and what gives its rows.
        """
        self.load(key, columns, lambda: ())
        there = self._parts.setdefault(key, {})
        self._db.execute("BEGIN")
        for name in [
            n for n in there if n not in parts or parts[n][0] is not there[n][0]
        ]:
            first = there.pop(name)[1]
            self._db.execute(
                f"DELETE FROM {quote(key)} WHERE rowid BETWEEN ? AND ?",
                (first, first + PART_SIZE - 1),
            )
        marks = ", ".join(["?"] * (len(columns) + 1))
        names = ", ".join(["rowid", *(quote(name) for name, _ in columns)])
        insert = f"INSERT INTO {quote(key)} ({names}) VALUES ({marks})"
        for name in parts.keys() - there.keys():
            content, rows = parts[name]
            first = next(self._firsts) * PART_SIZE
            there[name] = (content, first)
            self._db.executemany(
                insert, ((first + n, *row) for n, row in enumerate(rows()))
            )
        self._db.execute("COMMIT")
        self._loaded[key] = self._db.execute(
            f"SELECT count(*) FROM {quote(key)}"
        ).fetchone()[0]
        return key

    def run(self, sql: str) -> list[tuple[object, ...]]:
        """Run a query in SQLite's own words.

        Raises:
            ServerError: If SQLite refuses it.
        """
        self._refused = None
        try:
            return self._db.execute(sql).fetchall()
        except (sqlite3.Error, sqlite3.Warning) as error:
            raise self._refused or _translated(error) from error

    def _refusing(self, call: Call) -> Call:
        """Keep what a function refuses with: SQLite only tells that it did."""

        def called(*arguments: object) -> object:
            try:
                return call(*arguments)
            except (ServerError, Blocked) as error:
                self._refused = error
                raise

        return called

    def trim(self) -> None:
        """Let go of tables that have not been used for long."""
        while sum(self._loaded.values()) > MAX_ROWS and len(self._loaded) > 1:
            key, _ = self._loaded.popitem(last=False)
            self._parts.pop(key, None)
            self._db.execute(f"DROP TABLE {quote(key)}")

    def forget(self, key: str) -> None:
        """Let go of one table, whose rows hold for one statement only."""
        if self._loaded.pop(key, None) is not None:
            self._db.execute(f"DROP TABLE {quote(key)}")


def quote(name: str) -> str:
    """A name as SQLite quotes it."""
    return '"' + name.replace('"', '""') + '"'


def _translated(error: Exception) -> ServerError:
    message = str(error)
    if found := re.match(r"no such column: (?:.*\.)?(.+)", message):
        return invalid_input(f"column {found[1]} does not exist")
    if found := re.match(r"ambiguous column name: (?:.*\.)?(.+)", message):
        return invalid_input(f"ambiguous column reference '{found[1]}'")
    if found := re.match(r"no such function: (.+)", message):
        name = found[1].lower().removeprefix(PREFIX)
        return not_supported(f"function {name}()")
    if "syntax error" in message or message == "incomplete input":
        return parse_error(f"{SYNTAX}{message}")
    return not_supported(message)
