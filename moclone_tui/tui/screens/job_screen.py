"""The part of the main screen that tells what runs: the log, the jobs, their counts."""

from __future__ import annotations

import time

from textual import on
from textual.message import Message
from textual.screen import Screen
from textual.widget import Widget

from moclone_tui import text
from moclone_tui.errors import MocloneError
from moclone_tui.jobs.model import JobEvent, JobState
from moclone_tui.tui import render
from moclone_tui.tui.aftermath import Aftermath
from moclone_tui.tui.board import JobBoard
from moclone_tui.tui.desk import Desk
from moclone_tui.tui.widgets.frame import Line
from moclone_tui.tui.widgets.log import LogPanel
from moclone_tui.tui.widgets.running import JobLines

_BEAT, _CALM_BEAT = 0.25, 1.0
"""Seconds between two looks at how far jobs are; the longer if nothing is to move."""


class JobChanged(Message):
    """Something happened to a job; comes from the job's thread."""

    def __init__(self, event: JobEvent) -> None:
        super().__init__()
        self.event = event


class JobScreen(Screen[None]):
    """A screen on which jobs of one server are heard of.

    Args:
        desk: The server, and how to reach it.
    """

    DEFAULT_CSS = """
    JobScreen {
        & > #log {
            display: none;
            height: 34%;
            border-top: solid $border-blurred;
            &.-third { display: block; }
            &.-whole { display: block; height: 1fr; }
        }
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
        self.board = JobBoard()
        self._failed: tuple[float, MocloneError] | None = None
        self._before_log: Widget | None = None
        self._aftermath = Aftermath(desk)
        self._log = LogPanel(
            id="log",
            empty="Nothing has happened yet · c clones, n takes a snapshot",
            kept=desk.settings.log_lines,
        )
        moving = desk.settings.animation != "none"
        self._last = JobLines(desk.stopwatch, moving=moving, id="last")
        self._running_line = Line(id="running")

    def on_mount(self) -> None:
        still = self.desk.settings.animation == "none"
        self._beats = self.set_interval(
            _CALM_BEAT if still else _BEAT, self._show_paces, pause=True
        )
        self._show_jobs()

    def do_refresh(self) -> None:
        """Read everything again."""
        raise NotImplementedError

    # What went wrong

    @property
    def _trouble(self) -> MocloneError | None:
        """The newest error, of a job or of a read."""
        errors = [each for each in (self._failed, self.desk.reader.failed) if each]
        return max(errors, key=lambda each: each[0])[1] if errors else None

    def why_no_problem(self) -> str | None:
        """Why no error can be shown; None if one can."""
        return None if self._trouble else "Nothing has gone wrong yet."

    def do_problem(self) -> None:
        """Show the newest error with the server's words."""
        from moclone_tui.tui.screens.problem import ProblemScreen

        if (error := self._trouble) is not None:
            self.app.push_screen(ProblemScreen(error))

    def close_log(self) -> None:
        """Take the log away."""
        raise NotImplementedError

    def show_keys(self) -> None:
        """Show which keys work now."""
        raise NotImplementedError

    def do_log(self) -> None:
        """Open the log, then the whole of it, then close it."""
        if self._log.has_class("-whole"):
            self.close_log()
        elif self._log.has_class("-third"):
            self._set_log("-whole")
        else:
            self._set_log("-third")

    def _set_log(self, size: str) -> None:
        if size and not self.has_class("-log"):
            self._before_log = self.focused
        for name in ("-third", "-whole"):
            self._log.set_class(name == size, name)
        self.set_class(bool(size), "-log")
        self.set_class(size == "-whole", "-log-whole")
        self._show_jobs()
        if size:
            self._log.focus()

    def do_cancel(self) -> None:
        """Cancel the newest running job."""
        number = self.board.to_cancel
        if number is not None and not self.desk.runner.cancel(number):
            self.notify("It is done already.", markup=False, timeout=4)

    @on(Aftermath.Found)
    def _log_aftermath(self, message: Aftermath.Found) -> None:
        self._log.write(message.lines)

    @on(JobChanged)
    def _job_changed(self, message: JobChanged) -> None:
        event = message.event
        turned = self.board.take(event)
        if event.text and event.state is not JobState.QUEUED:
            line = render.log_line(event)
            self._log.write([line])
            self._last.say(line)
        if event.error is not None:
            self._failed = (time.monotonic(), event.error)
        if event.state.ended:
            self._job_ended(event)
        elif event.error is not None:
            self._toast(event)
        if turned:
            self._show_jobs()
            self.show_keys()

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
            render.job_counts(len(self.board.live), self.board.to_look_at)
        )
        if self.board.front is None:
            self._beats.pause()
        else:
            self._beats.resume()
        self._show_paces()

    def _show_paces(self) -> None:
        """Show how far jobs are: above the keys, and around the screen."""
        front, in_log = self.board.front, self.has_class("-log")
        jobs = self.board.running if in_log else (front,) if front else ()
        self._last.show(jobs, by_step=in_log)
        self.post_message(self.Working(self.desk.target.profile.name, front))
