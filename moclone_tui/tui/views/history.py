"""The History view: who did what, by the journal and the server's log."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from textual import on
from textual.app import ComposeResult

from moclone_tui import text
from moclone_tui.api import Client, Kind, TableName
from moclone_tui.api.names import utc
from moclone_tui.cloning.look import server_clock
from moclone_tui.errors import MocloneError
from moclone_tui.jobs.history import History, Line, export, history
from moclone_tui.tui import job_words, render
from moclone_tui.tui.asof import PRESENT, AsOf
from moclone_tui.tui.desk import Desk
from moclone_tui.tui.reader import Answered
from moclone_tui.tui.selection import Selection
from moclone_tui.tui.views.base import View
from moclone_tui.tui.widgets.cells import Row
from moclone_tui.tui.widgets.filter_list import FilterList
from moclone_tui.tui.widgets.pane import Pane
from moclone_tui.tui.widgets.table import TableList

_DAYS = 7
"""How far back is read."""


class HistoryView(View):
    """Copies, snapshots, restores and drops of everybody, newest first."""

    KEYS = ("as_of", "put_back", "export")

    def __init__(self, desk: Desk, *, id: str) -> None:  # noqa: A002
        super().__init__(desk, id=id)
        self._found: History | None = None
        self._lines: dict[str, Line] = {}
        self._narrow = False
        self._list = FilterList(
            TableList(
                job_words.HISTORY_COLUMNS,
                markable=False,
                empty=f"Nothing was done in {_DAYS} days, as far as is known",
            )
        )
        self._pane = Pane(self._list, id="history-pane")

    def compose(self) -> ComposeResult:
        yield self._pane

    def on_mount(self) -> None:
        self._pane.say("History")

    def on_resize(self) -> None:
        narrow = self.size.width < 108
        if narrow != self._narrow:
            self._narrow = narrow
            columns = job_words.NARROW_HISTORY_COLUMNS if narrow else None
            self._list.table.set_columns(
                columns or job_words.HISTORY_COLUMNS, self._rows()
            )

    # What a command applies to

    @property
    def _line(self) -> Line | None:
        return self._lines.get(str(self._list.table.cursor_key))

    @property
    def selection(self) -> Selection:
        """What the line is about, just before it."""
        line = self._line
        if line is None or line.thing is None:
            return Selection()
        at = AsOf.of_time(line.before) if line.before else PRESENT
        if isinstance(line.thing, TableName):
            return Selection(line.thing.database, line.thing.table, Kind.TABLE, at=at)
        return Selection(line.thing, at=at)

    def why_not(self, name: str) -> str | None:
        line = self._line
        if name == "export":
            return None if self._lines else "There is nothing to export."
        if name not in ("as_of", "put_back"):
            return None
        if line is None:
            return "Nothing is selected."
        if line.before is None:
            return "When it was is not known by the server's clock."
        if name == "put_back" and not isinstance(line.thing, TableName):
            return "Rows are put back into a table: t looks just before, u is there."
        return None

    def do_as_of(self) -> None:
        """Look at what the line is about, just before it."""
        if (line := self._line) is not None and line.before is not None:
            self.post_message(self.Look(AsOf.of_time(line.before), line.thing))

    def do_export(self) -> None:
        """Write what the list shows to a file."""
        from moclone_tui.tui.screens.export import ExportScreen

        lines = self._shown()

        def write(file: Path, overwrite: bool) -> None:
            export(lines, file, overwrite=overwrite)

        def written(file: Path | None) -> None:
            if file is not None:
                words = f"Wrote {text.plural(len(lines), 'line')} to {file}"
                self.notify(text.safe(words), markup=False, timeout=4)

        name = f"history-{self.desk.clock():%Y%m%d-%H%M}.jsonl"
        what = f"{text.plural(len(lines), 'line')} of the history"
        self.app.push_screen(ExportScreen(what, name, write), written)

    def _shown(self) -> list[Line]:
        """The lines that the filter lets through."""
        return [self._lines[str(key)] for key in self._list.table.keys_in_view]

    # Going around

    def focus_first(self) -> None:
        self._list.table.focus()

    @on(TableList.Highlighted)
    def _moved(self, event: TableList.Highlighted) -> None:
        event.stop()
        self.post_message(self.SelectionChanged())

    @on(TableList.Selected)
    def _chosen(self, event: TableList.Selected) -> None:
        """Open the selected line."""
        from moclone_tui.tui.screens.job import JobStory

        event.stop()
        if (line := self._line) is not None:
            story = job_words.of_line(line, self.desk.clock())
            self.app.push_screen(JobStory(self.desk, lambda: story, tab="about"))

    # Reading

    def load(self) -> None:
        if self._found is None:
            self._list.table.pending = "Reading what was done…"
        self.desk.reader.ask(self, "history", None, self._read)

    def _read(self, client: Client) -> History:
        journal = self.desk.target.journal()
        until = utc(server_clock(client).ns) + dt.timedelta(minutes=1)
        since = until - dt.timedelta(days=_DAYS)
        try:
            return history(client, journal.folder, journal.place, since, until)
        except OSError as error:
            raise MocloneError(f"The journal cannot be read: {error}") from error

    @on(Answered)
    def _answered(self, event: Answered) -> None:
        event.stop()
        table = self._list.table
        table.pending = ""
        if event.error is not None and self._found is not None:
            self._pane.say(f"{self.not_read(event.error)}History")
            return
        table.error = render.in_list(event.error) if event.error else ""
        self._found = event.value
        self._lines = job_words.keyed(self._found.lines if self._found else ())
        table.set_rows(self._rows())
        words = [f"History {text.count(len(self._lines))}", f"{_DAYS} days"]
        if self._found is not None and not self._found.log_read:
            words.append("the journal alone: this login may not read the server's log")
        else:
            words.append("the server's log is up to a minute late")
        self._pane.say(" · ".join(words))
        self.post_message(self.SelectionChanged())

    def _rows(self) -> list[Row]:
        return job_words.history_rows(self._lines, narrow=self._narrow)
