"""How far back: what can bring a database or a table back, and to when.

Three things keep the past: the server's own history, PITRs and snapshots. A time that
none of them covers may still be read, silently without rows that were let go (measured:
a table read as of three hours ago was empty on 3.0 and 4.2).
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from moclone_tui.api import (
    Moment,
    NotSupported,
    PermissionDenied,
    Pitr,
    PitrUnit,
    QueryError,
    Snapshot,
    SnapshotLevel,
    TableName,
)
from moclone_tui.api._connected import Connected
from moclone_tui.api._restoring import covers
from moclone_tui.api.names import fold, utc
from moclone_tui.cloning import queries
from moclone_tui.cloning.identity import Object, look_up
from moclone_tui.cloning.look import clock_of
from moclone_tui.text import plural, safe

USUAL = dt.timedelta(hours=1)
"""What a server keeps of itself unless it is told otherwise (3.0.18 and 4.2.0)."""

HISTORY = "server history"
_CHECKED = 20
"""Of how many snapshots it is asked whether they hold an object."""

_NO_WAY_BACK = "A PITR or a snapshot keeps what comes, nothing from before it is made."
_DURATION = re.compile(r"(\d+(?:\.\d+)?)(h|ms|m|s)")
_SECONDS = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 0.001}


@dataclass(frozen=True, slots=True)
class Window:
    """A span of time any moment of which can be gone back to."""

    start: dt.datetime
    """From when on, UTC."""
    end: dt.datetime | None = None
    """Up to when; None if it goes on."""
    pitr: Pitr | None = None
    """The PITR that keeps it; None for the server's own history."""
    dead: str = ""
    """Why it protects nothing of what is there now; empty if it does."""
    told: bool = True
    """Whether its reach is the server's word; else it is what servers usually have."""

    @property
    def name(self) -> str:
        """What it is called: the PITR's name, or `server history`."""
        return self.pitr.name if self.pitr else HISTORY

    def holds(self, time: dt.datetime) -> bool:
        """Whether a time lies within it."""
        return self.start <= time and (self.end is None or time < self.end)


@dataclass(frozen=True, slots=True)
class Cover:
    """What a moment is covered by. It is true if anything covers it."""

    by: tuple[str, ...] = ()
    """Names of what covers it, `server history` among them; not yet fit to show."""
    nearest: tuple[Moment, ...] = ()
    """Where nothing does: the nearest that is kept before, and after."""
    words: str = ""
    """The same in a sentence, fit to show."""

    def __bool__(self) -> bool:
        return bool(self.by)


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of what is said of an object's coverage, fit to show."""

    text: str
    dead: bool = False
    """Whether it is about something that protects nothing any more."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """What can bring an object back, and to when."""

    name: str
    """What the object is called: `shop`, `shop.orders`."""
    now: dt.datetime
    """The server's clock when this was looked up, UTC."""
    history: Window
    """The server's own history."""
    pitrs: tuple[Window, ...] | None = None
    """The windows of its PITRs, dead ones too; None if the login may not know."""
    snapshots: tuple[Snapshot, ...] | None = None
    """The snapshots that hold it, newest first; None if the login may not know."""

    @property
    def windows(self) -> tuple[Window, ...]:
        """All windows that are known of, the server's history first."""
        return (self.history, *(self.pitrs or ()))

    @property
    def known(self) -> bool:
        """Whether the login may know of everything that could cover it."""
        return self.pitrs is not None and self.snapshots is not None

    @property
    def start(self) -> dt.datetime:
        """The first moment that anything covers."""
        times = [window.start for window in self.windows]
        return min([*times, *(each.created for each in self.snapshots or ())])

    def covers(self, moment: Moment) -> Cover:
        """What covers a moment; and if nothing does, what is nearest to it."""
        by = tuple(self._covering(moment))
        if by or not moment:
            names = " · ".join(map(safe, by)) or "the present"
            return Cover(by, words=f"recoverable by {names}")
        nearest = tuple(self._nearest(moment))
        if moment.snapshot:
            words = f"the snapshot {safe(moment.snapshot)} does not hold {self.name}"
        else:
            words = "nothing that is known of keeps this moment"
        near = " or ".join(map(str, nearest))
        words += f"; the nearest is {near}" if near else ""
        return Cover((), nearest, f"{words}. {_NO_WAY_BACK}")

    def _covering(self, moment: Moment) -> Iterator[str]:
        ns = moment.ns
        for snapshot in self.snapshots or ():
            if moment.snapshot == snapshot.name or moment.ns == snapshot.ts:
                ns = snapshot.ts
                yield snapshot.name
        for window in self.windows:
            if ns and window.holds(utc(ns)):
                yield window.name

    def _nearest(self, moment: Moment) -> Iterator[Moment]:
        if not moment.ns:
            return
        time = utc(moment.ns)
        kept = {snapshot.ts: at_snapshot(snapshot) for snapshot in self.snapshots or ()}
        for window in self.windows:
            kept.setdefault(_ns(window.start), Moment(ns=_ns(window.start)))
            if window.end is not None and window.end <= time:
                last = _ns(window.end) - 1000
                kept.setdefault(last, Moment(ns=last))
        before = [ns for ns in kept if ns <= moment.ns]
        after = [ns for ns in kept if ns > moment.ns]
        if before:
            yield kept[max(before)]
        if after:
            yield kept[min(after)]

    def as_words(self, now: dt.datetime | None = None) -> str:
        """`recoverable: to the second since 13:12 UTC (server history, …) · …`.

        Args:
            now: What "today" is counted from; the look's own time if None.
        """
        return "recoverable: " + " · ".join(part.text for part in self.parts(now))

    def parts(self, now: dt.datetime | None = None) -> tuple[Part, ...]:
        """The same in pieces, so that what is dead can be told by its colour."""
        now = now or self.now
        reach = _span(self.now - self.history.start)
        about = reach if self.history.told else f"about {reach}"
        since = f"to the second since {when(self.history.start, now)}"
        return (
            Part(f"{since} ({HISTORY}, {about})"),
            *self._pitr_parts(now),
            *self._snapshot_parts(),
        )

    def _pitr_parts(self, now: dt.datetime) -> Iterator[Part]:
        if self.pitrs is None:
            yield Part("PITRs are not known to this login")
        for window in self.pitrs or ():
            words = f"since {when(window.start, now)} by {safe(window.name)}"
            if window.dead:
                until = f", to {when(window.end, now)}" if window.end else ""
                words = f"{safe(window.name)} is dead ({window.dead}{until})"
            yield Part(words, dead=bool(window.dead))

    def _snapshot_parts(self, shown: int = 3) -> Iterator[Part]:
        if self.snapshots is None:
            yield Part("snapshots are not known to this login")
            return
        for snapshot in self.snapshots[:shown]:
            yield Part(safe(snapshot.name))
        if (more := len(self.snapshots) - shown) > 0:
            yield Part(plural(more, "older snapshot"))


