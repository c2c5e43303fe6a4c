"""The lines of the frame that every view stands in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.events import Click
from textual.message import Message
from textual.reactive import reactive
from textual.widgets import Static

from moclone_tui.tui.commands import Command


class Line(Static):
    """One line of text that is never markup."""

    DEFAULT_CSS = """
    Line { height: 1; width: 1fr; text-wrap: nowrap; text-overflow: ellipsis; }
    """

    def __init__(
        self,
        content: Content | str = "",
        *,
        id: str | None = None,  # noqa: A002
        classes: str | None = None,
    ) -> None:
        super().__init__(content, id=id, classes=classes, markup=False)


class Tab(Static):
    """A word in a line of tabs; a click goes there."""

    class Chosen(Message):
        """The word was clicked."""

        def __init__(self, tab: Tab) -> None:
            super().__init__()
            self.tab = tab

    def __init__(self, name: str, label: str) -> None:
        super().__init__(label, markup=False)
        self.target = name

    def on_click(self, event: Click) -> None:
        event.stop()
        self.post_message(self.Chosen(self))


class TabLine(Horizontal):
    """Tabs on a line; the active one stands out by more than its colour.

    Args:
        tabs: Their names and what they are called.
    """

    DEFAULT_CSS = """
    TabLine {
        height: 1;
        & > Tab { width: auto; padding: 0 1; color: $foreground-muted; }
        & > Tab.-active {
            color: $text-primary;
            text-style: bold underline;
        }
        & > Tab:hover { color: $foreground; }
    }
    """

    active: reactive[str] = reactive("")
    """The name of the active tab."""

    class Changed(Message):
        """Another tab is active."""

        def __init__(self, line: TabLine, name: str) -> None:
            super().__init__()
            self.line = line
            self.tab = name

        @property
        def control(self) -> TabLine:
            return self.line

    def __init__(
        self,
        tabs: Sequence[tuple[str, str]],
        *,
        id: str | None = None,  # noqa: A002
    ) -> None:
        super().__init__(id=id)
        self._tabs = tuple(tabs)
        self.set_reactive(TabLine.active, tabs[0][0])

    def compose(self) -> ComposeResult:
        for name, label in self._tabs:
            tab = Tab(name, label)
            tab.set_class(name == self.active, "-active")
            yield tab

    @property
    def names(self) -> tuple[str, ...]:
        """The names, from left to right."""
        return tuple(name for name, _ in self._tabs)

    def step(self, by: int) -> None:
        """Go to the tab beside."""
        names = self.names
        self.active = names[(names.index(self.active) + by) % len(names)]

    def watch_active(self) -> None:
        for tab in self.query(Tab):
            tab.set_class(tab.target == self.active, "-active")
        if self.is_mounted:
            self.post_message(self.Changed(self, self.active))

    @on(Tab.Chosen)
    def _chosen(self, event: Tab.Chosen) -> None:
        event.stop()
        self.active = event.tab.target


class KeyLine(Line):
    """The keys that work here and now, the most useful first."""

    DEFAULT_CSS = """
    KeyLine { background: $footer-background; padding: 0 1; }
    """

    def show(self, commands: Iterable[tuple[Command, bool]]) -> None:
        """Show commands, those that cannot run now greyed."""
        parts: list[tuple[str, str]] = []
        for command, possible in commands:
            tone = "$footer-key-foreground" if possible else "$foreground-disabled"
            said = "$footer-description-foreground" if possible else tone
            parts += [(command.shown, f"bold {tone}"), (f" {command.label}  ", said)]
        self.update(Content.assemble(*parts))
