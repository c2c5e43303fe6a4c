"""Names, comments, rows and errors that try to be markup or to drive the terminal."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.widgets import Input

from moclone_tui.config import Config, Profile
from moclone_tui.embedded import EmbeddedServer
from moclone_tui.jobs.model import JobContext, JobSpec, Outcome
from moclone_tui.tui.desk import Target
from moclone_tui.tui.screens.main import MainScreen
from moclone_tui.tui.widgets.table import TableList

from .support import NARROW, WIDE, User, assert_fit_to_show, client_of, play, profile_of

CLICK = "[@click=app.quit]x[/]"
ESCAPES = "\x1b]0;PWN\x07\x1b[41mred\x1b[2J"
BIDI = "a\u202eb\u2066c\u200bd"
LONG = "long_" * 40
ODD = (CLICK, BIDI, "x\x1b[41m", LONG[:60], "]", "nul\x00文e\u0301👩\u200d👧")
BYTES = "x'ff00fe1b5b33316d5b2f785de2808e'"
"""No text in any encoding, with an escape sequence and a tag in it."""
OPENING = ("c", "n", "t", "K", "u", "equals_sign", "R", "D", "question_mark", "ctrl+p")
"""The keys that open something on what is selected."""
REMARK = f"closes [/x] ] {CLICK} {ESCAPES} {BIDI} שלום 文字 \\[b] [bold"


@pytest.fixture(scope="module")
def hostile() -> Iterator[EmbeddedServer]:
    """A server of its own: the gallery, and worse."""
    with EmbeddedServer() as server:
        with client_of(server) as client:
            remark = client.connection._escape(REMARK)  # the driver's own quoting
            for name in ODD:
                client.execute(f"create database `{name}`")
                client.execute(
                    f"create table `{name}`.`{name}` (`{name[:60]}` int primary key "
                    f"comment {remark}, v varchar(200) default 'x\x1b[2J[/x]')"
                    f" comment = {remark}"
                )
                client.execute(
                    f"insert into `{name}`.`{name}`"
                    f" values (1, {remark}), (2, {BYTES}), (3, null)"
                )
                client.execute(f"create snapshot `s{name}` for database `{name}`")
                if "\x00" not in name:  # sqlite, which looks for rows, takes none
                    client.execute(f"delete from `{name}`.`{name}` where v is not null")
            client.execute(
                "create view gallery.seen as select '\x1b[31m[/x]' as `c\x1b[0m[/x]`"
            )
        yield server


def _move_to(user: User, name: str, pane: str = "databases-pane") -> None:
    names = user.app.screen.query_one(f"#{pane} TableList", TableList)
    assert names.move_to(name), names.keys_in_sight()


async def _open_all(user: User, *keys: str) -> None:
    """Open each of what keys open, walk through its lists and lines, go back."""
    for key in keys:
        await user.press(key)
        assert_fit_to_show(user.app)
        await user.keys("tab", "j", "tab", "j")
        await user.handled()
        assert_fit_to_show(user.app)
        for _ in range(6):
            if user.at(MainScreen):
                break
            await user.press("escape")
        assert user.at(MainScreen), user.text
        assert not user.app._exit


@pytest.mark.parametrize("name", ODD, ids=["click", "bidi", "esc", "long", "]", "nul"])
def test_every_screen_on_an_odd_name(hostile: EmbeddedServer, name: str) -> None:
    """From the database, from its table, and from its snapshot."""

    async def scene(user: User) -> None:
        _move_to(user, name)
        await user.settled()
        await _open_all(user, "c", "n", "R", "D")
        await user.press("enter")
        await _open_all(user, *OPENING)
        await user.press("3")
        assert_fit_to_show(user.app)
        await user.press("2")
        _move_to(user, f"s{name}", "snapshots-pane")
        await user.settled()
        assert_fit_to_show(user.app)
        await _open_all(user, "c", "equals_sign", "D")

    play(scene, Target(profile_of(hostile)))


def test_every_view_with_odd_names_and_jobs(
    hostile: EmbeddedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Jobs, their story, the history and what it is written to."""
    monkeypatch.chdir(tmp_path)

    async def scene(user: User) -> None:
        _move_to(user, CLICK)
        await user.settled()
        await user.press("n")
        await user.fill("plain")
        await user.press("ctrl+s")
        await user.until_jobs_end()
        for view in "45":
            await user.press(view)
            assert_fit_to_show(user.app)
            for _ in range(12):
                await user.press("j")
                assert_fit_to_show(user.app)
            await _open_all(user, "enter", "question_mark")
        await user.press("e", "enter")
        await user.press("L", "L")
        assert_fit_to_show(user.app)

    play(scene, Target(profile_of(hostile)), size=WIDE)
    (file,) = tmp_path.iterdir()
    assert "\x1b" not in file.read_text()


@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["narrow", "wide"])
def test_odd_names_in_every_list_and_tab(
    hostile: EmbeddedServer, size: tuple[int, int]
) -> None:
    async def scene(user: User) -> None:
        for name in ODD if size == WIDE else ODD[:2]:
            _move_to(user, name)
            await user.settled()
            assert_fit_to_show(user.app)
            await user.press("enter", "enter")
            for _ in range(7):
                await user.press("right_square_bracket")
                assert_fit_to_show(user.app)
            await user.press("escape", "escape")
        assert user.at(MainScreen)

    play(scene, Target(profile_of(hostile)), size=size)


