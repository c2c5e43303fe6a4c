"""What puts something in the place of what is there: what would change, row by row."""

from __future__ import annotations

from dataclasses import dataclass, field

from textual import on

from moclone_tui import text
from moclone_tui.api import (
    Kind,
    MocloneError,
)
from moclone_tui.cloning import restore_words
from moclone_tui.cloning.compare import compare, compare_ddl
from moclone_tui.cloning.compare_rows import row_changes
from moclone_tui.cloning.comparison import Comparison, Side, TableDiff
from moclone_tui.cloning.plan import Plan, make
from moclone_tui.cloning.preflight import Finding, Level
from moclone_tui.cloning.request import Pair, Request
from moclone_tui.jobs.clone import Copy
from moclone_tui.jobs.keeping import Keep
from moclone_tui.jobs.model import JobSpec
from moclone_tui.tui import render
from moclone_tui.tui.desk import Desk
from moclone_tui.tui.reader import Answered, Reader
from moclone_tui.tui.screens.danger import DangerForm, named, noun_of
from moclone_tui.tui.screens.form import Remark
from moclone_tui.tui.selection import Thing
from moclone_tui.tui.widgets.options import Options
from moclone_tui.tui.widgets.when import When

_LOOKING = "Looking at what would change…"


@dataclass(slots=True)
class _Seen:
    """What was found of a request so far."""

    request: Request
    plan: Plan | None = None
    found: list[Comparison] = field(default_factory=list)
    waiting: list[tuple[int, TableDiff]] = field(default_factory=list)
    """Tables whose rows are still to be compared, each with the number of its pair."""
    why: str = ""
    """Why it could not be compared."""


