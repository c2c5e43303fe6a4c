"""What is seen of jobs while they run and when they end, by a watch turned by hand."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from moclone_tui.config import Config, Settings
from moclone_tui.embedded import EmbeddedServer
from moclone_tui.errors import CloneError
from moclone_tui.jobs.model import JobContext, JobSpec, JobState, Outcome
from moclone_tui.tui.desk import Target
from moclone_tui.tui.screens.clone_form import CloneForm

from .support import (
    NARROW,
    WIDE,
    User,
    assert_fit_to_show,
    open_clone_form,
    play,
    profile_of,
)

DONE = Outcome(JobState.DONE, "verified: counts")


class Watch:
    """A watch that stands still until it is turned."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Work(JobSpec):
    """Steps that each wait for the test, and the end it is told."""

    watch: Watch
    name: str = "clone shop → shop_dev"
    total: int = 0
    expected: float | None = None
    end: Outcome | Exception = DONE
    through: int = 0
    _go: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    _at: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))

    @property
    def title(self) -> str:
        return self.name

    @property
    def statement(self) -> str:
        return ""

    @property
    def steps(self) -> tuple[str, ...]:
        return ()

    def run(self, context: JobContext) -> Outcome:
        context.expect(self.total)
        while True:
            at = f"CREATE TABLE t{self.through} CLONE s{self.through}"
            with context.step(at, seconds=self.expected):
                self._at.release()
                assert self._go.acquire(timeout=20)
            self.through += 1
            if self.total and self.through >= self.total:
                break
        if isinstance(self.end, Exception):
            raise self.end
        return self.end

    # What the test does

    def start(self, user: User) -> int:
        """Begin it; its first step is then under way."""
        assert user.app.desk is not None
        number = user.app.desk.runner.submit(self)
        assert self._at.acquire(timeout=20)
        return number

    def step(self, seconds: float, times: int = 1) -> None:
        """Let steps end that took so long; the next one is then under way."""
        for _ in range(times):
            self.watch.now += seconds
            self._go.release()
            if self.through < self.total - 1:
                assert self._at.acquire(timeout=20)

    def finish(self) -> None:
        """Let all go that there is yet to do."""
        for _ in range(self.total):
            self._go.release()


def on_demo(
    server: EmbeddedServer, scene: Callable[[User, Watch], Any], **options: Any
) -> None:
    watch = Watch()

    async def played(user: User) -> None:
        await scene(user, watch)

    play(played, Target(profile_of(server)), stopwatch=watch, **options)


def job_line(user: User, words: str) -> str:
    """The line of a job that runs; looked at only once its bar is painted."""
    return next((line for line in user.lines if words in line), "")


def test_steps_seconds_what_is_left_and_a_bar(sample: EmbeddedServer) -> None:
    async def scene(user: User, watch: Watch) -> None:
        work = Work(watch, total=12)
        work.start(user)
        user.shows_not("left")
        work.step(2.0, 3)
        await user.until_seen("3/12 steps", "~18 s left", "▇▇▁▁▁▁▁▁")
        line = job_line(user, "3/12 steps")
        assert re.match(r" \d\d:\d\d:\d\d   6\.0 s  #1 clone shop → shop_dev ", line)
        assert line.endswith("▇▇▁▁▁▁▁▁")
        user.shows("1 running")
        assert "L log" in user.lines[-1]
        assert line == user.lines[-2]
        work.step(2.0, 6)
        await user.until_seen("9/12 steps", "~6 s left", "▇▇▇▇▇▇▁▁")
        work.finish()
        await user.until_jobs_end()
        user.shows("18 s #1 clone shop → shop_dev verified: counts")
        user.shows_not("steps")
        user.shows_not("running")

    on_demo(sample, scene, size=NARROW)


def test_a_statement_that_tells_nothing_has_a_bar_without_an_end(
    sample: EmbeddedServer,
) -> None:
    async def scene(user: User, watch: Watch) -> None:
        work = Work(watch, total=1, expected=6.0)
        work.start(user)
        watch.now = 4.0
        await user.until_seen("4.0 s #1", "0/1 steps", "about 6 s")
        bars = set()

        def moved() -> bool:
            bars.add("".join(re.findall("[▇▁]", job_line(user, "about 6 s"))))
            return len(bars) >= 3

        await user.until(moved, "the bar to move")
        assert {each.count("▇") for each in bars} == {2}
        user.shows_not("left")
        watch.now = 6.5
        await user.until_seen("6.5 s #1", "longer than expected")
        work.finish()
        await user.until_jobs_end()

    on_demo(sample, scene)


