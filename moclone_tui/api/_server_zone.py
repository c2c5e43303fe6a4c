"""Times as the server writes them: UTC on our side, its local zones on the other.

Two zones are in play, and may differ: that of the server's process, in which the times
of RESTORE … FROM PITR are read, and that of the session, in which SHOW PITR writes
(measured: a process in New York, and sessions at +08:00).
"""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Iterable, Iterator

from moclone_tui.api import restore_sql as statements
from moclone_tui.api._connected import Connected
from moclone_tui.errors import InvalidName

_PROCESS = "SYSTEM"
_SHIFTS = (1800, 3600)
"""By how much zones put their clocks back, in seconds."""


def check_aware(at: dt.datetime) -> dt.datetime:
    """Insist that a time has a zone; gives it back in UTC.

    Raises:
        InvalidName: It has none, so that nobody knows when it is.
    """
    if at.utcoffset() is None:
        raise InvalidName(
            f"The time {at:%Y-%m-%d %H:%M:%S} has no zone.",
            remedy="Give it one: datetime(…, tzinfo=timezone.utc).",
        )
    return at.astimezone(dt.UTC)


def process_time(client: Connected, at: dt.datetime) -> str:
    """An aware time as local time of the server's process, whole microseconds kept.

    Raises:
        InvalidName: It has no zone, or its local time occurs twice there, when the
            clocks are put back: the server could take it for the other.
    """
    moment = check_aware(at)
    seconds = int(moment.replace(microsecond=0).timestamp())
    around = [seconds, *(seconds + by * sign for by in _SHIFTS for sign in (-1, 1))]
    with _process_zone(client):
        found = client.execute(statements.local_times(len(around)), around).first
    local, *others = (str(value) for value in found)
    if local in others:
        raise InvalidName(
            f"{moment:%Y-%m-%d %H:%M:%S} UTC is {local} at the server, a time that "
            "occurs twice there: the clocks are put back.",
            remedy="Take a time an hour earlier or later, or clone at that moment.",
        )
    return f"{local[:19]}.{moment:%f}" if moment.microsecond else local[:19]


@contextlib.contextmanager
def _process_zone(client: Connected) -> Iterator[None]:
    """Have the session in the zone of the server's process; it mostly is."""
    zone = str(client.execute(statements.TIME_ZONE).first[0])
    if zone == _PROCESS:
        yield
        return
    client.execute(statements.set_time_zone(_PROCESS))
    try:
        yield
    finally:
        client.execute(statements.set_time_zone(zone))


def session_times(
    client: Connected, moments: Iterable[object]
) -> dict[object, dt.datetime]:
    """Local times of the session, as the server wrote them, in UTC: one round trip."""
    distinct = list(dict.fromkeys(moments))
    if not distinct:
        return {}
    found = client.execute(
        statements.unix_times(len(distinct)), [str(moment) for moment in distinct]
    ).first
    return {
        moment: dt.datetime.fromtimestamp(int(unix), dt.UTC)
        for moment, unix in zip(distinct, found, strict=True)
    }
