"""Tables with a past, for the tests of put-back."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from moclone_tui import NOW, MocloneError, Moment, TableName
from moclone_tui.cloning.look import server_clock
from moclone_tui.cloning.progress import Silent, Step
from moclone_tui.cloning.put_back import PutBack, PutBackPlan
from moclone_tui.cloning.put_back_look import make

if TYPE_CHECKING:
    from moclone_tui import Client
    from tests.conftest import Server


class Past:
    """A database; what is done to it, and the moments in between."""

    def __init__(self, client: Client, database: str) -> None:
        self.client = client
        self.database = database
        client.execute(f"CREATE DATABASE {database}")
        self.moment = NOW

    def do(self, *statements: str) -> Any:
        """Run statements on the database, whose name stands where `@` does."""
        return [
            self.client.execute(each.replace("@", self.database)).rows
            for each in statements
        ][-1]

    def then(self) -> None:
        """Call this the moment that is gone back to."""
        self.moment = server_clock(self.client)

    def fill(self, table: str, columns: str, row: str, rows: int) -> None:
        """Fill a table; `{0}` in the row is its number, from 1 on."""
        for start in range(1, rows + 1, 2000):
            numbers = range(start, min(start + 2000, rows + 1))
            values = ", ".join(row.format(number) for number in numbers)
            self.do(f"INSERT INTO @.{table} {columns} VALUES {values}")

    def rows(self, table: str) -> list[tuple[Any, ...]]:
        """All rows of a table, in order."""
        return sorted(self.do(f"SELECT * FROM @.{table}"))

    def request(
        self, table: str = "t", *columns: str, rows: bool = True, at: Moment = NOW
    ) -> PutBack:
        """What is asked for, as of the moment."""
        name = TableName(table, self.database)
        return PutBack(name, at or self.moment, rows, columns)

    def plan(
        self, table: str = "t", *columns: str, rows: bool = True, at: Moment = NOW
    ) -> PutBackPlan:
        """What it would do."""
        return make(self.client, self.request(table, *columns, rows=rows, at=at))

    def said(self, table: str = "t", *columns: str, rows: bool = True) -> str:
        """What there is to know before it, a line each."""
        findings = self.plan(table, *columns, rows=rows).findings
        return "\n".join(f"{each.level}: {each.text}" for each in findings)


@contextmanager
def reading(server: Server, statement: str) -> Iterator[list[int]]:
    """Another session that asks for a number again and again; gives what it saw."""
    seen: list[int] = []
    over = threading.Event()
    failed: list[Exception] = []

    def read() -> None:
        try:
            with server.client() as reader:
                while not over.is_set():
                    seen.append(int(reader.execute(statement).first[0]))
        except MocloneError as error:
            failed.append(error)

    thread = threading.Thread(target=read)
    thread.start()
    try:
        yield seen
    finally:
        over.set()
        thread.join()
    assert not failed, failed


class Meddling(Silent):
    """Progress that does something just before one of the steps, or hears of all."""

    def __init__(
        self, at: int = -1, do: Callable[[int], object] = lambda connection: None
    ) -> None:
        self.at = at
        self.do = do
        self.steps: list[str] = []
        self.said: list[str] = []
        self.connection = 0

    def say(self, text: str) -> None:
        self.said.append(text)

    def watch(self, connection: int) -> None:
        self.connection = connection

    @contextmanager
    def step(self, text: str, *, seconds: float | None = None) -> Iterator[Step]:
        if len(self.steps) == self.at:
            self.do(self.connection)
        self.steps.append(text)
        yield Step(text)
