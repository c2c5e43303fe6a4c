"""A server with the sample data, and terminals that are closed in the end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from moclone_tui.api import Client
from moclone_tui.embedded import EmbeddedServer

from .terminal import MOCLONE, Terminal

Open = Callable[..., Terminal]


@pytest.fixture(scope="module")
def server() -> Iterator[EmbeddedServer]:
    """The embedded server with its sample data."""
    with EmbeddedServer() as started:
        yield started


@pytest.fixture
def client(server: EmbeddedServer) -> Iterator[Client]:
    """A connection of the test's own."""
    with Client(
        host=server.host, port=server.port, user="root", password=server.password
    ) as connected:
        yield connected


@pytest.fixture
def open_terminal(tmp_path: Path) -> Iterator[Open]:
    """Opens moclone in a terminal, with a home of its own."""
    opened: list[Terminal] = []

    def _open(
        *arguments: str, command: tuple[str, ...] = MOCLONE, **options: object
    ) -> Terminal:
        opened.append(
            Terminal([*command, *arguments], home=tmp_path, **options)  # type: ignore[arg-type]
        )
        return opened[-1]

    yield _open
    for each in opened:
        each.close()


@pytest.fixture
def dsn(server: EmbeddedServer) -> tuple[str, ...]:
    """The options that lead to the server; its password goes by the environment."""
    return ("--dsn", f"mysql://root@{server.host}:{server.port}")
