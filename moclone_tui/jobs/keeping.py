"""Keeping: how long what moclone made is kept, as this machine's journal has it.

What jobs made is known by the number it was made with and by when that was, never by
its name alone. What is said of its life later is written down with the job that made
it: the newest word counts.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from moclone_tui.api import TableName
from moclone_tui.cloning.identity import Object
from moclone_tui.config import Profile, lifetime
from moclone_tui.jobs.journal import Place, append
from moclone_tui.jobs.records import JobRecord, read

_MAKING = ("clone", "clone between accounts", "snapshot")
"""The kinds of jobs that make something; others drop it or put it back."""
SLACK = 3
"""Seconds between two clocks that are read one after the other, and tell whole ones."""


@dataclass(frozen=True, slots=True)
class Keep:
    """How long a job's copies and snapshots are kept, as it is asked for."""

    seconds: int | None = None
    """From when they are made on; None is for as long as nobody drops them."""
    disposable: bool = False
    """Whether they may be dropped then although they were changed."""
    default: bool = False
    """Whether nobody said so: it does not hold for what takes another's place."""

    @classmethod
    def of(cls, profile: Profile, said: str = "", *, disposable: bool = False) -> Keep:
        """What somebody said, or what the profile says.

        Args:
            profile: Where it is made.
            said: `7 days`, `never` or nothing.
            disposable: Whether it may be changed and be dropped all the same.

        Raises:
            ConfigError: That is no length of time.
        """
        seconds = lifetime(said) if said else profile.lifetime
        return cls(seconds, disposable, default=not said)

    def as_dict(self) -> dict[str, object]:
        """It as the journal has it."""
        return asdict(self)


NO_END = Keep()


@dataclass(frozen=True, slots=True)
class Life:
    """How long one object is kept."""

    until: int | None = None
    """Until when, by the server's clock: seconds since 1970; None if without an end."""
    protected: bool = False
    """Whether it is never dropped, whatever its age."""
    disposable: bool = False
    """Whether it may be dropped although it was changed."""

    def expired(self, now: int) -> bool:
        """Whether its time is over, by the server's clock; never if protected."""
        return self.until is not None and self.until <= now and not self.protected

    @property
    def ends(self) -> dt.datetime | None:
        """Until when, UTC; None if it has no end."""
        if self.until is None:
            return None
        return dt.datetime.fromtimestamp(self.until, dt.UTC)


@dataclass(frozen=True, slots=True)
class Made:
    """Something that a job of moclone made, and how long it is kept."""

    object: Object
    """With its number, and when it was made or last looked at."""
    life: Life
    what: str
    """`copy`, `snapshot` or `way back` (what a job kept of what it replaced)."""
    job: JobRecord
    source: str = ""
    """What it is a copy of, written as its own name; empty if of nothing."""
    done: int = 0
    """The server's clock, at the latest, when it was made: what is younger was added
    or altered since."""
    shared: bool = False
    """Whether the registry alone says so, and not this machine's journal."""

    @property
    def at(self) -> str:
        """The moment of its data, in words; empty if it was the present."""
        return "" if self.what == "way back" else self.job.at

    @property
    def origin(self) -> str:
        """`copy of shop as of before_sale`, `snapshot`; not yet fit to show."""
        if not self.source:
            return self.what
        table = self.object.type == "table"
        of = str(TableName.parse(self.source)) if table else self.source
        return f"{self.what} of {of}" + (f" as of {self.at}" if self.at else "")

    @property
    def by(self) -> str:
        """Who made it."""
        return f"{self.job.place.user} on {self.job.process.machine}"


def made(folder: Path, place: Place) -> tuple[Made, ...]:
    """What jobs made on a server, newest first; what of it is still there, not looked.

    Of each name the newest alone: what had it before is gone.

    Raises:
        OSError: The journal cannot be read.
    """
    found: dict[Object, Made] = {}
    for job in reversed(read(folder)):
        if place.same(job.place):
            for each in _made_by(job, found):
                found.pop(each.object, None)
                found[each.object] = each
    return tuple(reversed(found.values()))


