"""What the Snapshots view says: its columns, its rows, the facts of one snapshot."""

from __future__ import annotations

import datetime as dt

from moclone_tui import text
from moclone_tui.api import Snapshot
from moclone_tui.cloning.comparison import State, TableDiff
from moclone_tui.cloning.coverage import Kept
from moclone_tui.cloning.of_snapshots import only_there, others_that_keep
from moclone_tui.jobs.keeping import Life
from moclone_tui.tui import render
from moclone_tui.tui.render import Facts
from moclone_tui.tui.snapshot_reads import Around, Since
from moclone_tui.tui.widgets.cells import Cell, Column, Row

_NAME = Column("name", "name", min=12, max=40, search=True)
_COVERS = Column("covers", "covers", min=10, max=40, search=True)
_AGE = Column("age", "age", width=11)
_COPIES = Column("copies", "copies", width=6, align="right")
_CHANGED = Column("changed", "changed since", width=20)
COLUMNS = (
    _NAME,
    Column("level", "level", width=8, tone="muted", search=True),
    _COVERS,
    _AGE,
    _COPIES,
    _CHANGED,
    Column("kept", "kept until", width=10, tone="muted"),
)
NARROW_COLUMNS = (
    Column("name", "name", min=16, max=40, search=True),
    _COVERS,
    Column("age", "age", width=7),
    _COPIES,
    _CHANGED,
    Column("kept", "until", width=6, tone="muted"),
)


def row(
    snapshot: Snapshot,
    around: Around | None,
    since: Since | None,
    now: dt.datetime,
    *,
    narrow: bool,
) -> Row:
    """A line of the list."""
    age = text.age(snapshot.created, now)
    cells = {
        "name": Cell(snapshot.name, "" if snapshot.kind == "user" else "muted"),
        "level": Cell(str(snapshot.level)),
        "covers": Cell(snapshot.covers),
        "age": Cell(age.removesuffix(" ago") if narrow else age, sort=snapshot.ts),
        "copies": copies_cell(snapshot, around),
        "changed": changed_cell(since),
        "kept": kept_cell(snapshot, around, now),
    }
    columns = NARROW_COLUMNS if narrow else COLUMNS
    return Row(snapshot.name, tuple(cells[each.key] for each in columns))


def copies_cell(snapshot: Snapshot, around: Around | None) -> Cell:
    """How many copies were made from it."""
    if around is None:
        return render.PENDING
    number = len(around.copies_of(snapshot))
    return Cell(text.count(number), "" if number else "muted", sort=number)


def kept_cell(snapshot: Snapshot, around: Around | None, now: dt.datetime) -> Cell:
    """Until when it is kept."""
    if around is None:
        return render.PENDING
    life = around.life(snapshot)
    words = until(life, now)
    if not words:
        return render.NOT_KNOWN
    return Cell(words, "warn" if words == "over" else "", sort=life.until)


def changed_cell(since: Since | None) -> Cell:
    """How much changed since."""
    if since is None or not since.counted:
        return render.PENDING
    if since.unknown and not since.found:
        return render.NOT_KNOWN
    tables, rows = len(since.changed), since.rows
    words = text.plural(tables, "table") if tables else "nothing"
    words += f", {text.plural(rows, 'row')}" if rows else ""
    if not since.done:
        return Cell(f"{words} …", "muted", sort=(tables, rows))
    return Cell(words, "" if tables else "muted", sort=(tables, rows))


def facts(
    snapshot: Snapshot,
    around: Around | None,
    since: Since | None,
    kept: Kept | None,
    now: dt.datetime,
) -> Facts:
    """Everything about a snapshot, what is still to come as `…`."""
    covers = snapshot.covers
    if since is not None and not snapshot.database and since.waiting is not None:
        number = len(since.waiting) + len(since.found)
        covers += f" · {text.plural(number, 'database')}"
    life = around.life(snapshot) if around else Life()
    made = around.made_by(snapshot) if around else None
    copies = around.copies_of(snapshot) if around else ()
    taken = f"{snapshot.created:%Y-%m-%d %H:%M:%S} UTC · "
    taken += text.age(snapshot.created, now)
    taken += f" · by {made.by}" if made else ""
    return Facts(
        (
            ("covers", f"{covers} ({snapshot.level})"),
            ("taken", taken),
            ("for", listed(list(map(str, made.job.taken_for))) if made else ""),
            ("kept", _kept(life, now) if around else "…"),
            ("copies", (listed(list(copies)) or "none known") if around else "…"),
            ("changed", _changed(snapshot, since)),
            ("only here", _only(kept, snapshot, since)),
            ("made by", "" if snapshot.kind == "user" else "the server"),
        )
    )


def until(life: Life, now: dt.datetime) -> str:
    """Until when something is kept, short: `31 Dec`, `in 5 h`, `over`."""
    if life.protected:
        return "always"
    if life.ends is None:
        return ""
    left = life.ends - now
    if left <= dt.timedelta():
        return "over"
    if left < dt.timedelta(hours=20):
        return f"in {max(1, round(left.total_seconds() / 3600))} h"
    if left > dt.timedelta(days=300):
        return f"{life.ends.year}"
    return f"{life.ends.day} {life.ends:%b}"


def _kept(life: Life, now: dt.datetime) -> str:
    if life.protected:
        return "protected: nothing drops it by its age"
    if life.ends is None:
        return "until somebody drops it"
    words = f"until {life.ends:%Y-%m-%d %H:%M} UTC"
    return f"{words}, which is over" if life.ends <= now else words


def _changed(snapshot: Snapshot, since: Since | None) -> str:
    if since is None:
        return "…"
    said = [
        f"{'' if snapshot.database else f'{database}.'}{each.name} {said_of(each)}"
        for database, each in since.changed
    ]
    words = listed(said, " · ")
    if since.unknown:
        return " · ".join(
            part for part in (words, f"not known: {since.unknown}") if part
        )
    if not since.done:
        return f"{words} …".lstrip()
    return words or (
        "nothing" if since.exact else "nothing, as far as numbers of rows tell"
    )


def said_of(each: TableDiff) -> str:
    """What became of an object: `2 fewer rows`, `is gone`, `was altered`."""
    match each.state:
        case State.ONLY_LEFT:
            return "is gone"
        case State.ONLY_RIGHT:
            return "is new"
        case State.ALTERED:
            return "was altered"
    if each.changes is not None and each.changes.total:
        return str(each.changes)
    more = (each.rows_right or 0) - (each.rows_left or 0)
    if more:
        return text.plural(abs(more), "more row" if more > 0 else "fewer row")
    return "may be altered" if each.same_ddl is None else str(each.state)


def _only(kept: Kept | None, snapshot: Snapshot, since: Since | None) -> str:
    """What nothing else can bring back; empty if that is not known."""
    if kept is None or since is None or not since.found:
        return "…" if since is None or not since.done else ""
    names = [
        name if snapshot.database else f"{database}.{name}"
        for database, found in sorted(since.found.items())
        for name in only_there(kept, snapshot, found)
    ]
    if names:
        return f"{listed(names)}, as it was" if len(names) == 1 else listed(names)
    if not since.done:
        return "…"
    others = {
        each
        for database in since.found
        for each in others_that_keep(kept, snapshot, database, snapshot.table)
    }
    return "nothing" + (f" · {listed(sorted(others))} keeps it too" if others else "")


def listed(names: list[str], between: str = ", ", shown: int = 8) -> str:
    """Names in a line: the first ones, and how many more."""
    more = len(names) - shown
    words = between.join(names[:shown])
    return f"{words}{between}{text.count(more)} more" if more > 0 else words
