"""What the tests of the screens share: a user at the app, servers that misbehave."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import re
import socket
import threading
import unicodedata
from collections.abc import Awaitable, Callable, Iterable, Iterator
from typing import Any

from textual import events
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widget import Widget

from moclone_tui.api import Client
from moclone_tui.config import Config, Profile
from moclone_tui.embedded import EmbeddedServer
from moclone_tui.tui.app import MocloneApp
from moclone_tui.tui.desk import Target
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
        await self._keys(keys)
        await self.settled()

    async def _keys(self, keys: Iterable[str]) -> None:
        """Press keys without Pilot's pauses: its waits make a second of twenty keys."""
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

    async def _all_handled(self) -> None:
        """Wait until every widget has handled its events, and what came of them."""
        for _ in range(2):
            await self.pilot._wait_for_screen(timeout=PATIENCE)

    async def type(self, text: str) -> None:
        """Press the keys of a text, one by one."""
        await self._keys(_KEYS.get(letter, letter) for letter in text)

    async def paste(self, text: str) -> None:
        """Paste a text into what has the focus: quicker than keys."""
        assert self.focus is not None
        self.focus.post_message(events.Paste(text))
        await self._all_handled()

    async def fill(self, text: str) -> None:
        """Put a text in the place of what the focused input holds."""
        await self._keys(("end", "ctrl+u"))
        if text:
            await self.paste(text)
        await self.settled()

    async def filter(self, text: str) -> None:
        """Filter the focused list, and go back to it."""
        await self._keys(("slash",))
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
        await self._all_handled()
        for _ in range(2):
            desk = self.app.desk
            if desk is not None:
                await self.until(lambda desk=desk: desk.reader.idle, "answers")  # type: ignore[misc]
            await self._all_handled()
        await self.pilot.pause()

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
        await self.until(lambda: not desk.runner.running, "the jobs to end")
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

Scene = Callable[[User], Awaitable[None]]


def play(
    scene: Scene,
    target: Target | None = None,
    *,
    config: Config | None = None,
    size: tuple[int, int] = NARROW,
    connect: bool = True,
    clock: Callable[[], dt.datetime] | None = None,
) -> MocloneApp:
    """Start the app, play a scene, leave; gives the app.

    Args:
        scene: What is done and looked at.
        target: What to connect to at once; None begins with the choice of a server.
        config: Profiles and settings.
        size: Columns and lines of the terminal.
        connect: Whether to wait for the main screen first, if there is a target.
        clock: The app's clock; the real one if None.
    """
    clocks: dict[str, Any] = {} if clock is None else {"clock": clock}
    app = MocloneApp(config or Config(), target, **clocks)

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


# Servers that misbehave


class RawServer:
    """Listens on 127.0.0.1 and does one thing with whoever connects.

    Args:
        welcome: Gets each connection, in a thread of its own; closed afterwards.
    """

    def __init__(self, welcome: Callable[[socket.socket], None]) -> None:
        self._welcome = welcome
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._open: list[socket.socket] = [self._listener]
        self.visitors = 0
        threading.Thread(target=self._serve, daemon=True).start()

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._listener.getsockname()[1])

    def profile(self, **changes: Any) -> Profile:
        """A profile that leads here."""
        here: dict[str, Any] = {"name": "odd", "port": self.port, "password": "p"}
        return Profile(**{**here, **changes})

    def _serve(self) -> None:
        while True:
            try:
                visitor, _ = self._listener.accept()
            except OSError:
                return
            self.visitors += 1
            self._open.append(visitor)
            threading.Thread(target=self._greet, args=(visitor,), daemon=True).start()

    def _greet(self, visitor: socket.socket) -> None:
        with contextlib.suppress(OSError):
            self._welcome(visitor)
        visitor.close()

    def close(self) -> None:
        """Close everything; threads that wait for a visitor wake up."""
        for each in self._open:
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()


def drop_at_once(visitor: socket.socket) -> None:
    """Accept, and hang up."""


def never_answer(visitor: socket.socket) -> None:
    """Accept, and say nothing for as long as the other side stays."""
    while visitor.recv(4096):
        pass


def talk_garbage(visitor: socket.socket) -> None:
    """Answer as another kind of server does."""
    visitor.sendall(b"SSH-2.0-OpenSSH_9.6\r\n" + bytes(range(256)))
    never_answer(visitor)


class Proxy:
    """Stands before a server, writes down every statement, and can cut the line.

    Args:
        port: Where the server listens.
    """

    def __init__(self, port: int) -> None:
        self._to = port
        self._raw = RawServer(self._carry)
        self._pairs: list[socket.socket] = []
        self.statements: list[str] = []
        """What was sent, in the order it came."""
        self.down = False
        """While this is so, nobody is let through."""

    @property
    def port(self) -> int:
        """Where it listens."""
        return self._raw.port

    @property
    def changes(self) -> list[str]:
        """What was sent that is not a read, without moclone's comments."""
        plain = [re.sub(r"/\*.*?\*/", "", each).strip() for each in self.statements]
        return [each for each in plain if not _READ.match(each)]

    def cut(self) -> None:
        """Cut every connection that is up."""
        for each in self._pairs:
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Close everything."""
        self.cut()
        self._raw.close()

    def _carry(self, visitor: socket.socket) -> None:
        if self.down:
            return
        server = socket.create_connection(("127.0.0.1", self._to))
        self._pairs += [visitor, server]
        back = threading.Thread(target=_pump, args=(server, visitor), daemon=True)
        back.start()
        try:
            self._listen(visitor, server)
        finally:
            with contextlib.suppress(OSError):
                server.shutdown(socket.SHUT_RDWR)
            back.join(2)
            server.close()

    def _listen(self, visitor: socket.socket, server: socket.socket) -> None:
        waiting = b""
        while data := visitor.recv(65536):
            waiting += data
            while len(waiting) >= 4:
                end = 4 + int.from_bytes(waiting[:3], "little")
                if len(waiting) < end:
                    break
                packet, waiting = waiting[:end], waiting[end:]
                if packet[3] == 0 and packet[4:5] == b"\x03":
                    self.statements.append(packet[5:].decode())
            server.sendall(data)


_READ = re.compile(r"(?i)(select|show|desc|describe|explain|set|use|ping|$)\b")


def _pump(source: socket.socket, sink: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            sink.sendall(data)
    with contextlib.suppress(OSError):
        sink.shutdown(socket.SHUT_RDWR)


@contextlib.contextmanager
def raw(welcome: Callable[[socket.socket], None]) -> Iterator[RawServer]:
    """A server that misbehaves, for as long as the block lasts."""
    server = RawServer(welcome)
    try:
        yield server
    finally:
        server.close()
