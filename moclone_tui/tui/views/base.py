"""What every view has: a selection, panes to go through, and questions to ask."""

from __future__ import annotations

from dataclasses import dataclass

from textual.message import Message
from textual.widget import Widget

from moclone_tui.api import MocloneError, Snapshot, TableName
from moclone_tui.tui import render
from moclone_tui.tui.desk import Desk
from moclone_tui.tui.widgets.filter_list import FilterList


@dataclass(frozen=True, slots=True)
class Selection:
    """What a command applies to."""

    database: str | None = None
    table: str | None = None
    """A table, never a view."""
    snapshot: Snapshot | None = None

    @property
    def name(self) -> str:
        """The name of it, as SQL would have it; empty if nothing is selected."""
        if self.snapshot is not None:
            return self.snapshot.name
        if self.table is not None:
            return TableName(self.table, self.database).sql
        return self.database or ""


class View(Widget):
    """A part of the main screen with lists on it.

    Args:
        desk: What it works at.
    """

    DEFAULT_CSS = """
    View { height: 1fr; layout: horizontal; }
    """

    class SelectionChanged(Message):
        """Another thing is selected: other keys may work."""

    def __init__(self, desk: Desk, *, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self.desk = desk
        self.system = False
        """Whether the server's own objects are shown."""

    @property
    def selection(self) -> Selection:
        """What a command applies to."""
        raise NotImplementedError

    def focus_first(self) -> None:
        """Put the focus where it belongs when one comes here."""
        raise NotImplementedError

    def load(self) -> None:
        """Read everything (again)."""
        raise NotImplementedError

    def toggle_system(self) -> None:
        """Show or hide the server's own objects."""
        raise NotImplementedError

    def not_read(self, error: MocloneError) -> str:
        """Tell that something could not be read again, and what to say before it."""
        if self.display:
            words = render.one_line(error)
            self.notify(words, severity="error", markup=False, timeout=8)
        return f"not read {self.desk.clock():%H:%M} · "

    def filter(self) -> None:
        """Go to the filter line of the list with the focus, or of the first."""
        lists = list(self.query(FilterList))
        focused = [each for each in lists if each.has_focus_within]
        (focused or lists)[0].action_filter()

    def back(self) -> None:
        """Go back one pane, if there is one."""
