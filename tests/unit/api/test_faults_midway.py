"""Servers that misbehave in the middle of the work."""

from __future__ import annotations

import threading
import time

import pytest

from moclone_tui import Client, ConnectionError, MocloneError, OutcomeUnknown, TimedOut
from moclone_tui.api.session import Session

from .tiny import OK, Wire, answering


def drop_on(*words: str) -> object:
    """Answer OK until a statement begins with one of the words; then hang up."""

    def answer(wire: Wire, query: str) -> None:
        if query.startswith(words):
            wire.sock.shutdown(2)
        elif query.startswith("SELECT"):
            wire.row(b"x")
        else:
            wire.send(OK)

    return answer


@pytest.mark.parametrize("statement", ["SELECT 1", "SHOW TABLES", "USE a"])
def test_lost_while_reading_is_a_lost_connection(statement: str) -> None:
    with (
        answering(drop_on(statement)) as server,  # type: ignore[arg-type]
        Client.from_login(server.login()) as client,
    ):
        with pytest.raises(ConnectionError) as caught:
            client.execute(statement)
        assert not client.connected()
    assert not isinstance(caught.value, TimedOut)
    assert caught.value.statement == statement
    assert "Connect again" in caught.value.remedy


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE DATABASE a CLONE b",
        "/* moclone */ DROP TABLE t",
        "INSERT INTO t VALUES (1)",
        "RESTORE DATABASE d {SNAPSHOT = 's'}",
        "DATA BRANCH MERGE a INTO b",
    ],
)
def test_lost_while_changing_is_an_unknown_outcome(statement: str) -> None:
    with (
        answering(drop_on(statement)) as server,  # type: ignore[arg-type]
        Client.from_login(server.login()) as client,
    ):
        with pytest.raises(OutcomeUnknown) as caught:
            client.execute(statement)
        assert not client.connected()
    assert caught.value.statement == statement
    assert "look" in caught.value.remedy


def test_a_commit_that_is_lost_is_an_unknown_outcome() -> None:
    with answering(drop_on("COMMIT")) as server:  # type: ignore[arg-type]
        with pytest.raises(OutcomeUnknown) as caught, Session(server.login) as session:
            session.execute("CREATE DATABASE a CLONE b")
        assert caught.value.statement == "COMMIT"
        assert server.wires[0].queries[-1] == "COMMIT"


def test_a_change_that_is_lost_in_a_session_was_rolled_back() -> None:
    with (
        answering(drop_on("CREATE")) as server,  # type: ignore[arg-type]
        pytest.raises(ConnectionError, match="rolls the session back"),
        Session(server.login) as session,
    ):
        session.execute("CREATE DATABASE a CLONE b")


def test_an_answer_that_comes_too_late_is_not_waited_for() -> None:
    with (
        answering(lambda wire, _: wire.hang()) as server,
        Client.from_login(server.login(read_timeout=0.3)) as client,
    ):
        started = time.monotonic()
        with pytest.raises(TimedOut):
            client.execute("SELECT 1")
        assert time.monotonic() - started < 5
        assert not client.connected()


def test_a_change_whose_answer_comes_too_late_has_an_unknown_outcome() -> None:
    with (
        answering(lambda wire, _: wire.hang()) as server,
        Client.from_login(server.login(read_timeout=0.3)) as client,
        pytest.raises(OutcomeUnknown),
    ):
        client.execute("DROP DATABASE a")


def test_without_a_read_timeout_a_slow_answer_is_waited_for() -> None:
    """The deadline of the login must not linger."""

    def answer(wire: Wire, _: str) -> None:
        time.sleep(1)
        wire.row(b"late")

    with (
        answering(answer) as server,
        Client.from_login(server.login(connect_timeout=0.5)) as client,
    ):
        assert client.execute("SELECT 1").first == ("late",)


def test_a_thread_that_is_blocked_wakes_when_the_connection_is_cut() -> None:
    asked = threading.Event()
    caught: list[MocloneError] = []

    def answer(wire: Wire, _: str) -> None:
        asked.set()
        wire.hang()

    def ask(client: Client) -> None:
        try:
            client.execute("SELECT 1")
        except MocloneError as error:
            caught.append(error)

    with answering(answer) as server, Client.from_login(server.login()) as client:
        thread = threading.Thread(target=ask, args=(client,))
        thread.start()
        assert asked.wait(10)
        client.connection.abort()
        thread.join(5)
        assert not thread.is_alive()
        assert isinstance(caught[0], ConnectionError)
        assert not client.connected()


def test_text_that_is_no_utf8_is_shown_as_it_is_and_the_connection_goes_on() -> None:
    with (
        answering(lambda wire, _: wire.row(b"a\xff\xfeb \xe6\x95\xb0")) as server,
        Client.from_login(server.login()) as client,
    ):
        assert client.execute("SELECT 1").first == ("a\\xff\\xfeb 数",)
        assert client.execute("SELECT 2").first == ("a\\xff\\xfeb 数",)


def test_an_error_whose_words_are_no_utf8_is_still_an_error() -> None:
    with (
        answering(lambda wire, _: wire.refuse(20101, b"bad \xff word")) as server,
        Client.from_login(server.login()) as client,
    ):
        with pytest.raises(MocloneError, match="bad"):
            client.execute("SELECT 1")
        assert client.connected()


@pytest.mark.parametrize(
    "packet",
    [
        b"\x01\0\0\x09\0",  # out of order
        b"\x01\0\0\x01\x01" + b"\x03\0\0\x02abc",  # no description of a column
        b"\x01\0\0\x01\xfc",  # a length without its number
        b"\x01\0\0\x01\xff",  # an error without a number
    ],
)
def test_an_answer_out_of_shape_ends_the_connection(packet: bytes) -> None:
    with (
        answering(lambda wire, _: wire.sock.sendall(packet)) as server,
        Client.from_login(server.login(read_timeout=2)) as client,
    ):
        with pytest.raises(ConnectionError):
            client.execute("SELECT 1")
        assert not client.connected()


def test_a_statement_that_cannot_be_encoded_is_refused_unsent() -> None:
    with (
        answering(lambda wire, _: wire.row(b"x")) as server,
        Client.from_login(server.login()) as client,
    ):
        with pytest.raises(ValueError, match="surrogates"):
            client.execute("SELECT '\ud800'")
        assert client.connected()
        client.execute("SELECT 1")
        assert server.wires[0].queries == ["SELECT 1"]
