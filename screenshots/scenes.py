"""What is done in the pictures: a user at the demo, by keys."""

from __future__ import annotations

import threading
from collections.abc import Awaitable, Callable, Iterator

from textual.app import App
from textual.events import Paste
from textual.pilot import Pilot

from moclone_tui.tui.app import MocloneApp
from moclone_tui.tui.reader import Reader

Scene = Callable[[Pilot[int]], Awaitable[None]]


class Watch:
    """A watch that goes on by the same whenever a job looks at it.

    The job whose look it stops at stands still until it is let go.
    """

    def __init__(self) -> None:
        self._now = 0.0
        self._beat = 0.042
        self._looks: int | None = None
        self._looker = threading.main_thread()
        self._let_go = threading.Event()
        self.stands = threading.Event()
        """Whether a job stands still."""

    def __call__(self) -> float:
        """Seconds since it was made."""
        if threading.current_thread() is not self._looker:
            if self._looks is not None:
                self._looks -= 1
            if self._looks == 0:
                self.stands.set()
                self._let_go.wait()
            self._now += self._beat
        return self._now

    def stop_after(self, looks: int) -> None:
        """Go slower from now on, and stand still at the look after so many."""
        self._beat = 0.7
        self._looks = looks

    def let_go(self) -> None:
        """Let the job that stands still go on."""
        self._let_go.set()


def text_of(app: App[int]) -> str:
    """The screen as text."""
    lines = app.screen._compositor.render_strips()  # noqa: SLF001
    return "".join(line.text.rstrip() + "\n" for line in lines)


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


def readers(app: MocloneApp) -> Iterator[Reader]:
    """The main screen's reader, and those that screens have of their own."""
    assert app.desk is not None
    yield app.desk.reader
    for screen in app.screen_stack:
        for node in screen.walk_children(with_self=True):
            own = getattr(node, "_reader", None) or getattr(node, "_slow", None)
            if isinstance(own, Reader):
                yield own


async def settled(pilot: Pilot[int], *, running: int = 0) -> None:
    """Wait until everything asked for has come, and is painted.

    Args:
        pilot: Who presses the keys.
        running: How many jobs go on running.
    """
    app = pilot.app
    assert isinstance(app, MocloneApp)
    await until(pilot, lambda: app.desk is not None, "to connect")
    desk = app.desk
    assert desk is not None

    def calm() -> bool:
        idle = all(each.idle for each in readers(app))
        return idle and len(desk.runner.running) <= running

    looks = 0
    while looks < 8:  # one answer leads to the next question
        if not calm():
            looks = 0
            await until(pilot, calm, "answers")
        looks += 1
        await (pilot.pause() if looks in (4, 8) else pilot.pause(0))


async def press(pilot: Pilot[int], *keys: str) -> None:
    """Press keys, and wait for what they lead to."""
    await pilot.press(*keys)
    await settled(pilot)


async def write(pilot: Pilot[int], words: str) -> None:
    """Paste words into what has the focus: quicker than keys."""
    assert pilot.app.focused is not None
    pilot.app.focused.post_message(Paste(words))
    await settled(pilot)


async def go_to(pilot: Pilot[int], name: str) -> None:
    """Go to what a list has, by its filter."""
    await pilot.press("slash")
    await write(pilot, name)
    await press(pilot, "enter", "g", "escape")


async def at_shop(pilot: Pilot[int]) -> None:
    """Go to the database of the story."""
    await go_to(pilot, "shop")


async def at_orders(pilot: Pilot[int]) -> None:
    """Go to the table that something happened to."""
    await press(pilot, "ctrl+f")
    await write(pilot, "orders")
    await press(pilot, "enter")


async def databases(pilot: Pilot[int]) -> None:
    """The first view: the objects of a database, two marked, one of them told of."""
    await at_shop(pilot)
    await press(pilot, "tab", "j", "j", "j", "space", "j", "space")


async def detail(pilot: Pilot[int]) -> None:
    """The DDL of a table, where the detail takes the whole screen."""
    await at_orders(pilot)
    await press(pilot, "enter", *["right_square_bracket"] * 3)


async def rows(pilot: Pilot[int]) -> None:
    """The rows of a table."""
    await at_orders(pilot)
    await press(pilot, *["right_square_bracket"] * 4)


async def awkward(pilot: Pilot[int]) -> None:
    """Names that other programs stumble over."""
    await go_to(pilot, "gallery")
    await press(pilot, "tab")


async def find(pilot: Pilot[int]) -> None:
    """Every table of every database, filtered."""
    await press(pilot, "ctrl+f")
    await write(pilot, "order")


