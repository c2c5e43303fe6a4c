"""How a row becomes a line: cells cut to their columns, in styles, matches lit up."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence, Set
from dataclasses import dataclass

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from moclone_tui.tui.widgets.cells import (
    GAP,
    Column,
    Row,
    Span,
    Tone,
    cut,
    fit,
    place,
    text_of,
    wrap,
)
from moclone_tui.tui.widgets.filtering import Term


@dataclass(frozen=True, slots=True)
class Glyphs:
    """The few signs a list draws with."""

    cursor: str = "▸"
    mark: str = "●"
    up: str = "▲"
    down: str = "▼"
    left: str = "‹"
    right: str = "›"


ASCII = Glyphs(cursor=">", mark="*", up="^", down="v", left="<", right=">")
"""For terminals and fonts that have no others."""


class Painter:
    """Paints the lines of one list; it knows where its columns lie.

    Args:
        columns: The columns, from left to right.
        glyphs: The signs to draw with.
        markable: Whether there is a place for marks.
    """

    def __init__(
        self, columns: Sequence[Column], glyphs: Glyphs, *, markable: bool
    ) -> None:
        self.columns = columns
        self.glyphs = glyphs
        self.markable = markable
        self.gutter = 3 if markable else 2
        self.spans: tuple[Span, ...] = ()
        self.held = 0
        """The cells of the first column, which stays where the others scroll sideways;
        0 if it would leave them too little room."""

    def place(self, width: int) -> None:
        """Lay the columns out in the width of a line."""
        room = max(0, width - self.gutter)
        self.spans = place(self.columns, room)
        first = self.spans[0].width + GAP if self.spans else 0
        self.held = first if first * 2 <= room else 0

    @property
    def width(self) -> int:
        """The cells a line needs to show all columns."""
        last = self.spans[-1] if self.spans else Span(0, 0)
        return self.gutter + last.start + last.width

    def column_at(self, x: int, left: int) -> Column | None:
        """The column that is `x` cells from the left edge, `left` scrolled away."""
        if x - self.gutter >= self.held:
            x += left
        for column, span in zip(self.columns, self.spans, strict=True):
            if span.start <= x - self.gutter <= span.start + span.width:
                return column
        return None

    def signs(self, *, cursor: bool, marked: bool) -> str:
        """The gutter of a row, which tells its state without colour."""
        mark = (self.glyphs.mark if marked else " ") if self.markable else ""
        return (self.glyphs.cursor if cursor else " ") + mark + " "

    def header(
        self, sorted_by: str | None, reverse: bool, style: Style
    ) -> list[Segment]:
        """The titles, an arrow beside the one that rows are sorted by."""
        arrow = self.glyphs.down if reverse else self.glyphs.up
        titles = [
            title(column, span.width, arrow if column.key == sorted_by else "")
            for column, span in zip(self.columns, self.spans, strict=True)
        ]
        return self._side_by_side([(text, style) for text in titles], style)

    def cells(
        self, row: Row, line: Style, style_of: Callable[[Tone], Style]
    ) -> list[Segment]:
        """The cells of a row, each in the style of its tone."""
        texts = [
            (text_of(cell), style_of(getattr(cell, "tone", "") or column.tone))
            for cell, column in zip(row.cells, self.columns, strict=True)
        ]
        return self._side_by_side(texts, line)

    def lit(
        self, body: list[Segment], keys: Set[str], terms: Sequence[Term], match: Style
    ) -> list[Segment]:
        """The cells of a row; what a filter found in columns `keys` stands out."""
        parts: list[Segment] = []
        for at, segment in enumerate(body):
            column, gap = divmod(at, 2)
            if gap or self.columns[column].key not in keys:
                parts.append(segment)
            else:
                parts += lit(segment, terms, match)
        return parts

    def words(self, text: str, y: int, width: int, style: Style, blank: Style) -> Strip:
        """The y-th line of a text that stands where rows would."""
        lines = wrap(text, width - self.gutter - 1)
        said = lines[y] if 0 <= y < len(lines) else ""
        says = [Segment(" " * self.gutter, blank), Segment(said, style)]
        return Strip(says).extend_cell_length(width, blank)

    def _side_by_side(
        self, texts: Iterable[tuple[str, Style]], line: Style
    ) -> list[Segment]:
        """One segment for each cell, fit to its column, and one for each gap."""
        segments: list[Segment] = []
        for (text, style), column, span in zip(
            texts, self.columns, self.spans, strict=True
        ):
            if segments:
                segments.append(Segment(" " * GAP, line))
            segments.append(Segment(fit(text, span.width, column.align), style))
        return segments

    def line(
        self, signs: str, body: list[Segment], left: int, width: int, style: Style
    ) -> Strip:
        """A whole line: the gutter and what is held stay, the rest scrolls sideways."""
        whole, start = Strip(body), self.held + left
        rest = whole.crop_extend(start, left + width - self.gutter, style)
        return Strip([Segment(signs, style), *whole.crop(0, self.held), *rest], width)

    def more(self, strip: Strip, *, left: bool, right: bool, style: Style) -> Strip:
        """A header with signs where there are more columns out of sight."""
        width = strip.cell_length
        if left:
            sign = Strip([Segment(self.glyphs.left, style)], 1)
            at = self.gutter - 1
            strip = Strip.join([strip.crop(0, at), sign, strip.crop(at + 1, width)])
        if right:
            sign = Strip([Segment(self.glyphs.right, style)], 1)
            strip = Strip.join([strip.crop(0, width - 1), sign])
        return strip


def title(column: Column, width: int, arrow: str) -> str:
    """A column's title; the arrow of the sorted one is never cut off."""
    if not arrow:
        return column.title
    return cut(column.title, max(0, width - 2)) + " " + arrow


def lit(segment: Segment, terms: Sequence[Term], match: Style) -> list[Segment]:
    """Split a segment so that what a filter found in it stands out."""
    text, style, _ = segment
    low = text.lower()
    if len(low) != len(text):  # a few letters grow; then nothing is lit up
        return [segment]
    found = sorted(span for term in terms for span in term.found(low))
    parts, at = [], 0
    for start, end in found:
        if end <= at:
            continue
        start = max(at, start)  # noqa: PLW2901
        if start > at:
            parts.append(Segment(text[at:start], style))
        parts.append(Segment(text[start:end], (style or Style.null()) + match))
        at = end
    if at < len(text):
        parts.append(Segment(text[at:], style))
    return parts
