"""The server's clock: real time, or a chosen moment at which it all but stands."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

SECOND = 1_000_000_000
MICROSECOND = 1_000


class Clock:
    """Tells the server's time in nanoseconds since the epoch, UTC."""

    def __init__(self, start: datetime | None = None) -> None:
        """Tell the machine's own time; or `start`, and a microsecond more at each look.

        What is done at a chosen moment is then told the same however long it takes.
        """
        self._chosen = None if start is None else int(start.timestamp()) * SECOND
        self._fixed: int | None = None

    def now(self) -> int:
        """The present."""
        if self._fixed is not None:
            return self._fixed
        if self._chosen is None:
            return time.time_ns()
        self._chosen += MICROSECOND
        return self._chosen

    @contextmanager
    def at(self, moment: int) -> Iterator[None]:
        """Make it `moment` for a while, to load what happened then."""
        self._fixed = moment
        try:
            yield
        finally:
            self._fixed = None


def to_datetime(ns: int) -> datetime:
    """A moment as an aware datetime, to the microsecond."""
    return datetime.fromtimestamp(ns // SECOND, UTC).replace(
        microsecond=ns % SECOND // 1000
    )


def to_seconds_text(ns: int) -> str:
    """A moment as `YYYY-MM-DD HH:MM:SS`."""
    return to_datetime(ns).strftime("%Y-%m-%d %H:%M:%S")


def to_full_text(ns: int) -> str:
    """A moment with its nanoseconds, trailing zeros cut."""
    fraction = f"{ns % SECOND:09d}".rstrip("0")
    return to_seconds_text(ns) + (f".{fraction}" if fraction else "")


def parse_utc(text: str) -> int | None:
    """Read a UTC date and time; None when it is not one."""
    body, _, fraction = text.strip().partition(".")
    try:
        moment = datetime.fromisoformat(body).replace(tzinfo=UTC)
        nanoseconds = int(fraction.ljust(9, "0")[:9]) if fraction else 0
    except ValueError:
        return None
    return int(moment.timestamp()) * SECOND + nanoseconds
