"""The reset form: a copy made again from its origin, now or as of its own moment."""

from __future__ import annotations

from collections.abc import Sequence

from textual import on
from textual.app import ComposeResult
from textual.widgets import Static

from moclone_tui.api import Client, Database, MocloneError, TableName
from moclone_tui.cloning.after import After
from moclone_tui.cloning.plan import Plan, make
from moclone_tui.cloning.preflight import Level
from moclone_tui.cloning.request import Request
from moclone_tui.jobs.clone import Copy
from moclone_tui.jobs.keeping import Keep
from moclone_tui.jobs.model import JobSpec
from moclone_tui.jobs.records import read
from moclone_tui.jobs.reset import Reset, reset
from moclone_tui.text import safe
from moclone_tui.tui import render
from moclone_tui.tui.desk import Desk
from moclone_tui.tui.reader import Answered
from moclone_tui.tui.screens.confirm import ConfirmName
from moclone_tui.tui.screens.form import Field, FormScreen
from moclone_tui.tui.selection import Selection
from moclone_tui.tui.widgets.options import Options

_NOW, _THEN = "as it is now", "as of its own moment"


class ResetForm(FormScreen):
    """Make a copy again; what it is now is kept beside it.

    Args:
        desk: What it works at.
        selection: The copy: a database, or a table.
        databases: The databases there are.
    """

    def __init__(
        self,
        desk: Desk,
        selection: Selection,
        databases: Sequence[Database],  # noqa: ARG002 as every form is made
    ) -> None:
        super().__init__(desk, "Reset")
        name = selection.database or ""
        table = selection.table
        self._what: str | TableName = TableName(table, name) if table else name
        self._found: Reset | None = None
        self._error: MocloneError | None = None
        self._plans: dict[Request, Plan] = {}
        self._origin = Static("…", markup=False)
        self._at = Options((_NOW, _THEN), id="at")
        self._at_field = Field("From", self._at)

    def fields(self) -> ComposeResult:
        yield Field("Copy", Static(safe(str(self._what)), markup=False))
        yield Field("Origin", self._origin)
        yield self._at_field

    def on_mount(self) -> None:
        self._at.focus()
        self.desk.reader.ask(self, "origin", None, self._look)
        self._replan()

    def _look(self, client: Client) -> Reset:
        try:
            jobs = read(self.desk.target.journal().folder)
        except OSError:
            jobs = []  # then the server alone tells
        return reset(client, jobs, self._what, After.of(self.desk.target.profile))

    @on(Answered)
    def _answered(self, event: Answered) -> None:
        event.stop()
        if event.topic == "origin":
            self._found, self._error = event.value, event.error
            self._origin.update(str(self._found.origin) if self._found else "not known")
            if self._found is not None and self._found.then is None:
                self._at.words = (_NOW,)
                self._at.refresh()
                self._at_field.say("which moment it was of is not known any more")
        elif event.value is not None:
            self._plans[event.question] = event.value
        else:
            self._error = event.error
        self._replan()

    def spec(self) -> Copy:
        if self._found is None:
            raise self._error or MocloneError("Where it came from is looked up…")
        request = self._found.request
        if self._at.word == _THEN and self._found.then is not None:
            request = self._found.at(self._found.then)
        return Copy(request, Keep.of(self.desk.target.profile))

    @on(Options.Changed)
    def _replan(self) -> None:
        """Show what would be done; what the server says of it comes behind."""
        action = f"Reset {self._what}"
        try:
            job = self.spec()
        except MocloneError as error:
            self.show_plan(None, [], action=action, blocker=render.one_line(error))
            return
        request = job.request
        if (plan := self._plans.get(request)) is None:
            self.desk.reader.ask(
                self, "plan", request, lambda client: make(client, request)
            )
            self.show_plan(job, [], action=action, blocker="It is checked…")
            return
        self.show_plan(
            job,
            [*self._warned(), *((it.level.sign, it.text) for it in plan.findings)],
            action=action,
            blocker=" ".join(f"{each.text}." for each in plan.blockers[:1]),
            steps=plan.steps,
            script=plan.as_script(),
        )

    def _warned(self) -> list[tuple[str, str]]:
        words = self._found.warning if self._found else ""
        return [(Level.WARNING.sign, words)] if words else []

    def send(self, job: JobSpec) -> None:
        """Ask for the name: what was changed in the copy is gone from it."""

        def answered(yes: bool | None) -> None:
            if yes:
                self.dismiss(job)

        words = (
            f"{self._what} is dropped and made again from its origin, in one "
            "transaction. What it is now is kept as a copy beside it."
        )
        self.app.push_screen(ConfirmName("Reset", str(self._what), words), answered)
