"""How a job is told of on stderr while it runs: lines, and one that changes."""

from __future__ import annotations

import contextlib
import os
import sys
import threading
import time
from collections.abc import Callable
from typing import TextIO

from moclone_tui import text
from moclone_tui.jobs.model import JobEvent, JobState
from moclone_tui.jobs.pace import bar

_ANEW = "\r\x1b[K"
_BAR, _WIDEST = 12, 120
_FREE = 3
"""Cells left free at the end: for the ^C that a terminal shows."""


class Narrator:
    """Tells how a job goes, on stderr: a line for each thing that happened.

    On a terminal there is one more line below them, which says how far it is and is
    written anew again and again. It may be called from any thread.

    Args:
        stream: Where to tell it; stderr if None.
        watch: Seconds, as the job is measured by.
    """

    def __init__(
        self,
        stream: TextIO | None = None,
        watch: Callable[[], float] = time.monotonic,
    ) -> None:
        self._stream = stream or sys.stderr
        self._watch = watch
        self._lives = _can_rewrite(self._stream)
        self._lock = threading.RLock()
        self._live: JobEvent | None = None
        self._beats = 0

    def hear(self, event: JobEvent) -> None:
        """Something happened."""
        with self._lock:
            going = event.pace is not None and not event.state.ended
            self._live = event if going else None
            if event.text not in ("queued", ""):
                took = "" if event.seconds is None else text.seconds(event.seconds)
                self.say(f"{event.at:%H:%M:%S} {took:>7}  {event.text}")

    def say(self, words: str) -> None:
        """Write a line of its own."""
        with self._lock:
            self._write(f"{_ANEW if self._lives else ''}{text.safe(words)}\n")
            self.beat()

    def beat(self) -> None:
        """Say how far it is, if something goes on."""
        with self._lock:
            if self._lives and self._live is not None:
                self._beats += 1
                self._write(_ANEW + self._progress(self._live))

    def close(self) -> None:
        """Take the line away that says how far it is."""
        with self._lock:
            if self._lives and self._live is not None:
                self._write(_ANEW)
            self._live = None

    def _write(self, words: str) -> None:
        with contextlib.suppress(OSError):  # nobody listens any more
            self._stream.write(words)
            self._stream.flush()

    def _progress(self, event: JobEvent) -> str:
        """What it does now, how far it is, and a bar, in one line of the terminal."""
        pace = event.pace
        if pace is None:
            return ""
        now = self._watch()
        said = pace.words(now)
        facts = [part for part in said if part]
        if event.state is JobState.CANCELLING:
            facts = [part for part in (said.steps, said.elapsed, "cancelling") if part]
        else:
            facts.append(bar(pace.share(now), _BAR, self._beats))
        tail = "  ".join(facts)
        room = min(_columns(self._stream), _WIDEST) - _FREE - text.width(tail) - 2
        head = text.cut(text.safe(pace.running or event.title), room)
        return f"{head}{' ' * (room - text.width(head))}  {tail}"


def _can_rewrite(stream: TextIO) -> bool:
    """Whether it is a terminal where a line can be written anew."""
    if not stream.isatty() or os.environ.get("TERM") in (None, "", "dumb"):
        return False
    try:
        "▇→…".encode(stream.encoding)
    except UnicodeEncodeError:
        return False
    return True


def _columns(stream: TextIO) -> int:
    try:
        return os.get_terminal_size(stream.fileno()).columns or 80
    except OSError:
        return 80
