"""The main screen: the frame, its views, the log, and what the keys do."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.screen import Screen
from textual.widgets import ContentSwitcher

from moclone_tui import text
from moclone_tui.jobs.model import JobEvent, JobSpec, JobState
from moclone_tui.tui import commands, render
from moclone_tui.tui.aftermath import Aftermath
from moclone_tui.tui.board import JobBoard
from moclone_tui.tui.desk import Desk
from moclone_tui.tui.views.base import View
from moclone_tui.tui.views.databases import DatabasesView
from moclone_tui.tui.views.snapshots import SnapshotsView
from moclone_tui.tui.widgets.frame import KeyLine, Line, TabLine
from moclone_tui.tui.widgets.log import LogPanel
from moclone_tui.tui.widgets.running import JobLines

VIEWS = (("databases", "1 Databases"), ("snapshots", "2 Snapshots"))
_BEAT, _CALM_BEAT = 0.25, 1.0
"""Seconds between two looks at how far jobs are; the longer if nothing is to move."""


class JobChanged(Message):
    """Something happened to a job; comes from the job's thread."""

    def __init__(self, event: JobEvent) -> None:
        super().__init__()
        self.event = event


class MainScreen(Screen[None]):
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
        & > ContentSwitcher { height: 1fr; }
        & > #log {
            display: none;
            height: 34%;
            border-top: solid $border-blurred;
            &.-third { display: block; }
            &.-whole { display: block; height: 1fr; }
        }
        &.-log-whole > ContentSwitcher { display: none; }
    }
    """

    class Working(Message):
        """How far the job in front is; None if none runs. Told again and again."""

        def __init__(self, where: str, front: JobEvent | None) -> None:
            super().__init__()
            self.where = where
            self.front = front

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self._board = JobBoard()
        self._aftermath = Aftermath(desk)
        self._databases = DatabasesView(desk, id="databases")
        self._snapshots = SnapshotsView(desk, id="snapshots")
        self._views = TabLine(VIEWS, id="views")
        self._log = LogPanel(
            id="log",
            empty="Nothing has happened yet · c clones, n takes a snapshot",
            kept=desk.settings.log_lines,
        )
        moving = desk.settings.animation != "none"
        self._last = JobLines(desk.stopwatch, moving=moving, id="last")
        self._keys = KeyLine(id="keys")
        self._running_line = Line(id="running")

    def compose(self) -> ComposeResult:
        with Horizontal(id="top"):
            yield Line(render.connection(self.desk), id="connection")
            yield self._running_line
        yield self._views
        with ContentSwitcher(initial="databases"):
            yield self._databases
            yield self._snapshots
        yield self._log
        yield self._last
        yield self._keys
        yield self._aftermath

    def on_mount(self) -> None:
        still = self.desk.settings.animation == "none"
        self._beats = self.set_interval(
            _CALM_BEAT if still else _BEAT, self._show_paces, pause=True
        )
        self.view.focus_first()
        self._show_keys()
        self._show_jobs()

    @property
    def view(self) -> View:
        """The view that is shown."""
        return self._snapshots if self._at == "snapshots" else self._databases

    @property
    def _at(self) -> str:
        return self._views.active

    # Commands

    def why_not(self, name: str) -> str | None:
        """Why a command cannot run here and now, in words; None if it can."""
        command = commands.BY_NAME[name]
        if not command.works_in(self._at):
            return f"{command.label} works in the databases view: 1 goes there."
        if name in ("clone", "snapshot"):
            return self._why_no_change(name)
        if name == "cancel":
            return self._board.why_no_cancel
        if name == "copy_name" and not self.view.selection.name:
            return "Nothing is selected."
        return None

    def _why_no_change(self, name: str) -> str | None:
        if self.desk.read_only:
            what = "Cloning" if name == "clone" else "Taking snapshots"
            profile = text.safe(self.desk.target.profile.name)
            return f"{what} is off: the profile {profile} is read-only."
        if name == "clone" and not self._databases.databases:
            return "There is nothing to clone: no database could be read."
        if name == "clone" and all(each.system for each in self._databases.databases):
            return "There is nothing to clone: no database yet but the server's own."
        return None

    def action_command(self, name: str) -> None:
        """Do a command, or say why not."""
        if reason := self.why_not(name):
            self.notify(reason, severity="warning", markup=False)
            return
        getattr(self, f"do_{name}")()

    def do_databases(self) -> None:
        """Go to the databases."""
        self._go("databases")

    def do_snapshots(self) -> None:
        """Go to the snapshots."""
        self._go("snapshots")

    def _go(self, view: str) -> None:
        if view == self._at:
            self._show_view()
        else:
            self._views.active = view

    @on(TabLine.Changed, "#views")
    def _show_view(self) -> None:
        self.query_one(ContentSwitcher).current = self._at
        if self._log.has_class("-whole"):
            self._set_log("")
        self.view.focus_first()
        self._show_keys()

    def do_next_pane(self) -> None:
        """Go to the next pane."""
        self.focus_next()

    def do_last_pane(self) -> None:
        """Go one pane back."""
        self.focus_previous()

    def do_next_tab(self) -> None:
        """Show the next tab of the detail."""
        self._databases.step_tab(1)

    def do_last_tab(self) -> None:
        """Show the tab before."""
        self._databases.step_tab(-1)

    def do_back(self) -> None:
        """Close the log, or go back one pane."""
        if self._log.has_focus:
            self._set_log("")
            self.view.focus_first()
        else:
            self.view.back()

    def do_system(self) -> None:
        """Show or hide the server's own."""
        self.view.toggle_system()

    def do_filter(self) -> None:
        """Filter the list with the focus."""
        self.view.filter()

    def do_refresh(self) -> None:
        """Read everything again."""
        self._databases.load()
        self._snapshots.load()

    def do_copy_name(self) -> None:
        """Copy the selection's name."""
        name = self.view.selection.name
        self.app.copy_to_clipboard(name)
        self.notify(f"Copied {text.safe(name)}", markup=False, timeout=2)

    def do_log(self) -> None:
        """Open the log, then the whole of it, then close it."""
        if self._log.has_class("-whole"):
            self._set_log("")
            self.view.focus_first()
        elif self._log.has_class("-third"):
            self._set_log("-whole")
        else:
            self._set_log("-third")

    def _set_log(self, size: str) -> None:
        for name in ("-third", "-whole"):
            self._log.set_class(name == size, name)
        self.set_class(bool(size), "-log")
        self.set_class(size == "-whole", "-log-whole")
        self._show_jobs()
        if size:
            self._log.focus()

    def do_cancel(self) -> None:
        """Cancel the newest running job."""
        number = self._board.to_cancel
        if number is not None and not self.desk.runner.cancel(number):
            self.notify("It is done already.", markup=False, timeout=4)

    def do_help(self) -> None:
        """List the keys that work here."""
        from moclone_tui.tui.screens.help import HelpScreen

        self.app.push_screen(HelpScreen(self._at))

    def do_palette(self) -> None:
        """Find a command."""
        self.app.action_command_palette()

    def do_clone(self) -> None:
        """Open the clone form on what is selected."""
        from moclone_tui.tui.screens.clone_form import CloneForm

        self.app.push_screen(
            CloneForm(self.desk, self.view.selection, self._databases.databases),
            self._submit,
        )

    def do_snapshot(self) -> None:
        """Open the snapshot form on what is selected."""
        from moclone_tui.tui.screens.snapshot_form import SnapshotForm

        self.app.push_screen(
            SnapshotForm(self.desk, self.view.selection, self._databases.databases),
            self._submit,
        )

    def _submit(self, spec: JobSpec | None) -> None:
        if spec is not None:
            self.desk.runner.submit(spec)

    def do_connection(self) -> None:
        """Connect to another server, asking first if jobs run."""
        self._unless_jobs_run(lambda: self.dismiss(None))

    def do_quit(self) -> None:
        """Leave, asking first if jobs run."""
        self._unless_jobs_run(lambda: self.app.exit(0))

    def _unless_jobs_run(self, leave: Callable[[], object]) -> None:
        running = len(self.desk.runner.running)
        if not running:
            leave()
            return
        from moclone_tui.tui.screens.leave import LeaveScreen

        def answered(cancel: bool | None) -> None:
            if cancel:
                self.run_worker(self._stop_and(leave))

        self.app.push_screen(LeaveScreen(running), answered)

    async def _stop_and(self, leave: Callable[[], object]) -> None:
        """Leave once the server has stopped what runs, or does not answer."""
        await asyncio.to_thread(self.desk.runner.stop)
        leave()

    # Jobs

    @on(Aftermath.Found)
    def _log_aftermath(self, message: Aftermath.Found) -> None:
        self._log.write(message.lines)

    @on(JobChanged)
    def _job_changed(self, message: JobChanged) -> None:
        event = message.event
        turned = self._board.take(event)
        if event.text and event.state is not JobState.QUEUED:
            line = render.log_line(event)
            self._log.write([line])
            tone = render.tone_of(event)
            self._last.say(line.text, f"$tone-{tone}" if tone else "")
        if event.state.ended:
            self._job_ended(event)
        elif event.error is not None:
            self._toast(event)
        if turned:
            self._show_jobs()
            self._show_keys()

    def _job_ended(self, event: JobEvent) -> None:
        if event.state is JobState.UNKNOWN:
            self._aftermath.look()
        if self.desk.settings.bell:
            self.app.bell()
        if not self.has_class("-log") or not self.is_current:
            self._toast(event)
        self.do_refresh()

    def _toast(self, event: JobEvent) -> None:
        """Tell what became of a job to somebody who looks elsewhere."""
        words, severity = render.toast(event)
        self.notify(
            words,
            title=text.safe(event.title),
            severity=severity,
            markup=False,
            timeout=8 if severity == "error" else 4,
        )

    def _show_jobs(self) -> None:
        """Show what runs, and look again while something does."""
        self._running_line.update(
            render.job_counts(len(self._board.live), self._board.to_look_at)
        )
        if self._board.front is None:
            self._beats.pause()
        else:
            self._beats.resume()
        self._show_paces()

    def _show_paces(self) -> None:
        """Show how far jobs are: above the keys, and around the screen."""
        front, in_log = self._board.front, self.has_class("-log")
        jobs = self._board.running if in_log else (front,) if front else ()
        self._last.show(jobs, by_step=in_log)
        self.post_message(self.Working(self.desk.target.profile.name, front))

    @on(View.SelectionChanged)
    def _show_keys(self) -> None:
        shown = [
            (command, self.why_not(command.name) is None)
            for command in commands.COMMANDS
            if command.prominent and (command.name != "cancel" or self._board.live)
        ]
        self._keys.show(shown)
