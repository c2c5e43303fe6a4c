"""A field that is a moment: now, a snapshot or a time; enter picks another."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.events import Click
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from moclone_tui.api import Snapshot
from moclone_tui.tui.asof import PRESENT, AsOf
from moclone_tui.tui.desk import Desk
from moclone_tui.tui.widgets.cells import fit


class When(Widget, can_focus=True):
    """Shows a moment; enter opens the list it is picked from.

    Args:
        desk: What it works at.
        fitting: Which snapshots can be picked.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,space", "pick", "Choose", show=False),
    ]
    DEFAULT_CSS = """
    When {
        height: 1;
        width: 1fr;
        background: $surface;
        &:focus { background: $primary-muted; text-style: bold; }
        &:ansi:focus { background: transparent; text-style: bold reverse; }
    }
    """

    value: reactive[AsOf] = reactive(PRESENT)
    """The moment."""

    class Changed(Message):
        """Another moment was picked."""

        def __init__(self, when: When, value: AsOf) -> None:
            super().__init__()
            self.when = when
            self.value = value

        @property
        def control(self) -> When:
            return self.when

    def __init__(
        self,
        desk: Desk,
        fitting: Callable[[Snapshot], bool] = lambda _: True,
        *,
        id: str | None = None,  # noqa: A002
    ) -> None:
        super().__init__(id=id)
        self._desk = desk
        self._fitting = fitting

    def start_with(self, value: AsOf) -> None:
        """Show a moment that nobody picked: nothing is told of it."""
        self.set_reactive(When.value, value)
        self.refresh()

    def render(self) -> Content:
        """The moment, and a sign that there is a list behind it."""
        width = max(4, self.size.width)
        words = self.value.words(self._desk.clock())
        return Content(fit(words, width - 2) + " ▾")

    def watch_value(self) -> None:
        if self.is_mounted:
            self.post_message(self.Changed(self, self.value))

    def action_pick(self) -> None:
        from moclone_tui.tui.screens.as_of import AsOfScreen

        def picked(at: AsOf | None) -> None:
            if at is not None:
                self.value = at

        screen = AsOfScreen(self._desk, self.value, self._fitting)
        self.app.push_screen(screen, picked)

    def on_click(self, event: Click) -> None:
        event.stop()
        self.action_pick()
