"""The jobs that drop: databases, tables and views; and snapshots."""

from __future__ import annotations

from dataclasses import dataclass

from moclone_tui import text
from moclone_tui.api import sql
from moclone_tui.cloning.drop import Drop, DropPart, object_of, steps
from moclone_tui.cloning.drop_run import Dropped, carry_out
from moclone_tui.cloning.identity import Object, look_up
from moclone_tui.errors import Cancelled, CloneError, QueryError
from moclone_tui.jobs.keeping import NO_END, Keep
from moclone_tui.jobs.model import JobContext, JobSpec, JobState, Outcome
from moclone_tui.jobs.recording import note_way_back


@dataclass(frozen=True, slots=True)
class DropJob(JobSpec):
    """Drop databases, tables, views: all or nothing; checked when its turn comes."""

    request: Drop
    keep: Keep = NO_END
    """How long what it was is kept."""

    @property
    def title(self) -> str:
        """`drop shop_dev`."""
        return self.request.title

    @property
    def statement(self) -> str:
        """What is sent in its transaction, the way back aside."""
        return "; ".join(self._drops)

    @property
    def steps(self) -> tuple[str, ...]:
        """As the plan has them, without the name of what it is kept as."""
        return steps(self._drops, ["…_before_…"] * self.request.way_back)

    @property
    def _drops(self) -> list[str]:
        return [DropPart(each).drop for each in self.request.what]

    @property
    def overwrites(self) -> tuple[str, ...]:
        """All of it: names to be typed before it is run again."""
        return tuple(str(each) for each in self.request.what)

    def describe(self) -> dict[str, object]:
        """For the journal: its targets are what it drops."""
        objects = [object_of(each) for each in self.request.what]
        return {
            "kind": "drop",
            "statements": list(self.steps),
            "targets": [{"type": each.type, "name": each.name} for each in objects],
            "keep": self.keep.as_dict(),
        }

    def run(self, context: JobContext) -> Outcome:
        """Check, drop, keep, commit, look."""
        done = carry_out(context.client, self.request, context)
        note_way_back(context.entry, context.client, done.kept)
        return outcome(done)


def outcome(done: Dropped) -> Outcome:
    """What came of a drop, in a line."""
    words = ["dropped, and seen to be gone"]
    state = JobState.DONE
    if done.unseen:
        state, words = JobState.NOT_VERIFIED, [f"dropped; not verified: {done.unseen}"]
    if done.missing:
        state = JobState.NOT_VERIFIED
        words.append(f"missing: {'; '.join(done.missing)}")
        words.append(f"it can be read at {{MO_TS = {done.before.ns:d}}} for a while")
    if done.kept:
        words.append(f"what it was is kept as {', '.join(done.kept)}")
    data = {
        "kept_as": list(done.kept),
        "before": done.before.ns or None,
        "missing": list(done.missing),
    }
    return Outcome(state, text.safe(" · ".join(words)), data)


@dataclass(frozen=True, slots=True)
class DropSnapshots(JobSpec):
    """Drop snapshots, one after the other: the server cannot drop several at once.

    What only they kept is gone then. Copies that were made from them live on.
    """

    snapshots: tuple[Object, ...]
    """With the numbers by which they were chosen, if those are known."""

    @property
    def title(self) -> str:
        """`drop the snapshot nightly_20`, `drop 3 snapshots`."""
        if len(self.snapshots) == 1:
            return f"drop the snapshot {self.snapshots[0].name}"
        return f"drop {text.plural(len(self.snapshots), 'snapshot')}"

    @property
    def statement(self) -> str:
        """The drops."""
        return "; ".join(self.steps)

    @property
    def steps(self) -> tuple[str, ...]:
        """A statement each."""
        return tuple(sql.drop_snapshot(each.name) for each in self.snapshots)

    @property
    def overwrites(self) -> tuple[str, ...]:
        """All of it: names to be typed before it is run again."""
        return tuple(each.name for each in self.snapshots)

    def describe(self) -> dict[str, object]:
        """For the journal: its targets are what it drops."""
        return {
            "kind": "drop",
            "statements": list(self.steps),
            "targets": [
                {"type": "snapshot", "name": each.name} for each in self.snapshots
            ],
        }

    def run(self, context: JobContext) -> Outcome:
        """Look whether each is still what was chosen, drop it, look whether it is gone.

        One that is gone already is passed over: the job may be one that is begun anew.

        Raises:
            MocloneError: One is another by now, or is not dropped; those before it are
                gone, as the error says.
        """
        context.expect(len(self.snapshots) + 1)
        gone: list[str] = []
        try:
            for each in self.snapshots:
                if self._is_there(context, each):
                    with context.step(sql.drop_snapshot(each.name)):
                        context.client.snapshots.delete(each.name)
                    gone.append(each.name)
        except Cancelled as stop:
            if not gone:
                raise
            words = f"{stop} Dropped before that: {', '.join(gone)}"
            return Outcome(JobState.CANCELLED, text.safe(words))
        except (CloneError, QueryError) as error:
            if not gone:
                raise
            words = f"{error} Dropped before that: {', '.join(map(text.safe, gone))}."
            raise CloneError(words, remedy="Look again.") from error
        with context.step("verify that they are gone"):
            seen = look_up(context.client, self.snapshots)
        if seen.objects or seen.hidden:
            left = ", ".join(str(each) for each in (*seen.objects, *seen.hidden))
            return Outcome(JobState.NOT_VERIFIED, f"dropped; {left} may be there still")
        return Outcome(JobState.DONE, "dropped, and seen to be gone")

    def _is_there(self, context: JobContext, each: Object) -> bool:
        """Whether it is there yet, and no other by now."""
        context.check()
        seen = look_up(context.client, [each])
        name = text.safe(each.name)
        if not seen.objects and not seen.hidden:
            context.say(f"  {name} is gone already")
        for found in seen.objects:
            if each.id and found.id and each.id != found.id:
                raise CloneError(
                    f"The snapshot {name} is not the one that was chosen: it was taken"
                    " anew since.",
                    remedy="Look again. Nothing was dropped.",
                )
        return bool(seen.objects or seen.hidden)
