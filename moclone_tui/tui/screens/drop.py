"""Drop: what goes, what depends on it, what is kept; then the name to be typed."""

from __future__ import annotations

from collections.abc import Sequence

from textual import on
from textual.app import ComposeResult
from textual.widgets import Button, Static

from moclone_tui import text
from moclone_tui.api import Client, Database, Kind, MocloneError, TableName
from moclone_tui.cloning import coverage
from moclone_tui.cloning.drop import Drop, DropPlan
from moclone_tui.cloning.drop_look import make
from moclone_tui.cloning.drop_snapshots import SnapshotsPlan
from moclone_tui.cloning.drop_snapshots import make as make_of_snapshots
from moclone_tui.jobs.drop import DropJob, DropSnapshots
from moclone_tui.jobs.keeping import Keep
from moclone_tui.jobs.model import JobSpec
from moclone_tui.tui import render
from moclone_tui.tui.desk import Desk
from moclone_tui.tui.openings import OPENINGS
from moclone_tui.tui.reader import Answered
from moclone_tui.tui.screens.danger import DangerForm, named, noun_of
from moclone_tui.tui.screens.form import Field, Remark
from moclone_tui.tui.selection import Selection
from moclone_tui.tui.widgets.options import Options

_LOOKING = "Looking at what depends on it…"


class DropScreen(DangerForm):
    """Drop databases, tables or snapshots.

    Args:
        desk: What it works at.
        selection: What is selected, or marked.
        databases: The databases there are.
    """

    def __init__(
        self, desk: Desk, selection: Selection, databases: Sequence[Database]
    ) -> None:
        super().__init__(desk, "Drop")
        self._start, self._databases = selection, databases
        snapshot = (selection.snapshot,) if selection.snapshot else ()
        self._snapshots = tuple(each.name for each in selection.snapshots or snapshot)
        self._what = () if self._snapshots else selection.things
        self._asked: Drop | None = None
        self._plan_found: DropPlan | SnapshotsPlan | None = None
        self._error: MocloneError | None = None
        self._reach: list[Remark] = [("…", "looking for what else keeps it")]

    def gentler(self) -> Sequence[tuple[str, str]]:
        if self._snapshots:
            return (("clone", "Clone what it holds"),)
        return (("snapshot", "Take a snapshot"), ("clone", "Clone it"))

    def fields(self) -> ComposeResult:
        names = ", ".join(self._snapshots or map(str, self._what))
        yield Field("What", Static(text.safe(names), markup=False))
        yield from self.gentler_field()
        yield from self.danger_fields("What would change")

    def on_mount(self) -> None:
        for hidden in (self._back, self._hold):
            if hidden.parent is not None and self._snapshots:
                hidden.parent.display = False
        self.query_one("#cancel").focus()
        if self._snapshots:
            self.desk.reader.ask(
                self,
                "plan",
                None,
                lambda client: make_of_snapshots(client, self._snapshots),
            )
        else:
            self.desk.reader.ask(self, "reach", None, self._look_for_reach, behind=True)
        self.replan()

    @property
    def wanted(self) -> str:
        """What has to be typed."""
        if self._snapshots:
            return named(self._snapshots, "snapshot")
        return named(self._what, noun_of(self._what))

    def spec(self) -> JobSpec:
        plan = self._plan_found
        if isinstance(plan, SnapshotsPlan):
            return DropSnapshots(plan.objects)
        if plan is None:
            raise MocloneError(_LOOKING)
        return DropJob(plan.as_known(), Keep.of(self.desk.target.profile))

    @on(Options.Changed)
    def replan(self) -> None:
        """Look at what would be dropped, in the way that is chosen."""
        if not self._snapshots:
            request = Drop(self._what, way_back=self.way_back, wait=self.wait)
            if request != self._asked:
                self._asked, self._plan_found, self._error = request, None, None
                self.desk.reader.ask(
                    self, "plan", request, lambda client: make(client, request)
                )
        self._show()

    def _look_for_reach(self, client: Client) -> list[Remark]:
        """What else can bring the first of it back."""
        kept = coverage.look(client)
        found: list[Remark] = []
        for each in self._what[:3]:
            table = each.table if isinstance(each, TableName) else ""
            database = each.database if isinstance(each, TableName) else each
            reach = coverage.checked(client, kept, database or "", table)
            words = " · ".join(part.text for part in reach.parts() if not part.dead)
            found.append(("·", f"{reach.name} can still be had {words}"))
        return found

    @on(Answered)
    def _answered(self, event: Answered) -> None:
        event.stop()
        if event.topic == "reach":
            why = f"not known what else keeps it: {event.error}"
            self._reach = event.value if event.error is None else [("!", why)]
        elif event.topic == "plan" and event.question == self._asked:
            self._plan_found, self._error = event.value, event.error
        self._show()

    def _show(self) -> None:
        plan, action = self._plan_found, self.action_words("Drop", self.wanted)
        self.show_changes(self._lines())
        if plan is None:
            why = render.one_line(self._error) if self._error else _LOOKING
            self.show_plan(None, [], action=action, blocker=why)
            return
        blockers = plan.blockers[:1]
        self.show_plan(
            self.spec(),
            [(each.level.sign, each.text) for each in plan.findings],
            action=action,
            blocker=" ".join(
                part for each in blockers for part in (f"{each.text}.", each.remedy)
            ).strip(),
            steps=plan.steps,
            script=plan.as_script(),
        )

    def _lines(self) -> list[Remark]:
        """What goes and what stays of it."""
        plan = self._plan_found
        if not isinstance(plan, DropPlan):
            return (
                [("!", "what only they keep is gone: there is no way back")]
                if (self._snapshots)
                else []
            )
        said: list[Remark] = [
            ("!", f"{each.thing} goes" + (f": {each.holds}" if each.holds else ""))
            for each in plan.parts
        ]
        if plan.kept:
            said.append(("·", f"what it was is kept as {_beside(plan)}"))
        elif any(each.kind is not Kind.VIEW for each in plan.parts):
            said.append(("!", "nothing of it is kept"))
        return said + self._reach

    def send(self, job: JobSpec) -> None:
        """Ask for the name, and leave the form."""
        plan = self._plan_found
        words = "There is no way back."
        if plan is not None and isinstance(plan, DropPlan) and plan.kept:
            words = f"What it was is kept as {_beside(plan)}."
        self.confirm("Drop", self.wanted, words, job)

    @on(Button.Pressed, "#snapshot,#clone")
    def _gently(self, event: Button.Pressed) -> None:
        opening = OPENINGS[str(event.button.id)]
        self.go_gently(opening.make(self.desk, self._start, self._databases))


def _beside(plan: DropPlan) -> str:
    """What keeps it; the time in the name will be that of the drop."""
    return ", ".join(f"{each.rpartition('_before_')[0]}_before_…" for each in plan.kept)
