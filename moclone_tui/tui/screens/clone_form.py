"""The clone form: what, as of when, to where; the SQL as it will be sent."""

from __future__ import annotations

from collections.abc import Container, Sequence

from textual import on
from textual.app import ComposeResult
from textual.widgets import Input

from moclone_tui import text
from moclone_tui.api import (
    NOW,
    Database,
    Kind,
    MocloneError,
    Moment,
    Snapshot,
    SnapshotLevel,
    Table,
    TableName,
)
from moclone_tui.cloning.after import After
from moclone_tui.cloning.look import Facts
from moclone_tui.cloning.plan import Plan, make
from moclone_tui.cloning.preflight import Finding, Level
from moclone_tui.cloning.request import IfExists, Mode, Pair, Request
from moclone_tui.jobs.clone import Copy
from moclone_tui.jobs.model import JobSpec
from moclone_tui.tui import render
from moclone_tui.tui.desk import Desk
from moclone_tui.tui.reader import Answered
from moclone_tui.tui.screens.confirm import ConfirmName
from moclone_tui.tui.screens.form import Field, FormScreen
from moclone_tui.tui.selection import Selection
from moclone_tui.tui.widgets.cells import Cell, Column, Row
from moclone_tui.tui.widgets.choice import Choice
from moclone_tui.tui.widgets.entry import Entry
from moclone_tui.tui.widgets.options import Options

_WHOLE = ("whole",)
_NOW = ("now",)
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
        self._asked: Request | None = None
        self._judged: Plan | None = None
        self._suggested = ""
        self._source = Choice("Source", render.DATABASE_COLUMNS, id="source")
        self._table = Choice("Table", _TABLES, id="table")
        self._at = Choice("As of", render.SNAPSHOT_COLUMNS, id="at")
        self._target = Entry(id="target", compact=True, select_on_focus=True)
        self._exists = Options(("stop", "skip", "replace"), id="exists")
        self._mode = Options(tuple(Mode), id="mode")
        self._source_field = Field("Source", self._source)
        self._target_field = Field("Target", self._target)

    def fields(self) -> ComposeResult:
        yield self._source_field
        yield Field("Table", self._table)
        yield Field("As of", self._at)
        yield self._target_field
        yield Field("If it exists", self._exists)
        yield Field("Mode", self._mode)

    def on_mount(self) -> None:
        self._source.offer(self._sources(), lambda key: str(key or "choose a database"))
        self._table.offer(
            self._table_rows(),
            lambda key: "the whole database" if key in (_WHOLE, None) else str(key),
        )
        self._at.offer(
            self._moments(), lambda key: "now" if key in (_NOW, None) else str(key)
        )
        self._source.start_with(self._start.database)
        self._table.start_with(self._start.table or _WHOLE)
        snapshot = self._start.snapshot
        self._at.start_with(snapshot.name if snapshot else _NOW)
        self.desk.reader.ask(
            self, "snapshots", None, lambda client: client.snapshots.list()
        )
        self._read_tables()
        (self._target if self._database else self._source).focus()
        self._anew()

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

    @property
    def typed(self) -> bool:
        return self._target.value not in ("", self._suggested)

    def spec(self) -> Copy:
        target = self._target.value.strip()
        if not self._database:
            raise MocloneError("Choose a database to clone.")
        if self._source_table is None:
            return self._copy(Pair(self._database, target))
        name = TableName.parse(target)
        if name.database is None:
            name = TableName(name.table, self._database)
        source = TableName(self._source_table, self._database)
        return self._copy(Pair(source, name))

    def _copy(self, pair: Pair) -> Copy:
        if_exists = IfExists(self._exists.word)
        after = After.of(self.desk.target.profile)
        mode = Mode(self._mode.word)
        return Copy(Request((pair,), self._moment, if_exists, mode, after=after))

    def send(self, job: JobSpec) -> None:
        """Ask for the name of what is replaced, and leave the form."""
        plan = self._judged or Plan(self._asked) if self._asked else None
        target = _replaced(plan) if plan is not None else ""
        if not target:
            super().send(job)
            return
        words = (
            f"{target} is dropped, if it is there, and made again from the source, in "
            "one transaction. What it is now is kept as a copy beside it."
        )

        def answered(yes: bool | None) -> None:
            if yes:
                self.dismiss(job)

        self.app.push_screen(ConfirmName("Replace", target, words), answered)

    # What there is

    def _sources(self) -> list[Row]:
        """The databases there are, and one that only the snapshot has any more."""
        rows = render.database_rows(self._databases, system=False)
        start = self._start.database
        if self._start.snapshot and start and start not in {row.key for row in rows}:
            rows.append(Row(start, (start, Cell("gone", "warn"))))
        return rows

    def _read_tables(self) -> None:
        """Read what the source holds at the moment it is cloned as of."""
        database, moment = self._database, self._moment
        self._tables = None
        if database:
            self.desk.reader.ask(
                self,
                "tables",
                (database, moment),
                lambda client: client.metadata.tables(database, moment),
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
            if not self._database
            or snapshot.level is SnapshotLevel.CLUSTER
            or snapshot.has_database(self._database)
            or (table is not None and snapshot.has_table(self._database, table))
        ]
        return [now, *render.snapshot_rows(fitting, self.desk.clock())]

    @on(Answered)
    def _answered(self, event: Answered) -> None:
        event.stop()
        if event.topic == "snapshots":
            self._snapshots = [] if event.error else event.value
            self._at.offer(self._moments())
        elif event.topic == "tables":
            if event.question != (self._database, self._moment):
                return
            found = [] if event.error else event.value
            self._tables = {table.name: table for table in found}
            self._table.offer(self._table_rows())
            self._source_field.say(
                "could not be read" if event.error else _holds(found)
            )
        elif self._asked is not None and self._asked == event.question:
            self._judged = event.value or _unjudged(self._asked, event.error)
        self._replan()

    @on(Choice.Changed, "#source")
    def _source_changed(self, event: Choice.Changed) -> None:
        event.stop()
        self._table.value = _WHOLE
        self._read_tables()
        self._anew()

    @on(Choice.Changed, "#at")
    def _moment_changed(self, event: Choice.Changed) -> None:
        event.stop()
        self._read_tables()
        self._replan()

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
        return _free(f"{self._database}_copy", self._names) if self._database else ""

    # The plan

    @on(Input.Changed)
    @on(Options.Changed)
    def _replan(self) -> None:
        """Show what is filled in at once; what the server says of it comes behind."""
        try:
            job = self.spec()
        except MocloneError as error:
            self._target_field.say("")
            why = render.one_line(error)
            self.show_plan(None, [], action="Clone", blocker=why)
            return
        request = job.request
        if self._asked != request:
            self._asked, self._judged = request, None
            self.desk.reader.ask(
                self, "plan", request, lambda client: make(client, request)
            )
        self._show(job, self._judged or Plan(request))

    def _show(self, job: Copy, plan: Plan) -> None:
        self._target_field.say(*_said_of_target(plan))
        self.show_plan(
            job,
            [(each.level.sign, each.text) for each in plan.findings],
            action=f"Clone {job.request.pairs[0]}",
            blocker=" ".join(
                part
                for each in plan.blockers[:1]
                for part in (f"{each.text}.", each.remedy)
                if part
            ),
            steps=plan.steps,
            script=plan.as_script() if plan.parts is not None else "",
        )


