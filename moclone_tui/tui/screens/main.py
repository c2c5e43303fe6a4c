"""The main screen: the frame, its views, the log, and what the keys do."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.widgets import ContentSwitcher

from moclone_tui import text
from moclone_tui.errors import ConfigError, MocloneError
from moclone_tui.jobs.model import JobSpec
from moclone_tui.tui import commands, render
from moclone_tui.tui.asof import PRESENT, AsOf
from moclone_tui.tui.desk import Desk
from moclone_tui.tui.openings import OPENINGS, VIEWS, Jobs, make_view
from moclone_tui.tui.screens.job_screen import JobScreen
from moclone_tui.tui.selection import Thing
from moclone_tui.tui.views.base import View
from moclone_tui.tui.views.databases import DatabasesView
from moclone_tui.tui.widgets.frame import KeyLine, Line, TabLine

if TYPE_CHECKING:
    from moclone_tui.tui.tour import TourPanel


_AGES = 30
"""Seconds after which the age of a moment is said anew."""


class MainScreen(JobScreen):
    """Everything about one server.

    Args:
        desk: The server, and how to reach it.
    """

    BINDINGS: ClassVar[list[BindingType]] = [*commands.bindings()]
    DEFAULT_CSS = """
    MainScreen {
        layout: vertical;
        & > #top { height: 1; background: $surface; }
        & > #top > #running { width: auto; padding: 0 1; }
        & > #then {
            display: none;
            padding: 0 1;
            background: $warning-muted;
            color: $text-warning;
            text-style: bold;
        }
        &:ansi > #then { text-style: bold reverse; }
        &.-then > #then { display: block; }
        &.-then > #views { background: $warning-muted; }
        & > ContentSwitcher { height: 1fr; }
        &.-log-whole > ContentSwitcher { display: none; }
    }
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.at: AsOf = PRESENT
        """When the databases are looked at; only `t` changes it."""
        self._databases = DatabasesView(desk, id="databases")
        self._made: dict[str, View] = {"databases": self._databases}
        self._stale: set[str] = set()
        self._tour: TourPanel | None = None
        tabs = [(name, label) for name, (label, *_) in VIEWS.items()]
        self._views = TabLine(tabs, id="views")
        self._then = Line(id="then")
        self._keys = KeyLine(id="keys")

    def compose(self) -> ComposeResult:
        with Horizontal(id="top"):
            yield Line(render.connection(self.desk), id="connection")
            yield self._running_line
        yield self._views
        yield self._then
        with ContentSwitcher(initial="databases"):
            yield self._databases
        yield self._log
        yield self._last
        yield self._keys
        yield self._aftermath

    def on_mount(self) -> None:
        self.view.focus_first()
        self.show_keys()
        self.set_interval(_AGES, self._say_then)

    @property
    def view(self) -> View:
        """The view that is shown."""
        return self._made[self._shown]

    @property
    def _shown(self) -> str:
        return self.query_one(ContentSwitcher).current or "databases"

    # Commands

    def why_not(self, name: str) -> str | None:
        """Why a command cannot run here and now, in words; None if it can."""
        command = commands.BY_NAME[name]
        if not command.works_in(self._shown):
            return command.elsewhere
        if name in VIEWS:
            return None
        return self.view.why_not(name) or self._why_not(name)

    def _why_not(self, name: str) -> str | None:
        if (own := getattr(self, f"why_no_{name}", None)) is not None:
            reason: str | None = own()
            return reason
        if name in OPENINGS:
            databases = self._databases.databases
            return OPENINGS[name].refused(self.desk, self.view.selection, databases)
        if name == "cancel":
            return self.board.why_no_cancel
        if name == "copy_name" and not self.view.selection.name:
            return "Nothing is selected."
        return None

    def action_command(self, name: str) -> None:
        """Do a command, or say why not; once the view that is gone to is there."""
        if self._views.active != self._shown:
            self.call_later(self.action_command, name)
        elif reason := self.why_not(name):
            self.notify(reason, severity="warning", markup=False)
        elif name in VIEWS:
            self._go(name)
        elif (own := getattr(self.view, f"do_{name}", None)) is not None:
            own()
        elif name in OPENINGS:
            self._open(name)
        else:
            getattr(self, f"do_{name}")()

    def _open(self, name: str) -> None:
        """Open a screen on what is selected; what it comes to begins."""
        screen = OPENINGS[name].make(
            self.desk, self.view.selection, self._databases.databases
        )
        self.app.push_screen(screen, self._begin)

    def _begin(self, jobs: Jobs) -> None:
        """Begin what a form came to; the next one is not on the same marks again."""
        if jobs:
            self.view.unmark()
        self._submit(jobs)

    def _submit(self, jobs: Jobs) -> None:
        try:
            for spec in [jobs] if isinstance(jobs, JobSpec) else jobs or ():
                self.desk.runner.submit(spec)
        except ConfigError as error:  # the profile is read-only
            words = render.one_line(error)
            self.notify(words, severity="error", markup=False)

    @on(View.Submit)
    def _submit_of_view(self, message: View.Submit) -> None:
        self._submit(message.jobs)

    # Views

    def _go(self, view: str) -> None:
        if view == self._views.active:
            self.run_worker(self._show_view(), group="view", exclusive=True)
        else:
            self.set_focus(None)  # no key is for the view that is left
            self._views.active = view

    @on(TabLine.Changed, "#views")
    async def _show_view(self) -> None:
        name, came_with = self._views.active, self.view.selection
        switcher = self.query_one(ContentSwitcher)
        if name not in self._made:
            self._made[name] = view = make_view(name, self.desk)
            await switcher.add_content(view)
            self._stale.add(name)
        switcher.current = name
        if self._log.has_class("-whole"):
            self._set_log("")
        if name in self._stale:
            self._stale.discard(name)
            self.view.load()
        self.view.arrive(came_with)
        self.view.focus_first()
        self.show_keys()

    def do_as_of(self) -> None:
        """Choose when the databases are looked at."""
        from moclone_tui.tui.screens.as_of import AsOfScreen

        self.app.push_screen(AsOfScreen(self.desk, self.at), self._look)

    @on(View.Look)
    def _look_at(self, message: View.Look) -> None:
        self._look(message.at, message.thing)
        self._go("databases")

    def _look(self, at: AsOf | None, thing: Thing | None = None) -> None:
        """Look at a moment, unmistakably."""
        if at is None:
            return
        self.at = at
        self._say_then()
        self.set_class(bool(at), "-then")
        self._databases.look(at, thing)
        self.show_keys()

    def _say_then(self) -> None:
        self._then.update(f"AS OF {self.at.words(self.desk.clock())} · t changes it")

    def do_next_pane(self) -> None:
        """Go to the next pane."""
        self.focus_next()

    def do_last_pane(self) -> None:
        """Go one pane back."""
        self.focus_previous()

    def do_next_tab(self) -> None:
        """Show the next tab of the detail."""
        self.view.step_tab(1)

    def do_last_tab(self) -> None:
        """Show the tab before."""
        self.view.step_tab(-1)

    def do_back(self) -> None:
        """Close the log, or go back one pane."""
        if self._log.has_focus:
            self.close_log()
        elif self.focused in self.focus_chain[:1] and not self.view.deep:
            self._end_tour()  # there is nothing else to go back from
        else:
            self.view.back()

    def close_log(self) -> None:
        """Take the log away, and go back to where one was in the view."""
        self._set_log("")
        before = self._before_log
        if before is not None and self.view in before.ancestors:
            before.focus()
        else:
            self.view.focus_first()

    def do_system(self) -> None:
        """Show or hide the server's own."""
        self.view.toggle_system()

    def do_filter(self) -> None:
        """Filter the list with the focus."""
        self.view.filter()

    def do_refresh(self) -> None:
        """Read everything again."""
        self._stale.update(self._made)
        self._stale.add("databases")
        for view in {self.view, self._databases}:
            self._stale.discard(str(view.id))
            view.load()

    def do_copy_name(self) -> None:
        """Copy the selection's name."""
        name = self.view.selection.name
        self.app.copy_to_clipboard(name)
        self.notify(f"Copied {text.safe(name)}", markup=False, timeout=2)

    def do_help(self) -> None:
        """List the keys that work here."""
        from moclone_tui.tui.screens.help import HelpScreen, keys_of_main

        keys = keys_of_main(self, self.why_not)

        def do(key: str | None) -> None:
            if key:
                self.app.simulate_key(key)

        self.app.push_screen(HelpScreen(f"Keys in {self._shown}", keys), do)

    # The tour

    def start_tour(self) -> None:
        """Lead through the demo, from the first step on."""
        from moclone_tui.tui.tour import TourPanel

        self._end_tour()
        self._tour = TourPanel(self)
        self.mount(self._tour, before=self._log)

    do_tour = start_tour

    def why_no_tour(self) -> str | None:
        """Why there is no tour here; None if there is."""
        if self.desk.target.demo is None:
            return "The tour is of the demo's shop: moclone demo opens it."
        return None

    def do_tour_next(self) -> None:
        """Go on with the tour."""
        if self._tour is not None and not self._tour.go_on():
            self._end_tour()

    def why_no_tour_next(self) -> str | None:
        """Why the tour does not go on; None if it does."""
        return None if self._tour else "No tour is under way."

    def _end_tour(self) -> None:
        if self._tour is not None:
            self._tour.remove()
            self._tour = None

    def do_verify(self) -> None:
        """Compare copies with what they were made of, in the background."""
        from moclone_tui.jobs.verify import Verify

        journal = self.desk.target.journal().folder
        self._submit([Verify(each, journal) for each in self.view.selection.things])

    def why_no_verify(self) -> str | None:
        """Why there is nothing to verify; None if there is."""
        selection = self.view.selection
        if selection.at:
            return "What is verified is there now: t goes back to now."
        if not selection.marked and selection.object and not selection.table:
            return f"A {selection.kind} is verified with its database."
        return None if selection.things else "Nothing is selected."

    def do_palette(self) -> None:
        """Find a command."""
        self.app.action_command_palette()

    def do_connection(self) -> None:
        """Connect to another server, asking first if jobs run."""
        self._unless_jobs_run(self._go_elsewhere)

    def _go_elsewhere(self, told: str) -> None:
        if told:
            self.app.notify(told, markup=False, timeout=8)
        self.dismiss(None)

    def do_quit(self) -> None:
        """Leave, asking first if jobs run."""
        self._unless_jobs_run(lambda told: self.app.exit(0, message=told or None))

    def _unless_jobs_run(self, leave: Callable[[str], object]) -> None:
        """Leave, telling which jobs go on, once it is said what becomes of them."""
        running = len(self.desk.runner.running)
        if not running:
            leave("")
            return
        from moclone_tui.tui.screens.leave import Answer, LeaveScreen

        def answered(answer: Answer | None) -> None:
            if answer == "cancel":
                self.run_worker(self._stop_and(leave))
            elif answer == "behind":
                self.run_worker(self._leave_behind_and(leave))

        self.app.push_screen(
            LeaveScreen(running, self.desk.target.why_nothing_behind), answered
        )

    async def _stop_and(self, leave: Callable[[str], object]) -> None:
        """Leave once the server has stopped what runs, or does not answer."""
        await asyncio.to_thread(self.desk.runner.stop)
        leave("")

    async def _leave_behind_and(self, leave: Callable[[str], object]) -> None:
        """Leave once a process in the background has what has not ended."""
        self.notify("Handing the jobs over…", markup=False, timeout=4)
        try:
            told = await asyncio.to_thread(self.desk.leave_behind)
        except MocloneError as error:
            words = render.one_line(error)
            self.notify(words, severity="error", markup=False, timeout=10)
        else:
            leave(told)

    @on(View.SelectionChanged)
    def show_keys(self) -> None:
        first, more = self.view.KEYS[:3], self.view.KEYS[3:]
        names = [*first, *commands.LINE[:3], *more, *commands.LINE, *commands.LINE_END]
        shown = [
            (commands.BY_NAME[name], self.why_not(name) is None)
            for name in dict.fromkeys(names)
            if name != "cancel" or self.board.live
        ]
        note = self.view.selection.words
        self._keys.show(shown, len(commands.LINE_END), note)
