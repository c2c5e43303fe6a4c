"""What every view has: a selection, panes to go through, and questions to ask.

A view may do commands of its own: `do_<name>()` is called for a command of the table in
`commands.py`, before the main screen's own, and `why_not(name)` says why it cannot.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.message import Message
from textual.widget import Widget

from moclone_tui.api import MocloneError
from moclone_tui.jobs.model import JobSpec
from moclone_tui.tui import render
from moclone_tui.tui.asof import AsOf
from moclone_tui.tui.desk import Desk
from moclone_tui.tui.selection import Selection, Thing
from moclone_tui.tui.widgets.filter_list import FilterList
from moclone_tui.tui.widgets.table import TableList


class View(Widget):
    """A part of the main screen with lists on it.

    Args:
        desk: What it works at.
    """

    KEYS: ClassVar[tuple[str, ...]] = ()
    """The commands that the line of keys begins with here, the most useful first."""
    DEFAULT_CSS = """
    View { height: 1fr; layout: horizontal; }
    """

    class SelectionChanged(Message):
        """Another thing is selected: other keys may work."""

    class Look(Message):
        """Somebody wants to look at a moment, in the databases."""

        def __init__(self, at: AsOf, thing: Thing | None = None) -> None:
            super().__init__()
            self.at = at
            self.thing = thing
            """What to go to; None stays where one is."""

    class Submit(Message):
        """Jobs are to begin."""

        def __init__(self, jobs: Sequence[JobSpec]) -> None:
            super().__init__()
            self.jobs = tuple(jobs)

    def __init__(self, desk: Desk, *, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self.desk = desk
        self.system = False
        """Whether the server's own objects are shown."""

    @property
    def selection(self) -> Selection:
        """What a command applies to."""
        raise NotImplementedError

    def why_not(self, name: str) -> str | None:  # noqa: ARG002
        """Why a command cannot run on what is selected, in words; None if it can."""
        return None

    def arrive(self, selection: Selection) -> None:
        """Hear what was selected in the view that one comes from."""

    def focus_first(self) -> None:
        """Put the focus where it belongs when one comes here."""
        raise NotImplementedError

    def load(self) -> None:
        """Read everything (again). Called when it is shown, if something changed."""
        raise NotImplementedError

    def toggle_system(self) -> None:
        """Show or hide the server's own objects."""

    def not_read(self, error: MocloneError) -> str:
        """Tell that something could not be read again, and what to say before it."""
        if self.display:
            words = render.one_line(error)
            self.notify(words, severity="error", markup=False, timeout=8)
        return f"not read {self.desk.clock():%H:%M} · "

    def unmark(self) -> None:
        """Take all marks away: what they were for is on its way."""
        for table in self.query(TableList):
            if table.marked:
                table.mark(())

    def filter(self) -> None:
        """Go to the filter line of the list with the focus, or of the first."""
        lists = list(self.query(FilterList))
        focused = [each for each in lists if each.has_focus_within]
        (focused or lists)[0].action_filter()

    def step_tab(self, by: int) -> None:
        """Show the tab beside, where there are tabs."""

    @property
    def deep(self) -> bool:
        """Whether a pane took the place of others, which one goes back to."""
        return False

    def back(self) -> None:
        """Go back one pane, if there is one."""