def test_nothing_moves_where_nothing_is_to_move(sample: EmbeddedServer) -> None:
    async def scene(user: User, watch: Watch) -> None:
        work = Work(watch, total=1, expected=6.0)
        work.start(user)
        watch.now = 4.0
        await user.until_seen("4.0 s #1", "about 6 s")
        assert "▇" not in user.text
        work.finish()
        await user.until_jobs_end()

    on_demo(sample, scene, config=Config(settings=Settings(animation="none")))


def test_the_log_has_a_row_for_each_job_with_what_it_does_now(
    sample: EmbeddedServer,
) -> None:
    async def scene(user: User, watch: Watch) -> None:
        works = [Work(watch, total=1200), Work(watch, name="clone b → c", total=12)]
        for work in works:
            work.start(user)
        works[0].step(1.0, 3)
        works[1].step(3.0, 3)
        await user.press("L")
        watch.now += 2.5
        await user.until_seen("2.5 s #2 CREATE TABLE t3")
        rows = user.lines[-3:-1]
        assert "#1   CREATE TABLE t3 CLONE s3" in rows[0]
        assert [row.index("steps") for row in rows] == [rows[0].index("steps")] * 2
        assert [row.index("left") for row in rows] == [rows[0].index("left")] * 2
        assert len({len(row) for row in rows}) == 1
        assert "14 s" in rows[1]
        for work in works:
            work.finish()
        await user.until_jobs_end()
        assert "steps" not in user.text
        assert "clone" in user.lines[-2]
        assert "verified: counts" in user.lines[-2]

    on_demo(sample, scene, size=WIDE)


@pytest.mark.parametrize(
    ("end", "told"),
    [
        (DONE, "verified: counts"),
        (Outcome(JobState.NOT_VERIFIED, "not verified · why"), "not verified · why"),
        (Outcome(JobState.DIFFERS, "orders"), "differs: orders"),
        (
            CloneError("orders has 2 rows, not 3.", remedy="Nothing is left of it."),
            "failed: orders has 2 rows, not 3. Nothing is left of it.",
        ),
    ],
)
def test_an_end_is_toasted_to_somebody_who_looks_elsewhere(
    sample: EmbeddedServer, end: Outcome | Exception, told: str
) -> None:
    async def scene(user: User, watch: Watch) -> None:
        work = Work(watch, name="a [/x] → b", total=1, end=end)
        work.start(user)
        await open_clone_form(user, "blog")
        work.finish()
        await user.until_jobs_end()
        assert user.at(CloneForm)
        user.shows("a [/x] → b", told)

    on_demo(sample, scene)


def test_no_toast_for_somebody_who_reads_the_log(sample: EmbeddedServer) -> None:
    async def scene(user: User, watch: Watch) -> None:
        work = Work(watch, total=1)
        await user.press("L")
        work.start(user)
        work.finish()
        await user.until_jobs_end()
        user.shows("verified: counts")
        assert not list(user.app._notifications)
        await user.press("L", "L")
        again = Work(watch, total=1)
        again.start(user)
        again.finish()
        await user.until_jobs_end()
        assert [each.message for each in user.app._notifications] == [DONE.text]

    on_demo(sample, scene)


def test_x_says_why_there_is_nothing_to_cancel(sample: EmbeddedServer) -> None:
    """None yet, being cancelled, and after the last step: three answers."""

    async def scene(user: User, watch: Watch) -> None:
        await user.press("x")
        user.shows("No job is running.")
        work = Work(watch, total=2)
        work.start(user)
        await user.press("x", "x")
        user.shows("cancelling", "The server is asked to stop already.")
        work.finish()
        await user.until_jobs_end()
        user.shows("cancelled between two steps")
        last = Work(watch, name="clone a → b", total=1)
        last.start(user)
        last.finish()
        await user.until_jobs_end()
        await user.press("x")
        user.shows("clone a → b has ended already: verified: counts")

    on_demo(sample, scene, size=WIDE)


def test_names_of_any_kind_keep_to_their_line(sample: EmbeddedServer) -> None:
    name = "clone \x1b]0;x\x07\n[/x]数据" + "長" * 60 + "\u202e → \x9b31m"

    async def scene(user: User, watch: Watch) -> None:
        work = Work(watch, name=name, total=12)
        work.start(user)
        work.step(2.0, 3)
        await user.until_seen("3/12 steps", "clone ␛]0;x␇␊[/x]数据")
        assert_fit_to_show(user.app)
        await user.press("L")
        await user.until_seen("3/12 steps")
        assert_fit_to_show(user.app)
        work.finish()
        await user.until_jobs_end()
        assert_fit_to_show(user.app)

    on_demo(sample, scene)
