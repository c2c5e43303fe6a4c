"""The tabs that are short lists: columns and indexes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from textual import on
from textual.app import ComposeResult

from moclone_tui.api import Client, Index, Kind, MocloneError
from moclone_tui.api import Column as TableColumn
from moclone_tui.tui import render
from moclone_tui.tui.render import Facts
from moclone_tui.tui.widgets.cells import Column, Row
from moclone_tui.tui.widgets.detail_tab import DetailTab, Subject
from moclone_tui.tui.widgets.table import TableList


class ListTab(DetailTab):
    """A tab with a list; enter shows a row whole."""

    COLUMNS: ClassVar[Sequence[Column]]

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.table = TableList(self.COLUMNS, markable=False)
        """The list."""

    def compose(self) -> ComposeResult:
        yield self.table

    @property
    def body(self) -> TableList:
        return self.table

    def blank(self, words: str) -> None:
        self.table.error = ""
        self.table.pending = ""
        self.table.empty = words
        self.table.set_rows(())

    def fail(self, error: MocloneError) -> None:
        self.blank("")
        self.table.error = render.in_list(error)

    def open(self, title: str, facts: Facts) -> None:
        """Show something whole: a value may be longer than its place."""
        from moclone_tui.tui.screens.dialog import TextScreen

        self.app.push_screen(TextScreen(title, facts))


class Columns(ListTab):
    """The columns, in order."""

    NAME, LABEL = "columns", "Columns"
    COLUMNS = (
        Column("name", "column", min=12, max=32, search=True),
        Column("type", "type", width=14, tone="muted"),
        Column("null", "null", width=4, tone="muted"),
        Column("key", "key", width=3),
        Column("comment", "comment", flex=2, min=8),
        Column("default", "default", width=10, tone="muted"),
    )

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._columns: Sequence[TableColumn] = ()

    def why_not(self, subject: Subject) -> str:
        if subject.table is not None and not subject.has_rows:
            return "A sequence has no columns."
        return super().why_not(subject)

    def read(self, client: Client, subject: Subject) -> list[TableColumn]:
        return client.metadata.columns(subject.name, subject.at.moment)

    def came(self, subject: Subject, value: list[TableColumn]) -> None:  # noqa: ARG002
        self._columns = value
        self.table.empty = "No columns"
        self.table.error = ""
        self.table.set_rows(
            Row(
                (place, each.name),
                (
                    each.name,
                    each.type,
                    "null" if each.nullable else "",
                    each.key,
                    " ".join(part for part in (each.extra, each.comment) if part),
                    "" if each.default is None else each.default,
                ),
            )
            for place, each in enumerate(value)
        )

    @on(TableList.Selected)
    def _chosen(self, event: TableList.Selected) -> None:
        event.stop()
        assert isinstance(event.key, tuple)  # noqa: S101
        column = self._columns[int(str(event.key[0]))]
        facts = {
            "column": column.name,
            "type": column.type,
            "null": "yes" if column.nullable else "no",
            "key": column.key,
            "default": "" if column.default is None else column.default,
            "extra": column.extra,
            "comment": column.comment,
        }
        self.open("Column", Facts(tuple(facts.items())))


class Indexes(ListTab):
    """The indexes, the primary key first."""

    NAME, LABEL = "indexes", "Indexes"
    COLUMNS = (
        Column("name", "index", min=14, max=40, search=True),
        Column("unique", "unique", width=7, tone="muted"),
        Column("columns", "columns", min=14, flex=2, search=True),
    )

    def why_not(self, subject: Subject) -> str:
        if subject.table is not None and subject.table.kind is not Kind.TABLE:
            return f"A {subject.table.kind} has no indexes."
        return super().why_not(subject)

    def read(self, client: Client, subject: Subject) -> list[Index]:
        return client.metadata.indexes(subject.name, subject.at.moment)

    def came(self, subject: Subject, value: list[Index]) -> None:  # noqa: ARG002
        self.table.empty = "No indexes"
        self.table.error = ""
        self.table.set_rows(
            Row(
                each.name,
                (
                    "primary key" if each.name == "PRIMARY" else each.name,
                    "unique" if each.unique else "",
                    ", ".join(each.columns),
                ),
            )
            for each in value
        )

    @on(TableList.Selected)
    def _chosen(self, event: TableList.Selected) -> None:
        event.stop()
        row = self.table.row(event.key)
        if row is not None:
            name, unique, columns = map(str, row.cells)
            facts = (("index", name), ("unique", unique or "no"), ("columns", columns))
            self.open("Index", Facts(facts))
