"""The snapshot form: of what, and under which name."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

from textual import on
from textual.app import ComposeResult
from textual.widgets import Input

from moclone_tui import text
from moclone_tui.api import (
    Database,
    Kind,
    MocloneError,
    SnapshotLevel,
    Table,
    TableName,
)
from moclone_tui.api.names import fold, new_snapshot
from moclone_tui.cloning.identity import Object
from moclone_tui.jobs.model import JobSpec
from moclone_tui.jobs.snapshot import TakeSnapshot
from moclone_tui.tui import render
from moclone_tui.tui.desk import Desk
from moclone_tui.tui.reader import Answered
from moclone_tui.tui.screens.form import Field, FormScreen
from moclone_tui.tui.selection import Selection, Thing
from moclone_tui.tui.widgets.cells import Column, Row
from moclone_tui.tui.widgets.choice import Choice
from moclone_tui.tui.widgets.entry import Entry
from moclone_tui.tui.widgets.frame import Line
from moclone_tui.tui.widgets.keep_choice import KeepChoice
from moclone_tui.tui.widgets.options import Options

_LEVELS = ("database", "table", "account", "cluster")


class SnapshotForm(FormScreen):
    """Take a snapshot.

    Args:
        desk: What it works at.
        selection: What is selected: the form starts with it. Of what is marked one
            snapshot is taken, and what is marked is written down with it.
        databases: The databases there are.
    """

    def __init__(
        self, desk: Desk, selection: Selection, databases: Sequence[Database]
    ) -> None:
        super().__init__(desk, "Snapshot")
        self._start = selection
        self._databases = [each for each in databases if not each.system]
        self._names: set[str] | None = None
        self._suggested = ""
        self._level = Options(_LEVELS, id="level")
        self._database = Choice("Database", render.DATABASE_COLUMNS, id="database")
        self._table = Choice(
            "Table", (Column("name", "table", min=16, search=True),), id="table"
        )
        self._input = Entry(id="name", compact=True, select_on_focus=True)
        self._name_field = Field("Name", self._input)
        self._keep = KeepChoice(desk.target.profile, copies=False)
        self._set = selection.marked
        self._set_field = Field("For", Line(_words(self._set)))
        self._database_field = Field("Database", self._database)
        self._table_field = Field("Table", self._table)

    def fields(self) -> ComposeResult:
        yield Field("Of", self._level)
        yield self._database_field
        yield self._table_field
        yield self._set_field
        yield self._name_field
        yield Field("Keep", self._keep)

    def on_mount(self) -> None:
        self._database.offer(
            render.database_rows(self._databases, system=False),
            lambda key: str(key or "choose a database"),
        )
        self._table.offer((), lambda key: str(key or "choose a table"))
        names: list[str | None] = [each.name for each in self._databases]
        start = self._start.database
        homes = {_home(each) for each in self._set}
        if len(homes) == 1:
            (start,) = homes
        self._database.start_with(start if start in names else None)
        self._table.start_with(self._start.table)
        level = "table" if self._start.table else "database" if names else "account"
        if self._set:
            tables = len(homes) == 1 and isinstance(self._set[0], TableName)
            level = "database" if tables else "account"
        self._level.chosen = _LEVELS.index(level)
        self.desk.reader.ask(
            self,
            "snapshots",
            None,
            lambda client: client.snapshots.list(include_system=True),
        )
        self._read_tables()
        self._input.focus()
        self._anew()

    @property
    def typed(self) -> bool:
        return self._input.value not in ("", self._suggested)

    def spec(self) -> JobSpec:
        level = SnapshotLevel(self._level.word)
        name = new_snapshot(self._input.value.strip())
        database = table = None
        if level in (SnapshotLevel.DATABASE, SnapshotLevel.TABLE):
            database = str(self._database.value or "")
            if not database:
                raise MocloneError("Choose a database.")
        if level is SnapshotLevel.TABLE:
            table = str(self._table.value or "")
            if not table:
                raise MocloneError("Choose a table.")
        taken_for = self._taken_for(level, database or "")
        return TakeSnapshot(
            name, level, database, table, keep=self._keep.keep, taken_for=taken_for
        )

    def _taken_for(self, level: SnapshotLevel, database: str) -> tuple[Object, ...]:
        """What is marked, if the snapshot covers all of it and more."""
        whole = level in (SnapshotLevel.ACCOUNT, SnapshotLevel.CLUSTER)
        within = all(
            isinstance(each, TableName) and _home(each) == database
            for each in self._set
        )
        if not whole and not (level is SnapshotLevel.DATABASE and within):
            return ()
        return tuple(
            Object.table(each)
            if isinstance(each, TableName)
            else Object("database", fold(each))
            for each in self._set
        )

    def _read_tables(self) -> None:
        database = str(self._database.value or "")
        if database:
            self.desk.reader.ask(
                self,
                "tables",
                database,
                lambda client: client.metadata.tables(database),
            )

    @on(Answered)
    def _answered(self, event: Answered) -> None:
        event.stop()
        if event.topic == "snapshots":
            if event.error is None:
                self._names = {each.name for each in event.value}
                self._suggest()
        elif event.topic == "tables" and event.question == self._database.value:
            tables: list[Table] = event.value or []
            self._table.offer(
                [Row(t.name, (t.name,)) for t in tables if t.kind is Kind.TABLE]
            )
        self._replan()

    @on(Choice.Changed, "#database")
    def _other_database(self, event: Choice.Changed) -> None:
        event.stop()
        self._table.value = None
        self._read_tables()
        self._anew()

    @on(Choice.Changed, "#table")
    @on(Options.Changed)
    def _anew(self) -> None:
        """Another object: another name suggests itself."""
        level = self._level.word
        self._database_field.display = level in ("database", "table")
        self._table_field.display = level == "table"
        self._set_field.display = bool(
            self._taken_for(SnapshotLevel(level), str(self._database.value or ""))
        )
        self._suggest()
        self._replan()

    def _suggest(self) -> None:
        if not self.typed:
            self._suggested = self._suggestion(self.desk.clock())
            self._input.value = self._suggested
            self._suggested = self._input.value

    def _suggestion(self, now: dt.datetime) -> str:
        of = {
            "database": str(self._database.value or ""),
            "table": str(self._table.value or ""),
            "account": self.desk.info.account,
            "cluster": "cluster",
        }[self._level.word]
        # What the server takes in a name; the rest becomes _.
        plain = re.sub(r"[^\w.-]+", "_", of.lower()).strip("_") or "snapshot"
        name = self.desk.settings.snapshot_name.format(object=plain, date=now)
        names = [name, *(f"{name}_{number}" for number in range(2, 100))]
        return next((each for each in names if each not in (self._names or ())), name)

    @on(Choice.Changed, "#keep")
    @on(Input.Changed)
    def _replan(self) -> None:
        try:
            job = self.spec()
        except MocloneError as error:
            self._name_field.say("")
            why = render.one_line(error)
            self.show_plan(None, [], action="Take snapshot", blocker=why)
            return
        assert isinstance(job, TakeSnapshot)  # noqa: S101
        taken = self._names is not None and job.name.lower() in self._names
        words = "" if self._names is None else "exists already" if taken else "free"
        self._name_field.say(words, "warn" if taken else "muted")
        self.show_plan(
            job,
            [],
            action=f"Take snapshot {job.name}",
            blocker=f"{job.name} exists already" if taken else "",
        )


def _home(thing: Thing) -> str:
    """The database that something is, or is in."""
    return thing.database or "" if isinstance(thing, TableName) else thing


def _words(things: Sequence[Thing], shown: int = 5) -> str:
    """What is marked: the first few, and how many there are."""
    names = [text.safe(str(each)) for each in things[:shown]]
    more = len(things) - len(names)
    return ", ".join([*names, *([f"{text.count(more)} more"] if more else [])])