def of_job(file: Path, job: str) -> tuple[Made, ...]:
    """What one job made.

    Raises:
        OSError: The journal cannot be read.
    """
    found = [each for each in read(file) if each.job == job]
    return tuple(made for each in found for made in _made_by(each, {}))


def lives(folder: Path, place: Place) -> Mapping[tuple[str, str, int], Life]:
    """How long what moclone made is kept: cheap, no server is asked.

    Returns:
        Lives by type (`database`, `table`, `snapshot`), name (of a table as SQL has
        it) and when it was made, in seconds since 1970: whatever has another time is
        another object.

    Raises:
        OSError: The journal cannot be read.
    """
    return {
        (each.object.type, each.object.name, each.object.created): each.life
        for each in made(folder, place)
    }


def _made_by(job: JobRecord, earlier: Mapping[Object, Made]) -> Iterator[Made]:
    """What a job surely made itself, and did not put back, drop or find there."""
    sources = {each.object: each.source for each in job.targets}
    before = {each: each.id for each in job.before or ()}
    word = "snapshot" if job.kind == "snapshot" else "copy"
    for each in job.made:
        if job.kind in _MAKING:
            made = Made(each, Life(), word, job, sources.get(each, ""), job.done)
            old = earlier.get(each)
            if old is not None and old.object.id != before.get(each):
                old = None
            if _sure(made):
                yield _said(replace(made, life=_life(made, old, each in before)))
    for each in job.way_back:
        made = Made(each, Life(), "way back", job, done=job.done + _took(job))
        if _sure(made):
            yield _said(replace(made, life=_life(made)))


def _took(job: JobRecord) -> int:
    return int((job.last - job.begun).total_seconds())


def _sure(made: Made) -> bool:
    """Whether it is certain that its job made it, and that it is the login's own.

    What another made after a crash has the name, and is younger.
    """
    each, clock = made.object, made.job.clock
    while_it_ran = clock - SLACK <= each.created <= made.done + SLACK
    return bool(each.id and clock and while_it_ran and not each.account)


def _life(made: Made, old: Made | None = None, replaced: bool = False) -> Life:
    """The life it began with.

    What takes another's place lives on like that, unless somebody said otherwise: the
    name may be one that people rely on.
    """
    keep = _keep(made.job.keep)
    until = None if keep.seconds is None else made.object.created + keep.seconds
    if not (keep.default and replaced):
        return Life(until, disposable=keep.disposable)
    if old is None:
        return Life()
    return replace(old.life, until=until if old.life.until is not None else None)


def _said(made: Made) -> Made:
    """It with the newest that was said of its life."""
    each = made.object
    for line in made.job.keeps:
        said = Object(**line["object"])
        if said == each and said.id == each.id:
            made = replace(made, object=said, life=Life(**line["life"]))
    return made


def _keep(line: Mapping[str, Any]) -> Keep:
    return Keep(**line) if line else NO_END


def write(made: Made, life: Life) -> Made:
    """Write down how long something is kept from now on.

    Of what the registry alone knows, nothing is written here: see `registry.publish`.

    Raises:
        OSError: The journal cannot be written; what was said before counts.
    """
    if not made.shared:
        values = {"object": asdict(made.object), "life": asdict(life)}
        append(made.job.file, made.job.job, "keep", values, durably=True)
    return replace(made, life=life)


def named(found: Iterable[Made], name: str, kind: str = "") -> tuple[Made, ...]:
    """Those of a name: `shop_dev`, `shop.orders_old`.

    Args:
        found: What to choose from.
        name: The name, in any case.
        kind: `database`, `table` or `snapshot`; any if empty.
    """
    return tuple(
        each
        for each in found
        if str(each.object) == name.lower() or str(each.object) == name
        if kind in ("", each.object.type)
    )
