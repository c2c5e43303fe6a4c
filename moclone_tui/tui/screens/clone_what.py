"""What the clone form copies, and to where: one source, or several by a template."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence

from textual.widget import Widget

from moclone_tui import text
from moclone_tui.api import Database, Kind, MocloneError, Snapshot, Table, TableName
from moclone_tui.cloning.plan import Plan
from moclone_tui.cloning.request import Pair, Request
from moclone_tui.jobs.journal import os_user
from moclone_tui.tui import render
from moclone_tui.tui.desk import Desk
from moclone_tui.tui.screens.form import Field
from moclone_tui.tui.selection import Selection, Thing
from moclone_tui.tui.widgets.cells import Cell, Column, Row, Tone
from moclone_tui.tui.widgets.choice import Choice
from moclone_tui.tui.widgets.entry import Entry
from moclone_tui.tui.widgets.table import TableList

_WHOLE = ("whole",)
_TABLES = (
    Column("name", "table", min=16, search=True),
    Column("kind", "kind", width=10, tone="muted"),
)
_COPIES = (
    Column("source", "source", min=14, search=True),
    Column("target", "target", min=14, search=True),
    Column("there", "", width=14),
)


class What:
    """What is copied: widgets above and below the moment, and what is filled in."""

    above: Sequence[Widget] = ()
    below: Sequence[Widget] = ()
    first: Widget
    """What has the focus at first."""
    target: Entry
    """The name of the copy, or the template of the names."""

    def __init__(self) -> None:
        self.suggested = ""

    @property
    def database(self) -> str:
        """The database whose objects are read; empty if there is none."""
        return ""

    @property
    def typed(self) -> bool:
        """Whether a name was typed that would be lost."""
        return self.target.value not in ("", self.suggested)

    def fits(self, snapshot: Snapshot) -> bool:
        """Whether all of it can be cloned from a snapshot, by what that covers."""
        raise NotImplementedError

    def request(self) -> Request:
        """The copies, of the present.

        Raises:
            MocloneError: They cannot be made; the message says why.
        """
        raise NotImplementedError

    def suggest(self) -> None:
        """Fill in a name, unless one was typed."""
        if not self.typed:
            self.target.value = self.suggestion()
            self.suggested = self.target.value

    def suggestion(self) -> str:
        """The name that suggests itself."""
        raise NotImplementedError

    def holds(self, tables: Sequence[Table] | None) -> None:
        """Hear what the database holds; None if that could not be read."""

    def say(self, plan: Plan | None) -> None:
        """Tell of each target whether it is there; None if the form makes no sense."""
        raise NotImplementedError


class OneSource(What):
    """A database or a table.

    Args:
        start: What is selected.
        databases: The databases there are.
    """

    def __init__(self, start: Selection, databases: Sequence[Database]) -> None:
        super().__init__()
        self._names = {each.name.lower() for each in databases}
        self.source = Choice("Source", render.DATABASE_COLUMNS, id="source")
        self.table = Choice("Table", _TABLES, id="table")
        self.target = Entry(id="target", compact=True, select_on_focus=True)
        self._source_field = Field("Source", self.source)
        self._target_field = Field("Target", self.target)
        self.above = (self._source_field, Field("Table", self.table))
        self.below = (self._target_field,)
        own = [each for each in databases if not each.system]
        rows = render.database_rows(own, system=False)
        # What only a moment of the past has can be cloned from there.
        if start.at and start.database and start.database not in self._names:
            rows.append(Row(start.database, (start.database, Cell("gone", "warn"))))
        self.source.offer(rows, lambda key: str(key or "choose a database"))
        self.table.offer((), _table_words)
        self.source.start_with(start.database)
        self.table.start_with(start.table or _WHOLE)
        self.holds(())
        self.first = self.target if start.database else self.source

    @property
    def database(self) -> str:
        return str(self.source.value or "")

    @property
    def _table(self) -> str | None:
        key = self.table.value
        return key if isinstance(key, str) else None

    def fits(self, snapshot: Snapshot) -> bool:
        if not self.database or snapshot.has_database(self.database):
            return True
        table = self._table
        return table is not None and snapshot.has_table(self.database, table)

    def request(self) -> Request:
        target = self.target.value.strip()
        if not self.database:
            raise MocloneError("Choose a database to clone.")
        if self._table is None:
            return Request((Pair(self.database, target),))
        name = TableName.parse(target)
        if name.database is None:
            name = TableName(name.table, self.database)
        return Request((Pair(TableName(self._table, self.database), name),))

    def suggestion(self) -> str:
        if self._table is not None:
            copy = TableName(f"{self._table}_copy", self.database)
            return copy.sql.replace("`", "") if _plain(copy) else copy.sql
        return _free(f"{self.database}_copy", self._names) if self.database else ""

    def holds(self, tables: Sequence[Table] | None) -> None:
        rows = [Row(_WHOLE, (Cell("the whole database", "accent"), ""))]
        rows += [
            Row(table.name, (table.name, str(table.kind)))
            for table in tables or ()
            if table.kind is Kind.TABLE
        ]
        self.table.offer(rows)

    def forget_table(self) -> None:
        """Copy the whole database, now that it is another one."""
        self.table.value = _WHOLE

    def say_holds(self, words: str) -> None:
        """Say beside the source what it holds."""
        self._source_field.say(words)

    def say(self, plan: Plan | None) -> None:
        self._target_field.say(*(_said_of(plan, 0) if plan else ("", "muted")))


class ManySources(What):
    """Several databases, or several tables; a template makes the names.

    Args:
        things: What is marked.
        desk: What the form works at.
    """

    def __init__(self, things: Sequence[Thing], desk: Desk) -> None:
        super().__init__()
        self._things = tuple(things)
        # A name has a day in it that somebody reads here, not the server's.
        self._fields = {"date": desk.clock().astimezone(), "user": _word(os_user())}
        self.target = Entry(id="target", compact=True, select_on_focus=True)
        self._field = Field("Names", self.target)
        self._list = TableList(_COPIES, markable=False, id="copies")
        self._list.styles.height = min(len(self._things), 6) + 1
        self.below = (self._field, self._list)
        self.first = self.target

    def fits(self, snapshot: Snapshot) -> bool:
        return all(
            snapshot.has_table(each.database or "", each.table)
            if isinstance(each, TableName)
            else snapshot.has_database(each)
            for each in self._things
        )

    def request(self) -> Request:
        template = self.target.value.strip()
        if "{" not in template:
            raise MocloneError(
                "Several copies need several names.",
                remedy="Write a template, as {source}_copy or {source}_{date:%m%d}.",
            )
        return Request.of_several(self._things, template, self._fields)

    def suggestion(self) -> str:
        return "{source}_copy"

    def say(self, plan: Plan | None) -> None:
        self._field.say("{source} {date:%m%d} {user}")
        if plan is None:
            rows = [Row(_key(each), (str(each), "", "")) for each in self._things]
        else:
            rows = [
                Row(
                    _key(pair.source),
                    (str(pair.source), str(pair.target), Cell(*_said_of(plan, at))),
                )
                for at, pair in enumerate(plan.request.pairs)
            ]
        self._list.set_rows(rows)


def what(
    desk: Desk, selection: Selection, databases: Sequence[Database]
) -> OneSource | ManySources:
    """What the form starts with: what is marked, or what is under the cursor."""
    things = selection.things
    if len(things) > 1:
        return ManySources(things, desk)
    if selection.marked:
        (thing,) = things
        single = isinstance(thing, TableName)
        selection = Selection(
            thing.database if isinstance(thing, TableName) else thing,
            thing.table if isinstance(thing, TableName) else None,
            Kind.TABLE if single else None,
            at=selection.at,
        )
    return OneSource(selection, databases)


def _key(thing: Thing) -> str:
    return thing.sql if isinstance(thing, TableName) else thing


def _table_words(key: object) -> str:
    return "the whole database" if key in (_WHOLE, None) else str(key)


def _word(name: str) -> str:
    """A name as a part of another one, which takes no spaces and quotes."""
    return re.sub(r"[^\w-]+", "_", name) or "somebody"


def _said_of(plan: Plan, at: int) -> tuple[str, Tone]:
    """Whether a target is there already."""
    if at >= len(plan.facts):
        return "…", "muted"
    facts, pair = plan.facts[at], plan.request.pairs[at]
    if pair.target_table is not None and facts.target_database_there is False:
        return "no such database", "warn"
    if facts.target_there is None:
        return "not known", "muted"
    return ("exists already", "warn") if facts.target_there else ("free", "muted")


def _free(name: str, taken: Container[str]) -> str:
    """The first of `shop_copy`, `shop_copy_2` and so on that is not taken."""
    names = [name, *(f"{name}_{number}" for number in range(2, 100))]
    return next((each for each in names if each.lower() not in taken), name)


def _plain(name: TableName) -> bool:
    parts = (name.database or "", name.table)
    return all("." not in part and "`" not in part for part in parts)


def holds_words(tables: Sequence[Table]) -> str:
    """`6 tables, 2 views`."""
    parts = [
        text.plural(number, str(kind))
        for kind in Kind
        if (number := sum(table.kind is kind for table in tables))
    ]
    return ", ".join(parts) or "empty"
