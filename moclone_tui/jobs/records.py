"""The journal, read: its lines folded to one record for each job."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from moclone_tui.api import NOW, Moment, TableName
from moclone_tui.cloning.identity import Object
from moclone_tui.cloning.lineage import Known
from moclone_tui.cloning.making import making
from moclone_tui.jobs.journal import Place
from moclone_tui.jobs.lines import (
    UNKNOWN,
    Line,
    done,
    ending,
    left,
    new,
    objects_of,
    outside,
    time_of,
)
from moclone_tui.jobs.process import Process, this_process

_LATER = ("settled", "dropped", "keep")
"""What another process may write of a job."""
_UNKNOWN = f'"state": "{UNKNOWN}"'.encode()


@dataclass(frozen=True, slots=True)
class Target:
    """What a job makes, and of what if it is a copy."""

    object: Object
    source: str = ""
    """The source's name, written as the target's."""


@dataclass(frozen=True, slots=True)
class JobRecord:
    """What the journal has of a job."""

    job: str
    """The job's name among all jobs."""
    file: Path
    """Where its lines are."""
    title: str
    """`clone shop → shop_dev`. Not yet fit to show."""
    place: Place
    process: Process
    begun: dt.datetime
    """When it was asked for, by this machine's clock, UTC."""
    last: dt.datetime
    """When it was last heard of, what others wrote of it later aside."""
    version: str = ""
    """The version of moclone that ran it."""
    kind: str = ""
    """`clone`, `restore`, `snapshot`, …"""
    at: str = ""
    """The moment it is about, in words; empty for the present."""
    targets: tuple[Target, ...] = ()
    """What it was to make."""
    taken_for: tuple[Object, ...] = ()
    """What a snapshot was taken for, if that is less than all it covers."""
    planned: tuple[str, ...] = ()
    """What it was to do, step by step: statements, and words for what has none."""
    sent: tuple[str, ...] = ()
    """BEGIN, and what it sent that changes something, COMMIT aside, in order."""
    steps: tuple[tuple[str, float | None], ...] = ()
    """The steps that went through, and the seconds they took."""
    committing: bool = False
    """Whether a COMMIT was about to be sent."""
    lasting: bool = False
    """Whether something was sent that lasts: a COMMIT, or a change outside of a
    transaction. Without it, the server rolled back what there was."""
    gap: bool = False
    """Whether lines of it could not be written. One may have been of what lasts, so
    that `lasting` is true with it."""
    clock: int = 0
    """The server's clock when it began: seconds since 1970; 0 if not known."""
    before: tuple[Object, ...] | None = None
    """What there was of its targets when it began; None if nobody looked."""
    made: tuple[Object, ...] = ()
    """What there was of its targets when it ended well, and was not there before."""
    done: int = 0
    """The server's clock, at the latest, when what it made was made: seconds since
    1970; 0 if not known."""
    temporaries: tuple[Object, ...] = ()
    """Temporary objects that it made, as far as they were not dropped."""
    way_back: tuple[Object, ...] = ()
    """The copies that it made of what it replaced."""
    keep: Line = field(default_factory=dict)
    """How long what it makes is kept, as `keeping.Keep` has it; empty if not said."""
    keeps: tuple[Line, ...] = ()
    """What was said of that later: lines of an object and a life."""
    ended: dt.datetime | None = None
    """When it ended; None if it has not, or nobody knows."""
    state: str = ""
    """How it ended, as `JobState` has it; empty if it has not, as far as is known."""
    outcome: str = ""
    """How it ended, in words. Not yet fit to show."""
    error: str = ""
    seconds: float | None = None
    """How long it took."""
    settled: bool = False
    """Whether its end was found out afterwards."""
    unclear: str = ""
    """Why it could not be found out, when that was last tried."""

    @property
    def alive(self) -> bool | None:
        """Whether its process still runs; None if it ran on another machine."""
        return self.process.alive

    @property
    def open(self) -> bool:
        """Whether nobody knows how it ended."""
        return self.state in ("", UNKNOWN)

    @property
    def word(self) -> str:
        """How it stands, in a word or three."""
        if self.state:
            return self.state
        waits = self.before is None and not self.sent
        word = "waiting" if waits else "running"
        if self.process == this_process():
            return word
        return {
            True: f"{word} elsewhere",
            False: "ended unseen",
            None: f"of {self.process.machine}",
        }[self.alive]

    def as_dict(self) -> dict[str, object]:
        """The record as JSON has it.

        `planned` has the steps it was to do, in statements and in words; `sent` what
        it sent of BEGIN and of what changes something, COMMIT aside.
        """
        return {
            "job": self.job,
            "title": self.title,
            "kind": self.kind,
            "status": self.word,
            "outcome": self.outcome,
            "error": self.error,
            "server": self.place.server,
            "user": self.place.user,
            "profile": self.place.profile,
            "begun": self.begun.isoformat(),
            "ended": self.ended.isoformat() if self.ended else None,
            "seconds": self.seconds,
            "settled": self.settled,
            "planned": list(self.planned),
            "sent": list(self.sent),
        }