@dataclass(frozen=True, slots=True)
class Kept:
    """Everything that keeps a past on a server, as far as a login may know."""

    account: str
    """The login's account: it is about what belongs to that."""
    now: dt.datetime
    """The server's clock, UTC."""
    history: Window
    """The server's own history."""
    pitrs: tuple[Pitr, ...] | None = None
    """None if the login may not know."""
    snapshots: tuple[Snapshot, ...] | None = None
    """The users' snapshots, newest first; None if the login may not know."""
    made: Mapping[str, dt.datetime] = field(default_factory=dict)
    """When that was made which has the place of what a dead PITR was for."""

    def of(self, database: str, table: str = "") -> Coverage:
        """What can bring a database or a table back; asks the server nothing."""
        where = (self.account, fold(database), fold(table) or None)
        snapshots, windows = self.snapshots, None
        if self.pitrs is not None:
            windows = tuple(self._window(p) for p in self.pitrs if _holds(p, *where))
        if snapshots is not None:
            snapshots = tuple(each for each in snapshots if _holds(each, *where))
        name = f"{database}.{table}" if table else database
        return Coverage(safe(name), self.now, self.history, windows, snapshots)

    def _window(self, pitr: Pitr) -> Window:
        window = Window(max(pitr.created, back(self.now, pitr)), pitr=pitr)
        if pitr.active is not False:
            return window
        made = self.made.get(pitr.covers)
        why = f"{safe(pitr.covers)} is not there any more"
        if made is not None:
            why = f"it was for an earlier {safe(pitr.covers)}"
        return replace(window, end=made and max(made, window.start), dead=why)


def look(run: Connected) -> Kept:
    """Look up everything that keeps a past: three round trips, up to six with PITRs.

    Args:
        run: A client; in a session the server tells nothing of PITRs.

    Raises:
        ConnectionError: The connection was lost.
        Cancelled: It was stopped.
    """
    row = run.execute(queries.CLOCK_AND_ACCOUNT).first
    now = utc(clock_of([row]) or 0)
    reach = _reach(run)
    history = Window(now - (reach or USUAL), told=reach is not None)
    pitrs, snapshots = None, None
    if run.capabilities.has("pitr"):
        try:
            pitrs = tuple(run.pitr.list())
        except QueryError:
            pitrs = None
    try:
        snapshots = tuple(run.snapshots.list())
    except QueryError:
        snapshots = None
    dead = [each for each in pitrs or () if each.active is False]
    return Kept(str(row[2]), now, history, pitrs, snapshots, _made(run, dead))


