"""Time zones as people name them, and local times that are there once and only once."""

from __future__ import annotations

import datetime as dt
import re
import zoneinfo
from functools import lru_cache

from moclone_tui.errors import InvalidName
from moclone_tui.text import safe

_OFFSET = re.compile(r"(?:utc|gmt)?\s*([+-])(\d{1,2})(?::?([0-5]\d))?", re.IGNORECASE)


class _Local(dt.tzinfo):
    """The zone of this machine, with all its changes of the clock."""

    def utcoffset(self, time: dt.datetime | None) -> dt.timedelta | None:
        return (time or dt.datetime.now()).replace(tzinfo=None).astimezone().utcoffset()  # noqa: DTZ005

    def dst(self, _: dt.datetime | None) -> dt.timedelta | None:
        return None

    def tzname(self, _: dt.datetime | None) -> str:
        return "local time"

    def fromutc(self, time: dt.datetime) -> dt.datetime:
        return time.replace(tzinfo=dt.UTC).astimezone().replace(tzinfo=self)

    def __str__(self) -> str:
        return "local time"


LOCAL = _Local()
"""The zone of this machine."""


def find_zone(text: str) -> dt.tzinfo:
    """A zone by its name: `UTC`, `+02:00`, `local`, `Europe/Berlin`, `berlin`.

    Raises:
        InvalidName: There is none of that name, or more than one.
    """
    name = text.strip()
    word = name.lower().replace(" ", "_")
    if word in ("z", "utc", "gmt"):
        return dt.UTC
    if word in ("local", "local_time"):
        return LOCAL
    if offset := _OFFSET.fullmatch(name):
        return _fixed(offset, name)
    exact, last = _names()
    found = exact.get(word) or last.get(word, ())
    if len(found) == 1:
        return zoneinfo.ZoneInfo(found[0])
    if found:
        raise InvalidName(
            f"There are {len(found)} zones of the name {safe(name)}.",
            remedy=f"Write which: {', '.join(found)}.",
        )
    raise InvalidName(
        f"{safe(name)} is not a time zone that is known here.",
        remedy="Write UTC, local, an offset as +02:00, or a name as Europe/Berlin.",
    )


def in_zone(local: dt.datetime, zone: dt.tzinfo) -> dt.datetime:
    """A local time in its zone.

    Raises:
        InvalidName: The clocks were changed: it was not there, or it was there twice.
    """
    first, second = (local.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    if first.utcoffset() == second.utcoffset():
        return first
    where = f"{local:%Y-%m-%d %H:%M:%S} in {safe(str(zone))}"
    if first.astimezone(dt.UTC).astimezone(zone).replace(tzinfo=None) != local:
        raise InvalidName(
            f"There was no {where}: the clocks were put forward over it.",
            remedy="Write a time that there was, or one in UTC.",
        )
    both = " or ".join(time.isoformat()[11:] for time in (first, second))
    raise InvalidName(
        f"{where} was there twice: the clocks were put back.",
        remedy=f"Write which of them, with its offset: {both}.",
    )


def _fixed(offset: re.Match[str], name: str) -> dt.tzinfo:
    minutes = int(offset[2]) * 60 + int(offset[3] or 0)
    if minutes >= 1440:
        raise InvalidName(f"{safe(name)} is no offset: it is more than a day.")
    return dt.timezone(dt.timedelta(minutes=-minutes if offset[1] == "-" else minutes))


@lru_cache(maxsize=1)
def _names() -> tuple[dict[str, tuple[str, ...]], dict[str, tuple[str, ...]]]:
    """The zones that are known here: by their names, and by the ends of these."""
    exact: dict[str, tuple[str, ...]] = {}
    last: dict[str, tuple[str, ...]] = {}
    for name in sorted(zoneinfo.available_timezones()):
        exact[name.lower()] = (name,)
        end = name.rpartition("/")[2].lower()
        last[end] = (*last.get(end, ()), name)
    return exact, last
