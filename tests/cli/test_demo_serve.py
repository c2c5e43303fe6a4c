"""`moclone demo --serve`: one line of JSON, and no process left behind."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from moclone_tui import Client, ConnectionError
from moclone_tui.embedded import EmbeddedServer
from moclone_tui.errors import MocloneError

Process = subprocess.Popen[str]


@contextmanager
def serving(*options: str) -> Iterator[tuple[Process, dict[str, Any]]]:
    """A server as a shell starts it, and what it said."""
    with subprocess.Popen(
        [sys.executable, "-m", "moclone_tui", "demo", "--serve", *options],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        try:
            yield process, json.loads(process.stdout.readline())
        finally:
            if process.poll() is None:
                process.kill()


def address(said: dict[str, Any]) -> dict[str, Any]:
    return {key: said[key] for key in ("host", "port", "user", "password")}


def end_of(process: Process) -> tuple[str, str]:
    """What it said beside the one line, once it has ended."""
    out, err = process.communicate(timeout=15)
    return out, err


def test_it_says_where_in_one_line_and_ends_with_its_input() -> None:
    with serving() as (process, said):
        assert set(said) == {"host", "port", "user", "password", "pid", "version"}
        assert said["pid"] == process.pid
        with Client(**address(said)) as client:
            databases = {entry.name for entry in client.metadata.databases()}
            assert client.capabilities.shown == f"MatrixOne {said['version']}"
        assert "shop" in databases
        assert end_of(process) == ("", "")
        assert process.returncode == 0
    with pytest.raises(ConnectionError):
        Client(**address(said))


def test_empty_leaves_the_sample_data_out() -> None:
    with serving("--empty") as (process, said):
        with Client(**address(said)) as client:
            assert all(entry.system for entry in client.metadata.databases())
        end_of(process)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_without_noise(number: signal.Signals) -> None:
    with serving("--empty") as (process, said), Client(**address(said)):
        process.send_signal(number)
        assert process.wait(15) == 0
        assert process.stderr is not None
        assert process.stderr.read() == ""


def test_a_client_that_is_connected_does_not_keep_it_alive() -> None:
    with serving("--empty") as (process, said), Client(**address(said)) as client:
        assert process.stdin is not None
        process.stdin.close()
        process.stdin = None
        assert process.wait(15) == 0
        with pytest.raises(ConnectionError):
            client.execute("SELECT 1")


def test_two_servers_have_two_ports_and_passwords() -> None:
    with EmbeddedServer(["--empty"]) as one, EmbeddedServer(["--empty"]) as two:
        assert one.port != two.port
        assert one.password != two.password
        assert len(one.password) >= 12


def test_a_server_that_was_stopped_is_gone() -> None:
    server = EmbeddedServer(["--empty"])
    port, password = server.port, server.password
    server.stop()
    server.stop()
    with pytest.raises(ConnectionError):
        Client("127.0.0.1", port, "root", password)


def test_a_server_that_does_not_come_up_tells_its_last_words() -> None:
    server = EmbeddedServer(["--nonsense"])
    with pytest.raises(MocloneError, match=r"did not come up: .*nonsense"):
        _ = server.greeting
    server.stop()
