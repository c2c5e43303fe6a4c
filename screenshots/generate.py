"""Makes the pictures of the README, and the goldens of the tests.

    python screenshots/generate.py

Each is a scene of the real app on the real demo. Clock, durations and sample data are
fixed, so that they are the same every time; a test compares them with what is here.
Pictures are SVGs (`python screenshots/png.py` makes PNGs of them); a scene at 80×24 is
also kept as text in `tests/golden/`, where a change can be read in a diff.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import re
import threading
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from textual.pilot import Pilot

from moclone_tui.config import Config
from moclone_tui.embedded import EmbeddedServer
from moclone_tui.tui.app import MocloneApp
from moclone_tui.tui.desk import Target, demo_profile
from moclone_tui.tui.screens.form import FormScreen
from moclone_tui.tui.screens.main import MainScreen

NOW = dt.datetime(2026, 1, 5, 9, 30, tzinfo=dt.UTC)
HERE = Path(__file__).parent
GOLDEN = HERE.parent / "tests" / "golden"

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
    for _ in range(6):  # one answer leads to the next question
        await until(
            pilot, lambda: desk.reader.idle and not desk.runner.running, "reading"
        )
        await pilot.pause()


async def press(pilot: Pilot[int], *keys: str) -> None:
    """Press keys, and wait for what they lead to."""
    await pilot.press(*keys)
    await settled(pilot)


async def at_shop(pilot: Pilot[int]) -> None:
    """Go to the database of the story."""
    await press(pilot, "slash", *"shop", "enter", "escape")


async def databases(pilot: Pilot[int]) -> None:
    """The first view: databases, the objects of one, and the detail of one of them."""
    await at_shop(pilot)
    await press(pilot, "tab", "j", "j", "j", "j")


async def detail(pilot: Pilot[int]) -> None:
    """The DDL of a table, where the detail takes the whole screen."""
    await databases(pilot)
    await press(pilot, "enter", *["right_square_bracket"] * 3)


async def awkward(pilot: Pilot[int]) -> None:
    """Names that other programs stumble over."""
    await press(pilot, "slash", *"gallery", "enter", "escape", "tab")


async def clone_form(pilot: Pilot[int]) -> None:
    """The clone form on a database."""
    await at_shop(pilot)
    await press(pilot, "c")


async def taken(pilot: Pilot[int]) -> None:
    """A target that exists already."""
    await at_shop(pilot)
    await press(pilot, "c", *"crm")


async def log(pilot: Pilot[int]) -> None:
    """A clone that was made, with its log."""
    await at_shop(pilot)
    await press(pilot, "c", "ctrl+s")
    await press(pilot, "L")


async def snapshots(pilot: Pilot[int]) -> None:
    """The snapshots."""
    await press(pilot, "2")


async def snapshot_form(pilot: Pilot[int]) -> None:
    """The snapshot form on a database."""
    await at_shop(pilot)
    await press(pilot, "n")


async def help_(pilot: Pilot[int]) -> None:
    """The keys."""
    await pilot.press("question_mark")
    await pilot.pause(0.2)


@dataclass(frozen=True, slots=True)
class Picture:
    """How the app looked at the end of a scene."""

    svg: str
    text: str


WIDE = (120, 36)
SMALL = (80, 24)
SCENES: dict[str, tuple[tuple[int, int], Scene]] = {
    "databases": (WIDE, databases),
    "clone": (WIDE, clone_form),
    "log": (WIDE, log),
    "snapshots": (WIDE, snapshots),
    "databases-80x24": (SMALL, databases),
    "detail-80x24": (SMALL, detail),
    "awkward-80x24": (SMALL, awkward),
    "clone-80x24": (SMALL, clone_form),
    "taken-80x24": (SMALL, taken),
    "log-80x24": (SMALL, log),
    "snapshots-80x24": (SMALL, snapshots),
    "snapshot-form-80x24": (SMALL, snapshot_form),
    "help-80x24": (SMALL, help_),
}


def kept(name: str) -> tuple[Path, bool]:
    """Where a scene is kept, and whether as text."""
    as_text = SCENES[name][0] == SMALL
    return (GOLDEN / f"{name}.txt" if as_text else HERE / f"{name}.svg"), as_text


class Watch:
    """A watch that goes on by the same whenever a job looks at it."""

    def __init__(self) -> None:
        self._now = 0.0
        self._looker = threading.main_thread()

    def __call__(self) -> float:
        """Seconds since it was made."""
        if threading.current_thread() is not self._looker:
            self._now += 0.042
        return self._now


def still(picture: str) -> str:
    """A picture without the time it was made at: the server's clock goes on.

    The ids in an SVG are made of all it holds, so they are given new ones.
    """
    begin = f"{NOW.timestamp():.0f}"[:6]
    timeless = re.sub(
        rf"\b{begin}(\d+)", lambda rest: begin + "0" * len(rest[1]), picture
    )
    return re.sub(r"terminal-\d+", "terminal-moclone", timeless)


async def play(name: str) -> Picture:
    """Play a scene on a demo of its own."""
    size, scene = SCENES[name]
    with EmbeddedServer(["--now", NOW.isoformat()]) as server:
        app = MocloneApp(
            Config(),
            Target(demo_profile(), server),
            clock=lambda: NOW,
            stopwatch=Watch(),
        )
        async with app.run_test(size=size) as pilot:
            await settled(pilot)
            await scene(pilot)
            lines = app.screen._compositor.render_strips()  # noqa: SLF001
            return Picture(
                still(app.export_screenshot(title="moclone")),
                still("".join(line.text.rstrip() + "\n" for line in lines)),
            )


def main() -> None:
    """Make them all anew."""
    GOLDEN.mkdir(exist_ok=True)
    for name in SCENES:
        picture = asyncio.run(play(name))
        path, as_text = kept(name)
        path.write_text(picture.text if as_text else picture.svg)
        print(path.name)


if __name__ == "__main__":
    main()
