"""Makes the pictures of the README: each a scene of the real app on the real demo.

    python screenshots/generate.py [DIRECTORY]

Clock, durations and sample data are fixed, so that the SVGs are the same every time; a
test compares them. `python screenshots/png.py` turns them into PNGs.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import itertools
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

from textual.pilot import Pilot

from moclone_tui.config import Config, Profile
from moclone_tui.embedded import EmbeddedServer
from moclone_tui.tui.app import MocloneApp
from moclone_tui.tui.desk import Target
from moclone_tui.tui.screens.form import FormScreen
from moclone_tui.tui.screens.main import MainScreen

NOW = dt.datetime(2026, 1, 5, 9, 30, tzinfo=dt.UTC)
HERE = Path(__file__).parent

Scene = Callable[[Pilot[int]], Awaitable[None]]


async def until(pilot: Pilot[int], condition: Callable[[], bool], what: str) -> None:
    """Wait for something to be so.

    Raises:
        TimeoutError: It was not, for 20 seconds.
    """
    for _ in range(400):
        if condition():
            return
        await pilot.pause(0.05)
    raise TimeoutError(what)


async def settled(pilot: Pilot[int]) -> None:
    """Wait until everything asked for has come, and is painted."""
    app = pilot.app
    assert isinstance(app, MocloneApp)
    await until(pilot, lambda: isinstance(app.screen, MainScreen | FormScreen), "main")
    desk = app.desk
    assert desk is not None
    for _ in range(3):
        await until(
            pilot, lambda: desk.reader.idle and not desk.runner.running, "reading"
        )
        await pilot.pause()


async def press(pilot: Pilot[int], *keys: str) -> None:
    """Press keys, and wait for what they lead to."""
    await pilot.press(*keys)
    await settled(pilot)


async def databases(pilot: Pilot[int]) -> None:
    """The first view: databases, the objects of one, and the detail of one of them."""
    await press(pilot, "slash", *"shop", "enter", "escape", "tab", "j", "j", "j", "j")


async def form(pilot: Pilot[int]) -> None:
    """The clone form on a database."""
    await press(pilot, "slash", *"shop", "enter", "escape", "c")


async def log(pilot: Pilot[int]) -> None:
    """A clone that was made, with its log."""
    await press(pilot, "slash", *"shop", "enter", "escape", "c", "ctrl+s")
    await press(pilot, "L")


async def snapshots(pilot: Pilot[int]) -> None:
    """The snapshots."""
    await press(pilot, "2")


async def help_(pilot: Pilot[int]) -> None:
    """The keys."""
    await pilot.press("question_mark")
    await pilot.pause(0.2)


SCENES: tuple[tuple[str, tuple[int, int], Scene], ...] = (
    ("databases", (120, 36), databases),
    ("clone", (120, 36), form),
    ("log", (120, 36), log),
    ("snapshots", (120, 36), snapshots),
    ("help", (80, 36), help_),
    ("databases-80x24", (80, 24), databases),
    ("clone-80x24", (80, 24), form),
    ("snapshots-80x24", (80, 24), snapshots),
)


async def play(size: tuple[int, int], scene: Scene) -> MocloneApp:
    """Play a scene on a demo of its own; gives the app as it stands at its end."""
    ticks = itertools.count()
    with EmbeddedServer(["--now", NOW.isoformat()]) as server:
        app = MocloneApp(
            Config(),
            Target(Profile(name="demo"), server),
            clock=lambda: NOW,
            stopwatch=lambda: next(ticks) * 0.042,
        )
        async with app.run_test(size=size) as pilot:
            await settled(pilot)
            await scene(pilot)
            app.picture = app.export_screenshot(title="moclone")  # type: ignore[attr-defined]
        return app


def main(directory: Path) -> None:
    """Write every picture into a directory."""
    directory.mkdir(parents=True, exist_ok=True)
    for name, size, scene in SCENES:
        app = asyncio.run(play(size, scene))
        (directory / f"{name}.svg").write_text(app.picture)  # type: ignore[attr-defined]
        print(name)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)
