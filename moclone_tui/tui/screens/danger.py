"""What the forms share whose jobs destroy something."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.screen import Screen
from textual.widgets import Button

from moclone_tui.api import TableName
from moclone_tui.jobs.model import JobSpec
from moclone_tui.text import plural
from moclone_tui.tui.desk import Desk
from moclone_tui.tui.screens.confirm import ConfirmName
from moclone_tui.tui.screens.form import Field, FormScreen, PlanText, Remark
from moclone_tui.tui.widgets.frame import Line
from moclone_tui.tui.widgets.options import Options
from moclone_tui.tui.widgets.pane import Reading

KEEP, FREE = "keep a copy beside", "free the space now"
STOP, WAIT = "stop", "wait for it"


class DangerForm(FormScreen):
    """Says what would change, offers gentler ways first, and asks for the name.

    Args:
        desk: What it works at.
        title: What the form does.
    """

    DEFAULT_CSS = """
    DangerForm {
        & > .form { border: round $error; border-title-color: $text-error; }
        & #changes { height: auto; padding: 0; }
        & #changes, & #plan { max-height: 4; }
        &.-tall #changes, &.-tall #plan { max-height: 8; }
        & .gentler { height: 1; }
        & .gentler > Button { margin: 0 2 0 0; }
    }
    """

    VERTICAL_BREAKPOINTS = [(32, "-tall")]  # noqa: RUF012 as Textual has it

    def __init__(self, desk: Desk, title: str) -> None:
        super().__init__(desk, title)
        self._button.variant = "error"
        self._plan.can_focus = True  # there may be more than fits
        self._changes = Reading(id="changes")
        self._told: tuple[Remark, ...] | None = None
        self._back = Options((KEEP, FREE), id="back")
        self._hold = Options((STOP, WAIT), id="hold")

    @property
    def way_back(self) -> bool:
        """Whether what is there now is to be kept."""
        return self._back.word == KEEP

    @property
    def wait(self) -> bool:
        """Whether transactions that hold it are waited for."""
        return self._hold.word == WAIT

    def gentler(self) -> Sequence[tuple[str, str]]:
        """The ways that destroy nothing: the button's id, and what it says."""
        return ()

    def danger_fields(self, rule: str) -> ComposeResult:
        """What is kept, who is waited for, what would change; below own fields.

        Args:
            rule: What the line above the changes says.
        """
        yield Field("What it was", self._back)
        yield Field("If it is held", self._hold)
        yield Line(f"─ {rule} " + "─" * 200, classes="rule")
        yield self._changes

    def gentler_field(self) -> ComposeResult:
        """The gentler ways, in a line."""
        ways = [Button(words, id=key, compact=True) for key, words in self.gentler()]
        if ways:
            yield Field("Gentler", Horizontal(*ways, classes="gentler"))

    def show_changes(self, lines: Sequence[Remark]) -> None:
        """Show what would change."""
        if self._told != (told := tuple(lines)):  # what is read stays where it is
            self._told = told
            self._changes.show(PlanText(told, ()))

    def action_words(self, verb: str, name: str) -> str:
        """What the button says: `Drop shop`, in a prod profile `Drop shop in PROD`."""
        prod = self.desk.target.profile.environment == "prod"
        return f"{verb} {name} in PROD" if prod else f"{verb} {name}"

    def confirm(self, verb: str, name: str, words: str, job: JobSpec) -> None:
        """Ask for the name to be typed, and leave the form with its job."""
        prod = self.desk.target.profile.environment == "prod"

        def answered(yes: bool | None) -> None:
            if yes:
                self.dismiss(job)

        said = f"PROD: {verb}" if prod else verb
        self.app.push_screen(ConfirmName(said, name, words), answered)

    def go_gently(self, screen: Screen[Any]) -> None:
        """Open another screen; what that comes to is what this comes to."""

        def answered(jobs: Any) -> None:
            if jobs is not None:
                self.dismiss(jobs)

        self.app.push_screen(screen, answered)


def named(things: Sequence[str | TableName], noun: str) -> str:
    """What has to be typed, and stands in the button: a name, or `3 databases`."""
    return str(things[0]) if len(things) == 1 else plural(len(things), noun)


def noun_of(things: Sequence[str | TableName]) -> str:
    """What they are called together."""
    kinds = {isinstance(each, str) for each in things}
    if len(kinds) > 1:
        return "object"
    return "database" if True in kinds else "table"
