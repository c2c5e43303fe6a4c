"""The app: themes, the way from connecting to the main screen and back."""

from __future__ import annotations

import asyncio
import datetime as dt
import os
import signal
import sys
import time
from collections.abc import Callable, Iterable
from typing import ClassVar

from textual import on
from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.command import CommandPalette
from textual.screen import Screen

from moclone_tui.config import Config, Profile
from moclone_tui.jobs.journal import default_folder
from moclone_tui.jobs.model import JobEvent
from moclone_tui.jobs.runner import ENDING, JobRunner
from moclone_tui.tui import theme
from moclone_tui.tui.commands import COMMANDS
from moclone_tui.tui.desk import Clock, Desk, Target
from moclone_tui.tui.screens.connect import Connection, ConnectScreen
from moclone_tui.tui.screens.job_screen import JobChanged, JobScreen
from moclone_tui.tui.screens.main import MainScreen
from moclone_tui.tui.terminal import TerminalFrame


def utc_now() -> dt.datetime:
    """This machine's time, in UTC."""
    return dt.datetime.now(dt.UTC)


class MocloneApp(App[int]):
    """moclone's UI.

    Args:
        config: Profiles and settings.
        target: What to connect to at once; None asks.
        tour: Whether the demo begins with the tour.
        clock: The time, as shown in ages and in the log.
        stopwatch: Seconds, to measure jobs by.
    """

    TITLE = "moclone"
    ENABLE_COMMAND_PALETTE = True
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f1", "keys", "Keys", show=False, priority=True),
    ]
    CSS = """
    Button { min-width: 8; }
    Button.-primary { text-style: bold; }
    /* The two lowest lines of the frame stay in sight. */
    ToastRack { margin-bottom: 2; }
    Toast { max-width: 70%; padding: 0 1; }
    /* The first line says where one is: nothing lies on it. */
    ModalScreen > * { margin: 1 0 0 0; }
    """

    def __init__(
        self,
        config: Config,
        target: Target | None = None,
        *,
        tour: bool = False,
        clock: Clock = utc_now,
        stopwatch: Callable[[], float] = time.monotonic,
    ) -> None:
        looks = theme.appearance(config.settings.theme, os.environ)
        super().__init__(ansi_color=looks.ansi_color)
        for each in theme.THEMES:
            self.register_theme(each)
        self.theme = looks.theme
        self.animation_level = config.settings.animation
        self._config = config
        self._first = target
        self._tour = tour
        self._clock = clock
        self._stopwatch = stopwatch
        self.desk: Desk | None = None
        self.why_ended = ""
        """What ended it, if nobody asked for it."""
        self._main: MainScreen | None = None
        self._visited: list[Profile] = []
        self._frame = TerminalFrame(self._to_terminal, os.environ, time.monotonic)

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """The tones and environments, for themes that have none."""
        return theme.variable_defaults(self.current_theme)

    def on_mount(self) -> None:
        self._ask_where(self._first)
        self._heed_signals()

    def _heed_signals(self) -> None:
        """Leave in order when asked to end, or when the terminal is closed."""
        loop = asyncio.get_running_loop()
        for name, why in ENDING.items():
            if hasattr(signal, name):
                loop.add_signal_handler(getattr(signal, name), self._end, why)

    def _end(self, why: str) -> None:
        self.why_ended = why
        self.exit(0)

    def on_unmount(self) -> None:
        self._frame.clear()

    def _to_terminal(self, sequence: str) -> None:
        """Send to the terminal, if there is one, between two frames of the screen."""
        driver = self._driver
        if driver is None or driver.is_headless or driver.is_web:
            return
        if sys.__stderr__ is not None and sys.__stderr__.isatty():
            driver.write(sequence)

    @on(JobScreen.Working)
    def _show_around(self, message: JobScreen.Working) -> None:
        """Tell the terminal's title and bar how far the job in front is."""
        event = message.front
        if event is None:
            self._frame.title(f"moclone · {message.where}")
            self._frame.no_bar()
            return
        steps = event.pace.steps_word.removesuffix(" steps") if event.pace else ""
        self._frame.title(f"moclone · {event.title} {steps}".rstrip())
        self._frame.bar(event.pace.share(self._stopwatch()) if event.pace else None)

    def action_help_quit(self) -> None:
        """What ctrl+c does where there is nothing to copy."""
        self.notify("q leaves moclone, x cancels a job", markup=False, timeout=3)

    async def action_quit(self) -> None:
        """What ctrl+q does on every screen: leave, asking first if jobs run."""
        if self._main is not None and self._main.is_attached:
            self._main.do_quit()
        else:
            self.exit(0)

    def _ask_where(self, target: Target | None) -> None:
        self.push_screen(
            ConnectScreen(self._config, target, self._clock, self._visited),
            self._connected,
        )

    def _connected(self, connected: Connection | None) -> None:
        if connected is None:
            self.exit(0)
            return
        target, reader, info = connected

        def tell(event: JobEvent) -> None:
            """From the job's thread, to the screen that the job belongs to."""
            main.post_message(JobChanged(event))

        runner = JobRunner(
            target.connect_job,
            tell,
            limit=self._config.settings.jobs_at_once,
            read_only=target.profile.read_only,
            clock=self._clock,
            stopwatch=self._stopwatch,
            journal=target.journal(),
        )
        if target.demo is None:
            self._visited.append(target.profile)
        self.desk = Desk(
            target,
            info,
            reader,
            runner,
            self._clock,
            self._config.settings,
            self._stopwatch,
            tuple(
                each
                for each in self._config.profiles.values()
                if each.name != target.profile.name
            ),
        )
        self._main = main = MainScreen(self.desk)
        self.push_screen(main, self._left)
        if target.demo is not None and self._tour:
            self._tour = False
            main.call_after_refresh(main.start_tour)

    def _left(self, _: None) -> None:
        """The main screen was left for another server."""
        if self.desk is not None:
            self.desk.close()
            self.desk = None
        self._main = None
        self._frame.clear()
        self._ask_where(None)

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """The palette: every command of ours, and the themes."""
        from moclone_tui.tui.screens.help import keys_of_focus

        of_main = isinstance(screen, MainScreen)
        if isinstance(screen, MainScreen):
            for command in COMMANDS:
                keys = f" ({command.shown})" if command.shown else ""
                yield SystemCommand(
                    f"{command.label} · {command.help}{keys}",
                    screen.why_not(command.name) or "",
                    lambda name=command.name: screen.action_command(name),
                )
        for each in keys_of_focus(screen, besides=of_main):
            yield SystemCommand(
                f"{each.words} ({each.keys})",
                "where the focus is",
                lambda key=each.press: self.simulate_key(key),
            )
        yield SystemCommand("Change the theme", "colours", self.action_change_theme)

    def action_keys(self) -> None:
        """What f1 does on every screen: list the keys that work there."""
        from moclone_tui.tui.screens.help import HelpScreen, keys_of_focus

        if isinstance(self.screen, HelpScreen):
            self.screen.action_leave()
        elif isinstance(self.screen, MainScreen):
            self.screen.action_command("help")
        elif not isinstance(self.screen, CommandPalette):
            keys = keys_of_focus(self.screen)
            self.push_screen(HelpScreen("Keys here", keys), self.press)

    def press(self, key: str | None) -> None:
        """Do as if a key was pressed; nothing if it is None."""
        if key:
            self.simulate_key(key)


def _first_time() -> bool:
    from moclone_tui.tui.tour import first_time

    return first_time(default_folder())


def run(config: Config, target: Target | None) -> int:
    """Run the UI until it is left; gives the exit code."""
    first = target is not None and target.demo is not None and _first_time()
    app = MocloneApp(config, target, tour=first)
    try:
        app.run(mouse=config.settings.mouse)
        return app.return_code or 0
    finally:
        if app.desk is not None:
            app.desk.close(app.why_ended)
