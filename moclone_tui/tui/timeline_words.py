"""The timeline in words, bars and rows: from what is known to what is shown."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from textual.content import Content

from moclone_tui import text
from moclone_tui.cloning.coverage import Coverage
from moclone_tui.cloning.moments import in_full
from moclone_tui.cloning.touching import Touch
from moclone_tui.tui.asof import AsOf
from moclone_tui.tui.widgets.cells import Cell, Column, Row, wrap
from moclone_tui.tui.widgets.timeline_axis import SECOND, Axis, Bar, Mark, nice

LOG_COLUMNS = (
    Column("at", "at (UTC)", width=14, tone="muted"),
    Column("user", "by", width=10, search=True),
    Column("statement", "statement", min=20, search=True),
)
_STEP = 1000
"""Nanoseconds: what is so near to a second is just before it."""
_MOST = 8 * 86400
"""The most seconds of the log that are read at once."""


def bars(coverage: Coverage) -> list[Bar]:
    """What keeps the past without gaps: the server's history first."""
    found = []
    for window in coverage.windows:
        end = window.end or coverage.now
        label = window.name
        if window.dead:
            label += " dead"
        elif window.pitr is not None:
            label += f" {window.pitr.range}"
        found.append(Bar(label, _ns(window.start), _ns(end), bool(window.dead)))
    return found


def marks(coverage: Coverage) -> list[Mark]:
    """The snapshots that hold it."""
    return [Mark(each.ts, each.name) for each in coverage.snapshots or ()]


def pointer(at: AsOf, now: dt.datetime) -> str:
    """What stands beside the cursor; fit to show."""
    if at.when is None:
        return str(at.moment)
    words = in_full(at.ts)
    if not at.moment.snapshot and (at.ts + _STEP) // SECOND > at.ts // SECOND:
        words = f"just before {in_full((at.ts // SECOND + 1) * SECOND)}"
    return f"{words} · {text.age(at.when, now)}"


@dataclass(frozen=True, slots=True)
class AtCursor:
    """What there is to know of the moment at the cursor."""

    at: AsOf
    now: dt.datetime
    coverage: Coverage
    differs: str
    """How it differs from the present; `…` while that is read. Fit to show."""

    def fit(self, width: int) -> Content:
        """Lay it out; what protects nothing any more stands out."""
        lines = [Content("\n").join(map(Content, wrap(self._moment(), width)))]
        cover = self.coverage.covers(self.at.moment)
        if self.at:
            tone = "$tone-good" if cover else "$tone-warn"
            said = wrap(cover.words, width)
            lines += [Content.styled(line, tone) for line in said]
        else:
            lines += self._recoverable(width)
        if self.at and self.differs:
            lines.append(Content(self.differs))
        return Content("\n").join(lines)

    def _moment(self) -> str:
        if not self.at:
            return f"now · {self.now:%Y-%m-%d %H:%M:%S} UTC at the server"
        name = f"{self.at.moment} · " if self.at.moment.snapshot else ""
        return f"at the cursor: {name}{pointer(self.at, self.now)}"

    def _recoverable(self, width: int) -> Iterator[Content]:
        parts = self.coverage.parts(self.now)
        alive = " · ".join(part.text for part in parts if not part.dead)
        for line in wrap(f"recoverable: {alive}", width):
            yield Content(line)
        for part in parts:
            if part.dead:
                yield Content.styled(part.text, "$tone-bad")


def in_sight(axis: Axis, now: float) -> tuple[int, int]:
    """From when to when the log is read: what the axis shows, in whole steps."""
    step = max(60, int(nice(axis.span / 8) // SECOND))
    until = min(-(-axis.end // SECOND // step) * step, int(now) + 1)
    since = max(axis.start // SECOND // step * step, until - _MOST)
    return since, until


def log_title(
    since: int, until: int, found: int | None = None, *, late: bool = False
) -> str:
    """`Statements 5 · 24 Nov 14:00 – 14:15 UTC`, and whether the log may be late."""
    start, end = (dt.datetime.fromtimestamp(each, dt.UTC) for each in (since, until))
    day = "" if (start.date()) == end.date() else f"{end.day} {end:%b} "
    parts = [
        "Statements …" if found is None else f"Statements {text.count(found)}",
        f"{start.day} {start:%b %H:%M} – {day}{end:%H:%M} UTC",
    ]
    return " · ".join([*parts, *(["up to a minute late"] if late else [])])


def no_statement(name: str, hidden: bool) -> str:
    """Why the list of statements is empty."""
    if hidden:
        return "The server's log is not open to this login"
    return f"Nobody changed {name} in this time, as far as the server remembers"


def log_rows(touches: Mapping[tuple[object, ...], Touch]) -> list[Row]:
    """The statements, newest first; the log has fast ones in one line."""
    rows = []
    for key, touch in touches.items():
        parts = [] if touch.sure else ["(perhaps another database's)"]
        if touch.together > 1:
            parts.append(f"({touch.together} within 5 s, the first:)")
        words = " ".join([*parts, " ".join(touch.statement.split())])
        at = Cell(f"{touch.when:%m-%d %H:%M:%S}", sort=touch.ns)
        user = f"{touch.user} (job)" if touch.job else touch.user
        rows.append(Row(key, (at, user, Cell(words, "" if touch.sure else "muted"))))
    return rows


def _ns(time: dt.datetime) -> int:
    passed = time - dt.datetime.fromtimestamp(0, dt.UTC)
    return passed // dt.timedelta(microseconds=1) * 1000
