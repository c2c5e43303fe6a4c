"""The job that copies databases between accounts."""

from __future__ import annotations

from dataclasses import dataclass

from moclone_tui import text
from moclone_tui.api.names import fold
from moclone_tui.cloning.accounts import Transfer, carry_out, steps
from moclone_tui.jobs.clone import STATES
from moclone_tui.jobs.keeping import NO_END, Keep
from moclone_tui.jobs.model import JobContext, JobSpec, Outcome


@dataclass(frozen=True, slots=True)
class CopyBetween(JobSpec):
    """Copy databases from accounts to others, or to sys: all or none."""

    transfers: tuple[Transfer, ...]
    keep: Keep = NO_END
    """How long the copies are kept; those in other accounts are never dropped."""

    @property
    def title(self) -> str:
        """`clone acme.app → acme_app and 19 others`."""
        first, *more = self.transfers
        return f"clone {first}" + (
            f" and {text.plural(len(more), 'other')}" if more else ""
        )

    @property
    def statement(self) -> str:
        """What is sent in its transaction, but for the names of the snapshots."""
        return "; ".join(self.steps)

    @property
    def steps(self) -> tuple[str, ...]:
        """Snapshots, copies, comparison."""
        return steps(self.transfers)

    def describe(self) -> dict[str, object]:
        """For the journal."""
        return {
            "kind": "clone between accounts",
            "statements": list(self.steps),
            "targets": [
                {
                    "type": "database",
                    "name": fold(each.target),
                    "account": each.to_account,
                    "source": f"{each.account}.{fold(each.source)}",
                }
                for each in self.transfers
            ],
            "keep": self.keep.as_dict(),
        }

    def run(self, context: JobContext) -> Outcome:
        """Take the snapshots, copy, verify, drop the snapshots."""
        done = carry_out(context.client, self.transfers, context)
        words = [
            done.word,
            text.plural(done.tables, "table"),
            text.plural(done.rows, "row"),
        ]
        words += (
            [f"{done.why} · the copies were made and are there"] if done.why else []
        )
        words += done.differences[:3]
        words += [f"the snapshot {name} is left" for name in done.left]
        state = STATES[done.word]
        return Outcome(state, text.safe(" · ".join(words)))
