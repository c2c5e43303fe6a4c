"""A real pseudo-terminal with moclone in it, read the way an eye reads it."""

from __future__ import annotations

import os
import re
import signal
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pexpect
import pyte

PATIENCE = 30.0
MOCLONE = (sys.executable, "-m", "moclone_tui")
_TO_ESCAPE = {
    "enter": "\r",
    "escape": "\x1b",
    "tab": "\t",
    "down": "\x1b[B",
    "up": "\x1b[A",
    "ctrl+s": "\x13",
    "ctrl+o": "\x0f",
    "ctrl+q": "\x11",
    "ctrl+c": "\x03",
}
_ALTERNATE, _MOUSE, _CURSOR = "1049", "1000", "25"


class Terminal:
    """moclone in a terminal of its own.

    Args:
        command: The program and its arguments.
        environ: Variables on top of the test's own.
        home: The home directory of the program, for its configuration.
        size: Columns and lines.
    """

    def __init__(
        self,
        command: Sequence[str],
        *,
        home: Path,
        environ: Mapping[str, str] | None = None,
        size: tuple[int, int] = (80, 24),
    ) -> None:
        kept = ("PATH", "LANG", "COVERAGE_PROCESS_START")
        inherited = {name: os.environ[name] for name in kept if name in os.environ}
        env = {
            **inherited,
            "HOME": str(home),
            "XDG_CONFIG_HOME": str(home / "config"),
            "XDG_STATE_HOME": str(home / "state"),
            "TERM": "xterm-256color",
            "LC_ALL": "C.UTF-8",
            "PYTHONWARNINGS": "error",
            **(environ or {}),
        }
        columns, lines = size
        self._screen = pyte.Screen(columns, lines)
        self._stream = pyte.ByteStream(self._screen)
        self.raw = b""
        """Everything it ever wrote."""
        self.child = pexpect.spawn(
            command[0],
            list(command[1:]),
            env=env,
            cwd=str(home),
            dimensions=(lines, columns),
            timeout=PATIENCE,
        )

    # Reading

    @property
    def lines(self) -> list[str]:
        """The screen, line by line."""
        return [line.rstrip() for line in self._screen.display]

    @property
    def text(self) -> str:
        """The screen as one text."""
        return "\n".join(self.lines)

    def drink(self) -> bool:
        """Take in what it has written; False at the end."""
        try:
            data = self.child.read_nonblocking(65536, timeout=0.05)
        except pexpect.TIMEOUT:
            return True
        except pexpect.EOF:
            return False
        self.raw += data
        self._stream.feed(re.sub(rb"\x1b\[[<>=][0-9;]*[a-zA-Z]", b"", data))
        return True

    def until(self, condition: Callable[[], bool], what: str) -> None:
        """Wait for something to be so."""
        deadline = time.monotonic() + PATIENCE
        while not condition():
            assert time.monotonic() < deadline, f"{what}: too late\n{self.text}"
            if not self.drink():
                assert condition(), f"{what}: it has ended\n{self.text}"

    def until_seen(self, *words: str) -> None:
        """Wait until all of these words are on screen."""
        self.until(lambda: all(each in self.text for each in words), f"see {words}")

    def until_ended(self, within: float = PATIENCE) -> int:
        """Wait for the program to end; gives its exit code, negative for a signal."""
        deadline = time.monotonic() + within
        while self.drink():
            assert time.monotonic() < deadline, f"it goes on\n{self.text}"
        self.child.wait()
        if self.child.exitstatus is None:
            return -int(self.child.signalstatus or 0)
        return int(self.child.exitstatus)

    # Doing

    def press(self, *keys: str) -> None:
        """Press keys, one by one."""
        for key in keys:
            self.child.send(_TO_ESCAPE.get(key, key))
            self.drink()

    def type(self, text: str) -> None:
        """Type a text."""
        self.child.send(text)

    def resize(self, columns: int, lines: int) -> None:
        """Make the terminal another size."""
        self._screen.resize(lines, columns)
        self.child.setwinsize(lines, columns)

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the program."""
        self.child.kill(number)

    def hang_up(self) -> None:
        """Close the window: the program hears SIGHUP, and can write no more."""
        self.child.ptyproc.fileobj.close()
        self.child.closed = self.child.ptyproc.closed = True

    def close(self) -> None:
        """End it, however it stands."""
        self.child.close(force=True)

    # What it leaves behind

    def assert_restored(self) -> None:
        """The alternate screen is left, mouse off, cursor shown."""
        modes: dict[str, str] = {}
        for numbers, switch in re.findall(rb"\x1b\[\?([0-9;]+)([hl])", self.raw):
            for number in numbers.decode().split(";"):
                modes[number] = switch.decode()
        assert modes[_ALTERNATE] == "l", "still in the alternate screen"
        assert modes.get(_MOUSE, "l") == "l", "the mouse is still taken"
        assert modes.get(_CURSOR, "h") == "h", "the cursor is hidden"
        assert b"Traceback" not in self.raw
