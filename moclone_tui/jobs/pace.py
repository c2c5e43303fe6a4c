"""How far a job is and how long it may yet take, from what has really happened.

Values and arithmetic alone: `now` is always handed in, by the watch the job is measured
with. Nothing here guesses a percentage: a statement that tells nothing while it runs
has an estimate in seconds, and a bar without an end.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

from moclone_tui import text

_ENOUGH = 3
"""Steps that have to be through before their mean says something of the others."""


class Words(NamedTuple):
    """How far a job is, to be shown; each may be empty."""

    steps: str
    """`41/120 steps`."""
    elapsed: str
    """`6.2 s`."""
    rate: str
    """`6.6/s`, or `2.5 s a step`."""
    left: str
    """`~11 s left`, `about 6 s`, or `longer than expected`."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How far a job is, as of one of its events."""

    started: float
    """When the job began, by its watch, in seconds."""
    done: int = 0
    """Steps that are through."""
    total: int = 0
    """Steps in all; 0 if that is not known."""
    running: str = ""
    """The step under way, not yet fit to show; empty between two."""
    expected: float | None = None
    """About how many seconds the step under way takes, if that can be said."""
    begun: float = 0.0
    """When the step under way began, by the job's watch."""
    counted: int = 0
    """Steps that are through and had no estimate, and the seconds they took."""
    counted_seconds: float = 0.0
    estimated_seconds: float = 0.0
    """What the steps with an estimate should have taken, and what they took."""
    measured_seconds: float = 0.0

    # What happens to it

    def expect(self, total: int) -> Pace:
        """It is known how many steps there are in all."""
        return replace(self, total=total)

    def begin(self, step: str, expected: float | None, now: float) -> Pace:
        """A step begins."""
        return replace(self, running=step, expected=expected, begun=now)

    def through(self, now: float) -> Pace:
        """The step under way is through."""
        took, rest = now - self.begun, self.stopped()
        if self.expected is None:
            return replace(
                rest,
                done=self.done + 1,
                counted=self.counted + 1,
                counted_seconds=self.counted_seconds + took,
            )
        return replace(
            rest,
            done=self.done + 1,
            estimated_seconds=self.estimated_seconds + self.expected,
            measured_seconds=self.measured_seconds + took,
        )

    def stopped(self) -> Pace:
        """No step is under way."""
        return replace(self, running="", expected=None)

    # What it says

    def elapsed(self, now: float) -> float:
        """Seconds since the job began."""
        return max(0.0, now - self.started)

    def rate(self, now: float) -> float | None:
        """Steps a second; None before one is through."""
        elapsed = self.elapsed(now)
        return self.done / elapsed if self.done and elapsed else None

    def left(self, now: float) -> float | None:
        """About how many seconds it may yet take; None if that cannot be said.

        Each step that is to come counts as the mean of those of the more frequent
        kind, with an estimate or without; the one under way by its estimate, corrected
        by how good the estimates were. One that takes longer than the mean raises it.
        """
        to_come = self.total - self.done - bool(self.running)
        if to_come < 0 or self.late(now):
            return None
        in_step = now - self.begun if self.running else 0.0
        if to_come == 0 and self.expected is not None:
            return max(0.0, self._corrected(self.expected) - in_step)
        steps, seconds = self.counted, self.counted_seconds
        if 2 * steps < self.done:
            steps, seconds = self.done - steps, self.measured_seconds
        if steps < _ENOUGH:
            return None
        mean, rest = seconds / steps, 0.0
        if self.expected is not None:
            rest = max(0.0, self._corrected(self.expected) - in_step)
        elif self.running:
            mean = max(mean, (seconds + in_step) / (steps + 1))
            rest = max(0.0, mean - in_step)
        return to_come * mean + rest

    def _corrected(self, estimate: float) -> float:
        if not self.estimated_seconds or not self.measured_seconds:
            return estimate
        return estimate * self.measured_seconds / self.estimated_seconds

    def late(self, now: float) -> bool:
        """Whether the step under way takes longer than expected.

        Nobody waits for an estimate of milliseconds: it is late after a second.
        """
        if not self.running or self.expected is None:
            return False
        return now - self.begun > max(1.0, self._corrected(self.expected))

    def share(self, now: float) -> float | None:
        """How much of the steps is through, 0 to 1.

        None if nobody can tell: their number is not known, or the one under way takes
        as long as all others together, and tells nothing while it runs.
        """
        if not self.total or self._outlasts_the_others(now):
            return None
        return min(1.0, self.done / self.total)

    def _outlasts_the_others(self, now: float) -> bool:
        if not self.running or not (self.done or self.expected):
            return False
        past = self.counted_seconds + self.measured_seconds
        to_come = max(0, self.total - self.done - 1)
        mean = past / self.done if self.done else 0.0
        takes = max(now - self.begun, self._corrected(self.expected or 0.0))
        return takes >= past + to_come * mean

    def words(self, now: float) -> Words:
        """What to say of it."""
        share, rate, speed = self.share(now), self.rate(now), ""
        if rate is not None and share is not None and self.done >= _ENOUGH:
            slow = f"{text.seconds(1 / rate)} a step"
            speed = f"{rate:,.1f}/s" if rate >= 1 else slow
        left = self.left(now)
        rest = "" if left is None else f"~{_roughly(left)} left"
        if self.late(now):
            rest = "longer than expected"
        elif share is None and self.expected is not None:
            rest = f"about {_roughly(self._corrected(self.expected))}"
        return Words(self.steps_word, text.seconds(self.elapsed(now)), speed, rest)

    @property
    def steps_word(self) -> str:
        """`41/120 steps`; empty if nobody knows how many there are."""
        return f"{self.done:,}/{self.total:,} steps" if self.total else ""


def _roughly(seconds: float) -> str:
    """A duration that is but an estimate: in whole seconds, one at least."""
    whole = max(1, round(seconds))
    return f"{whole} s" if whole < 60 else text.seconds(whole)


def bar(
    share: float | None,
    width: int,
    beat: int = 0,
    *,
    signs: tuple[str, str] = ("▇", "▁"),
) -> str:
    """A bar of so many cells; without an end, a piece that moves with each beat.

    Args:
        share: How much is through, 0 to 1; None if nobody can tell.
        width: Cells.
        beat: How many times it was painted.
        signs: What is through and what is not, a cell each.
    """
    full, empty = signs
    if share is not None:
        filled = int(share * width)
        return full * filled + empty * (width - filled)
    piece = max(1, width // 4)
    at = beat % (width - piece + 1) if width > piece else 0
    return empty * at + full * piece + empty * (width - piece - at)
