"""The Timeline view: how far back an object goes, and what there was at the cursor."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input

from moclone_tui import text
from moclone_tui.api import MocloneError, Moment
from moclone_tui.cloning import coverage
from moclone_tui.cloning.coverage import Coverage, Kept
from moclone_tui.cloning.moments import read_moment
from moclone_tui.cloning.touching import Touch, touched
from moclone_tui.tui import render, timeline_words
from moclone_tui.tui.asof import PRESENT, AsOf
from moclone_tui.tui.desk import Desk
from moclone_tui.tui.reader import Answered
from moclone_tui.tui.screens.form import Field
from moclone_tui.tui.selection import Selection, Thing
from moclone_tui.tui.timeline_reads import difference
from moclone_tui.tui.views.base import View
from moclone_tui.tui.widgets.entry import Entry
from moclone_tui.tui.widgets.filter_list import FilterList
from moclone_tui.tui.widgets.pane import Pane, Reading
from moclone_tui.tui.widgets.table import TableList
from moclone_tui.tui.widgets.timeline import Timeline

_NOTHING = "Choose a database or a table in 1 Databases, then come back"
_FROM_HERE = ("clone", "put_back", "restore")
"""What takes its data from the moment at the cursor."""


class TimelineView(View):
    """An axis; below it what there was at the cursor, and who changed it then."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j", "statement(1)", "Next statement", show=False),
        Binding("up,k", "statement(-1)", "Statement before", show=False),
    ]
    DEFAULT_CSS = """
    TimelineView {
        layout: vertical;
        & > #axis-pane { height: auto; }
        & > #axis-pane > Field { display: none; padding: 0 1; }
        & > #axis-pane.-typing > Field { display: block; }
        & Field > .label { width: 7; }
        & Field > .note { max-width: 68%; }
        & > #moment-pane { height: 5; border-top: solid $border-blurred; }
        & > #moment-pane > .title { display: none; }
        & > #log-pane { height: 1fr; min-height: 4; }
    }
    """

    KEYS = ("clone", "put_back", "restore", "as_of", "just_before", "pitr", "compare")

    def __init__(self, desk: Desk, *, id: str) -> None:  # noqa: A002
        super().__init__(desk, id=id)
        self._start = Selection()
        self._kept: Kept | None = None
        self._read_at = desk.clock()
        self._coverage: Coverage | None = None
        self._shown: Thing | None = None
        self._cursor = PRESENT
        self._differs: Content | str = ""
        self._touches: dict[tuple[object, ...], Touch] = {}
        self._log_of: tuple[object, ...] | None = None
        self._axis = Timeline(id="axis")
        self._entry = Entry(
            id="time",
            compact=True,
            placeholder="10 minutes ago · just before 14:05 · yesterday 18:00 Berlin",
        )
        self._field = Field("Go to", self._entry)
        self._facts = Reading(id="moment")
        self._facts.can_focus = False
        self._log = FilterList(
            TableList(timeline_words.LOG_COLUMNS, markable=False, empty="")
        )
        self._axis_pane = Pane(self._axis, self._field, id="axis-pane")
        self._log_pane = Pane(self._log, id="log-pane")

    def compose(self) -> ComposeResult:
        yield self._axis_pane
        yield Vertical(self._facts, id="moment-pane")
        yield self._log_pane

    def on_mount(self) -> None:
        self._show()

    # What a command applies to

    def arrive(self, selection: Selection) -> None:
        """Show what was selected where one comes from, at the moment it was seen."""
        if selection.database is None or selection.things != (selection.thing,):
            return
        other = selection.thing != self._start.thing
        self._start = selection
        if other:
            self._touches, self._log_of = {}, None
            self._log.table.set_rows(())
        if other or selection.at:
            self._cursor = selection.at
        if self._kept is None:
            self.load()
        else:
            self._show()

    @property
    def selection(self) -> Selection:
        start = self._start
        return Selection(start.database, start.object, start.kind, at=self._cursor)

    def why_not(self, name: str) -> str | None:
        if name in (*_FROM_HERE, "compare", "pitr") and self._start.thing is None:
            return f"{_NOTHING}."
        if name in _FROM_HERE and self._cursor and self._coverage:
            cover = self._coverage.covers(self._cursor.moment)
            if not cover and self._coverage.known:
                return text.safe(cover.words[0].upper() + cover.words[1:])
        if name == "just_before" and self._log.table.cursor_key is None:
            return "No statement is selected."
        if name == "log" and self._axis.has_focus:
            return "L goes to the next mark here: tab first, or click the last line."
        return None

    # Going around

    def focus_first(self) -> None:
        self._axis.focus()

    def back(self) -> None:
        self._close_entry()
        self._axis.focus()

    def on_descendant_focus(self) -> None:
        self.post_message(self.SelectionChanged())

    @on(Timeline.Moved)
    def _moved(self, event: Timeline.Moved) -> None:
        event.stop()
        self._go(self._at(self._axis.cursor))

    @on(Timeline.Chosen)
    def _chosen(self, event: Timeline.Chosen) -> None:
        event.stop()
        if self._start.thing is not None:
            self.post_message(self.Look(self._cursor, self._start.thing))

    def _at(self, time: int | None) -> AsOf:
        """A moment of the axis: of a snapshot, if it is that of one."""
        if time is None:
            return PRESENT
        for snapshot in (self._coverage and self._coverage.snapshots) or ():
            if snapshot.ts == time:
                return AsOf(coverage.at_snapshot(snapshot), snapshot.ts)
        return AsOf.of_time(Moment(ns=time))

    def _go(self, at: AsOf) -> None:
        """Put the cursor at a moment, and tell of it."""
        self._cursor = at
        self._axis.go(at.ts or None)
        self._axis.say(timeline_words.pointer(at, self._now()))
        self._ask_of_moment()
        self._ask_log()
        self.post_message(self.SelectionChanged())

    def _now(self) -> dt.datetime:
        """The server's clock."""
        if self._kept is None:
            return self.desk.clock()
        return self._kept.now + max(dt.timedelta(), self.desk.clock() - self._read_at)

    # A time that is typed

    def do_as_of(self) -> None:
        """Type a time to go to."""
        self._axis_pane.add_class("-typing")
        self._entry.value = ""
        self._field.say("UTC, unless you write a zone · enter goes there · esc")
        self._entry.focus()

    @on(Input.Changed, "#time")
    def _judge(self, event: Input.Changed) -> None:
        event.stop()
        if self._entry.value.strip():
            self._typed()

    def _typed(self) -> AsOf | None:
        """What was typed, said back beside it; None if it is no time."""
        typed = self._entry.value.strip()
        if typed.lower() == "now":
            self._field.say("the present")
            return PRESENT
        try:
            found = read_moment(typed, self._now(), dt.UTC)
        except MocloneError as error:
            self._field.say(render.one_line(error), "warn")
            return None
        self._field.say(found.words)
        return AsOf.of_time(found.moment)

    @on(Input.Submitted, "#time")
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        if (at := self._typed()) is not None:
            self._close_entry()
            self._go(self._at(at.ts) if at else at)
            self._axis.focus()

    def _close_entry(self) -> None:
        self._axis_pane.remove_class("-typing")

    # Reading

    def load(self) -> None:
        self._log_of = None
        self._axis_pane.say(self._title)
        if self._kept is None:
            self._axis_pane.say(f"{self._title} · reading…")
            if self._start.thing is not None:
                self._facts.show(
                    Content.styled("How far back it goes: …", "$foreground-muted")
                )
        self.desk.reader.ask(self, "kept", None, coverage.look)

    @on(Answered)
    def _answered(self, event: Answered) -> None:
        event.stop()
        came = {
            "kept": self._kept_came,
            "difference": self._difference_came,
            "log": self._log_came,
        }[event.topic]
        came(event)

    def _kept_came(self, event: Answered) -> None:
        if event.error is None:
            self._kept, self._read_at = event.value, self.desk.clock()
        elif self._kept is not None:
            self._axis_pane.say(self.not_read(event.error) + self._title)
            return
        else:
            self._facts.show(render.problem(event.error))
            return
        self._show()

    @property
    def _title(self) -> str:
        thing = self._start.thing
        return str(thing) if thing else "Timeline"

    def _show(self) -> None:
        self._axis_pane.say(self._title)
        if self._start.database is None:
            self._facts.show(f"{_NOTHING}.")
            return
        if self._kept is None:
            return
        self._coverage = self._kept.of(self._start.database, self._start.object or "")
        bars = timeline_words.bars(self._coverage)
        marks = timeline_words.marks(self._coverage)
        now = int(self._kept.now.timestamp()) * 10**9
        self._axis.cursor = self._cursor.ts or None
        self._axis.show(bars, marks, now, anew=self._shown != self._start.thing)
        self._shown = self._start.thing
        self._go(self._cursor)

    def _ask_of_moment(self) -> None:
        """What there was at the cursor, beside the present."""
        thing, at = self._start.thing, self._cursor.moment
        self._differs = ""
        if thing is not None and self._covered and at:
            self._differs = "…"
            self.desk.reader.ask(
                self,
                "difference",
                (thing, at),
                lambda client: difference(client, thing, at),
                behind=True,
            )
        self._say_moment()

    @property
    def _covered(self) -> bool:
        """Whether reading at the cursor tells the truth, as far as is known."""
        return bool(self._coverage and self._coverage.covers(self._cursor.moment).by)

    def _difference_came(self, event: Answered) -> None:
        if event.question != (self._start.thing, self._cursor.moment):
            return
        error = event.error
        self._differs = render.one_line(error) if error else event.value.words
        self._say_moment()

    def _say_moment(self) -> None:
        if self._coverage is not None:
            self._facts.show(
                timeline_words.AtCursor(
                    self._cursor, self._now(), self._coverage, str(self._differs)
                )
            )

    # The server's log, around the cursor

    def _ask_log(self) -> None:
        database, table = self._start.database, self._start.object or ""
        if database is None or self._kept is None:
            return
        since, until = timeline_words.in_sight(self._axis.axis, self._now().timestamp())
        question = (database, table, since, until)
        if question == self._log_of:
            self._to_nearest()
            return
        self._log_of = question
        self._log.table.pending = "Reading the server's log…"
        self._log_pane.say(timeline_words.log_title(since, until))
        self.desk.reader.ask(
            self,
            "log",
            question,
            lambda client: touched(client, database, table, since, until),
            behind=True,
        )

    def _log_came(self, event: Answered) -> None:
        if event.question != self._log_of:
            return
        *_, since, until = event.question
        table = self._log.table
        table.pending = ""
        table.error = render.one_line(event.error) if event.error else ""
        table.empty = timeline_words.no_statement(self._title, event.value is None)
        found: tuple[Touch, ...] = event.value or ()
        self._touches = {(each.ns, at): each for at, each in enumerate(found)}
        rows = timeline_words.log_rows(self._touches)
        table.set_rows(rows)
        self._axis.show_changes([each.before.ns for each in found])
        late = self._now().timestamp() - until < 60
        self._log_pane.say(
            timeline_words.log_title(since, until, len(found), late=late)
        )
        self._to_nearest()

    def _to_nearest(self) -> None:
        """Have the list at the statement that follows the cursor, or the last one."""
        time = self._axis.time
        keys: list[Any] = sorted(self._touches, key=lambda key: (key[0], key[1]))
        after = [key for key in keys if key[0] >= time]
        if keys and not self._log.has_focus_within:
            self._log.table.move_to(after[0] if after else keys[-1])

    def action_statement(self, step: int) -> None:
        """Go from the axis into the list of statements."""
        self._log.table.focus()
        self._log.table.action_move(step)

    @on(TableList.Highlighted)
    def _highlighted(self, event: TableList.Highlighted) -> None:
        event.stop()
        self.post_message(self.SelectionChanged())

    @on(TableList.Selected)
    def do_just_before(self) -> None:
        """Go just before the statement that is selected."""
        key = self._log.table.cursor_key
        touch = self._touches.get(key) if isinstance(key, tuple) else None
        if touch is not None:
            self._axis.focus()
            self._go(AsOf.of_time(touch.before))
