"""The Snapshots view: every snapshot, what hangs on it, and what changed since."""

from __future__ import annotations

from collections.abc import Hashable

from textual import on
from textual.app import ComposeResult

from moclone_tui import text
from moclone_tui.api import Kind, Snapshot, SnapshotLevel, TableName
from moclone_tui.cloning import coverage
from moclone_tui.cloning.coverage import Kept
from moclone_tui.tui import render, snapshot_words
from moclone_tui.tui.asof import AsOf
from moclone_tui.tui.desk import Desk
from moclone_tui.tui.reader import Answered
from moclone_tui.tui.selection import Selection, Thing
from moclone_tui.tui.snapshot_reads import Around, Since, look_around
from moclone_tui.tui.views.base import View
from moclone_tui.tui.widgets.cells import Row
from moclone_tui.tui.widgets.filter_list import FilterList
from moclone_tui.tui.widgets.pane import Pane, Reading
from moclone_tui.tui.widgets.table import TableList


class SnapshotsView(View):
    """A list, and the facts of the selected snapshot below it.

    The list comes first; what hangs on its snapshots is asked for behind, of those in
    sight, one database at a time.
    """

    DEFAULT_CSS = """
    SnapshotsView {
        layout: vertical;
        & > #snapshots-pane { height: 1fr; }
        & > #snapshot-pane {
            height: 42%;
            max-height: 14;
            border-top: solid $border-blurred;
        }
    }
    """

    KEYS = ("snapshot", "clone", "compare", "restore", "drop")

    def __init__(self, desk: Desk, *, id: str) -> None:  # noqa: A002
        super().__init__(desk, id=id)
        self._snapshots: dict[str, Snapshot] = {}
        self._around: Around | None = None
        self._kept: Kept | None = None
        self._since: dict[str, Since] = {}
        self._asked: tuple[str, int, Hashable] | None = None
        self._narrow = False
        self._list = FilterList(
            TableList(snapshot_words.COLUMNS, empty="No snapshots yet · n takes one")
        )
        self._facts = Reading()
        self._pane = Pane(self._list, id="snapshots-pane")
        self._facts_pane = Pane(self._facts, id="snapshot-pane")

    def compose(self) -> ComposeResult:
        yield self._pane
        yield self._facts_pane

    def on_mount(self) -> None:
        self._pane.say("Snapshots")

    def on_resize(self) -> None:
        narrow = self.size.width < 100
        if narrow != self._narrow:
            self._narrow = narrow
            columns = snapshot_words.NARROW_COLUMNS if narrow else None
            self._list.table.set_columns(
                columns or snapshot_words.COLUMNS, self._rows()
            )

    # What a command applies to

    @property
    def selection(self) -> Selection:
        """The snapshot under the cursor; with the databases it was taken for."""
        table = self._list.table
        marked = tuple(
            self._snapshots[str(key)]
            for key in table.marked_in_view
            if str(key) in self._snapshots
        )
        snapshot = self._snapshots.get(str(table.cursor_key))
        if snapshot is None:
            return Selection(snapshots=marked)
        of_table = snapshot.level is SnapshotLevel.TABLE
        return Selection(
            snapshot.database or None,
            snapshot.table if of_table else None,
            Kind.TABLE if of_table else None,
            snapshot,
            at=AsOf.of_snapshot(snapshot),
            marked=() if marked else self._set(snapshot),
            snapshots=marked,
        )

    def _set(self, snapshot: Snapshot) -> tuple[Thing, ...]:
        """What a snapshot was taken for, if that is less than all it covers."""
        found = self._around.made_by(snapshot) if self._around else None
        return tuple(
            TableName.parse(each.name) if each.type == "table" else each.name
            for each in (found.job.taken_for if found else ())
        )

    def focus_first(self) -> None:
        self._list.table.focus()

    def back(self) -> None:
        self._list.table.focus()

    def toggle_system(self) -> None:
        self.system = not self.system
        self._show()

    # Reading

    def load(self) -> None:
        if not self._snapshots:
            self._list.table.pending = "Reading the snapshots…"
        self._asked = None
        self.desk.reader.ask(
            self,
            "snapshots",
            None,
            lambda client: client.snapshots.list(include_system=True),
        )

    @on(Answered)
    def _answered(self, event: Answered) -> None:
        event.stop()
        if event.topic == "snapshots":
            self._snapshots_came(event)
        elif event.topic == "around":
            self._around = event.value or Around()
            self._show()
        elif event.topic == "kept":
            self._kept = event.value
            self._show_facts()
        else:
            self._since_came(event)

    def _snapshots_came(self, event: Answered) -> None:
        table = self._list.table
        table.pending = ""
        if event.error is not None and self._snapshots:
            self._pane.say(f"{self.not_read(event.error)}Snapshots")
            return
        table.error = render.in_list(event.error) if event.error else ""
        found = [] if event.error else event.value
        self._snapshots = {snapshot.name: snapshot for snapshot in found}
        self._since = {}
        self._show()
        if found:
            reader, journal = self.desk.reader, self.desk.target.journal
            reader.ask(
                self,
                "around",
                None,
                lambda client: look_around(client, journal()),
                behind=True,
            )
            reader.ask(self, "kept", None, coverage.look, behind=True)
            self._compare_next()

    def _rows(self) -> list[Row]:
        now = self.desk.clock()
        return [
            snapshot_words.row(
                each,
                self._around,
                self._since.get(each.name),
                now,
                narrow=self._narrow,
            )
            for each in self._snapshots.values()
            if self.system or each.kind == "user"
        ]

    def _show(self) -> None:
        rows = self._rows()
        self._list.table.set_rows(rows)
        self._pane.say(f"Snapshots {text.count(len(rows))}")
        self._show_facts()

    # What changed since, in sight first

    def on_idle(self) -> None:
        self._compare_next()

    def _compare_next(self) -> None:
        """Ask for the next piece of what changed, if nothing is asked."""
        if self._asked is None and self.display:
            self._ask_since(rows=False) or self._ask_since(rows=True)

    def _ask_since(self, *, rows: bool) -> bool:
        """Ask for what a snapshot still misses, its rows or all else; if one does."""
        table = self._list.table
        for key in (table.cursor_key, *table.keys_in_sight()):
            snapshot = self._snapshots.get(str(key))
            if snapshot is None:
                continue
            since = self._since.setdefault(snapshot.name, Since())
            if not (since.done if rows else since.counted):
                about, work = since.look(snapshot)
                self._asked = (snapshot.name, snapshot.ts, about)
                self.desk.reader.ask(self, "since", self._asked, work, behind=True)
                return True
        return False

    def _since_came(self, event: Answered) -> None:
        if event.question != self._asked:
            return  # asked before all was read anew
        name, _, about = event.question
        self._asked = None
        since = self._since.setdefault(name, Since())
        since.take(about, event.value, event.error)
        cell = snapshot_words.changed_cell(since)
        self._list.table.update_cells(name, {"changed": cell})
        if self._list.table.cursor_key == name:
            self._show_facts()
        self._compare_next()

    # Going around

    @on(TableList.Highlighted)
    def _moved(self, event: TableList.Highlighted) -> None:
        event.stop()
        self._show_facts()
        self.post_message(self.SelectionChanged())

    @on(TableList.MarksChanged)
    @on(TableList.ViewChanged)
    def _marked(self) -> None:
        self.post_message(self.SelectionChanged())

    @on(TableList.Selected)
    def _chosen(self, event: TableList.Selected) -> None:
        event.stop()
        selection = self.selection
        if selection.snapshot is not None:
            self.post_message(self.Look(selection.at, selection.thing))

    def _show_facts(self) -> None:
        snapshot = self._snapshots.get(str(self._list.table.cursor_key))
        self._facts_pane.say(snapshot.name if snapshot else "")
        if snapshot is None:
            self._facts.show("")
            return
        since = self._since.get(snapshot.name)
        now = self.desk.clock()
        self._facts.show(
            snapshot_words.facts(snapshot, self._around, since, self._kept, now)
        )
