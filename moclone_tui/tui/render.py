"""From values to what is shown: rows of lists, lines of the log, paragraphs.

Everything that came from a server goes through `safe()` here or in the widgets; nothing
is ever markup.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from textual.content import Content
from textual.notifications import SeverityLevel

from moclone_tui import text
from moclone_tui.api import (
    Database,
    MocloneError,
    ServerError,
    Snapshot,
)
from moclone_tui.jobs.model import JobEvent, JobState
from moclone_tui.tui.desk import Desk
from moclone_tui.tui.widgets.cells import Cell, Column, Row, Tone, wrap
from moclone_tui.tui.widgets.log import LogLine

DATABASE_COLUMNS = (
    Column("name", "name", min=10, search=True),
    Column("tables", "tables", width=6, align="right", tone="muted"),
)
SNAPSHOT_COLUMNS = (
    Column("name", "name", min=16, max=40, search=True),
    Column("level", "level", width=8, tone="muted"),
    Column("covers", "covers", min=10, search=True),
    Column("taken", "taken (UTC)", width=16, tone="muted"),
    Column("age", "age", width=11),
)
PENDING = Cell("…", "muted")
NOT_KNOWN = Cell("–", "muted")

STATE_TONES: dict[JobState, Tone] = {
    JobState.DONE: "good",
    JobState.SKIPPED: "warn",
    JobState.NOT_VERIFIED: "warn",
    JobState.DIFFERS: "bad",
    JobState.FAILED: "bad",
    JobState.CANCELLED: "warn",
    JobState.CANCELLING: "warn",
    JobState.UNKNOWN: "bad",
}
"""What each state of a job means."""

WORDS_KEY = " · E shows the server's words"
"""What is said where an error has no room."""

BAD = (JobState.FAILED, JobState.DIFFERS, JobState.UNKNOWN)
"""Ends of jobs that somebody has to look at."""


def moment(value: dt.datetime | None, now: dt.datetime) -> Cell:
    """A time as an age, sorted by the time."""
    if value is None:
        return NOT_KNOWN
    return Cell(text.age(value, now), sort=value)


def number(value: int | None) -> Cell:
    """A number with separators, or `–`."""
    return NOT_KNOWN if value is None else Cell(text.count(value), sort=value)


def database_rows(databases: Iterable[Database], *, system: bool) -> list[Row]:
    """The list of databases."""
    return [
        Row(
            database.name,
            (
                Cell(database.name, "muted" if database.system else ""),
                number(database.tables),
            ),
        )
        for database in databases
        if system or not database.system
    ]


def snapshot_rows(snapshots: Iterable[Snapshot], now: dt.datetime) -> list[Row]:
    """The list of snapshots."""
    return [
        Row(
            snapshot.name,
            (
                Cell(snapshot.name, "" if snapshot.kind == "user" else "muted"),
                str(snapshot.level),
                snapshot.covers,
                Cell(f"{snapshot.created:%Y-%m-%d %H:%M}", sort=snapshot.ts),
                Cell(text.age(snapshot.created, now), sort=snapshot.ts),
            ),
        )
        for snapshot in snapshots
    ]


@dataclass(frozen=True, slots=True)
class Facts:
    """Names and values under each other, the values in a column of their own."""

    pairs: tuple[tuple[str, str], ...]

    def fit(self, width: int) -> Content:
        """Lay them out; a long value goes on below its own beginning."""
        shown = [(name, value) for name, value in self.pairs if value]
        room = max((len(name) for name, _ in shown), default=0) + 2
        lines: list[Content] = []
        for name, value in shown:
            for at, part in enumerate(wrap(value, max(10, width - room))):
                label = "" if at else name
                lines.append(
                    Content.assemble((label.ljust(room), "$foreground-muted"), part)
                )
        return Content("\n").join(lines)


def snapshot_facts(snapshot: Snapshot, now: dt.datetime) -> Facts:
    """The overview of a snapshot."""
    return Facts(
        (
            ("name", snapshot.name),
            ("level", str(snapshot.level)),
            ("covers", snapshot.covers),
            ("taken", when(snapshot.created, now)),
            ("timestamp", f"{snapshot.ts} ns"),
            ("account", snapshot.account),
            ("made by", "" if snapshot.kind == "user" else "the server"),
        )
    )


def when(value: dt.datetime | None, now: dt.datetime) -> str:
    """A time and its age on two lines; empty if it is not known."""
    if value is None:
        return ""
    return f"{value:%Y-%m-%d %H:%M:%S} UTC\n{text.age(value, now)}"


def problem(error: MocloneError) -> Content:
    """An error in its three parts: what happened and why, what to do, the words."""
    parts: list[Content | tuple[str, str]] = [
        (text.safe(str(error)), "bold $text-error")
    ]
    if error.remedy:
        parts.append((f"\n{text.safe(error.remedy)}", ""))
    words = server_words(error)
    if words:
        parts.append(("\n\nThe server's words:", "$foreground-muted"))
        parts += [(f"\n  {line}", "$foreground-muted") for line in words[:6]]
    return Content.assemble(*parts)


def server_words(error: MocloneError) -> list[str]:
    """The server's number and words line by line, where they say more."""
    if not isinstance(error, ServerError) or not error.detail:
        return []
    number_ = f"{error.code}: " if error.code else ""
    return [text.safe(line) for line in (number_ + error.detail).splitlines()]


