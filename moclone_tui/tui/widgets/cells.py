"""What a list shows, as plain data, and the arithmetic of fitting it into columns.

Nothing here knows Textual. Widths are terminal cells, not characters.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from rich.cells import cell_len, set_cell_size

from moclone_tui.text import safe

Key: TypeAlias = str | tuple[object, ...]
"""What tells a row from all others, for as long as the list lives."""

Tone: TypeAlias = Literal["", "muted", "good", "warn", "bad", "accent"]
"""What a text means; a theme decides what that looks like."""

ELLIPSIS = "…"
GAP = 2
"""Cells between two columns."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A text with a meaning, and what it is worth when rows are sorted."""

    text: str
    tone: Tone = ""
    sort: object = None
    """A number, a moment, …; None sorts last, whichever way."""


CellLike: TypeAlias = str | Cell


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a list. The key is the row's true name; the cells are for eyes."""

    key: Key
    cells: tuple[CellLike, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A column: `width` cells wide, or else its share (`flex`) of what is left."""

    key: str
    title: str
    width: int | None = None
    flex: int = 1
    min: int = 8
    """The least a flexible column shrinks to; then the list scrolls sideways."""
    max: int | None = None
    align: Literal["left", "right"] = "left"
    tone: Tone = ""
    """For cells that say none themselves."""
    search: bool = False
    """Whether a filter looks here. If no column says so, it looks in the first."""


@dataclass(frozen=True, slots=True)
class Span:
    """Where a column lies: its first cell and its width."""

    start: int
    width: int


def text_of(cell: CellLike) -> str:
    """The text of a cell, as it came."""
    return cell if isinstance(cell, str) else cell.text


def place(columns: Sequence[Column], width: int) -> tuple[Span, ...]:
    """Lay columns out side by side in `width` cells, or more if they cannot shrink."""
    gaps = GAP * max(0, len(columns) - 1)
    fixed = sum(column.width or 0 for column in columns)
    shares = _share(
        [column for column in columns if column.width is None], width - gaps - fixed
    )
    spans, start = [], 0
    for column in columns:
        taken = shares.pop(0) if column.width is None else column.width
        spans.append(Span(start, taken))
        start += taken + GAP
    return tuple(spans)


def _share(columns: Sequence[Column], room: int) -> list[int]:
    """Widths of flexible columns: each its share, within its min and max."""
    widths = [column.min for column in columns]
    open_ = {at for at, column in enumerate(columns) if column.flex > 0}
    room -= sum(widths)
    while open_ and room > 0:
        weight = sum(columns[at].flex for at in open_)
        want = {
            at: (sum(widths[i] for i in open_) + room) * columns[at].flex / weight
            for at in open_
        }
        # Settled: already at or above their share.
        settled = {at for at in open_ if want[at] <= widths[at]}
        capped = {
            at
            for at in open_ - settled
            if (most := columns[at].max) is not None and most <= want[at]
        }
        if not settled and not capped:
            _hand_out(widths, want, room)
            break
        for at in capped if not settled else ():
            most = max(columns[at].max or 0, columns[at].min)
            room -= most - widths[at]
            widths[at] = most
        open_ -= settled or capped
    return widths


def _hand_out(widths: list[int], want: dict[int, float], room: int) -> None:
    """Grow widths to what they want; the first ones take the cells left over."""
    for at, wanted in want.items():
        room -= int(wanted) - widths[at]
        widths[at] = int(wanted)
    for at in list(want)[:room]:
        widths[at] += 1


def fit(text: str, width: int, align: Literal["left", "right"] = "left") -> str:
    """A text fit to show, in exactly `width` cells; what is cut ends with `…`."""
    if width <= 0:
        return ""
    shown = cut(safe(text), width)
    room = " " * (width - cell_len(shown))
    return room + shown if align == "right" else shown + room


def cut(text: str, width: int) -> str:
    """A text in at most `width` cells, ending with `…` if that lost some of it."""
    if cell_len(text) <= width:
        return text
    if width < 1:
        return ""
    kept = set_cell_size(text, width - 1)
    if kept and kept[-1] == " " and not text.startswith(kept):
        kept = kept[:-1]  # half of a wide character, which became a space
    return kept + ELLIPSIS


def wrap(text: str, width: int) -> list[str]:
    """Break a text into lines of at most `width` cells, at spaces where it has some.

    Its own line breaks are kept; every line is fit to show.
    """
    if width < 1:
        return []
    return [
        part
        for line in text.splitlines() or [""]
        for part in _wrap_line(safe(line), width)
    ]


def _wrap_line(line: str, width: int) -> list[str]:
    parts = []
    rest = line.rstrip()
    while cell_len(rest) > width:
        head = _take(rest, width)
        if not rest[len(head)].isspace():
            at = head.rstrip().rfind(" ")
            if at > 0 and head[:at].strip():
                head = head[: at + 1]
        parts.append(head.rstrip())
        rest = rest[len(head) :].lstrip()
    parts.append(rest)
    return parts


def _take(text: str, width: int) -> str:
    """As many first characters as fit into `width` cells, one at least."""
    taken = used = 0
    for char in text:
        used += cell_len(char)
        if used > width:
            break
        taken += 1
    return text[: max(1, taken)]
