"""The detail of what is selected: overview, columns, DDL."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import ContentSwitcher

from moclone_tui.api import Column, MocloneError
from moclone_tui.text import safe
from moclone_tui.tui import render
from moclone_tui.tui.widgets.cells import Key
from moclone_tui.tui.widgets.frame import TabLine
from moclone_tui.tui.widgets.pane import Fitting, Reading
from moclone_tui.tui.widgets.table import TableList

TABS = (("overview", "Overview"), ("columns", "Columns"), ("ddl", "DDL"))


class Detail(Vertical):
    """Tabs about one object; each says itself what it cannot show."""

    DEFAULT_CSS = """
    Detail {
        height: 1fr;
        & ContentSwitcher { height: 1fr; padding: 1 0 0 0; }
    }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._tabs = TabLine(TABS)
        self._overview = Reading(id="overview")
        self._columns = TableList(
            render.COLUMN_COLUMNS, markable=False, id="columns", empty="No columns"
        )
        self._shown_columns: dict[Key, Column] = {}
        self._ddl = Reading(id="ddl")

    def compose(self) -> ComposeResult:
        yield self._tabs
        with ContentSwitcher(initial="overview"):
            yield self._overview
            yield self._columns
            yield self._ddl

    def step(self, by: int) -> None:
        """Go to the tab beside, with the focus if it is in here."""
        focused = self.has_focus_within
        self._tabs.step(by)
        if focused:
            self.focus_body()

    def focus_body(self) -> None:
        """Put the focus on what the active tab shows."""
        self.query_one(f"#{self._tabs.active}").focus()

    @on(TabLine.Changed)
    def _changed(self, event: TabLine.Changed) -> None:
        event.stop()
        focused = self.has_focus_within
        self.query_one(ContentSwitcher).current = event.tab
        if focused:
            self.focus_body()

    @on(TableList.Selected)
    def _column_chosen(self, event: TableList.Selected) -> None:
        """Show a column whole: its comment may be longer than its place."""
        from moclone_tui.tui.screens.dialog import TextScreen

        event.stop()
        column = self._shown_columns.get(event.key)
        if column is not None:
            self.app.push_screen(TextScreen("Column", render.column_facts(column)))

    def clear(self, words: str = "") -> None:
        """Show nothing but these words."""
        self._overview.show(Content.styled(words, "$foreground-muted"))
        self._columns.set_rows(())
        self._columns.pending = ""
        self._columns.empty = words
        self._ddl.show(Content.styled(words, "$foreground-muted"))

    def show_overview(self, content: Content | Fitting) -> None:
        """Show the overview."""
        self._overview.show(content)

    def show_columns(self, columns: list[Column] | MocloneError) -> None:
        """Show the columns, or why there are none."""
        if isinstance(columns, MocloneError):
            self._columns.error = render.one_line(columns)
            self._columns.set_rows(())
            return
        self._columns.error = ""
        rows = render.column_rows(columns)
        self._shown_columns = {
            row.key: column for row, column in zip(rows, columns, strict=True)
        }
        self._columns.set_rows(rows)

    def show_ddl(self, ddl: str | MocloneError) -> None:
        """Show the DDL, or why there is none."""
        if isinstance(ddl, MocloneError):
            self._ddl.show(render.problem(ddl))
            return
        self._ddl.show(highlighted(ddl))


def highlighted(statement: str) -> Content:
    """SQL in colours, fit to show."""
    from textual.highlight import highlight

    shown = "\n".join(safe(line) for line in statement.splitlines())
    return highlight(shown, language="sql")
