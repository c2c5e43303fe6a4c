"""Settle: what became of jobs whose end nobody saw, as the catalog tells it.

A job that began and never ended crashed, or lost its connection. Whether its target is
there is looked up: by the number an object is made with, never by its name alone.
"""

from __future__ import annotations

import datetime as dt
import shlex
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from types import MappingProxyType

from moclone_tui.api import sql
from moclone_tui.api._connected import Connected
from moclone_tui.cloning.activity import LATE, Ran, ran_of_job, runs
from moclone_tui.cloning.identity import Object, Seen, look_up
from moclone_tui.cloning.making import making
from moclone_tui.jobs.journal import Place, append
from moclone_tui.jobs.model import JobState
from moclone_tui.jobs.records import JobRecord, Target, open_jobs, read

_IN_FLIGHT = 3.0
"""Seconds that a last statement may take from here until the server shows it."""
_UNSEEN = 600.0
"""The same if it is not shown to this login while it runs."""
_OLDER = 60.0
"""Seconds by which an object is older than a job, at least, that surely did not make
it: clocks are read one after the other, and some tell whole seconds."""
_LONGEST = 86400.0
"""Seconds after its last sign of life in which a job's statements are looked for."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What can be done about it; nothing of it is done unasked."""

    words: str
    """`drop it`, `run it again`, …"""
    statement: str = ""
    """The statement that does it, if one does."""
    command: str = ""
    """The command line that does it, if one does."""

    def __str__(self) -> str:
        how = self.command or self.statement
        return f"to {self.words}: {how}" if how else f"you may {self.words}"


_AGAIN = Offer("run it again")


@dataclass(frozen=True, slots=True)
class Settled:
    """What was found out about a job."""

    job: JobRecord
    state: JobState | None
    """How it ended; None if it has not, or if it is too early to tell."""
    words: str
    """What happened, in words. Not yet fit to show."""
    there: tuple[Object, ...] = ()
    """What it made and is there."""
    offers: tuple[Offer, ...] = ()
    """How to finish or to clean up."""

    @property
    def news(self) -> bool:
        """Whether this was not found out before."""
        return self.words != self.job.unclear

    def as_dict(self) -> dict[str, object]:
        """It as JSON has it."""
        return {
            "job": self.job.job,
            "title": self.job.title,
            "state": None if self.state is None else str(self.state),
            "outcome": self.words,
            "there": [str(each) for each in self.there],
            "offers": [
                {
                    "words": each.words,
                    "statement": each.statement,
                    "command": each.command,
                }
                for each in self.offers
            ],
        }


def unsettled(folder: Path, place: Place | None = None) -> list[JobRecord]:
    """The jobs whose end nobody saw, newest first: their process is dead.

    Args:
        folder: The journal's.
        place: Only those that ran there; None for all.

    Raises:
        OSError: The journal cannot be read.
    """
    return [
        job
        for job in open_jobs(folder)
        if job.open
        and (place is None or place.same(job.place))
        and (job.alive is False or job.state == JobState.UNKNOWN)
    ]


def settle(run: Connected, folder: Path, place: Place) -> tuple[Settled, ...]:
    """Find out what became of the jobs of this server, and write it in the journal.

    Nothing on the server is changed. What cannot be told yet, as a statement still
    runs, is left open and looked at again next time; so is what cannot be told at all,
    which is written once.

    Args:
        run: A client of that server.
        folder: The journal's.
        place: Where the client is connected.

    Raises:
        MocloneError: The server could not be asked.
        OSError: The journal cannot be read or written.
    """
    jobs = unsettled(folder, place)
    if not jobs:
        return ()
    theirs = _made_by(read(folder))
    found = tuple(find_out(run, job, theirs) for job in jobs)
    for each in found:
        if each.state is not None and each.news:
            values = {
                "state": each.state,
                "outcome": each.words,
                "objects": [asdict(it) for it in each.there],
            }
            append(each.job.file, each.job.job, "settled", values, durably=True)
    return found


def settle_one(run: Connected, folder: Path, job: str) -> Settled | None:
    """What became of a job of this process; None if nothing can be looked at.

    That is one which the journal does not have, or which makes nothing and committed
    nothing. Nothing is written down.

    Raises:
        MocloneError: The server could not be asked.
        OSError: The journal cannot be read.
    """
    jobs = read(folder)
    record = next((each for each in jobs if each.job == job), None)
    if record is None or not (record.targets or record.committing):
        return None
    return find_out(run, record, _made_by(jobs))


def _made_by(jobs: Iterable[JobRecord]) -> dict[tuple[Object, str], str]:
    """Which job made which object, by its number too."""
    return {(each, each.id): job.job for job in jobs for each in job.made if each.id}


