"""Put back: rows that are gone, or columns that were overwritten, from a moment.

The table stays what it is: newer rows, its identity, grants and PITR are kept.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from moclone_tui import text
from moclone_tui.api import NOW, Moment, TableName
from moclone_tui.api.names import fold
from moclone_tui.cloning.preflight import Finding, Level
from moclone_tui.cloning.put_back_sql import Sides
from moclone_tui.errors import InvalidName


@dataclass(frozen=True, slots=True)
class PutBack:
    """What is asked for: rows or columns of a table, as they were at a moment.

    Raises:
        InvalidName: The table has no database, there is no moment, or nothing is
            asked for.
    """

    table: TableName
    at: Moment
    """The moment to bring them from."""
    rows: bool = True
    """Whether rows that are gone come back."""
    columns: tuple[str, ...] = ()
    """What is overwritten in rows that are there, with what it was."""

    def __post_init__(self) -> None:
        """Fold names as the server does."""
        if not self.table.database:
            raise InvalidName(
                f"Which database {self.table} is in is not said.",
                remedy="Write database.table.",
            )
        if not self.at:
            raise InvalidName("A put-back needs a moment, or a snapshot.")
        if not (self.rows or self.columns):
            raise InvalidName("Neither rows nor columns are to be put back.")
        folded = TableName(fold(self.table.table), fold(self.table.database))
        object.__setattr__(self, "table", folded)
        names = dict.fromkeys(fold(name) for name in self.columns)
        object.__setattr__(self, "columns", tuple(names))

    @property
    def title(self) -> str:
        """`put back rows of shop.orders as of 2026-01-31 12:00:00 UTC`."""
        what = ["rows"] if self.rows else []
        what += [", ".join(self.columns)] if self.columns else []
        return f"put back {' and '.join(what)} of {self.table} as of {self.at}"


@dataclass(frozen=True, slots=True)
class Counts:
    """What there is to do, counted exactly."""

    then: int
    """Rows of the table at the moment."""
    now: int
    """Rows of the table now."""
    gone: int
    """Rows that were there then and are not now, by key."""
    held_back: int
    """Rows among them that cannot come back: newer rows have their unique values."""
    held_by: Mapping[tuple[str, ...], int] = field(default_factory=dict)
    """How many each unique key holds back, by its columns."""
    taken: Mapping[tuple[str, ...], int] = field(default_factory=dict)
    """How many rows cannot have a chosen unique column back, by its columns."""
    orphans: tuple[int, ...] = ()
    """How many rows point to a parent that is missing, for each foreign key."""
    differ: Mapping[str, int] = field(default_factory=dict)
    """How many rows are there then and now and differ in a column, for each column."""
    touched: int = 0
    """How many of them differ in what is put back."""
    clock: Moment = NOW
    """The server's clock at the count."""

    @property
    def coming(self) -> int:
        """Rows that can come back."""
        return self.gone - self.held_back

    @property
    def newer(self) -> int:
        """Rows that are there now and were not then."""
        return self.now - (self.then - self.gone)


@dataclass(frozen=True, slots=True)
class Change:
    """A row that is there then and now, and differs in what is put back."""

    key: tuple[str, ...]
    """The values of its key."""
    values: Mapping[str, tuple[str | None, str | None]]
    """What it has now and had then, by column."""


@dataclass(frozen=True, slots=True)
class Sample:
    """Some of what a put-back is about. Texts are as the server has them."""

    key: tuple[str, ...] = ()
    """The columns of the key."""
    columns: tuple[str, ...] = ()
    """The columns of the rows that are gone."""
    gone: tuple[tuple[str | None, ...], ...] = ()
    """Rows that are gone, those among them that cannot come back, too."""
    changed: tuple[Change, ...] = ()
    """Rows that are overwritten with what they were."""

    def as_dict(self) -> dict[str, object]:
        """The same as JSON has it."""
        return {
            "gone": [dict(zip(self.columns, row, strict=True)) for row in self.gone],
            "changed": [
                {
                    "key": dict(zip(self.key, change.key, strict=True)),
                    "now": {name: now for name, (now, _) in change.values.items()},
                    "then": {name: then for name, (_, then) in change.values.items()},
                }
                for change in self.changed
            ],
        }

    def as_lines(self) -> list[str]:
        """The same for people, a row a line; not yet fit to show."""
        lines = [
            "+ " + ", ".join(f"{name} {_shown(value)}" for name, value in pairs)
            for pairs in (zip(self.columns, row, strict=True) for row in self.gone)
        ]
        for change in self.changed:
            whose = ", ".join(map(" ".join, zip(self.key, change.key, strict=True)))
            what = ", ".join(
                f"{name} {_shown(now)} → {_shown(then)}"
                for name, (now, then) in change.values.items()
            )
            lines.append(f"~ {whose}: {what}")
        return lines


