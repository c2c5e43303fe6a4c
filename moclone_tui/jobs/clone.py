"""The job that copies a database or a table."""

from __future__ import annotations

from dataclasses import dataclass

from moclone_tui import text
from moclone_tui.api import TableName
from moclone_tui.api.names import fold
from moclone_tui.cloning.plan import Plan
from moclone_tui.cloning.request import Pair, Request
from moclone_tui.cloning.run import Copied, carry_out
from moclone_tui.jobs.model import JobContext, JobSpec, JobState, Outcome

_STATES = {
    "verified: counts": JobState.DONE,
    "verified: rows": JobState.DONE,
    "skipped": JobState.SKIPPED,
    "differs": JobState.DIFFERS,
}


@dataclass(frozen=True, slots=True)
class Copy(JobSpec):
    """Carry a request out; it is checked anew when its turn comes."""

    request: Request

    @property
    def title(self) -> str:
        """`clone shop → shop_dev`."""
        return self.request.title

    @property
    def statement(self) -> str:
        """What is sent in its transaction."""
        return "; ".join(Plan(self.request).inside)

    @property
    def steps(self) -> tuple[str, ...]:
        """As the plan has them."""
        return Plan(self.request).steps

    def describe(self) -> dict[str, object]:
        """For the journal."""
        request = self.request
        return {
            "kind": "restore" if request.restores else "clone",
            "at": str(request.at) if request.at else "",
            "statements": list(self.steps),
            "targets": [_target(pair) for pair in request.pairs],
        }

    def run(self, context: JobContext) -> Outcome:
        """Check, clone, verify, commit."""
        return outcome(carry_out(context.client, self.request, context))


def _target(pair: Pair) -> dict[str, str]:
    kind = "table" if isinstance(pair.target, TableName) else "database"
    source, name = (
        each.sql if isinstance(each, TableName) else fold(each)
        for each in (pair.source, pair.target)
    )
    return {"type": kind, "name": name, "source": source}


def outcome(copied: Copied) -> Outcome:
    """What came of a request, in a line."""
    state = _STATES.get(copied.word, JobState.NOT_VERIFIED)
    skipped = ", ".join(copied.skipped)
    if copied.word == "skipped":
        return Outcome(state, f"{skipped} exists already; it was left alone")
    words = [copied.word]
    if copied.missing:
        state = JobState.NOT_VERIFIED
        words = [f"copied, missing: {'; '.join(copied.missing)}"]
    if copied.why:
        there = ", ".join(copied.targets)
        words.append(f"{copied.why} · {there} was made and is there")
    if copied.verdict is not None and copied.verdict.differences:
        words.append("; ".join(copied.verdict.differences[:3]))
    if skipped:
        words.append(f"left alone: {skipped}")
    if copied.left_out:
        words.append(f"left out: {', '.join(copied.left_out)}")
    if copied.kept:
        words.append(f"what it was is kept as {', '.join(copied.kept)}")
    return Outcome(state, text.safe(" · ".join(words)))
