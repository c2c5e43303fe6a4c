"""The rows of a table, a page at a time: in the order of its key, long values cut.

A page begins behind the last row of the one before, by key: page 10,000 costs what page
1 does. Values are cut by the server, so that a column of films does not come over.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from moclone_tui.api import browse_sql
from moclone_tui.api._connected import Connected
from moclone_tui.api.models import Column
from moclone_tui.api.names import NOW, Moment, TableName, quote
from moclone_tui.errors import QueryError

PAGE = 200
"""Rows a page has."""
SHORT = 120
"""Characters of a value that a page shows."""
LONG = 20_000
"""Characters of a value when its row is looked at alone."""

_TEXTS = ("char", "varchar", "text", "tinytext", "mediumtext", "longtext", "enum",
          "set", "datalink")  # fmt: skip
_BYTES = ("binary", "varbinary", "blob", "tinyblob", "mediumblob", "longblob", "bit")
_VECTORS = ("vecf32", "vecf64")
_DIMENSIONS = 16
"""How many numbers of a vector a page shows."""
_UNORDERED = ("float", "double", "enum", "set", "json", *_VECTORS)
"""Types that a page cannot begin behind a value of."""


@dataclass(frozen=True, slots=True)
class Value:
    """A value of a row, as far as it was read."""

    text: str | None
    """None is NULL; of bytes the hexadecimal digits. Not yet fit to show."""
    length: int | None = None
    """How long it is: characters, bytes or dimensions; None if that is not asked."""
    binary: bool = False

    @property
    def cut(self) -> bool:
        """Whether there is more of it than was read."""
        if self.text is None or self.length is None:
            return False
        return self.length > len(self.text) // (2 if self.binary else 1)


@dataclass(frozen=True, slots=True)
class PageRow:
    """A row of a page."""

    values: tuple[Value, ...]
    key: tuple[object, ...] = ()
    """What finds it again; empty if the table has no key that can."""


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows of a table, and what reads the next ones."""

    table: TableName
    columns: tuple[Column, ...]
    at: Moment
    key: tuple[str, ...]
    """The columns it is ordered by; empty if the server's order is all there is."""
    by_key: bool
    """Whether the next page begins behind a key, not after a number of rows."""
    rows: tuple[PageRow, ...] = ()
    start: int = 0
    """How many rows came before."""
    more: bool = True
    """Whether there may be more rows."""
    statement: str = ""
    """What was sent."""


def first_page(client: Connected, table: TableName, at: Moment = NOW) -> Page:
    """The first rows of a table or view.

    Raises:
        NotFound: It is not there (then).
        PermissionDenied: The login may not read it.
    """
    columns = tuple(client.metadata.columns(table, at))
    types = {each.name: _type(each) for each in columns}
    key = tuple(each.name for each in columns if each.key == "PRI")
    if len(key) > 1:  # the order of the key's columns is the index's, not the table's
        found = client.metadata.indexes(table, at)
        key = next((each.columns for each in found if each.name == "PRIMARY"), key)
    by_key = bool(key) and not any(types.get(each) in _UNORDERED for each in key)
    page = Page(table, columns, at, key, by_key)
    if key:
        return next_page(client, page)
    try:
        ordered = replace(page, key=(browse_sql.FAKE_KEY,), by_key=True)
        return next_page(client, ordered)
    except QueryError:  # a view, say: it has rows, and no order
        return next_page(client, page)


def next_page(client: Connected, page: Page) -> Page:
    """The rows behind those of a page.

    Raises:
        NotFound: The table is gone.
    """
    last = page.rows[-1].key if page.rows else ()
    behind = page.by_key and bool(last)
    start = page.start + len(page.rows)
    statement = browse_sql.page(
        page.table,
        _values(page, SHORT),
        page.at,
        key=page.key,
        where=">" if behind else "",
        limit=PAGE + 1,
        offset=0 if page.by_key else start,
    )
    rows = client.execute(statement, last if behind else ()).rows
    return replace(
        page,
        rows=tuple(_row(page, row) for row in rows[:PAGE]),
        start=start,
        more=len(rows) > PAGE,
        statement=statement,
    )


def whole_row(client: Connected, page: Page, row: PageRow) -> PageRow:
    """A row with more of its long values, if it can be found again by its key.

    Raises:
        NotFound: The table is gone.
    """
    if not page.by_key or not any(each.cut for each in row.values):
        return row
    statement = browse_sql.page(
        page.table, _values(page, LONG), page.at, key=page.key, where="=", limit=1
    )
    found = client.execute(statement, row.key).rows
    return _row(page, found[0]) if found else row


def _values(page: Page, width: int) -> list[str]:
    """What is read of a row: of each column the value and its length, then the key."""
    read = [part for each in page.columns for part in _read(each, width)]
    return read + (list(map(browse_sql.key_part, page.key)) if page.by_key else [])


def _read(column: Column, width: int) -> tuple[str, str]:
    name, kind = quote(column.name), _type(column)
    if kind in _TEXTS:
        return f"LEFT({name}, {width:d})", f"CHAR_LENGTH({name})"
    if kind == "json":
        text = f"CAST({name} AS CHAR)"
        return f"LEFT({text}, {width:d})", f"CHAR_LENGTH({text})"
    if kind == "bit":
        return f"HEX({name})", "NULL"
    if kind in _BYTES:  # LEFT of bytes makes others of what is no UTF-8
        return f"LEFT(HEX({name}), {width // 2 * 2:d})", f"LENGTH({name})"
    return name, "NULL"


def _row(page: Page, cells: Sequence[object]) -> PageRow:
    pairs = zip(cells[::2], cells[1::2], strict=False)
    values = tuple(
        _value(column, text, length)
        for column, (text, length) in zip(page.columns, pairs, strict=False)
    )
    key = tuple(cells[2 * len(page.columns) :])
    return PageRow(values, key)


def _value(column: Column, text: object, length: object) -> Value:
    if text is None:
        return Value(None)
    shown = text.hex().upper() if isinstance(text, bytes) else str(text)
    if _type(column) in _VECTORS:
        numbers = shown.strip("[]").split(",")
        if len(numbers) > _DIMENSIONS:
            shown = f"[{','.join(numbers[:_DIMENSIONS])}, … {len(numbers):,} numbers]"
    binary = isinstance(text, bytes) or _type(column) in _BYTES
    return Value(shown, None if length is None else int(str(length)), binary)


def _type(column: Column) -> str:
    return column.type.partition("(")[0].partition(" ")[0].lower()
