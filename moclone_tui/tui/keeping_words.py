"""How the Keeping screen says it: rows, facts, and what a drop would do."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from textual.content import Content

from moclone_tui import text
from moclone_tui.jobs.keeping_look import Standing
from moclone_tui.tui.widgets.cells import Cell, Column, Key, Row, wrap

NARROW_COLUMNS = (
    Column("name", "name", min=16, search=True),
    Column("made", "made", width=10, tone="muted"),
    Column("ends", "expires", width=11),
    Column("frees", "frees", width=7, align="right"),
    Column("state", "state", width=10),
)
COLUMNS = (
    NARROW_COLUMNS[0],
    Column("of", "what it is", min=20, search=True, tone="muted"),
    *NARROW_COLUMNS[1:],
)
_MANY = 10
"""How many objects a question lists."""


def urgency(each: Standing) -> tuple[bool, float]:
    """What to sort by: what has expired first, what never expires last."""
    until = each.life.until
    return not each.expired, float("inf") if until is None else until


def row(key: Key, each: Standing, *, narrow: bool) -> Row:
    """A line of the list."""
    made = each.made
    cells = (
        str(made.object),
        made.origin,
        Cell(each.age, sort=made.object.created),
        _ends(each),
        _frees(each),
        _state(each),
    )
    return Row(key, (cells[0], *cells[2:]) if narrow else cells)


def _ends(each: Standing) -> Cell:
    until = each.life.until
    if until is None:
        return Cell("never", "muted")
    return Cell(ends_words(until, each.now), "warn" if each.expired else "", until)


def ends_words(until: int, now: int) -> str:
    """`in 3 days`, `8 days ago`."""
    left = until - now
    if left <= 0:
        end = dt.datetime.fromtimestamp(until, dt.UTC)
        return text.age(end, dt.datetime.fromtimestamp(now, dt.UTC))
    for limit, word, unit in ((3600, "min", 60), (172800, "h", 3600)):
        if left < limit:
            return f"in {left // unit} {word}"
    return f"in {text.plural(round(left / 86400), 'day')}"


def _frees(each: Standing) -> Cell:
    if each.change is None:
        return Cell("…" if each.expired and each.same else "", "muted")
    if each.frees is None:
        return Cell("–", "muted")
    return Cell(text.size(each.frees), sort=each.frees)


def _state(each: Standing) -> Cell:
    if not each.same:
        return Cell("another" if each.same is False else "not known", "bad")
    if each.life.protected:
        return Cell("protected", "good")
    if each.life.disposable:
        return Cell("disposable", "warn" if each.expired else "accent")
    change = each.change
    if change is not None and change.yes:
        return Cell("changed", "bad")
    if each.expired and change is not None and change.yes is None:
        return Cell("changed?", "bad")
    return Cell("expired" if each.expired else "kept", "warn" if each.expired else "")


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of one; what is long goes on below its own beginning."""

    each: Standing

    def fit(self, width: int) -> Content:
        """Lay it out."""
        lines = []
        for label, words, tone in _facts(self.each):
            for at, part in enumerate(wrap(words, max(20, width - 9))):
                head = f"{'' if at else label:<9}"
                line = Content.assemble((head, "$foreground-muted"), (part, tone))
                lines.append(line)
        return Content("\n").join(lines)


def _facts(each: Standing) -> Iterator[tuple[str, str, str]]:
    made = each.made
    kinds = dict.fromkeys((made.object.type, text.safe(made.origin)))
    yield "is", f"{', '.join(kinds)} · made {each.age} by {text.safe(made.by)}", ""
    life = each.life.ends
    until = f"{life:%Y-%m-%d %H:%M} UTC" if life else "never, until somebody drops it"
    yield "expires", until, ""
    if each.same and each.change is None:
        yield "changed", "…", "$foreground-muted"
    elif each.change is not None:
        word = {True: "yes: ", False: "no: ", None: "not known: "}[each.change.yes]
        yield "changed", word + each.change.words, ""
        free = each.frees_words if each.frees is None else text.size(each.frees)
        told = "not known: " if each.frees is None else ""
        yield "frees", told + free, ""
    for need in each.needs:
        yield "with it", need, ""
    if each.why and (each.change is not None or not each.same):
        why = [one for one in each.why if one not in each.unproved]
        more = ["until o calls it disposable"] if each.unproved else []
        yield "stays", "; ".join([*why, *more]), "$text-warning"


def left(each: Standing) -> str:
    """Why one is not dropped, fit to show."""
    name = text.safe(str(each.made.object))
    words = "; ".join(each.why)
    if each.unproved:
        words += " · o calls it disposable"
    return f"{name} stays: {words}"


def plan(found: Sequence[Standing]) -> list[str]:
    """What a drop would do, line by line, fit to show."""
    going = [each for each in found if not each.why]
    staying = [each for each in found if each.why]
    lines = [_going(each) for each in going[:_MANY]]
    if len(going) > _MANY:
        lines.append(f"and {text.count(len(going) - _MANY)} more")
    lines += [left(each) for each in staying[:3]]
    if len(staying) > 3:
        lines.append(f"and {text.count(len(staying) - 3)} more stay")
    return [*lines, "No way back is kept."]


def _going(each: Standing) -> str:
    words = [each.made.object.drop]
    if not each.expired:
        words.append("it has not expired")
    if each.frees is not None:
        words.append(f"frees {text.size(each.frees)}")
    words += [f"with it: {need}" for need in each.needs]
    return text.safe(" · ".join(words))
