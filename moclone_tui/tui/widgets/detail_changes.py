"""The Changes tab: what is not as it was; counts first, rows on request."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from textual import on
from textual.app import ComposeResult
from textual.content import Content

from moclone_tui import text
from moclone_tui.api import Client, Kind, MocloneError, Snapshot
from moclone_tui.cloning.compare import compare
from moclone_tui.cloning.compare_rows import RowSample, changed_rows, row_changes
from moclone_tui.cloning.comparison import (
    Comparison,
    RowChanges,
    Side,
    State,
    TableDiff,
)
from moclone_tui.tui import render
from moclone_tui.tui.asof import AsOf
from moclone_tui.tui.reader import Answered
from moclone_tui.tui.widgets.cells import Cell, Column, Row, Tone, wrap
from moclone_tui.tui.widgets.detail_lists import ListTab
from moclone_tui.tui.widgets.detail_tab import Subject
from moclone_tui.tui.widgets.table import TableList
from moclone_tui.tui.widgets.when import When

_SAMPLE = 20
"""How many changed rows are shown."""
_WORDS: dict[State, tuple[str, Tone]] = {
    State.ONLY_LEFT: ("dropped", "bad"),
    State.ONLY_RIGHT: ("new", "accent"),
    State.ALTERED: ("altered", "warn"),
    State.ROWS_DIFFER: ("rows differ", "warn"),
    State.SAME_COUNT: ("same count", "muted"),
    State.SAME: ("same", "muted"),
    State.UNKNOWN: ("not known", "muted"),
}


class Changes(ListTab):
    """What changed since a snapshot or a time; enter shows some of the rows."""

    NAME, LABEL = "changes", "Changes"
    SLOW = "Comparing…"
    COLUMNS = (
        Column("name", "object", min=10, max=40, search=True),
        Column("state", "state", width=12, search=True),
        Column("then", "then", width=8, align="right", tone="muted"),
        Column("now", "now", width=8, align="right"),
        Column("rows", "rows", min=34),
    )
    DEFAULT_CSS = """
    Changes > When { margin: 0 1; }
    """

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._since = When(self.desk, self._fits)
        self._chosen_since: AsOf | None = None
        self._found: dict[str, TableDiff] = {}

    def compose(self) -> ComposeResult:
        yield self._since
        yield self.table

    def why_not(self, subject: Subject) -> str:
        if subject.at:
            return "Changes are told up to the present: t goes back to now."
        if subject.table is not None and subject.table.kind is not Kind.TABLE:
            return "Only tables have rows that change."
        if self._moment(subject) is None:
            return "No snapshot holds it · enter on the line above takes a time"
        return ""

    def about(self, subject: Subject | None, words: str = "") -> None:
        super().about(subject, words)
        if subject is not None:
            self._since.start_with(self._moment(subject) or AsOf())

    def _fits(self, snapshot: Snapshot) -> bool:
        subject = self.subject
        if subject is None:
            return True
        if subject.table is None:
            return snapshot.has_database(subject.database.name)
        return snapshot.has_table(subject.database.name, subject.table.name)

    def _moment(self, subject: Subject) -> AsOf | None:
        """What it is compared with: what was chosen, or the newest that holds it."""
        if self._chosen_since is not None:
            return self._chosen_since
        table = subject.table.name if subject.table else ""
        newest = self.around.newest(subject.database.name, table)
        return AsOf.of_snapshot(newest) if newest else None

    @on(When.Changed)
    def _picked(self, event: When.Changed) -> None:
        event.stop()
        self._chosen_since = event.value or None
        self._asked = False
        self.blank("Comparing…")
        self.need()

    def blank(self, words: str) -> None:
        self._found = {}
        super().blank(words)

    def read(self, client: Client, subject: Subject) -> Comparison:
        then = self._moment(subject) or AsOf()
        database, table = subject.database.name, subject.table
        name = table.name if table else None
        left, right = Side(database, name, then.moment), Side(database, name)
        found = compare(client, left, right)
        if table is not None:  # one table: its rows are counted at once
            found = found.replaced(
                replace(each, changes=row_changes(client, each.left, each.right))
                for each in found.tables
                if all(each.there)
            )
        return found

    def came(self, subject: Subject, value: Comparison) -> None:
        tables = value.tables
        shown = [
            each
            for each in tables
            if each.differs or (each.kind is Kind.TABLE and subject.table is not None)
        ]
        same = len(tables) - len(shown)
        self._found = {each.name: each for each in shown}
        self.table.error = ""
        self.table.empty = (
            f"No object was made, altered or dropped, and all {text.count(same)} have "
            "as many rows as then. Overwritten rows show in Changes of a table."
        )
        self.table.set_rows(map(_row, shown))

    def fail(self, error: MocloneError) -> None:
        self._found = {}
        super().fail(error)

    @on(TableList.Selected)
    def _chosen(self, event: TableList.Selected) -> None:
        """Show some of the rows that are not the same."""
        event.stop()
        diff = self._found.get(str(event.key))
        if diff is None or diff.kind is not Kind.TABLE or not all(diff.there):
            return
        self.table.update_cells(event.key, {"rows": Cell("comparing…", "muted")})
        self.ask("rows", lambda client: (diff, *_rows(client, diff)))

    def more_came(self, event: Answered) -> None:
        if event.error is not None:
            words = render.one_line(event.error)
            self.notify(words, severity="error", markup=False)
            return
        diff, changes, sample = event.value
        known = diff.with_changes(changes)
        self._found[diff.name] = known
        self.table.update_cells(diff.name, {"rows": _rows_cell(known)})
        from moclone_tui.tui.screens.dialog import TextScreen

        title = f"{text.safe(diff.name)} since {self._since.value.moment}"
        self.app.push_screen(TextScreen(title, _Sample(changes, sample)))


def _rows(client: Client, diff: TableDiff) -> tuple[RowChanges, RowSample]:
    changes = diff.changes or row_changes(client, diff.left, diff.right)
    if changes.unknown or not changes.total:
        return changes, RowSample()
    return changes, changed_rows(client, diff.left, diff.right, _SAMPLE)


def _row(diff: TableDiff) -> Row:
    state, tone = _WORDS[diff.state]
    return Row(
        diff.name,
        (
            diff.name,
            Cell(state, tone),
            render.number(diff.rows_left),
            render.number(diff.rows_right),
            _rows_cell(diff),
        ),
    )


def _rows_cell(diff: TableDiff) -> Cell:
    if diff.changes is not None:
        return Cell(str(diff.changes), "" if diff.changes.total else "muted")
    if diff.unknown:
        return Cell(diff.unknown, "warn")
    return Cell("enter counts them" if all(diff.there) else "", "muted")


@dataclass(frozen=True, slots=True)
class _Sample:
    """How many rows changed, and some of them."""

    changes: RowChanges
    sample: RowSample

    def fit(self, width: int) -> Content:
        """Lay it out: a row a line, its sign before it."""
        said = [text.safe(str(self.changes)), self.changes.note, self.sample.unknown]
        lines = [
            Content.styled(part, "bold" if at == 0 else "$foreground-muted")
            for at, each in enumerate(said)
            for part in (wrap(each, width) if each else [])
        ]
        tones = {"+": "$tone-good", "-": "$tone-bad", "~": "$tone-warn"}
        for each in self.sample.as_lines():
            parts = wrap(each, max(10, width))[:4]
            lines += [Content.styled(part, tones.get(each[0], "")) for part in parts]
        left = self.changes.total - len(self.sample.rows)
        if self.sample.rows and left > 0:
            lines.append(Content.styled(f"… {left:,} more", "$foreground-muted"))
        return Content("\n").join(lines)
