"""Asked when moclone is left while jobs run."""

from __future__ import annotations

from typing import ClassVar, Literal

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.widgets import Button, Static

from moclone_tui.text import plural

Answer = Literal["stay", "cancel", "behind"]
_CANCEL = (
    "Cancel them: the server is asked to stop, and rolls back what is not finished."
)
_BEHIND = (
    "Leave them: a process in the background goes on without this terminal. What waits "
    "is done there; what runs is rolled back first, and begun anew there."
)


class LeaveScreen(ModalScreen[Answer]):
    """Stay, cancel the jobs and leave, or leave them to a process in the background.

    Args:
        running: How many jobs have not ended.
        why_not_behind: Why they cannot be left; empty if they can.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "stay", "Stay", show=False),
        Binding("left", "app.focus_previous", "Other", show=False),
        Binding("right", "app.focus_next", "Other", show=False),
    ]
    DEFAULT_CSS = """
    LeaveScreen {
        align: center middle;
        & > Vertical {
            width: 70;
            max-width: 95%;
            height: auto;
            border: round $border;
            background: $background;
            padding: 1 2;
        }
        & Static { margin: 0 0 1 0; }
        & Horizontal { height: 1; align-horizontal: right; }
        & Button { margin: 0 0 0 2; }
    }
    """

    def __init__(self, running: int, why_not_behind: str = "") -> None:
        super().__init__()
        self._running_jobs = running
        self._why_not_behind = why_not_behind

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Static(f"{plural(self._running_jobs, 'job')} running.", markup=False)
            yield Static(_CANCEL, markup=False)
            yield Static(self._why_not_behind or _BEHIND, markup=False)
            with Horizontal():
                yield Button("Stay", id="stay", compact=True, variant="primary")
                yield Button("Cancel and leave", id="cancel", compact=True)
                yield Button(
                    "Leave them running",
                    id="behind",
                    compact=True,
                    disabled=bool(self._why_not_behind),
                )

    def on_mount(self) -> None:
        self.query_one("#stay").focus()

    @on(Button.Pressed, "#cancel")
    def _cancel(self) -> None:
        self.dismiss("cancel")

    @on(Button.Pressed, "#behind")
    def _leave_behind(self) -> None:
        self.dismiss("behind")

    @on(Button.Pressed, "#stay")
    def action_stay(self) -> None:
        self.dismiss("stay")
