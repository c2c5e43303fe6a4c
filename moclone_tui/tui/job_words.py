"""Jobs and history as rows of lists, and the story of each for who opens it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from moclone_tui import text
from moclone_tui.jobs.history import Line
from moclone_tui.jobs.model import JobEvent, JobSpec, JobState
from moclone_tui.jobs.pace import bar
from moclone_tui.jobs.records import JobRecord
from moclone_tui.tui import render
from moclone_tui.tui.render import Facts
from moclone_tui.tui.widgets.cells import Cell, Column, Row, Tone
from moclone_tui.tui.widgets.log import LogLine

JOB_COLUMNS = (
    Column("number", "#", width=7, align="right", tone="muted"),
    Column("what", "what", min=18, search=True),
    Column("state", "state", width=17, search=True),
    Column("progress", "progress", width=17),
    Column("elapsed", "elapsed", width=8, align="right"),
    Column("left", "left", width=12, tone="muted"),
    Column("started", "started", width=11, tone="muted"),
)
NARROW_JOB_COLUMNS = (
    Column("number", "#", width=7, align="right", tone="muted"),
    Column("what", "what", min=16, search=True),
    Column("state", "state", width=17, search=True),
    Column("progress", "progress", width=9),
    Column("elapsed", "elapsed", width=8, align="right"),
)
HISTORY_COLUMNS = (
    Column("when", "when (UTC)", width=19, tone="muted", search=True),
    Column("what", "what", min=20, search=True),
    Column("outcome", "outcome", width=13, search=True),
    Column("person", "by", width=18, search=True),
    Column("took", "took", width=8, align="right"),
    Column("source", "source", width=13, tone="muted", search=True),
)
NARROW_HISTORY_COLUMNS = (
    Column("when", "when (UTC)", width=16, tone="muted", search=True),
    Column("what", "what", min=20, search=True),
    Column("outcome", "outcome", width=13, search=True),
    Column("source", "source", width=13, tone="muted", search=True),
)
_STATES: dict[str, Tone] = {
    str(state): tone for state, tone in render.STATE_TONES.items()
} | {
    "rolled back": "warn",
    "not committed": "warn",
    "ended unseen": "bad",
    "running": "accent",
    "running elsewhere": "accent",
    "waiting elsewhere": "accent",
}
EARLIER = "earlier"
"""What stands in the place of the number of a job of another start."""


def tone_of(word: str) -> Tone:
    """What a state or an outcome means."""
    return _STATES.get(word, "")


# Rows


def job_rows(
    live: Sequence[JobEvent],
    submitted: dict[int, dt.datetime],
    earlier: Iterable[JobRecord],
    watch: float,
    now: dt.datetime,
    *,
    narrow: bool,
) -> list[Row]:
    """The list of jobs: this start's newest first, then those of others.

    Args:
        live: The newest event of each job of this start.
        submitted: When each was asked for.
        earlier: What the journal has of other starts.
        watch: What the jobs' watch shows.
        now: The time.
        narrow: Whether there is room for little.
    """
    width = len(NARROW_JOB_COLUMNS) if narrow else len(JOB_COLUMNS)
    rows = [
        Row(
            ("job", event.job),
            _live(event, submitted[event.job], watch, now, 0 if narrow else 8)[:width],
        )
        for event in reversed(live)
    ]
    rows += [Row(each.job, _earlier(each, now)[:width]) for each in earlier]
    return rows


def _live(
    event: JobEvent, asked: dt.datetime, watch: float, now: dt.datetime, room: int
) -> tuple[Cell, ...]:
    """A job of this start; its bar is `room` cells long."""
    words = event.pace.words(watch) if event.pace else None
    runs = event.state in (JobState.RUNNING, JobState.CANCELLING)
    steps = words.steps.removesuffix(" steps") if words else ""
    share = event.pace.share(watch) if event.pace and runs else None
    progress = f"{steps} {bar(share, room)}".strip() if share is not None else steps
    if event.state is JobState.DONE:
        progress = ""  # how many steps were foreseen is no news any more
    took = text.seconds(event.seconds) if event.seconds is not None else ""
    return (
        Cell(str(event.job), sort=event.job),
        Cell(event.title),
        Cell(str(event.state), tone_of(str(event.state))),
        Cell(progress),
        Cell(words.elapsed if words and runs else took),
        Cell(words.left.removesuffix(" left") if words and runs else ""),
        render.moment(asked, now),
    )


def _earlier(record: JobRecord, now: dt.datetime) -> tuple[Cell, ...]:
    seconds = record.seconds
    return (
        Cell(EARLIER, "muted", sort=0),
        Cell(record.title, "muted"),
        Cell(record.word, tone_of(record.word)),
        Cell("", "muted"),
        Cell("" if seconds is None else text.seconds(seconds), "muted"),
        Cell("", "muted"),
        render.moment(record.begun, now),
    )


def history_rows(lines: dict[str, Line], *, narrow: bool) -> list[Row]:
    """The history, by what tells its lines apart."""
    return [
        Row(key, _narrow_line(line) if narrow else _line(line))
        for key, line in lines.items()
    ]


def keyed(lines: Iterable[Line]) -> dict[str, Line]:
    """Lines by what tells them apart, so that a list read anew keeps its place."""
    found: dict[str, Line] = {}
    for line in lines:
        key = line.record.job if line.record else f"{line.when} {line.title}"
        while key in found:
            key += "'"
        found[key] = line
    return found


def _line(line: Line) -> tuple[Cell, ...]:
    return (
        Cell(f"{line.when:%Y-%m-%d %H:%M:%S}", sort=line.when),
        Cell(line.title),
        Cell(line.outcome, tone_of(line.outcome)),
        Cell(line.person),
        Cell("" if line.seconds is None else text.seconds(line.seconds)),
        Cell("journal + log" if len(line.sources) > 1 else line.sources[0]),
    )


def _narrow_line(line: Line) -> tuple[Cell, ...]:
    _, what, outcome, _, _, source = _line(line)
    short = Cell(f"{line.when:%Y-%m-%d %H:%M}", sort=line.when)
    return short, what, outcome, source


# Stories


@dataclass(frozen=True, slots=True)
class Story:
    """All there is to read of a job, or of a line of the history."""

    title: str
    facts: Facts
    log: tuple[LogLine, ...] = ()
    plan: tuple[str, ...] = ()
    """What it was to do, step by step."""
    sql: tuple[str, ...] = ()
    """What was sent."""


def of_job(
    spec: JobSpec, events: Sequence[JobEvent], sent: Sequence[str], now: dt.datetime
) -> Story:
    """The story of a job of this start."""
    first, last = events[0], events[-1]
    ended = last.state.ended
    facts = [
        ("job", f"#{last.job} of this start"),
        ("state", str(last.state)),
        ("asked for", _when(first.at, now)),
        ("outcome", last.text if ended else "not yet"),
    ]
    if ended and last.seconds is not None:
        facts.append(("took", text.seconds(last.seconds)))
    if last.error is not None and last.error.remedy:
        facts.append(("what to do", last.error.remedy))
    log = tuple(render.log_line(event) for event in events)
    return Story(spec.title, Facts(tuple(facts)), log, spec.steps, tuple(sent))


def of_record(record: JobRecord, now: dt.datetime) -> Story:
    """The story of a job of another start, as the journal has it."""
    facts = [
        ("job", f"{record.job} of the journal"),
        ("state", record.word),
        ("asked for", _when(record.begun, now)),
        ("outcome", record.outcome or record.unclear or "not known"),
        ("where", f"{record.place.server} as {record.place.user}"),
        ("process", f"{record.process.pid} on {record.process.machine}"),
        ("moclone", record.version),
    ]
    if record.error and record.error not in record.outcome:
        facts.append(("error", record.error))
    if record.seconds is not None:
        facts.append(("took", text.seconds(record.seconds)))
    return Story(
        record.title,
        Facts(tuple(facts)),
        tuple(_step(*step) for step in record.steps),
        record.planned,
        record.sent,
    )


def _step(words: str, seconds: float | None) -> LogLine:
    took = "" if seconds is None else text.seconds(seconds)
    return LogLine(f"{took:>8}", ((f"  {words}", ""),))


def of_line(line: Line, now: dt.datetime) -> Story:
    """The story of a line of the history."""
    facts = [
        ("what", line.what),
        ("objects", ", ".join(line.objects) or "–"),
        ("outcome", " · ".join(filter(None, (line.outcome, line.detail)))),
        ("by", line.person),
        ("when", _when(line.when, now)),
        ("source", " and ".join(line.sources)),
    ]
    if line.before is not None:
        facts.append(("just before", f"{line.before} · t looks there"))
    if line.record is None:
        if line.seconds is not None:
            facts.append(("took", text.seconds(line.seconds)))
        return Story(line.title, Facts(tuple(facts)), sql=line.statements)
    story = of_record(line.record, now)
    told = {*dict(facts), "state", "asked for"}
    more = [fact for fact in story.facts.pairs if fact[0] not in told]
    return Story(
        line.title, Facts((*facts, *more)), story.log, story.plan, line.statements
    )


def _when(moment: dt.datetime, now: dt.datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S} UTC · {text.age(moment, now)}"
