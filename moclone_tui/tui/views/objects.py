"""The middle list of the Databases view: what a database holds, as it is read."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from textual import on
from textual.message import Message

from moclone_tui.api import Client, Kind, Snapshot, Table, TableName
from moclone_tui.tui import object_words, render
from moclone_tui.tui.asof import PRESENT, AsOf
from moclone_tui.tui.desk import Desk
from moclone_tui.tui.object_reads import Around, count_rows, count_then
from moclone_tui.tui.reader import Answered
from moclone_tui.tui.widgets.cells import Cell, Row
from moclone_tui.tui.widgets.filter_list import FilterList
from moclone_tui.tui.widgets.pane import Pane
from moclone_tui.tui.widgets.table import TableList

_EMPTY = "This database is empty · c on a table elsewhere copies it into here"
_BATCH = 100
"""How many objects are read at a time where the list is sorted by what is read."""


@dataclass(frozen=True, slots=True)
class _Held:
    """What a database holds, made ready for the list in the reader's thread."""

    tables: dict[str, Table]
    rows: list[Row]
    title: str
    kinds: dict[str, list[str]]
    """The names of what can be counted, by column."""


class Objects(Pane):
    """A list of objects: exact rows, sizes and changes come behind, in sight first.

    Args:
        desk: What it works at.
    """

    class Filled(Message):
        """More is known: of the objects, or of how many rows they have."""

        def __init__(self, *, anew: bool) -> None:
            super().__init__()
            self.anew = anew
            """Whether the objects themselves were read."""

    def __init__(self, desk: Desk) -> None:
        table = TableList(object_words.OBJECTS, empty=_EMPTY)
        self.list = FilterList(table)
        super().__init__(self.list, id="objects-pane")
        self.table = table
        """The list itself."""
        self.desk = desk
        self.database: str | None = None
        """The database that is shown."""
        self.tables: dict[str, Table] = {}
        """Its objects, by name."""
        self.rows: dict[str, int | None] = {}
        """How many rows tables have; None if they could not be counted."""
        self.sizes: dict[str, int | None] = {}
        """Bytes, as the server estimates them."""
        self.changed: dict[str, str] = {}
        """What changed, in words."""
        self._then: dict[str, int | None] = {}
        self._at = PRESENT
        self._around: Around | None = None
        self._missing: dict[str, set[str]] = {}
        self._asked: dict[str, object] = {}
        self._questions = itertools.count()

    # What is shown

    def under_cursor(self) -> Table | None:
        """The object under the cursor."""
        return self.tables.get(str(self.table.cursor_key))

    def marked(self) -> tuple[TableName, ...]:
        """The marked objects that are in view."""
        return tuple(
            TableName(str(key), self.database) for key in self.table.marked_in_view
        )

    def open(self, database: str, at: AsOf) -> None:
        """Show a database, or read it again."""
        if (database, at) != (self.database, self._at):
            self.clear()
            self.database, self._at = database, at
            self.table.pending = "Reading…"
            self.table.empty = _EMPTY
            self.say(database)
        around, now = self._around or Around(), self.desk.clock()
        self._ask(
            "tables",
            (database, at),
            lambda client: _held(
                client.metadata.tables(database, at.moment), around, now, past=bool(at)
            ),
            behind=False,
        )

    def clear(self, words: str = "") -> None:
        """Show nothing but words: nothing is known of any object."""
        self.database = None
        self.tables, self.rows, self.sizes = {}, {}, {}
        self.changed, self._then = {}, {}
        self._missing, self._asked = {}, {}
        self.table.pending = self.table.error = ""
        self.table.empty = words
        self.table.set_rows(())
        self.say("Objects")

    def know(self, around: Around) -> None:
        """Hear what is known of objects beside the catalog."""
        self._around = around
        for each in self.tables.values():
            source = object_words.source_cell(object_words.source_of(each, around))
            if source.text:
                self.table.update_cells(each.name, {"source": source})
        self._fill()

    # Reading

    def _ask(
        self,
        topic: str,
        about: tuple[Any, ...],
        work: Callable[[Client], Any],
        *,
        behind: bool = True,
    ) -> None:
        question = (*about, next(self._questions))  # asked again, it is another
        self._asked[topic] = question
        self.desk.reader.ask(self, topic, question, work, behind=behind)

    @on(Answered)
    def _answered(self, event: Answered) -> None:
        event.stop()
        if event.question != self._asked.get(event.topic):
            return
        self._asked.pop(event.topic)
        if event.topic == "tables":
            self._tables_came(event)
        else:
            self._counts_came(event)

    def _tables_came(self, event: Answered) -> None:
        database = event.question[0]
        self.table.pending = ""
        if event.error is not None and self.tables:
            self.say(f"not read {self.desk.clock():%H:%M} · {database}")
            self.notify(
                render.one_line(event.error), severity="error", markup=False, timeout=8
            )
            return
        self.table.error = render.in_list(event.error) if event.error else ""
        held = _Held({}, [], database, {}) if event.error else event.value
        self.tables = held.tables
        self.rows, self.sizes, self.changed, self._then = {}, {}, {}, {}
        self._asked.clear()  # what is on its way was counted before
        wanted = object_words.COUNTED if not self._at else ("rows",)
        self._missing = {column: set(held.kinds.get(column, ())) for column in wanted}
        self.table.set_rows(held.rows)
        self.say(held.title)
        self._fill()
        self.post_message(self.Filled(anew=True))

    # What fills in behind, in sight first

    def on_idle(self) -> None:
        self._fill()

    def _fill(self) -> None:
        """Ask for what is missing in sight; of all, where the list is sorted by it."""
        if self.database is None or not self.tables:
            return
        for column, missing in self._missing.items():
            if not missing or column in self._asked:
                continue
            if column == "changed" and self._around is None:
                continue
            names = [each for each in self._in_sight() if each in missing]
            if not names and self.table.sort_column == column:
                names = [each for each, _ in zip(missing, range(_BATCH), strict=False)]
            if column == "changed":  # behind the rows it is compared with
                names = [each for each in names if each in self.rows]
            if names:
                self._count(column, tuple(names))

    def _in_sight(self) -> Iterable[str]:
        return map(str, self.table.keys_in_sight())

    def _count(self, column: str, names: tuple[str, ...]) -> None:
        database, at = self.database or "", self._at.moment
        work: Callable[[Client], dict[str, int | None]]
        if column == "rows":

            def work(client: Client) -> dict[str, int | None]:
                return count_rows(client, database, names, at)

        elif column == "size":

            def work(client: Client) -> dict[str, int | None]:
                return {**client.metadata.sizes(database, names)}

        else:
            newest = {each: self._newest(each) for each in names}
            since = {name: each for name, each in newest.items() if each is not None}

            def work(client: Client) -> dict[str, int | None]:
                return count_then(client, database, since)

        self._ask(column, (database, at, names), work)

    def _counts_came(self, event: Answered) -> None:
        column, names = event.topic, event.question[2]
        found = event.value or {}
        store = {"rows": self.rows, "size": self.sizes, "changed": self._then}[column]
        # What could not be counted is not asked again before the next refresh.
        self._missing[column].difference_update(names)
        for name in names:
            store[name] = found.get(name)
            if name in self.tables:
                self.table.update_cells(name, {column: self._cell(column, name)})
        if self.table.sort_column == column and not self._missing[column]:
            self.table.resort()
        self._fill()
        self.post_message(self.Filled(anew=False))

    def _cell(self, column: str, name: str) -> Cell:
        if column == "rows":
            return render.number(self.rows[name])
        if column == "size":
            return object_words.size_cell(self.sizes[name])
        since, now = self._newest(name), self.rows.get(name)
        cell = object_words.changed_cell(
            self.tables[name], self._then[name], now, since
        )
        if since is not None and cell is not render.NOT_KNOWN:
            self.changed[name] = f"{cell.text} since {since.name}"
        return cell

    def _newest(self, table: str) -> Snapshot | None:
        around = self._around or Around()
        return around.newest(self.database or "", table)


def _held(
    tables: list[Table], around: Around, now: dt.datetime, *, past: bool
) -> _Held:
    counted = [each.name for each in tables if each.kind is Kind.TABLE]
    database = tables[0].database if tables else ""
    return _Held(
        {each.name: each for each in tables},
        object_words.object_rows(tables, around, now, past=past),
        object_words.title(database, tables),
        dict.fromkeys(object_words.COUNTED, counted),
    )
