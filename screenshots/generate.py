"""Makes the pictures of the README, and the goldens of the tests.

    python screenshots/generate.py [SCENE …]

Each is a scene of the real app on the real demo. Clock, durations and sample data are
fixed, so that they are the same every time; a test compares them with what is here.
Pictures are SVGs (`python screenshots/png.py` makes PNGs of them); a scene at 80×24 is
also kept as text in `tests/golden/`, where a change can be read in a diff.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import re
import sys
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import Mock, patch

import scenes
from scenes import Scene, Watch, settled, text_of
from textual.widgets import Input

from moclone_tui.config import Config, Settings
from moclone_tui.embedded import EmbeddedServer
from moclone_tui.jobs.process import this_process
from moclone_tui.tui.app import MocloneApp
from moclone_tui.tui.desk import Target, demo_profile

NOW = dt.datetime(2026, 1, 5, 9, 30, tzinfo=dt.UTC)
HERE = Path(__file__).parent
GOLDEN = HERE.parent / "tests" / "golden"


@dataclass(frozen=True, slots=True)
class Picture:
    """How the app looked at the end of a scene."""

    svg: str
    text: str


WIDE, LOW, SMALL = (120, 36), (120, 24), (80, 24)
SCENES: dict[str, tuple[tuple[int, int], Scene]] = {
    "databases": (WIDE, scenes.databases),
    "timeline": (LOW, scenes.timeline),
    "as-of": (WIDE, scenes.as_of),
    "put-back": (WIDE, scenes.put_back),
    "compare": (WIDE, scenes.compare),
    "clone": (WIDE, scenes.clone_then),
    "log": (WIDE, scenes.log),
    "running": (WIDE, scenes.running),
    "restore": (WIDE, scenes.restore),
    "drop": (WIDE, scenes.confirm),
    "snapshots": (LOW, scenes.snapshots),
    "jobs": (LOW, scenes.jobs),
    "history": (LOW, scenes.history),
    "keeping": (LOW, scenes.keeping),
    "help": (WIDE, scenes.help_),
    "tour": (WIDE, scenes.tour),
    "light": (WIDE, scenes.rows),
    "databases-80x24": (SMALL, scenes.databases),
    "detail-80x24": (SMALL, scenes.detail),
    "awkward-80x24": (SMALL, scenes.awkward),
    "find-80x24": (SMALL, scenes.find),
    "timeline-80x24": (SMALL, scenes.timeline),
    "as-of-80x24": (SMALL, scenes.as_of),
    "put-back-80x24": (SMALL, scenes.put_back),
    "compare-80x24": (SMALL, scenes.compare),
    "clone-80x24": (SMALL, scenes.clone_form),
    "taken-80x24": (SMALL, scenes.taken),
    "log-80x24": (SMALL, scenes.log),
    "restore-80x24": (SMALL, scenes.restore),
    "drop-80x24": (SMALL, scenes.drop),
    "snapshots-80x24": (SMALL, scenes.snapshots),
    "snapshot-form-80x24": (SMALL, scenes.snapshot_form),
    "jobs-80x24": (SMALL, scenes.jobs),
    "history-80x24": (SMALL, scenes.history),
    "keeping-80x24": (SMALL, scenes.keeping),
    "help-80x24": (SMALL, scenes.help_),
    "tour-80x24": (SMALL, scenes.tour),
}


def kept(name: str) -> tuple[Path, bool]:
    """Where a scene is kept, and whether as text."""
    as_text = SCENES[name][0] == SMALL
    return (GOLDEN / f"{name}.txt" if as_text else HERE / f"{name}.svg"), as_text


def still(picture: str) -> str:
    """A picture without the time it was made at: the server's clock goes on.

    The ids in an SVG are made of all it holds, so they are given new ones.
    """
    begin = f"{NOW.timestamp():.0f}"[:6]
    timeless = re.sub(
        rf"\b{begin}(\d+)", lambda rest: begin + "0" * len(rest[1]), picture
    )
    return re.sub(r"terminal-\d+", "terminal-moclone", timeless)


class Standing(dt.datetime):
    """The time that the journal writes down."""

    @classmethod
    def now(cls, _: dt.tzinfo | None = None) -> Standing:
        """Always the same."""
        return cls.fromisoformat(NOW.isoformat())


async def play(name: str) -> Picture:
    """Play a scene on a demo of its own."""
    size, scene = SCENES[name]
    theme = "moclone-light" if name == "light" else None
    watch = Watch()
    with (
        ExitStack() as stack,
        EmbeddedServer(["--now", NOW.isoformat()]) as server,
        patch.object(Input, "cursor_blink", False),
        patch("platform.node", lambda: "desk"),
        patch("getpass.getuser", lambda: "ana"),
        patch("moclone_tui.jobs.journal.dt", Mock(datetime=Standing, UTC=dt.UTC)),
    ):
        stack.callback(this_process.cache_clear)
        this_process.cache_clear()
        app = MocloneApp(
            Config(settings=Settings(theme=theme)),
            Target(demo_profile(), server),
            tour=scene is scenes.tour,
            clock=lambda: NOW,
            stopwatch=watch,
        )
        async with app.run_test(size=size) as pilot:
            await settled(pilot)
            await scene(pilot)
            try:
                return Picture(
                    still(app.export_screenshot(title="moclone")), still(text_of(app))
                )
            finally:
                watch.let_go()


def main(names: list[str]) -> None:
    """Make them anew: all, or those that are named."""
    GOLDEN.mkdir(exist_ok=True)
    for name in names or SCENES:
        picture = asyncio.run(play(name))
        path, as_text = kept(name)
        path.write_text(picture.text if as_text else picture.svg)
        print(path.name)


if __name__ == "__main__":
    main(sys.argv[1:])
