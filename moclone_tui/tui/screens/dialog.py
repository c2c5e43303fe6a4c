"""A box over the screen: a text to read, or a question with two answers."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen

from moclone_tui.tui.widgets.pane import Fitting, Reading


class TextScreen(ModalScreen[None]):
    """A text in a box; esc closes it.

    Args:
        title: What it is.
        content: The text, fit to show.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,h,question_mark,enter", "leave", "Back", show=False),
    ]
    DEFAULT_CSS = """
    TextScreen {
        align: center middle;
        & > Vertical {
            width: 70;
            max-width: 95%;
            height: auto;
            max-height: 95%;
            border: round $border;
            border-title-color: $text-primary;
            border-title-style: bold;
            border-subtitle-color: $foreground-muted;
            background: $background;
            padding: 1;
            & > Reading { height: auto; max-height: 100%; }
        }
    }
    """

    def __init__(self, title: str, content: Content | Fitting) -> None:
        super().__init__()
        self._title = title
        self._content = content
        self._text = Reading()

    def compose(self) -> ComposeResult:
        with Vertical() as box:
            box.border_title = Content(self._title)
            box.border_subtitle = "esc back"
            yield self._text

    def on_mount(self) -> None:
        self._text.show(self._content)
        self._text.focus()

    def action_leave(self) -> None:
        self.dismiss(None)
