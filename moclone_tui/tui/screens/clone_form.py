"""The clone form: what, as of when, to where; the SQL as it will be sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from textual import on
from textual.app import ComposeResult
from textual.widgets import Input

from moclone_tui import text
from moclone_tui.api import Database, MocloneError, Snapshot, SnapshotLevel
from moclone_tui.cloning.after import After
from moclone_tui.cloning.look import Facts
from moclone_tui.cloning.plan import Plan, make
from moclone_tui.cloning.preflight import Finding, Level
from moclone_tui.cloning.request import IfExists, Mode, Request
from moclone_tui.jobs.clone import Copy
from moclone_tui.jobs.model import JobSpec
from moclone_tui.tui import render
from moclone_tui.tui.asof import PRESENT
from moclone_tui.tui.desk import Desk
from moclone_tui.tui.reader import Answered
from moclone_tui.tui.screens.clone_what import OneSource, holds_words, what
from moclone_tui.tui.screens.confirm import ConfirmName
from moclone_tui.tui.screens.form import Field, FormScreen
from moclone_tui.tui.selection import Selection
from moclone_tui.tui.widgets.choice import Choice
from moclone_tui.tui.widgets.entry import Entry
from moclone_tui.tui.widgets.keep_choice import KeepChoice
from moclone_tui.tui.widgets.options import Options
from moclone_tui.tui.widgets.when import When


class CloneForm(FormScreen):
    """Clone a database, a table, or all that are marked at one moment.

    Args:
        desk: What it works at.
        selection: What is selected, and as of when: the form starts with it.
        databases: The databases there are.
    """

    def __init__(
        self, desk: Desk, selection: Selection, databases: Sequence[Database]
    ) -> None:
        super().__init__(desk, "Clone")
        self._what = what(desk, selection, databases)
        self._snapshots: list[Snapshot] = []
        self._asked: Request | None = None
        self._judged: Plan | None = None
        self._at = When(desk, self._fits, id="at")
        self._at.start_with(selection.at)
        self._exists = Options(("stop", "skip", "replace"), id="exists")
        self._mode = Options(tuple(Mode), id="mode")
        self._sql = Entry(
            id="sql", compact=True, placeholder="a file of SQL that changes the copy"
        )
        self._after = Field("After", self._sql)
        self._keep = KeepChoice(desk.target.profile, copies=True)

    def fields(self) -> ComposeResult:
        yield from self._what.above
        yield Field("As of", self._at)
        yield from self._what.below
        yield Field("If it exists", self._exists)
        yield Field("Mode", self._mode)
        yield self._after
        yield Field("Keep", self._keep)

    def on_mount(self) -> None:
        self.desk.reader.ask(
            self, "snapshots", None, lambda client: client.snapshots.list()
        )
        self._read_tables()
        self._what.first.focus()
        rules = len(self.desk.target.profile.masking)
        self._after.say(f"{text.plural(rules, 'column')} masked" if rules else "")
        self._anew()

    # What is filled in

    @property
    def typed(self) -> bool:
        return self._what.typed or bool(self._sql.value)

    def spec(self) -> Copy:
        request = replace(
            self._what.request(),
            at=self._at.value.moment,
            if_exists=IfExists(self._exists.word),
            mode=Mode(self._mode.word),
            after=After.of(self.desk.target.profile, _text_of(self._sql.value)),
        )
        return Copy(request, self._keep.keep)

    def send(self, job: JobSpec) -> None:
        """Ask for the name of what is replaced, and leave the form."""
        plan = self._judged or Plan(self._asked) if self._asked else None
        replaced = _replaced(plan) if plan is not None else ()
        if not replaced:
            super().send(job)
            return
        first, *more = replaced
        are = f"{', '.join(replaced)} are" if more else f"{first} is"
        words = (
            f"{are} dropped, if there, and made again from the source, in one "
            "transaction. What was there is kept as a copy beside it."
        )

        def answered(yes: bool | None) -> None:
            if yes:
                self.dismiss(job)

        self.app.push_screen(ConfirmName("Replace", first, words), answered)

    # What there is

    def _fits(self, snapshot: Snapshot) -> bool:
        """Whether a snapshot can be cloned from, by what it covers."""
        return snapshot.level is SnapshotLevel.CLUSTER or self._what.fits(snapshot)

    def _read_tables(self) -> None:
        """Read what the source holds at the moment it is cloned as of."""
        database, moment = self._what.database, self._at.value.moment
        if database:
            self.desk.reader.ask(
                self,
                "tables",
                (database, moment),
                lambda client: client.metadata.tables(database, moment),
            )

    @on(Answered)
    def _answered(self, event: Answered) -> None:
        event.stop()
        if event.topic == "snapshots":
            self._snapshots = event.value or []
            self._fit_moment()
        elif event.topic == "tables":
            if event.question == (self._what.database, self._at.value.moment):
                self._tables_came(event)
        elif self._asked is not None and self._asked == event.question:
            self._judged = event.value or _unjudged(self._asked, event.error)
        self._replan()

    def _tables_came(self, event: Answered) -> None:
        self._what.holds(event.value)
        if isinstance(self._what, OneSource):
            words = "could not be read" if event.error else holds_words(event.value)
            self._what.say_holds(words)

    @on(Choice.Changed, "#source")
    def _source_changed(self, event: Choice.Changed) -> None:
        event.stop()
        if isinstance(self._what, OneSource):
            self._what.forget_table()
        self._read_tables()
        self._anew()

    @on(When.Changed)
    def _moment_changed(self, event: When.Changed) -> None:
        event.stop()
        self._read_tables()
        self._replan()

    @on(Choice.Changed, "#table")
    def _anew(self) -> None:
        """Another source: other snapshots cover it, another name suggests itself."""
        self._fit_moment()
        self._what.suggest()
        self._replan()

    def _fit_moment(self) -> None:
        """Go back to the present if the snapshot does not cover the source."""
        name = self._at.value.moment.snapshot
        known = next((each for each in self._snapshots if each.name == name), None)
        if known is not None and not self._fits(known):
            self._at.value = PRESENT

    # The plan

    @on(Choice.Changed, "#keep")
    @on(Input.Changed)
    @on(Options.Changed)
    def _replan(self) -> None:
        """Show what is filled in at once; what the server says of it comes behind."""
        try:
            job = self.spec()
        except MocloneError as error:
            self._what.say(None)
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
        self._what.say(plan)
        title = job.request.title
        self.show_plan(
            job,
            [(each.level.sign, each.text) for each in plan.findings],
            action=title[:1].upper() + title[1:],
            blocker=" ".join(
                part
                for each in plan.blockers[:1]
                for part in (f"{each.text}.", each.remedy)
                if part
            ),
            steps=plan.steps,
            script=plan.as_script() if plan.parts is not None else "",
        )


def _text_of(path: str) -> str:
    """What a file of SQL says; nothing if none is named.

    Raises:
        MocloneError: It cannot be read.
    """
    if not path.strip():
        return ""
    try:
        return Path(path.strip()).expanduser().read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise MocloneError(f"The file {path} cannot be read: {why}.") from error


def _replaced(plan: Plan) -> tuple[str, ...]:
    """What would be dropped; while nobody has looked yet, what might be."""
    if plan.request.if_exists is not IfExists.REPLACE:
        return ()
    looked = plan.parts is not None
    doing = (part for part in plan.doing if part.drop or not looked)
    return tuple(str(part.pair.target) for part in doing)


def _unjudged(request: Request, error: MocloneError | None) -> Plan:
    why = f"could not be checked: {error}"
    facts = tuple(Facts() for _ in request.pairs)
    return Plan(request, (Finding(Level.WARNING, why),), facts=facts)
