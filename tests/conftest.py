"""Servers to test against, clients on them, and names that are cleaned up.

Every test that takes `server` (or `client`, or `names`) runs on the embedded server,
and on a real one too where `MOCLONE_TEST_DSN` names it. On a real server only names
made by `names` are touched.
"""

from __future__ import annotations

import os
import re
import secrets
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest

from moclone_tui import Client, Login
from moclone_tui.embedded import EmbeddedServer

REAL = os.environ.get("MOCLONE_TEST_DSN", "")


@dataclass(frozen=True)
class Server:
    """A server to test against."""

    kind: str
    host: str
    port: int
    user: str
    password: str
    greeting: str

    @property
    def version(self) -> tuple[int, ...]:
        """MatrixOne's version: `(4, 2, 0)`."""
        found = re.search(r"MatrixOne-v(\d+)\.(\d+)\.(\d+)", self.greeting)
        assert found is not None, self.greeting
        return tuple(map(int, found.groups()))

    @property
    def address(self) -> dict[str, Any]:
        """What `Client` and `connect` need."""
        return {
            "host": self.host,
            "port": self.port,
            "user": self.user,
            "password": self.password,
        }

    def client(self, **changes: Any) -> Client:
        """A new connection, as root unless told otherwise."""
        return Client(**{**self.address, **changes})


class Names:
    """Makes names of databases, snapshots and accounts; remembers nothing.

    All of them start with one prefix, and whatever has it is dropped in the end.
    """

    def __init__(self) -> None:
        self.prefix = f"mct_{secrets.token_hex(4)}_"

    def __call__(self, rest: str) -> str:
        return self.prefix + rest

    def left_behind(self, client: Client) -> list[str]:
        """The databases there are of these names."""
        return [
            name for (name,) in client.execute("SHOW DATABASES") if self._mine(name)
        ]

    def _mine(self, name: object) -> bool:
        return str(name).startswith(self.prefix)

    def drop_all(self, client: Client) -> None:
        """Drop snapshots first: they may name databases that are gone."""
        for what, listed in (
            ("SNAPSHOT", "SELECT sname FROM mo_catalog.mo_snapshots"),
            ("ACCOUNT", "SELECT account_name FROM mo_catalog.mo_account"),
            ("DATABASE", "SHOW DATABASES"),
        ):
            for (name,) in client.execute(listed):
                if self._mine(name):
                    client.execute(f"DROP {what} `{name}`")


def _greeting(**address: Any) -> str:
    with Client(**address) as client:
        return client.connection.server_version


def _real_address() -> dict[str, Any]:
    dsn = urlsplit(REAL)
    return {
        "host": dsn.hostname or "127.0.0.1",
        "port": dsn.port or 6001,
        "user": unquote(dsn.username or "root"),
        "password": unquote(dsn.password or ""),
    }


def pytest_report_header() -> str:
    """Say which servers the contract tests run against."""
    if not REAL:
        return "servers: embedded (set MOCLONE_TEST_DSN to add a real one)"
    address = _real_address()
    where = f"{address['host']}:{address['port']}"
    try:
        return f"servers: embedded; real: {_greeting(**address)} at {where}"
    except ConnectionError as error:
        raise pytest.UsageError(f"MOCLONE_TEST_DSN: {error}") from error


@pytest.fixture(scope="session", autouse=True)
def own_journal(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Keep what jobs write down out of the journal of whoever runs the tests."""
    os.environ["XDG_STATE_HOME"] = str(tmp_path_factory.mktemp("state"))


@pytest.fixture(scope="session")
def embedded_server() -> Iterator[Server]:
    """The embedded server without sample data; one for each worker of xdist."""
    with EmbeddedServer(["--empty"]) as started:
        yield _server_of(started)


@pytest.fixture
def slow_server() -> Iterator[Server]:
    """An embedded server of the test's own, where a clone takes ten seconds."""
    with EmbeddedServer(["--empty", "--slow", "10"]) as started:
        yield _server_of(started)


def _server_of(started: EmbeddedServer) -> Server:
    address: dict[str, Any] = {
        "host": started.host,
        "port": started.port,
        "user": started.user,
        "password": started.password,
    }
    return Server("embedded", **address, greeting=_greeting(**address))


@pytest.fixture(scope="session", params=["embedded", *(["real"] if REAL else [])])
def server(request: pytest.FixtureRequest) -> Server:
    """Each server of this run in turn."""
    if request.param == "embedded":
        found: Server = request.getfixturevalue("embedded_server")
        return found
    address = _real_address()
    return Server("real", **address, greeting=_greeting(**address))


@pytest.fixture
def client(server: Server) -> Iterator[Client]:
    """A client of the test's own."""
    with server.client() as connected:
        yield connected


@pytest.fixture
def watcher(server: Server) -> Iterator[Client]:
    """A second client: it sees only what is committed."""
    with server.client() as connected:
        yield connected


@pytest.fixture
def names(server: Server) -> Iterator[Names]:
    """Names for this test; what is made of them is dropped in the end."""
    made = Names()
    yield made
    with server.client() as cleaner:
        made.drop_all(cleaner)


@pytest.fixture
def closed_port() -> int:
    """A port of this machine where nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
    return port


@pytest.fixture
def login(server: Server) -> Login:
    """What it takes to log in."""
    return Login(**server.address)
