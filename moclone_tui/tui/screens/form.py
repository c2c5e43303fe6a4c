"""What the forms share: labelled lines, a plan that follows every key, a button."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Button, Static

from moclone_tui.jobs.model import JobSpec
from moclone_tui.text import safe
from moclone_tui.tui.desk import Desk
from moclone_tui.tui.widgets.cells import cut, wrap
from moclone_tui.tui.widgets.frame import Line
from moclone_tui.tui.widgets.pane import Reading

_SEND = "This changes the server · the same again sends it"
_LOST = "What is filled in is lost · esc again leaves"

Remark = tuple[str, str]
"""A mark (`x` stops, `!` warns, `·` tells) and a sentence."""


class Field(Horizontal):
    """A label and what is filled in beside it.

    Args:
        label: What it is.
        body: What is filled in.
        note: What is said beside it, later.
    """

    DEFAULT_CSS = """
    Field {
        height: 1;
        & > .label { width: 15; color: $foreground-muted; }
        & > .note { width: auto; max-width: 50%; padding: 0 0 0 2; display: none; }
        & > .note.-said { display: block; }
        & > Input {
            width: 1fr;
            padding: 0;
            background: $surface;
            &:focus { background: $primary-muted; background-tint: transparent; }
        }
    }
    """

    def __init__(
        self,
        label: str,
        body: Widget,
        *,
        id: str | None = None,  # noqa: A002
    ) -> None:
        super().__init__(id=id)
        self._label = label
        self._body = body
        self._note = Static("", classes="note", markup=False)

    def compose(self) -> ComposeResult:
        yield Static(self._label, classes="label", markup=False)
        yield self._body
        yield self._note

    def say(self, words: str, tone: str = "muted") -> None:
        """Say something beside the field."""
        self._note.update(Content.styled(safe(words), f"$tone-{tone}"))
        self._note.set_class(bool(words), "-said")


@dataclass(frozen=True, slots=True)
class PlanText:
    """What there is to know about a job, and what it does step by step."""

    remarks: tuple[Remark, ...]
    steps: tuple[str, ...]

    def fit(self, width: int) -> Content:
        """Lay it out; what is long goes on below its own beginning."""
        tones = {"x": "$text-error", "!": "$text-warning"}
        lines = [
            (mark, sentence, tones.get(mark, "$foreground-muted"))
            for mark, sentence in self.remarks
        ]
        lines += [(str(at), step, "") for at, step in enumerate(self.steps, 1)]
        shown: list[Content] = []
        for mark, words, tone in lines:
            for at, part in enumerate(wrap(words, max(20, width - 4))):
                sign = "" if at else mark
                shown.append(
                    Content.assemble(
                        (f" {sign:<3}", tone or "$foreground-muted"), (part, tone)
                    )
                )
        return Content("\n").join(shown)


class FormScreen(ModalScreen[JobSpec | None]):
    """A form that ends in a job, or in none.

    Subclasses give `fields` and `spec`, and call `show_plan`.

    Args:
        desk: What it works at.
        title: What the form does.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Back", show=False),
        Binding("ctrl+s", "submit", "Submit", show=False),
        Binding("down", "app.focus_next", "Next", show=False),
        Binding("up", "app.focus_previous", "Before", show=False),
        Binding("pagedown", "scroll_plan(1)", "Plan down", show=False),
        Binding("pageup", "scroll_plan(-1)", "Plan up", show=False),
    ]
    DEFAULT_CSS = """
    FormScreen {
        align: center middle;
        & > .form {
            width: 90;
            max-width: 100%;
            height: auto;
            max-height: 100%;
            border: round $border;
            border-title-color: $text-primary;
            border-title-style: bold;
            border-subtitle-color: $foreground-muted;
            background: $background;
            padding: 0 1;
        }
        & .rule { color: $foreground-muted; text-overflow: clip; margin: 1 0 0 0; }
        & #plan { height: auto; max-height: 8; padding: 0; }
        & .why { height: auto; margin: 1 0 0 0; color: $text-error; display: none; }
        & .why.-said { display: block; }
        & .buttons { height: 1; margin: 1 0 0 0; align-horizontal: right; }
        & .buttons > Button { margin: 0 0 0 2; }
    }
    """

    def __init__(self, desk: Desk, title: str) -> None:
        super().__init__()
        self.desk = desk
        self._title = title
        self._plan = Reading(id="plan")
        self._plan.can_focus = False
        self._why = Static("", classes="why", markup=False)
        self._button = Button("", id="submit", compact=True, variant="primary")
        self._ready: JobSpec | None = None
        self._statement = ""
        self._shown: JobSpec | str | None = None
        self._question = ""

    def fields(self) -> ComposeResult:
        """The fields, from top to bottom."""
        raise NotImplementedError

    def spec(self) -> JobSpec:
        """The job as it is filled in.

        Raises:
            MocloneError: It cannot be one; the message says why.
        """
        raise NotImplementedError

    def compose(self) -> ComposeResult:
        with Vertical(classes="form") as box:
            box.border_title = self._title
            box.border_subtitle = "tab next · ctrl+s submit · esc back"
            yield from self.fields()
            yield Line("─ Plan " + "─" * 200, classes="rule")
            yield self._plan
            yield self._why
            with Horizontal(classes="buttons"):
                yield self._button
                yield Button("Copy SQL", id="copy", compact=True)
                yield Button("Cancel", id="cancel", compact=True)

    def show_plan(
        self,
        job: JobSpec | None,
        remarks: list[Remark],
        *,
        action: str,
        blocker: str = "",
        steps: tuple[str, ...] = (),
        script: str = "",
    ) -> None:
        """Show what would be sent, and whether it can be.

        Args:
            job: The job, if it is one.
            remarks: What there is to know about it.
            action: What the button says.
            blocker: Why the button is off.
            steps: What it does, if that is known better than by the job itself.
            script: The same as SQL to copy.
        """
        self._ready = None if blocker else job
        steps = (steps or job.steps) if job and not blocker else ()
        self._plan.show(PlanText(tuple(remarks), steps))
        if self._shown != (shown := job or blocker):
            self._shown, self._question = shown, ""
        # What a late plan says of the same job does not take the question away.
        self._say_why(self._question or blocker)
        self._button.label = Content(cut(safe(action), 40))
        self._button.refresh(layout=True)  # a label of its own does not ask for room
        self._button.disabled = self._ready is None
        self._statement = script or (f"{job.statement};\n" if job else "")

    @property
    def typed(self) -> bool:
        """Whether something was filled in that would be lost."""
        return False

    def action_scroll_plan(self, pages: int) -> None:
        """Go down or up in the plan, wherever the focus is."""
        by = pages * max(1, self._plan.size.height - 1)
        self._plan.scroll_relative(y=by, animate=False)

    def action_leave(self) -> None:
        """Leave; at the second time if something was filled in."""
        if not self.typed or self._answered_yes(_LOST):
            self.dismiss(None)

    def _answered_yes(self, question: str) -> bool:
        """Ask something; doing the same again is a yes."""
        if self._question == question:
            return True
        self._question = question
        self._say_why(question)
        return False

    def _say_why(self, words: str) -> None:
        self._why.update(safe(words))
        self._why.set_class(bool(words), "-said")

    @on(Button.Pressed, "#submit")
    def action_submit(self) -> None:
        always = self.desk.target.profile.confirm == "always"
        if self._ready is not None and (not always or self._answered_yes(_SEND)):
            self.send(self._ready)

    def send(self, job: JobSpec) -> None:
        """Leave the form with its job."""
        self.dismiss(job)

    @on(Button.Pressed, "#cancel")
    def _cancelled(self) -> None:
        self.dismiss(None)

    @on(Button.Pressed, "#copy")
    def _copied(self) -> None:
        if self._statement:
            self.app.copy_to_clipboard(self._statement)
            self.notify("Copied the SQL", markup=False, timeout=2)
