"""Moments as people write them: a time with its zone, or how long ago."""

from __future__ import annotations

import datetime as dt
import re

from moclone_tui.api import Moment
from moclone_tui.errors import InvalidName
from moclone_tui.text import safe

_AGO = re.compile(r"(\d{1,9})\s*([a-z]+)\s+ago", re.IGNORECASE)
_UNITS = {
    "s": 1,
    "sec": 1,
    "second": 1,
    "m": 60,
    "min": 60,
    "minute": 60,
    "h": 3600,
    "hour": 3600,
    "d": 86400,
    "day": 86400,
    "w": 604800,
    "week": 604800,
}
_SECONDS = re.compile(r"(\d{9,11})(?:\.(\d{1,9}))?")
_NANOSECONDS = re.compile(r"\d{18,19}")
_EXAMPLES = (
    "Write 2026-01-31T12:00:00Z, 2026-01-31 13:00:00+01:00, seconds or nanoseconds "
    'since 1970, or "10 minutes ago".'
)


def parse_moment(text: str, now: dt.datetime) -> Moment:
    """Read a time: with its zone, in (nano)seconds since 1970, or `10 minutes ago`.

    Args:
        text: What was written.
        now: The server's clock, with its zone: what is "ago" counts from it.

    Raises:
        InvalidName: It is no time, it has no zone, or it lies in the future, where the
            server would take the present.
    """
    ns = _nanoseconds(text.strip(), now)
    if ns > _since_1970(now):
        raise InvalidName(
            f"{safe(text)} lies in the future: at the server it is"
            f" {now.astimezone(dt.UTC):%Y-%m-%d %H:%M:%S} UTC.",
            remedy="Choose a moment that is past.",
        )
    return Moment(ns=ns)


def _nanoseconds(text: str, now: dt.datetime) -> int:
    if _NANOSECONDS.fullmatch(text):
        return int(text)
    if seconds := _SECONDS.fullmatch(text):
        return int(seconds[1]) * 10**9 + int(f"{seconds[2] or '':0<9}")
    if ago := _AGO.fullmatch(text):
        word = ago[2].lower()
        unit = _UNITS.get(word) or _UNITS.get(word.removesuffix("s"))
        ns = _since_1970(now) - int(ago[1]) * (unit or 0) * 10**9
        if unit and ns > 0:
            return ns
    try:
        time = dt.datetime.fromisoformat(text)
    except ValueError:
        raise InvalidName(f"{safe(text)} is not a time.", remedy=_EXAMPLES) from None
    if time.utcoffset() is None:
        raise InvalidName(
            f"The time {safe(text)} has no zone.",
            remedy="Say which: a Z at its end for UTC, or +02:00.",
        )
    if (ns := _since_1970(time)) <= 0:
        raise InvalidName(f"{safe(text)} is before 1970.", remedy=_EXAMPLES)
    return ns


def _since_1970(time: dt.datetime) -> int:
    passed = time - dt.datetime.fromtimestamp(0, dt.UTC)
    return passed // dt.timedelta(microseconds=1) * 1000
