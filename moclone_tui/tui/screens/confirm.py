"""A question before something is overwritten: its name has to be typed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.events import Key
from textual.screen import ModalScreen
from textual.widgets import Button, Input, Static

from moclone_tui.text import safe
from moclone_tui.tui.widgets.entry import Entry


class ConfirmName(ModalScreen[bool]):
    """Ask for a name to be typed; the focus is on Cancel until that is begun.

    Args:
        verb: What the button says: `Replace`.
        name: What has to be typed.
        words: What will happen, in a sentence or two, or line by line. Not yet fit to
            show.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Cancel", show=False),
    ]
    DEFAULT_CSS = """
    ConfirmName {
        align: center middle;
        & > Vertical {
            width: 70;
            max-width: 95%;
            height: auto;
            border: round $error;
            border-title-color: $text-error;
            border-title-style: bold;
            background: $background;
            padding: 1 2;
            & > Static { margin-bottom: 1; }
            & > Horizontal { height: auto; margin-top: 1; align-horizontal: right; }
            & Button { margin-left: 2; }
        }
    }
    """

    def __init__(self, verb: str, name: str, words: str | Sequence[str]) -> None:
        super().__init__()
        self._verb = verb
        self._wanted = name
        self._lines = [words] if isinstance(words, str) else words
        self._typed = Entry(id="typed", compact=True, select_on_focus=False)
        self._do = Button(verb, id="do", variant="error", compact=True, disabled=True)

    def compose(self) -> ComposeResult:
        with Vertical() as box:
            box.border_title = Content(f"{self._verb} {safe(self._wanted)}")
            yield Static("\n".join(map(safe, self._lines)), markup=False)
            yield Static(f"Type {safe(self._wanted)} to go on:", markup=False)
            yield self._typed
            with Horizontal():
                yield Button("Cancel", id="cancel", compact=True)
                yield self._do

    def on_mount(self) -> None:
        self.query_one("#cancel").focus()

    def on_key(self, event: Key) -> None:
        """Who begins to type the name need not go to its line.

        Any other key, such as one still held down, leaves the focus on Cancel. What
        came in one burst with the first letter was for Cancel as well.
        """
        begun = self.focused is self._typed and event.is_printable
        if event.character and (begun or event.character == self._wanted[:1]):
            event.stop()
            self.set_focus(self._typed)
            self._typed.insert_text_at_cursor(event.character)

    @on(Input.Changed)
    def _changed(self) -> None:
        self._do.disabled = self._typed.value.strip() != self._wanted

    @on(Input.Submitted)
    @on(Button.Pressed, "#do")
    def _confirmed(self) -> None:
        if not self._do.disabled:
            self.dismiss(result=True)

    @on(Button.Pressed, "#cancel")
    def action_leave(self) -> None:
        self.dismiss(result=False)
