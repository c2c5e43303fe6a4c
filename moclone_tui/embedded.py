"""Starts and stops the embedded server, as a child process.

The server itself is `moclone_tui.demo`; nothing imports it. The child ends when its
standard input closes, so it never outlives the program that started it.
"""

from __future__ import annotations

import contextlib
import importlib.util
import json
import subprocess
import sys
import threading
from collections.abc import Sequence
from types import TracebackType
from typing import Any, Self

from moclone_tui.errors import MocloneError


def missing() -> str | None:
    """Why the embedded server cannot run here, in words; None if it can."""
    lacking = [
        name
        for module, name in (("mysql_mimic", "mysql-mimic"), ("sqlglot", "sqlglot"))
        if importlib.util.find_spec(module) is None
    ]
    if not lacking:
        return None
    return f"The demo needs {' and '.join(lacking)}: pip install 'moclone-tui[demo]'"


class EmbeddedServer:
    """A server of one's own on 127.0.0.1, at a free port, with a random password.

    Starting it takes about a second; the constructor does not wait for that.

    Args:
        options: As the command line takes them: `--empty`, `--slow SECONDS`, …

    Raises:
        MocloneError: The packages it needs are not installed.
    """

    user = "root"

    def __init__(self, options: Sequence[str] = ()) -> None:
        if reason := missing():
            raise MocloneError(reason)
        self._process = subprocess.Popen(  # noqa: S603 our own module, no shell
            [sys.executable, "-m", "moclone_tui.demo", *options],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self._greeting: dict[str, Any] | None = None
        self._lock = threading.Lock()

    @property
    def greeting(self) -> dict[str, Any]:
        """What it said when it was ready: host, port, user, password, version.

        Waits until then.

        Raises:
            MocloneError: It did not come up; with its last words.
        """
        with self._lock:
            if self._greeting is None:
                line = self._process.stdout.readline() if self._process.stdout else ""
                if not line:
                    raise MocloneError(
                        "The embedded server did not come up: " + self._last_words()
                    )
                self._greeting = json.loads(line)
            return self._greeting

    def _last_words(self) -> str:
        words = self._process.stderr.read() if self._process.stderr else ""
        lines = words.strip().splitlines()
        return lines[-1] if lines else f"it ended with {self._process.wait()}"

    @property
    def host(self) -> str:
        """Where it listens."""
        return str(self.greeting["host"])

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self.greeting["port"])

    @property
    def password(self) -> str:
        """The password of `user`."""
        return str(self.greeting["password"])

    @property
    def pid(self) -> int:
        """The number of its process."""
        return self._process.pid

    def stop(self) -> None:
        """End it; nothing of it stays."""
        process = self._process
        if process.stdin is not None:
            with contextlib.suppress(OSError):
                process.stdin.close()
        if self._greeting is None:
            process.kill()  # it does not listen yet
        try:
            process.wait(2)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        for stream in (process.stdout, process.stderr):
            if stream is not None:
                stream.close()

    def __enter__(self) -> Self:
        """Wait until it is ready; end it if it does not come up."""
        try:
            _ = self.greeting
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End it."""
        self.stop()
