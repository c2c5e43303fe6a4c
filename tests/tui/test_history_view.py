"""The view of the history: who did what, and just before it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from moclone_tui.cloning.request import Request
from moclone_tui.embedded import EmbeddedServer
from moclone_tui.jobs.clone import Copy
from moclone_tui.tui.desk import Target
from moclone_tui.tui.screens.export import ExportScreen
from moclone_tui.tui.screens.job import JobStory
from moclone_tui.tui.screens.put_back import PutBackForm
from moclone_tui.tui.screens.reset_form import ResetForm

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


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A journal of the test's own, and where files are written."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    return tmp_path


async def clone(user: User, source: str, target: str) -> None:
    """Clone by moclone, then go to the history."""
    assert user.app.desk is not None
    user.app.desk.runner.submit(Copy(Request.of(source, target)))
    await user.until_jobs_end()
    await user.press("5")


def test_what_moclone_and_others_did_is_one_list(
    sample: EmbeddedServer, folder: Path, made: str
) -> None:
    async def scene(user: User) -> None:
        with client_of(sample) as other:
            other.execute(f"CREATE DATABASE `{made}theirs` CLONE blog")
            other.execute("BEGIN")
            other.execute(f"DROP DATABASE `{made}theirs`")
            other.execute("ROLLBACK")
        await clone(user, "blog", f"{made}ours")
        ours = user.line_with(f"clone blog → {made}ours")
        assert "done" in ours
        assert "journal + log" in ours
        theirs = user.line_with(f"clone blog → {made}theirs")
        assert "root@127.0.0.1" in theirs
        assert "journal" not in theirs
        assert "rolled back" in user.line_with(f"DROP DATABASE `{made}theirs`")
        await user.filter(f"rolled {made}")
        user.shows("DROP DATABASE", "1 of ")
        assert not [line for line in user.lines[5:-8] if f"{made}ours" in line]
        await user.press("escape")
        await user.filter(f"clone {made}ours")
        await user.press("enter")
        assert user.at(JobStory)
        user.shows("source journal and server's log", "done · verified: counts")
        await user.press("right_square_bracket")
        user.shows("COMMIT")

    play(scene, Target(profile_of(sample)), size=WIDE)


def test_t_looks_just_before_a_statement(
    sample: EmbeddedServer, folder: Path, made: str
) -> None:
    """What was dropped is there again, as of then."""

    async def scene(user: User) -> None:
        with client_of(sample) as other:
            other.execute(f"CREATE DATABASE `{made}gone` CLONE blog")
            other.execute(f"DROP DATABASE `{made}gone`")
        await user.press("5")
        await user.filter(f"drop {made}gone")
        await user.press("t")
        await user.until_seen("AS OF 20", "t changes it", f"▸  {made}gone")
        await user.until_seen(f"{made}gone · 2 tables")

    play(scene, Target(profile_of(sample)), size=WIDE)


def test_u_puts_back_what_a_statement_took(
    sample: EmbeddedServer, folder: Path, made: str
) -> None:
    """The form begins with the table, just before the statement."""

    async def scene(user: User) -> None:
        with client_of(sample) as other:
            other.execute(f"CREATE DATABASE `{made}d` CLONE blog")
            other.execute(f"TRUNCATE TABLE `{made}d`.posts")
        await user.press("5")
        await user.filter(f"clone {made}d")
        await user.press("u")
        user.shows("Rows are put back into a table")
        await user.press("escape")
        await user.filter(f"truncate {made}d")
        await user.press("u")
        await user.until(lambda: user.at(PutBackForm), "the form")
        await user.until_seen(f"{made}d.posts", "come back")
        await user.press("ctrl+s")
        await user.until_jobs_end()

    play(scene, Target(profile_of(sample)), size=WIDE)
    with client_of(sample) as client:
        counts = [
            client.execute(f"SELECT COUNT(*) FROM `{each}`.posts").first[0]
            for each in ("blog", f"{made}d")
        ]
    assert counts[0] == counts[1] > 0


def test_it_is_written_to_a_file_and_nothing_is_overwritten_unasked(
    sample: EmbeddedServer, folder: Path, made: str
) -> None:
    there = folder / "there.csv"
    there.write_text("mine")

    async def scene(user: User) -> None:
        await clone(user, "blog", f"{made}copy")
        await user.filter(f"{made}copy")
        await user.press("e")
        assert user.at(ExportScreen)
        user.shows(
            "Write 1 line of the history to a file", "a JSON object for each line"
        )
        await user.fill("history.jsonl")
        await user.press("enter")
        user.shows("Wrote 1 line to history.jsonl")
        await user.press("e")
        await user.fill("there.csv")
        user.shows("a table for spreadsheets")
        await user.press("enter")
        user.shows("there.csv is there: enter once more overwrites it.")
        assert there.read_text() == "mine"
        await user.press("enter", "e")
        assert there.read_text().splitlines()[1].count(f"clone blog → {made}copy") == 1
        await user.fill("no/such/folder.csv")
        await user.press("enter")
        user.shows("Not written: No such file or directory.")

    play(scene, Target(profile_of(sample)))
    line = json.loads((folder / "history.jsonl").read_text())
    assert line["title"] == f"clone blog → {made}copy"
    assert line["objects"] == [f"{made}copy", "blog"]


def test_statements_of_any_kind_keep_to_their_line(
    sample: EmbeddedServer, folder: Path, made: str
) -> None:
    name = f"{made}[/x]\x1b]0;x\x07\u202e"

    async def scene(user: User) -> None:
        with client_of(sample) as other:
            other.execute(f"CREATE DATABASE `{name}`")
            other.execute(f"DROP DATABASE `{name}`")
        await user.press("5")
        await user.filter(made)
        user.shows(f"{made}[/x]␛]0;x")
        assert_fit_to_show(user.app)
        await user.press("enter")
        assert_fit_to_show(user.app)
        await user.press("left_square_bracket")
        assert_fit_to_show(user.app)
        await user.press("escape", "t")
        await user.settled()
        assert_fit_to_show(user.app)

    for size in (NARROW, WIDE):
        play(scene, Target(profile_of(sample)), size=size)


def test_a_copy_is_reset_by_the_palettes_command(
    sample: EmbeddedServer, folder: Path, made: str
) -> None:
    """Its origin and plan are shown, its name is typed, its old self is kept."""
    copy = f"{made}copy"

    async def scene(user: User) -> None:
        await clone(user, "blog", copy)
        with client_of(sample) as other:
            other.execute(f"CREATE TABLE `{copy}`.extra (id INT)")
        await user.press("1", "r")
        await user.filter(copy)
        await user.press("colon")
        await user.type("make a copy again")
        await user.until_seen("Make a copy again from its origin")
        await user.keys("down", "enter")
        await user.until(lambda: user.at(ResetForm), "the form")
        await user.settled()
        user.shows("clone of blog", f"DROP DATABASE `{copy}`", f"Reset {copy}")
        await user.press("ctrl+s")
        await user.press("shift+tab")
        await user.fill(copy)
        await user.press("enter")
        await user.until_jobs_end()
        user.shows("verified: counts")

    play(scene, Target(profile_of(sample)), size=WIDE)
    with client_of(sample) as client:
        assert "extra" not in {each.name for each in client.metadata.tables(copy)}
    assert any(each.startswith(f"{copy}_before_") for each in databases_of(sample))


def test_what_is_no_copy_is_not_reset(sample: EmbeddedServer, folder: Path) -> None:
    async def scene(user: User) -> None:
        await user.filter("gallery")
        user.app.screen.action_command("reset")  # type: ignore[attr-defined]
        await user.until(lambda: user.at(ResetForm), "the form")
        await user.settled()
        user.shows("gallery cannot be reset", "Drop it, and clone what you want")
        await user.press("ctrl+s")
        assert user.at(ResetForm)

    play(scene, Target(profile_of(sample)))
