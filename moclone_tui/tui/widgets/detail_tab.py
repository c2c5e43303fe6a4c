"""What the tabs of the detail have in common: they read when they are first seen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from textual import on
from textual.containers import Vertical
from textual.widget import Widget

from moclone_tui.api import Client, Database, Kind, MocloneError, Table, TableName
from moclone_tui.tui.asof import PRESENT, AsOf
from moclone_tui.tui.desk import Desk
from moclone_tui.tui.object_reads import Around
from moclone_tui.tui.reader import Answered, Reader


@dataclass(frozen=True, slots=True)
class Subject:
    """What the detail is about: a database, or an object of it, at a moment."""

    database: Database
    table: Table | None = None
    at: AsOf = PRESENT

    @property
    def name(self) -> TableName:
        """The object's name; only if it is one."""
        assert self.table is not None  # noqa: S101
        return TableName(self.table.name, self.table.database)

    @property
    def has_rows(self) -> bool:
        """Whether it is an object with columns and rows."""
        return self.table is not None and self.table.kind is not Kind.SEQUENCE

    def __hash__(self) -> int:
        """By name: a database holds a dictionary."""
        return hash((self.database.name, self.table, self.at))


class DetailTab(Vertical):
    """One tab. It is told what it is about, and reads that when it is seen.

    Args:
        desk: What it works at.
        slow: Gives the reader for what takes long.
    """

    NAME: ClassVar[str]
    """What the code calls it."""
    LABEL: ClassVar[str]
    """What the user reads."""
    SLOW: ClassVar[str] = ""
    """What is said while it reads, if that takes long: nobody else waits for it."""
    DEFAULT_CSS = """
    DetailTab { height: 1fr; }
    """

    def __init__(self, desk: Desk, slow: Callable[[], Reader]) -> None:
        super().__init__(id=self.NAME)
        self.desk = desk
        self._slow = slow
        self.subject: Subject | None = None
        """What it is about."""
        self.around = Around()
        """What is known of objects beside the catalog."""
        self._asked = False
        self._words: str | None = None

    # For subclasses

    @property
    def body(self) -> Widget:
        """What takes the focus."""
        raise NotImplementedError

    def blank(self, words: str) -> None:
        """Show nothing but words."""
        raise NotImplementedError

    def fail(self, error: MocloneError) -> None:
        """Show why it could not be read."""
        raise NotImplementedError

    def why_not(self, subject: Subject) -> str:
        """Why there is nothing to show of something, in words; empty if there is."""
        if subject.table is None:
            return f"Go to the objects for their {self.LABEL.lower()}."
        return ""

    def read(self, client: Client, subject: Subject) -> Any:
        """Read it, in the reader's thread."""
        raise NotImplementedError

    def came(self, subject: Subject, value: Any) -> None:
        """Show what was read."""
        raise NotImplementedError

    def sql(self) -> str:
        """The statement that it stands for; empty if there is none."""
        return ""

    # What it does

    def about(self, subject: Subject | None, words: str = "") -> None:
        """Hear what it is about; the same again is read again.

        Nothing is painted before it is seen: the cursor of a list may move quickly.
        """
        if subject is None or self.subject is None or not _same(subject, self.subject):
            self._words = words
        self.subject = subject
        self._asked = False

    def need(self) -> None:
        """Read it now that somebody looks, unless it was."""
        if self._words is not None:
            self.blank(self.SLOW if self._words and self.SLOW else self._words)
            self._words = None
        subject = self.subject
        if subject is None or self._asked:
            return
        self._asked = True
        if words := self.why_not(subject):
            self.blank(words)
            return
        self.ask("tab", lambda client: self.read(client, subject))

    def ask(self, topic: str, work: Any, *, behind: bool = False) -> None:
        """Ask something about the subject."""
        reader = self._slow() if self.SLOW else self.desk.reader
        reader.ask(self, topic, self.subject, work, behind=behind)

    @on(Answered)
    def _answered(self, event: Answered) -> None:
        event.stop()
        subject = self.subject
        if subject is None or event.question is not subject:
            return
        if event.topic != "tab":
            self.more_came(event)
        elif event.error is not None:
            self.fail(event.error)
        else:
            self.came(subject, event.value)

    def more_came(self, event: Answered) -> None:
        """Hear an answer to another question about the subject."""


def _same(one: Subject, other: Subject) -> bool:
    names = [
        (each.database.name, each.table and each.table.name) for each in (one, other)
    ]
    return names[0] == names[1] and one.at == other.at
