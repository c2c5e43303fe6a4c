"""The line that says what goes on: the jobs that run, or what the last one came to."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rich.cells import cell_len
from textual.content import Content
from textual.events import Resize
from textual.widgets import Static

from moclone_tui import text
from moclone_tui.jobs.model import JobEvent, JobState
from moclone_tui.jobs.pace import bar
from moclone_tui.tui.widgets.cells import cut, fit
from moclone_tui.tui.widgets.log import LogLine

_WIDE = 100
"""Cells from which on there is room for more than what matters most."""
_WORTH = 16
"""Cells below which a statement is not worth to be begun."""


class JobLines(Static):
    """A line for each job that runs, or one line for what happened last.

    Args:
        stopwatch: Seconds, as the jobs are measured by.
        moving: Whether bars without an end may move; without, there is none.
    """

    DEFAULT_CSS = """
    JobLines {
        height: auto;
        min-height: 1;
        padding: 0 1;
        color: $foreground-muted;
        text-wrap: nowrap;
        text-overflow: ellipsis;
    }
    """

    def __init__(
        self,
        stopwatch: Callable[[], float],
        *,
        moving: bool,
        id: str | None = None,  # noqa: A002
    ) -> None:
        super().__init__("", id=id, markup=False)
        self._stopwatch = stopwatch
        self._moving = moving
        self._beats = 0
        self._jobs: tuple[JobEvent, ...] = ()
        self._by_step = False
        self._said: LogLine | None = None

    def say(self, line: LogLine) -> None:
        """Say what happened last; it is shown while no job runs."""
        self._said = line

    def show(self, jobs: Sequence[JobEvent], *, by_step: bool) -> None:
        """Show jobs that run, as they stand now.

        Args:
            jobs: The newest event of each.
            by_step: Whether to show the step under way, and not what the job does: the
                log is open above, and says that.
        """
        self.display = bool(jobs) or not by_step
        self._by_step = by_step
        resized = max(1, len(jobs)) != max(1, len(self._jobs))
        self._jobs = tuple(jobs)
        self._beats += 1
        self._paint(layout=resized)

    def on_resize(self, _: Resize) -> None:
        self._paint()

    def _paint(self, *, layout: bool = False) -> None:
        now = self._stopwatch()
        facts = [self._facts(event, now) for event in self._jobs]
        widths = [max(map(len, column)) for column in zip(*facts, strict=True)]
        lines = [
            self._line(event, now, _side_by_side(said, widths))
            for event, said in zip(self._jobs, facts, strict=True)
        ]
        self.update(Content("\n").join(lines or [self._last()]), layout=layout)

    def _last(self) -> Content:
        """What happened last, in the tone of how it ended."""
        if self._said is None:
            return Content("")
        words = self._said.fit(self.content_size.width - len(self._said.time) - 1)
        tone = words[-1][1]
        shown = "".join(text for text, _ in words)
        style = f"$tone-{tone}" if tone else ""
        return Content.styled(f"{self._said.time} {shown}", style)

    def _line(self, event: JobEvent, now: float, facts: str) -> Content:
        """Columns as in the log: time, seconds, number, words; then how far it is."""
        width, pace = self.size.width, event.pace
        step = pace.running if pace else ""
        began = 0.0 if pace is None else pace.started
        if pace is not None and self._by_step and step:
            began = pace.begun
        # Less than a second would be another number at every look.
        took = text.seconds(now - began) if pace and now - began >= 1 else ""
        indent = " " if self._by_step else ""
        head = f"{indent}{event.at:%H:%M:%S} {took:>7}  #{event.job} {indent * 2}"
        painted = self._bar(event, now)
        tail = "  ".join(part for part in (facts, painted) if part)
        room = width - len(head) - 2 - cell_len(tail)
        words = cut(text.safe(step if indent and step else event.title), room)
        both = words
        if self._wide and not indent and room - cell_len(words) >= _WORTH:
            both = f"{words}  {step}"
        return Content.assemble(
            (head, "$foreground-muted"),
            (words, "$foreground"),
            (fit(both, room)[len(words) :] + "  ", "$foreground-muted"),
            (facts, self._tone(event, now)),
            ("  " if facts and painted else "", ""),
            (painted, "$text-primary"),
        )

    @property
    def _wide(self) -> bool:
        return self.size.width >= _WIDE

    def _facts(self, event: JobEvent, now: float) -> tuple[str, ...]:
        """Steps, seconds, steps a second, what is left; some have no room."""
        if event.pace is None:
            return "", "", "", "waits for its turn"
        said = event.pace.words(now)
        left = "cancelling" if event.state is JobState.CANCELLING else said.left
        return (
            said.steps,
            said.elapsed if self._wide and self._by_step else "",
            said.rate if self._wide else "",
            left,
        )

    def _tone(self, event: JobEvent, now: float) -> str:
        late = event.pace is not None and event.pace.late(now)
        cancelling = event.state is JobState.CANCELLING
        return "$tone-warn" if late or cancelling else "$foreground"

    def _bar(self, event: JobEvent, now: float) -> str:
        if event.pace is None:
            return ""
        width = 16 if self._wide else 8
        share = event.pace.share(now)
        if event.state is JobState.CANCELLING or (share is None and not self._moving):
            return " " * width
        return bar(share, width, self._beats)


def _side_by_side(parts: Sequence[str], widths: Sequence[int]) -> str:
    """Parts in columns so wide; columns that are empty everywhere take no room."""
    return "  ".join(
        part.rjust(width) for part, width in zip(parts, widths, strict=True) if width
    )
