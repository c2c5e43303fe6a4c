"""The put-back form: rows that are gone, columns that were overwritten, or both."""

from __future__ import annotations

from collections.abc import Sequence

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Static

from moclone_tui import text
from moclone_tui.api import Client, Database, MocloneError, Snapshot, TableName
from moclone_tui.api import SnapshotLevel as Level
from moclone_tui.cloning.put_back import Counts, PutBack, PutBackPlan, Sample
from moclone_tui.cloning.put_back_look import make, sample
from moclone_tui.jobs.model import JobSpec
from moclone_tui.jobs.put_back import PutBackJob
from moclone_tui.tui import render
from moclone_tui.tui.compare_words import ChangedLines
from moclone_tui.tui.desk import Desk
from moclone_tui.tui.reader import Answered, Reader
from moclone_tui.tui.screens.confirm import ConfirmName
from moclone_tui.tui.screens.form import Field, FormScreen
from moclone_tui.tui.selection import Selection
from moclone_tui.tui.widgets.cells import Cell, Column, Key, Row
from moclone_tui.tui.widgets.options import Options
from moclone_tui.tui.widgets.pane import Reading
from moclone_tui.tui.widgets.table import TableList
from moclone_tui.tui.widgets.when import When

_ROWS, _COLUMNS, _BOTH = "rows that are gone", "overwritten columns", "both"
_LIST = (
    Column("name", "column · space marks what comes back", min=20, search=True),
    Column("rows", "rows that differ", width=18, align="right"),
)


