"""The job that copies a database or a table."""

from __future__ import annotations

from dataclasses import dataclass

from moclone_tui import text
from moclone_tui.cloning.plan import Plan
from moclone_tui.cloning.request import Request
from moclone_tui.cloning.run import Copied, carry_out
from moclone_tui.jobs.model import JobContext, JobSpec, JobState, Outcome

_STATES = {
    "verified: counts": JobState.DONE,
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
        """The clone as it is sent."""
        return self.request.statement

    @property
    def steps(self) -> tuple[str, ...]:
        """As the plan has them."""
        return Plan(self.request).steps

    def run(self, context: JobContext) -> Outcome:
        """Check, clone, verify, commit."""
        return outcome(carry_out(context.client, self.request, context))


def outcome(copied: Copied) -> Outcome:
    """What came of a request, in a line."""
    state = _STATES.get(copied.word, JobState.NOT_VERIFIED)
    target = text.safe(copied.result.target)
    if copied.word == "skipped":
        return Outcome(state, f"{target} exists already; it was left alone")
    words = [copied.word]
    if copied.why:
        words.append(f"{copied.why} · {target} was made and is there")
    if copied.verdict is not None and copied.verdict.differences:
        words.append("; ".join(copied.verdict.differences[:3]))
    if copied.result.left_out:
        words.append(f"left out: {', '.join(copied.result.left_out)}")
    return Outcome(state, " · ".join(words))