def _shown(value: str | None) -> str:
    return "NULL" if value is None else repr(value)


@dataclass(frozen=True, slots=True)
class PutBackPlan:
    """A put-back, judged: it can be read, and carried out if nothing blocks it."""

    request: PutBack
    findings: tuple[Finding, ...] = ()
    """What there is to know, the gravest first."""
    sides: Sides | None = None
    """The table then and now; None if that could not be told."""
    counts: Counts | None = None
    """What there is to do; None if it could not be counted."""

    @property
    def blockers(self) -> tuple[Finding, ...]:
        """Why it cannot be carried out; empty if it can."""
        return tuple(each for each in self.findings if each.level is Level.BLOCKER)

    @property
    def rows(self) -> int:
        """How many rows come back."""
        return self.counts.coming if self.counts and self.request.rows else 0

    @property
    def cells(self) -> int:
        """How many values are overwritten with what they were."""
        if self.counts is None:
            return 0
        return sum(self.counts.differ.get(name, 0) for name in self.request.columns)

    @property
    def empty(self) -> bool:
        """Whether there is nothing to put back."""
        return not (self.blockers or self.rows or self.cells)

    @property
    def inside(self) -> tuple[str, ...]:
        """What is sent between BEGIN and COMMIT, in order, but for the looks."""
        if self.sides is None or self.counts is None or self.blockers or self.empty:
            return ()
        updates = self.sides.updates(self.counts.differ) if self.cells else ()
        return (*updates, self.sides.insert()) if self.rows else updates

    @property
    def steps(self) -> tuple[str, ...]:
        """What is done, step by step, for people to read."""
        if not self.inside:
            return ()
        times = Counter(self.inside)
        first, *more = (
            each + (f"  ({many} times)" if many > 1 else "")
            for each, many in times.items()
        )
        verify = f"verify that {_done(self)}, and nothing else was touched"
        return (f"BEGIN; {first}", *more, f"{verify}, then COMMIT")

    def as_text(self) -> str:
        """The plan in lines; names in it are as they are, not yet fit to show."""
        lines = [self.request.title, *(each.as_line() for each in self.findings)]
        lines += [f"  {at}  {step}" for at, step in enumerate(self.steps, 1)]
        return "\n".join(lines)

    def as_dict(self) -> dict[str, object]:
        """The plan as JSON has it."""
        counts = self.counts
        return {
            "table": str(self.request.table),
            "at": str(self.request.at),
            "rows": self.rows,
            "cells": self.cells,
            "columns": list(self.request.columns),
            "counts": counts
            and {
                "then": counts.then,
                "now": counts.now,
                "gone": counts.gone,
                "held_back": counts.held_back,
                "newer": counts.newer,
                "differ": dict(counts.differ),
            },
            "statements": list(self.inside),
            "steps": list(self.steps),
            "findings": [each.as_dict() for each in self.findings],
        }

    def as_script(self) -> str:
        """The plan as SQL that another client can run, with what to look at.

        It is one transaction: its COMMIT is for whoever runs it to send once the count
        says that nothing is left to do.
        """
        lines = [f"-- {text.safe(self.request.title)}"]
        lines += [f"-- {each.level}: {text.safe(each.text)}" for each in self.findings]
        if self.sides is None or self.counts is None or not self.inside:
            why = "It cannot be carried out." if self.blockers else "Nothing to do."
            return "\n".join([*lines, f"-- {why}"]) + "\n"
        lines += ["BEGIN;", *(f"{statement};" for statement in self.inside)]
        left = self.counts.held_back if self.request.rows else self.counts.gone
        lines.append(f"-- still_gone has to be {left}, and differ 0; else: ROLLBACK;")
        lines += [f"{self.sides.left()};", "COMMIT;"]
        return "\n".join(lines) + "\n"


def _done(plan: PutBackPlan) -> str:
    done = [f"{text.plural(plan.rows, 'row')} came back"] if plan.rows else []
    if plan.cells:
        done.append(f"{text.plural(plan.cells, 'value')} are what they were")
    return " and ".join(done)
