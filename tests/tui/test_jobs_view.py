"""The view of jobs: what runs, waits and has ended, here and in other starts."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from moclone_tui.cloning.request import IfExists, Request
from moclone_tui.config import Config, Settings
from moclone_tui.embedded import EmbeddedServer
from moclone_tui.jobs.clone import Copy
from moclone_tui.jobs.journal import Journal, append
from moclone_tui.jobs.model import JobState, Outcome
from moclone_tui.tui.desk import Target
from moclone_tui.tui.screens.confirm import ConfirmName
from moclone_tui.tui.screens.job import JobStory
from moclone_tui.tui.screens.leave import LeaveScreen

from .support import NARROW, WIDE, User, assert_fit_to_show, play, profile_of
from .test_running_jobs import DONE, Watch, Work, on_demo


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A journal of the test's own."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    return tmp_path / "moclone"


def test_jobs_are_listed_with_how_far_they_are(
    sample: EmbeddedServer, folder: Path
) -> None:
    async def scene(user: User, watch: Watch) -> None:
        work = Work(watch, total=12)
        await user.press("4")
        user.shows("No jobs yet · c in the databases clones")
        work.start(user)
        work.step(2.0, 3)
        await user.until_seen("3/12 ▇▇▁▁▁▁▁▁", "~18 s", "Jobs 1 · 1 not ended")
        line = user.line_with("3/12 ▇▇")
        assert "1  clone shop → shop_dev" in line
        assert "running" in line
        assert "6.0 s" in line
        bad = Work(
            watch, name="clone a → b", total=1, end=Outcome(JobState.DIFFERS, "t")
        )
        bad.start(user)
        bad.finish()
        await user.until_seen("Jobs 2 · 1 not ended")
        rows = [line for line in user.lines if "clone" in line and "→" in line]
        assert "2  clone a → b" in rows[0]
        assert "differs" in rows[0]
        work.finish()
        await user.until_jobs_end()
        await user.until(lambda: " done " in user.line_with("1  clone shop"), "done")
        assert "12/12" not in user.line_with("1  clone shop"), "it was foreseen, once"

    on_demo(sample, scene, size=WIDE)


def test_x_cancels_the_selected_job_and_a_runs_it_again(
    sample: EmbeddedServer, folder: Path
) -> None:
    """The newest goes on; one that waits for its turn is cancelled at once."""
    one = Config(settings=Settings(jobs_at_once=1))

    async def scene(user: User, watch: Watch) -> None:
        works = [Work(watch, name=f"clone {n} → x", total=2) for n in "abc"]
        works[0].start(user)
        assert user.app.desk is not None
        for work in works[1:]:
            user.app.desk.runner.submit(work)
        await user.press("4")
        await user.until_seen("Jobs 3 · 3 not ended")
        assert "queued" in user.line_with("clone b → x")
        await user.press("a")
        user.shows("It has not ended yet: x cancels it.")
        await user.press("j", "x")
        await user.until(lambda: "cancelled" in user.line_with("clone b → x"), "cancel")
        assert "queued" in user.line_with("clone c → x")
        await user.press("x")
        user.shows("It has ended already: cancelled before it began")
        for work in (works[0], works[2]):
            work.finish()
        await user.until_jobs_end()
        await user.press("a")
        await user.until_seen("Jobs 4")
        works[1].finish()
        await user.until_jobs_end()
        assert "done" in user.line_with("4  clone b → x")
        assert user.app.desk.runner.spec(4) is works[1]

    on_demo(sample, scene, config=one)


def test_a_job_has_its_own_log_plan_and_sql(
    sample: EmbeddedServer, folder: Path, made: str
) -> None:
    async def scene(user: User) -> None:
        assert user.app.desk is not None
        user.app.desk.runner.submit(Copy(Request.of("blog", f"{made}x")))
        await user.until_jobs_end()
        await user.press("4", "enter")
        assert user.at(JobStory)
        user.shows(f"clone blog → {made}x started", "COMMIT", "verified: counts")
        await user.press("right_square_bracket")
        user.shows(f"1 BEGIN; CREATE DATABASE `{made}x` CLONE `blog`", "then COMMIT")
        await user.press("right_square_bracket")
        user.shows(
            "BEGIN;", f"CREATE DATABASE `{made}x` CLONE `blog` {{MO_TS", "COMMIT;"
        )
        await user.press("Y")
        assert user.app.clipboard.startswith("BEGIN;\n")
        await user.press("right_square_bracket")
        user.shows("#1 of this start", "outcome verified: counts")
        await user.press("escape")
        user.shows("Jobs 1")

    play(scene, Target(profile_of(sample)), size=WIDE)


def test_the_log_of_a_job_that_runs_grows(sample: EmbeddedServer, folder: Path) -> None:
    async def scene(user: User, watch: Watch) -> None:
        work, other = Work(watch, total=3), Work(watch, name="clone o → p", total=2)
        work.start(user)
        other.start(user)
        await user.press("4")
        await user.press("j", "enter")
        user.shows("clone shop → shop_dev started")
        work.step(1.0, 1)
        await user.until_seen("1.0 s #1 CREATE TABLE t0 CLONE s0")
        other.finish()
        work.finish()
        await user.until_seen("clone shop → shop_dev verified: counts")
        story = user.app.screen
        assert isinstance(story, JobStory)
        assert not any("clone o" in line.text for line in story._log.lines)
        await user.until_jobs_end()

    on_demo(sample, scene)


def test_what_is_overwritten_has_to_be_named_once_more(
    sample: EmbeddedServer, folder: Path, made: str
) -> None:
    async def scene(user: User) -> None:
        assert user.app.desk is not None
        request = Request.of("blog", f"{made}x", if_exists=IfExists.REPLACE)
        user.app.desk.runner.submit(Copy(request))
        await user.until_jobs_end()
        await user.press("4", "a")
        assert user.at(ConfirmName)
        user.shows(f"Type {made}x to go on")
        await user.press("escape")
        assert len(user.app.desk.runner.newest) == 1
        await user.press("a", "shift+tab")
        await user.fill(f"{made}x")
        await user.press("enter")
        await user.until_jobs_end()
        await user.until_seen("Jobs 2")

    play(scene, Target(profile_of(sample)))


def earlier(journal: Journal, title: str, pid: int, *, started: str = "") -> str:
    """Write down a job as another process does; gives its line's beginning."""
    now = dt.datetime.now(dt.UTC)
    file = journal.folder / f"jobs-{now:%Y-%m}.jsonl"
    from moclone_tui.jobs.process import this_process

    place = {"server": journal.place.server, "user": journal.place.user, "profile": ""}
    process = {"machine": this_process().machine, "pid": pid, "started": started}
    plan = {"kind": "clone", "statements": ["CREATE DATABASE `b` CLONE `a`"]}
    append(file, title[:10], "begin", {"title": title, **place, "process": process,
                                       "plan": plan, "version": "0.1"})  # fmt: skip
    return str(file)


