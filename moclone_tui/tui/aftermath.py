"""Looks after the jobs that an earlier start did not see the end of."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from textual import on
from textual.message import Message
from textual.widget import Widget

from moclone_tui import text
from moclone_tui.cloning.identity import Object
from moclone_tui.jobs.leftovers import DropLeftovers
from moclone_tui.jobs.model import JobState
from moclone_tui.jobs.settle import Settled
from moclone_tui.tui.desk import Desk
from moclone_tui.tui.reader import Answered
from moclone_tui.tui.widgets.cells import Tone
from moclone_tui.tui.widgets.log import LogLine

_LOOK_AGAIN = 3.0
"""Seconds until what the server still carries out is looked at again."""

_TONES: dict[JobState | None, Tone] = {
    JobState.DONE: "good",
    JobState.NOT_VERIFIED: "warn",
    JobState.CANCELLED: "warn",
    JobState.UNKNOWN: "bad",
}


class Aftermath(Widget):
    """Asks what became of them when it is mounted; it is not seen itself.

    Args:
        desk: The server, and how to reach it.
    """

    DEFAULT_CSS = "Aftermath { display: none; }"

    class Found(Message):
        """Something was found out: lines for the log."""

        def __init__(self, lines: list[LogLine]) -> None:
            super().__init__()
            self.lines = lines

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._told: set[str] = set()
        self._dropping: set[Object] = set()

    def on_mount(self) -> None:
        self.look()

    def look(self) -> None:
        """Find out what became of them."""
        self._desk.reader.ask(self, "aftermath", None, self._desk.aftermath)

    @on(Answered)
    def _answered(self, event: Answered) -> None:
        event.stop()
        if event.error is not None:
            return  # they stay open, and the views say what is wrong
        settled, left = event.value
        going = {each.job.job for each in settled if each.state is None}
        known = going & self._told
        self._tell([it for it in settled if it.news and it.job.job not in known])
        self._told = going
        if going:
            self.set_timer(_LOOK_AGAIN, self.look)
        left = tuple(each for each in left if each.object not in self._dropping)
        if left and not self._desk.read_only:
            self._dropping.update(each.object for each in left)
            self._desk.runner.submit(DropLeftovers(left))

    def _tell(self, found: list[Settled]) -> None:
        if not found:
            return
        self.post_message(self.Found(lines(found, self._desk.clock())))
        self.notify(
            notice(found),
            title="Since moclone last ran here",
            severity="warning",
            markup=False,
            timeout=10,
        )


def lines(found: Iterable[Settled], now: dt.datetime) -> list[LogLine]:
    """A line for each job; what can be done about it unfolds beneath."""
    return [
        LogLine(
            f"{now:%H:%M:%S}",
            (
                (f"{text.age(each.job.begun, now):>12}  ", "muted"),
                (f"{each.job.title}  ", ""),
                (each.words, _TONES.get(each.state, "accent")),
            ),
            tuple(map(str, each.offers)),
        )
        for each in found
    ]


def notice(found: Iterable[Settled]) -> str:
    """All of them in a sentence or two."""
    said = [f"{each.job.title}: {each.words}" for each in found]
    more = f"\nand {text.plural(len(said) - 3, 'other')}" if len(said) > 3 else ""
    return "\n".join(text.safe(each) for each in said[:3]) + more
