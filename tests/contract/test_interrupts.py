"""Ctrl-C: raised on, and nothing of the session is kept."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from moclone_tui import Client, CloneManager, OutcomeUnknown, Session

from .looking import has_database

if TYPE_CHECKING:
    from tests.conftest import Names, Server


class Interrupted:
    """An executor at which somebody presses Ctrl-C."""

    def execute(self, sql: str) -> None:
        raise KeyboardInterrupt


@contextmanager
def interrupt_soon() -> Iterator[None]:
    """Press Ctrl-C while the block is busy with something long."""
    timer = threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT))
    # A process that was started in the background ignores it.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()
        signal.signal(signal.SIGINT, before)


def test_between_two_clones(
    client: Client, watcher: Client, shop: str, names: Names
) -> None:
    def interrupted() -> None:
        with client.session() as session:
            session.clone.clone_database(names("a"), shop)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert names.left_behind(watcher) == [shop]


def test_during_a_statement(
    client: Client, watcher: Client, shop: str, names: Names
) -> None:
    def interrupted() -> None:
        with client.session() as session:
            session.clone.clone_database(names("a"), shop)
            with interrupt_soon():
                session.execute("SELECT SLEEP(20)")

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert names.left_behind(watcher) == [shop]


def test_during_a_clone(slow_server: Server) -> None:
    def interrupted(client: Client) -> None:
        with client.session() as session, interrupt_soon():
            session.clone.clone_database("b", "a")

    with slow_server.client() as client:
        client.execute("CREATE DATABASE a")
        with pytest.raises(KeyboardInterrupt):
            interrupted(client)
        assert not has_database(client, "b")


def test_during_a_clone_through_an_executor(
    client: Client, watcher: Client, shop: str, names: Names
) -> None:
    def interrupted() -> None:
        with client.session() as session:
            session.clone.clone_database(names("a"), shop)
            CloneManager(session, Interrupted()).clone_database(names("b"), shop)

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert names.left_behind(watcher) == [shop]


def test_during_commit_the_outcome_is_not_known(
    client: Client, shop: str, names: Names, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted() -> None:
        with client.session() as session:
            session.clone.clone_database(names("a"), shop)
            send = session.connection.query

            def query(statement: str, params: object = None) -> object:
                if statement == "COMMIT":
                    raise KeyboardInterrupt
                return send(statement)

            monkeypatch.setattr(session.connection, "query", query)

    with pytest.raises(OutcomeUnknown, match="COMMIT") as caught:
        interrupted()
    assert "look" in caught.value.remedy


def test_a_client_that_was_interrupted_has_no_connection_any_more(
    client: Client,
) -> None:
    """Its next answer would be the one to the interrupted statement."""
    with pytest.raises(KeyboardInterrupt), interrupt_soon():
        client.execute("SELECT SLEEP(20)")
    assert not client.connected()
    client.connect()
    assert client.execute("SELECT 7").first == (7,)


def test_a_session_that_never_began_has_nothing_to_end(client: Client) -> None:
    session = Session(lambda: client.login)
    session.__exit__(KeyboardInterrupt, KeyboardInterrupt(), None)
    assert client.execute("SELECT 1").first == (1,)
