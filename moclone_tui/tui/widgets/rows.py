"""The rows of a list: which are shown, in what order, which are marked.

Plain data and plain functions; `table.py` paints it. Nothing is copied per row, so a
hundred thousand rows cost nothing until they are sorted or filtered.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from operator import itemgetter
from typing import Any

from moclone_tui.tui.widgets.cells import Cell, CellLike, Column, Key, Row, text_of
from moclone_tui.tui.widgets.filtering import Term, matching, narrows, parse

_BETWEEN = "\x1f"


class Rows:
    """Rows, and a view of them: filtered, sorted, by line."""

    def __init__(self, columns: Sequence[Column]) -> None:
        self.columns = tuple(columns)
        self.view: Sequence[int] = range(0)
        """Line of the view → index of the row."""
        self.terms: tuple[Term, ...] = ()
        self.sorted_by: str | None = None
        self.reverse = False
        self._rows: list[Row] = []
        self._marks: set[Key] = set()
        self._order: Sequence[int] = range(0)
        self._texts: list[str] | None = None
        self._index: dict[Key, int] | None = None

    def __len__(self) -> int:
        return len(self._rows)

    def at(self, line: int) -> Row | None:
        """The row on a line of the view, or None beyond it."""
        return self._rows[self.view[line]] if 0 <= line < len(self.view) else None

    def get(self, key: Key) -> Row | None:
        """The row of this key, shown or not."""
        at = self._keys.get(key)
        return None if at is None else self._rows[at]

    def line_of(self, key: Key) -> int | None:
        """The line a row is on, or None if it is not shown or does not exist."""
        at = self._keys.get(key)
        if at is None:
            return None
        if isinstance(self.view, range):
            return at
        try:
            return self.view.index(at)
        except ValueError:
            return None

    @property
    def _keys(self) -> dict[Key, int]:
        if self._index is None:
            self._index = {row.key: at for at, row in enumerate(self._rows)}
        return self._index

    def column_at(self, key: str) -> int:
        """The position of a column.

        Raises:
            KeyError: If there is no such column.
        """
        for at, column in enumerate(self.columns):
            if column.key == key:
                return at
        raise KeyError(key)

    def set_rows(self, rows: Iterable[Row]) -> None:
        """Replace all rows. Sort and filter stay; marks of rows that are gone go."""
        self._rows = list(rows)
        self._texts = self._index = None
        if self._marks:
            self._marks = {key for key in self._marks if key in self._keys}
        self.sort()

    def update(self, key: Key, cells: Mapping[str, CellLike]) -> bool:
        """Replace some cells of a row; False if it does not exist (any more)."""
        at = self._keys.get(key)
        if at is None:
            return False
        row = list(self._rows[at].cells)
        for column, cell in cells.items():
            row[self.column_at(column)] = cell
        self._rows[at] = Row(key, tuple(row))
        if self._texts is not None and self.searched.intersection(cells):
            self._texts[at] = self._haystack(self._rows[at])
        return True

    # Sort and filter

    def sort(self) -> None:
        """Put the rows in order (again), then filter them."""
        self._order = range(len(self._rows))
        if self.sorted_by is not None:
            at = self.column_at(self.sorted_by)
            self._order = order([row.cells[at] for row in self._rows], self.reverse)
        self._filter(self._order)

    def filter(self, query: str) -> bool:
        """Show only rows that match; False if the query means the same as before."""
        terms = parse(query)
        if terms == self.terms:
            return False
        narrower = bool(self.terms) and narrows(terms, self.terms)
        self.terms = terms
        self._filter(self.view if narrower else self._order)
        return True

    @property
    def searched(self) -> set[str]:
        """Keys of the columns a filter looks in."""
        marked = {column.key for column in self.columns if column.search}
        return marked or {column.key for column in self.columns[:1]}

    def _filter(self, among: Sequence[int]) -> None:
        if not self.terms:
            self.view = self._order
            return
        everything = isinstance(among, range)
        self.view = matching(self._lowered(), self.terms, None if everything else among)

    def _lowered(self) -> list[str]:
        if self._texts is None:
            searched = self.searched
            places = [at for at, col in enumerate(self.columns) if col.key in searched]
            columns = [
                [
                    cell if cell.__class__ is str else text_of(cell)
                    for cell in (row.cells[at] for row in self._rows)
                ]
                for at in places
            ]
            if len(columns) == 1:
                texts = columns[0]
            else:
                texts = [_BETWEEN.join(cells) for cells in zip(*columns, strict=True)]
            self._texts = lowered(texts)
        return self._texts

    def _haystack(self, row: Row) -> str:
        searched = self.searched
        return _BETWEEN.join(
            text_of(cell)
            for column, cell in zip(self.columns, row.cells, strict=True)
            if column.key in searched
        ).lower()

    # Marks

    @property
    def marked(self) -> tuple[Key, ...]:
        """Keys of the marked rows, in the order the rows came in."""
        return tuple(sorted(self._marks, key=self._keys.__getitem__))

    @property
    def marked_in_view(self) -> tuple[Key, ...]:
        """Those of them that the filter lets through."""
        if not self._marks or not self.terms:
            return self.marked
        shown = {self._rows[at].key for at in self.view}
        return tuple(key for key in self.marked if key in shown)

    def is_marked(self, key: Key) -> bool:
        """Whether a row is marked."""
        return key in self._marks

    def mark(self, keys: Iterable[Key]) -> None:
        """Mark these rows and no others; unknown keys are left out."""
        self._marks = {key for key in keys if key in self._keys}

    def toggle(self, key: Key) -> None:
        """Mark a row, or take its mark away."""
        if key in self._keys:
            self._marks ^= {key}

    def toggle_shown(self) -> None:
        """Mark all shown rows; if all are marked already, take those marks away."""
        shown = {self._rows[at].key for at in self.view}
        if shown <= self._marks:
            self._marks -= shown
        else:
            self._marks |= shown


def lowered(texts: list[str]) -> list[str]:
    """All texts in lower case; in one go, which is several times as quick."""
    parts = "\n".join(texts).lower().split("\n")
    if len(parts) == len(texts):
        return parts
    return [text.lower() for text in texts]  # one has a line break, or there is none


def order(cells: Sequence[CellLike], reverse: bool) -> list[int]:
    """The order of rows by one column's cells: stable, unknown last either way.

    If any cell says what it is worth (`sort`), those that do not are unknown; if none
    does, texts are compared without case and empty ones are unknown.
    """
    worth: list[Any] = [cell.sort if isinstance(cell, Cell) else None for cell in cells]
    if all(value is None for value in worth):
        worth = [text or None for text in lowered([text_of(cell) for cell in cells])]
    known = [(value, at) for at, value in enumerate(worth) if value is not None]
    unknown = [at for at, value in enumerate(worth) if value is None]
    try:
        known.sort(key=itemgetter(0), reverse=reverse)
    except TypeError:  # numbers among texts, say
        known.sort(key=lambda pair: _by_type(pair[0]), reverse=reverse)
    return [at for _, at in known] + unknown


def _by_type(value: object) -> tuple[str, str]:
    return type(value).__name__, str(value)
