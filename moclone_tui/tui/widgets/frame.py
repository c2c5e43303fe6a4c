"""The lines of the frame that every view stands in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.cells import cell_len
from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.events import Click
from textual.message import Message
from textual.reactive import reactive
from textual.widgets import Static

from moclone_tui.text import safe
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
    """The keys that work here and now, the most useful first, and what they are for.

    As many as there is room for; the last ones (`always`) are always there.
    """

    DEFAULT_CSS = """
    KeyLine { background: $footer-background; padding: 0 1; }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._commands: tuple[tuple[Command, bool], ...] = ()
        self._always = 0
        self._note = ""

    def show(
        self, commands: Iterable[tuple[Command, bool]], always: int, note: str
    ) -> None:
        """Show commands, those that cannot run now greyed.

        Args:
            commands: Each, and whether it can run.
            always: How many of the last ones are shown whatever the width.
            note: What they apply to, at the end of the line. Not yet fit to show.
        """
        self._commands, self._always = tuple(commands), always
        self._note = safe(note)
        self._lay_out()

    def on_resize(self) -> None:
        self._lay_out()

    def _lay_out(self) -> None:
        width = self.content_size.width
        room = width - (cell_len(self._note) + 2 if self._note else 0)
        split = len(self._commands) - self._always
        first, last = self._commands[:split], self._commands[split:]
        room -= sum(map(_width, last))
        shown = []
        for each in first:
            room -= _width(each)
            if room < 0:
                break
            shown.append(each)
        parts = [part for each in (*shown, *last) for part in _key(each)]
        taken = sum(map(_width, (*shown, *last)))
        gap = max(0, width - taken - cell_len(self._note))
        self.update(
            Content.assemble(*parts, " " * gap, (self._note, "$foreground-muted"))
        )


def _width(each: tuple[Command, bool]) -> int:
    command, _ = each
    return cell_len(command.shown) + cell_len(command.label) + 3


def _key(each: tuple[Command, bool]) -> tuple[tuple[str, str], tuple[str, str]]:
    command, possible = each
    tone = "$footer-key-foreground" if possible else "$foreground-disabled"
    said = "$footer-description-foreground" if possible else tone
    return (command.shown, f"bold {tone}"), (f" {command.label}  ", said)
