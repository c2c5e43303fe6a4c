"""Commands in a real terminal: the line that changes, and Ctrl-C."""

from __future__ import annotations

import os
import re
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from moclone_tui.api import Client
from moclone_tui.embedded import EmbeddedServer

from .conftest import Open
from .terminal import MOCLONE, Terminal

CTRL_C = "\x03"


@pytest.fixture(scope="module")
def slow() -> Iterator[EmbeddedServer]:
    """A server where every clone takes half a minute, unless it is cancelled."""
    with EmbeddedServer(["--slow", "30"]) as started:
        yield started


def clone(open_terminal: Open, server: EmbeddedServer, target: str) -> Terminal:
    """Begin to clone, and wait until it is under way."""
    terminal = open_terminal(
        "clone", "blog", target, "--host", server.host, "--port", str(server.port),
        environ={"MOCLONE_PASSWORD": server.password},
    )  # fmt: skip
    terminal.until_seen("CREATE DATABASE")
    return terminal


def databases(server: EmbeddedServer) -> set[str]:
    with Client(server.host, server.port, password=server.password) as client:
        return {each.name for each in client.metadata.databases()}


def test_ctrl_c_once_asks_the_server_to_stop(
    open_terminal: Open, slow: EmbeddedServer
) -> None:
    terminal = clone(open_terminal, slow, "once")
    terminal.type(CTRL_C)
    assert terminal.until_ended() == 130
    assert "the server is asked to stop; Ctrl-C again leaves at once" in terminal.text
    assert "cancelled; the server rolled it back" in terminal.text
    assert "once" not in databases(slow)
    assert "steps" not in terminal.text, "the line that changes is gone"


def test_ctrl_c_twice_leaves_at_once(open_terminal: Open) -> None:
    """The server does not answer: else the first Ctrl-C would end the job in time."""
    with EmbeddedServer(["--slow", "30"]) as deaf:
        terminal = clone(open_terminal, deaf, "twice")
        os.kill(deaf.pid, signal.SIGSTOP)
        try:
            terminal.type(CTRL_C)
            terminal.until_seen("Ctrl-C again leaves at once")
            terminal.type(CTRL_C)
            assert terminal.until_ended(within=8) == 130
        finally:
            os.kill(deaf.pid, signal.SIGCONT)
        assert "the server may go on, or roll it back" in terminal.text
        assert "moclone jobs --settle" in terminal.text
        assert b"Traceback" not in terminal.raw


def test_how_far_it_is_and_then_only_what_was_done(
    open_terminal: Open, server: EmbeddedServer
) -> None:
    terminal = open_terminal(
        "clone", "blog", "told", "--host", server.host, "--port", str(server.port),
        environ={"MOCLONE_PASSWORD": server.password}, size=(120, 24),
    )  # fmt: skip
    assert terminal.until_ended() == 0
    assert terminal.lines[-1] == ""
    lines = [line for line in terminal.lines if line]
    assert lines[-1].startswith("clone blog → told: verified: counts")
    assert all(re.match(r"\d\d:\d\d:\d\d ", line) for line in lines[:-1]), lines
    assert b"\r\x1b[K" in terminal.raw


def test_nothing_is_written_anew_into_a_pipe(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    where = ("--host", server.host, "--port", str(server.port))
    done = subprocess.run(
        [*MOCLONE, "clone", "blog", "piped", *where],
        env={
            "HOME": str(tmp_path),
            "LC_ALL": "C.UTF-8",
            "MOCLONE_PASSWORD": server.password,
            "TERM": "xterm",
        },
        capture_output=True,
        timeout=30,
        check=True,
    )
    assert b"\r" not in done.stderr
    assert b"\x1b" not in done.stderr
    assert b"COMMIT" in done.stderr
