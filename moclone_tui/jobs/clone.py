"""The job that copies a database or a table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from moclone_tui import text
from moclone_tui.api import TableName
from moclone_tui.api.names import fold
from moclone_tui.cloning.plan import Plan
from moclone_tui.cloning.request import IfExists, Pair, Request
from moclone_tui.cloning.run import Copied, carry_out
from moclone_tui.jobs.keeping import NO_END, Keep
from moclone_tui.jobs.model import JobContext, JobSpec, JobState, Outcome
from moclone_tui.jobs.recording import note_way_back

STATES = {
    "verified: counts": JobState.DONE,
    "verified: rows": JobState.DONE,
    "skipped": JobState.SKIPPED,
    "differs": JobState.DIFFERS,
    "not verified": JobState.NOT_VERIFIED,
}


@dataclass(frozen=True, slots=True)
class Copy(JobSpec):
    """Carry a request out; it is checked anew when its turn comes."""

    request: Request
    keep: Keep = NO_END
    """How long the copies are kept, and what is kept of what they replace. What is
    restored is not a copy: it is never dropped."""

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

    @property
    def overwrites(self) -> tuple[str, ...]:
        """The targets, if they are to be replaced."""
        if self.request.if_exists is not IfExists.REPLACE:
            return ()
        return tuple(str(pair.target) for pair in self.request.pairs)

    def describe(self) -> dict[str, object]:
        """For the journal."""
        request = self.request
        return {
            "kind": "restore" if request.restores else "clone",
            "at": str(request.at) if request.at else "",
            "statements": list(self.steps),
            "targets": [_target(pair) for pair in request.pairs],
            "keep": self.keep.as_dict(),
        }

    def run(self, context: JobContext) -> Outcome:
        """Check, clone, verify, commit."""
        copied = carry_out(context.client, self.request, context)
        note_way_back(context.entry, context.client, copied.kept)
        return outcome(copied)


def _target(pair: Pair) -> dict[str, str]:
    kind = "table" if isinstance(pair.target, TableName) else "database"
    source, name = (
        each.sql if isinstance(each, TableName) else fold(each)
        for each in (pair.source, pair.target)
    )
    return {"type": kind, "name": name, "source": source}


def outcome(copied: Copied) -> Outcome:
    """What came of a request, in a line."""
    state = STATES[copied.word]
    skipped = ", ".join(copied.skipped)
    if copied.word == "skipped":
        return Outcome(state, f"{skipped} exists already; it was left alone")
    words = [copied.word]
    if copied.missing:
        if state is JobState.DONE:
            state, words = JobState.NOT_VERIFIED, ["copied"]
        words[-1] += f", missing: {'; '.join(copied.missing)}"
    words += _besides(copied)
    return Outcome(state, text.safe(" · ".join(words)))


def _besides(copied: Copied) -> Iterator[str]:
    """What else there is to say of a copy that is there."""
    if copied.why:
        there = ", ".join(copied.targets)
        yield f"{copied.why} · {there} was made and is there"
    if copied.verdict is not None and copied.verdict.differences:
        yield "; ".join(copied.verdict.differences[:3])
    for words, names in (
        ("left alone:", copied.skipped),
        ("left out:", copied.left_out),
        ("what it was is kept as", copied.kept),
    ):
        if names:
            yield f"{words} {', '.join(names)}"
