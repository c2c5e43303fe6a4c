"""Asked when moclone is left while jobs run."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.widgets import Button, Static

from moclone_tui.text import plural


class LeaveScreen(ModalScreen[bool]):
    """Stay, or cancel the jobs and leave.

    Args:
        running: How many jobs run.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "stay", "Stay", show=False),
        Binding("left,right", "app.focus_next", "Other", show=False),
    ]
    DEFAULT_CSS = """
    LeaveScreen {
        align: center middle;
        & > Vertical {
            width: 60;
            max-width: 95%;
            height: auto;
            border: round $border;
            background: $background;
            padding: 1 2;
        }
        & Horizontal { height: 1; margin: 1 0 0 0; align-horizontal: right; }
        & Button { margin: 0 0 0 2; }
    }
    """

    def __init__(self, running: int) -> None:
        super().__init__()
        self._running_jobs = running

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Static(
                f"{plural(self._running_jobs, 'job')} running. Leaving cancels: the "
                "server is asked to stop and roll back what is not finished.",
                markup=False,
            )
            with Horizontal():
                yield Button("Cancel and leave", id="leave", compact=True)
                yield Button("Stay", id="stay", compact=True, variant="primary")

    def on_mount(self) -> None:
        self.query_one("#stay").focus()

    @on(Button.Pressed, "#leave")
    def _leave(self) -> None:
        self.dismiss(True)

    @on(Button.Pressed, "#stay")
    def action_stay(self) -> None:
        self.dismiss(False)