def _replaced(plan: Plan) -> str:
    """What would be dropped; while nobody has looked yet, what might be."""
    if plan.request.if_exists is not IfExists.REPLACE:
        return ""
    looked = plan.parts is not None
    doing = (part for part in plan.doing if part.drop or not looked)
    return next((str(part.pair.target) for part in doing), "")


def _said_of_target(plan: Plan) -> tuple[str, str]:
    if not plan.facts:
        return "…", "muted"
    facts, pair = plan.facts[0], plan.request.pairs[0]
    if pair.target_table is not None and facts.target_database_there is False:
        return "no such database", "warn"
    if facts.target_there is None:
        return "not known", "muted"
    return ("exists already", "warn") if facts.target_there else ("free", "muted")


def _unjudged(request: Request, error: MocloneError | None) -> Plan:
    why = f"could not be checked: {error}"
    return Plan(request, (Finding(Level.WARNING, why),), facts=(Facts(),))


def _free(name: str, taken: Container[str]) -> str:
    """The first of `shop_copy`, `shop_copy_2` and so on that is not taken."""
    names = [name, *(f"{name}_{number}" for number in range(2, 100))]
    return next((each for each in names if each.lower() not in taken), name)


def _plain(name: TableName) -> bool:
    parts = (name.database or "", name.table)
    return all("." not in part and "`" not in part for part in parts)


def _holds(tables: Sequence[Table]) -> str:
    parts = [
        text.plural(number, str(kind))
        for kind in Kind
        if (number := sum(table.kind is kind for table in tables))
    ]
    return ", ".join(parts) or "empty"
