"""Moments as people write them: `just before 14:05 Berlin`, or how long ago."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from moclone_tui.api import Moment
from moclone_tui.api.names import utc
from moclone_tui.cloning.zones import find_zone, in_zone
from moclone_tui.errors import InvalidName
from moclone_tui.text import age, safe

_BEFORE = re.compile(r"(?:just|right)\s+before\s+", re.IGNORECASE)
_SPAN = re.compile(r"(\d{1,9}|an?(?=\s))\s*([a-z]+)", re.IGNORECASE)
_AGO = re.compile(rf"((?:{_SPAN.pattern},?\s*(?:and\s+)?)+)ago", re.IGNORECASE)
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
_WRITTEN = re.compile(
    r"""(?:(?P<day>today|yesterday|\d{4}-\d\d-\d\d|\d{1,2}\s+[a-z]{3,9}(?:\s+\d{4})?)
        (?:[,\sT]\s*(?:at\s+)?|$))?
    (?:(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:\.(?P<part>\d{1,9}))?)?
        (?!\d))?
    (?:\s*(?:in\s+)?(?P<zone>[a-z+-].*))?""",
    re.IGNORECASE | re.VERBOSE,
)
_CLOCK = ("hour", "minute", "second")
_EXAMPLES = (
    "Write 2026-01-31T12:00:00Z, yesterday 18:00 Berlin, just before 14:05 UTC, "
    'seconds or nanoseconds since 1970, or "10 minutes ago".'
)


@dataclass(frozen=True, slots=True)
class Typed:
    """A time that was written, read."""

    moment: Moment
    words: str
    """The same said back, fit to show: in UTC, with its age, and what was assumed."""


def parse_moment(
    text: str, now: dt.datetime, default: dt.tzinfo | None = None
) -> Moment:
    """Read a time as people write it.

    Args:
        text: What was written: a date and a time with a zone (`Z`, `+02:00`, `Berlin`,
            `local`), `yesterday 18:00 UTC`, (nano)seconds since 1970, `10 minutes ago`;
            with `just before` ahead of it, the last moment before that.
        now: The server's clock, with its zone: what is "ago" counts from it.
        default: The zone of what has none; without one, that is refused.

    Raises:
        InvalidName: It is no time, it has no zone, no such time was there or it was
            there twice, for the clocks were changed; or it lies in the future, where
            the server would take the present.
    """
    return read_moment(text, now, default).moment


def read_moment(text: str, now: dt.datetime, default: dt.tzinfo | None = None) -> Typed:
    """Read a time, and say it back; otherwise as `parse_moment`."""
    bare = text.strip()
    before = _BEFORE.match(bare)
    ns, zone, assumed = _read(bare[before.end() :] if before else bare, now, default)
    ns -= 1 if before else 0
    if ns > _since_1970(now):
        raise InvalidName(
            f"{safe(text)} lies in the future: at the server it is"
            f" {now.astimezone(dt.UTC):%Y-%m-%d %H:%M:%S} UTC.",
            remedy="Choose a moment that is past, as yesterday 18:00 UTC.",
        )
    if ns <= 0:
        raise InvalidName(f"{safe(text)} is before 1970.", remedy=_EXAMPLES)
    time = utc(ns + 1 if before else ns)
    said = f"{time:%Y-%m-%d %H:%M:%S} UTC · {age(time, now)}"
    if before:
        said = f"just before {said}"
    if zone is not None and zone.utcoffset(local := time.astimezone(zone)):
        said += f" · {local:%Y-%m-%d %H:%M:%S} {safe(str(zone))}"
    return Typed(Moment(ns=ns), said + (" · no zone was written" if assumed else ""))


def in_full(ns: int) -> str:
    """`2026-01-31 12:00:00 UTC`, with microseconds if there are any."""
    time = utc(ns)
    part = f".{time:%f}" if time.microsecond else ""
    return f"{time:%Y-%m-%d %H:%M:%S}{part} UTC"


def _read(
    text: str, now: dt.datetime, default: dt.tzinfo | None
) -> tuple[int, dt.tzinfo | None, bool]:
    """Nanoseconds since 1970, the zone it was written in, and whether that was not."""
    if _NANOSECONDS.fullmatch(text):
        return int(text), None, False
    if seconds := _SECONDS.fullmatch(text):
        return int(seconds[1]) * 10**9 + int(f"{seconds[2] or '':0<9}"), None, False
    if ago := _AGO.fullmatch(text):
        return _since_1970(now) - _span(ago[1], text) * 10**9, None, False
    try:
        time = dt.datetime.fromisoformat(text)
    except ValueError:
        pass
    else:
        if time.utcoffset() is not None:
            return _since_1970(time), time.tzinfo, False
    return _in_words(text, now, default)


def _span(text: str, whole: str) -> int:
    """Seconds of `1 h 30 min`."""
    seconds = 0
    for number, word in _SPAN.findall(text):
        unit = _UNITS.get(word.lower()) or _UNITS.get(word.lower().removesuffix("s"))
        if unit is None:
            raise _no_time(whole)
        seconds += unit * (1 if number[0] in "aA" else int(number))
    if seconds > 100 * 366 * 86400:
        raise _no_time(whole)
    return seconds


def _in_words(
    text: str, now: dt.datetime, default: dt.tzinfo | None
) -> tuple[int, dt.tzinfo, bool]:
    found = _WRITTEN.fullmatch(text)
    if found is None or not _says_when(found):
        raise _no_time(text)
    zone = find_zone(found["zone"]) if found["zone"] else default
    if zone is None:
        raise InvalidName(
            f"The time {safe(text)} has no zone.",
            remedy="Say which: a Z at its end for UTC, +02:00, or Berlin.",
        )
    try:
        day = _day(found["day"] or "today", now.astimezone(zone).date())
        hour, minute, second = (int(found[each] or 0) for each in _CLOCK)
        time = dt.time(hour, minute, second)
    except ValueError:
        raise _no_time(text) from None
    local = dt.datetime.combine(day, time)
    ns = _since_1970(in_zone(local, zone)) + int(f"{found['part'] or '':0<9}")
    return ns, zone, not found["zone"]


def _says_when(found: re.Match[str]) -> bool:
    """Whether it has a time, or a date that is one: of a word as `today` it is not."""
    return bool(found["hour"]) or (found["day"] or "t")[0].isdigit()


def _day(text: str, today: dt.date) -> dt.date:
    """A day, in words or figures; of no year, the last there was."""
    word = text.lower()
    if word in ("today", "yesterday"):
        return today - dt.timedelta(days=word == "yesterday")
    if "-" in word:
        return dt.date.fromisoformat(word)
    number, month, *year = word.split()
    months = [f"{dt.date(2000, each, 1):%B}".lower() for each in range(1, 13)]
    (at,) = (at for at, each in enumerate(months, 1) if each.startswith(month))
    if year:
        return dt.date(int(year[0]), at, int(number))
    day = dt.date(today.year, at, int(number))
    return day if day <= today else day.replace(year=today.year - 1)


def _no_time(text: str) -> InvalidName:
    return InvalidName(f"{safe(text)} is not a time.", remedy=_EXAMPLES)


def _since_1970(time: dt.datetime) -> int:
    passed = time - dt.datetime.fromtimestamp(0, dt.UTC)
    return passed // dt.timedelta(microseconds=1) * 1000