def find_out(
    run: Connected,
    job: JobRecord,
    theirs: Mapping[tuple[Object, str], str] = MappingProxyType({}),
) -> Settled:
    """What became of one job.

    Args:
        run: A client of its server.
        job: The job.
        theirs: Which objects, with their numbers, are known to be of which job.

    Raises:
        MocloneError: The server could not be asked.
    """
    silent = job.before is None and not job.sent
    if silent and not job.targets and not job.gap:
        words = "it ended before it changed anything"
        return Settled(job, JobState.CANCELLED, words, offers=(_AGAIN,))
    running = runs(run, job.job)
    if running:
        words = "the server still carries it out; look again when it is through"
        return Settled(job, None, words)
    if not job.targets:
        return _by_statements(run, job)
    well = _went_well(job, _notes(run, job))
    seen = look_up(run, [each.object for each in job.targets])
    patience = _UNSEEN if running is None else _IN_FLIGHT
    sure = not job.lasting or well is not None or _ago(job) >= patience
    lasts = job.lasting and well is not False
    if job.kind == "drop":
        return _by_absence(job, seen, lasts=lasts, sure=sure)
    return _by_targets(job, seen, theirs, lasts=lasts, sure=sure)


def _by_targets(
    job: JobRecord,
    seen: Seen,
    theirs: Mapping[tuple[Object, str], str],
    *,
    lasts: bool,
    sure: bool,
) -> Settled:
    """By what there is of its targets now, and what there was before.

    Args:
        job: The job.
        seen: What there is now.
        theirs: Which objects are known to be of which job.
        lasts: Whether the job may have made something that lasts.
        sure: Whether what is not there now will not come any more.
    """
    if seen.hidden:
        words = f"cannot tell: this login may not look for {_named(seen.hidden)}"
        return Settled(job, JobState.UNKNOWN, words)
    before = _before(job, seen)
    if unsure := [each for each in seen.objects if each in before and not each.id]:
        words = f"cannot tell: {_named(unsure)} is there, as before; whether it is the "
        words += "same one, this login may not see"
        return Settled(job, JobState.UNKNOWN, words)
    new = [each for each in seen.objects if before.get(each) != each.id]
    mine = [each for each in new if theirs.get((each, each.id), job.job) == job.job]
    unclear = [each for each in mine if (each, each.id) not in theirs]
    if job.before is None and unclear:
        words = (
            f"cannot tell: {_named(unclear)} is there; whether this job made it, the "
        )
        words += "journal does not say"
        return Settled(job, JobState.UNKNOWN, words)
    if lasts and mine:
        return _finished(job, tuple(mine), before)
    if not sure:
        return Settled(job, None, "it ended just now; look again in a while")
    return _rolled_back(job, seen, before, new)


def _by_absence(job: JobRecord, seen: Seen, *, lasts: bool, sure: bool) -> Settled:
    """Of a job that drops: by what is gone of what there was before."""
    now = {each: each.id for each in seen.objects}
    if why := _untold(job, seen, now):
        return Settled(job, JobState.UNKNOWN, f"cannot tell: {why}")
    before = job.before or ()
    gone = [each for each in before if now.get(each) != each.id]
    left = [each for each in before if each not in gone]
    if gone and not lasts:
        words = f"{_nothing(job)}: {_named(gone)} was dropped by someone else since"
        return Settled(job, JobState.CANCELLED, words)
    if gone:
        words = f"finished: {_named(gone)} is gone"
        words += f"; {_named(left)} is there still" if left else ""
        kept = [made.database for sent in job.sent if (made := making(sent))]
        if kept:
            words += f"; look for what it was in {', '.join(dict.fromkeys(kept))}"
        elif any("kept as" in step for step in job.planned):
            words += "; what it was was not kept"
            return Settled(job, JobState.NOT_VERIFIED, words)
        return Settled(job, JobState.DONE, words)
    if not sure:
        return Settled(job, None, "it ended just now; look again in a while")
    words = f"{_nothing(job)}: {_named(left)} is as it was"
    return Settled(job, JobState.CANCELLED, words, offers=(_AGAIN,))


def _untold(job: JobRecord, seen: Seen, now: Mapping[Object, str]) -> str:
    """Why nobody can tell what is gone, if it is so."""
    if seen.hidden:
        return f"this login may not look for {_named(seen.hidden)}"
    if job.before is None:
        return "the journal does not say what there was"
    unsure = [each for each in job.before if "" in (each.id, now.get(each))]
    if unsure := [each for each in unsure if each in now]:
        return f"{_named(unsure)} is there; whether it is the same one, nobody saw"
    return ""


