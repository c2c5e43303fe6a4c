"""The clone form: what, as of when, to where; the SQL as it will be sent."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from textual import on
from textual.app import ComposeResult
from textual.widgets import Input

from moclone_tui import text
from moclone_tui.api import (
    NOW,
    Client,
    Database,
    Kind,
    MocloneError,
    Moment,
    NotFound,
    Snapshot,
    Table,
    TableName,
)
from moclone_tui.api.names import new_database
from moclone_tui.jobs.clone import CloneDatabase, CloneTable
from moclone_tui.jobs.model import JobSpec
from moclone_tui.tui import render
from moclone_tui.tui.desk import Desk
from moclone_tui.tui.reader import Answered
from moclone_tui.tui.screens.form import Field, Finding, FormScreen
from moclone_tui.tui.views.base import Selection
from moclone_tui.tui.widgets.cells import Cell, Column, Row
from moclone_tui.tui.widgets.choice import Choice
from moclone_tui.tui.widgets.entry import Entry
from moclone_tui.tui.widgets.options import Options

_WHOLE = ("whole",)
_NOW = ("now",)
_TAKEN = "exists already"
_NOWHERE = "is in no database there is"
_TABLES = (
    Column("name", "table", min=16, search=True),
    Column("kind", "kind", width=10, tone="muted"),
)


class CloneForm(FormScreen):
    """Clone a database or a table.

    Args:
        desk: What it works at.
        selection: What is selected: the form starts with it.
        databases: The databases there are.
    """

    def __init__(
        self, desk: Desk, selection: Selection, databases: Sequence[Database]
    ) -> None:
        super().__init__(desk, "Clone")
        self._start = selection
        self._databases = [each for each in databases if not each.system]
        self._names = {each.name.lower() for each in databases}
        self._tables: dict[str, Table] | None = None
        self._snapshots: list[Snapshot] = []
        self._at_target: tuple[str, str] = ("", "")
        self._suggested = ""
        self._source = Choice("Source", render.DATABASE_COLUMNS, id="source")
        self._table = Choice("Table", _TABLES, id="table")
        self._at = Choice("As of", render.SNAPSHOT_COLUMNS, id="at")
        self._target = Entry(id="target", compact=True, select_on_focus=True)
        self._exists = Options(("stop", "skip"), id="exists")
        self._source_field = Field("Source", self._source)
        self._target_field = Field("Target", self._target)

    def fields(self) -> ComposeResult:
        yield self._source_field
        yield Field("Table", self._table)
        yield Field("As of", self._at)
        yield self._target_field
        yield Field("If it exists", self._exists)

    def on_mount(self) -> None:
        self._source.offer(
            render.database_rows(self._databases, system=False),
            lambda key: str(key or "choose a database"),
        )
        self._table.offer(
            self._table_rows(),
            lambda key: "the whole database" if key in (_WHOLE, None) else str(key),
        )
        self._at.offer(
            self._moments(), lambda key: "now" if key in (_NOW, None) else str(key)
        )
        names: list[str | None] = [each.name for each in self._databases]
        start = self._start.database
        self._source.value = start if start in names else (names or [None])[0]
        self._table.value = self._start.table or _WHOLE
        snapshot = self._start.snapshot
        self._at.value = snapshot.name if snapshot else _NOW
        self.desk.reader.ask(
            self, "snapshots", None, lambda client: client.snapshots.list()
        )
        self._read_tables()
        self._target.focus()
        self._replan()

    # What is filled in

    @property
    def _database(self) -> str:
        return str(self._source.value or "")

    @property
    def _source_table(self) -> str | None:
        key = self._table.value
        return key if isinstance(key, str) else None

    @property
    def _moment(self) -> Moment:
        key = self._at.value
        return Moment(snapshot=key) if isinstance(key, str) else NOW

    def spec(self) -> JobSpec:
        skip = self._exists.word == "skip"
        target = self._target.value.strip()
        if not self._database:
            raise MocloneError("Choose a database to clone.")
        if self._source_table is None:
            return CloneDatabase(
                new_database(target), self._database, self._moment, skip
            )
        name = TableName.parse(target)
        if name.database is None:
            name = TableName(name.table, self._database)
        source = TableName(self._source_table, self._database)
        return CloneTable(name.new(), source, self._moment, skip)

    # What there is

    def _read_tables(self) -> None:
        database = self._database
        self._tables = None
        if database:
            self.desk.reader.ask(
                self,
                "tables",
                database,
                lambda client: client.metadata.tables(database),
            )

    def _table_rows(self) -> list[Row]:
        rows = [Row(_WHOLE, (Cell("the whole database", "accent"), ""))]
        rows += [
            Row(table.name, (table.name, str(table.kind)))
            for table in (self._tables or {}).values()
            if table.kind is Kind.TABLE
        ]
        return rows

    def _moments(self) -> list[Row]:
        now = Row(_NOW, (Cell("now", "accent"), "", "the present", "", ""))
        table = self._source_table
        fitting = [
            snapshot
            for snapshot in self._snapshots
            if snapshot.has_database(self._database)
            or (table is not None and snapshot.has_table(self._database, table))
        ]
        return [now, *render.snapshot_rows(fitting, self.desk.clock())]

    @on(Answered)
    def _answered(self, event: Answered) -> None:
        event.stop()
        if event.topic == "snapshots":
            self._snapshots = [] if event.error else event.value
            self._at.offer(self._moments())
        elif event.topic == "tables" and event.question == self._database:
            found = [] if event.error else event.value
            self._tables = {table.name: table for table in found}
            self._table.offer(self._table_rows())
            self._source_field.say(
                "could not be read" if event.error else _holds(found)
            )
        elif event.topic == "target":
            said = "not known" if event.error else event.value
            self._at_target = (str(event.question), said)
        self._replan()

    @on(Choice.Changed, "#source")
    def _source_changed(self, event: Choice.Changed) -> None:
        event.stop()
        if self._table.value != _WHOLE and self._database != self._start.database:
            self._table.value = _WHOLE
        self._read_tables()
        self._anew()

    @on(Choice.Changed, "#table")
    def _table_changed(self, event: Choice.Changed) -> None:
        event.stop()
        self._anew()

    def _anew(self) -> None:
        """Another source: other snapshots cover it, another name suggests itself."""
        moments = self._moments()
        self._at.offer(moments)
        if self._snapshots and self._at.value not in {row.key for row in moments}:
            self._at.value = _NOW
        if self._target.value in ("", self._suggested):
            self._suggested = self._suggestion()
            self._target.value = self._suggested
            self._suggested = self._target.value
        self._replan()

    def _suggestion(self) -> str:
        if self._source_table is not None:
            copy = TableName(f"{self._source_table}_copy", self._database)
            return copy.sql.replace("`", "") if _plain(copy) else copy.sql
        return f"{self._database}_copy" if self._database else ""

    # The plan

    @on(Choice.Changed, "#at")
    @on(Input.Changed)
    @on(Options.Changed)
    def _replan(self) -> None:
        try:
            job = self.spec()
        except MocloneError as error:
            self._target_field.say("")
            why = render.one_line(error)
            self.show_plan(None, [], action="Clone", blocker=why)
            return
        assert isinstance(job, CloneDatabase | CloneTable)  # noqa: S101
        findings, blocker = self._judge(job, self._look(job))
        target = str(job.target)
        self.show_plan(
            job,
            findings,
            action=f"Clone {job.source} → {target}",
            blocker=blocker,
        )

    def _judge(
        self, job: CloneDatabase | CloneTable, there: str
    ) -> tuple[list[Finding], str]:
        findings: list[Finding] = []
        if self._source_table is None:
            findings += _left_out((self._tables or {}).values())
        blocker = ""
        if there == _TAKEN and job.skip:
            findings.append(("·", f"{job.target} exists: it will be left alone."))
        elif there in (_TAKEN, _NOWHERE):
            blocker = f"{job.target} {there}"
        return findings, blocker

    def _look(self, job: CloneDatabase | CloneTable) -> str:
        """What is at the target: asked behind, and said beside the field."""
        name = str(job.target).lower()
        if isinstance(job, CloneDatabase):
            there = _TAKEN if name in self._names else "free"
        else:
            asked, there = self._at_target
            if asked != name:
                there = "…"
                target = job.target
                self.desk.reader.ask(
                    self, "target", name, lambda client: _whats_at(client, target)
                )
        self._target_field.say(
            there, "warn" if there in (_TAKEN, _NOWHERE) else "muted"
        )
        return there


def _plain(name: TableName) -> bool:
    parts = (name.database or "", name.table)
    return all("." not in part and "`" not in part for part in parts)


def _whats_at(client: Client, table: TableName) -> str:
    try:
        there = client.metadata.tables(table.database or "")
    except NotFound:
        return _NOWHERE
    return _TAKEN if table.table.lower() in {each.name for each in there} else "free"


def _holds(tables: Sequence[Table]) -> str:
    parts = [
        text.plural(number, str(kind))
        for kind in Kind
        if (number := sum(table.kind is kind for table in tables))
    ]
    return ", ".join(parts) or "empty"


def _left_out(tables: Iterable[Table]) -> list[Finding]:
    found: list[Finding] = []
    for table in tables:
        if table.kind is Kind.SEQUENCE:
            found.append(("!", f"the sequence {table.name} is left out by the server"))
        elif table.kind is Kind.EXTERNAL:
            found.append(
                ("!", f"the external table {table.name} makes the server refuse it")
            )
    return found
