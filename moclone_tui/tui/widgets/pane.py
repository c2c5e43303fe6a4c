"""A pane: a line that says what it shows, and that below it."""

from __future__ import annotations

from typing import ClassVar, Protocol

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from moclone_tui.text import safe
from moclone_tui.tui.widgets.frame import Line


class Pane(Vertical):
    """A title and a body; the title of the pane with the focus stands out.

    Args:
        *bodies: What is below the title.
    """

    DEFAULT_CSS = """
    Pane {
        height: 1fr;
        & > .title { color: $foreground-muted; padding: 0 1; }
        &:focus-within > .title {
            color: $text-primary;
            text-style: bold;
            background: $surface;
        }
        &:ansi:focus-within > .title { text-style: bold underline; }
    }
    """

    def __init__(self, *bodies: Widget, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._title = Line(classes="title")
        self._bodies = bodies

    def compose(self) -> ComposeResult:
        yield self._title
        yield from self._bodies

    def say(self, title: str) -> None:
        """Set the title."""
        self._title.update(safe(title))


class Fitting(Protocol):
    """A text that lays itself out for a width."""

    def fit(self, width: int, /) -> Content:
        """Lay it out in so many cells."""


class Reading(VerticalScroll, can_focus=True):
    """Text to read: scrolls by the keys of the lists, wraps at its width."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j", "scroll_down", "Down", show=False),
        Binding("k", "scroll_up", "Up", show=False),
        Binding("g", "scroll_home", "Top", show=False),
        Binding("G", "scroll_end", "Bottom", show=False),
        Binding("ctrl+d", "page_down", "Page down", show=False),
        Binding("ctrl+u", "page_up", "Page up", show=False),
    ]
    DEFAULT_CSS = """
    Reading {
        padding: 0 1;
        scrollbar-size: 0 1;
        & > Static { width: 1fr; height: auto; }
    }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._text = Static("", markup=False)
        self._content: Content | Fitting | str = ""

    def compose(self) -> ComposeResult:
        yield self._text

    def show(self, content: Content | Fitting | str, *, stay: bool = False) -> None:
        """Show a text; a str has to be fit to show.

        Args:
            content: The text.
            stay: Whether it is the same with more in it: then nothing scrolls.
        """
        self._content = content
        self._lay_out()
        if not stay:
            self.scroll_home(animate=False)

    def on_resize(self) -> None:
        self._lay_out()

    def _lay_out(self) -> None:
        content = self._content
        width = self.scrollable_content_region.width
        if not isinstance(content, Content | str):
            content = content.fit(width)
        self._text.update(content)
