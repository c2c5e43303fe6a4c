"""The Databases view: databases, the objects of the selected one, and their detail."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from textual import on
from textual.app import ComposeResult

from moclone_tui import text
from moclone_tui.api import (
    Client,
    Database,
    Kind,
    MocloneError,
    Table,
    TableName,
)
from moclone_tui.tui import render
from moclone_tui.tui.asof import PRESENT, AsOf
from moclone_tui.tui.desk import Desk
from moclone_tui.tui.reader import Answered
from moclone_tui.tui.reads import Found, count_rows
from moclone_tui.tui.selection import Selection, Thing
from moclone_tui.tui.views.base import View
from moclone_tui.tui.widgets.detail import Detail
from moclone_tui.tui.widgets.filter_list import FilterList
from moclone_tui.tui.widgets.pane import Pane
from moclone_tui.tui.widgets.table import TableList


class DatabasesView(View):
    """Three panes; on a narrow screen the detail takes the place of the lists."""

    DEFAULT_CSS = """
    DatabasesView {
        & > #databases-pane { width: 20%; min-width: 24; max-width: 44; }
        & > #objects-pane { width: 1fr; border-left: vkey $border-blurred; }
        & > #detail-pane { width: 34%; border-left: vkey $border-blurred; }
        &.-narrow > #detail-pane { display: none; width: 1fr; border-left: none; }
        &.-narrow.-reading > #detail-pane { display: block; }
        &.-narrow.-reading > #databases-pane { display: none; }
        &.-narrow.-reading > #objects-pane { display: none; }
    }
    """

    KEYS = ("clone", "snapshot", "as_of")

    def __init__(self, desk: Desk, *, id: str) -> None:  # noqa: A002
        super().__init__(desk, id=id)
        self._at = PRESENT
        self._wanted: Thing | None = None
        self._databases: dict[str, Database] = {}
        self._tables: dict[str, Table] = {}
        self._shown_database: str | None = None
        self._rows: dict[str, int | None] = {}
        self._stale = ""
        self._uncounted: set[str] = set()
        self._counting: tuple[str, tuple[str, ...]] | None = None
        self._detailed: TableName | None = None
        self._shown: TableName | None = None
        self._found: Found | None = None
        self._on_database = True
        self._names = FilterList(
            TableList(
                render.DATABASE_COLUMNS,
                markable=False,
                empty="No databases yet · . shows the server's own",
            )
        )
        self._objects = FilterList(
            TableList(
                render.OBJECT_COLUMNS, markable=False, empty="This database is empty"
            )
        )
        self._detail = Detail()
        self._names_pane = Pane(self._names, id="databases-pane")
        self._objects_pane = Pane(self._objects, id="objects-pane")
        self._detail_pane = Pane(self._detail, id="detail-pane")

    def compose(self) -> ComposeResult:
        yield self._names_pane
        yield self._objects_pane
        yield self._detail_pane

    def look(self, at: AsOf, thing: Thing | None = None) -> None:
        """Show another moment, and go to something in it."""
        self._wanted = thing
        if at != self._at:
            self._at = at
            self._databases = {}
            self._names.table.set_rows(())
            self._no_database()
        self.load()

    def on_mount(self) -> None:
        self._names_pane.say("Databases")
        self._objects_pane.say("Objects")
        self._detail_pane.say("Detail")
        self.load()

    def on_resize(self) -> None:
        narrow = self.size.width < 116
        if narrow != self.has_class("-narrow"):
            self.set_class(narrow, "-narrow")
            # What is being read goes on being read.
            self.set_class(narrow and self._detail.has_focus_within, "-reading")

    # What a command applies to

    @property
    def selection(self) -> Selection:
        database = self._names.table.cursor_key
        if not isinstance(database, str):
            return Selection(at=self._at)
        table = self._table_under_cursor()
        if self._on_database or table is None:
            return Selection(database, at=self._at)
        return Selection(database, table.name, table.kind, at=self._at)

    def _table_under_cursor(self) -> Table | None:
        return self._tables.get(str(self._objects.table.cursor_key))

    @property
    def databases(self) -> list[Database]:
        """What was read last, for forms."""
        return list(self._databases.values())

    # Going around

    def focus_first(self) -> None:
        self.remove_class("-reading")
        self._names.table.focus()

    def back(self) -> None:
        if self._detail.has_focus_within:
            self.remove_class("-reading")
            self._objects.table.focus()
        else:
            self._names.table.focus()

    def filter(self) -> None:
        if self._detail.has_focus_within:
            self.remove_class("-reading")
            self._objects.action_filter()
        else:
            super().filter()

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
        self.system = not self.system
        self._show_names()

    # Reading

    def load(self) -> None:
        self._detailed = None
        if not self._databases:
            self._names.table.pending = "Reading the databases…"
        at = self._at.moment
        self._ask("databases", at, lambda client: client.metadata.databases(at))

    def _ask(self, topic: str, question: Any, work: Callable[[Client], Any]) -> None:
        self.desk.reader.ask(self, topic, question, work)

    @on(Answered)
    def _answered(self, event: Answered) -> None:
        event.stop()
        handle = {
            "databases": self._databases_came,
            "tables": self._tables_came,
            "rows": self._rows_came,
            "detail": self._detail_came,
        }[event.topic]
        handle(event)

    def _databases_came(self, event: Answered) -> None:
        if event.question != self._at.moment:
            return
        table = self._names.table
        table.pending = ""
        table.error = ""
        self._stale = ""
        if event.error is None:
            self._databases = {database.name: database for database in event.value}
        elif self._databases:
            # What was read before is better than nothing, if it says so.
            self._stale = self.not_read(event.error)
            self._say_names()
            return
        else:
            table.error = render.one_line(event.error)
        self._show_names()
        if event.error is not None:
            self._detail.show_overview(render.problem(event.error))

    def _show_names(self) -> None:
        self._names.table.set_rows(
            render.database_rows(self._databases.values(), system=self.system)
        )
        self._say_names()
        self._open(self._names.table.cursor_key)

    def _say_names(self) -> None:
        known = [each.counts is not None for each in self._databases.values()]
        few = " · names only" if known and not any(known) else ""
        self._names_pane.say(
            f"{self._stale}Databases {text.count(self._names.table.total)}{few}"
        )

    @on(TableList.Highlighted)
    def _moved(self, event: TableList.Highlighted) -> None:
        event.stop()
        if event.table is self._names.table:
            if event.key != self._shown_database:
                self._open(event.key)
        elif event.table is self._objects.table:
            self._count_rows()
        self._show_detail()
        self.post_message(self.SelectionChanged())

    def _open(self, key: object) -> None:
        if not isinstance(key, str):
            self._no_database()
            return
        if key != self._shown_database:
            self._shown_database = key
            self._tables, self._rows = {}, {}
            self._objects.table.set_rows(())
            self._objects.table.pending = "Reading…"
            self._objects.table.empty = "This database is empty"
            self._objects_pane.say(key)
        at = self._at.moment
        self._ask("tables", (key, at), lambda client: client.metadata.tables(key, at))

    def _no_database(self) -> None:
        self._shown_database = None
        self._tables, self._rows = {}, {}
        self._objects.table.pending = ""
        self._objects.table.error = ""
        self._objects.table.empty = ""  # nothing is known of any
        self._objects.table.set_rows(())
        self._objects_pane.say("Objects")
        self._detail_pane.say("Detail")
        self._detailed = self._shown = self._found = None
        self._detail.clear()

    def _tables_came(self, event: Answered) -> None:
        database, at = event.question
        if (database, at) != (self._shown_database, self._at.moment):
            return
        table = self._objects.table
        table.pending = ""
        if event.error is not None and self._tables:
            self._objects_pane.say(f"{self.not_read(event.error)}{database}")
            return
        table.error = render.one_line(event.error) if event.error else ""
        found = [] if event.error else event.value
        self._tables = {each.name: each for each in found}
        self._uncounted = {each.name for each in found if each.kind is Kind.TABLE}
        table.set_rows(render.object_rows(found, self._rows, self.desk.clock()))
        self._objects_pane.say(_title(database, found))
        self._count_rows()
        self._show_detail()

    # Rows, in sight first

    def on_idle(self) -> None:
        self._count_rows()

    def _count_rows(self) -> None:
        database = self._shown_database
        wanted = tuple(
            name
            for name in map(str, self._objects.table.keys_in_sight())
            if name in self._uncounted
        )
        if database is None or not wanted or self._counting == (database, wanted):
            return
        self._counting = (database, wanted)
        self._ask(
            "rows",
            self._counting,
            lambda client: count_rows(client, database, wanted),
        )

    def _rows_came(self, event: Answered) -> None:
        database, asked = event.question
        if self._counting == event.question:
            self._counting = None
        if database != self._shown_database:
            return
        # What could not be counted is not asked again before the next refresh.
        self._rows |= event.value or dict.fromkeys(asked)
        self._uncounted.difference_update(asked)
        for name in asked:
            if name in self._tables:
                cell = render.rows_cell(self._tables[name], self._rows)
                self._objects.table.update_cells(name, {"rows": cell})
        self._count_rows()
        self._show_overview()

    # Detail

    @on(TableList.Selected)
    def _chosen(self, event: TableList.Selected) -> None:
        event.stop()
        if event.table is self._names.table:
            self._objects.table.focus()
        elif event.table is self._objects.table:
            self.add_class("-reading")
            self._detail.focus_body()

    def _show_detail(self) -> None:
        database = self._databases.get(self._shown_database or "")
        if database is None:
            return
        table = self._table_under_cursor()
        if self._on_database or table is None:
            self._detailed = self._shown = None
            self._detail_pane.say(database.name)
            self._detail.clear("Go to the objects for their columns and DDL.")
            self._detail.show_overview(
                render.database_facts(database, self.desk.clock())
            )
            return
        name = TableName(table.name, table.database)
        if self._detailed == name:
            return
        if self._shown != name:
            self._found = None
            self._detail_pane.say(table.name)
            self._detail.clear("Reading…")
        self._detailed = self._shown = name
        self._ask("detail", name, lambda client: Found.read(client, name))

    def _detail_came(self, event: Answered) -> None:
        if event.question != self._detailed:
            return
        if event.error is not None:
            self._found = None
            self._detail.clear()
            self._detail.show_overview(render.problem(event.error))
            return
        self._found = event.value
        self._show_overview()
        self._detail.show_columns(event.value.columns)
        self._detail.show_ddl(event.value.ddl)

    def _show_overview(self) -> None:
        table = self._table_under_cursor()
        if table is None or self._found is None:
            return
        found = self._found
        indexes = [] if isinstance(found.indexes, MocloneError) else found.indexes
        self._detail.show_overview(
            render.table_facts(table, self._rows, indexes, self.desk.clock())
        )


def _title(database: str, tables: list[Table]) -> str:
    parts = [database]
    for kind in Kind:
        number = sum(table.kind is kind for table in tables)
        if number:
            parts.append(text.plural(number, str(kind)))
    return " · ".join(parts)
