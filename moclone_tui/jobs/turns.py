"""Whose turn it is: a few at once, in the order they asked."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Turns:
    """Lets threads through, first come, first served.

    Args:
        limit: How many are let through at once.
    """

    def __init__(self, limit: int) -> None:
        self._free = limit
        self._line: list[int] = []
        self._changed = threading.Condition()

    def line_up(self, number: int) -> None:
        """Stand at the end of the line; every number stands there once."""
        with self._changed:
            self._line.append(number)

    @contextmanager
    def turn(self, number: int) -> Iterator[None]:
        """Wait for the turn of a number that stands in line, and have it."""
        with self._changed:
            self._changed.wait_for(lambda: self._free and self._line[0] == number)
            self._free -= 1
            self._leave(number)
        try:
            yield
        finally:
            with self._changed:
                self._free += 1
                self._changed.notify_all()

    def give_up(self, number: int) -> None:
        """Leave the line, if one still stands in it."""
        with self._changed:
            if number in self._line:
                self._leave(number)

    def _leave(self, number: int) -> None:
        self._line.remove(number)
        self._changed.notify_all()
