"""What moclone made, looked at: is it still that, was it changed, what goes with it.

Nothing is changed here. What may be dropped is said with care: what cannot be known
speaks against it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from moclone_tui import text
from moclone_tui.api import Client, Moment, QueryError, TableName
from moclone_tui.api.names import utc
from moclone_tui.cloning import coverage
from moclone_tui.cloning.coverage import Kept
from moclone_tui.cloning.identity import Object, look_up
from moclone_tui.cloning.ties import look_at_ties
from moclone_tui.jobs import keeping_change, keeping_space
from moclone_tui.jobs.keeping import Life, Made
from moclone_tui.jobs.keeping_change import Change
from moclone_tui.jobs.registry import confirmed

_BATCH = 100
"""How many objects one statement looks for."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How something stands that moclone made."""

    made: Made
    now: int
    """The server's clock: seconds since 1970."""
    same: bool | None = True
    """Whether it is what was made, and no other of its name; None if this login may
    not see that."""
    seen: Object | None = None
    """What has its name now."""
    change: Change | None = None
    """Whether it was changed; None if nobody has looked."""
    frees: int | None = None
    """Bytes that dropping it frees; None if that is not known."""
    frees_words: str = ""
    """Why that is not known, fit to show."""
    needs: tuple[str, ...] = ()
    """What goes or ends with it, in words fit to show."""
    holds: tuple[str, ...] = ()
    """What keeps the server from dropping it, in words fit to show."""

    @property
    def life(self) -> Life:
        """How long it is kept."""
        return self.made.life

    @property
    def altered(self) -> bool:
        """Whether it is a table of the same number and a new time, as after an ALTER.

        Whoever speaks of its life anew means what it is by then.
        """
        seen, made = self.seen, self.made.object
        return bool(seen and made.type == "table" and seen.id == made.id)

    @property
    def as_now(self) -> Made:
        """What was made, as it is now: to write down what is said of it."""
        if self.altered and self.seen is not None:
            return replace(self.made, object=self.seen)
        return self.made

    @property
    def expired(self) -> bool:
        """Whether its time is over."""
        return self.life.expired(self.now)

    @property
    def age(self) -> str:
        """`8 days ago`."""
        made = dt.datetime.fromtimestamp(self.made.object.created, dt.UTC)
        return text.age(made, dt.datetime.fromtimestamp(self.now, dt.UTC))

    @property
    def state(self) -> str:
        """`kept`, `expired`, `protected`, `another` (of its name) or `not known`."""
        if not self.same:
            return "not known" if self.same is None else "another"
        if self.life.protected:
            return "protected"
        if self.expired:
            return "expired"
        return "kept"

    @property
    def why(self) -> tuple[str, ...]:
        """Why it is not dropped, in words fit to show; empty if it may be."""
        name = text.safe(str(self.made.object))
        if self.same is None:
            return ("this login may not see whether it is what was made",)
        if not self.same:
            if self.altered:
                return (f"it was altered: moclone keep {name} --disposable lets it go",)
            return (f"{name} is another {self.made.object.type} by now",)
        if self.life.protected:
            return ("it is protected",)
        return (*self.holds, *self.unproved)

    @property
    def unproved(self) -> tuple[str, ...]:
        """That it was changed or may have been, if that speaks against its drop."""
        if self.life.disposable or (self.change and self.change.yes is False):
            return ()
        words = self.change.words if self.change else "nobody looked"
        known = self.change is not None and self.change.yes is not None
        verb = "it was changed" if known else "whether it was changed is not known"
        return (f"{verb}: {words}",)

    def as_dict(self) -> dict[str, object]:
        """It as JSON has it."""
        made, life = self.made, self.life
        return {
            "type": made.object.type,
            "name": str(made.object),
            "what": made.what,
            "source": made.source,
            "at": made.at,
            "by": made.by,
            "job": made.job.job,
            "made": utc(made.object.created * 10**9).isoformat(),
            "until": life.ends.isoformat() if life.ends else None,
            "protected": life.protected,
            "disposable": life.disposable,
            "state": self.state,
            "changed": self.change.yes if self.change else None,
            "changed_words": self.change.words if self.change else "",
            "frees": self.frees,
            "needs": list(self.needs),
            "why_not": list(self.why) if self.change else [],
        }


def standing(client: Client, found: Sequence[Made]) -> tuple[Standing, ...]:
    """Which of it is there, and whether it is the same: one round trip a hundred.

    Returns:
        What is there; what is gone is left out.

    Raises:
        MocloneError: The server could not be asked.
    """
    return tuple(
        each
        for start in range(0, len(found), _BATCH)
        for each in _standing(client, found[start : start + _BATCH])
    )


