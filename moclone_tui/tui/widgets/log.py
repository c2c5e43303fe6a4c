"""The log: coloured lines from any thread, the newest in sight, details to unfold.

    log = LogPanel(empty="Nothing has happened yet")
    log.write(  # from any thread
        [
            LogLine(
                "12:04:07",
                (("clone shop → shop_dev ", ""), ("failed", "bad")),
                details=("(1007, 'database shop_dev exists already')",),
            )
        ]
    )

Lines are taken over twenty times a second, however many come. The log follows its end
until somebody moves up in it; `G` follows again. Enter unfolds what a line has beneath
it, and what of it did not fit.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip

from moclone_tui.text import safe
from moclone_tui.tui.widgets.cells import Tone, cut, wrap
from moclone_tui.tui.widgets.line_list import LineList
from moclone_tui.tui.widgets.painting import Glyphs

KEPT = 10_000
"""Lines a log keeps; the whole log is a file's business."""
DRAINS_A_SECOND = 20
_SIGN = 2
_INDENT = 2


@dataclass(frozen=True, slots=True, eq=False)
class LogLine:
    """One event: when, what in which tone, and what unfolds beneath it."""

    time: str
    segments: tuple[tuple[str, Tone], ...]
    details: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The line without its tones, fit to show."""
        return safe(" ".join((self.time, "".join(text for text, _ in self.segments))))

    def fit(self, width: int) -> list[tuple[str, Tone]]:
        """Its segments, fit to show, in at most `width` cells.

        What is said before the last one is cut first: how something ended is worth more
        than what it is called. Both have a half at least.
        """
        parts = [(safe(text), tone) for text, tone in self.segments]
        sizes = [cell_len(text) for text, _ in parts]
        over = sum(sizes) - width
        if over > 0 and len(parts) > 2:
            text, tone = parts[-2]
            least = min(sizes[-2], (width - sum(sizes[:-2])) // 2)
            parts[-2] = (_shorten(text, max(least, sizes[-2] - over)), tone)
        fitted: list[tuple[str, Tone]] = []
        for text, tone in parts:
            room = width - sum(cell_len(each) for each, _ in fitted)
            fitted.append((cut(text, room), tone))
        return fitted


@dataclass(frozen=True, slots=True)
class _Shown:
    """A line on screen: an event, or a piece of what is unfolded beneath it."""

    line: LogLine
    detail: str | None = None


class LogPanel(LineList):
    """Events as they come.

    Args:
        empty: Painted while there are none.
        glyphs: The signs it draws with; `painting.ASCII` for poor fonts.
        kept: How many lines are kept.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {"logpanel--time", "logpanel--detail"}
    DEFAULT_CSS = """
    LogPanel {
        & > .logpanel--time { color: $foreground-muted; }
        & > .logpanel--detail { color: $foreground-muted; }
        &:ansi > .logpanel--time { color: ansi_default; text-style: dim; }
        &:ansi > .logpanel--detail { color: ansi_default; text-style: dim; }
    }
    """

    following: reactive[bool] = reactive(True, repaint=False)
    """Whether new lines scroll into sight."""

    class Written(Message):
        """Lines came; `last` is the newest, for a status line."""

        def __init__(self, panel: LogPanel, last: LogLine) -> None:
            super().__init__()
            self.panel = panel
            self.last = last

        @property
        def control(self) -> LogPanel:
            return self.panel

    def __init__(
        self,
        *,
        empty: str = "",
        glyphs: Glyphs | None = None,
        kept: int = KEPT,
        name: str | None = None,
        id: str | None = None,  # noqa: A002
        classes: str | None = None,
    ) -> None:
        self._empty = empty
        self._glyphs = glyphs or Glyphs()
        self._inbox: deque[LogLine] = deque()
        self._lines: deque[LogLine] = deque(maxlen=kept)
        self._unfolded: set[LogLine] = set()
        self._shown: list[_Shown] = []
        super().__init__(name=name, id=id, classes=classes)

    # Writing

    def write(self, lines: Iterable[LogLine]) -> None:
        """Add lines, from any thread; they are shown within a twentieth of a second."""
        self._inbox.extend(lines)

    @property
    def last_line(self) -> LogLine | None:
        """The newest line, shown or about to be."""
        try:
            return self._inbox[-1]
        except IndexError:
            return self._lines[-1] if self._lines else None

    @property
    def lines(self) -> tuple[LogLine, ...]:
        """All lines kept, oldest first."""
        return tuple(self._lines)

    def clear(self) -> None:
        """Forget all lines."""
        for kept in (self._inbox, self._lines, self._unfolded, self._shown):
            kept.clear()
        self.following = True
        self.lines_changed()

    def on_mount(self) -> None:
        self.set_interval(1 / DRAINS_A_SECOND, self.drain)

    def drain(self) -> None:
        """Take over what was written since the last time."""
        fresh = [self._inbox.popleft() for _ in range(len(self._inbox))]
        if not fresh:
            return
        lost = len(self._lines) + len(fresh) - (self._lines.maxlen or 0)
        self._lines.extend(fresh)
        self._shown.extend(_Shown(line) for line in fresh)
        gone = self._forget(lost) if lost > 0 else 0
        self._settle(gone)
        self.post_message(self.Written(self, self._lines[-1]))

    def _forget(self, count: int) -> int:
        """Drop the oldest events and what is beneath; how many lines that was."""
        gone = events = 0
        for shown in self._shown:
            events += shown.detail is None
            if events > count:
                break
            gone += 1
            self._unfolded.discard(shown.line)
        del self._shown[:gone]
        return gone

    def _settle(self, gone: int) -> None:
        """After lines came at the end and went at the top: follow, or hold still."""
        top, cursor = self.scroll_offset.y - gone, self.cursor - gone
        self.lines_changed()
        if self.following:
            self.action_last()
        elif gone:
            self.cursor = cursor
            self.jump(top)

    # Reading

    @property
    def line_total(self) -> int:
        return len(self._shown)

    def pick(self, line: int) -> None:
        self.cursor = line
        self.following = self.cursor >= self.line_total - 1

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        if new_value < old_value and self.cursor not in self.lines_in_sight:
            self.following = False
        elif new_value > old_value and new_value >= self.max_scroll_y:
            self.following = True

    def resized(self) -> None:
        at = self._shown[self.cursor].line if self._shown else None
        self._shown = [piece for line in self._lines for piece in self._pieces(line)]
        self.lines_changed()
        if self.following or at is None:
            self.action_last()
        else:
            self.cursor = self._find(at)
        self.show_cursor()

    def action_choose(self) -> None:
        """Unfold the line under the cursor, or fold it again."""
        if not self._shown:
            return
        line = self._shown[self.cursor].line
        at = self._find(line)
        before = len(self._pieces(line))
        self._unfolded ^= {line}
        self._shown[at : at + before] = self._pieces(line)
        self.lines_changed()
        self.cursor = at
        self._bring_in(at + len(self._pieces(line)) - 1)
        self.following = False

    def _bring_in(self, last: int) -> None:
        """Scroll so that lines from the cursor to `last` are in sight, if they fit."""
        over = last - (self.scroll_offset.y + self.body_height - 1)
        if over > 0:
            self.jump(min(self.scroll_offset.y + over, self.cursor))

    def _find(self, line: LogLine) -> int:
        return next(at for at, shown in enumerate(self._shown) if shown.line is line)

    def _pieces(self, line: LogLine) -> list[_Shown]:
        if line not in self._unfolded:
            return [_Shown(line)]
        room = self.room.width - self._indent(line)
        words = list(line.details)
        if self._cut(line):
            words.insert(0, line.text[len(safe(line.time)) + 1 :])
        beneath = [part for text in words for part in wrap(text, room)]
        return [_Shown(line), *(_Shown(line, part) for part in beneath)]

    def _cut(self, line: LogLine) -> bool:
        return cell_len(line.text) > self.room.width - _SIGN

    def _indent(self, line: LogLine) -> int:
        return _SIGN + cell_len(safe(line.time)) + 1 + _INDENT

    # Painting

    def paint(self, line: int, width: int) -> Strip:
        shown = self._shown[line]
        at_cursor = line == self.cursor and self.has_focus
        style = self.line_style(*["linelist--cursor"] * at_cursor)
        sign = self._glyphs.cursor if at_cursor else " "
        segments = [Segment(sign + " ", style)]
        if shown.detail is None:
            segments += self._event(shown.line, width - _SIGN, style)
        else:
            indent = " " * (self._indent(shown.line) - _SIGN)
            words = style + self.component("logpanel--detail")
            segments += [Segment(indent, style), Segment(shown.detail, words)]
        return Strip(segments).adjust_cell_length(width, style)

    def _event(self, line: LogLine, room: int, style: Style) -> list[Segment]:
        """Time and text, cut to what fits; a sign at the end says there is more."""
        more = ""
        if line not in self._unfolded and line.details:
            more = " " + self._glyphs.down
            room -= cell_len(more)
        time = style + self.component("logpanel--time")
        when = cut(safe(line.time) + " ", room)
        fitted = [
            Segment(text, self.toned(style, tone))
            for text, tone in line.fit(room - cell_len(when))
        ]
        return [Segment(when, time), *fitted, Segment(more, time)]

    def paint_beyond(self, y: int, width: int) -> Strip:
        style = self.rich_style
        lines = wrap(self._empty, width - _SIGN) if not self._shown else []
        said = lines[y] if y < len(lines) else ""
        body = [Segment(" " * _SIGN + said, self.toned(style, "muted"))]
        return Strip(body).extend_cell_length(width, style)


def _shorten(text: str, width: int) -> str:
    """Cut a text, and keep the spaces that part it from what comes next."""
    words = text.rstrip(" ")
    gap = text[len(words) :]
    return cut(words, width - len(gap)) + gap
