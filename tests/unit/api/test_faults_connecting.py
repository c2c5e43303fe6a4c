"""Servers that misbehave before the login is through."""

from __future__ import annotations

import threading
import time
import traceback

import pytest

from moclone_tui import (
    AuthFailed,
    Client,
    ConfigError,
    ConnectionError,
    ServerError,
    TimedOut,
    Tls,
)

from .tiny import Talk, Tiny, Wire

PATIENCE = 0.5
"""Seconds a login may take here; the tests allow much more for a busy machine."""


def hang_at_once(wire: Wire) -> None:
    wire.hang()


def hang_in_tls(wire: Wire) -> None:
    wire.greet(tls=True)
    wire.hang()


def hang_at_the_login(wire: Wire) -> None:
    wire.greet()
    wire.read()
    wire.hang()


def hang_after_the_login(wire: Wire) -> None:
    wire.let_in()
    wire.hang()


def trickle(wire: Wire) -> None:
    """A byte now and then: no single read takes long, all of them take forever."""
    wire.sock.sendall(b"\x50\0\0\0\x0a8.0.30")
    for _ in range(100):
        time.sleep(0.1)
        wire.sock.sendall(b"x")


@pytest.mark.parametrize(
    "talk",
    [hang_at_once, hang_in_tls, hang_at_the_login, hang_after_the_login, trickle],
)
def test_one_deadline_holds_wherever_it_hangs(talk: Talk) -> None:
    with Tiny(talk) as server:
        started = time.monotonic()
        with pytest.raises(TimedOut, match=r"did not answer within 0\.5 s") as caught:
            Client.from_login(server.login(connect_timeout=PATIENCE, tls=Tls()))
        assert time.monotonic() - started < PATIENCE + 4
    assert "connect_timeout" in caught.value.remedy
    assert "hunter2" not in "".join(traceback.format_exception(caught.value))


def close(wire: Wire) -> None:
    pass


def close_at_the_login(wire: Wire) -> None:
    wire.greet()
    wire.read()


def greet_halfway(wire: Wire) -> None:
    wire.sock.sendall(b"\x50\0\0\0\x0a8.0.30-Matr")


@pytest.mark.parametrize("talk", [close, close_at_the_login, greet_halfway])
def test_a_server_that_hangs_up_is_no_connection(talk: Talk) -> None:
    with Tiny(talk) as server, pytest.raises(ConnectionError) as caught:
        Client.from_login(server.login())
    assert "closed the connection before the login was through" in str(caught.value)
    assert "6001" in caught.value.remedy


@pytest.mark.parametrize(
    "words",
    [
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
        b"SSH-2.0-OpenSSH_9.6\r\n",
        b"\x05\0\0\0hello",
        b"\x01\0\0\0\x0a",
        b"\x02\0\0\0\x0a\0",
        b"\0\0\0\0",
        bytes(range(256)),
        b"\x10\0\0\x07" + bytes(16),
    ],
)
def test_a_server_of_another_kind_is_no_connection(words: bytes) -> None:
    with (
        Tiny(lambda wire: wire.sock.sendall(words)) as server,
        pytest.raises(ConnectionError) as caught,
    ):
        Client.from_login(server.login())
    assert f":{server.port}" in str(caught.value)
    assert "6001" in caught.value.remedy


def test_a_server_without_tls_where_tls_is_required() -> None:
    with (
        Tiny(lambda wire: wire.let_in()) as server,
        pytest.raises(ConnectionError) as caught,
    ):
        Client.from_login(server.login(tls=Tls("required")))
    assert caught.value.remedy


def test_a_server_that_greets_with_a_refusal() -> None:
    with (
        Tiny(lambda wire: wire.refuse(1040, b"Too many connections")) as server,
        pytest.raises(ServerError, match="Too many connections") as caught,
    ):
        Client.from_login(server.login())
    assert caught.value.code == 1040


def test_a_refused_login_tells_the_servers_words() -> None:
    def talk(wire: Wire) -> None:
        wire.greet()
        wire.read()
        wire.refuse(1045, b"Access denied\nbecause \x1b[31mred")

    with Tiny(talk) as server, pytest.raises(AuthFailed) as caught:
        Client.from_login(server.login())
    assert str(caught.value).endswith("Access denied")
    assert "red" in caught.value.detail


def test_a_failed_login_leaves_no_thread_behind() -> None:
    with Tiny(close) as server:
        before = threading.active_count()
        for _ in range(5):
            with pytest.raises(ConnectionError):
                Client.from_login(server.login(connect_timeout=60))
        deadline = time.monotonic() + 10
        while threading.active_count() > before and time.monotonic() < deadline:
            time.sleep(0.01)
        assert threading.active_count() <= before


def test_a_certificate_that_cannot_be_read_is_a_matter_of_configuration() -> None:
    """And no socket stays open: pytest would turn its warning into a failure."""
    with (
        Tiny(lambda wire: wire.let_in()) as server,
        pytest.raises(ConfigError, match="/no/such/ca") as caught,
    ):
        Client.from_login(server.login(tls=Tls("required", ca="/no/such/ca.pem")))
    assert "ca" in caught.value.remedy
