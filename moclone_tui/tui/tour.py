"""The tour: six steps through the demo, each done by pressing the real key.

A strip above the log says what to press and sees when it was done; it takes no key from
anybody but `N` (on), and esc where there is nothing else to go back from.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from moclone_tui.tui.widgets.filter_list import FilterList

if TYPE_CHECKING:
    from moclone_tui.tui.screens.main import MainScreen


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the tour."""

    title: str
    words: str
    """What there is to see, and what to press."""
    done: Callable[[MainScreen], bool]
    """Whether it was done, by what is on the screen."""


def _filters(screen: MainScreen) -> bool:
    """Whether a list is filtered, and nobody types any more."""
    typing = isinstance(screen.focused, Input)
    return not typing and any(each.query_text for each in screen.view.query(FilterList))


def _looks_back(screen: MainScreen) -> bool:
    return bool(screen.at)


def _job(verb: str) -> Callable[[MainScreen], bool]:
    return lambda screen: any(
        title.startswith(verb) for title in screen.board.ended_well
    )


STEPS = (
    Step(
        "Look around",
        "shop is a shop's database. j and k move, enter opens: go to its table orders.",
        lambda screen: screen.view.selection.object == "orders",
    ),
    Step(
        "Filter",
        "Lists may be long. / filters as you type: try ord and enter; esc clears it.",
        _filters,
    ),
    Step(
        "Look back",
        "After a sale, orders were overwritten and deleted. t looks at another moment: "
        "choose the snapshot shop_before_sale.",
        _looks_back,
    ),
    Step(
        "Put rows back",
        "On shop's orders, u brings back what was lost since, and leaves newer rows "
        "alone. Look at what it shows, then ctrl+s.",
        _job("put back"),
    ),
    Step(
        "Clone",
        "On shop, c makes a copy, here as it was before the sale: ctrl+s begins. It is "
        "there in a moment, whatever the size.",
        _job("clone"),
    ),
    Step(
        "See that it is right",
        "Every copy is compared with its source before anybody sees it. L opens the "
        "log, which says so: verified.",
        lambda screen: screen.has_class("-log"),
    ),
)
_END = "That was the tour. ? lists the keys that work, wherever you are."


class TourPanel(Vertical):
    """The strip that leads through the tour.

    Args:
        screen: What it looks at, to see what was done.
    """

    DEFAULT_CSS = """
    TourPanel {
        height: auto;
        max-height: 5;
        border-top: solid $accent;
        border-title-color: $text-accent;
        border-title-style: bold;
        padding: 0 1;
        & > Static { height: auto; }
    }
    """

    def __init__(self, screen: MainScreen) -> None:
        super().__init__(id="tour")
        self._main = screen
        self._at = 0
        self._words = Static("", markup=False)

    def compose(self) -> ComposeResult:
        yield self._words

    def on_mount(self) -> None:
        self.set_interval(0.2, self.look)
        self._show()

    def on_click(self) -> None:
        self._main.do_tour_next()

    def look(self) -> None:
        """Go on if the step was done."""
        if self._at < len(STEPS) and STEPS[self._at].done(self._main):
            self.go_on()

    def go_on(self) -> bool:
        """Go to the next step, done or not; gives False after the end."""
        if self._at >= len(STEPS):
            return False
        self._at += 1
        self._show()
        return True

    def _show(self) -> None:
        if self._at < len(STEPS):
            step, number = STEPS[self._at], self._at + 1
            title = (
                f"Tour {number} of {len(STEPS)} · {step.title} · N goes on · esc ends"
            )
            self._words.update(step.words)
        else:
            title = "Tour · N or esc closes this"
            self._words.update(_END)
        self.border_title = Content(f" {title} ")


def first_time(folder: Path) -> bool:
    """Whether nobody was ever shown the tour; from then on, somebody was.

    Args:
        folder: Where moclone keeps what it remembers of this user.
    """
    seen = folder / "toured"
    if seen.exists():
        return False
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        seen.touch()
    except OSError:
        return False  # better never than at every start
    return True
