"""Judge what was found before a copy is made: blockers, warnings and notes.

Pure: `look.py` asks the server, this only thinks. Each finding says what, why, and what
to do. The sources are measurements on MatrixOne 3.0.18 and 4.2.0.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from moclone_tui.api import SYSTEM_DATABASES, Capabilities, Kind, SnapshotLevel
from moclone_tui.cloning.look import Facts, Object
from moclone_tui.cloning.request import IfExists, Request


class Level(StrEnum):
    """How much a finding weighs."""

    BLOCKER = "blocker"
    """It cannot go well: nothing is sent."""
    WARNING = "warning"
    """It goes well, and not as one might expect."""
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to know before a copy is made."""

    level: Level
    text: str
    """What, and why, in one sentence. Not yet fit to show."""
    remedy: str = ""
    """What to do about it."""
    objects: tuple[str, ...] = ()
    """The names of what it is about."""


def judge(
    request: Request, facts: Facts, capabilities: Capabilities
) -> tuple[Finding, ...]:
    """Everything there is to know about a copy, the gravest first."""
    found = [
        *_source(request, facts),
        *_target(request, facts),
        *(_content(request, facts, capabilities) if facts.source_there else ()),
        *(_note(f"not checked: {words}", Level.WARNING) for words in facts.unknown),
    ]
    return tuple(sorted(found, key=lambda finding: list(Level).index(finding.level)))


_GONE = "Look again: it may have been dropped meanwhile."


def _source(request: Request, facts: Facts) -> Iterator[Finding]:
    at = request.at
    if request.source_database in SYSTEM_DATABASES:
        yield _blocker(f"{request.source_database} is the server's own database")
    elif facts.missing:
        yield _blocker(facts.missing, _GONE)
    elif at.snapshot and facts.snapshot is None and not facts.source_there:
        yield _blocker(f"the snapshot {at.snapshot} does not exist")
    elif not facts.source_there:
        yield _blocker(
            f"{request.source_database} does not exist{_then(request)}", _GONE
        )
    elif request.source_table is not None and not facts.objects:
        yield _blocker(f"{request.source} does not exist{_then(request)}", _GONE)
    if at.ns and facts.clock is not None and at.ns / 1e9 > facts.clock.timestamp() + 1:
        yield _blocker(
            "the moment lies in the future, and the server would take the present",
            "Choose a moment that is past.",
        )
    if facts.snapshot is not None and not _covers(request, facts):
        yield _blocker(
            f"the snapshot {at.snapshot} covers {facts.snapshot.covers}, "
            f"not {request.source}"
        )


def _then(request: Request) -> str:
    return f" at {request.at}" if request.at else ""


def _covers(request: Request, facts: Facts) -> bool:
    if facts.snapshot is None:
        return True
    if facts.snapshot.level is SnapshotLevel.CLUSTER:
        return True
    if request.source_table is None:
        return facts.snapshot.has_database(request.source_database)
    return facts.snapshot.has_table(request.source_database, request.source_table)


def _target(request: Request, facts: Facts) -> Iterator[Finding]:
    if request.target_database in SYSTEM_DATABASES:
        yield _blocker(f"{request.target_database} is the server's own database")
    elif facts.target_there and request.if_exists is IfExists.SKIP:
        yield _note(f"{request.target} exists already: it will be left alone")
    elif facts.target_there:
        yield _blocker(f"{request.target} exists already", "Choose another name.")
    elif request.target_table is not None and facts.target_database_there is False:
        yield _blocker(
            f"the database {request.target_database} does not exist",
            "Make it first, or choose another.",
        )


def _content(
    request: Request, facts: Facts, capabilities: Capabilities
) -> Iterator[Finding]:
    if request.source_table is None:
        yield from _database_content(request.source_database, facts)
    else:
        yield from _table_content(request, facts)
    partitioned = [each.name for each in facts.objects if each.partitioned]
    if partitioned and not capabilities.has("clone_keeps_partitions"):
        yield _about(
            Level.WARNING, partitioned, "loses its partitions on this server",
            "lose their partitions on this server",
        )  # fmt: skip


def _table_content(request: Request, facts: Facts) -> Iterator[Finding]:
    for each in facts.objects:
        if each.kind is not Kind.TABLE:
            yield _blocker(f"{request.source} is a {each.kind}, not a table")
    for key in facts.foreign_keys:
        yield _note(
            f"the copy's {key.name} goes on pointing to "
            f"{key.parent_database}.{key.parent}",
            Level.WARNING,
        )


def _database_content(source: str, facts: Facts) -> Iterator[Finding]:
    def named(kind: Kind) -> list[str]:
        return [each.name for each in facts.objects if each.kind is kind]

    refused = (
        (named(Kind.EXTERNAL), "an external table", "Clone the tables one by one."),
        (_with_quotes(facts.objects), 'named with a "', "Rename it."),
        (facts.broken_views, "a view of what is not there", "Drop or mend it."),
    )
    for names, what, remedy in refused:
        for name in names:
            yield Finding(
                Level.BLOCKER,
                f"{name} is {what}: with it the server refuses the whole copy",
                remedy,
                (name,),
            )
    left_out = [f"sequence {name}" for name in named(Kind.SEQUENCE)]
    left_out += [f"procedure {name}" for name in facts.procedures]
    left_out += [f"function {name}" for name in facts.functions]
    if left_out:
        yield _about(
            Level.WARNING, left_out, "is left out by the server",
            "are left out by the server",
        )  # fmt: skip
    for key in facts.foreign_keys:
        if key.parent_database != source:
            yield _note(
                f"{key.name} of {key.table} goes on pointing to "
                f"{key.parent_database}.{key.parent}, which can then not be dropped",
                Level.WARNING,
            )


def _with_quotes(objects: Iterable[Object]) -> list[str]:
    return [each.name for each in objects if '"' in each.name]


def _about(level: Level, names: Sequence[str], one: str, many: str) -> Finding:
    shown = ", ".join(names[:5]) + (
        f" and {len(names) - 5} more" if len(names) > 5 else ""
    )
    words = one if len(names) == 1 else many
    return Finding(level, f"{shown} {words}", objects=tuple(names))


def _blocker(text: str, remedy: str = "") -> Finding:
    return Finding(Level.BLOCKER, text, remedy)


def _note(text: str, level: Level = Level.NOTE) -> Finding:
    return Finding(level, text)
