"""Where commands lead: the views, and the screens that are opened on a selection.

Everything is loaded when it is first needed: start-up pays for the first view alone. To
add a view, write its module and its line in `VIEWS`; to add a screen that a command
opens, write a class that is made of `(desk, selection, databases)` and gives back jobs
(or None), its line in `OPENINGS`, and its command in `commands.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from textual.screen import Screen

from moclone_tui import text
from moclone_tui.api import Database, Kind
from moclone_tui.jobs.model import JobSpec
from moclone_tui.tui.desk import Desk
from moclone_tui.tui.selection import Selection
from moclone_tui.tui.views.base import View

Jobs = JobSpec | Sequence[JobSpec] | None
"""What a screen comes to: what the main screen is to begin."""

_VIEWS = "moclone_tui.tui.views"
VIEWS: Mapping[str, tuple[str, str, str]] = {
    "databases": ("1 Databases", f"{_VIEWS}.databases", "DatabasesView"),
    "snapshots": ("2 Snapshots", f"{_VIEWS}.snapshots", "SnapshotsView"),
    "timeline": ("3 Timeline", f"{_VIEWS}.timeline", "TimelineView"),
    "jobs": ("4 Jobs", f"{_VIEWS}.jobs", "JobsView"),
    "history": ("5 History", f"{_VIEWS}.history", "HistoryView"),
}
"""The views by name: what the tab says, the module, the class."""


def make_view(name: str, desk: Desk) -> View:
    """Load a view and make it."""
    _, module, kind = VIEWS[name]
    view: View = getattr(import_module(module), kind)(desk, id=name)
    return view


@dataclass(frozen=True, slots=True)
class Opening:
    """A screen that a command opens on what is selected."""

    module: str
    """The module below `tui/screens/`."""
    kind: str
    """The class, made of `(desk, selection, databases)`; it gives back `Jobs`."""
    doing: str
    """What one does there: `Cloning`."""
    changes: bool = True
    """Whether it is off in a read-only profile."""
    why_not: Callable[[Selection, Sequence[Database]], str | None] = lambda *_: None
    """Why it cannot work on a selection, in words; None if it can."""

    def make(
        self, desk: Desk, selection: Selection, databases: Sequence[Database]
    ) -> Screen[Any]:
        """Load the screen and make it."""
        module = import_module(f"moclone_tui.tui.screens.{self.module}")
        screen: Screen[Any] = getattr(module, self.kind)(desk, selection, databases)
        return screen

    def refused(
        self, desk: Desk, selection: Selection, databases: Sequence[Database]
    ) -> str | None:
        """Why it cannot be opened, in words; None if it can."""
        if self.changes and desk.read_only:
            profile = text.safe(desk.target.profile.name)
            return f"{self.doing} is off: the profile {profile} is read-only."
        return self.why_not(selection, databases)


def _no_snapshot(selection: Selection, _: Sequence[Database]) -> str | None:
    if selection.at and selection.snapshot is None:
        return "A snapshot is of the present: t goes back to now."
    return None


def _no_clone(_: Selection, databases: Sequence[Database]) -> str | None:
    if not databases:
        return "There is nothing to clone: no database could be read."
    if all(each.system for each in databases):
        return "There is nothing to clone: no database yet but the server's own."
    return None


def _no_put_back(selection: Selection, _: Sequence[Database]) -> str | None:
    if len(selection.marked) > 1:
        return "Rows are put back into one table: space takes marks away."
    if selection.table is None:
        return "Rows are put back into a table: select one."
    return None


def _no_compare(selection: Selection, _: Sequence[Database]) -> str | None:
    marked = () if selection.snapshot else selection.marked
    many = len(marked) or len(selection.snapshots)
    if many > 2:
        return "Two are compared, or one with what it was: space takes marks away."
    if len({type(each) for each in marked}) > 1:
        return "A database is not compared with a table: space takes marks away."
    if selection.thing is None and selection.snapshot is None and not many:
        return "Nothing is selected."
    return None


def _no_reset(selection: Selection, _: Sequence[Database]) -> str | None:
    if selection.at:
        return "What is reset is there now: t goes back to now."
    if selection.database is None:
        return "No database is selected."
    if len(selection.marked) > 1:
        return "One copy is reset at a time: space takes marks away."
    return None


def _no_restore(selection: Selection, databases: Sequence[Database]) -> str | None:
    snapshot = selection.snapshot
    if snapshot is not None and not snapshot.database and not selection.marked:
        return "enter looks into the snapshot: R works on a database or table in there."
    return None if snapshot is not None else _untouchable(selection, databases)


def _no_drop(selection: Selection, databases: Sequence[Database]) -> str | None:
    if selection.snapshot is not None or selection.snapshots:
        return None
    if selection.at:
        return "What is past cannot be dropped: t goes back to now."
    if selection.object and selection.kind not in (Kind.TABLE, Kind.VIEW):
        return f"A {selection.kind} is dropped with its database, or by hand."
    return _untouchable(selection, databases, views=True)


def _untouchable(
    selection: Selection, databases: Sequence[Database], *, views: bool = False
) -> str | None:
    """Why nothing can be put in the place of what is selected, or be dropped."""
    if not selection.things:
        return "Nothing is selected."
    system = {each.name for each in databases if each.system}
    homes = [
        each if isinstance(each, str) else each.database for each in selection.things
    ]
    if own := [text.safe(str(each)) for each in homes if each in system]:
        return f"{own[0]} is the server's own database."
    if not views and not selection.marked and selection.object and not selection.table:
        return f"A {selection.kind} is restored with its database."
    return None


OPENINGS: Mapping[str, Opening] = {
    "clone": Opening("clone_form", "CloneForm", "Cloning", why_not=_no_clone),
    "snapshot": Opening(
        "snapshot_form", "SnapshotForm", "Taking snapshots", why_not=_no_snapshot
    ),
    "put_back": Opening(
        "put_back", "PutBackForm", "Putting back", why_not=_no_put_back
    ),
    "compare": Opening(
        "compare", "CompareScreen", "Comparing", changes=False, why_not=_no_compare
    ),
    "keep": Opening("keeping", "KeepingScreen", "Keeping", changes=False),
    "pitr": Opening("pitr_form", "PitrForm", "Making PITRs"),
    "reset": Opening("reset_form", "ResetForm", "Resetting", why_not=_no_reset),
    "restore": Opening("restore", "RestoreScreen", "Restoring", why_not=_no_restore),
    "drop": Opening("drop", "DropScreen", "Dropping", why_not=_no_drop),
    "way_back": Opening("restore", "WayBackScreen", "The way back"),
}
"""The screens by the command that opens them."""
