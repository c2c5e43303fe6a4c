"""Sessions of the embedded server, in this process and in a child of it."""

import asyncio
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

import pymysql
import pytest

from moclone_tui.demo.clock import Clock
from moclone_tui.demo.session import Session
from moclone_tui.demo.state import State


@dataclass
class Client:
    """A session without a socket."""

    session: Session

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        return asyncio.run(self.session.execute(sql)).rows

    def run(self, *statements: str) -> int:
        affected = 0
        for sql in statements:
            affected = asyncio.run(self.session.execute(sql)).affected
        return affected


@pytest.fixture
def state() -> State:
    return State(Clock(), "secret")


@pytest.fixture
def connect(state: State) -> Callable[..., Client]:
    """Opens sessions of one server."""

    def open_one(user: str = "root", role: str = "moadmin") -> Client:
        account = state.accounts.get("sys")
        assert account is not None
        number = next(state.connection_ids)
        session = Session(
            state, account, account.user(user), account.role(role), "", number
        )
        state.sessions[number] = session
        return Client(session)

    return open_one


@pytest.fixture
def client(connect: Callable[..., Client]) -> Client:
    return connect()


@dataclass
class Child:
    """A server in a process of its own."""

    process: "subprocess.Popen[str]"
    line: dict[str, Any]
    stack: ExitStack

    def connect(self, **changes: Any) -> Any:
        settings = {
            "host": self.line["host"],
            "port": self.line["port"],
            "user": self.line["user"],
            "password": self.line["password"],
            "autocommit": True,
            "read_timeout": 10,
        }
        connection = pymysql.connect(**{**settings, **changes})
        self.stack.callback(_hang_up, connection)
        return connection


def _hang_up(connection: Any) -> None:
    if connection.open:
        connection.close()


@contextmanager
def started(*arguments: str) -> Iterator[Child]:
    """Run a server, and insist that it ends well and quietly."""
    with subprocess.Popen(
        [sys.executable, "-m", "moclone_tui.demo", *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        line = json.loads(process.stdout.readline())
        with ExitStack() as stack:
            yield Child(process, line, stack)
        assert process.stdin is not None
        assert process.stderr is not None
        process.stdin.close()
        rest, errors = process.stdout.read(), process.stderr.read()
    assert (process.returncode, rest, errors) == (0, "", "")


@pytest.fixture
def server() -> Iterator[Child]:
    with started("--empty") as child:
        yield child


@pytest.fixture
def slow_server() -> Iterator[Child]:
    """Every clone takes a minute here, unless it is killed."""
    with started("--empty", "--slow", "60") as child:
        yield child


def ask(connection: Any, sql: str) -> list[tuple[Any, ...]]:
    """Send a statement and fetch what it answers."""
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall())


@pytest.fixture(name="ask")
def ask_fixture() -> Callable[[Any, str], list[tuple[Any, ...]]]:
    return ask


@pytest.fixture(name="started")
def started_fixture() -> Any:
    return started
