"""What clients see on the wire: logins, KILL, slow clones, and the end."""

import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pymysql
import pytest

Ask = Callable[[Any, str], list[tuple[Any, ...]]]


@pytest.mark.parametrize(
    ("changes", "number", "words"),
    [
        ({"password": "wrong"}, 1045, "check password failed"),
        ({"user": "nobody"}, 20101, "there is no user nobody"),
        ({"user": "nowhere#root"}, 20101, "there is no tenant nowhere"),
        ({"user": "sys#root#nothing"}, 20101, "nothing"),
        ({"database": "nowhere"}, 1049, "Unknown database nowhere"),
    ],
)
def test_failed_login_is_told_and_closed(
    server: Any, changes: dict[str, str], number: int, words: str
) -> None:
    with pytest.raises(pymysql.err.OperationalError, match=words) as caught:
        server.connect(**changes)
    assert caught.value.args[0] == number


def test_server_hangs_up_after_a_failed_login(server: Any) -> None:
    connection = server.connect(defer_connect=True, password="wrong")
    with pytest.raises(pymysql.err.OperationalError):
        connection.connect()
    assert not connection.open


@pytest.mark.parametrize("user", ["root", "sys#root", "sys:root", "sys#root#moadmin"])
def test_logins(server: Any, ask: Ask, user: str) -> None:
    connection = server.connect(user=user)
    who = "select current_account_name(), current_user_name(), current_role_name()"
    assert ask(connection, who) == [("sys", "root", "moadmin")]


def test_errors_carry_the_state_of_the_real_server(server: Any, ask: Ask) -> None:
    connection = server.connect()
    with pytest.raises(pymysql.err.ProgrammingError) as caught:
        ask(connection, "select * from d.t where")
    assert caught.value.args[0] == 1064
    assert ask(connection, "select 1") == [(1,)]


def test_kill_query_leaves_an_idle_connection_alone(server: Any, ask: Ask) -> None:
    killer, idle = server.connect(), server.connect()
    ask(killer, f"kill query {number_of(idle, ask)}")
    assert ask(idle, "select 1") == [(1,)]


def test_kill_closes_an_idle_connection(server: Any, ask: Ask) -> None:
    killer, idle = server.connect(), server.connect()
    ask(killer, f"kill {number_of(idle, ask)}")
    with pytest.raises(pymysql.err.OperationalError) as caught:
        ask(idle, "select 1")
    assert caught.value.args[0] in (2006, 2013)
    assert len(ask(killer, "show processlist")) == 1


def test_killed_statement_leaves_its_transaction_alive(
    slow_server: Any, ask: Ask
) -> None:
    busy, killer = slow_server.connect(), slow_server.connect()
    ask(busy, "create database d")
    ask(busy, "create table d.t (id int primary key)")
    ask(busy, "begin")
    ask(busy, "insert into d.t values (1)")
    with (
        killing(killer, "kill query", number_of(busy, ask), ask),
        pytest.raises(pymysql.err.OperationalError, match="context canceled") as e,
    ):
        ask(busy, "create database e clone d")
    assert e.value.args[0] == 1105
    assert ask(busy, "select count(*) from d.t") == [(1,)]
    ask(busy, "commit")
    assert ask(killer, "select count(*) from d.t") == [(1,)]
    assert ask(killer, "show databases like 'e'") == []


def test_slow_clone_keeps_nobody_waiting(slow_server: Any, ask: Ask) -> None:
    busy, other = slow_server.connect(), slow_server.connect()
    with (
        killing(other, "kill", number_of(busy, ask), ask),
        pytest.raises(pymysql.err.OperationalError, match="context canceled"),
    ):
        ask(busy, "create database e clone d")
    shown = ask(other, "select conn_id from information_schema.processlist")
    assert [row[0] for row in shown] == [number_of(other, ask)]


def test_sleep_can_be_killed(server: Any, ask: Ask) -> None:
    busy, killer = server.connect(), server.connect()
    with (
        killing(killer, "kill query", number_of(busy, ask), ask),
        pytest.raises(pymysql.err.OperationalError, match="context canceled"),
    ):
        ask(busy, "select sleep(60)")


def test_client_that_vanishes_loses_its_transaction(server: Any, ask: Ask) -> None:
    one, two = server.connect(), server.connect()
    ask(one, "create database d")
    ask(one, "begin")
    ask(one, "create database e clone d")
    one._force_close()
    assert ask(two, "show databases like 'e'") == []


def test_whoever_speaks_no_mysql_is_hung_up_on(server: Any) -> None:
    address = (server.line["host"], server.line["port"])
    with socket.create_connection(address, timeout=5) as stranger:
        stranger.recv(200)
        stranger.sendall(b"\x05\x00\x00\x01hello")
        assert stranger.recv(10) == b""


def test_end_of_stdin_ends_it_whoever_is_connected(started: Any, ask: Ask) -> None:
    with started("--empty", "--slow", "60") as child:
        busy = child.connect()
        child.connect()
        failed: list[BaseException] = []
        thread = threading.Thread(target=_fail, args=(busy, ask, failed))
        thread.start()
        time.sleep(0.1)
        child.process.stdin.close()
        assert child.process.wait(timeout=5) == 0
        thread.join()
    assert failed


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signals_end_it_well(started: Any, number: int) -> None:
    with started("--empty") as child:
        child.process.send_signal(number)
        assert child.process.wait(timeout=5) == 0


def test_chosen_settings_are_told(started: Any, ask: Ask) -> None:
    chosen = (
        "--password",
        "p w",
        "--version",
        "3.0.18",
        "--now",
        "2026-03-01T12:00:00",
    )
    with started("--empty", *chosen) as child:
        assert child.line["password"] == "p w"
        assert child.line["version"] == "3.0.18"
        assert child.line["pid"] == child.process.pid
        connection = child.connect()
        assert ask(connection, "select version()") == [("8.0.30-MatrixOne-v3.0.18",)]
        assert str(ask(connection, "select now()")[0][0]).startswith("2026-03-01 12:0")


def number_of(connection: Any, ask: Ask) -> int:
    return int(ask(connection, "select connection_id()")[0][0])


@contextmanager
def killing(killer: Any, verb: str, number: int, ask: Ask) -> Iterator[None]:
    """Send a KILL as soon as the other connection runs something."""

    def wait_and_kill() -> None:
        running = (
            "select count(*) from mo_catalog.mo_sessions "
            f"where conn_id = {number} and info not like 'select connection_id%'"
        )
        while ask(killer, running) == [(0,)]:
            time.sleep(0.01)
        ask(killer, f"{verb} {number}")

    thread = threading.Thread(target=wait_and_kill)
    thread.start()
    try:
        yield
    finally:
        thread.join()


def _fail(connection: Any, ask: Ask, failed: list[BaseException]) -> None:
    try:
        ask(connection, "create database e clone d")
    except pymysql.err.Error as error:
        failed.append(error)
