"""What is to be dropped, and the plan of it: values, nothing asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from moclone_tui import text
from moclone_tui.api import (
    NOW,
    Kind,
    Moment,
    TableName,
)
from moclone_tui.api.names import fold, quote
from moclone_tui.cloning.identity import Object
from moclone_tui.cloning.look import Facts
from moclone_tui.cloning.plan import Part
from moclone_tui.cloning.preflight import (
    Finding,
    Level,
)
from moclone_tui.cloning.request import Pair
from moclone_tui.errors import InvalidName

Thing = str | TableName
"""A database (its name), or a table or view of one."""


@dataclass(frozen=True, slots=True)
class Drop:
    """What is to be dropped: all of it, or nothing.

    Raises:
        InvalidName: Nothing is named, or something twice.
    """

    what: tuple[Thing, ...]
    way_back: bool = True
    """Whether databases and tables are kept, as copies beside them."""
    wait: bool = False
    """Whether to wait for transactions that hold them."""
    chosen: tuple[Object, ...] = ()
    """What was chosen, with the numbers it had then: if something else has a name by
    now, it is left alone. What is not in it is known by its name only."""

    def __post_init__(self) -> None:
        """Refuse what cannot be one request."""
        wanted = [object_of(each) for each in self.what]
        whole = {fold(each) for each in self.what if isinstance(each, str)}
        within = {
            fold(each.database or "")
            for each in self.what
            if isinstance(each, TableName)
        }
        if not wanted or len(set(wanted)) < len(wanted) or whole & within:
            raise InvalidName(
                "To drop something, name it, and each thing once.",
                remedy="A table goes with its database.",
            )

    @property
    def title(self) -> str:
        """`drop shop_dev`, `drop shop_dev and 2 others`."""
        first, *more = self.what
        others = f" and {text.plural(len(more), 'other')}" if more else ""
        return f"drop {first}{others}"


def object_of(thing: Thing) -> Object:
    """A database, a table or a view, as its identity is looked up."""
    if isinstance(thing, TableName):
        return Object.table(TableName(fold(thing.table), fold(thing.database or "")))
    return Object("database", fold(thing))


@dataclass(frozen=True, slots=True)
class DropPart:
    """One thing that is dropped."""

    thing: Thing
    facts: Facts = field(default_factory=Facts)
    back: str = ""
    """The database that keeps it, or nothing."""
    object: Object | None = None
    """Which one it is; None if that could not be looked up."""

    @property
    def kind(self) -> Kind | None:
        """What it is; None is a database."""
        if isinstance(self.thing, str) or not self.facts.objects:
            return None
        return self.facts.objects[0].kind

    @property
    def drop(self) -> str:
        """The statement that drops it."""
        if isinstance(self.thing, str):
            return f"DROP DATABASE {quote(self.thing)}"
        word = "VIEW" if self.kind is Kind.VIEW else "TABLE"
        return f"DROP {word} {self.thing.sql}"

    def keep(self, at: Moment) -> tuple[str, ...]:
        """What keeps it as it was at a moment."""
        return Part(Pair(self.thing, self.thing), (), back=self.back).keep(at)

    @property
    def holds(self) -> str:
        """`14 tables, 2 views`; empty of a table or view."""
        if not isinstance(self.thing, str):
            return ""
        parts = [
            text.plural(number, str(kind))
            for kind in Kind
            if (number := sum(each.kind is kind for each in self.facts.objects))
        ]
        return ", ".join(parts) or "nothing"


@dataclass(frozen=True, slots=True)
class DropPlan:
    """A request, judged: it can be read, and carried out if nothing blocks it."""

    request: Drop
    parts: tuple[DropPart, ...]
    findings: tuple[Finding, ...] = ()
    """What there is to know, the gravest first."""

    @property
    def blockers(self) -> tuple[Finding, ...]:
        """Why it cannot be carried out; empty if it can."""
        return tuple(each for each in self.findings if each.level is Level.BLOCKER)

    @property
    def kept(self) -> tuple[str, ...]:
        """The databases that keep what is dropped."""
        return tuple(dict.fromkeys(each.back for each in self.parts if each.back))

    @property
    def steps(self) -> tuple[str, ...]:
        """What is done, step by step, for people to read."""
        return steps([each.drop for each in self.parts], self.kept)

    def as_known(self) -> Drop:
        """The request, for exactly what was found."""
        known = tuple(each.object for each in self.parts if each.object)
        return replace(self.request, chosen=known)

    def as_text(self) -> str:
        """The plan in lines; names in it are as they are, not yet fit to show."""
        lines = [self.request.title, *(each.as_line() for each in self.findings)]
        if not self.blockers:
            lines += [f"  {at}  {step}" for at, step in enumerate(self.steps, 1)]
        return "\n".join(lines)

    def as_dict(self) -> dict[str, object]:
        """The plan as JSON has it."""
        return {
            "drops": [
                {
                    "name": str(each.thing),
                    "kind": "database" if each.kind is None else str(each.kind),
                    "holds": each.holds,
                    "kept_as": each.back or None,
                }
                for each in self.parts
            ],
            "steps": list(self.steps),
            "findings": [each.as_dict() for each in self.findings],
        }

    def as_script(self) -> str:
        """The plan as SQL that another client can run: the way back is made first."""
        kept = [each for part in self.parts for each in part.keep(NOW)]
        lines = [f"-- {text.safe(self.request.title)}"]
        lines += [f"-- {each.level}: {text.safe(each.text)}" for each in self.findings]
        if self.blockers:
            return "\n".join([*lines, "-- It cannot be carried out."]) + "\n"
        drops = [each.drop for each in self.parts]
        sent = ["BEGIN", *dict.fromkeys(kept), *drops, "COMMIT"]
        return "\n".join([*lines, *(f"{each};" for each in sent)]) + "\n"


def steps(drops: Sequence[str], kept: Sequence[str]) -> tuple[str, ...]:
    """What is done, step by step, for people to read."""
    return (
        f"BEGIN; {drops[0]}",
        *drops[1:],
        *(f"what it was is kept as {name}, counted" for name in kept),
        "COMMIT, and look whether it is gone",
    )
