"""A plan: what was found, and what would be done, before anything is sent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from moclone_tui import text
from moclone_tui.api import NOW, Kind, Moment, TableName, sql
from moclone_tui.api._connected import Connected
from moclone_tui.api.names import quote, utc
from moclone_tui.cloning import queries, roles, sequences, stepwise, tied
from moclone_tui.cloning.look import Facts, look
from moclone_tui.cloning.masking import Changes, prepare
from moclone_tui.cloning.preflight import Finding, Level, gravest_first, judge
from moclone_tui.cloning.request import IfExists, Mode, Pair, Request
from moclone_tui.cloning.rights import grant_to
from moclone_tui.errors import QueryError

_TABLE_SECONDS = 0.008
"""What a clone takes for each table, about: 6 to 15 ms measured on two cores."""


@dataclass(frozen=True, slots=True)
class Part:
    """One copy of a plan, and the statements that make it."""

    pair: Pair
    create: tuple[str, ...]
    """What makes it, in order."""
    drop: str = ""
    """What drops the target first, if it is replaced."""
    back: str = ""
    """The database that keeps what is replaced, or nothing."""
    stepwise: bool = False
    changes: Changes | None = None
    """What is changed in it before anybody sees it."""
    facts: Facts = field(default_factory=Facts)
    afterwards: tuple[str, ...] = ()
    """What is sent once it is there: sequences, rights for roles."""

    @property
    def seconds(self) -> float:
        """About how long making it takes."""
        tables = sum(each.kind is Kind.TABLE for each in self.facts.objects)
        return max(1, tables) * _TABLE_SECONDS

    def left_out(self, request: Request) -> tuple[str, ...]:
        """What the copy has not of its source: `sequence ticket`."""
        if self.pair.source_table is not None:
            return ()
        kinds = [] if request.sequences else [Kind.SEQUENCE]
        kinds += [Kind.EXTERNAL] if self.stepwise else []
        facts = self.facts
        return (
            *(
                f"{each.kind} {each.name}"
                for each in facts.objects
                if each.kind in kinds
            ),
            *(f"procedure {name}" for name in facts.procedures),
            *(f"function {name}" for name in facts.functions),
        )

    def keep(self, at: Moment) -> tuple[str, ...]:
        """What keeps the target as it was at a moment, just before it is replaced."""
        if not self.back:
            return ()
        if isinstance(self.pair.target, TableName):
            kept = TableName(self.pair.target.table, self.back)
            return (
                f"CREATE DATABASE {quote(self.back)}",
                sql.clone_table(kept, self.pair.target, at),
            )
        return (sql.clone_database(self.back, self.pair.target, at),)


@dataclass(frozen=True, slots=True)
class Plan:
    """A request, judged: it can be read, and carried out if nothing blocks it."""

    request: Request
    findings: tuple[Finding, ...] = ()
    """What there is to know, the gravest first."""
    parts: tuple[Part, ...] | None = None
    """The copies that are made; None if nobody has looked yet."""
    facts: tuple[Facts, ...] = ()
    """What was found, one for each pair of the request."""
    at: Moment = NOW
    """The moment of the copies; the present if nobody has looked yet."""
    remade: tuple[str, ...] = ()
    """What makes again, after COMMIT, what hung on the number of what is replaced."""

    @property
    def afterwards(self) -> tuple[str, ...]:
        """What is sent after COMMIT, if every copy is made."""
        return (
            *self.remade,
            *(each for part in self.doing for each in part.afterwards),
        )

    @property
    def blockers(self) -> tuple[Finding, ...]:
        """Why it cannot be carried out; empty if it can."""
        return tuple(each for each in self.findings if each.level is Level.BLOCKER)

    @property
    def doing(self) -> tuple[Part, ...]:
        """The copies that are made, as far as is known."""
        if self.parts is not None:
            return self.parts
        at = self.request.at
        return tuple(Part(pair, (pair.create(at),)) for pair in self.request.pairs)

    @property
    def inside(self) -> tuple[str, ...]:
        """What is sent between BEGIN and COMMIT, in order."""
        doing = self.doing
        return (
            *(part.drop for part in doing if part.drop),
            *(statement for part in doing for statement in part.create),
            *(each for part in doing if part.changes for each in part.changes.texts),
        )

    @property
    def steps(self) -> tuple[str, ...]:
        """What is done, step by step, for people to read."""
        if not self.doing:
            return ()
        inside = list(_shortened(self.inside))
        sources = ", ".join(str(part.pair.source) for part in self.doing[:3])
        back = [part.back for part in self.doing if part.back]
        return (
            f"BEGIN; {inside[0]}",
            *inside[1:],
            f"verify objects, DDL and exact rows against {sources}, then COMMIT",
            *(f"what is replaced is kept as {name}" for name in dict.fromkeys(back)),
            *_shortened(self.afterwards),
        )

    def as_text(self) -> str:
        """The plan in lines; names in it are as they are, not yet fit to show."""
        lines = [self.request.title, *(each.as_line() for each in self.findings)]
        if not self.blockers:
            lines += [f"  {at}  {step}" for at, step in enumerate(self.steps, 1)]
        return "\n".join(lines)

    def as_dict(self) -> dict[str, object]:
        """The plan as JSON has it."""
        request = self.request
        return {
            "copies": [
                {
                    "kind": "database" if part.pair.source_table is None else "table",
                    "source": str(part.pair.source),
                    "target": str(part.pair.target),
                    "mode": "stepwise" if part.stepwise else "native",
                    "replaces": bool(part.drop),
                    "kept_as": part.back or None,
                    "seconds": round(part.seconds, 3),
                }
                for part in self.doing
            ],
            "at": str(request.at),
            "moment": self.at.ns or None,
            "if_exists": str(request.if_exists),
            "statements": [*self.inside, *self.afterwards],
            "steps": list(self.steps),
            "findings": [each.as_dict() for each in self.findings],
        }

    def as_script(self) -> str:
        """The plan as SQL that another client can run, with what to look at.

        The moment is that of the plan. It is one transaction: its COMMIT is for whoever
        runs it to send once both columns of each comparison are the same. The way back
        is made first, so that what is written between it and the DROP is not in it.
        """
        lines = [f"-- {text.safe(self.request.title)}"]
        lines += [f"-- {each.level}: {text.safe(each.text)}" for each in self.findings]
        if self.blockers:
            return "\n".join([*lines, "-- It cannot be carried out."]) + "\n"
        if any(part.changes for part in self.doing):
            lines.append("SET foreign_key_checks = 0;")
        kept = [each for part in self.doing for each in part.keep(NOW)]
        before = ["BEGIN", *dict.fromkeys(kept), *self.inside]
        lines += [f"{statement};" for statement in before]
        lines.append("-- Both counts of each row have to be the same, else: ROLLBACK;")
        lines += [f"{statement};" for statement in self._comparisons()]
        lines.append("COMMIT;")
        lines += [f"{statement};" for statement in self.afterwards]
        return "\n".join(lines) + "\n"

    def _comparisons(self) -> Iterator[str]:
        """Of what can be counted before COMMIT and has the rows of its source."""
        for part in self.doing:
            partitioned = {each.name for each in part.facts.objects if each.partitioned}
            for copy, source in tables_of_part(part):
                if not part.changes and source.table not in partitioned:
                    yield queries.compare_counts(copy, source, self.at)


def tables_of_part(part: Part) -> Iterator[tuple[TableName, TableName]]:
    """The tables of a copy, each with its source."""
    pair = part.pair
    for each in part.facts.objects:
        if each.kind is Kind.TABLE:
            target = pair.target_table or each.name
            yield (
                TableName(target, pair.target_database),
                TableName(each.name, pair.source_database),
            )


def _shortened(statements: Iterable[str], most: int = 6) -> Iterator[str]:
    """The first statements, and how many there are beside them."""
    every = list(statements)
    yield from every[:most]
    if len(every) > most:
        yield f"… and {text.plural(len(every) - most, 'statement')} more of the kind"


def make(run: Connected, request: Request) -> Plan:
    """Look at what a request would come upon, and judge it. Nothing is changed.

    Args:
        run: A client, or a session.
        request: What is asked for.

    Raises:
        MocloneError: The server could not be asked.
    """
    facts = look(run, request)
    clock = next((each.clock for each in facts if each.clock), 0)
    at = request.at or Moment(ns=clock)
    findings = list(roles.judge(run, request.roles))
    parts: list[Part] = []
    ties, there = tied.look(run, request, facts)
    remade = ties.remake(there) if ties is not None else ()
    findings += tied.judge(ties, remade, request) if ties is not None else ()
    for pair, each in zip(request.pairs, facts, strict=True):
        part, said = _part(run, pair, request, each, at)
        judged = judge(pair, request, each, run.capabilities, stepwise=part.stepwise)
        findings += _of(pair, request, (*judged, *said))
        if request.after and each.source_there:
            changes, said = prepare(run, request.after, pair.source, pair.target, at)
            part = replace(part, changes=changes)
            findings += _of(pair, request, said)
        if not (each.target_there and request.if_exists is IfExists.SKIP):
            parts.append(replace(part, afterwards=_afterwards(run, request, part, at)))
    return Plan(
        request,
        gravest_first(findings),
        tuple(parts),
        facts,
        at,
        tuple(each.sql for each in remade),
    )


def _afterwards(
    run: Connected, request: Request, part: Part, at: Moment
) -> tuple[str, ...]:
    pair = part.pair
    made = sequences.statements(run, pair, part.facts, at) if request.sequences else ()
    given = (
        each.sql
        for role in request.roles
        for each in grant_to(role, pair.target_database, pair.target_table)
    )
    return (*made, *given)


def _of(pair: Pair, request: Request, findings: Iterable[Finding]) -> Iterator[Finding]:
    """Say which copy a finding is about, if there are several."""
    for each in findings:
        several = len(request.pairs) > 1
        yield replace(each, text=f"{pair.target}: {each.text}") if several else each


def _part(
    run: Connected, pair: Pair, request: Request, facts: Facts, at: Moment
) -> tuple[Part, tuple[Finding, ...]]:
    native = Part(pair, (pair.create(at),), facts=facts)
    if facts.target_there and request.if_exists is IfExists.REPLACE:
        kept = ""
        if request.way_back:
            kept = (
                f"{pair.target_database}_before_{utc(facts.clock or 0):%Y%m%d_%H%M%S}"
            )
        native = replace(native, drop=pair.drop, back=kept)
    if not (facts.source_there and stepwise.is_wanted(pair, request.mode, facts)):
        return native, ()
    try:
        create = stepwise.statements(run, pair, facts, at)
    except stepwise.CannotStep as error:
        why = f"not table by table, but by the server's one statement: {error}"
    except QueryError as error:
        why = f"not table by table: {error}"
    else:
        return replace(native, create=create, stepwise=True), ()
    level = Level.WARNING if request.mode is Mode.STEPWISE else Level.NOTE
    return native, (Finding(level, why),)
