"""The Rows tab: the rows of a table at a moment, a page at a time, in key order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.cells import cell_len
from textual import on
from textual.app import ComposeResult

from moclone_tui import text
from moclone_tui.api import Client
from moclone_tui.api.paging import (
    Page,
    PageRow,
    Value,
    first_page,
    next_page,
    whole_row,
)
from moclone_tui.tui import render
from moclone_tui.tui.reader import Answered
from moclone_tui.tui.render import Facts
from moclone_tui.tui.widgets.cells import Cell, Column, Row
from moclone_tui.tui.widgets.detail_lists import ListTab
from moclone_tui.tui.widgets.detail_tab import Subject
from moclone_tui.tui.widgets.frame import Line
from moclone_tui.tui.widgets.table import TableList

_MOST = 10_000
"""How many rows are kept to scroll in; more of them are for a query."""
_WIDEST = 32
"""Cells that a column takes at most."""


class RowsTab(ListTab):
    """Rows as they come; the next page comes where the list ends."""

    NAME, LABEL = "rows", "Rows"
    COLUMNS = (Column("value", ""),)
    DEFAULT_CSS = """
    RowsTab > Line { color: $foreground-muted; padding: 0 1; }
    """

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._says = Line()
        self._page: Page | None = None
        self._rows: list[PageRow] = []
        self._reading = False

    def compose(self) -> ComposeResult:
        yield self._says
        yield self.table

    def why_not(self, subject: Subject) -> str:
        if subject.table is not None and not subject.has_rows:
            return "A sequence has no rows."
        return super().why_not(subject)

    def blank(self, words: str) -> None:
        self._page, self._rows, self._reading = None, [], False
        self._says.update("")
        super().blank(words)

    def read(self, client: Client, subject: Subject) -> Page:
        return first_page(client, subject.name, subject.at.moment)

    def came(self, subject: Subject, value: Page) -> None:  # noqa: ARG002
        self._page, self._rows, self._reading = value, list(value.rows), False
        self.table.error = ""
        self.table.empty = "No rows"
        rows = _lines(value.rows, 0)
        self.table.set_columns(_columns(value, rows), rows)
        self._say()

    def sql(self) -> str:
        return self._page.statement if self._page else ""

    def _say(self) -> None:
        page = self._page
        if page is None:
            return
        keys = [each for each in page.key if not each.startswith("__mo_")]
        order = (
            f"in the order of {', '.join(keys)}" if keys else "as the server has them"
        )
        many = text.count(len(self._rows))
        if page.more and len(self._rows) >= _MOST:
            words = f"the first {many} rows, {order} · Y copies the SQL for more"
        elif page.more:
            words = f"the first {many} rows, {order} · more below"
        else:
            words = f"{text.plural(len(self._rows), 'row')}, {order}"
        self._says.update(text.safe(words))

    @on(TableList.Highlighted)
    def _moved(self, event: TableList.Highlighted) -> None:
        event.stop()
        page, near = self._page, self.table.cursor >= self.table.shown - 20
        if page is None or not page.more or self._reading or not near:
            return
        if len(self._rows) < _MOST and not self.table.is_filtered:
            self._reading = True
            self.ask("more", lambda client: next_page(client, page))

    def more_came(self, event: Answered) -> None:
        if event.topic == "row":
            self._row_came(event)
            return
        self._reading = False
        if event.error is not None:
            words = render.one_line(event.error)
            self.notify(words, severity="error", markup=False)
            return
        page: Page = event.value
        self._page = page
        self._rows += page.rows
        self.table.set_rows(_lines(self._rows, 0))
        self._say()

    @on(TableList.Selected)
    def _chosen(self, event: TableList.Selected) -> None:
        """Show a row whole, its long values read anew."""
        event.stop()
        page = self._page
        if page is not None and isinstance(event.key, tuple):
            row = self._rows[int(str(event.key[0]))]
            self.ask("row", lambda client: whole_row(client, page, row))

    def _row_came(self, event: Answered) -> None:
        if event.error is not None:
            words = render.one_line(event.error)
            self.notify(words, severity="error", markup=False)
        elif self._page is not None:
            pairs = zip(self._page.columns, event.value.values, strict=False)
            facts = tuple((column.name, _whole(value)) for column, value in pairs)
            self.open("Row", Facts(facts))


def _columns(page: Page, rows: Sequence[Row]) -> list[Column]:
    """The columns of the list, as wide as what is in them."""
    widths = [cell_len(text.safe(each.name)) for each in page.columns]
    for row in rows:
        for at, cell in enumerate(row.cells):
            if isinstance(cell, Cell):
                widths[at] = max(widths[at], min(_WIDEST, cell_len(cell.text)))
    return [
        Column(
            str(at),
            text.safe(each.name),
            width=min(_WIDEST, max(4, widths[at])),
            align="right" if _is_number(each.type) else "left",
            search=True,
        )
        for at, each in enumerate(page.columns)
    ]


def _is_number(kind: str) -> bool:
    return kind.startswith(
        ("int", "bigint", "smallint", "tinyint", "decimal", "double", "float")
    )


def _lines(rows: Sequence[PageRow], first: int) -> list[Row]:
    return [
        Row((at,), tuple(map(_cell, row.values))) for at, row in enumerate(rows, first)
    ]


def _cell(value: Value) -> Cell:
    """A value in its place: NULL and bytes are told from texts that look like them."""
    if value.text is None:
        return Cell("NULL", "muted")
    if value.binary:
        return Cell(f"0x{value.text}{'…' if value.cut else ''}", "accent")
    return Cell(value.text + ("…" if value.cut else ""), sort=_worth(value.text))


def _worth(text_: str) -> object:
    """What a value is sorted by: numbers as such."""
    try:
        return float(text_)
    except ValueError:
        return text_


def _whole(value: Value) -> str:
    """A value in the viewer, with what there is to say of it."""
    if value.text is None:
        return "NULL"
    if value.binary:
        more = f" … {text.plural(value.length or 0, 'byte')}" if value.cut else ""
        return f"0x{value.text}{more}"
    more = f" … {text.plural(value.length or 0, 'character')}" if value.cut else ""
    return value.text + more if value.text or more else '""'
