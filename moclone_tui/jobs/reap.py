"""The job that drops what has expired of what moclone made: exactly that, one by one.

Each is looked at again just before its drop. A database or a table is dropped in a
transaction first, where it waits for nobody and nobody else can write to it any more,
then looked at from outside, and only then the drop is committed.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from moclone_tui import text
from moclone_tui.cloning.identity import Object, look_up
from moclone_tui.errors import Cancelled, QueryError
from moclone_tui.jobs.journal import Place
from moclone_tui.jobs.keeping import Made
from moclone_tui.jobs.keeping_look import Standing, looked, standing
from moclone_tui.jobs.model import JobContext, JobSpec, JobState, Outcome
from moclone_tui.jobs.registry import known, publish


@dataclass(frozen=True, slots=True)
class Reap(JobSpec):
    """Drop objects that moclone made, if nothing speaks against it by then."""

    objects: tuple[Object, ...]
    """What to drop, with the numbers by which it was chosen."""
    folder: Path
    """The journal's."""
    place: Place
    """Where they are."""
    early: bool = False
    """Whether also what has not expired is dropped: it was chosen by hand."""
    said: tuple[Made, ...] = ()
    """What was said of lives just before, and has yet to be told to the registry."""

    @property
    def title(self) -> str:
        """`drop shop_dev`, `drop 3 expired objects`."""
        if len(self.objects) == 1:
            return f"drop {self.objects[0]}"
        word = "object" if self.early else "expired object"
        return f"drop {text.plural(len(self.objects), word)}"

    @property
    def statement(self) -> str:
        """The drops."""
        return "; ".join(self.steps)

    @property
    def steps(self) -> tuple[str, ...]:
        """A statement each."""
        return tuple(each.drop for each in self.objects)

    @property
    def overwrites(self) -> tuple[str, ...]:
        """All of it: names to be typed before it is run again."""
        return tuple(str(each) for each in self.objects)

    def describe(self) -> dict[str, object]:
        """For the journal: its targets are what it drops."""
        return {
            "kind": "drop",
            "statements": list(self.steps),
            "targets": [
                {"type": each.type, "name": each.name} for each in self.objects
            ],
        }

    def run(self, context: JobContext) -> Outcome:
        """Look at each again, and drop it or say why it is left.

        Raises:
            OutcomeUnknown: The connection was lost during a drop.
            MocloneError: The connection was lost, or it was stopped: what was dropped
                before is gone, the rest is left.
        """
        context.expect(len(self.objects))
        publish(context.client, self.said)
        gone: list[Object] = []
        left: list[str] = []
        state = JobState.SKIPPED
        # What a snapshot holds may show that a copy was not changed.
        for each in sorted(self.objects, key=lambda one: one.type == "snapshot"):
            name = text.safe(str(each))
            try:
                why = self._drop(context, each)
            except Cancelled as stop:
                if not gone:
                    raise
                state, why = JobState.CANCELLED, str(stop)
            except QueryError as error:
                state, why = JobState.FAILED, str(error)
            if why:
                left.append(f"{name} was left: {why}")
                context.say(f"  {left[-1]}")
            else:
                gone.append(each)
            if state is JobState.CANCELLED:
                break
        return self._outcome(context, gone, left, state)

    @staticmethod
    def _outcome(
        context: JobContext, gone: list[Object], left: list[str], state: JobState
    ) -> Outcome:
        """What came of it, once it was looked whether what was dropped is gone."""
        if not gone:
            return Outcome(state, text.safe(" · ".join(left)))
        words = [f"dropped {', '.join(map(str, gone))}"]
        if state is JobState.SKIPPED:
            state = JobState.DONE
            numbers = {each: each.id for each in gone}
            seen = look_up(context.client, gone)
            there = [each for each in seen.objects if each.id in ("", numbers[each])]
            if there or seen.hidden:
                state = JobState.NOT_VERIFIED
                maybe = ", ".join(map(str, (*there, *seen.hidden)))
                words.append(f"not verified: {maybe} may be there still")
        return Outcome(state, text.safe(" · ".join(words + left)))

    def _drop(self, context: JobContext, each: Object) -> str:
        """Drop one; gives why not, if it is left."""
        context.check()
        if why := self._against(context, each):
            return why
        if each.type == "snapshot":
            with context.step(each.drop):
                context.client.execute(each.drop)
            return ""
        with context.client.session() as session:
            context.watch(session.connection.id)
            with context.step(each.drop):
                session.execute(each.drop)
                # It is locked by now, and the others still see it as it is.
                why = self._against(context, each, session.connection.id)
                if why:
                    session.rollback()
                else:
                    session.commit()
        return why

    def _against(self, context: JobContext, each: Object, mine: int = 0) -> str:
        """Why it is not dropped, as it stands now; empty if it may be."""
        found = self._standing(context, each, mine)
        if found is None:
            return "it is gone, or nothing that moclone made, as far as is known"
        if found.why:
            return "; ".join(found.why)
        if not (found.expired or self.early):
            return "it has not expired"
        return ""

    def _standing(
        self, context: JobContext, each: Object, mine: int
    ) -> Standing | None:
        """How it stands now, by the journal and the server."""
        everything = known(context.client, self.folder, self.place).made
        one = {each.object: each for each in everything}.get(each)
        if one is None or one.object.id != each.id:
            return None
        there = looked(
            context.client, standing(context.client, [one]), everything, mine
        )
        return there[0] if there else None
