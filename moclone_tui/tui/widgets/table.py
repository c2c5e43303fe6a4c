"""The app's long list: columns, cursor, marks, sort and filter over plain data.

    columns = [
        Column("name", "name", min=12, search=True),
        Column("rows", "rows", width=9, align="right"),
    ]
    table = TableList(columns, empty="No tables yet · c clones some here")
    table.set_rows([Row("orders", ("orders", Cell("…", "muted")))])
    table.update_cells("orders", {"rows": Cell("12,000", sort=12_000)})  # came later
    table.filter("ord !tmp")
    table.sort_by("rows", reverse=True)

Only lines in sight are painted, so a hundred thousand rows open at once. Cell text may
be anything: it is made safe, never read as markup, and cut to its column.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip

from moclone_tui.tui.widgets.cells import Cell, CellLike, Column, Key, Row, Tone
from moclone_tui.tui.widgets.line_list import LineList
from moclone_tui.tui.widgets.painting import Glyphs, Painter
from moclone_tui.tui.widgets.rows import Rows

__all__ = ["Cell", "CellLike", "Column", "Key", "Row", "TableList"]


class TableList(LineList):
    """A list of rows in columns, of any length.

    Args:
        columns: What it shows, from left to right.
        empty: What would be here, and the key that puts it there.
        markable: Whether space marks rows.
        glyphs: The signs it draws with; `painting.ASCII` for poor fonts.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("l", "choose", "Open", show=False),
        Binding("space", "mark", "Mark", show=False),
        Binding("asterisk", "mark_all", "Mark all shown", show=False),
        Binding("s", "cycle_sort", "Sort by the next column", show=False),
        Binding("S", "reverse_sort", "Sort the other way round", show=False),
    ]
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"tablelist--{part}" for part in ("header", "marked", "match")
    }
    DEFAULT_CSS = """
    TableList {
        & > .tablelist--header { color: $foreground-muted; }
        &:focus > .tablelist--header { color: $text-primary; text-style: bold; }
        & > .tablelist--marked { color: $text-accent; }
        & > .tablelist--match { color: $text-primary; text-style: bold underline; }
        &:ansi > .tablelist--header { color: ansi_default; text-style: dim; }
        &:ansi:focus > .tablelist--header { text-style: bold; }
        &:ansi > .tablelist--marked { text-style: bold; }
    }
    """
    header_height = 1

    empty: reactive[str] = reactive("")
    """Painted when there are no rows: what would be here, and how to get it."""
    pending: reactive[str] = reactive("")
    """Painted instead while rows are on their way: "loading…"."""
    error: reactive[str] = reactive("")
    """Painted instead when rows could not be had: what happened, why, what to do."""

    class _Told(Message):
        """A message about one list."""

        def __init__(self, table: TableList) -> None:
            super().__init__()
            # Whoever made the list change, the list tells: Textual stops a message
            # at the parent that sent it.
            self.set_sender(table)
            self.table = table

        @property
        def control(self) -> TableList:
            return self.table

    class Highlighted(_Told):
        """The cursor came to another row, or there is none now (`key` is None)."""

        def __init__(self, table: TableList, key: Key | None) -> None:
            super().__init__(table)
            self.key = key

    class Selected(_Told):
        """A row was chosen: by enter, `l`, a double click, a click under the cursor."""

        def __init__(self, table: TableList, key: Key) -> None:
            super().__init__(table)
            self.key = key

    class MarksChanged(_Told):
        """Rows were marked, or marks taken away."""

    class ViewChanged(_Told):
        """Other rows are shown, or in another order: see `shown` and `total`."""

    def __init__(
        self,
        columns: Sequence[Column],
        *,
        empty: str = "",
        markable: bool = True,
        glyphs: Glyphs | None = None,
        name: str | None = None,
        id: str | None = None,  # noqa: A002
        classes: str | None = None,
    ) -> None:
        self._data = Rows(columns)
        self._painter = Painter(columns, glyphs or Glyphs(), markable=markable)
        self.mark_at = 1 if markable else None
        self._anchor: Key | None = None
        self._told: Key | None = None
        super().__init__(name=name, id=id, classes=classes)
        self.set_reactive(TableList.empty, empty)

    # Rows

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns, from left to right."""
        return self._data.columns

    @property
    def total(self) -> int:
        """How many rows there are."""
        return len(self._data)

    @property
    def shown(self) -> int:
        """How many rows the filter lets through."""
        return len(self._data.view)

    @property
    def line_total(self) -> int:
        return len(self._data.view)

    def set_rows(self, rows: Iterable[Row]) -> None:
        """Replace all rows; cursor, marks, sort and filter stay, by key.

        The marks of rows that are gone are forgotten: a namesake that comes later
        is not marked.
        """
        marks = len(self._data.marked)
        self._data.set_rows(rows)
        self._view_changed()
        if marks != len(self._data.marked):
            self.post_message(self.MarksChanged(self))

    def set_columns(self, columns: Sequence[Column], rows: Iterable[Row]) -> None:
        """Show other columns, with rows made for them; the filter stays."""
        old = self._data
        self._data = Rows(columns)
        self._data.terms = old.terms
        if old.sorted_by in {column.key for column in columns}:
            self._data.sorted_by, self._data.reverse = old.sorted_by, old.reverse
        self._data.set_rows(rows)
        self._data.mark(old.marked)
        self._painter.columns = self._data.columns
        self._view_changed()

    def update_cells(self, key: Key, cells: Mapping[str, CellLike]) -> bool:
        """Replace some cells of a row, by column; nothing moves until `resort()`.

        Returns:
            False if there is no such row (any more).
        """
        if not self._data.update(key, cells):
            return False
        for line in self.lines_in_sight:
            row = self._data.at(line)
            if row is not None and row.key == key:
                self.repaint(line)
        return True

    def row(self, key: Key) -> Row | None:
        """The row of a key, shown or not."""
        return self._data.get(key)

    def keys_in_sight(self) -> tuple[Key, ...]:
        """The rows on screen, top to bottom: what is worth loading first."""
        rows = (self._data.at(line) for line in self.lines_in_sight)
        return tuple(row.key for row in rows if row is not None)

    @property
    def keys_in_view(self) -> tuple[Key, ...]:
        """The rows that the filter lets through, in their order."""
        return tuple(row.key for row in map(self._data.at, range(self.shown)) if row)

    # Cursor

    @property
    def cursor_key(self) -> Key | None:
        """The key of the row under the cursor."""
        row = self._data.at(self.cursor)
        return None if row is None else row.key

    def move_to(self, key: Key) -> bool:
        """Put the cursor on a row; False if it is not shown."""
        if (line := self._data.line_of(key)) is None:
            return False
        self.pick(line)
        return True

    def pick(self, line: int) -> None:
        """Move the cursor and remember the row: the cursor comes back to it."""
        self.cursor = line
        self._anchor = self.cursor_key

    def watch_cursor(self, old: int, new: int) -> None:
        super().watch_cursor(old, new)
        self._tell_cursor()

    def _tell_cursor(self) -> None:
        if (key := self.cursor_key) != self._told:
            self._told = key
            self.post_message(self.Highlighted(self, key))

    def action_choose(self) -> None:
        if (key := self.cursor_key) is not None:
            self._anchor = key
            self.post_message(self.Selected(self, key))

    # Sort and filter

    @property
    def sort_column(self) -> str | None:
        """The column rows are sorted by; None is the order they came in."""
        return self._data.sorted_by

    @property
    def sort_reverse(self) -> bool:
        """Whether the greatest comes first."""
        return self._data.reverse

    def sort_by(self, column: str | None, reverse: bool = False) -> None:
        """Sort by a column; None goes back to the order the rows came in.

        Raises:
            KeyError: If there is no such column.
        """
        if column is not None:
            self._data.column_at(column)
        self._data.sorted_by, self._data.reverse = column, reverse
        self.resort()

    def resort(self) -> None:
        """Sort and filter again, for cells that have changed since."""
        self._data.sort()
        self._view_changed()

    def action_cycle_sort(self) -> None:
        """Sort by the next column; after the last, by none."""
        keys = [None, *(column.key for column in self.columns)]
        self.sort_by(keys[(keys.index(self.sort_column) + 1) % len(keys)])

    def action_reverse_sort(self) -> None:
        """Put the greatest first, or last again."""
        self.sort_by(self.sort_column or self.columns[0].key, not self.sort_reverse)

    def filter(self, query: str) -> None:
        """Show only matching rows: `word word`, `!word` without it, `~abc` fuzzy."""
        if self._data.filter(query):
            self._view_changed()

    @property
    def is_filtered(self) -> bool:
        """Whether a filter is on."""
        return bool(self._data.terms)

    def _view_changed(self) -> None:
        """Put the cursor back on its row, or on the first, and paint all."""
        line = None if self._anchor is None else self._data.line_of(self._anchor)
        if line is None and not self.is_filtered:
            line = self.cursor  # the row is gone: its neighbour takes its place
        self.lines_changed()
        self.cursor = line or 0
        if not self.is_filtered:
            self._anchor = self.cursor_key
        self.show_cursor()
        self._tell_cursor()
        self.post_message(self.ViewChanged(self))

    # Marks

    @property
    def marked(self) -> tuple[Key, ...]:
        """The marked rows, in the order the rows came in; hidden ones too."""
        return self._data.marked

    @property
    def marked_in_view(self) -> tuple[Key, ...]:
        """Those of them that the filter lets through: what keys may act on."""
        return self._data.marked_in_view

    def mark(self, keys: Iterable[Key]) -> None:
        """Mark these rows and no others."""
        self._data.mark(keys)
        self._marks_changed()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action in ("mark", "mark_all"):
            return self._painter.markable
        return super().check_action(action, parameters)

    def action_mark(self) -> None:
        self.toggle_mark(self.cursor)

    def action_mark_all(self) -> None:
        self._data.toggle_shown()
        self._marks_changed()

    def toggle_mark(self, line: int) -> None:
        row = self._data.at(line)
        if row is not None:
            self._data.toggle(row.key)
            self._marks_changed(line)

    def _marks_changed(self, line: int | None = None) -> None:
        self.refresh() if line is None else self.repaint(line)
        self.post_message(self.MarksChanged(self))

    # Mouse

    def header_clicked(self, x: int) -> None:
        column = self._painter.column_at(x, self.scroll_offset.x)
        if column is not None:
            again = column.key == self.sort_column
            self.sort_by(column.key, again and not self.sort_reverse)

    # Painting

    def lines_changed(self) -> None:
        self._painter.place(self.room.width)
        super().lines_changed()

    @property
    def content_width(self) -> int:
        return max(self.room.width, self._painter.width)

    def paint_header(self, width: int) -> Strip:
        style = self.line_style("tablelist--header")
        if not self._painter.spans:
            return Strip.blank(width, style)
        body = self._painter.header(self.sort_column, self.sort_reverse, style)
        line = self._line(" " * self._painter.gutter, body, width, style)
        at = self.scroll_offset.x
        return self._painter.more(
            line, left=at > 0, right=at < self.max_scroll_x, style=style
        )

    def paint(self, line: int, width: int) -> Strip:
        row = self._data.at(line)
        if row is None or not self._painter.spans:
            return Strip.blank(width, self.rich_style)
        marked = self._data.is_marked(row.key)
        names = ["tablelist--marked"] if marked else []
        if line == self.cursor:
            names.append("linelist--cursor")
        style = self.line_style(*names)
        body = self._painter.cells(row, style, lambda tone: self.toned(style, tone))
        if self._data.terms:
            match = self.component("tablelist--match")
            body = self._painter.lit(body, self._data.searched, self._data.terms, match)
        signs = self._painter.signs(cursor=line == self.cursor, marked=marked)
        return self._line(signs, body, width, style)

    def _line(self, signs: str, body: list[Segment], width: int, style: Style) -> Strip:
        return self._painter.line(signs, body, self.scroll_offset.x, width, style)

    def paint_beyond(self, y: int, width: int) -> Strip:
        blank = self.rich_style
        text, tone = self._instead()
        return self._painter.words(text, y - 1, width, self.toned(blank, tone), blank)

    def _instead(self) -> tuple[str, Tone]:
        """What to say when there are no rows to show."""
        if self.line_total:
            return "", ""
        if self.error:
            return self.error, "bad"
        if self.pending:
            return self.pending, "muted"
        if self.total:
            return "Nothing matches the filter · esc clears it", "muted"
        return self.empty, "muted"
