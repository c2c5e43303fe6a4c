"""How rows that came, went or changed, and two definitions, are laid out to be read."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from textual.content import Content

from moclone_tui import text
from moclone_tui.api import Kind
from moclone_tui.cloning.compare_rows import RowSample
from moclone_tui.cloning.comparison import Comparison, State, TableDiff
from moclone_tui.tui.widgets.cells import Cell, Column, Row, Tone, cut, fit, wrap

COLUMNS = (
    Column("name", "object", min=16, search=True),
    Column("kind", "kind", width=8, tone="muted"),
    Column("state", "state", width=14, search=True),
    Column("left", "rows left", width=12, align="right"),
    Column("right", "rows right", width=12, align="right"),
)

_TONES: dict[State, Tone] = {
    State.ONLY_LEFT: "bad",
    State.ONLY_RIGHT: "good",
    State.ALTERED: "warn",
    State.ROWS_DIFFER: "warn",
    State.UNKNOWN: "muted",
    State.SAME_COUNT: "muted",
    State.SAME: "",
}
_SIGNS = {"+": "$text-success", "-": "$text-error", "~": "$text-warning"}
SIDE_BY_SIDE = 96
"""From how many cells on two definitions stand side by side."""


def rows(found: Comparison) -> list[Row]:
    """A line for each object; those that differ come first."""
    order = list(_TONES)
    tables = sorted(found.tables, key=lambda each: (order.index(each.state), each.name))
    return [
        Row(
            each.name,
            (
                each.name,
                str(each.kind),
                Cell(_state(each), _TONES[each.state], order.index(each.state)),
                _number(each.rows_left),
                _number(each.rows_right),
            ),
        )
        for each in tables
    ]


def _state(diff: TableDiff) -> str:
    looking = all(diff.there) and diff.same_ddl is None and not diff.unknown
    return f"{diff.state} …" if looking else str(diff.state)


def _number(many: int | None) -> Cell:
    return Cell("–", "muted") if many is None else Cell(text.count(many), sort=many)


@dataclass(frozen=True, slots=True)
class ChangedLines:
    """Lines that begin with `+`, `-` or `~`, each cut to one line of the screen."""

    lines: tuple[str, ...]

    def fit(self, width: int) -> Content:
        """Lay them out."""
        return Content("\n").join(
            Content.styled(
                cut(text.safe(line), max(10, width)), _SIGNS.get(line[:1], "")
            )
            for line in self.lines
        )


@dataclass(frozen=True, slots=True)
class Definitions:
    """What makes an object on the left and on the right."""

    titles: tuple[str, str]
    left: str
    right: str

    def fit(self, width: int) -> Content:
        """Side by side, or one above the other where there is no room."""
        pairs = [*_side_by_side(self.left.splitlines(), self.right.splitlines())]
        if width < SIDE_BY_SIDE:
            return Content("\n").join(self._stacked(pairs, width))
        half = (width - 3) // 2
        lines = [*self._pair(*self.titles, half, "bold")]
        for left, right in pairs:
            style = "" if left == right else "$text-warning"
            lines += self._pair(left, right, half, style)
        return Content("\n").join(lines)

    def _pair(self, left: str, right: str, half: int, style: str) -> Iterator[Content]:
        """A line of each, as many lines as the longer one takes."""
        parts = zip_longest(wrap(left, half), wrap(right, half), fillvalue="")
        for one, other in parts:
            yield Content.assemble(
                (fit(one, half), style), (" │ ", "$foreground-muted"), (other, style)
            )

    def _stacked(self, pairs: Iterable[tuple[str, str]], width: int) -> list[Content]:
        """One text: what only the one side has, and what only the other has."""
        titles = [
            f"{sign} {title}" for sign, title in zip("-+", self.titles, strict=True)
        ]
        lines = [ChangedLines(tuple(titles)).fit(width)]
        for left, right in pairs:
            both = left == right
            said = [("  ", left)] if both else [("- ", left)] * bool(left)
            said += [("+ ", right)] * bool(right and not both)
            wrapped = [
                f"{sign}{part}" for sign, line in said for part in wrap(line, width - 2)
            ]
            lines.append(ChangedLines(tuple(wrapped)).fit(width))
        return lines


def _side_by_side(
    left: Sequence[str], right: Sequence[str]
) -> Iterator[tuple[str, str]]:
    matcher = difflib.SequenceMatcher(None, left, right, autojunk=False)
    for _, i1, i2, j1, j2 in matcher.get_opcodes():
        for at in range(max(i2 - i1, j2 - j1)):
            one = left[i1 + at] if i1 + at < i2 else ""
            other = right[j1 + at] if j1 + at < j2 else ""
            yield one, other


@dataclass(frozen=True, slots=True)
class Detail:
    """All that is known of one object of a comparison."""

    diff: TableDiff
    sample: RowSample | None
    counting: bool
    """Whether its rows are being compared."""

    def fit(self, width: int) -> Content:
        """Lay it out: a sentence, rows, definitions."""
        diff = self.diff
        lines = [Content.styled(line, style) for line, style in self._said()]
        if self.sample is not None and self.sample.rows:
            lines.append(ChangedLines(tuple(self.sample.as_lines())).fit(width))
        if diff.ddl_left or diff.ddl_right:
            left, right = (
                str(side) if there else f"{side}: not there"
                for side, there in zip((diff.left, diff.right), diff.there, strict=True)
            )
            shown = Definitions((left, right), diff.ddl_left, diff.ddl_right)
            lines += [Content(""), shown.fit(width)]
        return Content("\n").join(lines)

    def _said(self) -> Iterator[tuple[str, str]]:
        diff = self.diff
        yield text.safe(f"{diff.name}: {_counted(diff)}"), "bold"
        if diff.same_ddl is False:
            yield "What makes it is another.", "$text-warning"
        elif diff.same_ddl is None and all(diff.there) and not diff.unknown:
            yield "What makes it is compared…", "$foreground-muted"
        if diff.unknown:
            yield text.safe(f"Not known: {diff.unknown}"), "$text-warning"
        if self.counting:
            yield "The rows are compared…", "$foreground-muted"
        elif diff.changes is not None:
            note = f" · {diff.changes.note}" if diff.changes.note else ""
            tone = "$text-warning" if diff.changes.total else "$text-success"
            yield text.safe(f"Rows: {diff.changes}{note}"), tone
            if self.sample is not None and self.sample.unknown:
                yield text.safe(f"Which: {self.sample.unknown}"), "$foreground-muted"
        elif all(diff.there) and diff.kind is Kind.TABLE:
            yield "enter compares the rows", "$foreground-muted"


def _counted(diff: TableDiff) -> str:
    """`12 rows left, 14 rows right`, `as many rows on both sides, 12`."""
    left, right = diff.rows_left, diff.rows_right
    if left is None and right is None:
        return str(diff.state)
    if not all(diff.there):
        many = left if left is not None else right
        return f"{diff.state}, {text.plural(many or 0, 'row')}"
    if left is None or right is None:
        return str(diff.state)
    if left == right:
        return f"{text.plural(left, 'row')} on both sides"
    return f"{text.plural(left, 'row')} left, {text.count(right)} right"
