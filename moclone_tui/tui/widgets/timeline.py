"""An axis of time: bars that can be gone back to, marks with names, and a cursor."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.binding import Binding, BindingType
from textual.events import Click
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from moclone_tui.text import plural, safe
from moclone_tui.tui.widgets.cells import cut, fit
from moclone_tui.tui.widgets.timeline_axis import HOUR, Axis, Bar, Mark, beside

_MOST_BARS = 7
_LEAST_NAME = 4


class Timeline(Widget, can_focus=True, inherit_bindings=False):
    """One axis for one object. The cursor is a moment, or the present."""

    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left,h", "step(-1)", "Earlier", show=False),
        Binding("right,l", "step(1)", "Later", show=False),
        Binding("shift+left,H", "mark(-1)", "Mark before", show=False),
        Binding("shift+right,L", "mark(1)", "Next mark", show=False),
        Binding("plus", "zoom(0.5)", "Closer", show=False),
        Binding("minus", "zoom(2)", "Wider", show=False),
        Binding("0", "all", "All", show=False),
        Binding("home,g", "ends(-1)", "Earliest", show=False),
        Binding("end,G", "ends(1)", "Now", show=False),
        Binding("enter", "choose", "Look", show=False),
    ]
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "timeline--label",
        "timeline--tick",
        "timeline--history",
        "timeline--bar",
        "timeline--dead",
        "timeline--mark",
        "timeline--change",
        "timeline--pointer",
        "timeline--column",
    }
    DEFAULT_CSS = """
    Timeline {
        height: auto;
        padding: 0 1;
        & > .timeline--label { color: $foreground-muted; }
        & > .timeline--tick { color: $foreground-muted; }
        & > .timeline--history { color: $text-success; }
        & > .timeline--bar { color: $text-accent; }
        & > .timeline--dead { color: $text-error; }
        & > .timeline--mark { color: $text-accent; }
        & > .timeline--change { color: $text-warning; }
        & > .timeline--pointer { color: $text-primary; text-style: bold; }
        & > .timeline--column { background: $foreground 8%; }
        &:focus > .timeline--column { background: $primary-muted; }
        &:ansi > .timeline--column { background: transparent; text-style: reverse; }
        &:ansi > .timeline--label { color: ansi_default; text-style: dim; }
    }
    """

    cursor: reactive[int | None] = reactive(None)
    """Where one is, in nanoseconds since 1970; None is the present."""

    class Moved(Message):
        """The user moved the cursor."""

        def __init__(self, timeline: Timeline) -> None:
            super().__init__()
            self.timeline = timeline

        @property
        def control(self) -> Timeline:
            return self.timeline

    class Chosen(Moved):
        """Enter, or a click where the cursor was."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._bars: tuple[Bar, ...] = ()
        self._marks: tuple[Mark, ...] = ()
        self._changes: tuple[int, ...] = ()
        self._words = ""
        self._limits = (0, HOUR)
        self._axis = Axis(0, HOUR, 0)

    # What is shown

    def show(
        self, bars: Sequence[Bar], marks: Sequence[Mark], now: int, *, anew: bool
    ) -> None:
        """Show other things.

        Args:
            bars: From top to bottom.
            marks: In any order.
            now: The server's clock: the axis ends there.
            anew: Whether all of it comes in sight; otherwise as much as before.
        """
        self._bars = tuple(bars[:_MOST_BARS])
        self._marks = tuple(sorted(marks, key=lambda mark: mark.time))
        starts = [*(bar.start for bar in bars), *(mark.time for mark in marks)]
        first = min([*starts, now - 2 * HOUR])
        passed = now - self._limits[1] if self._axis.end == self._limits[1] else 0
        self._limits = (first - (now - first) // 40, now)
        if anew:
            self.action_all()
        else:
            start, end = self._axis.start + passed, self._axis.end + passed
            self._axis = Axis(start, end, self._axis.cells)
        self.refresh(layout=True)

    def show_changes(self, times: Sequence[int]) -> None:
        """Show when something changed: the last moments before, in any order."""
        self._changes = tuple(times)
        self.refresh()

    def say(self, words: str) -> None:
        """What is written beside the cursor; fit to show."""
        self._words = words
        self.refresh()

    @property
    def axis(self) -> Axis:
        """What is in sight."""
        return self._axis

    @property
    def time(self) -> int:
        """Where the cursor is, in nanoseconds since 1970."""
        return self._limits[1] if self.cursor is None else self.cursor

    @property
    def mark_there(self) -> Mark | None:
        """The mark the cursor is on, exactly."""
        return next((each for each in self._marks if each.time == self.cursor), None)

    def get_content_height(self, *_: object) -> int:
        return len(self._bars) + 4

    # Going around

    def go(self, time: int | None) -> None:
        """Put the cursor somewhere, and have it in sight."""
        self.cursor = None if time is None or time >= self._limits[1] else time
        self._axis = self._axis.showing(self.time, self._limits)
        self.refresh()

    def action_step(self, by: int) -> None:
        self._pick(max(1, self._axis.moved(self.time, by)))

    def action_mark(self, by: int) -> None:
        times = [*(mark.time for mark in self._marks), *self._changes]
        times += [each for bar in self._bars for each in (bar.start, bar.end)]
        time = beside(times, self.time, by)
        if time is not None or by > 0:
            self._pick(time)

    def action_ends(self, by: int) -> None:
        starts = [*(bar.start for bar in self._bars), *(m.time for m in self._marks)]
        self._pick(None if by > 0 else min(starts, default=self._limits[0]))

    def action_zoom(self, factor: float) -> None:
        if not self._bars:
            return
        self._axis = self._axis.zoomed(factor, self.time, self._limits)
        self.refresh()
        self.post_message(self.Moved(self))

    def action_all(self) -> None:
        """Show all there is."""
        cells = self._axis.cells
        self._axis = Axis(*self._limits, cells).showing(self.time, self._limits)
        self.refresh()

    def action_choose(self) -> None:
        self.post_message(self.Chosen(self))

    def _pick(self, time: int | None) -> None:
        if self._bars:  # else there is nothing to go to yet
            self.go(time)
            self.post_message(self.Moved(self))

    def on_click(self, event: Click) -> None:
        offset = event.get_content_offset(self)
        if offset is None or event.button != 1:
            return
        event.stop()
        cell = offset.x - self._label_width
        if not 0 <= cell < self._axis.cells:
            return
        if event.chain == 2:
            self.action_choose()
            return
        on_changes = offset.y == len(self._bars) + 2
        times = self._changes if on_changes else [mark.time for mark in self._marks]
        there = [time for time in times if self._axis.cell(time) == cell]
        self._pick(max(there, default=self._axis.time(cell)))

    # Painting

    @property
    def _label_width(self) -> int:
        longest = max([cell_len(safe(bar.label)) for bar in self._bars] or [0])
        return min(max(longest, 9) + 2, max(11, self.content_size.width // 3))

    def on_resize(self) -> None:
        self._fit_axis()

    def _fit_axis(self) -> None:
        cells = max(0, self.content_size.width - self._label_width)
        if cells != self._axis.cells:
            axis = self._axis
            self._axis = Axis(axis.start, axis.end, cells)

    def render_line(self, y: int) -> Strip:
        """Ticks, bars, marks, and the cursor with its words, from top to bottom."""
        width = self.content_size.width
        self._fit_axis()
        if not self._bars:
            return Strip.blank(width, self.rich_style)  # nothing is known yet
        rows = len(self._bars)
        if y == 0:
            label, line = "", self._ticks()
        elif y <= rows:
            bar = self._bars[y - 1]
            label, line = bar.label, self._bar(bar)
        elif y == rows + 1:
            label, line = "snapshots", self._names()
        elif y == rows + 2:
            label, line = "changes", self._changed()
        else:
            return self._pointer(width)
        tone = "timeline--dead" if 0 < y <= rows and self._bars[y - 1].dead else ""
        style = self._style(tone or "timeline--label")
        said = Segment(fit(label, self._label_width - 1) + " ", style)
        return Strip([said, *self._column(line)]).adjust_cell_length(
            width, self.rich_style
        )

    def _style(self, name: str) -> Style:
        own = self.get_component_rich_style(name, partial=True)
        full = self.get_component_rich_style(name)
        return self.rich_style + own + Style(color=full.color if own.color else None)

    def _column(self, line: list[Segment]) -> list[Segment]:
        """A line with the cursor's column behind it."""
        cell = self._axis.cell(self.time)
        strip = Strip(line).adjust_cell_length(self._axis.cells, self.rich_style)
        if cell is None:
            return list(strip)
        full = self.get_component_rich_style("timeline--column")
        own = self.get_component_rich_style("timeline--column", partial=True)
        behind = Style(bgcolor=full.bgcolor) if own.bgcolor else own
        before, at, after = (
            strip.crop(0, cell),
            strip.crop(cell, cell + 1),
            strip.crop(cell + 1),
        )
        lit = [Segment(s.text, (s.style or Style.null()) + behind) for s in at]
        return [*before, *lit, *after]

    def _ticks(self) -> list[Segment]:
        cells, style = self._axis.cells, self._style("timeline--tick")
        if cells < 8:
            return []
        line = ""
        for cell, label in self._axis.ticks():
            if cell >= len(line) and cell + len(label) <= cells - 4:
                line = f"{line:<{cell}}{label} "
        at_end = self._axis.end >= self._limits[1]
        return [Segment(f"{line:<{cells - 3}}{'now' if at_end else '  …'}", style)]

    def _bar(self, bar: Bar) -> list[Segment]:
        found = self._axis.clipped(bar.start, bar.end)
        if found is None:
            return []
        first, last = found
        fill = "┄" if bar.dead else "─"
        begins = "├" if bar.start >= self._axis.start else fill
        ends = "┤" if bar.end <= self._axis.end else fill
        line = (begins + fill * (last - first - 1) + ends)[: last - first + 1]
        first_bar = bar is self._bars[0]
        kind = "dead" if bar.dead else "history" if first_bar else "bar"
        return [
            Segment(" " * first, self.rich_style),
            Segment(line, self._style(f"timeline--{kind}")),
        ]

    def _names(self) -> list[Segment]:
        """Each mark, and beside it its name, where there is room for that."""
        there: dict[int, list[Mark]] = defaultdict(list)
        for mark in self._marks:
            if (cell := self._axis.cell(mark.time)) is not None:
                there[cell].append(mark)
        cells, line = [*sorted(there)], ""
        for cell, after in pairwise([*cells, self._axis.cells + 1]):
            marks = there[cell]
            room = after - cell - 3
            name = safe(marks[-1].name)
            if len(marks) > 1:
                name = plural(len(marks), "snapshot")
            said = f" {cut(name, room)}" if room >= _LEAST_NAME else ""
            line += " " * (cell - cell_len(line)) + "◆" + said
        return [Segment(line, self._style("timeline--mark"))]

    def _changed(self) -> list[Segment]:
        """A sign in every cell in which something changed."""
        cells = {self._axis.cell(time) for time in self._changes}
        line = "".join("▪" if at in cells else " " for at in range(self._axis.cells))
        return [Segment(line, self._style("timeline--change"))]

    def _pointer(self, width: int) -> Strip:
        """The cursor's own line: where it is, in words, on the side with more room."""
        style = self._style("timeline--pointer")
        cell = self._axis.cell(self.time) or 0
        at = self._label_width + cell
        right, left = width - at - 2, at - 1
        if cell_len(self._words) <= right or right >= left:
            line = " " * at + "▲ " + cut(self._words, right)
        else:
            words = cut(self._words, left)
            line = " " * (left - cell_len(words)) + words + " ▲"
        return Strip([Segment(line, style)]).adjust_cell_length(width, self.rich_style)