def checked(run: Connected, kept: Kept, database: str, table: str = "") -> Coverage:
    """What can bring an object back, with only those snapshots that it is in.

    A snapshot of an account or of a cluster may be older than it. One round trip for
    each of the newest ones; of older ones nothing is promised.

    Raises:
        ConnectionError: The connection was lost.
        Cancelled: It was stopped.
    """
    found = kept.of(database, table)
    newest = (found.snapshots or ())[:_CHECKED]
    there = tuple(each for each in newest if _is_in(run, each, database, table))
    return replace(found, snapshots=found.snapshots and there)


def _is_in(run: Connected, snapshot: Snapshot, database: str, table: str) -> bool:
    at = at_snapshot(snapshot)
    try:
        if table:
            run.clone.source_table(TableName(table, database), at)
        else:
            run.clone.source_database(database, at)
    except NotSupported:
        return True  # a view
    except QueryError:
        return False
    return True


def at_snapshot(snapshot: Snapshot) -> Moment:
    """The moment of a snapshot: by its name, if it can be cloned from by that."""
    if snapshot.level is SnapshotLevel.CLUSTER:
        return Moment(ns=snapshot.ts)
    return Moment(snapshot=snapshot.name)


def back(now: dt.datetime, pitr: Pitr) -> dt.datetime:
    """How far back the range of a PITR reaches from now, as the server counts it."""
    if pitr.unit is PitrUnit.HOURS:
        return now - dt.timedelta(hours=pitr.length)
    if pitr.unit is PitrUnit.DAYS:
        return now - dt.timedelta(days=pitr.length)
    months = pitr.length * (12 if pitr.unit is PitrUnit.YEARS else 1)
    year, month = divmod(now.year * 12 + now.month - 1 - months, 12)
    # A day that a month does not have is one of the next month's.
    first = now.replace(year=max(year, 1970), month=month + 1, day=1)
    return first + dt.timedelta(days=now.day - 1)


def when(time: dt.datetime, now: dt.datetime) -> str:
    """A time as short as it can be: `13:12 UTC`, `17 Nov`, `17 Nov 2025`."""
    time = time.astimezone(dt.UTC)
    if now - time < dt.timedelta(hours=20):
        return f"{time:%H:%M} UTC"
    return f"{time.day} {time:%b}" + (f" {time.year}" if time.year != now.year else "")


def _reach(run: Connected) -> dt.timedelta | None:
    """How long the server keeps its own history; None unless it was told how long."""
    try:
        rows = run.execute(queries.HISTORY_REACH).rows
    except QueryError:
        return None
    seconds = sum(
        float(number) * _SECONDS[unit]
        for (value,) in rows[:1]
        for number, unit in _DURATION.findall(str(value))
    )
    return dt.timedelta(seconds=seconds) if seconds else None


def _made(run: Connected, dead: list[Pitr]) -> dict[str, dt.datetime]:
    """When that was made which has the names of what dead PITRs were for."""
    wanted = {
        each.covers: Object.table(TableName(each.table, each.database))
        if each.table
        else Object("database", each.database)
        for each in dead
        if each.database
    }
    if not wanted:
        return {}
    try:
        found = look_up(run, list(wanted.values())).objects
    except PermissionDenied:
        return {}
    made = {each: each.created for each in found if each.created}
    return {
        covers: dt.datetime.fromtimestamp(made[each], dt.UTC)
        for covers, each in wanted.items()
        if each in made
    }


def _holds(
    held: Snapshot | Pitr, account: str, database: str, table: str | None
) -> bool:
    if held.level is SnapshotLevel.CLUSTER:
        return True
    return covers(held, account, database, table)


def _ns(time: dt.datetime) -> int:
    passed = time - dt.datetime.fromtimestamp(0, dt.UTC)
    return passed // dt.timedelta(microseconds=1) * 1000


def _span(span: dt.timedelta) -> str:
    """`an hour`, `90 minutes`, `2 days`."""
    minutes = round(span.total_seconds() / 60)
    if minutes == 60:
        return "an hour"
    for size, noun in ((1440, "day"), (60, "hour")):
        if minutes >= 2 * size and minutes % size == 0:
            return plural(minutes // size, noun)
    return plural(minutes, "minute")