def _before(job: JobRecord, seen: Seen) -> dict[Object, str]:
    """What there was before it, with its numbers; by its age, if the journal is silent.

    The job began by this machine's clock, the object was made by the server's.
    """
    if job.before is not None:
        return {each: each.id for each in job.before}
    behind = seen.clock - dt.datetime.now(dt.UTC).timestamp()
    begun = job.begun.timestamp() + behind
    return {each: each.id for each in seen.objects if 0 < each.created < begun - _OLDER}


def _finished(
    job: JobRecord, made: tuple[Object, ...], before: Mapping[Object, str]
) -> Settled:
    """Its targets are there, and are not what was there before."""
    others = [each.object for each in job.targets if each.object not in made]
    if job.kind == "snapshot":
        return Settled(job, JobState.DONE, f"finished: {_named(made)} is there", made)
    words = f"finished: {_named(made)} is there (not verified)"
    if any(each in before for each in made):
        words = f"finished: {_named(made)} was made anew (not verified); whether its "
        words += "grants and PITR were made again, nobody saw"
    if others:
        words += f"; {_named(others)} is not, or not by this job"
    offers = [
        Offer("verify it", command=_verify(each))
        for each in job.targets
        if each.object in made and each.source and job.kind in ("clone", "restore")
    ]
    # What took the place of something is not dropped: nothing would be left of it.
    offers += [
        Offer("drop it", each.drop)
        for each in made
        if each not in before and not each.account
    ]
    return Settled(job, JobState.NOT_VERIFIED, words, made, tuple(offers))


def _verify(target: Target) -> str:
    """The command that compares a copy with its source."""
    table = "--table " if target.object.type == "table" else ""
    names = (target.object.name, target.source)
    return f"moclone verify {table}{' '.join(map(shlex.quote, names))}"


def _rolled_back(
    job: JobRecord, seen: Seen, before: Mapping[Object, str], new: list[Object]
) -> Settled:
    """Nothing of it is there."""
    gone = [each.object for each in job.targets if each.object not in seen.objects]
    kept = [each for each in seen.objects if each not in new]
    told = []
    if untouched := [each for each in gone if each not in before]:
        told.append(f"{_named(untouched)} is not there")
    if kept:
        told.append(f"{_named(kept)} is as it was")
    if lost := [each for each in gone if each in before]:
        told.append(f"{_named(lost)} was dropped by someone else since")
    if new:
        told.append(f"{_named(new)} was made by someone else since")
    words = f"{_nothing(job)}: {'; '.join(told)}"
    return Settled(job, JobState.CANCELLED, words, offers=(_AGAIN,))


def _nothing(job: JobRecord) -> str:
    """Why there is nothing of a job, as far as the journal says so."""
    if job.sent:
        return "rolled back"
    if job.gap or job.before is None:
        return "nothing of it is there"
    return "it ended before it changed anything"


def _by_statements(run: Connected, job: JobRecord) -> Settled:
    """Of a job that makes no object: what the server noted of its statements."""
    notes = _notes(run, job)
    well = _went_well(job, notes)
    if not job.lasting or well is False:
        return Settled(job, JobState.CANCELLED, _nothing(job), offers=(_AGAIN,))
    if well:
        words = "finished: the server noted that it was carried out (not verified)"
        return Settled(job, JobState.NOT_VERIFIED, words)
    if _ago(job) < LATE:
        words = "it ended just now; the server tells within a minute what it did"
        return Settled(job, None, words)
    if notes:
        words = "rolled back: the server noted what it sent, and no COMMIT"
        return Settled(job, JobState.CANCELLED, words, offers=(_AGAIN,))
    words = "cannot tell: it makes no object to look for, and what the server did is "
    words += "not in system.statement_info, or not for this login"
    return Settled(job, JobState.UNKNOWN, words)


def _notes(run: Connected, job: JobRecord) -> list[Ran]:
    """What the server noted of a job's statements; empty if that may not be seen."""
    begun = job.clock or job.begun.timestamp()
    took = (job.last - job.begun).total_seconds()
    return ran_of_job(run, job.job, begun - LATE, begun + took + _LONGEST) or []


def _went_well(job: JobRecord, notes: list[Ran]) -> bool | None:
    """Whether what lasts went well; None if the server has no note of it."""
    words = [sql.first_word(each.statement) for each in notes]
    if job.committing or (job.gap and "begin" in words):
        notes = [
            each for each, word in zip(notes, words, strict=True) if word == "commit"
        ]
    return notes[-1].well if notes else None


def _ago(job: JobRecord) -> float:
    """Seconds since the job was last heard of."""
    return (dt.datetime.now(dt.UTC) - job.last).total_seconds()


def _named(objects: Iterable[Object]) -> str:
    return ", ".join(str(each) for each in objects)
