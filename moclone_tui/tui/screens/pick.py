"""A list to pick one thing from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen

from moclone_tui.tui.widgets.cells import Column, Key, Row
from moclone_tui.tui.widgets.filter_list import FilterList
from moclone_tui.tui.widgets.table import TableList


class PickScreen(ModalScreen[Key | None]):
    """Pick one row, or none with esc.

    Args:
        title: What is picked.
        columns: The list's columns.
        rows: What there is.
        value: Where the cursor starts.
        empty: What to say if there is nothing.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "leave", "Back", show=False),
    ]
    DEFAULT_CSS = """
    PickScreen {
        align: center middle;
        & > Vertical {
            width: 76;
            max-width: 95%;
            height: 80%;
            border: round $border;
            border-title-color: $text-primary;
            border-subtitle-color: $foreground-muted;
            padding: 0 1;
            background: $background;
        }
    }
    """

    def __init__(
        self,
        title: str,
        columns: Sequence[Column],
        rows: Sequence[Row],
        value: Key | None,
        *,
        empty: str,
    ) -> None:
        super().__init__()
        self._title = title
        self._rows = rows
        self._value = value
        self._list = FilterList(TableList(columns, empty=empty, markable=False))

    def compose(self) -> ComposeResult:
        with Vertical() as box:
            box.border_title = self._title
            box.border_subtitle = "enter choose · / filter · esc back"
            yield self._list

    def on_mount(self) -> None:
        table = self._list.table
        table.set_rows(self._rows)
        if self._value is not None:
            table.move_to(self._value)
        table.focus()

    @on(TableList.Selected)
    def _picked(self, event: TableList.Selected) -> None:
        event.stop()
        self.dismiss(event.key)

    def action_leave(self) -> None:
        self.dismiss(None)
