"""What the tests of the screens share: a user at the app, and what they see."""

from __future__ import annotations

import asyncio
import datetime as dt
import re
import time
import unicodedata
from collections.abc import Awaitable, Callable
from typing import Any

from textual import events
from textual.message_pump import MessagePump
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Button

from moclone_tui.api import Client
from moclone_tui.config import Config, Profile
from moclone_tui.embedded import EmbeddedServer
from moclone_tui.tui.app import MocloneApp
from moclone_tui.tui.desk import Target
from moclone_tui.tui.screens.clone_form import CloneForm
from moclone_tui.tui.screens.main import MainScreen

NARROW, WIDE = (80, 24), (120, 40)
PATIENCE = 20.0
"""Seconds a test waits for what has to come; no test should ever need them."""


class User:
    """Somebody at the app: presses keys, reads the screen, waits for what comes."""

    def __init__(self, pilot: Pilot[int]) -> None:
        self.pilot = pilot
        assert isinstance(pilot.app, MocloneApp)
        self.app: MocloneApp = pilot.app

    # Reading

    @property
    def lines(self) -> list[str]:
        """The screen, line by line."""
        strips = self.app.screen._compositor.render_strips()
        return [strip.text.rstrip() for strip in strips]

    @property
    def text(self) -> str:
        """The screen as one text."""
        return "\n".join(self.lines)

    @property
    def words(self) -> str:
        """The screen as running text: borders and line breaks are single spaces."""
        return " ".join(re.sub(r"[│╭╮╰╯─▏▎▌┃]", " ", self.text).split())

    def sees(self, *words: str) -> bool:
        """Whether all of these are on screen, across line breaks too."""
        shown = self.words
        return all(" ".join(each.split()) in shown for each in words)

    def shows(self, *words: str) -> None:
        """Assert that all of these are on screen; the screen is in the message."""
        missing = [each for each in words if not self.sees(each)]
        assert not missing, f"{missing} not on screen:\n{self.text}"

    def shows_not(self, words: str) -> None:
        """Assert that these are not on screen."""
        assert not self.sees(words), f"{words!r} is on screen:\n{self.text}"

    def line_with(self, words: str) -> str:
        """The first line that has these words."""
        found = [line for line in self.lines if words in line]
        assert found, f"{words!r} is not on screen:\n{self.text}"
        return found[0]

    def at(self, screen: type[Screen[Any]]) -> bool:
        """Whether this kind of screen is the one that is shown."""
        return isinstance(self.app.screen, screen)

    @property
    def focus(self) -> Widget | None:
        """The widget the keys go to."""
        return self.app.focused

    # Doing

    async def press(self, *keys: str) -> None:
        """Press keys, and wait for what they lead to."""
        await self.keys(*keys)
        await self.settled()

    async def keys(self, *keys: str) -> None:
        """Press keys, and do not wait for what the server is asked then.

        Without Pilot's pauses: its waits make a second of twenty keys.
        """
        driver = self.app._driver
        assert driver is not None
        for key in keys:
            event = events.Key(key, key if len(key) == 1 else _LETTERS.get(key))
            event.set_sender(self.app)
            driver.send_message(event)
            for _ in range(3):
                await self._focus_handled()

    async def _focus_handled(self) -> None:
        """Wait until what has the focus, and all around it, has handled its events."""
        around = self.focus.ancestors_with_self if self.focus else [self.app.screen]
        waits = []
        for node in {self.app, *around}:
            done = asyncio.Event()
            if node.call_later(done.set):
                waits.append(asyncio.create_task(done.wait()))
        _, late = await asyncio.wait(waits, timeout=PATIENCE)
        for task in late:
            task.cancel()

    async def handled(self) -> None:
        """Wait until every widget has handled its events, and what came of them."""
        await self._quiet()
        await self.pilot._wait_for_screen(timeout=PATIENCE)
        await self._quiet()

    async def _quiet(self) -> None:
        """Wait until nothing waits to be handled, for a few turns of the loop.

        Cheaper than to ask every widget to answer, which is left to the end.
        """
        deadline, calm = time.monotonic() + PATIENCE, 0
        while calm < 3 and time.monotonic() < deadline:
            nodes = [self.app, *self.app.screen.walk_children(with_self=True)]
            calm = 0 if any(map(_has_events, nodes)) else calm + 1
            await asyncio.sleep(0)

    async def type(self, text: str) -> None:
        """Press the keys of a text, one by one."""
        await self.keys(*(_KEYS.get(letter, letter) for letter in text))

    async def paste(self, text: str) -> None:
        """Paste a text into what has the focus: quicker than keys."""
        assert self.focus is not None
        self.focus.post_message(events.Paste(text))
        await self.handled()

    async def fill(self, text: str) -> None:
        """Put a text in the place of what the focused input holds."""
        await self.keys("end", "ctrl+u")
        if text:
            await self.paste(text)
        await self.settled()

    async def filter(self, text: str) -> None:
        """Filter the focused list, and go back to it."""
        await self.keys("slash")
        await self.paste(text)
        await self.press("enter")

    async def click(self, words: str, times: int = 1) -> None:
        """Click in the middle of these words."""
        for y, line in enumerate(self.lines):
            if words in line:
                x = sum(map(_cells, line[: line.index(words)])) + len(words) // 2
                await self.pilot.click(offset=(x, y), times=times)
                await self.settled()
                return
        raise AssertionError(f"{words!r} is not on screen:\n{self.text}")

    # Waiting

    async def until(self, condition: Callable[[], bool], what: str) -> None:
        """Wait for something to be so."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + PATIENCE
        while not condition():
            assert loop.time() < deadline, (
                f"not within {PATIENCE} s: {what}\n{self.text}"
            )
            await asyncio.sleep(0.02)

    async def until_seen(self, *words: str) -> None:
        """Wait until all of these words are on screen."""
        await self.until(lambda: self.sees(*words), f"to see {words}")

    async def until_gone(self, words: str) -> None:
        """Wait until these words are not on screen any more."""
        await self.until(lambda: not self.sees(words), f"not to see {words!r}")

    async def settled(self) -> None:
        """Wait until everything that was asked for has come, and is painted."""
        await self.handled()
        desk = self.app.desk
        if desk is not None:
            for _ in range(6):  # one answer leads to the next question
                if not desk.reader.idle:
                    await self.until(lambda: desk.reader.idle, "answers")
                    await self.handled()
        await self.pilot.pause()  # the layout follows when all else is done

    async def until_connected(self) -> None:
        """Wait for the main screen with everything read."""
        await self.until(
            lambda: isinstance(self.app.screen, MainScreen), "the main screen"
        )
        await self.settled()

    async def until_jobs_end(self) -> None:
        """Wait until no job runs, and what that led to is painted."""
        desk = self.app.desk
        assert desk is not None
        jobs = desk.runner._jobs.values()  # ended is told a little after it is so
        await self.until(lambda: all(job.done.is_set() for job in jobs), "jobs to end")
        await self.settled()
        await self.pilot.pause(0.06)  # the log takes over lines twenty times a second
        await self.settled()


_KEYS = {
    " ": "space", ".": "full_stop", "/": "slash", "@": "at", ":": "colon",
    "-": "minus", "_": "underscore", "!": "exclamation_mark", "~": "tilde",
    "[": "left_square_bracket", "]": "right_square_bracket", "=": "equals_sign",
    "`": "grave_accent", "'": "apostrophe", '"': "quotation_mark", "?": "question_mark",
    "(": "left_parenthesis", ")": "right_parenthesis", "%": "percent_sign",
    "#": "number_sign",
}  # fmt: skip

_LETTERS = {name: letter for letter, name in _KEYS.items()}


def _has_events(node: MessagePump) -> bool:
    return bool(
        node.message_queue_size or node._pending_message or node._next_callbacks
    )


Scene = Callable[[User], Awaitable[None]]


def play(
    scene: Scene,
    target: Target | None = None,
    *,
    config: Config | None = None,
    size: tuple[int, int] = NARROW,
    connect: bool = True,
    clock: Callable[[], dt.datetime] | None = None,
    stopwatch: Callable[[], float] | None = None,
) -> MocloneApp:
    """Start the app, play a scene, leave; gives the app.

    Args:
        scene: What is done and looked at.
        target: What to connect to at once; None begins with the choice of a server.
        config: Profiles and settings.
        size: Columns and lines of the terminal.
        connect: Whether to wait for the main screen first, if there is a target.
        clock: The app's clock; the real one if None.
        stopwatch: What jobs are measured by; a real one if None.
    """
    given = {"clock": clock, "stopwatch": stopwatch}
    watches: dict[str, Any] = {name: each for name, each in given.items() if each}
    app = MocloneApp(config or Config(), target, **watches)

    async def run() -> None:
        async with app.run_test(size=size, notifications=True) as pilot:
            user = User(pilot)
            await pilot.pause()
            if target is not None and connect:
                await user.until_connected()
            await scene(user)

    try:
        asyncio.run(run())
    finally:
        if app.desk is not None:
            app.desk.close()
    return app


async def open_clone_form(user: User, database: str) -> None:
    """Open the clone form on a database, and wait for its plan."""
    await user.filter(database)
    await user.press("escape", "c")
    assert user.at(CloneForm)


def submit_off(user: User) -> bool:
    """Whether the button of the form is off."""
    return user.app.screen.query_one("#submit", Button).disabled


def profile_of(server: EmbeddedServer, **changes: Any) -> Profile:
    """How to log in to a server, as a profile of a configuration."""
    here: dict[str, Any] = {
        "name": "here",
        "host": server.host,
        "port": server.port,
        "user": server.user,
        "password": server.password,
    }
    return Profile(**{**here, **changes})


def client_of(server: EmbeddedServer) -> Client:
    """A connection of the test's own, to look at what the app did."""
    return Client(
        host=server.host, port=server.port, user=server.user, password=server.password
    )


def databases_of(server: EmbeddedServer) -> set[str]:
    """The names of the databases there are."""
    with client_of(server) as client:
        return {str(name) for (name,) in client.execute("SHOW DATABASES")}


# What must never reach a terminal


def _cells(char: str) -> int:
    if unicodedata.combining(char):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def assert_fit_to_show(app: MocloneApp) -> None:
    """No control or bidi character in what is painted, every line exactly as wide."""
    width = app.size.width
    for strip in app.screen._compositor.render_strips():
        for segment in strip:
            unfit = [
                char
                for char in segment.text
                if unicodedata.category(char) in ("Cc", "Cf", "Zl", "Zp")
            ]
            assert not unfit, f"{unfit!r} in {strip.text!r}"
            assert not segment.control
            meta = segment.style.meta if segment.style else {}
            assert "@click" not in meta, f"clickable: {segment.text!r}"
        assert strip.cell_length == width, strip.text