class PutBackForm(FormScreen):
    """Bring back rows or columns of a table, as they were at a moment.

    What is asked of the server here joins a table with its past: on a connection of
    its own, so that nothing else waits for it.

    Args:
        desk: What it works at.
        selection: The table, and the moment it is looked at.
        databases: The databases there are.
    """

    DEFAULT_CSS = """
    PutBackForm {
        & > .form { width: 110; height: 100%; max-height: 36; }
        & #columns { height: auto; max-height: 5; margin: 1 0 0 0; display: none; }
        & #columns.-asked { display: block; }
        & #shown { height: 1; margin: 1 0 0 0; color: $foreground-muted; }
        & #sample { height: 1fr; min-height: 2; padding: 0; }
        & #plan { max-height: 6; }
        & .rule { margin: 0; }
        & .why, & .buttons { margin: 0; }
    }
    """

    def __init__(
        self,
        desk: Desk,
        selection: Selection,
        databases: Sequence[Database],  # noqa: ARG002 as every form is made
    ) -> None:
        super().__init__(desk, "Put back")
        self._table = TableName(selection.table or "", selection.database)
        self._at = When(desk, self._fits, id="at")
        self._at.start_with(selection.at)
        self._what = Options((_ROWS, _COLUMNS, _BOTH), id="what")
        self._columns = TableList(
            _LIST, empty="No column was overwritten", id="columns"
        )
        self._shown_line = Static("", id="shown", markup=False)
        self._sample = Reading(id="sample")
        self._suggested: tuple[Key, ...] = ()
        self._counts: Counts | None = None
        self._asked: PutBack | None = None
        self._found: tuple[PutBackPlan, Sample] | None = None
        self._error: MocloneError | None = None
        self._reader: Reader | None = None

    def fields(self) -> ComposeResult:
        yield Field("Table", Static(text.safe(str(self._table)), markup=False))
        yield Field("As it was", self._at)
        yield Field("Bring back", self._what)
        yield self._columns
        yield self._shown_line
        yield self._sample

    def on_mount(self) -> None:
        self.query_one(
            Vertical
        ).border_subtitle = "tab next · space marks a column · ctrl+s submit · esc back"
        (self._what if self._at.value else self._at).focus()
        self._replan()

    def on_unmount(self) -> None:
        if self._reader is not None:
            self._reader.stop()

    # What is filled in

    @property
    def typed(self) -> bool:
        return self._columns.marked not in ((), self._suggested)

    def _fits(self, snapshot: Snapshot) -> bool:
        database, table = self._table.database or "", self._table.table
        wide = snapshot.level in (Level.CLUSTER, Level.ACCOUNT)
        return wide or snapshot.has_table(database, table)

    def spec(self) -> PutBackJob:
        return PutBackJob(self._request())

    def _request(self) -> PutBack:
        if not self._at.value:
            raise MocloneError("Choose the moment it was as it should be.")
        word = self._what.word
        columns = () if word == _ROWS else tuple(map(str, self._columns.marked))
        if word == _COLUMNS and not columns:
            raise MocloneError("Mark the columns that come back: space does.")
        return PutBack(
            self._table, self._at.value.moment, rows=word != _COLUMNS, columns=columns
        )

    def send(self, job: JobSpec) -> None:
        """Have the name typed if something that is there now is overwritten."""
        plan = self._found[0] if self._found else None
        if plan is None or not plan.cells:
            super().send(job)
            return
        names = ", ".join(plan.request.columns)
        words = (
            f"{text.plural(plan.cells, 'value')} of {names} in {self._table} become "
            f"what they were at {plan.request.at}. What is there now stays readable by "
            "time travel, as long as the server's history goes."
        )

        def answered(yes: bool | None) -> None:
            if yes:
                self.dismiss(job)

        prod = self.desk.target.profile.environment == "prod"
        verb = "Put back in PROD" if prod else "Put back"
        self.app.push_screen(ConfirmName(verb, self._table.table, words), answered)

    # What the server says

    @on(When.Changed)
    def _other_moment(self, event: When.Changed) -> None:
        event.stop()
        self._counts = None
        self._columns.set_rows(())
        self._replan()

    @on(Options.Changed)
    def _other_rows(self, event: Options.Changed) -> None:
        event.stop()
        asked = event.word != _ROWS
        self._columns.set_class(asked, "-asked")
        if asked:
            self._mark_the_only_one()
        self._replan()

    @on(TableList.MarksChanged)
    def _replan(self) -> None:
        """Show what is filled in at once; what the server says of it comes behind."""
        try:
            request = self._request()
        except MocloneError as error:
            request = None
            self._blocked(render.one_line(error))
            if not self._at.value or self._counts is not None:
                self._asked = None
                return
            # Which columns differ is told by a look at the rows.
        if request is None:
            request = PutBack(self._table, self._at.value.moment)
        if self._asked != request:
            self._asked, self._found, self._error = request, None, None
            if self._reader is None:
                self._reader = self.desk.own_reader()
            self._reader.ask(self, "plan", request, lambda c: _look(c, request))
        self._show()

    @on(Answered)
    def _answered(self, event: Answered) -> None:
        event.stop()
        if event.question != self._asked:
            return
        self._found, self._error = event.value, event.error
        if self._found is not None and self._found[0].counts is not None:
            self._take(self._found[0].counts)
        self._show()

    def _take(self, counts: Counts) -> None:
        """Show which columns differ, the first time that is known."""
        if self._counts is not None:
            return
        self._counts = counts
        self._columns.set_rows(
            Row(name, (name, Cell(text.count(many), "" if many else "muted", many)))
            for name, many in sorted(
                counts.differ.items(), key=lambda each: (-each[1], each[0])
            )
        )
        if self._what.word != _ROWS:
            self._mark_the_only_one()

    def _mark_the_only_one(self) -> None:
        """Mark the column that differs, if it is one: which of many is for people."""
        differ = self._counts.differ if self._counts else {}
        names = [name for name, many in differ.items() if many]
        if len(names) == 1 and not self._columns.marked:
            self._columns.mark(names)
            self._suggested = self._columns.marked

    # Showing

    def _blocked(self, why: str) -> None:
        self._shown_line.update("")
        self._sample.show("")
        self.show_plan(None, [], action="Put back", blocker=why)

    def _show(self) -> None:
        try:
            job = self.spec()
        except MocloneError as error:
            self._blocked(render.one_line(error))
            return
        if self._error is not None:
            self._blocked(render.one_line(self._error))
            return
        if self._found is None:
            self._shown_line.update("comparing the table with what it was…")
            self._sample.show("")
            self.show_plan(job, [], action="Put back", blocker="It is looked at…")
            return
        plan, shown = self._found
        self._show_sample(plan, shown)
        self.show_plan(
            job,
            [(each.level.sign, each.text) for each in plan.findings],
            action=_action(plan),
            blocker=_why_not(plan),
            steps=plan.steps,
            script=plan.as_script(),
        )

    def _show_sample(self, plan: PutBackPlan, shown: Sample) -> None:
        lines = tuple(shown.as_lines())
        parts, total = [], 0
        if shown.gone:
            parts, total = ["+ comes back"], plan.rows
        if shown.changed and plan.counts is not None:
            parts, total = [*parts, "~ now → then"], total + plan.counts.touched
        if lines:
            many = f"{text.count(len(lines))} of {text.plural(total, 'row')}"
            parts.insert(0, many)
        self._shown_line.update("  ·  ".join(parts))
        self._sample.show(ChangedLines(lines))


def _look(client: Client, request: PutBack) -> tuple[PutBackPlan, Sample]:
    plan = make(client, request)
    return plan, sample(client, plan)


def _action(plan: PutBackPlan) -> str:
    parts = [text.plural(plan.rows, "row")] if plan.rows else []
    parts += [text.plural(plan.cells, "value")] if plan.cells else []
    return f"Put back {' and '.join(parts)}" if parts else "Put back"


def _why_not(plan: PutBackPlan) -> str:
    for each in plan.blockers:
        return " ".join(part for part in (f"{each.text}.", each.remedy) if part)
    if not plan.empty:
        return ""
    if plan.request.columns:
        return "There is nothing to put back: it is all as it was."
    return "No row is gone. If some were overwritten, choose their columns."
