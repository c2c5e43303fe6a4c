"""The jobs that clone: copy, verify, and only then commit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from moclone_tui import text
from moclone_tui.api import NOW, Moment, Session, TableName, sql
from moclone_tui.api.models import CloneResult
from moclone_tui.cloning.verify import (
    Verdict,
    count_later,
    verify_database,
    verify_table,
)
from moclone_tui.errors import Cancelled, CloneError, MocloneError
from moclone_tui.jobs.model import JobContext, JobSpec, JobState, Outcome


@dataclass(frozen=True, slots=True)
class CloneDatabase(JobSpec):
    """Clone a database in one transaction; a copy that is wrong is rolled back."""

    target: str
    source: str
    at: Moment = NOW
    skip: bool = False
    """Whether a target that is there already is left alone and is no failure."""

    @property
    def title(self) -> str:
        """`clone shop → shop_dev`."""
        return f"clone {self.source} → {self.target}"

    @property
    def statement(self) -> str:
        """The clone as it is sent."""
        return sql.clone_database(self.target, self.source, self.at)

    @property
    def steps(self) -> tuple[str, ...]:
        """Clone and verify in one transaction."""
        return (
            f"BEGIN; {self.statement}",
            f"verify objects and exact rows against {self.source}, then COMMIT",
        )

    def run(self, context: JobContext) -> Outcome:
        """Clone, verify, commit."""
        with context.client.session() as session:
            context.connections.append(session.connection.id)
            result = self._clone(session, context)
            if result.skipped:
                return _skipped(self.target)
            verdict = _verified(
                context,
                lambda: verify_database(session, self.target, self.source, self.at),
            )
            if verdict.differences:
                raise CloneError(
                    "The copy is not what its source was, and was rolled back: "
                    + "; ".join(verdict.differences[:5]),
                    remedy="Nothing is left of it.",
                )
            with context.step("COMMIT"):
                session.commit()
        if not verdict.later:
            return _outcome(verdict, result)
        return _verify_made(
            context,
            lambda: count_later(context.client, self.target, self.source, verdict),
            result,
        )

    def _clone(self, session: Session, context: JobContext) -> CloneResult:
        with context.step(self.statement):
            return session.clone.clone_database(
                self.target, self.source, self.at.snapshot or None, self.skip
            )


@dataclass(frozen=True, slots=True)
class CloneTable(JobSpec):
    """Clone a table, then verify it.

    Not in a transaction: there the server does not tell the moment of the copy, so its
    rows could not be compared.
    """

    target: TableName
    source: TableName
    at: Moment = NOW
    skip: bool = False
    """Whether a target that is there already is left alone and is no failure."""

    @property
    def title(self) -> str:
        """`clone shop.orders → shop.orders_copy`."""
        return f"clone {self.source} → {self.target}"

    @property
    def statement(self) -> str:
        """The clone as it is sent."""
        return sql.clone_table(self.target, self.source, self.at)

    @property
    def steps(self) -> tuple[str, ...]:
        """Clone, then verify."""
        return (self.statement, f"verify exact rows against {self.source}")

    def run(self, context: JobContext) -> Outcome:
        """Clone, then verify."""
        with context.step(self.statement):
            result = context.client.clone.clone_table(
                self.target, self.source, self.at.snapshot or None, self.skip
            )
        if result.skipped:
            return _skipped(str(self.target))
        return _verify_made(
            context,
            lambda: verify_table(context.client, self.target, self.source, self.at),
            result,
        )


def _skipped(target: str) -> Outcome:
    return Outcome(
        JobState.SKIPPED, f"{target} exists already; it was left alone, nothing changed"
    )


def _verify_made(
    context: JobContext, verify: Callable[[], Verdict], result: CloneResult
) -> Outcome:
    """Verify a copy that is there to stay, whatever comes of it."""
    try:
        return _outcome(_verified(context, verify), result)
    except MocloneError as error:
        why = "cancelled" if isinstance(error, Cancelled) else str(error)
        return Outcome(
            JobState.NOT_VERIFIED,
            f"not verified: {why} · {text.safe(result.target)} was made and is there",
        )


def _verified(context: JobContext, verify: Callable[[], Verdict]) -> Verdict:
    context.check()
    started = context.clock()
    verdict = verify()
    looked = [text.plural(verdict.tables, "table")]
    if verdict.views:
        looked.append(text.plural(verdict.views, "view"))
    looked.append(text.plural(verdict.rows, "row"))
    context.emit("verify  " + "  ".join(looked), context.clock() - started)
    for problem in verdict.differences + verdict.unchecked:
        context.say("  " + problem)
    for name in verdict.later:
        context.say(f"  {name} is partitioned: it can be counted only after COMMIT")
    return verdict


def _outcome(verdict: Verdict, result: CloneResult) -> Outcome:
    state = {
        "verified: counts": JobState.DONE,
        "differs": JobState.DIFFERS,
    }.get(verdict.word, JobState.NOT_VERIFIED)
    words = [verdict.word]
    if result.left_out:
        words.append(f"left out: {', '.join(result.left_out)}")
    return Outcome(state, " · ".join(words))