def test_every_object_of_the_gallery(hostile: EmbeddedServer) -> None:
    async def scene(user: User) -> None:
        await user.filter("gallery")
        await user.press("tab")
        with client_of(hostile) as client:
            total = len(client.metadata.tables("gallery"))
        for _ in range(total):
            await user.pilot.press("j")
            assert_fit_to_show(user.app)
        await user.filter("[/x]")
        user.shows("[/x]")
        await user.press("escape")
        await user.filter("remarked")
        user.shows("closes [/x], clears ␛[2J, rings ␇, ends [bold]here")
        await user.press("right_square_bracket")
        await user.press("right_square_bracket")
        assert_fit_to_show(user.app)

    play(scene, Target(profile_of(hostile)), size=WIDE)


def test_clickable_markup_is_text(hostile: EmbeddedServer) -> None:
    async def scene(user: User) -> None:
        await user.filter("click")
        user.shows(f"{CLICK} · 1 table")
        for words in (CLICK, f"{CLICK} · 1", "closes [/x]"):
            if words in user.text:
                await user.click(words)
        await user.press("tab", "enter")
        user.shows("closes [/x] ]")
        y = next(
            at for at, line in enumerate(user.lines) if "click=" in line and at > 3
        )
        for x in range(2, 78, 4):
            await user.pilot.click(offset=(x, y))
        assert not user.app._exit
        assert user.at(MainScreen)

    play(scene, Target(profile_of(hostile)))


@pytest.mark.parametrize("key", ["c", "n"])
def test_forms_on_odd_names(hostile: EmbeddedServer, key: str) -> None:
    """The form opens, its lists open, and the name can be copied as it truly is."""

    async def scene(user: User) -> None:
        for name in (CLICK, BIDI, "[/x]"):
            _move_to(user, name)
            await user.settled()
            await user.press(key)
            assert_fit_to_show(user.app)
            await user.press(*["shift+tab"] * (3 if key == "c" else 1), "enter")
            assert_fit_to_show(user.app)
            await user.press("escape", "escape", "y")
            user.shows("Copied")
            assert name in user.app.clipboard
            assert_fit_to_show(user.app)

    play(scene, Target(profile_of(hostile)))


def test_a_clone_of_odd_names_is_told_as_it_is(hostile: EmbeddedServer) -> None:
    async def scene(user: User) -> None:
        _move_to(user, "[/x]")
        await user.settled()
        await user.press("c", "ctrl+s")
        await user.until_jobs_end()
        user.shows("clone [/x] → [/x]_copy", "verified: counts")
        await user.press("L")
        assert_fit_to_show(user.app)
        user.shows("CREATE DATABASE `[/x]_copy` CLONE `[/x]`")

    play(scene, Target(profile_of(hostile)), size=WIDE)


def test_words_of_the_server_in_toast_log_and_pane(hostile: EmbeddedServer) -> None:
    """An error that quotes what it was given: everything in it is only text."""

    class Failing(JobSpec):
        title = f"try {CLICK} {ESCAPES}"
        statement = f"SELECT '{REMARK}'"
        steps = (statement,)

        def run(self, context: JobContext) -> Outcome:
            context.say(f"says {REMARK}\nand a second line")
            with context.step(self.statement):
                context.client.execute(f"select * from `{CLICK}`.`no_{ESCAPES}`")
            raise AssertionError

    async def scene(user: User) -> None:
        assert user.app.desk is not None
        user.app.desk.runner.submit(Failing())
        await user.until_jobs_end()
        user.shows("failed", CLICK, "␛]0;PWN␇")
        assert_fit_to_show(user.app)  # the toast, the log line
        await user.click("␛]0;PWN␇")
        await user.press("L", "G", "enter")
        assert_fit_to_show(user.app)
        await user.press("L")
        user.shows("select * from")
        assert_fit_to_show(user.app)
        await user.press("E")
        user.shows("What went wrong", "The server's words:", "The statement:", "␛]0;")
        assert_fit_to_show(user.app)
        assert not user.app._exit

    play(scene, Target(profile_of(hostile)), size=WIDE)


def test_the_first_line_with_an_odd_profile(hostile: EmbeddedServer) -> None:
    async def scene(user: User) -> None:
        user.shows(f"{CLICK} ␛[41m")
        await user.press("c")
        assert_fit_to_show(user.app)
        user.shows("read-only")
        assert_fit_to_show(user.app)

    profile = profile_of(hostile, name=f"{CLICK} \x1b[41m", read_only=True)
    play(scene, Target(profile))


def test_inputs_take_nothing_that_cannot_be_seen(hostile: EmbeddedServer) -> None:
    async def scene(user: User) -> None:
        await user.press("slash")
        await user.paste(f"shop{BIDI}\x1b[31m")
        assert_fit_to_show(user.app)
        await user.press("escape", "c")
        await user.fill(f"one{BIDI}\x1b[31m")
        assert_fit_to_show(user.app)
        assert isinstance(user.focus, Input)
        assert user.focus.value == "oneabcd[31m"

    play(scene, Target(profile_of(hostile)))


def test_an_odd_address_is_told_as_it_is() -> None:
    async def scene(user: User) -> None:
        await user.until_seen("Nobody answers")
        user.shows("[/x]")
        assert_fit_to_show(user.app)

    odd = Profile("odd", host="[/x][@click=app.quit]", password="p", connect_timeout=2)
    play(scene, Target(odd), config=Config({"odd": odd}), connect=False)
