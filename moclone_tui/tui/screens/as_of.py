"""Pick a moment: now, a snapshot, or a time that is typed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input

from moclone_tui.api import Client, MocloneError, Snapshot
from moclone_tui.api.names import utc
from moclone_tui.cloning.look import server_clock
from moclone_tui.cloning.moments import read_moment
from moclone_tui.tui import render
from moclone_tui.tui.asof import PRESENT, AsOf
from moclone_tui.tui.desk import Desk
from moclone_tui.tui.reader import Answered
from moclone_tui.tui.screens.form import Field
from moclone_tui.tui.widgets.cells import Cell, Row
from moclone_tui.tui.widgets.entry import Entry
from moclone_tui.tui.widgets.filter_list import FilterList
from moclone_tui.tui.widgets.table import TableList

_NOW = ("now",)


class AsOfScreen(ModalScreen[AsOf | None]):
    """Pick a moment, or none with esc.

    Args:
        desk: What it works at.
        at: Where the cursor starts.
        fitting: Which snapshots can be picked.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "leave", "Back", show=False),
    ]
    DEFAULT_CSS = """
    AsOfScreen {
        align: center middle;
        & > Vertical {
            width: 84;
            max-width: 95%;
            height: 80%;
            border: round $border;
            border-title-color: $text-primary;
            border-subtitle-color: $foreground-muted;
            padding: 0 1;
            background: $background;
            & > FilterList { height: 1fr; margin-top: 1; }
            & > Field > .note { max-width: 70%; }
        }
    }
    """

    def __init__(
        self,
        desk: Desk,
        at: AsOf = PRESENT,
        fitting: Callable[[Snapshot], bool] = lambda _: True,
    ) -> None:
        super().__init__()
        self.desk = desk
        self._at = at
        self._fitting = fitting
        self._snapshots: dict[str, Snapshot] = {}
        self._server: dt.datetime | None = None
        self._entry = Entry(
            id="time", compact=True, placeholder="10 minutes ago · just before 14:05"
        )
        self._field = Field("Time", self._entry)
        self._list = FilterList(
            TableList(render.SNAPSHOT_COLUMNS, empty="No snapshots", markable=False)
        )

    def compose(self) -> ComposeResult:
        with Vertical() as box:
            box.border_title = "Look as of"
            box.border_subtitle = "enter choose · / filter · tab time · esc back"
            yield self._field
            yield self._list

    def on_mount(self) -> None:
        table = self._list.table
        table.set_rows([_now_row()])
        table.pending = "Reading the snapshots…"
        table.focus()
        self.desk.reader.ask(self, "moments", None, _moments)

    @on(Answered)
    def _answered(self, event: Answered) -> None:
        event.stop()
        table = self._list.table
        table.pending = ""
        if event.error is not None:
            self._field.say(render.one_line(event.error), "bad")
            return
        self._server, found = event.value
        self._snapshots = {each.name: each for each in found if self._fitting(each)}
        rows = render.snapshot_rows(self._snapshots.values(), self.desk.clock())
        table.set_rows([_now_row(), *rows])
        if self._at.moment.snapshot:
            table.move_to(self._at.moment.snapshot)
        self._judge()

    @on(TableList.Selected)
    def _picked(self, event: TableList.Selected) -> None:
        event.stop()
        snapshot = self._snapshots.get(str(event.key))
        self.dismiss(PRESENT if snapshot is None else AsOf.of_snapshot(snapshot))

    @on(Input.Changed, "#time")
    def _judge(self) -> AsOf | None:
        """Say back which moment was typed, or what is wrong with it."""
        typed = self._entry.value.strip()
        if not typed or self._server is None:
            self._field.say("")
            return None
        try:
            read = read_moment(typed, self._server, dt.UTC)
        except MocloneError as error:
            self._field.say(str(error), "warn")
            return None
        self._field.say(read.words)
        return AsOf.of_time(read.moment)

    @on(Input.Submitted, "#time")
    def _typed(self, event: Input.Submitted) -> None:
        event.stop()
        if (at := self._judge()) is not None:
            self.dismiss(at)

    def action_leave(self) -> None:
        self.dismiss(None)


def _moments(client: Client) -> tuple[dt.datetime, list[Snapshot]]:
    clock = utc(server_clock(client).ns)
    return clock, client.snapshots.list()


def _now_row() -> Row:
    return Row(_NOW, (Cell("now", "accent"), "", "the present", "", ""))
