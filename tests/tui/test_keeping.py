"""The Keeping screen: what moclone made, its life, and dropping what is over."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from moclone_tui.api import Moment, SnapshotLevel
from moclone_tui.cloning.request import Request
from moclone_tui.embedded import EmbeddedServer
from moclone_tui.jobs.clone import Copy
from moclone_tui.jobs.keeping import Keep
from moclone_tui.jobs.keeping import made as made_by_jobs
from moclone_tui.jobs.registry import Share
from moclone_tui.jobs.runner import JobRunner
from moclone_tui.jobs.snapshot import TakeSnapshot
from moclone_tui.tui.desk import Target
from moclone_tui.tui.screens.confirm import ConfirmName
from moclone_tui.tui.screens.keeping import KeepingScreen
from moclone_tui.tui.screens.main import MainScreen

from .support import (
    NARROW,
    WIDE,
    User,
    assert_fit_to_show,
    client_of,
    databases_of,
    play,
    profile_of,
)

OVER, WEEK = Keep(0), Keep(7 * 86400)


@pytest.fixture
def lived(sample: EmbeddedServer, made: str) -> Target:
    """Two copies whose life is over, one of them changed, and two things that live."""
    target = Target(profile_of(sample))
    runner = JobRunner(target.connect_job, lambda _: None, journal=target.journal())
    at = Moment(snapshot=f"{made}snap")
    for spec in (
        TakeSnapshot(f"{made}snap", SnapshotLevel.DATABASE, "blog", keep=WEEK),
        Copy(Request.of("blog", f"{made}over", at), OVER),
        Copy(Request.of("blog", f"{made}changed", at), OVER),
        Copy(Request.of("blog", f"{made}forever")),
    ):
        assert runner.wait(runner.submit(spec), 30) == "done"
    with client_of(sample) as client:
        client.execute(f"UPDATE `{made}changed`.authors SET name = 'x'")
    return target


def _line(user: User, name: str) -> str:
    """The line of the list that begins with a name."""
    found = [line for line in user.lines if re.match(rf"[^/\w]*{name}\b", line)]
    assert found, f"{name} is not in the list:\n{user.text}"
    return found[0]


async def _opened(user: User, made: str) -> None:
    await user.press("K")
    assert user.at(KeepingScreen)
    await user.filter(made)
    await user.until(lambda: "…" not in _line(user, f"{made}over"), "looks")


@pytest.mark.parametrize("size", [NARROW, WIDE])
def test_it_lists_what_moclone_made_and_how_it_stands(
    sample: EmbeddedServer, lived: Target, made: str, size: tuple[int, int]
) -> None:
    async def scene(user: User) -> None:
        await _opened(user, made)
        assert "expired" in _line(user, f"{made}over")
        await user.until(
            lambda: "changed?" in _line(user, f"{made}changed"), "the look"
        )
        line = _line(user, f"{made}snap")
        assert "in 7 days" in line
        assert "kept" in line
        assert "never" in _line(user, f"{made}forever")
        user.shows("e extend", "D drop")
        await user.press("escape", "escape")
        assert user.at(MainScreen)

    play(scene, lived, size=size)


def test_what_has_expired_is_dropped_and_what_was_changed_stays(
    sample: EmbeddedServer, lived: Target, made: str
) -> None:
    async def scene(user: User) -> None:
        await _opened(user, made)
        await user.press("x", "D")
        await user.until_seen("Type")
        user.shows(f"DROP DATABASE `{made}over`", f"{made}changed stays", "not known")
        user.shows_not(f"DROP DATABASE `{made}changed`")
        assert user.at(ConfirmName)
        await user.press("escape")
        assert f"{made}over" in databases_of(sample)
        await user.press("D")
        await user.until_seen("Type")
        await user.press("shift+tab")
        await user.fill(f"{made}over")
        await user.press("enter")
        await user.until_jobs_end()
        user.shows(f"dropped {made}over")

    play(scene, lived, size=WIDE)
    assert {f"{made}changed", f"{made}forever"} <= databases_of(sample)
    assert f"{made}over" not in databases_of(sample)


def test_a_life_is_extended_ended_and_protected(
    sample: EmbeddedServer, lived: Target, made: str
) -> None:
    async def scene(user: User) -> None:
        await _opened(user, made)
        await user.press("escape")
        await user.filter(f"{made}over")
        await user.press("P")
        assert "protected" in _line(user, f"{made}over")
        await user.press("D")
        await user.until_seen("it is protected")
        await user.press("P")
        assert "expired" in _line(user, f"{made}over")
        await user.press("e")
        user.shows("30 days", "never")
        await user.filter("30")
        await user.press("enter")
        assert "in 30 days" in _line(user, f"{made}over")
        await user.press("escape")
        await user.filter(f"{made}changed")
        await user.press("o")
        assert "disposable" in _line(user, f"{made}changed")
        await user.press("D")
        await user.until_seen("Type")
        user.shows(f"DROP DATABASE `{made}changed`")
        await user.press("escape", "escape", "escape")

    play(scene, lived, size=WIDE)
    journal = lived.journal()
    found = made_by_jobs(journal.folder, journal.place)
    lives = {str(each.object): each.life for each in found}
    assert lives[f"{made}changed"].disposable
    ends = lives[f"{made}over"].ends
    assert ends is not None
    assert ends > dt.datetime.now(dt.UTC) + dt.timedelta(days=29)


def test_a_read_only_profile_drops_nothing(
    sample: EmbeddedServer, lived: Target, made: str
) -> None:
    async def scene(user: User) -> None:
        await _opened(user, made)
        await user.press("x", "D")
        user.shows("Dropping is off", "read-only")

    play(scene, Target(profile_of(sample, read_only=True)), size=WIDE)


def test_nothing_made_says_what_would_be_here() -> None:
    with EmbeddedServer(["--empty"]) as server:

        async def scene(user: User) -> None:
            await user.press("K")
            user.shows("Nothing that moclone made from this machine")

        play(scene, Target(profile_of(server)))


def test_the_forms_say_how_long_and_the_job_has_it(
    sample: EmbeddedServer, made: str
) -> None:
    target = Target(profile_of(sample))

    async def scene(user: User) -> None:
        await user.filter("blog")
        await user.press("escape", "c")
        assert "7 days" in user.line_with("Keep")
        await user.fill(f"{made}copy")
        for _ in range(4):
            if "Choice" in type(user.focus).__name__:
                break
            await user.press("tab")
        await user.press("enter")
        await user.filter("30 disposable")
        await user.press("enter")
        assert "30 days, disposable" in user.line_with("Keep")
        await user.press("ctrl+s")
        await user.until_jobs_end()
        await user.press("n")
        await user.fill(f"{made}snap")
        assert "7 days" in user.line_with("Keep")
        await user.press("ctrl+s")
        await user.until_jobs_end()

    play(scene, target, size=NARROW)
    journal = target.journal()
    lives = {
        str(each.object): each for each in made_by_jobs(journal.folder, journal.place)
    }
    copy, snapshot = lives[f"{made}copy"], lives[f"{made}snap"]
    assert copy.life.until == copy.object.created + 30 * 86400
    assert copy.life.disposable
    assert snapshot.life.until == snapshot.object.created + 7 * 86400


def test_in_prod_the_form_keeps_for_ever(sample: EmbeddedServer) -> None:
    async def scene(user: User) -> None:
        await user.filter("blog")
        await user.press("escape", "c")
        assert "never" in user.line_with("Keep")

    play(scene, Target(profile_of(sample, environment="prod")))


def test_what_is_said_of_a_life_is_told_to_the_registry_on_leaving(
    sample: EmbeddedServer, lived: Target, made: str
) -> None:
    """By a job, as all that changes the server; without a registry there is none."""

    async def scene(user: User) -> None:
        await _opened(user, made)
        await user.press("P", "escape", "escape")
        assert user.at(MainScreen)
        assert not user.app.desk or user.app.desk.runner.running == ()
        user.shows_not("share the life")
        with client_of(sample) as client:
            client.execute("CREATE DATABASE moclone")
            for statement in Share((), create=True).steps[1:2]:
                client.execute(statement)
        await _opened(user, made)
        await user.press("P", "escape", "escape")
        await user.until_jobs_end()
        user.shows("share the life of 1 object")

    try:
        play(scene, lived, size=WIDE)
        with client_of(sample) as client:
            rows = client.execute("SELECT name, protected FROM moclone.registry").rows
        assert len(rows) == 1
    finally:
        with client_of(sample) as client:
            client.execute("DROP DATABASE IF EXISTS moclone")


@pytest.mark.parametrize("name", ["[/x]", "[@click=app.quit]x[/]", "数据"])
def test_names_of_any_kind_are_shown_and_dropped(
    sample: EmbeddedServer, made: str, name: str
) -> None:
    target = Target(profile_of(sample))
    runner = JobRunner(target.connect_job, lambda _: None, journal=target.journal())
    job = Copy(Request.of("[/x]", f"{made}{name}"), OVER)
    assert runner.wait(runner.submit(job), 30) == "done"

    async def scene(user: User) -> None:
        await user.press("K")
        await user.filter(made)
        await user.until_seen("row by row")
        assert "expired" in user.line_with(f"▸  {made}")
        assert_fit_to_show(user.app)
        await user.press("D")
        await user.until_seen("Type")
        assert_fit_to_show(user.app)
        await user.press("shift+tab")
        await user.fill(f"{made}{name}")
        await user.press("enter")
        await user.until_jobs_end()
        user.shows(f"dropped {made}{name}")

    play(scene, target, size=NARROW)
    assert f"{made}{name}" not in databases_of(sample)
