"""Carry a plan out: copy, verify, and only then commit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from moclone_tui import text
from moclone_tui.api import NOW, Client, Kind, Moment, Session, TableName
from moclone_tui.api._connected import Connected
from moclone_tui.cloning import sequences, stepwise
from moclone_tui.cloning.changing import Touched, run_after, verify_after
from moclone_tui.cloning.deep import compare_rows
from moclone_tui.cloning.look import server_clock
from moclone_tui.cloning.plan import Part, Plan, make, tables_of_part
from moclone_tui.cloning.progress import Progress, reason
from moclone_tui.cloning.request import IfExists, Pair, Request
from moclone_tui.cloning.verify import (
    Verdict,
    compare_counts,
    count_later,
    verify_database,
    verify_table,
)
from moclone_tui.errors import CloneError, MocloneError


@dataclass(frozen=True, slots=True)
class Copied:
    """What came of a request."""

    word: str
    """`verified: counts`, `differs`, `not verified` or `skipped`."""
    plan: Plan
    """What was carried out."""
    verdict: Verdict | None = None
    """What the comparison found; None if there was none."""
    why: str = ""
    """Why it was not verified, if it could not be."""
    skipped: tuple[str, ...] = ()
    """Targets that were there already and were left alone."""
    kept: tuple[str, ...] = ()
    """Databases that keep what was replaced."""
    before: Moment = NOW
    """The moment just before COMMIT, if something was replaced: what it was can be read
    there as long as the server keeps its history."""
    missing: tuple[str, ...] = ()
    """What is missing although the copy is there, in words: rights, a way back."""

    @property
    def targets(self) -> tuple[str, ...]:
        """What was made."""
        return tuple(
            str(part.pair.target)
            for part in self.plan.doing
            if str(part.pair.target) not in self.skipped
        )

    @property
    def left_out(self) -> tuple[str, ...]:
        """What the copies have not of their sources: `sequence ticket`."""
        return tuple(
            name
            for part in self.plan.doing
            if str(part.pair.target) not in self.skipped
            for name in part.left_out(self.plan.request)
        )


@dataclass(slots=True)
class _Work:
    """A plan under way."""

    client: Client
    plan: Plan
    progress: Progress
    made: list[Part] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    before: Moment = NOW
    kept: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    changed: set[TableName] = field(default_factory=set)

    def send(
        self, run: Connected, statement: str, seconds: float | None = None
    ) -> None:
        with self.progress.step(statement, seconds=seconds):
            run.execute(statement)

    def done(self, word: str, verdict: Verdict | None = None, why: str = "") -> Copied:
        return Copied(
            word,
            self.plan,
            verdict,
            why,
            tuple(self.skipped),
            tuple(self.kept),
            self.before,
            tuple(self.missing),
        )


def carry_out(client: Client, request: Request, progress: Progress) -> Copied:
    """Plan a request anew and carry it out.

    Everything is made in one transaction, which is committed only if each copy is what
    its source was. What can be seen only after COMMIT is looked at then.

    Raises:
        CloneError: A check speaks against it, or a copy was not what its source
            was: nothing is left of it, and what was to be replaced is as it was.
        Cancelled: It was stopped; nothing is left of it.
        QueryError: The client commits nothing: what comes after COMMIT would stay
            unseen. Nothing was sent.
        MocloneError: It failed; nothing is left of it, unless `OutcomeUnknown`.
    """
    client.require_commits()
    with progress.step("check"):
        plan = make(client, request)
    _heed(plan, progress)
    work = _Work(client, plan, progress)
    work.skipped += [
        str(pair.target)
        for pair, facts in zip(request.pairs, plan.facts, strict=True)
        if facts.target_there and request.if_exists is IfExists.SKIP
    ]
    if not plan.doing:
        return work.done("skipped")
    progress.expect(_steps_of(plan))
    verdict = _transaction(work)
    if verdict is None:
        return work.done("skipped")
    return _afterwards(work, verdict)


def _heed(plan: Plan, progress: Progress) -> None:
    for finding in plan.findings:
        progress.say(f"  {finding.text}")
    if plan.blockers:
        first = plan.blockers[0]
        raise CloneError(
            "; ".join(each.text for each in plan.blockers) + ".",
            remedy=first.remedy or "Nothing was sent.",
        )


def _steps_of(plan: Plan) -> int:
    """The check, what is sent, a comparison for each copy, and COMMIT."""
    kept = sum(len(part.keep(NOW)) + bool(part.back) for part in plan.doing)
    return 2 + len(plan.inside) + len(plan.doing) + kept + len(plan.afterwards)


def _transaction(work: _Work) -> Verdict | None:
    """Make, verify, commit; gives None if every target was there already."""
    with work.client.session() as session:
        work.progress.watch(session.connection.id)
        if any(part.changes for part in work.plan.doing):
            # Statements may change parents and children in any order. Inside the
            # transaction a SET would commit.
            session.execute("SET foreign_key_checks = 0")
        for part in work.plan.doing:
            if part.drop:
                work.send(session, part.drop)
        if any(part.drop for part in work.plan.doing):
            # Whoever writes to what is dropped waits from here on.
            work.before = server_clock(session)
        for part in work.plan.doing:
            _make(work, session, part)
        if not work.made:
            return None
        touched = _change(work, session)
        work.changed.update(*(each.tables for each in touched.values()))
        if _keeps_inside(session):
            _keep(work, session)
        verdict = _verify(work, session, touched)
        _refuse_what_differs(verdict)
        with work.progress.step("COMMIT"):
            session.commit()
    return verdict


def _refuse_what_differs(verdict: Verdict) -> None:
    if verdict.differences:
        raise CloneError(
            "The copy is not what its source was, and was rolled back: "
            + "; ".join(verdict.differences[:5]),
            remedy="Nothing is left of it.",
        )


def _make(work: _Work, session: Session, part: Part) -> None:
    if part.stepwise:
        for statement in part.create:
            with stepwise.naming_orphans(statement):
                work.send(session, statement)
        work.made.append(part)
        return
    pair, at = part.pair, work.plan.at
    skip = work.plan.request.if_exists is IfExists.SKIP
    with work.progress.step(part.create[0], seconds=part.seconds):
        if isinstance(pair.target, TableName):
            result = session.clone.clone_table(
                pair.target, pair.source, if_not_exists=skip, at=at
            )
        else:
            result = session.clone.clone_database(
                pair.target, str(pair.source), if_not_exists=skip, at=at
            )
    if result.skipped:
        work.skipped.append(str(pair.target))
    else:
        work.made.append(part)


def _keeps_inside(run: Connected) -> bool:
    return run.capabilities.has("clone_what_was_dropped")


def _keep(work: _Work, run: Connected) -> None:
    """Keep what is replaced, as it was just before, in a copy beside it."""
    sent: set[str] = set()
    for part in work.made:
        for statement in part.keep(work.before):
            # Tables of one database are kept in one.
            if statement not in sent:
                work.send(run, statement, part.seconds)
            sent.add(statement)
        if part.back:
            _check_kept(work, run, part)
            work.kept.append(part.back)
    work.kept = list(dict.fromkeys(work.kept))


def _keep_sequences(work: _Work, part: Part) -> None:
    """No sequence is in a clone, and none can be made before COMMIT."""
    replaced, objects = part.pair.target_database, part.facts.target_objects
    made = sequences.anew(work.client, replaced, part.back, objects, work.before)
    for statement in made:
        work.send(work.client, statement)


def _change(work: _Work, session: Session) -> dict[Pair, Touched]:
    """Mask the copies, and run what else is asked for, while nobody sees them."""
    return {
        part.pair: run_after(session, part.changes, work.progress)
        for part in work.made
        if part.changes
    }


def _prove(session: Session, part: Part, touched: Touched, verdict: Verdict) -> Verdict:
    if not part.changes:
        return verdict
    proof = verify_after(session, part.changes, touched)
    return replace(
        verdict,
        differences=verdict.differences + proof.differences,
        unchecked=verdict.unchecked + proof.unchecked,
    )


def _check_kept(work: _Work, run: Connected, part: Part) -> None:
    """Count what is kept: a way back that leads nowhere is none."""
    tables = [
        (
            TableName(each.name, part.back),
            TableName(each.name, part.pair.target_database),
        )
        for each in part.facts.target_objects
        if each.kind is Kind.TABLE and not each.partitioned
    ]
    with work.progress.step(f"verify {part.back}"):
        _, wrong = compare_counts(run, tables, work.before)
    if wrong:
        raise CloneError(
            f"{part.back} is not what {part.pair.target} was: {'; '.join(wrong[:5])}",
            remedy="It can be read at the moment before, while the server keeps it.",
        )


def _verify(work: _Work, run: Session, touched: dict[Pair, Touched]) -> Verdict:
    verdicts = []
    for part in work.made:
        pair, at = part.pair, work.plan.at
        changed = frozenset(touched[pair].tables) if pair in touched else frozenset()
        with work.progress.step("verify") as step:
            if isinstance(pair.target, TableName) and isinstance(
                pair.source, TableName
            ):
                partitioned = any(each.partitioned for each in part.facts.objects)
                verdict = verify_table(
                    run,
                    pair.target,
                    pair.source,
                    at,
                    partitioned=partitioned,
                    changed=bool(changed),
                )
            else:
                verdict = verify_database(
                    run, str(pair.target), str(pair.source), at, changed=changed
                )
            if pair in touched:
                verdict = _prove(run, part, touched[pair], verdict)
            several = f" {pair.target}" if len(work.made) > 1 else ""
            step.text = f"verify{several}  {_looked(verdict)}"
        _tell(work.progress, verdict)
        verdicts.append(verdict)
    return merged(verdicts)


def merged(verdicts: Sequence[Verdict]) -> Verdict:
    """What several comparisons at one moment found, together."""
    first, *more = verdicts
    for each in more:
        first = replace(
            first,
            tables=first.tables + each.tables,
            views=first.views + each.views,
            rows=first.rows + each.rows,
            differences=first.differences + each.differences,
            unchecked=first.unchecked + each.unchecked,
            later=first.later + each.later,
        )
    return first


def _looked(verdict: Verdict) -> str:
    looked = [text.plural(verdict.tables, "table")]
    if verdict.views:
        looked.append(text.plural(verdict.views, "view"))
    looked.append(text.plural(verdict.rows, "row"))
    return "  ".join(looked)


def _tell(progress: Progress, verdict: Verdict) -> None:
    for problem in verdict.differences + verdict.unchecked:
        progress.say("  " + problem)
    for copy, _ in verdict.later:
        progress.say(f"  {copy} is partitioned: it can be counted only after COMMIT")


# ----------------------------------------------------------------- after COMMIT


def _afterwards(work: _Work, verdict: Verdict) -> Copied:
    """Do what needs the copies to be there; they stay, whatever comes of it."""
    why = ""
    if verdict.later:
        try:
            with work.progress.step("verify") as step:
                verdict = count_later(work.client, verdict)
                step.text = f"verify  {_looked(verdict)}"
            _tell(work.progress, verdict)
        except MocloneError as error:
            why = reason(error)
    if not _keeps_inside(work.client):
        _try(work, "the way back", lambda: _keep(work, work.client))
    for part in work.made:
        if part.back and part.pair.target_table is None:
            what = f"the sequences of {part.back}"
            _try(work, what, partial(_keep_sequences, work, part))
    for statement in (
        *work.plan.remade,
        *(each for part in work.made for each in part.afterwards),
    ):
        _try(work, statement, partial(work.send, work.client, statement))
    word = "not verified" if why else verdict.word
    if work.plan.request.deep and word == "verified: counts":
        word, verdict, why = _compare_rows(work, verdict)
    return work.done(word, verdict, why)


def _compare_rows(work: _Work, verdict: Verdict) -> tuple[str, Verdict, str]:
    """Compare every row of what was not changed on purpose."""
    pairs = tuple(
        (copy, source)
        for part in work.made
        for copy, source in tables_of_part(part)
        if copy not in work.changed
    )
    try:
        wrong, unsure = compare_rows(work.client, pairs, work.plan.at, work.progress)
    except MocloneError as error:
        return "not verified", verdict, f"rows not compared: {reason(error)}"
    for problem in wrong + unsure:
        work.progress.say("  " + problem)
    # What was changed on purpose is not compared, so not every row was.
    verdict = verdict.with_rows(wrong, unsure, every=not work.changed)
    return verdict.word, verdict, ""


def _try(work: _Work, what: str, do: Callable[[], None]) -> None:
    try:
        do()
    except MocloneError as error:
        work.missing.append(f"{what}: {reason(error)}")
        work.progress.say(f"  {what}: {reason(error)}")