async def timeline(pilot: Pilot[int]) -> None:
    """The past of a table, the cursor just before the accident."""
    await at_orders(pilot)
    await press(pilot, "3")
    await press(pilot, "tab", "G", "b")


async def as_of(pilot: Pilot[int]) -> None:
    """The table just before the accident."""
    await timeline(pilot)
    await press(pilot, "enter")


async def put_back(pilot: Pilot[int]) -> None:
    """What comes back of rows and values."""
    await as_of(pilot)
    await press(pilot, "u")
    await press(pilot, "right", "right")


async def snapshots(pilot: Pilot[int]) -> None:
    """The snapshots, and what one of them is good for."""
    await press(pilot, "2", "j")


async def at_sale(pilot: Pilot[int]) -> None:
    """Go to the snapshot of before the sale."""
    await press(pilot, "2")
    await go_to(pilot, "sale")


async def compare(pilot: Pilot[int]) -> None:
    """A snapshot beside what there is now, and the rows of a table."""
    await at_sale(pilot)
    await press(pilot, "equals_sign")
    await go_to(pilot, "orders")
    await press(pilot, "enter")


async def restore(pilot: Pilot[int]) -> None:
    """What a restore would change."""
    await at_sale(pilot)
    await press(pilot, "R")


async def clone_to(pilot: Pilot[int], name: str) -> None:
    """Open the clone form, and give the copy a name."""
    await press(pilot, "c")
    await pilot.press("end", "ctrl+u")
    await write(pilot, name)


async def clone_then(pilot: Pilot[int]) -> None:
    """The clone form: a database as it was, masked."""
    await at_sale(pilot)
    await clone_to(pilot, "shop_test")


async def clone_form(pilot: Pilot[int]) -> None:
    """The clone form on a database."""
    await at_shop(pilot)
    await press(pilot, "c")


async def taken(pilot: Pilot[int]) -> None:
    """A target that exists already."""
    await at_shop(pilot)
    await clone_to(pilot, "crm")


async def log(pilot: Pilot[int]) -> None:
    """A clone that was made, with its log."""
    await at_shop(pilot)
    await press(pilot, "c", "ctrl+s")
    await press(pilot, "L")


async def snapshot_form(pilot: Pilot[int]) -> None:
    """The snapshot form on a database."""
    await at_shop(pilot)
    await press(pilot, "n")


async def drop(pilot: Pilot[int]) -> None:
    """What a drop would change."""
    await go_to(pilot, "shop_dev")
    await press(pilot, "D")


async def confirm(pilot: Pilot[int]) -> None:
    """The name that is asked for before something is dropped."""
    await drop(pilot)
    await press(pilot, "ctrl+s")


async def some_jobs(pilot: Pilot[int]) -> None:
    """Do what history, jobs and keeping are about."""
    await go_to(pilot, "shop_dev")
    await press(pilot, "v")
    await at_shop(pilot)
    await clone_to(pilot, "shop_test")
    await press(pilot, "ctrl+s")
    await at_shop(pilot)
    await press(pilot, "n", "ctrl+s")


async def begin_clone(pilot: Pilot[int]) -> None:
    """Begin a clone that stands still when six of its ten steps are done."""
    assert isinstance(pilot.app, MocloneApp)
    assert pilot.app.desk is not None
    watch = pilot.app.desk.stopwatch
    assert isinstance(watch, Watch)
    await at_shop(pilot)
    await clone_to(pilot, "shop_load")
    watch.stop_after(14)
    await pilot.press("ctrl+s")
    await until(pilot, watch.stands.is_set, "the job to stand still")
    await until(pilot, lambda: "6/10" in text_of(pilot.app), "to see how far it is")
    await settled(pilot, running=1)


async def running(pilot: Pilot[int]) -> None:
    """A clone under way, with the log."""
    await begin_clone(pilot)
    await pilot.press("L")
    await settled(pilot, running=1)


async def jobs(pilot: Pilot[int]) -> None:
    """Jobs that ended, and one that runs."""
    await some_jobs(pilot)
    await begin_clone(pilot)
    await pilot.press("4")
    await settled(pilot, running=1)


async def history(pilot: Pilot[int]) -> None:
    """Who did what, by the journal and by the server."""
    await some_jobs(pilot)
    await press(pilot, "5")


async def keeping(pilot: Pilot[int]) -> None:
    """What was made, and until when it is kept."""
    await some_jobs(pilot)
    await press(pilot, "K", "P", "j")


async def help_(pilot: Pilot[int]) -> None:
    """The keys."""
    await press(pilot, "question_mark")


async def tour(pilot: Pilot[int]) -> None:
    """The third step of the tour."""
    await at_orders(pilot)
    await until(pilot, lambda: "Filter" in text_of(pilot.app), "the second step")
    await press(pilot, "N")