def _standing(client: Client, found: Sequence[Made]) -> Iterator[Standing]:
    seen = look_up(client, [each.object for each in found])
    there = {each: each for each in seen.objects}
    for each in found:
        it = there.get(each.object)
        if it is not None and it.id:
            yield Standing(each, seen.clock, _is_it(each.object, it), it)
        elif it is not None or each.object in seen.hidden:
            yield Standing(each, seen.clock, None)


def _is_it(made: Object, seen: Object) -> bool:
    """Whether it is what was written down.

    A server that was set up anew gives out the same numbers again; hardly in the same
    second.
    """
    return (seen.id, seen.created) == (made.id, made.created)


def looked(
    client: Client,
    found: Sequence[Standing],
    everything: Sequence[Made] = (),
    mine: int = 0,
) -> tuple[Standing, ...]:
    """The same, with whether it changed, what hangs on it, and what it would free.

    A few round trips, and some for each of them.

    Args:
        client: A client.
        found: What to look at.
        everything: All that moclone made there: copies may be of each other.
        mine: A connection that may hold it in a transaction.

    Raises:
        MocloneError: The server could not be asked.
    """
    kept = coverage.look(client)
    return tuple(
        _looked(client, each, kept, everything, mine) if each.same else each
        for each in found
    )


def _looked(
    client: Client,
    found: Standing,
    kept: Kept,
    everything: Sequence[Made],
    mine: int,
) -> Standing:
    it = found.made.object
    copies = tuple(_copies_of(found.made, everything))
    unsure: tuple[str, ...] = ()
    if found.made.shared and not confirmed(client, found.made):
        unsure = ("only the registry says that moclone made it",)
    if it.type == "snapshot":
        return replace(
            found,
            holds=unsure,
            change=Change(False, "a snapshot does not change"),
            frees_words="the server does not tell it of snapshots",
            needs=(*copies, *_only_it(it.name, kept)),
        )
    needs, holds = _tied(client, found.made, mine)
    made, free = found.made, None
    try:
        objects = keeping_change.held(client, made)
        if names := keeping_change.routines(client, made):
            # A DROP takes them away at once, and no ROLLBACK brings them back.
            holds += [f"it holds the routine {name}" for name in names]
        change = keeping_change.change_of(client, made, objects, kept)
        free, unknown = keeping_space.frees(client, made, objects, kept)
    except QueryError as error:
        change, unknown = Change(None, text.safe(str(error))), str(error)
    if copies and free is not None:
        free, unknown = None, "copies of it share what it holds"
    return replace(
        found,
        change=change,
        frees=free,
        frees_words=text.safe(unknown),
        needs=(*copies, *map(text.safe, needs)),
        holds=(*unsure, *map(text.safe, holds)),
    )


def _tied(client: Client, made: Made, mine: int) -> tuple[list[str], list[str]]:
    """What goes with it, and what keeps the server from dropping it."""
    database, table = keeping_change.place_of(made)
    ties = (
        look_at_ties(client, [], [TableName(table, database)])
        if table
        else look_at_ties(client, [database])
    )
    needs = [f"PITR {each.name}" for each in ties.pitrs]
    if ties.grants:
        needs.append(text.plural(len(ties.grants), "grant"))
    holds = [
        f"the foreign key {key.name} of {key.child} points at it"
        for key in ties.foreign_keys
    ]
    holds += [f"it is published as {each.name}" for each in ties.publications]
    holds += [
        f"connection {each.connection} of {each.user} holds it in a transaction"
        for each in ties.holders
        if each.connection != mine
    ]
    return needs, holds


def _copies_of(made: Made, everything: Sequence[Made]) -> Iterator[str]:
    """What was copied from it, as far as moclone did that; fit to show."""
    for each in everything:
        of = each.at if made.object.type == "snapshot" else each.source
        if of == made.object.name and each.object != made.object:
            yield f"{text.safe(str(each.object))} was copied from it"


def _only_it(name: str, kept: Kept) -> Iterator[str]:
    """What could no longer be read without a snapshot, in words fit to show."""
    snapshot = next((s for s in kept.snapshots or () if s.name == name), None)
    if snapshot is None:
        return
    if not snapshot.database:
        yield f"what {text.safe(snapshot.covers)} was then, where nothing else keeps it"
        return
    then = Moment(ns=snapshot.ts)
    coverage = kept.of(snapshot.database, snapshot.table)
    if set(coverage.covers(then).by) <= {name}:
        yield f"{text.safe(snapshot.covers)} as of {then}: nothing else keeps it"


def expired(client: Client, everything: Sequence[Made]) -> tuple[Standing, ...]:
    """What has expired, looked at: what may be dropped, and why the rest may not.

    Args:
        client: A client.
        everything: What moclone made there, as `keeping.made` has it.

    Raises:
        MocloneError: The server could not be asked.
    """
    over = [each for each in everything if each.life.until is not None]
    found = [each for each in standing(client, over) if each.expired]
    return looked(client, found, everything)
