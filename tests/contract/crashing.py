"""A moclone that is killed at a statement of one's choice, and what it wrote down."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from moclone_tui import Client
from moclone_tui.cloning.activity import ran_of_job
from moclone_tui.jobs.records import JobRecord, read
from moclone_tui.jobs.settle import Settled, settle
from tests.tui.servers import Proxy

if TYPE_CHECKING:
    from tests.conftest import Server


@dataclass
class Bench:
    """A server behind a proxy, and processes with a journal of their own."""

    server: Server
    proxy: Proxy
    home: Path
    started: list[subprocess.Popen[str]] = field(default_factory=list)

    @property
    def folder(self) -> Path:
        """The journal's."""
        return self.home / "moclone"

    @property
    def environ(self) -> dict[str, str]:
        """What leads a moclone to the proxy and the journal."""
        return os.environ | {
            "XDG_STATE_HOME": str(self.home),
            "MOCLONE_HOST": "127.0.0.1",
            "MOCLONE_PORT": str(self.proxy.port),
            "MOCLONE_USER": self.server.user,
            "MOCLONE_PASSWORD": self.server.password,
        }

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Start Python, as `-m moclone_tui …`."""
        self.started.append(
            subprocess.Popen(
                [sys.executable, *arguments],
                env=self.environ,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
        )
        return self.started[-1]

    def moclone(self, *arguments: str) -> tuple[int, str, str]:
        """Run moclone to its end: code, stdout, stderr."""
        process = self.start("-m", "moclone_tui", *arguments)
        out, err = process.communicate(timeout=60)
        return process.returncode, out, err

    def kill_at(self, pattern: str, *arguments: str, reached: bool) -> None:
        """Start moclone, and kill -9 it when it sends a statement.

        Args:
            pattern: The beginning of the statement, behind its comment.
            arguments: The command line of Python.
            reached: Whether the server gets the statement all the same.
        """
        self.at(pattern, self._kill, reached=reached)
        process = self.start(*arguments)
        out, err = process.communicate(timeout=60)
        assert process.returncode == -signal.SIGKILL, out + err
        self.proxy.before = lambda _: None

    def cut(self) -> None:
        """Cut the lines between the processes and the proxy."""
        for visitor in self.proxy._pairs[::2]:
            with contextlib.suppress(OSError):
                visitor.shutdown(socket.SHUT_RDWR)

    def _kill(self) -> None:
        self.started[-1].kill()
        self.started[-1].wait(10)

    def at(self, pattern: str, do: Callable[[], object], *, reached: bool) -> None:
        """Do something when a statement is sent; it may be kept from the server."""
        wanted = re.compile(rf"(?s)(/\*.*?\*/ )?{pattern}")

        def before(statement: str) -> None:
            if wanted.match(statement):
                do()
                if not reached:
                    raise OSError("the line is cut")

        self.proxy.before = before

    def job(self) -> JobRecord:
        """The newest job in the journal."""
        return read(self.folder)[0]

    def grow_old(self, minutes: int) -> None:
        """Let what the journal tells have happened longer ago."""

        def earlier(found: re.Match[str]) -> str:
            time = dt.datetime.fromisoformat(found[1]) - dt.timedelta(minutes=minutes)
            return f'"time": "{time.isoformat()}"'

        for file in self.folder.iterdir():
            file.write_text(re.sub(r'"time": "([^"]*)"', earlier, file.read_text()))

    def until_noted(self, client: Client) -> None:
        """Wait until the server remembers what the newest job sent."""
        deadline = time.monotonic() + 40
        while not ran_of_job(client, self.job().job, time.time() - 3600, time.time()):
            assert time.monotonic() < deadline
            time.sleep(0.5)

    def settle(self, client: Client, patience: float = 30) -> Settled:
        """What became of the only open job, once that can be told."""
        deadline = time.monotonic() + patience
        while True:
            (found,) = settle(client, self.folder, self.job().place)
            if found.state is not None:
                return found
            assert time.monotonic() < deadline, found.words
            time.sleep(0.2)


@pytest.fixture
def bench(server: Server, tmp_path: Path) -> Iterator[Bench]:
    """A bench on each server of this run."""
    proxy = Proxy(server.port)
    made = Bench(server, proxy, tmp_path)
    yield made
    for each in made.started:
        each.kill()
        each.communicate()
    proxy.close()
