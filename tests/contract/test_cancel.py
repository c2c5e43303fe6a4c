"""Stopping a statement that another connection runs."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import pytest

from moclone_tui import (
    Cancelled,
    Client,
    CloneError,
    ConnectionError,
    MocloneError,
    QueryError,
)

from .looking import has_database

if TYPE_CHECKING:
    from tests.conftest import Names, Server


class Background:
    """Sends a statement in a thread, and keeps what came of it."""

    def __init__(self, client: Client, statement: str) -> None:
        self.error: MocloneError | None = None
        self._client = client
        self._statement = statement
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        try:
            self._client.execute(self._statement)
        except MocloneError as error:
            self.error = error

    def kill_until_it_ends(self, killer: Client, connection: int) -> None:
        """Ask again: the statement may not have begun yet."""
        deadline = time.monotonic() + 15
        while self._thread.is_alive() and time.monotonic() < deadline:
            killer.kill_query(connection)
            self._thread.join(0.2)
        assert not self._thread.is_alive()


def test_a_killed_statement_is_cancelled_and_the_connection_goes_on(
    client: Client, watcher: Client
) -> None:
    started = time.monotonic()
    running = Background(client, "SELECT SLEEP(60)")
    running.kill_until_it_ends(watcher, client.connection.id)
    assert isinstance(running.error, Cancelled)
    assert time.monotonic() - started < 20
    assert client.connected()
    assert client.execute("SELECT 1").first == (1,)


def test_a_killed_statement_leaves_its_session_usable(
    client: Client, watcher: Client, shop: str, names: Names
) -> None:
    with client.session() as session:
        session.clone.clone_database(names("a"), shop)
        with server_side(session.connection.id, watcher), pytest.raises(Cancelled):
            session.execute("SELECT SLEEP(60)")
        session.clone.clone_database(names("b"), shop)
    assert has_database(watcher, names("a"))
    assert has_database(watcher, names("b"))


class server_side:  # noqa: N801 reads as a block
    """Kill what a connection runs, again and again, while the block runs."""

    def __init__(self, connection: int, killer: Client) -> None:
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(connection, killer))

    def _run(self, connection: int, killer: Client) -> None:
        while not self._ended.wait(0.2):
            killer.kill_query(connection)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()


def test_a_killed_clone_leaves_nothing(slow_server: Server) -> None:
    with slow_server.client() as client, slow_server.client() as watcher:
        client.execute("CREATE DATABASE a")
        with (
            server_side(client.connection.id, watcher),
            pytest.raises((Cancelled, CloneError)) as caught,
        ):
            client.clone.clone_database("b", "a")
        assert isinstance(caught.value, Cancelled)
        assert not has_database(watcher, "b")
        assert client.connected()


def test_a_connection_that_does_not_exist_cannot_be_killed(client: Client) -> None:
    with pytest.raises(QueryError):
        client.kill_query(2**31 - 5)
    assert client.connected()


def test_a_blocked_thread_wakes_when_its_connection_is_cut(client: Client) -> None:
    connection = client.connection
    running = Background(client, "SELECT SLEEP(60)")
    started = time.monotonic()
    while running._thread.is_alive() and time.monotonic() - started < 15:
        connection.abort()
        running._thread.join(0.2)
    assert not running._thread.is_alive()
    assert isinstance(running.error, ConnectionError)
    assert not client.connected()
