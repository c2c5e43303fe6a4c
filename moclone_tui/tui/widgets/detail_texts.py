"""The tabs that are text: overview, DDL, lineage."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from textual.app import ComposeResult
from textual.content import Content

from moclone_tui import text
from moclone_tui.api import Client, Index, Kind, MocloneError, QueryError
from moclone_tui.cloning import coverage
from moclone_tui.cloning.coverage import Kept
from moclone_tui.cloning.lineage import Origin, lineage
from moclone_tui.jobs.records import known, read
from moclone_tui.text import safe
from moclone_tui.tui import object_words, render
from moclone_tui.tui.object_words import Sheet, line
from moclone_tui.tui.reader import Answered
from moclone_tui.tui.widgets.cells import Tone
from moclone_tui.tui.widgets.detail_tab import DetailTab, Subject
from moclone_tui.tui.widgets.pane import Fitting, Reading


class TextTab(DetailTab):
    """A tab with a text to read."""

    def compose(self) -> ComposeResult:
        yield self._text

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._text = Reading()

    @property
    def body(self) -> Reading:
        return self._text

    def blank(self, words: str) -> None:
        self._text.show(Content.styled(words, "$foreground-muted"))

    def fail(self, error: MocloneError) -> None:
        self._text.show(render.problem(error))

    def show(self, content: Content | Fitting) -> None:
        """Show a text."""
        self._text.show(content)


class Overview(TextTab):
    """What it is, how large, and how far back it can be recovered."""

    NAME, LABEL = "overview", "Overview"

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._indexes: list[Index] = []
        self._kept: Kept | None = None
        self._seen = False
        self.rows: Mapping[str, int | None] = {}
        """How many rows tables have, as far as they were counted."""
        self.sizes: Mapping[str, int | None] = {}
        self.changed: Mapping[str, str] = {}

    def forget(self) -> None:
        """What keeps the past is read again."""
        self._kept = None

    def why_not(self, subject: Subject) -> str:  # noqa: ARG002
        return ""

    def about(self, subject: Subject | None, words: str = "") -> None:
        super().about(subject, words)
        self._seen = False

    def read(self, client: Client, subject: Subject) -> list[Index]:
        if subject.table is None or subject.table.kind is not Kind.TABLE:
            return []
        try:
            return client.metadata.indexes(subject.name, subject.at.moment)
        except QueryError:
            return []

    def need(self) -> None:
        super().need()
        if self.subject is not None and self._kept is None:
            self.ask("kept", coverage.look, behind=True)

    def came(self, subject: Subject, value: list[Index]) -> None:  # noqa: ARG002
        self._indexes = value
        self._seen = True
        self.again()

    def more_came(self, event: Answered) -> None:
        self._kept = event.value
        self.again()

    def again(self) -> None:
        """Show it anew, with what is known by now."""
        subject = self.subject
        if subject is None or not self._seen:
            return
        lines = (
            self._database(subject) if subject.table is None else self._table(subject)
        )
        back = ("recoverable", self._recoverable(subject))
        self._text.show(Sheet((*(each for each in lines if each[1]), back)), stay=True)

    def _database(self, subject: Subject) -> list[Any]:
        database, now = subject.database, self.desk.clock()
        counts = database.counts or {}
        holds = [
            text.plural(counts[kind], str(kind)) for kind in Kind if kind in counts
        ]
        known_ = "not known" if database.counts is None else "nothing yet"
        life = self.around.life_of("database", database.name, database.created)
        return [
            line("name", database.name),
            line("holds", ", ".join(holds) or known_),
            line("created", render.when(database.created, now)),
            line("copied from", self.around.source_of(database)),
            line("kept until", object_words.kept_cell(life, now).text),
        ]

    def _table(self, subject: Subject) -> list[Any]:
        table, now = subject.table, self.desk.clock()
        assert table is not None  # noqa: S101
        kind = f"partitioned {table.kind}" if table.partitioned else str(table.kind)
        rows = size = ""
        if table.name in self.rows:
            number = self.rows[table.name]
            rows = (
                f"{number:,} (counted)" if number is not None else "not to be counted"
            )
        if self.sizes.get(table.name):
            size = f"≈ {text.size(self.sizes[table.name] or 0)}, the server's estimate"
        source = object_words.source_of(table, self.around)
        life = self.around.life_of("table", subject.name.sql, table.created)
        keys = [
            line(
                "primary key" if each.name == "PRIMARY" else safe(each.name[:24]),
                f"{'unique ' if each.unique and each.name != 'PRIMARY' else ''}"
                f"({', '.join(each.columns)})",
            )
            for each in self._indexes[:4]
        ]
        return [
            line("name", f"{table.database}.{table.name}"),
            line("kind", kind),
            line("rows", rows),
            line("size", size),
            line("changed", self.changed.get(table.name, "")),
            line("created", render.when(table.created, now)),
            line("copied from", source),
            line("kept until", object_words.kept_cell(life, now).text),
            line("comment", table.comment),
            *keys,
        ]

    def _recoverable(self, subject: Subject) -> tuple[tuple[str, Tone], ...]:
        if self._kept is None:
            return (("…", "muted"),)
        table = subject.table.name if subject.table else ""
        found = self._kept.of(subject.database.name, table)
        return tuple((each.text, "bad" if each.dead else "") for each in found.parts())


class Ddl(TextTab):
    """The statement that makes it."""

    NAME, LABEL = "ddl", "DDL"

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._ddl = ""

    def about(self, subject: Subject | None, words: str = "") -> None:
        super().about(subject, words)
        self._ddl = ""

    def read(self, client: Client, subject: Subject) -> str:
        return client.metadata.ddl(subject.name, subject.at.moment)

    def came(self, subject: Subject, value: str) -> None:  # noqa: ARG002
        self._ddl = value
        self.show(highlighted(value))

    def sql(self) -> str:
        if self.subject is None or self.subject.table is None:
            return ""
        hint = self.subject.at.moment.hint
        return self._ddl or f"SHOW CREATE TABLE {self.subject.name.sql}{hint}"


class Lineage(TextTab):
    """Where it came from, and who says so."""

    NAME, LABEL = "lineage", "Lineage"
    SLOW = "Asking the journal, the server's log of statements and the catalog…"

    def why_not(self, subject: Subject) -> str:
        if subject.at:
            return "What it came from is told of the present: t goes back to now."
        return ""

    def read(self, client: Client, subject: Subject) -> tuple[Origin, ...]:
        try:
            journal = known(read(self.desk.target.journal().folder))
        except OSError:
            journal = []
        table = subject.table.name if subject.table else None
        return lineage(client, journal, subject.database.name, table)

    def came(self, subject: Subject, value: tuple[Origin, ...]) -> None:  # noqa: ARG002
        self.show(Origins(value))


class Origins:
    """What each witness says, the most trusted first."""

    def __init__(self, origins: tuple[Origin, ...]) -> None:
        self._origins = origins

    def fit(self, width: int) -> Content:
        """Lay it out: who says so, then what."""
        lines: list[tuple[str, tuple[tuple[str, Tone], ...]]] = []
        for each in self._origins:
            if each.witness is None:
                words = "Nobody knows: absent is not original, ALTER wipes the traces."
                return Content.styled(words, "$foreground-muted")
            said = str(each).removesuffix(f" ({each.witness})")
            lines.append((str(each.witness), ((said, ""), ("", ""))))
        return Sheet(tuple(lines)).fit(width)


def highlighted(statement: str) -> Content:
    """SQL in colours, fit to show."""
    from textual.highlight import highlight

    shown = "\n".join(safe(each) for each in statement.splitlines())
    return highlight(shown, language="sql")
