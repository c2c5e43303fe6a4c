"""Restore, and the way back: the gentler ways first, then what would change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from textual import on
from textual.app import ComposeResult
from textual.widgets import Button, Static

from moclone_tui import text
from moclone_tui.api import (
    Database,
    MocloneError,
    Snapshot,
    SnapshotLevel,
    TableName,
)
from moclone_tui.cloning.request import Request
from moclone_tui.jobs.way_back import WayBack, newest
from moclone_tui.tui import render
from moclone_tui.tui.desk import Desk
from moclone_tui.tui.openings import OPENINGS
from moclone_tui.tui.reader import Answered
from moclone_tui.tui.screens.form import Field
from moclone_tui.tui.screens.replace_form import ReplaceForm
from moclone_tui.tui.selection import Selection, Thing
from moclone_tui.tui.widgets.when import When


class RestoreScreen(ReplaceForm):
    """Put databases or tables back to what they were at a moment.

    Args:
        desk: What it works at.
        selection: What is selected, and the moment.
        databases: The databases there are.
    """

    def __init__(
        self, desk: Desk, selection: Selection, databases: Sequence[Database]
    ) -> None:
        super().__init__(desk, "Restore")
        self._start, self._databases = selection, databases
        self._what = what_of(selection)
        self._at = When(desk, self._fits, id="at")
        self._at.start_with(selection.at)

    def gentler(self) -> Sequence[tuple[str, str]]:
        ways = [("beside", "Clone it beside")]
        if len(self._what) == 1 and not isinstance(self._what[0], str):
            ways.insert(0, ("put_back", "Put rows back"))
        return [
            each for each in ways if each[0] != "put_back" or "put_back" in OPENINGS
        ]

    def fields(self) -> ComposeResult:
        names = ", ".join(map(str, self._what))
        yield Field("What", Static(text.safe(names), markup=False))
        yield Field("As it was", self._at)
        yield from self.gentler_field()
        yield from self.danger_fields("What would change")

    def on_mount(self) -> None:
        super().on_mount()
        (self.query_one("#beside") if self._at.value else self._at).focus()

    def request(self) -> Request:
        if not self._at.value:
            raise MocloneError("Choose a snapshot or a time to go back to.")
        return Request.restore(
            self._what,
            self._at.value.moment,
            way_back=self.way_back,
            wait=self.wait,
            sequences=True,
        )

    def _fits(self, snapshot: Snapshot) -> bool:
        return snapshot.level is SnapshotLevel.CLUSTER or all(
            snapshot.has_database(each)
            if isinstance(each, str)
            else snapshot.has_table(each.database or "", each.table)
            for each in self._what
        )

    @on(Button.Pressed, "#beside")
    def _clone_beside(self) -> None:
        self._gently("clone")

    @on(Button.Pressed, "#put_back")
    def _put_back(self) -> None:
        self._gently("put_back")

    def _gently(self, name: str) -> None:
        start = replace(self._start, at=self._at.value)
        self.go_gently(OPENINGS[name].make(self.desk, start, self._databases))


class WayBackScreen(ReplaceForm):
    """Take the newest restore, replacement or drop back, with what it kept.

    Args:
        desk: What it works at.
        selection: What is selected: it does not matter.
        databases: The databases there are.
    """

    VERB = "Put back"

    def __init__(
        self,
        desk: Desk,
        selection: Selection,  # noqa: ARG002 the journal says what it is about
        databases: Sequence[Database],  # noqa: ARG002
    ) -> None:
        super().__init__(desk, "Way back")
        self._found: WayBack | None = None
        self._none = "Looking for what was kept…"
        self._title_line = Static("…", markup=False)

    def fields(self) -> ComposeResult:
        yield Field("Undoes", self._title_line)
        yield from self.danger_fields("What would change")

    def on_mount(self) -> None:
        journal = self.desk.target.journal()
        self.desk.reader.ask(
            self,
            "newest",
            None,
            lambda client: newest(client, journal.folder, journal.place),
        )
        super().on_mount()
        self.query_one("#cancel").focus()

    def hear(self, event: Answered) -> None:
        self._found = event.value
        if self._found is None:
            self._none = "No way back is here: nothing that was restored, replaced or"
            self._none += " dropped from this machine kept one."
            if event.error is not None:
                self._none = render.one_line(event.error)
            self._title_line.update("nothing")
        else:
            self._title_line.update(text.safe(self._found.title))
        self.replan()

    def request(self) -> Request:
        if self._found is None:
            raise MocloneError(self._none)
        return replace(self._found.request, way_back=self.way_back, wait=self.wait)


def what_of(selection: Selection) -> tuple[Thing, ...]:
    """What would be restored: what is marked, selected, or in the snapshot."""
    snapshot = selection.snapshot
    if snapshot is None or selection.marked:  # marked, or what it was taken for
        return selection.things
    if snapshot.level is SnapshotLevel.TABLE:
        return (TableName(snapshot.table, snapshot.database),)
    return (snapshot.database,) if snapshot.database else ()
