"""Search every object of every database; enter goes there."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen

from moclone_tui import text
from moclone_tui.api import NOW, Client, MocloneError, Moment, TableName
from moclone_tui.api.names import SYSTEM_DATABASES, fold
from moclone_tui.tui import render
from moclone_tui.tui.asof import PRESENT, AsOf
from moclone_tui.tui.desk import Desk
from moclone_tui.tui.reader import Answered
from moclone_tui.tui.selection import Thing
from moclone_tui.tui.widgets.cells import Column, Row
from moclone_tui.tui.widgets.filter_list import FilterList
from moclone_tui.tui.widgets.table import TableList

# One column to search in: of a hundred thousand rows that is twice as quick.
_COLUMNS = (
    Column("name", "database.name", min=20, search=True),
    Column("kind", "kind", width=14, tone="muted"),
)


class FindScreen(ModalScreen[Thing | None]):
    """Gives the object or the database to go to, or None with esc.

    Args:
        desk: What it works at.
        at: When one looks.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Back", show=False, priority=True),
        Binding("enter", "go", "Go there", show=False, priority=True),
    ]
    DEFAULT_CSS = """
    FindScreen {
        align: center middle;
        & > Vertical {
            width: 90;
            max-width: 95%;
            height: 85%;
            border: round $border;
            border-title-color: $text-primary;
            border-subtitle-color: $foreground-muted;
            padding: 0 1;
            background: $background;
        }
    }
    """

    def __init__(self, desk: Desk, at: AsOf = PRESENT) -> None:
        super().__init__()
        self.desk = desk
        self._at = at
        self._go_at_once = False
        self._list = FilterList(
            TableList(
                _COLUMNS, markable=False, empty="No tables yet · c clones a database"
            )
        )

    def compose(self) -> ComposeResult:
        with Vertical() as box:
            box.border_title = "Find a table"
            box.border_subtitle = "type its name, or database.name · enter · esc back"
            yield self._list

    def on_mount(self) -> None:
        self._list.table.pending = "Reading all objects…"
        self._list.action_filter()
        at = self._at.moment
        self.desk.reader.ask(self, "all", at, lambda client: _all(client, at))

    @on(Answered)
    def _answered(self, event: Answered) -> None:
        event.stop()
        table = self._list.table
        table.pending = ""
        if event.error is not None:
            words = render.one_line(event.error)
            table.error = f"{words} · a name that is typed is gone to"
        else:
            self._show(event.value)
        if self._go_at_once:
            self.action_go()

    def _show(self, rows: list[Row]) -> None:
        table = self._list.table
        table.set_rows(rows)
        self.query_one(
            Vertical
        ).border_title = f"Find a table · {text.count(table.total)} objects"

    def action_go(self) -> None:
        """Go to what is found; or, if that is nothing, to the name that was typed."""
        self._list.once_typed(self._go)

    def _go(self) -> None:
        table = self._list.table
        self._to_namesake()
        if table.pending:
            self._go_at_once = True
        elif isinstance(table.cursor_key, tuple):
            database, name = map(str, table.cursor_key)
            self.dismiss(TableName(name, database))
        elif name := self._list.query_text.strip():
            self.dismiss(_thing(name))

    @on(TableList.ViewChanged)
    def _to_namesake(self) -> None:
        """Have the cursor on what is called exactly as it was typed."""
        typed = fold(self._list.query_text.strip())
        for key in self._list.table.keys_in_sight() if typed else ():
            if isinstance(key, tuple) and typed in (key[1], f"{key[0]}.{key[1]}"):
                self._list.table.move_to(key)
                return

    @on(TableList.Selected)
    def _picked(self, event: TableList.Selected) -> None:
        event.stop()
        self.action_go()

    def action_leave(self) -> None:
        self.dismiss(None)


def _all(client: Client, at: Moment = NOW) -> list[Row]:
    """A row for each object, made off the screen's thread."""
    return [
        Row(
            (each.database, each.name),
            (f"{each.database}.{each.name}", str(each.kind)),
        )
        for each in client.metadata.objects(at)
        if each.database not in SYSTEM_DATABASES
    ]


def _thing(name: str) -> Thing:
    """A database, or `database.table`, as somebody types it."""
    try:
        table = TableName.parse(name)
    except MocloneError:
        return fold(name)
    if table.database is None:
        return fold(table.table)
    return TableName(fold(table.table), fold(table.database))
