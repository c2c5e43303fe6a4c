"""How the screens bear a large server, and a slow link.

    python tests/benchmarks/bench_screens.py [DATABASES TABLES]

The real app, headless, on the embedded server with a generated catalog. Milliseconds.
A stall is how much later than asked for the event loop came back to a task that does
nothing but sleep for 5 ms.
"""

from __future__ import annotations

import asyncio
import resource
import statistics
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tui.support import User, profile_of  # type: ignore[import-not-found]

from moclone_tui.config import Config
from moclone_tui.embedded import EmbeddedServer
from moclone_tui.tui.app import MocloneApp
from moclone_tui.tui.desk import Target
from moclone_tui.tui.screens.main import MainScreen

SIZE = (120, 40)
WORDS = ("order", "payment 12", "!order wallet", "~wrhs", "ticket_00")
NAP = 0.005


class Stalls:
    """Watches the event loop."""

    def __init__(self) -> None:
        self.late: list[float] = []

    async def watch(self) -> None:
        """Sleep shortly, again and again, and write down how late it was."""
        while True:
            begun = time.perf_counter()
            await asyncio.sleep(NAP)
            self.late.append((time.perf_counter() - begun - NAP) * 1000)

    @contextmanager
    def during(self, what: str) -> Iterator[None]:
        """Print the longest stall of what is done meanwhile."""
        self.late.clear()
        yield
        worst = max(self.late, default=0.0)
        print(f"  {what:<44} longest stall {worst:7.1f} ms")


async def painted(user: User) -> None:
    """Wait until what was asked for is on screen."""
    await user.handled()


async def keystrokes(user: User, words: tuple[str, ...]) -> list[float]:
    """Type filters, and time each key until the list is painted."""
    took = []
    for each in words:
        await user.keys("slash")
        for letter in each:
            begun = time.perf_counter()
            await user.keys(*{" ": ("space",), "!": ("exclamation_mark",),
                              "~": ("tilde",), "_": ("underscore",)}
                            .get(letter, (letter,)))  # fmt: skip
            user.lines  # noqa: B018 paints
            took.append((time.perf_counter() - begun) * 1000)
        await user.keys("escape", "escape")
        await painted(user)
    return took


async def tour(user: User, stalls: Stalls) -> None:
    """Go where somebody goes."""
    for what, keys in (
        ("every view", ("2", "1")),
        ("down a long list", ("j",) * 30 + ("ctrl+d",) * 10 + ("G", "g")),
        ("into a database and its tables", ("tab",) + ("j",) * 20),
        ("the tabs of a table", ("right_square_bracket",) * 4),
        ("the clone form and back", ("1", "c", "escape", "escape")),
        ("help and back", ("question_mark", "escape")),
        ("the log and back", ("L", "L", "L")),
    ):
        with stalls.during(what):
            for key in keys:
                await user.keys(key)
            await user.settled()


async def play(server: EmbeddedServer, act: Callable[[User, Stalls], Awaitable[None]],
               ) -> None:  # fmt: skip
    """Run the app on a server, and somebody at it."""
    app = MocloneApp(Config(), Target(profile_of(server)))
    stalls = Stalls()
    async with app.run_test(size=SIZE) as pilot:
        watcher = asyncio.create_task(stalls.watch())
        try:
            user = User(pilot)
            await act(user, stalls)
        finally:
            watcher.cancel()


async def first_screen(user: User, stalls: Stalls) -> None:
    """Until the list of databases is painted."""
    with stalls.during("from connecting to the first list"):
        await user.until(lambda: user.at(MainScreen), "the main screen")
        await user.settled()


async def large(user: User, stalls: Stalls) -> None:
    """A large catalog."""
    await first_screen(user, stalls)
    took = await keystrokes(user, WORDS)
    middle, worst = statistics.median(took), statistics.quantiles(took, n=100)[98]
    print(f"  a filter keystroke: median {middle:.1f} ms, 99th of 100 {worst:.1f} ms")
    await tour(user, stalls)


def main() -> None:
    """Measure, and print."""
    databases, tables = (*map(int, sys.argv[1:3]), 1000, 100)[:2]
    with EmbeddedServer(["--generated", f"{databases},{tables}"]) as server:
        print(f"{databases:,} databases of {tables:,} tables")
        asyncio.run(play(server, large))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"  memory, at most {memory:.0f} MB")


if __name__ == "__main__":
    main()
