"""The PITR form: make one, change how far back it reaches, or drop it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from textual import on
from textual.app import ComposeResult
from textual.widgets import Input

from moclone_tui.api import Database, MocloneError, Pitr, PitrUnit, SnapshotLevel
from moclone_tui.api.names import new_snapshot
from moclone_tui.cloning import coverage
from moclone_tui.cloning.coverage import Kept
from moclone_tui.jobs.model import JobSpec
from moclone_tui.jobs.pitr import ChangePitr, DropPitr, MakePitr
from moclone_tui.text import plural
from moclone_tui.tui import render
from moclone_tui.tui.desk import Desk
from moclone_tui.tui.reader import Answered
from moclone_tui.tui.screens.confirm import ConfirmName
from moclone_tui.tui.screens.form import Field, FormScreen, Remark
from moclone_tui.tui.selection import Selection
from moclone_tui.tui.widgets.cells import Column, Row
from moclone_tui.tui.widgets.choice import Choice
from moclone_tui.tui.widgets.entry import Entry
from moclone_tui.tui.widgets.options import Options

_MAKE, _CHANGE, _DROP = "make one", "change its range", "drop it"
_UNITS = {
    "hours": PitrUnit.HOURS,
    "days": PitrUnit.DAYS,
    "months": PitrUnit.MONTHS,
    "years": PitrUnit.YEARS,
}
_WIDE = (SnapshotLevel.ACCOUNT, SnapshotLevel.CLUSTER)
_COLUMNS = (
    Column("name", "PITR", min=16, search=True),
    Column("covers", "of", min=14, search=True),
    Column("range", "reaches back", width=12),
    Column("state", "state", width=10),
)


class PitrForm(FormScreen):
    """Make, change or drop a PITR.

    Args:
        desk: What it works at.
        selection: What is selected: the form starts with it, and with its PITR.
        databases: The databases there are.
    """

    def __init__(
        self,
        desk: Desk,
        selection: Selection,
        databases: Sequence[Database],  # noqa: ARG002
    ) -> None:
        super().__init__(desk, "PITR")
        self._start = selection
        self._kept: Kept | None = None
        self._failed = ""
        self._suggested = ""
        levels = ["table"] if selection.table else []
        levels += ["database"] if selection.database else []
        self._do = Options((_MAKE, _CHANGE, _DROP), id="do")
        self._level = Options((*levels, "account", "cluster"), id="level")
        self._which = Choice("PITR", _COLUMNS, empty="No PITRs yet", id="which")
        self._entry = Entry(id="name", compact=True, select_on_focus=True)
        self._length = Entry("7", id="length", compact=True, max_length=3)
        self._unit = Options(tuple(_UNITS), id="unit")
        self._fields = {
            "which": Field("PITR", self._which),
            "level": Field("Of", self._level),
            "name": Field("Name", self._entry),
            "length": Field("Reaches back", self._length),
            "unit": Field("", self._unit),
        }

    def fields(self) -> ComposeResult:
        yield Field("Do", self._do)
        yield from self._fields.values()

    def on_mount(self) -> None:
        self._which.offer((), lambda key: str(key or "choose a PITR"))
        self._unit.chosen = 1
        self.desk.reader.ask(self, "kept", None, coverage.look)
        self._do.focus()
        self._other()

    @on(Answered)
    def _answered(self, event: Answered) -> None:
        event.stop()
        if event.error is not None:
            self._failed = render.one_line(event.error)
            self._replan()
            return
        self._kept = event.value
        pitrs = self._pitrs.values()
        self._which.offer([_row(each) for each in pitrs])
        own = next(iter(self._own()), None)
        if own is not None and not self.typed:
            self._which.start_with(own.name)
            self._length.value = str(own.length)
            self._unit.chosen = list(_UNITS.values()).index(own.unit)
            if own.active is not False:
                self._do.chosen = 1
        self._other()

    @property
    def _pitrs(self) -> dict[str, Pitr]:
        known = self._kept.pitrs if self._kept else None
        return {each.name: each for each in known or ()}

    def _own(self) -> list[Pitr]:
        """The PITRs of what is selected itself, those that live first."""
        database, table = self._start.database or "", self._start.table or ""
        own = [
            each
            for each in self._pitrs.values()
            if (each.database, each.table) == (database, table) and database
        ]
        return sorted(own, key=lambda each: each.active is False)

    # What is filled in

    @property
    def typed(self) -> bool:
        return self._entry.value not in ("", self._suggested)

    @property
    def _chosen(self) -> Pitr | None:
        return self._pitrs.get(str(self._which.value or ""))

    def spec(self) -> JobSpec:
        if self._do.word == _MAKE:
            return self._made()
        pitr = self._chosen
        if pitr is None:
            raise MocloneError("Choose a PITR.")
        if self._do.word == _DROP:
            return DropPitr(pitr.name)
        length, unit = self._range()
        if (length, unit) == (pitr.length, pitr.unit):
            raise MocloneError(f"{pitr.name} reaches back {pitr.range} already.")
        return ChangePitr(pitr.name, length, unit)

    def _made(self) -> MakePitr:
        name = new_snapshot(self._entry.value.strip())
        if name.lower() in self._pitrs:
            raise MocloneError(f"{name} exists already.")
        level = SnapshotLevel(self._level.word)
        database = table = None
        if level in (SnapshotLevel.DATABASE, SnapshotLevel.TABLE):
            database = self._start.database
        if level is SnapshotLevel.TABLE:
            table = self._start.table
        for each in self._pitrs.values():
            same = (each.level, each.database, each.table)
            of_it = same == (level, database or "", table or "")
            own = not each.account or each.account == self.desk.info.account
            if of_it and own and each.active is not False:
                raise MocloneError(
                    f"{each.covers} has one already: {each.name}. Change its range."
                )
        return MakePitr(name, level, *self._range(), database, table)

    def _range(self) -> tuple[int, PitrUnit]:
        typed = self._length.value.strip()
        if not re.fullmatch(r"[1-9]\d?|100", typed):
            raise MocloneError("A PITR reaches back 1 to 100 hours, days, months, …")
        return int(typed), _UNITS[self._unit.word]

    # What follows from it

    @on(Options.Changed, "#do")
    @on(Options.Changed, "#level")
    def _other(self) -> None:
        """Something else is to be done: other fields, another name."""
        make, drop = self._do.word == _MAKE, self._do.word == _DROP
        shown = {
            "which": not make,
            "level": make,
            "name": make,
            "length": not drop,
            "unit": not drop,
        }
        for name, field in self._fields.items():
            field.display = shown[name]
        if not self.typed:
            self._suggested = self._entry.value = self._suggestion()
        self._replan()

    def _suggestion(self) -> str:
        """A name that is free, of what it covers."""
        of = {
            "table": self._start.table,
            "database": self._start.database,
            "account": self.desk.info.account,
        }.get(self._level.word)
        plain = re.sub(r"[^\w.-]+", "_", (of or "cluster").lower()).strip("_")
        name, at = f"{plain or 'my'}_pitr", 2
        while name in self._pitrs:
            name, at = f"{plain or 'my'}_pitr_{at}", at + 1
        return name

    @on(Input.Changed)
    @on(Options.Changed, "#unit")
    @on(Choice.Changed)
    def _replan(self) -> None:
        action = {_MAKE: "Make", _CHANGE: "Change", _DROP: "Drop"}[self._do.word]
        try:
            job = self.spec()
        except MocloneError as error:
            why = self._failed or render.one_line(error)
            if self._kept is None and not self._failed:
                why = "Reading the PITRs…"
            elif self._kept is not None and self._kept.pitrs is None:
                why = "The PITRs are not known to this login."
            self.show_plan(None, [], action=f"{action} PITR", blocker=why)
            return
        name = getattr(job, "name", "")
        self.show_plan(job, self._remarks(job), action=f"{action} {name}")

    def _remarks(self, job: JobSpec) -> list[Remark]:
        if isinstance(job, MakePitr):
            what = "What is deleted or overwritten stays on disk as long as it reaches."
            return [("·", "It keeps what comes, nothing from before now."), ("·", what)]
        if isinstance(job, DropPitr):
            return [("!", words) for words in self._lost()]
        if self._kept is None or self._chosen is None:
            return []
        pitr, now = self._chosen, self._kept.now
        assert isinstance(job, ChangePitr)  # noqa: S101
        start = coverage.back(now, pitr)
        new = coverage.back(now, replace(pitr, length=job.length, unit=job.unit))
        if new > max(start, pitr.created):
            when = f"{new:%Y-%m-%d %H:%M} UTC"
            return [("!", f"What is older than {when} is let go, for good.")]
        return [("·", "What was let go already does not come back.")]

    def _lost(self) -> list[str]:
        """What can no longer be gone back to without the PITR."""
        pitr, kept = self._chosen, self._kept
        if pitr is None or kept is None:
            return []
        start = max(pitr.created, coverage.back(kept.now, pitr))
        until = kept.history.start
        if pitr.active is False:
            words = f"It protects nothing of what is there now: {pitr.covers} was made"
            return [f"{words} anew. The past of the earlier one is lost with it."]
        if start >= until:
            return ["The server's own history reaches as far back as it does, for now."]
        of = kept.of(pitr.database, pitr.table)
        for other in of.pitrs or ():
            if other.pitr != pitr and not other.dead and other.start <= start:
                return [f"{other.name} goes on keeping it as far back."]
        left = [
            each
            for each in (of.snapshots if pitr.database else kept.snapshots) or ()
            if start <= each.created < until and (pitr.database or each.level in _WIDE)
        ]
        only = f"but at {plural(len(left), 'snapshot')}" if left else "at all"
        words = f"Between {start:%Y-%m-%d %H:%M} and {until:%Y-%m-%d %H:%M} UTC"
        return [f"{words}, {pitr.covers} can no longer be gone back to {only}."]

    def send(self, job: JobSpec) -> None:
        """Have the name typed before one is dropped."""
        if not isinstance(job, DropPitr):
            super().send(job)
            return
        prod = self.desk.target.profile.environment == "prod"

        def answered(yes: bool | None) -> None:
            if yes:
                self.dismiss(job)

        verb = "PROD: Drop" if prod else "Drop"
        words = " ".join(self._lost())
        self.app.push_screen(ConfirmName(verb, job.name, words), answered)


def _row(pitr: Pitr) -> Row:
    states = {True: "alive", False: "dead", None: "not known"}
    return Row(pitr.name, (pitr.name, pitr.covers, pitr.range, states[pitr.active]))
