"""The Snapshots view: every snapshot the login can see, and what each covers."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult

from moclone_tui import text
from moclone_tui.api import Kind, Snapshot, SnapshotLevel
from moclone_tui.tui import render
from moclone_tui.tui.asof import AsOf
from moclone_tui.tui.desk import Desk
from moclone_tui.tui.reader import Answered
from moclone_tui.tui.selection import Selection
from moclone_tui.tui.views.base import View
from moclone_tui.tui.widgets.filter_list import FilterList
from moclone_tui.tui.widgets.pane import Pane, Reading
from moclone_tui.tui.widgets.table import TableList


class SnapshotsView(View):
    """A list, and the facts of the selected snapshot below it."""

    DEFAULT_CSS = """
    SnapshotsView {
        layout: vertical;
        & > #snapshots-pane { height: 1fr; }
        & > #snapshot-pane {
            height: 9;
            border-top: solid $border-blurred;
        }
    }
    """

    KEYS = ("snapshot", "clone")

    def __init__(self, desk: Desk, *, id: str) -> None:  # noqa: A002
        super().__init__(desk, id=id)
        self._snapshots: dict[str, Snapshot] = {}
        self._list = FilterList(
            TableList(
                render.SNAPSHOT_COLUMNS,
                markable=False,
                empty="No snapshots yet · n takes one",
            )
        )
        self._facts = Reading()
        self._pane = Pane(self._list, id="snapshots-pane")
        self._facts_pane = Pane(self._facts, id="snapshot-pane")

    def compose(self) -> ComposeResult:
        yield self._pane
        yield self._facts_pane

    def on_mount(self) -> None:
        self._pane.say("Snapshots")

    @property
    def selection(self) -> Selection:
        snapshot = self._snapshots.get(str(self._list.table.cursor_key))
        if snapshot is None:
            return Selection()
        of_table = snapshot.level is SnapshotLevel.TABLE
        return Selection(
            snapshot.database or None,
            snapshot.table if of_table else None,
            Kind.TABLE if of_table else None,
            snapshot,
            at=AsOf.of_snapshot(snapshot),
        )

    def focus_first(self) -> None:
        self._list.table.focus()

    def back(self) -> None:
        self._list.table.focus()

    def toggle_system(self) -> None:
        self.system = not self.system
        self._show()

    def load(self) -> None:
        if not self._snapshots:
            self._list.table.pending = "Reading the snapshots…"
        self.desk.reader.ask(
            self,
            "snapshots",
            None,
            lambda client: client.snapshots.list(include_system=True),
        )

    @on(Answered)
    def _answered(self, event: Answered) -> None:
        event.stop()
        self._list.table.pending = ""
        if event.error is not None and self._snapshots:
            self._pane.say(f"{self.not_read(event.error)}Snapshots")
            return
        self._list.table.error = render.one_line(event.error) if event.error else ""
        found = [] if event.error else event.value
        self._snapshots = {snapshot.name: snapshot for snapshot in found}
        self._show()

    def _show(self) -> None:
        shown = [
            snapshot
            for snapshot in self._snapshots.values()
            if self.system or snapshot.kind == "user"
        ]
        self._list.table.set_rows(render.snapshot_rows(shown, self.desk.clock()))
        self._pane.say(f"Snapshots {text.count(len(shown))}")
        self._show_facts()

    @on(TableList.Highlighted)
    def _moved(self, event: TableList.Highlighted) -> None:
        event.stop()
        self._show_facts()
        self.post_message(self.SelectionChanged())

    @on(TableList.Selected)
    def _chosen(self, event: TableList.Selected) -> None:
        event.stop()
        selection = self.selection
        if selection.snapshot is not None:
            self.post_message(self.Look(selection.at, selection.thing))

    def _show_facts(self) -> None:
        snapshot = self.selection.snapshot
        self._facts_pane.say(snapshot.name if snapshot else "")
        self._facts.show(
            render.snapshot_facts(snapshot, self.desk.clock()) if snapshot else ""
        )
