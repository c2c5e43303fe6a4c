"""The Databases view: databases, the objects of the selected one, and their detail."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.containers import Container

from moclone_tui.api import Database, MocloneError, Table, TableName
from moclone_tui.tui import render
from moclone_tui.tui.asof import AsOf
from moclone_tui.tui.desk import Desk
from moclone_tui.tui.selection import Selection, Thing
from moclone_tui.tui.views.base import View
from moclone_tui.tui.views.names import Names
from moclone_tui.tui.views.objects import Objects
from moclone_tui.tui.widgets.detail import Detail
from moclone_tui.tui.widgets.detail_tab import Subject
from moclone_tui.tui.widgets.pane import Pane
from moclone_tui.tui.widgets.table import TableList

_NARROW, _WIDE = 116, 190
"""Columns below which the detail takes the place of the lists; and from which on it is
beside them, not below the objects."""


class DatabasesView(View):
    """Three panes; on a narrow screen the detail takes the place of the lists."""

    DEFAULT_CSS = """
    DatabasesView {
        & > #databases-pane { width: 25%; min-width: 36; max-width: 60; }
        & > #rest { width: 1fr; border-left: vkey $border-blurred; layout: vertical; }
        & #objects-pane { height: 45%; }
        & #detail-pane { height: 1fr; border-top: solid $border-blurred; }
        &.-wide > #rest { layout: horizontal; }
        &.-wide #objects-pane { height: 1fr; width: 58%; }
        &.-wide #detail-pane {
            width: 1fr;
            border-top: none;
            border-left: vkey $border-blurred;
        }
        &.-narrow > #databases-pane { width: 28; min-width: 28; }
        &.-narrow #objects-pane { height: 1fr; }
        &.-narrow #detail-pane { display: none; border-top: none; }
        &.-narrow.-reading > #rest { border-left: none; }
        &.-narrow.-reading #detail-pane { display: block; }
        &.-narrow.-reading > #databases-pane { display: none; }
        &.-narrow.-reading #objects-pane { display: none; }
    }
    """

    KEYS = (
        *("clone", "snapshot", "as_of", "put_back", "compare"),
        *("restore", "drop", "find"),
    )

    def __init__(self, desk: Desk, *, id: str) -> None:  # noqa: A002
        super().__init__(desk, id=id)
        self._wanted: Thing | None = None
        self._on_database = True
        self._shown: tuple[Database, Table | None, AsOf] | None = None
        self._names = Names(desk)
        self._objects = Objects(desk)
        self._detail = Detail(desk)
        self._detail_pane = Pane(self._detail, id="detail-pane")

    def compose(self) -> ComposeResult:
        yield self._names
        with Container(id="rest"):
            yield self._objects
            yield self._detail_pane

    def look(self, at: AsOf, thing: Thing | None = None) -> None:
        """Show another moment, and go to something in it."""
        if at != self._names.at:
            self._wanted = thing or self._selected
            self._names.look(at)
            self._no_database()
        else:
            self._wanted = thing
            self._go_on()
        self.load()

    @property
    def _selected(self) -> Thing | None:
        """What is under the cursor: it is what one wants to see at another moment."""
        table = self._objects.under_cursor()
        database = self._names.current
        if database is None or table is None:
            return database
        return TableName(table.name, database)

    def on_mount(self) -> None:
        self._names.say("Databases")
        self._objects.say("Objects")
        self._detail_pane.say("Detail")
        self.load()

    def on_resize(self) -> None:
        narrow = self.size.width < _NARROW
        self.set_class(self.size.width >= _WIDE, "-wide")
        if narrow != self.has_class("-narrow"):
            self.set_class(narrow, "-narrow")
            # What is being read goes on being read.
            self._set_reading(narrow and self._detail.has_focus_within)
        self._seen()

    def _set_reading(self, reading: bool) -> None:
        self.set_class(reading, "-reading")
        self._seen()

    def _seen(self) -> None:
        self._detail.seen(not self.has_class("-narrow") or self.has_class("-reading"))

    # What a command applies to

    @property
    def selection(self) -> Selection:
        at, database = self._names.at, self._names.current
        names = self._names.marked() if self._on_database else self._objects.marked()
        if database is None:
            return Selection(at=at, marked=names)
        table = self._objects.under_cursor()
        if self._on_database or table is None:
            return Selection(database, at=at, marked=names)
        return Selection(database, table.name, table.kind, at=at, marked=names)

    @property
    def databases(self) -> list[Database]:
        """What was read last, for forms."""
        return list(self._names.databases.values())

    def why_not(self, name: str) -> str | None:
        account = self._names.account
        if account is not None and name in ("clone", "snapshot", "copy_sql"):
            return (
                f"It is of the account {account}: log in there, or take a snapshot "
                "of that account and copy from it."
            )
        if name == "copy_sql" and not self._sql:
            return "Go to an object: Y copies what makes it, or what is shown."
        return None

    # Going around

    def focus_first(self) -> None:
        self._set_reading(False)
        self._names.table.focus()

    @property
    def deep(self) -> bool:
        return self.has_class("-reading")

    def back(self) -> None:
        if self._detail.has_focus_within:
            self._set_reading(False)
            (self._names if self._on_database else self._objects).table.focus()
        else:
            self._names.table.focus()

    def filter(self) -> None:
        if not self._detail.has_focus_within:
            super().filter()
        elif isinstance(self._detail.active.body, TableList):
            self.notify("/ filters the lists of databases and objects.", timeout=3)
        else:
            self._set_reading(False)
            self._objects.list.action_filter()

    def step_tab(self, by: int) -> None:
        """Show the tab beside in the detail."""
        self._detail.step(by)

    def on_descendant_focus(self) -> None:
        if self._names.has_focus_within:
            self._on_database = True
            self._show_detail()
        elif self._objects.has_focus_within:
            self._on_database = False
            self._show_detail()
        self.post_message(self.SelectionChanged())

    def toggle_system(self) -> None:
        self.system = self._names.system = not self._names.system
        self._names.show_rows()
        self._open(self._names.current)

    def do_find(self) -> None:
        """Search every object of every database."""
        from moclone_tui.tui.screens.find import FindScreen

        def found(thing: Thing | None) -> None:
            if thing is not None:
                self.look(self._names.at, thing)

        self.app.push_screen(FindScreen(self.desk, self._names.at), found)

    @property
    def _sql(self) -> str:
        return self._detail.sql()

    def do_copy_sql(self) -> None:
        """Copy the statement behind what is shown."""
        self.app.copy_to_clipboard(self._sql)
        self.notify("Copied the SQL", markup=False, timeout=2)

    # Reading

    def load(self) -> None:
        self._shown = None
        self._detail.forget()
        self._names.load()

    @on(Names.Came)
    def _came(self, event: Names.Came) -> None:
        event.stop()
        self._detail.know(self._names.around)
        if self._names.around.account:  # it was read
            self._objects.know(self._names.around)
        error = event.error
        if isinstance(error, MocloneError):
            if self._names.databases:
                self.not_read(error)
            else:
                self._no_database()
                self._detail.about(None, render.one_line(error))
            return
        if self._objects.database != self._names.current or self._shown is None:
            self._open(self._names.current)
        self._go_on()

    def _go_on(self) -> None:
        """Go to what is wanted, as far as it was read."""
        wanted = self._wanted
        if wanted is None:
            return
        name = wanted.database or "" if isinstance(wanted, TableName) else wanted
        if not self._names.go(name):
            return
        if not isinstance(wanted, TableName):
            self._wanted = None
            self._names.table.focus()
        elif self._objects.database == name and self._objects.tables:
            self._wanted = None
            if not self._objects.table.move_to(wanted.table):
                self._objects.list.action_clear_filter()
                self._objects.table.move_to(wanted.table)
            self._objects.table.focus()

    def _open(self, database: str | None) -> None:
        if database is not None:
            self._objects.open(database, self._names.at)
        else:
            self._no_database()
            if account := self._names.account:
                self._detail.about(None, f"A database of the account {account}.")

    def _no_database(self) -> None:
        self._objects.clear()
        self._detail_pane.say("Detail")
        self._shown = None
        self._detail.about(None)

    @on(Objects.Filled)
    def _filled(self, event: Objects.Filled) -> None:
        event.stop()
        if event.anew:
            self._go_on()
            self._show_detail()
        self._count()

    def _count(self) -> None:
        objects = self._objects
        self._detail.count(objects.rows, objects.sizes, objects.changed)

    @on(TableList.Highlighted)
    def _moved(self, event: TableList.Highlighted) -> None:
        event.stop()
        other = self._names.current != self._objects.database
        if event.table is self._names.table and other:
            self._open(self._names.current)
        self._show_detail()
        self.post_message(self.SelectionChanged())

    @on(TableList.MarksChanged)
    @on(TableList.ViewChanged)
    def _marked(self) -> None:
        self.post_message(self.SelectionChanged())

    # Detail

    @on(TableList.Selected)
    def _chosen(self, event: TableList.Selected) -> None:
        event.stop()
        if event.table is self._names.table:
            self._objects.table.focus()
        elif event.table is self._objects.table:
            self._set_reading(self.has_class("-narrow"))
            self._detail.focus_body()

    def _show_detail(self) -> None:
        database = self._names.databases.get(self._objects.database or "")
        if database is None:
            return
        table = None if self._on_database else self._objects.under_cursor()
        shown = (database, table, self._names.at)
        if self._shown == shown:
            return
        self._shown = shown
        self._detail_pane.say(table.name if table else database.name)
        self._count()
        self._detail.about(Subject(*shown), "Reading…")
