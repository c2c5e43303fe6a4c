"""Carry a drop out: all of it in one transaction, with what it was kept beside it."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from moclone_tui.api import NOW, Client, Kind, Moment, TableName
from moclone_tui.api._connected import Connected
from moclone_tui.api.names import fold
from moclone_tui.cloning import queries, sequences
from moclone_tui.cloning.drop import Drop, DropPart, DropPlan
from moclone_tui.cloning.drop_look import make
from moclone_tui.cloning.identity import Object, look_up
from moclone_tui.cloning.look import server_clock
from moclone_tui.cloning.progress import Progress, reason
from moclone_tui.cloning.verify import compare_counts
from moclone_tui.errors import CloneError, MocloneError

_WAITS = (0.005, 0.02, 0.1, 0.3, 1.0)
"""Seconds between looks: the last commit a server knows of lags behind its clock, and
until then it shows, at a moment after that, what the transaction itself did."""


@dataclass(frozen=True, slots=True)
class Dropped:
    """What came of a drop."""

    plan: DropPlan
    """What was carried out."""
    kept: tuple[str, ...] = ()
    """Databases that keep what was dropped."""
    before: Moment = NOW
    """The moment just before: what was there can be read at it, as long as the server
    keeps its history."""
    missing: tuple[str, ...] = ()
    """What is missing although it is gone, in words: a way back."""
    unseen: str = ""
    """Why it was not seen that it is gone, if it was not."""


@dataclass(slots=True)
class _Work:
    client: Client
    plan: DropPlan
    progress: Progress
    before: Moment = NOW
    kept: list[str] = field(default_factory=list)


def carry_out(client: Client, request: Drop, progress: Progress) -> Dropped:
    """Plan a drop anew and carry it out: all of it, or nothing.

    What is dropped is looked at once more when it is locked: if it is not what was
    chosen, everything is rolled back. What it was is kept in the same transaction where
    the server can do that, else right after it.

    Raises:
        CloneError: A check speaks against it, or what would keep it is not what it was:
            nothing is dropped.
        Cancelled: It was stopped; nothing is dropped.
        QueryError: The client commits nothing. Nothing was sent.
        MocloneError: It failed; nothing is dropped, unless `OutcomeUnknown`.
    """
    client.require_commits()
    with progress.step("check"):
        plan = make(client, request)
    _heed(plan, progress)
    work = _Work(client, plan, progress)
    kept = sum(len(part.keep(NOW)) + 1 for part in plan.parts if part.back)
    progress.expect(3 + len(plan.parts) + kept)
    missing: list[str] = []
    later = [
        part for part in plan.parts if part.back and not _kept_inside(client, part)
    ]
    _transaction(work, [part for part in plan.parts if part.back and part not in later])
    try:
        _keep(work, client, later)
        _keep_sequences(work)
    except MocloneError as error:
        missing.append(f"the way back: {reason(error)}")
        progress.say(f"  {missing[-1]}")
    return Dropped(plan, tuple(work.kept), work.before, tuple(missing), _gone(work))


def _heed(plan: DropPlan, progress: Progress) -> None:
    for finding in plan.findings:
        progress.say(f"  {finding.text}")
    if plan.blockers:
        raise CloneError(
            "; ".join(each.text for each in plan.blockers) + ".",
            remedy=plan.blockers[0].remedy or "Nothing was sent.",
        )


def _kept_inside(run: Connected, part: DropPart) -> bool:
    """Whether the server can copy it in the transaction that drops it."""
    whole = isinstance(part.thing, str)
    return whole or run.capabilities.has("clone_what_was_dropped")


def _transaction(work: _Work, kept: Sequence[DropPart]) -> None:
    for part in work.plan.parts:
        if part.kind is Kind.VIEW and isinstance(part.thing, TableName):
            work.progress.say(f"  {work.client.metadata.ddl(part.thing)}")
    with work.client.session() as session:
        work.progress.watch(session.connection.id)
        if any(part.facts.foreign_keys for part in work.plan.parts):
            # They are dropped in any order. In the transaction, a SET would commit.
            session.execute("SET foreign_key_checks = 0")
        for part in work.plan.parts:
            with work.progress.step(part.drop):
                session.execute(part.drop)
        work.before = server_clock(session)
        _insist(work)
        for part in kept:
            _await(session, part, work.before)
        _keep(work, session, kept)
        with work.progress.step("COMMIT"):
            session.commit()


def _await(run: Connected, part: DropPart, at: Moment) -> None:
    """Wait until a look at the moment shows what the transaction has dropped since."""
    name = part.thing if isinstance(part.thing, str) else part.thing.database
    table = part.thing.table if isinstance(part.thing, TableName) else None
    wanted = fold(table or name or "")
    for wait in _WAITS:
        time.sleep(wait)
        found = run.execute(
            queries.contents(own=True, at=at), {"name": fold(name or "")}
        ).rows
        if wanted in {str(each) for each, _ in found}:
            return
    raise CloneError(
        f"{part.thing} cannot be kept: the server does not show what it was.",
        remedy="Nothing was dropped. Try it again, or drop it without a way back.",
    )


def _insist(work: _Work) -> None:
    """Insist that what is locked is what was chosen; others still see it as it was."""
    objects = _objects(work)
    found = {each: each.id for each in look_up(work.client, objects).objects}
    for each in objects:
        if each.id and found.get(each) != each.id:
            raise CloneError(
                f"{each} is not the one that was chosen: it was made anew meanwhile.",
                remedy="Nothing was dropped. Look at it again.",
            )


def _objects(work: _Work) -> list[Object]:
    return [part.object for part in work.plan.parts if part.object is not None]


def _keep(work: _Work, run: Connected, parts: Sequence[DropPart]) -> None:
    """Keep what was dropped as it was just before, and count it."""
    sent: set[str] = set()
    for part in parts:
        for statement in part.keep(work.before):
            if statement not in sent:  # tables of one database are kept in one
                with work.progress.step(statement):
                    run.execute(statement)
            sent.add(statement)
        _count(work, run, part)
        if part.back not in work.kept:
            work.kept.append(part.back)


def _keep_sequences(work: _Work) -> None:
    """No sequence is in a clone, and none can be made before COMMIT."""
    for part in work.plan.parts:
        if part.back and isinstance(part.thing, str):
            run, objects = work.client, part.facts.objects
            for statement in sequences.anew(
                run, part.thing, part.back, objects, work.before
            ):
                with work.progress.step(statement):
                    run.execute(statement)


def _count(work: _Work, run: Connected, part: DropPart) -> None:
    database = part.thing if isinstance(part.thing, str) else part.thing.database
    tables = [
        (TableName(each.name, part.back), TableName(each.name, database))
        for each in part.facts.objects
        if each.kind is Kind.TABLE and not each.partitioned
    ]
    with work.progress.step(f"verify {part.back}"):
        _, wrong = compare_counts(run, tables, work.before)
    if wrong:
        raise CloneError(
            f"{part.back} is not what {part.thing} was: {'; '.join(wrong[:5])}",
            remedy="Without it nothing is dropped; you may drop it without a way back.",
        )


def _gone(work: _Work) -> str:
    """Look whether it is gone; why that was not seen, if it was not."""
    objects = _objects(work)
    if not objects:
        return "this login may not look"
    try:
        with work.progress.step("verify that it is gone"):
            seen = look_up(work.client, objects)
    except MocloneError as error:
        return reason(error)
    known = {each: each.id for each in objects}
    there = [each for each in seen.objects if each.id in ("", known[each])]
    if seen.hidden:
        return "this login may not look"
    return f"{', '.join(map(str, there))} is there" if there else ""
