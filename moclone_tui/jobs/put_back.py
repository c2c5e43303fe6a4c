"""The job that puts rows or columns back."""

from __future__ import annotations

from dataclasses import dataclass

from moclone_tui import text
from moclone_tui.cloning.put_back import PutBack
from moclone_tui.cloning.put_back_run import Restored, carry_out
from moclone_tui.jobs.model import JobContext, JobSpec, JobState, Outcome


@dataclass(frozen=True, slots=True)
class PutBackJob(JobSpec):
    """Put rows or columns back; it is looked at anew when its turn comes."""

    request: PutBack

    @property
    def title(self) -> str:
        """`put back rows of shop.orders as of 2026-01-31 12:00:00 UTC`."""
        return self.request.title

    @property
    def statement(self) -> str:
        """What is sent in its transaction, columns left out: they are not looked up."""
        return "; ".join(self._statements())

    @property
    def steps(self) -> tuple[str, ...]:
        """As the plan has them, columns left out."""
        first, *more = self._statements()
        return (f"BEGIN; {first}", *more, "verify, then COMMIT")

    def _statements(self) -> tuple[str, ...]:
        table, then = self.request.table.sql, self.request.at.hint
        update = (f"UPDATE {table} n, {table}{then} p …",)
        insert = (f"INSERT INTO {table} … {table}{then} p …",)
        columns, rows = bool(self.request.columns), self.request.rows
        return update * columns + insert * rows

    def describe(self) -> dict[str, object]:
        """For the journal."""
        return {
            "kind": "put back",
            "at": str(self.request.at),
            "statements": list(self.steps),
            "targets": [],
        }

    def run(self, context: JobContext) -> Outcome:
        """Look, put back, verify, commit."""
        return outcome(carry_out(context.client, self.request, context))


def outcome(done: Restored) -> Outcome:
    """What came of a put-back, in a line."""
    held = done.held_back
    words = [done.word]
    if done.rows:
        words.append(f"{text.plural(done.rows, 'row')} came back")
    if done.cells:
        words.append(f"{text.plural(done.cells, 'value')} overwritten with what was")
    if held:
        whose = "its unique value is" if held == 1 else "their unique values are"
        words.append(f"{text.plural(held, 'row')} could not come back: {whose} taken")
    if done.before:
        words.append(
            f"what was there before can be read at {{MO_TS = {done.before.ns:d}}}"
        )
    state = JobState.DONE if done.statements else JobState.SKIPPED
    return Outcome(state, " · ".join(words), _data(done))


def _data(done: Restored) -> dict[str, object]:
    """What came of it, as JSON has it."""
    return {
        "verified": done.word.startswith("verified"),
        "rows_back": done.rows,
        "values_overwritten": done.cells,
        "rows_held_back": done.held_back,
        "before": done.before.ns or None,
    }
