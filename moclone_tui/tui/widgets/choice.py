"""A field whose value is picked from a list of any length, with a filter."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.events import Click
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from moclone_tui.text import safe
from moclone_tui.tui.widgets.cells import Column, Key, Row, fit


class Choice(Widget, can_focus=True):
    """Shows one value; enter opens the list it is picked from.

    Args:
        title: What is picked, for the list's title.
        columns: The columns of the list.
        empty: What the list says when there is nothing to pick.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,space", "pick", "Choose", show=False),
    ]
    DEFAULT_CSS = """
    Choice {
        height: 1;
        width: 1fr;
        background: $surface;
        &:focus { background: $primary-muted; text-style: bold; }
        &:ansi:focus { background: transparent; text-style: bold reverse; }
    }
    """

    value: reactive[Key | None] = reactive(None)
    """The key of what is picked."""

    class Changed(Message):
        """Something else was picked."""

        def __init__(self, choice: Choice, value: Key | None) -> None:
            super().__init__()
            self.choice = choice
            self.value = value

        @property
        def control(self) -> Choice:
            return self.choice

    def __init__(
        self,
        title: str,
        columns: Sequence[Column],
        *,
        empty: str = "Nothing to choose from",
        id: str | None = None,  # noqa: A002
    ) -> None:
        super().__init__(id=id)
        self.title_text = title
        self.columns = tuple(columns)
        self.empty = empty
        self.rows: tuple[Row, ...] = ()
        self._label: Callable[[Key | None], str] = lambda key: str(key or "")

    def offer(
        self,
        rows: Sequence[Row],
        label: Callable[[Key | None], str] | None = None,
    ) -> None:
        """Say what there is to pick from, and how a picked key is shown."""
        self.rows = tuple(rows)
        self._label = label or self._label
        self.refresh()

    def render(self) -> Content:
        """The value, and a sign that there is a list behind it."""
        width = max(4, self.size.width)
        return Content(fit(safe(self._label(self.value)), width - 2) + " ▾")

    def start_with(self, value: Key | None) -> None:
        """Show a value that nobody picked: nothing is told of it."""
        self.set_reactive(Choice.value, value)
        self.refresh()

    def watch_value(self) -> None:
        if self.is_mounted:
            self.post_message(self.Changed(self, self.value))

    def action_pick(self) -> None:
        from moclone_tui.tui.screens.pick import PickScreen

        def picked(key: Key | None) -> None:
            if key is not None:
                self.value = key

        self.app.push_screen(
            PickScreen(
                self.title_text, self.columns, self.rows, self.value, empty=self.empty
            ),
            picked,
        )

    def on_click(self, event: Click) -> None:
        event.stop()
        self.action_pick()
