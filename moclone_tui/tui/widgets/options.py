"""A choice among a few, on one line: `(•) stop  ( ) skip`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.events import Click
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget


class Options(Widget, can_focus=True):
    """Left and right, or a click, choose one of a few words.

    Args:
        words: What there is to choose from; the first is chosen.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("right,l,space", "step(1)", "Next", show=False),
        Binding("left,h", "step(-1)", "Before", show=False),
    ]
    DEFAULT_CSS = """
    Options {
        height: 1;
        width: 1fr;
        &:focus { background: $primary-muted; text-style: bold; }
        &:ansi:focus { background: transparent; text-style: bold reverse; }
    }
    """

    chosen: reactive[int] = reactive(0)
    """Which of the words is chosen."""

    class Changed(Message):
        """Another word was chosen."""

        def __init__(self, options: Options, word: str) -> None:
            super().__init__()
            self.options = options
            self.word = word

        @property
        def control(self) -> Options:
            return self.options

    def __init__(
        self,
        words: Sequence[str],
        *,
        id: str | None = None,  # noqa: A002
    ) -> None:
        super().__init__(id=id)
        self.words = tuple(words)

    @property
    def word(self) -> str:
        """The word that is chosen."""
        return self.words[self.chosen]

    def render(self) -> Content:
        """All words, the chosen one with a dot."""
        return Content(
            "  ".join(
                f"({'•' if at == self.chosen else ' '}) {word}"
                for at, word in enumerate(self.words)
            )
        )

    def validate_chosen(self, at: int) -> int:
        return max(0, min(at, len(self.words) - 1))

    def watch_chosen(self) -> None:
        if self.is_mounted:
            self.post_message(self.Changed(self, self.word))

    def action_step(self, by: int) -> None:
        self.chosen = (self.chosen + by) % len(self.words)

    def on_click(self, event: Click) -> None:
        at = 0
        for number, word in enumerate(self.words):
            at += len(word) + 6
            if event.x < at:
                self.chosen = number
                return