def one_line(error: MocloneError) -> str:
    """An error in a line, for places that have no more."""
    return " · ".join(text.safe(part) for part in (str(error), error.remedy) if part)


def in_list(error: MocloneError) -> str:
    """The same in the place of a list; with the key that shows the rest."""
    return one_line(error) + (WORDS_KEY if server_words(error) else "")


def tone_of(event: JobEvent) -> Tone:
    """What an event means: good, bad or neither."""
    return STATE_TONES.get(event.state, "")


def log_line(event: JobEvent) -> LogLine:
    """A job's event as a line of the log; what explains it unfolds beneath."""
    took = "" if event.seconds is None else text.seconds(event.seconds)
    segments: list[tuple[str, Tone]] = [(f"{took:>7}  #{event.job} ", "muted")]
    tone = tone_of(event)
    if event.state.ended:
        segments += [(f"{event.title}  ", ""), (end_of(event), tone)]
    elif event.text in ("started", "cancelling"):
        segments += [(f"{event.title}  ", ""), (event.text, tone or "accent")]
    else:
        segments.append((f"  {event.text}", ""))
    return LogLine(f"{event.at:%H:%M:%S}", tuple(segments), _details(event.error))


def end_of(event: JobEvent) -> str:
    """How a job ended, with a word for it."""
    said = text.safe(event.text)
    plain = event.state in (JobState.DONE, JobState.NOT_VERIFIED, JobState.CANCELLED)
    return said if plain else f"{event.state}: {said}"


def toast(event: JobEvent) -> tuple[str, SeverityLevel]:
    """The end of a job for somebody who looks elsewhere: what, why, what to do."""
    remedy = text.safe(event.error.remedy) if event.error else ""
    more = "E shows the server's words" if event.error else ""
    words = "\n".join(part for part in (end_of(event), remedy, more) if part)
    if event.state in BAD:
        return words, "error"
    return words, "information" if event.state is JobState.DONE else "warning"


def job_counts(running: int, to_look_at: int) -> Content:
    """How many jobs run, and how many ended badly, for the first line of the frame."""
    return Content.assemble(
        (f"{running} running" if running else "", "bold $text-primary"),
        ("  " if running and to_look_at else "", ""),
        (f"{to_look_at} to look at" if to_look_at else "", "bold $text-error"),
    )


def _details(error: MocloneError | None) -> tuple[str, ...]:
    if error is None:
        return ()
    details = [error.remedy] if error.remedy else []
    cause = error
    if not server_words(error) and isinstance(error.__cause__, MocloneError):
        cause = error.__cause__
    details += server_words(cause)
    if isinstance(cause, ServerError) and cause.statement:
        details.append(text.safe(cause.statement))
    return tuple(details)


def connection(desk: Desk) -> Content:
    """The first line of the frame: where one is, and as whom."""
    profile = desk.target.profile
    word = "DEMO" if desk.target.demo else (profile.environment or "").upper()
    colour = "dev" if desk.target.demo else profile.environment
    parts: list[Content | tuple[str, str] | str] = [
        (" moclone  ", "bold"),
        (text.safe(profile.name), ""),
    ]
    if word:
        parts.append(" ")
        parts.append((f" {word} ", f"bold $env-{colour} on $env-{colour}-background"))
    parts.append((f"  {desk.info.version}", ""))
    who = f"{desk.info.account}/{desk.info.user}"
    parts.append((f"  {text.safe(who)}", "$foreground-muted"))
    if profile.read_only:
        parts.append(("  read-only", "bold $text-warning"))
    if not desk.info.encrypted and not desk.target.demo:
        parts.append(("  plain!", "$text-warning"))
    return Content.assemble(*parts)