def targets_of(plan: Line) -> tuple[Target, ...]:
    """What a job makes, from what it says of itself."""
    return tuple(
        Target(
            Object(each["type"], each["name"], each.get("account", "")),
            str(each.get("source", "")),
        )
        for each in plan.get("targets", ())
    )


def read(path: Path, limit: int | None = None) -> list[JobRecord]:
    """The jobs of a folder or of a single file, newest first.

    Args:
        path: The folder of the journal, or one file of it.
        limit: How many at most: files of older months are then not opened.

    Returns:
        The jobs; lines that are torn are left out (see `torn`).

    Raises:
        OSError: A file is there and cannot be read.
    """
    found: list[JobRecord] = []
    for file in _files(path):
        if limit is not None and len(found) >= limit:
            break
        found += _records(file, None)
    found.sort(key=lambda record: record.begun, reverse=True)
    return found[:limit]


def open_jobs(path: Path) -> list[JobRecord]:
    """The jobs that never ended or left something, whoever ran them, newest first.

    Cheap: of the jobs that ended, nothing is read but that they did.

    Raises:
        OSError: A file is there and cannot be read.
    """
    found = [
        record
        for file in _files(path)
        if (unended := _unended(file))
        for record in _records(file, unended)
        if record.open or record.temporaries
    ]
    return sorted(found, key=lambda record: record.begun, reverse=True)


def torn(path: Path) -> int:
    """How many lines of the journal are no whole records."""
    count = 0
    for file in _files(path):
        for text in file.read_bytes().splitlines():
            count += bool(text.strip()) and _parsed(text) is None
    return count


def known(jobs: Iterable[JobRecord]) -> list[Known]:
    """What jobs made, for `cloning.lineage`; of each object the newest first."""
    found: list[Known] = []
    for job in jobs:
        ids = {each: each for each in job.made if each.id}
        found += [
            Known(
                ids[target.object],
                target.source,
                job.at,
                job.ended or job.last,
                f"job {job.job} of moclone",
                _moment(job, target),
            )
            for target in job.targets
            if target.object in ids
        ]
    return found


def _moment(job: JobRecord, target: Target) -> Moment:
    """The moment that a target was copied at, as the job sent it."""
    for statement in job.sent:
        if (made := making(statement)) and made.at:
            table = TableName(made.table, made.database).sql if made.table else ""
            if target.object.name in (table, made.database):
                return made.at
    return NOW


def _files(path: Path) -> list[Path]:
    if path.is_dir():
        return sorted(path.glob("jobs-*.jsonl"), reverse=True)
    return [path] if path.exists() else []


