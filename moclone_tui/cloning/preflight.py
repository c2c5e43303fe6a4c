"""Judge what was found before a copy is made: blockers, warnings and notes.

Pure: `look.py` asks the server, this only thinks. Each finding says what, why, and what
to do. The sources are measurements on MatrixOne 3.0.18 and 4.2.0.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from moclone_tui.api import (
    SYSTEM_DATABASES,
    Capabilities,
    Kind,
    Moment,
    Snapshot,
    SnapshotLevel,
)
from moclone_tui.cloning.look import Facts, Object
from moclone_tui.cloning.request import IfExists, Pair, Request


class Level(StrEnum):
    """How much a finding weighs."""

    BLOCKER = "blocker"
    """It cannot go well: nothing is sent."""
    WARNING = "warning"
    """It goes well, and not as one might expect."""
    NOTE = "note"

    @property
    def sign(self) -> str:
        """What stands before it: `x`, `!` or `·`."""
        return {"blocker": "x", "warning": "!", "note": "·"}[self]


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

    def as_line(self) -> str:
        """The finding as a line of a plan."""
        remedy = f" ({self.remedy})" if self.remedy else ""
        return f"  {self.level.sign}  {self.text}{remedy}"

    def as_dict(self) -> dict[str, object]:
        """The finding as JSON has it."""
        return {
            "level": str(self.level),
            "text": self.text,
            "remedy": self.remedy,
            "objects": list(self.objects),
        }


def judge(
    pair: Pair,
    request: Request,
    facts: Facts,
    capabilities: Capabilities,
    *,
    stepwise: bool = False,
) -> tuple[Finding, ...]:
    """Everything there is to know about one copy, the gravest first.

    Args:
        pair: The copy.
        request: What it is part of.
        facts: What was found of it.
        capabilities: What the server can do.
        stepwise: Whether the database is copied table by table.
    """
    found = [
        *_source(pair, request.at, facts),
        *_target(pair, request, facts),
        *(_content(pair, facts, capabilities, stepwise) if facts.source_there else ()),
        *_sequences(pair, request, facts),
        *(_note(f"not checked: {words}", Level.WARNING) for words in facts.unknown),
    ]
    return gravest_first(found)


def gravest_first(found: Iterable[Finding]) -> tuple[Finding, ...]:
    """Blockers, then warnings, then notes, each as they came."""
    return tuple(sorted(found, key=lambda finding: list(Level).index(finding.level)))


_GONE = "Look again: it may have been dropped meanwhile."


def _source(pair: Pair, at: Moment, facts: Facts) -> Iterator[Finding]:
    if pair.source_database in SYSTEM_DATABASES:
        yield blocker(f"{pair.source_database} is the server's own database")
    elif facts.missing:
        yield blocker(facts.missing, _GONE)
    elif at.snapshot and facts.snapshot is None and not facts.source_there:
        yield blocker(f"the snapshot {at.snapshot} does not exist")
    elif not facts.source_there:
        yield blocker(f"{pair.source_database} does not exist{_then(at)}", _GONE)
    elif pair.source_table is not None and not facts.objects:
        yield blocker(f"{pair.source} does not exist{_then(at)}", _GONE)
    if facts.unreadable:
        yield blocker(
            f"this login may not read {listed(facts.unreadable)} of "
            f"{pair.source_database}, and the server would copy it all the same",
            "Ask for SELECT on it, or connect with a role that has it.",
        )
    yield from _moment(pair, at, facts)


def _moment(pair: Pair, at: Moment, facts: Facts) -> Iterator[Finding]:
    if at.ns and facts.clock is not None and at.ns > facts.clock + 10**9:
        yield blocker(
            "the moment lies in the future, and the server would take the present",
            "Choose a moment that is past.",
        )
    if facts.snapshot is not None and not _covers(pair, facts.snapshot):
        yield blocker(
            f"the snapshot {at.snapshot} covers {facts.snapshot.covers}, "
            f"not {pair.source}"
        )


def _then(at: Moment) -> str:
    return f" at {at}" if at else ""


def _covers(pair: Pair, snapshot: Snapshot) -> bool:
    if snapshot.level is SnapshotLevel.CLUSTER:
        return True
    if pair.source_table is None:
        return snapshot.has_database(pair.source_database)
    return snapshot.has_table(pair.source_database, pair.source_table)


def _target(pair: Pair, request: Request, facts: Facts) -> Iterator[Finding]:
    if pair.target_database in SYSTEM_DATABASES:
        yield blocker(f"{pair.target_database} is the server's own database")
    elif pair.target_table is not None and facts.target_database_there is False:
        yield blocker(
            f"the database {pair.target_database} does not exist",
            "Make it first, or choose another.",
        )
    elif facts.target_there and request.if_exists is IfExists.SKIP:
        yield _note(f"{pair.target} exists already: it will be left alone")
    elif facts.target_there and request.if_exists is IfExists.REPLACE:
        yield from _replaced(pair, request, facts)
    elif facts.target_there:
        yield blocker(f"{pair.target} exists already", "Choose another name.")


def _replaced(pair: Pair, request: Request, facts: Facts) -> Iterator[Finding]:
    """What goes with a target that is dropped, and comes back with no ROLLBACK."""
    if pair.in_place and not request.at:
        yield blocker(
            f"{pair.target} would be replaced by itself", "Name a snapshot or a time."
        )
    if facts.target_routines:
        yield blocker(
            f"{listed(facts.target_routines)} of {pair.target} would be lost for good: "
            "the server drops them at once, even if the rest is rolled back",
            "Save and drop them first, or copy to another name.",
        )
    if pair.target_table is not None:
        for each in facts.target_objects:
            if each.kind is not Kind.TABLE:
                yield blocker(f"{pair.target} is a {each.kind}, not a table")
        return
    uncopied = [
        each.name for each in facts.target_objects if each.kind is Kind.EXTERNAL
    ]
    uncopied += _with_quotes(facts.target_objects)
    if uncopied and request.way_back:
        yield blocker(
            f"{listed(uncopied)} of {pair.target} cannot be copied, so that there "
            "would be no way back",
            "Replace it without keeping a way back, or copy to another name.",
        )


def _sequences(pair: Pair, request: Request, facts: Facts) -> Iterator[Finding]:
    """Sequences are in no clone: they are made anew if asked for, or missing."""

    def of(objects: Iterable[Object]) -> list[str]:
        return [each.name for each in objects if each.kind is Kind.SEQUENCE]

    if pair.source_table is not None:
        return
    replaced = request.if_exists is IfExists.REPLACE and facts.target_there
    lost = set(of(facts.target_objects)) if replaced else set()
    if request.sequences:
        lost -= set(of(facts.objects))
    elif left_out := of(facts.objects):
        names = [f"sequence {name}" for name in left_out]
        yield _about(Level.WARNING, names, "is left out by the server",
                     "are left out by the server", "Ask for sequences.")  # fmt: skip
    if lost:
        yield blocker(
            f"{listed(sorted(lost))}: a sequence that would be dropped, and does not "
            "come back",
            "Ask for sequences to be made anew, or drop it first.",
        )


def _content(
    pair: Pair, facts: Facts, capabilities: Capabilities, stepwise: bool
) -> Iterator[Finding]:
    if pair.source_table is None:
        yield from _database_content(pair, facts, stepwise)
    else:
        yield from _table_content(pair, facts)
    partitioned = [each.name for each in facts.objects if each.partitioned]
    if partitioned and not capabilities.has("clone_keeps_partitions"):
        yield _about(
            Level.WARNING, partitioned, "loses its partitions on this server",
            "lose their partitions on this server",
        )  # fmt: skip


def _table_content(pair: Pair, facts: Facts) -> Iterator[Finding]:
    for each in facts.objects:
        if each.kind is not Kind.TABLE:
            yield blocker(f"{pair.source} is a {each.kind}, not a table")
    if pair.in_place:
        return
    for key in facts.foreign_keys:
        yield _note(
            f"the copy's {key.name} goes on pointing to "
            f"{key.parent_database}.{key.parent}",
            Level.WARNING,
        )


def _database_content(pair: Pair, facts: Facts, stepwise: bool) -> Iterator[Finding]:
    external = [each.name for each in facts.objects if each.kind is Kind.EXTERNAL]
    refused = (
        ((), "", "") if stepwise
        else (external, "an external table", "Copy it stepwise, which leaves it out."),
        (_with_quotes(facts.objects), 'named with a "', "Rename it."),
        (facts.broken_views, "a view of what is not there", "Drop or mend it."),
    )  # fmt: skip
    for names, what, remedy in refused:
        for name in names:
            yield Finding(
                Level.BLOCKER,
                f"{name} is {what}: with it the server refuses the whole copy",
                remedy,
                (name,),
            )
    left_out = [f"external table {name}" for name in external if stepwise]
    left_out += [f"procedure {name}" for name in facts.procedures]
    left_out += [f"function {name}" for name in facts.functions]
    if left_out:
        yield _about(
            Level.WARNING, left_out, "is left out by the server",
            "are left out by the server",
        )  # fmt: skip
    for key in facts.foreign_keys:
        if key.parent_database != pair.source_database and not pair.in_place:
            yield _note(
                f"{key.name} of {key.table} goes on pointing to "
                f"{key.parent_database}.{key.parent}, which can then not be dropped",
                Level.WARNING,
            )
    for view, table in () if pair.in_place else facts.outside_views:
        yield _note(f"the copy's {view} goes on reading {table}", Level.WARNING)


def _with_quotes(objects: Iterable[Object]) -> list[str]:
    return [each.name for each in objects if '"' in each.name]


def listed(names: Sequence[str]) -> str:
    """The first five names, and how many there are beside them."""
    more = f" and {len(names) - 5} more" if len(names) > 5 else ""
    return ", ".join(names[:5]) + more


def _about(
    level: Level, names: Sequence[str], one: str, many: str, remedy: str = ""
) -> Finding:
    words = one if len(names) == 1 else many
    return Finding(level, f"{listed(names)} {words}", remedy, tuple(names))


def blocker(text: str, remedy: str = "") -> Finding:
    """What speaks against it, and what to do."""
    return Finding(Level.BLOCKER, text, remedy)


def _note(text: str, level: Level = Level.NOTE) -> Finding:
    return Finding(level, text)