class ReplaceForm(DangerForm):
    """Puts something in the place of what is there, told row by row beforehand.

    Subclasses give `fields` and `request`.
    """

    VERB = "Restore"

    def __init__(self, desk: Desk, title: str) -> None:
        super().__init__(desk, title)
        self._seen: _Seen | None = None
        self._reader: Reader | None = None

    def request(self) -> Request:
        """What is asked for.

        Raises:
            MocloneError: It is not complete; the message says why.
        """
        raise NotImplementedError

    def spec(self) -> Copy:
        return Copy(self.request(), Keep.of(self.desk.target.profile))

    def on_mount(self) -> None:
        # Rows of large tables take long: what is opened meanwhile must not wait.
        self._reader = self.desk.own_reader()
        self.replan()

    def on_unmount(self) -> None:
        if self._reader is not None:
            self._reader.stop()

    @property
    def _things(self) -> list[Thing]:
        seen = self._seen
        return [pair.target for pair in seen.request.pairs] if seen else []

    # What would change

    @on(Options.Changed)
    @on(When.Changed)
    def replan(self) -> None:
        """Look at what is asked for, if that is another by now."""
        try:
            request = self.request()
        except MocloneError as error:
            self._seen = None
            self.show_changes(())
            why = render.one_line(error)
            self.show_plan(None, [], action=self.VERB, blocker=why)
            return
        if self._seen is None or self._seen.request != request:
            before, self._seen = self._seen, _Seen(request)
            self.desk.reader.ask(
                self, "plan", request, lambda client: make(client, request)
            )
            if before is not None and before.request.at == request.at:
                self._take_over(before)
            else:
                self._compare(request)
        self._show()

    def _take_over(self, before: _Seen) -> None:
        """Another way to do the same: what would change is known already."""
        if self._seen is not None and before.request.pairs == self._seen.request.pairs:
            self._seen.found, self._seen.waiting = before.found, before.waiting
            self._seen.why = before.why
            if before.waiting or not (before.found or before.why):
                self._compare(self._seen.request)

    def _compare(self, request: Request) -> None:
        if self._reader is not None:
            sides = [_sides(pair, request) for pair in request.pairs]
            self._reader.ask(
                self,
                "compare",
                request,
                lambda client: [
                    compare_ddl(client, compare(client, *pair)) for pair in sides
                ],
            )

    @on(Answered)
    def _answered(self, event: Answered) -> None:
        event.stop()
        seen = self._seen
        if event.topic in ("plan", "compare", "rows"):
            asked = event.question[0] if event.topic == "rows" else event.question
            if seen is None or asked != seen.request:
                return
        if seen is not None and event.topic == "plan":
            seen.plan = event.value or _unjudged(seen.request, event.error)
        elif seen is not None and event.topic == "compare":
            self._compared(seen, event)
        elif seen is not None and event.topic == "rows":
            self._rows_compared(seen, event)
        else:
            self.hear(event)
        self._show()

    def hear(self, event: Answered) -> None:
        """Hear of what a subclass asked."""

    def _compared(self, seen: _Seen, event: Answered) -> None:
        if event.error is not None:
            seen.why = f"not compared: {render.one_line(event.error)}"
            return
        seen.found = event.value
        seen.waiting = [
            (at, each)
            for at, found in enumerate(seen.found)
            for each in found.tables
            if all(each.there) and each.kind is Kind.TABLE
        ]
        # What surely changed comes first.
        seen.waiting.sort(key=lambda one: one[1].rows_left == one[1].rows_right)
        self._next_rows(seen)

    def _next_rows(self, seen: _Seen) -> None:
        if seen.waiting and self._reader is not None:
            at, diff = seen.waiting[0]
            self._reader.ask(
                self,
                "rows",
                (seen.request, at, diff.name),
                lambda client: row_changes(client, diff.left, diff.right),
            )

    def _rows_compared(self, seen: _Seen, event: Answered) -> None:
        if not seen.waiting:
            return
        at, diff = seen.waiting.pop(0)
        if event.error is None:
            known = diff.with_changes(event.value)
            seen.found[at] = seen.found[at].replaced([known])
        self._next_rows(seen)

    def _show(self) -> None:
        seen = self._seen
        if seen is None:
            return
        self.show_changes(_changes(seen))
        plan = seen.plan
        name = named(self._things, noun_of(self._things))
        if plan is None:
            action = self.action_words(self.VERB, name)
            self.show_plan(None, [], action=action, blocker=_LOOKING)
            return
        blockers = plan.blockers[:1]
        self.show_plan(
            self.spec(),
            [(each.level.sign, each.text) for each in plan.findings],
            action=self.action_words(self.VERB, name),
            blocker=" ".join(
                part for each in blockers for part in (f"{each.text}.", each.remedy)
            ).strip(),
            steps=plan.steps,
            script=plan.as_script() if plan.parts is not None else "",
        )

    def send(self, job: JobSpec) -> None:
        """Ask for the name of what is dropped, and leave the form."""
        seen = self._seen
        plan = seen.plan if seen else None
        if plan is not None and not any(part.drop for part in plan.doing):
            super().send(job)  # nothing is there that could be lost
            return
        kept = "What it is now is kept as a copy beside it."
        if not self.way_back:
            kept = "What it is now is not kept."
        name = named(self._things, noun_of(self._things))
        words = f"It is dropped and made again, in one transaction. {kept}"
        self.confirm(self.VERB, name, words, job)


def _sides(pair: Pair, request: Request) -> tuple[Side, Side]:
    """What a pair would become, and what is there now."""
    return (
        Side(pair.source_database, pair.source_table, request.at),
        Side(pair.target_database, pair.target_table),
    )


def _changes(seen: _Seen) -> list[Remark]:
    said: list[Remark] = []
    several = len(seen.found) > 1
    for found in seen.found:
        about = f"{found.right}: " if several else ""
        said += [(_mark(line), about + line) for line in restore_words.lines(found)]
    if seen.plan is not None:
        said += [("·", line) for line in restore_words.remade(seen.plan.remade)]
    if seen.why:
        said.append(("!", seen.why))
    elif not seen.found:
        said.append(("…", "comparing"))
    elif seen.waiting:
        left = text.plural(len(seen.waiting), "table")
        said.append(("…", f"comparing the rows of {left}"))
    return said


def _mark(line: str) -> str:
    loses = line.endswith(("is lost", "are lost")) or " is dropped" in line
    return "!" if loses else "·"


def _unjudged(request: Request, error: MocloneError | None) -> Plan:
    why = f"could not be checked: {error}"
    return Plan(request, (Finding(Level.BLOCKER, why),))
