"""Carry a plan out: copy, verify, and only then commit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from moclone_tui import text
from moclone_tui.api import Client, CloneResult, Session, TableName
from moclone_tui.cloning.plan import Plan, make
from moclone_tui.cloning.progress import Progress
from moclone_tui.cloning.request import IfExists, Request
from moclone_tui.cloning.verify import (
    Verdict,
    count_later,
    verify_database,
    verify_table,
)
from moclone_tui.errors import Cancelled, CloneError, MocloneError


@dataclass(frozen=True, slots=True)
class Copied:
    """What came of a request."""

    word: str
    """`verified: counts`, `differs`, `not verified` or `skipped`."""
    result: CloneResult
    verdict: Verdict | None = None
    """What the comparison found; None if there was none."""
    why: str = ""
    """Why it was not verified, if it could not be."""


def carry_out(client: Client, request: Request, progress: Progress) -> Copied:
    """Plan a request anew and carry it out.

    A database is copied in a transaction that is committed only if the copy is what
    its source was; a table outside of one, since there the server does not tell the
    moment of the copy, and its rows could not be compared.

    Raises:
        CloneError: A check speaks against it, or the copy was not what its source
            was: nothing is left of it.
        Cancelled: It was stopped; nothing is left of it.
        MocloneError: It failed; nothing is left of it, unless `OutcomeUnknown`.
    """
    with progress.step("check"):
        plan = make(client, request)
    _heed(plan, progress)
    if request.source_table is None:
        return _copy_database(client, request, progress)
    return _copy_table(client, request, progress)


def _heed(plan: Plan, progress: Progress) -> None:
    for finding in plan.findings:
        progress.say(f"  {finding.text}")
    if plan.blockers:
        first = plan.blockers[0]
        raise CloneError(
            "; ".join(each.text for each in plan.blockers) + ".",
            remedy=first.remedy or "Nothing was sent.",
        )


def _copy_database(client: Client, request: Request, progress: Progress) -> Copied:
    source, target = str(request.source), str(request.target)
    with client.session() as session:
        progress.watch(session.connection.id)
        result = _clone(session, request, progress)
        if result.skipped:
            return Copied("skipped", result)
        verdict = _verified(
            progress, lambda: verify_database(session, target, source, request.at)
        )
        if verdict.differences:
            raise CloneError(
                "The copy is not what its source was, and was rolled back: "
                + "; ".join(verdict.differences[:5]),
                remedy="Nothing is left of it.",
            )
        with progress.step("COMMIT"):
            session.commit()
    if not verdict.later:
        return Copied(verdict.word, result, verdict)
    return _verify_made(
        progress, lambda: count_later(client, target, source, verdict), result
    )


def _copy_table(client: Client, request: Request, progress: Progress) -> Copied:
    result = _clone(client, request, progress)
    if result.skipped:
        return Copied("skipped", result)
    source, target = request.source, request.target
    return _verify_made(
        progress,
        lambda: verify_table(
            client, TableName.parse(target), TableName.parse(source), request.at
        ),
        result,
    )


def _clone(run: Session | Client, request: Request, progress: Progress) -> CloneResult:
    skip = request.if_exists is IfExists.SKIP
    snapshot = request.at.snapshot or None
    with progress.step(request.statement):
        if isinstance(request.target, TableName):
            return run.clone.clone_table(request.target, request.source, snapshot, skip)
        return run.clone.clone_database(
            request.target, str(request.source), snapshot, skip
        )


def _verify_made(
    progress: Progress, verify: Callable[[], Verdict], result: CloneResult
) -> Copied:
    """Verify a copy that is there to stay, whatever comes of it."""
    try:
        verdict = _verified(progress, verify)
    except MocloneError as error:
        why = "cancelled" if isinstance(error, Cancelled) else str(error)
        return Copied("not verified", result, why=why)
    return Copied(verdict.word, result, verdict)


def _verified(progress: Progress, verify: Callable[[], Verdict]) -> Verdict:
    with progress.step("verify") as step:
        verdict = verify()
        looked = [text.plural(verdict.tables, "table")]
        if verdict.views:
            looked.append(text.plural(verdict.views, "view"))
        looked.append(text.plural(verdict.rows, "row"))
        step.text = "verify  " + "  ".join(looked)
    for problem in verdict.differences + verdict.unchecked:
        progress.say("  " + problem)
    for name in verdict.later:
        progress.say(f"  {name} is partitioned: it can be counted only after COMMIT")
    return verdict
