"""The arithmetic of a timeline: times to cells and back, steps that fit, ticks.

Nothing here knows Textual. Times are nanoseconds since 1970, UTC.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from moclone_tui.api.names import utc

SECOND = 10**9
MINUTE, HOUR, DAY = 60 * SECOND, 3600 * SECOND, 86400 * SECOND

_NICE = (
    *(each * SECOND for each in (1, 2, 5, 10, 15, 30)),
    *(each * MINUTE for each in (1, 2, 5, 10, 15, 30)),
    *(each * HOUR for each in (1, 2, 3, 6, 12)),
    *(each * DAY for each in (1, 2, 7, 14, 30, 91, 182, 365, 3650)),
)
"""Steps that people count in."""
_CLOSEST = MINUTE
"""The least that is shown at once."""


@dataclass(frozen=True, slots=True)
class Axis:
    """A piece of time, laid over so many cells."""

    start: int
    end: int
    """The last moment; it is in the last cell."""
    cells: int

    @property
    def span(self) -> int:
        """How much time is shown; never nothing."""
        return max(1, self.end - self.start)

    @property
    def step(self) -> int:
        """The least time worth a move: a step people count in, a cell or more."""
        return nice(self.span / max(1, self.cells))

    def cell(self, time: int) -> int | None:
        """The cell of a time; None if it is out of sight."""
        if not self.start <= time <= self.end or self.cells < 1:
            return None
        return min(self.cells - 1, (time - self.start) * self.cells // self.span)

    def clipped(self, start: int, end: int) -> tuple[int, int] | None:
        """The first and the last cell of a span; None if none of it is in sight."""
        first = self.cell(max(start, self.start))
        last = self.cell(min(end, self.end))
        return None if first is None or last is None or end < start else (first, last)

    def time(self, cell: int) -> int:
        """The first moment of a cell; of the last cell, the last one."""
        if cell >= self.cells - 1:
            return self.end
        return self.start + -(-max(0, cell) * self.span // max(1, self.cells))

    def moved(self, time: int, steps: int) -> int:
        """The time that is steps away, on a round one."""
        step = self.step
        if steps < 0:
            return (-(-time // step) + steps) * step
        return (time // step + steps) * step

    def zoomed(self, factor: float, about: int, limits: tuple[int, int]) -> Axis:
        """As much more or less time, with one moment where it was, within limits."""
        first, last = limits
        most = max(_CLOSEST, last - first)
        span = round(min(most, max(_CLOSEST, self.span * factor)))
        ahead = round((about - self.start) / self.span * span)
        return self._at(about - ahead, span, limits)

    def showing(self, time: int, limits: tuple[int, int]) -> Axis:
        """The same with a time in sight: moved no more than it takes, and a bit."""
        if self.start <= time <= self.end:
            return self
        margin = self.span // 8
        start = time - margin if time < self.start else time + margin - self.span
        first, last = min(limits[0], time), limits[1]
        return self._at(start, self.span, (first, last))

    def _at(self, start: int, span: int, limits: tuple[int, int]) -> Axis:
        first, last = limits
        start = max(min(start, last - span), min(first, last - span))
        return replace(self, start=start, end=start + span)

    def ticks(self) -> Iterator[tuple[int, str]]:
        """Cells and what to write there: round times, with room for their words."""
        if self.cells < 8:
            return
        step = nice(self.span * 8 / self.cells)
        for time in range(-(-self.start // step) * step, self.end + 1, step):
            if (cell := self.cell(time)) is not None:
                yield cell, _label(time, step)


def nice(span: float) -> int:
    """The smallest step people count in that is no smaller than this."""
    return next((each for each in _NICE if each >= span), _NICE[-1])


def _label(time: int, step: int) -> str:
    """A time as short as its neighbours allow; a day where one begins."""
    moment = utc(time)
    if step >= 91 * DAY:
        return f"{moment.day} {moment:%b %y}"
    if step >= DAY or not time % DAY:
        return f"{moment.day} {moment:%b}"
    return f"{moment:%H:%M:%S}" if step < MINUTE else f"{moment:%H:%M}"


@dataclass(frozen=True, slots=True)
class Bar:
    """A span of time that can be gone back to."""

    label: str
    """Not yet fit to show."""
    start: int
    end: int
    dead: bool = False
    """Whether it protects nothing of what is there now."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A moment with a name, as a snapshot."""

    time: int
    name: str
    """Not yet fit to show."""


def beside(times: Sequence[int], time: int, by: int) -> int | None:
    """The time before or after another one; None if there is none."""
    if by < 0:
        return max((each for each in times if each < time), default=None)
    return min((each for each in times if each > time), default=None)