def _unended(file: Path) -> set[bytes]:
    """The jobs without an end, and those that made something temporary."""
    begun: set[bytes] = set()
    ended: set[bytes] = set()
    kept: set[bytes] = set()
    for text in file.read_bytes().splitlines():
        head = text[:80].split(b'"')
        if len(head) < 8:
            continue
        job, record = head[3], head[7]
        if record == b"begin":
            begun.add(job)
        elif record in (b"end", b"settled") and _UNKNOWN not in text:
            ended.add(job)
        elif record == b"temporary":
            kept.add(job)
    return (begun - ended) | kept


def _records(file: Path, wanted: set[bytes] | None) -> Iterator[JobRecord]:
    """The jobs of a file; only those wanted, if that is said."""
    jobs: dict[str, list[Line]] = {}
    for text in file.read_bytes().splitlines():
        if wanted is not None and text[9:].split(b'"', 1)[0] not in wanted:
            continue
        line = _parsed(text)
        if line is not None:
            jobs.setdefault(line["job"], []).append(line)
    for job, lines in jobs.items():
        if lines[0]["record"] == "begin":
            yield _folded(job, file, lines)


def _parsed(text: bytes) -> Line | None:
    """A line as what it says; None if it is torn."""
    try:
        line = json.loads(text)
    except ValueError:
        return None
    whole = isinstance(line, dict) and {"job", "record", "time"} <= line.keys()
    return line if whole else None


def _folded(job: str, file: Path, lines: list[Line]) -> JobRecord:
    """One job's lines as one record."""
    by_kind: dict[str, list[Line]] = {}
    for line in lines:
        by_kind.setdefault(line["record"], []).append(line)
    first = by_kind["begin"][0]
    heard = [line for line in lines if line["record"] not in _LATER]
    settled = by_kind.get("settled", [])
    told = settled[-1] if settled and settled[-1].get("state") == UNKNOWN else {}
    end = ending(settled, by_kind.get("end", ()))
    seen = {what: by_kind.get(what, [{}])[-1] for what in ("before", "made")}
    plan = first.get("plan") or {}
    committing, gap = "committing" in by_kind, any(line.get("gap") for line in lines)
    return JobRecord(
        job=job,
        file=file,
        title=str(first.get("title", "")),
        place=Place(*(str(first.get(at, "")) for at in ("server", "user", "profile"))),
        process=_process(first.get("process") or {}),
        begun=time_of(first),
        last=time_of(heard[-1]),
        version=str(first.get("version", "")),
        kind=str(plan.get("kind", "")),
        at=str(plan.get("at", "")),
        targets=targets_of(plan),
        taken_for=objects_of({"objects": plan.get("taken_for", ())}),
        planned=tuple(map(str, plan.get("statements", ()))),
        sent=tuple(str(line.get("text", "")) for line in by_kind.get("sends", ())),
        steps=tuple(
            (str(line.get("text", "")), line.get("seconds"))
            for line in by_kind.get("step", ())
        ),
        committing=committing,
        lasting=committing or gap or outside(by_kind.get("sends", [])),
        gap=gap,
        clock=int(seen["before"].get("clock", 0)),
        before=objects_of(seen["before"]) if seen["before"] else None,
        made=new(seen["before"], objects_of(seen["made"]) or objects_of(end)),
        done=done(seen["before"], heard),
        temporaries=left(lines) if "temporary" in by_kind else (),
        way_back=objects_of(by_kind.get("way back", [{}])[-1]),
        keep=plan.get("keep") or {},
        keeps=tuple(by_kind.get("keep", ())),
        ended=time_of(end) if end else None,
        state=str(end.get("state", "")),
        outcome=str(end.get("outcome", "")),
        error=str(end.get("error", "")),
        seconds=end.get("seconds"),
        settled=end.get("record") == "settled",
        unclear=str(told.get("outcome", "")),
    )


def _process(said: Line) -> Process:
    return Process(
        str(said.get("machine", "")),
        int(said.get("pid", 0)),
        str(said.get("started", "")),
    )
