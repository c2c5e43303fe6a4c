"""Ask for the file that something is written to; none is overwritten unasked."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from moclone_tui.text import safe
from moclone_tui.tui.widgets.entry import Entry


class ExportScreen(ModalScreen[Path | None]):
    """A file name; gives the file once it is written, None if nothing was.

    Args:
        what: What is written: `214 lines of the history`.
        suggested: The name to begin with.
        write: Writes it: to a file, and whether that may be overwritten.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Back", show=False),
    ]
    DEFAULT_CSS = """
    ExportScreen {
        align: center middle;
        & > Vertical {
            width: 70;
            max-width: 95%;
            height: auto;
            border: round $border;
            border-title-color: $text-primary;
            border-title-style: bold;
            border-subtitle-color: $foreground-muted;
            background: $background;
            padding: 1 2;
            & > Entry { margin: 1 0; }
        }
    }
    """

    def __init__(
        self, what: str, suggested: str, write: Callable[[Path, bool], None]
    ) -> None:
        super().__init__()
        self._what = what
        self._write = write
        self._file = Entry(suggested, id="file", compact=True)
        self._note = Static("", markup=False)
        self._asked: Path | None = None

    def compose(self) -> ComposeResult:
        with Vertical() as box:
            box.border_title = "Export"
            box.border_subtitle = "enter write · esc back"
            yield Static(f"Write {safe(self._what)} to a file:", markup=False)
            yield self._file
            yield self._note

    def on_mount(self) -> None:
        self._file.focus()
        self._say_format()

    @on(Input.Changed)
    def _say_format(self) -> None:
        self._asked = None
        as_csv = self._file.value.strip().lower().endswith(".csv")
        kind = "a table for spreadsheets" if as_csv else "a JSON object for each line"
        self._note.update(f"{kind} · .csv and .jsonl choose")

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        name = self._file.value.strip()
        if not name:
            self._note.update("Say which file.")
            return
        file = Path(name).expanduser()
        try:
            self._write(file, self._asked == file)
        except FileExistsError:
            self._asked = file
            self._note.update(f"{safe(name)} is there: enter once more overwrites it.")
        except OSError as error:
            self._note.update(safe(f"Not written: {error.strerror or error}."))
        else:
            self.dismiss(file)

    def action_leave(self) -> None:
        self.dismiss(None)
