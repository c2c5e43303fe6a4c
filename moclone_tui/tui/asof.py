"""When one looks: at the present, at a snapshot, or at a time of the server's clock."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from moclone_tui import text
from moclone_tui.api import NOW, Moment, Snapshot
from moclone_tui.api.names import utc


@dataclass(frozen=True, slots=True)
class AsOf:
    """A moment to look at, and when that was; the present if it is false."""

    moment: Moment = NOW
    ts: int = 0
    """Nanoseconds since 1970, UTC; 0 for the present, or if it is not known."""

    @classmethod
    def of_snapshot(cls, snapshot: Snapshot) -> AsOf:
        """The moment of a snapshot."""
        return cls(Moment(snapshot=snapshot.name), snapshot.ts)

    @classmethod
    def of_time(cls, moment: Moment) -> AsOf:
        """A moment that is a time, or the present."""
        return cls(moment, moment.ns)

    def __bool__(self) -> bool:
        return bool(self.moment)

    @property
    def when(self) -> dt.datetime | None:
        """When it was, UTC; None for the present, or if it is not known."""
        return utc(self.ts) if self.ts else None

    def words(self, now: dt.datetime) -> str:
        """`before_sale · 2026-01-02 03:04:05 UTC · 3 days ago`; fit to show."""
        if not self:
            return "now"
        parts = [str(self.moment)] if self.moment.snapshot else []
        if self.when is not None:
            parts += [f"{self.when:%Y-%m-%d %H:%M:%S} UTC", text.age(self.when, now)]
        return " · ".join(parts)


PRESENT = AsOf()
"""Now."""