def test_jobs_of_other_starts_are_below_and_marked(
    sample: EmbeddedServer, folder: Path
) -> None:
    target = Target(profile_of(sample))
    journal = target.journal()
    file = Path(earlier(journal, "clone done → x", 1))
    end = {"state": "done", "outcome": "verified: counts", "seconds": 2.5}
    append(file, "clone done", "step", {"text": "COMMIT", "seconds": 0.5})
    append(file, "clone done", "end", end)
    from moclone_tui.jobs.process import _started

    earlier(journal, "gone → away", 1, started=_started(1))

    async def scene(user: User) -> None:
        await user.press("4")
        user.shows("Jobs 0 · 2 of other starts")
        assert "waiting elsewhere" in user.line_with("gone → away")
        line = user.line_with("clone done → x")
        assert "earlier" in line
        assert "done" in line
        assert "2.5 s" in line
        await user.press("x")
        user.shows("Another process runs it: kill 1 has it roll back and end.")
        await user.press("j", "a")
        user.shows("It is of another start of moclone")
        await user.press("enter")
        user.shows("COMMIT", "0.50 s")
        await user.press("right_square_bracket")
        user.shows("CREATE DATABASE `b` CLONE `a`")
        await user.press("left_square_bracket", "left_square_bracket")
        user.shows("clone done of the journal", "verified: counts")

    play(scene, target)


def test_names_of_any_kind_keep_to_their_line(
    sample: EmbeddedServer, folder: Path
) -> None:
    name = "clone \x1b]0;x\x07\n[/x]数据" + "長" * 60 + "\u202e → \x9b31m"

    async def scene(user: User, watch: Watch) -> None:
        work = Work(watch, name=name, total=12)
        work.start(user)
        await user.press("4")
        await user.until_seen("clone ␛]0;x␇␊[/x]数据")
        assert_fit_to_show(user.app)
        await user.press("enter")
        assert_fit_to_show(user.app)
        await user.press("left_square_bracket")
        assert_fit_to_show(user.app)
        await user.press("escape")
        work.finish()
        await user.until_jobs_end()

    for size in (NARROW, WIDE):
        on_demo(sample, scene, size=size)


def test_leaving_has_three_answers(sample: EmbeddedServer, folder: Path) -> None:
    """Staying is the one that a key too many gives."""

    async def scene(user: User, watch: Watch) -> None:
        work = Work(watch, total=1, end=DONE)
        work.start(user)
        await user.press("q")
        assert user.at(LeaveScreen)
        user.shows("1 job running", "Stay", "Cancel and leave", "Leave them running")
        user.shows("what runs is rolled back first, and begun anew there")
        await user.press("enter")
        user.shows_not("Cancel and leave")
        await user.press("q")
        await user.press("right", "right", "enter")
        await user.until_seen("clone shop → shop_dev cannot be handed over")
        assert user.app.desk is not None
        assert user.app.desk.runner.running
        work.finish()
        await user.until_jobs_end()

    on_demo(sample, scene)


def test_the_demo_leaves_nothing_behind(folder: Path) -> None:
    async def scene(user: User) -> None:
        work = Work(Watch(), total=1)
        work.start(user)
        await user.press("q")
        user.shows("The demo's server ends with moclone: no job can be left to run.")
        await user.press("right", "right")
        assert user.focus is not None
        assert user.focus.id == "stay"
        work.finish()
        await user.press("escape")
        await user.until_jobs_end()

    play(scene, Target.start_demo())
