"""Keys: none acts while one types, help and palette have them all, and say why not."""

from __future__ import annotations

import pytest
from textual.command import CommandPalette
from textual.widgets import Input

from moclone_tui.embedded import EmbeddedServer
from moclone_tui.tui.commands import COMMANDS
from moclone_tui.tui.desk import Target
from moclone_tui.tui.screens.clone_form import CloneForm
from moclone_tui.tui.screens.help import HelpScreen
from moclone_tui.tui.screens.main import MainScreen
from moclone_tui.tui.screens.pick import PickScreen
from moclone_tui.tui.screens.snapshot_form import SnapshotForm
from moclone_tui.tui.widgets.log import LogPanel

from .support import (
    NARROW,
    WIDE,
    User,
    assert_fit_to_show,
    client_of,
    play,
    profile_of,
)

LETTERS = "qcxn12rLjg?:. "


def _value(user: User) -> str:
    assert isinstance(user.focus, Input)
    return user.focus.value


def test_no_key_acts_while_one_types(target: Target) -> None:
    """In the filter, in both forms, in the filter of a list to pick from."""

    async def scene(user: User) -> None:
        await user.press("slash")
        await user.type(LETTERS)
        assert user.at(MainScreen)
        assert _value(user) == LETTERS
        await user.press("escape", "c")
        await user.fill("")
        await user.type(LETTERS)
        assert user.at(CloneForm)
        assert _value(user) == LETTERS
        await user.press("shift+tab", "shift+tab", "shift+tab", "enter", "slash")
        await user.type(LETTERS)
        assert user.at(PickScreen)
        assert _value(user) == LETTERS
        await user.press("escape", "escape", "escape", "escape", "n")
        await user.fill("")
        await user.type(LETTERS)
        assert user.at(SnapshotForm)
        assert _value(user) == LETTERS

    play(scene, target)


def test_keys_of_the_main_screen_do_nothing_in_forms(target: Target) -> None:
    async def scene(user: User) -> None:
        await user.press("c", "shift+tab")  # on the choice of the moment
        for key in ("q", "x", "1", "2", "c", "n", "r", "L", "question_mark"):
            await user.press(key)
            assert user.at(CloneForm), key

    play(scene, target)


def test_help_lists_every_command_and_can_be_left(target: Target) -> None:
    async def scene(user: User) -> None:
        for leave in ("escape", "q", "question_mark"):
            await user.press("question_mark")
            assert user.at(HelpScreen)
            seen = set(user.lines)
            for _ in range(8):
                await user.press("pagedown")
                seen |= set(user.lines)
            shown = "\n".join(seen)
            for command in COMMANDS:
                if not command.keys:
                    continue
                assert command.shown in shown, command.name
                assert command.help in shown, command.name
            await user.press(leave)
            assert user.at(MainScreen)
            assert not user.app._exit
        await user.press("f1")
        assert user.at(HelpScreen)

    play(scene, target)


def test_help_has_what_does_not_work_here_below_with_the_reason(target: Target) -> None:
    async def scene(user: User) -> None:
        await user.press("2")
        await user.press("question_mark")
        user.shows("Keys in snapshots", "On what is selected")
        await user.filter("job")
        user.shows("x Cancel the newest job", "No job is running.")
        await user.press("escape", "G")
        user.shows("works in the databases view: 1 goes there.")

    play(scene, target, size=WIDE)


def test_help_is_searched_and_does_what_one_is_on(target: Target) -> None:
    async def scene(user: User) -> None:
        await user.press("question_mark")
        await user.filter("go to the snap")
        user.shows("Go to the snapshots")
        user.shows_not("Go to the databases")
        await user.press("enter")
        await user.until_seen("changed since")
        assert user.at(MainScreen)

    play(scene, target)


def test_help_knows_what_the_focus_is_on(target: Target) -> None:
    """In a list that marks, in one that does not, in a form."""

    async def scene(user: User) -> None:
        await user.press("question_mark")
        await user.filter("mark all")
        user.shows("* Mark all shown")
        await user.press("escape", "escape", "4", "question_mark")
        await user.filter("mark all")
        user.shows("Nothing matches the filter")
        await user.press("escape", "escape", "1", "c", "f1")
        assert user.at(HelpScreen)
        user.shows("Keys here", "ctrl+s Submit", "escape Back")
        await user.press("f1")
        assert user.at(CloneForm)

    play(scene, target, size=WIDE)


def test_the_palette_reaches_the_keys_of_lists_and_says_why_not(target: Target) -> None:
    async def scene(user: User) -> None:
        await user.press("ctrl+p")
        await user.paste("mark all")
        await user.until_seen("Mark all shown (*)")
        await user.press("enter")
        await user.until_seen("6 marked")
        await user.press("ctrl+p")
        await user.paste("cancel the newest")
        await user.until_seen("No job is running.")
        await user.press("escape", "ctrl+p")
        await user.paste("change the theme")
        await user.until_seen("Change the theme")

    play(scene, target, size=WIDE)


def test_the_last_error_is_shown_whole(sample: EmbeddedServer, made: str) -> None:
    """What happened, what to do; the server's words and the statement."""

    async def scene(user: User) -> None:
        await user.press("E")
        user.shows("Nothing has gone wrong yet.")
        await user.filter(f"{made}gone")
        await user.press("escape", "n")
        with client_of(sample) as client:
            client.execute(f"drop database {made}gone")
        await user.press("ctrl+s")
        await user.until_jobs_end()
        await user.press("E")
        user.shows("What went wrong", f"The database {made}gone does not exist")
        await user.press("escape")
        assert user.at(MainScreen)

    with client_of(sample) as client:
        client.execute(f"create database {made}gone")
    play(scene, Target(profile_of(sample)), size=WIDE)


@pytest.mark.parametrize("key", ["ctrl+p", "colon"])
def test_the_palette_reaches_every_command(target: Target, key: str) -> None:
    async def scene(user: User) -> None:
        await user.press(key)
        assert user.at(CommandPalette)
        names = {
            each.title
            for each in user.app.get_system_commands(user.app.screen_stack[-2])
        }
        for command in COMMANDS:
            assert any(command.help in name for name in names), command.name
        await user.paste("go to the snap")
        await user.until_seen("Go to the snapshots")
        await user.press("enter")
        await user.until(lambda: user.at(MainScreen), "the main screen")
        await user.until_seen("changed since")

    play(scene, target)


def test_the_palette_has_a_command_first_that_is_called_as_typed(
    target: Target,
) -> None:
    async def scene(user: User) -> None:
        for name in ("reset", "drop", "restore", "keep"):
            await user.press("ctrl+p")
            await user.paste(name)
            await user.until_seen(f"{name} · ")
            found = user.text.partition("🔎")[2].split("\n")[1:]
            first = next(line for line in found if " · " in line)
            assert first.strip().startswith(f"{name} · "), user.text
            await user.press("escape")
            await user.until(lambda: user.at(MainScreen), "the main screen")

    play(scene, target, size=WIDE)


def test_closing_the_log_goes_back_to_what_was_read(target: Target) -> None:
    async def scene(user: User) -> None:
        await user.press("enter", "enter", "right_square_bracket")
        before = user.focus
        read = user.lines[2:8]
        await user.press("L", "L", "L")
        assert user.focus is before
        assert user.lines[2:8] == read
        await user.press("L", "escape")
        assert user.focus is before

    play(scene, target, size=NARROW)


def test_a_command_from_the_palette_that_cannot_run_says_why(
    sample: EmbeddedServer,
) -> None:
    async def scene(user: User) -> None:
        await user.press("ctrl+p")
        await user.paste("clone what")
        await user.until_seen("is read-only")
        await user.press("enter")
        await user.until(lambda: user.at(MainScreen), "the main screen")
        await user.until_seen("Cloning is off: the profile here is read-only.")
        assert_fit_to_show(user.app)

    play(scene, Target(profile_of(sample, read_only=True)))


def test_commands_that_cannot_run_say_why(target: Target) -> None:
    async def scene(user: User) -> None:
        await user.press("x")
        user.shows("No job is running")
        await user.press("2")
        await user.press("right_square_bracket")
        user.shows("works in the databases")

    play(scene, target)


def test_the_filter_works_wherever_the_focus_is(target: Target) -> None:
    """The line of keys offers `/` everywhere on the main screen: it has to work."""

    async def scene(user: User) -> None:
        for keys in ((), ("tab",), ("tab",)):
            await user.press(*keys, "slash")
            assert isinstance(user.focus, Input), (keys, user.focus)
            await user.press("escape")
        await user.press("2", "enter", "slash")
        assert isinstance(user.focus, Input)

    play(scene, target, size=WIDE)


def test_the_log_opens_by_thirds_and_closes(target: Target) -> None:
    async def scene(user: User) -> None:
        log = user.app.screen.query_one(LogPanel)
        await user.press("L")
        third = log.size.height
        assert third >= 4
        user.shows("Nothing has happened yet", "Databases 6")
        await user.press("L")
        assert log.size.height > third
        user.shows_not("Databases 6")
        await user.press("1")
        user.shows("Databases 6")
        await user.press("L", "L", "L")
        user.shows("Databases 6")
        assert not log.display
        await user.press("L", "escape")
        assert not log.display
        assert user.focus is not None

    play(scene, target)


def test_tab_goes_through_the_panes_and_back(target: Target) -> None:
    async def scene(user: User) -> None:
        start = user.focus
        seen = {start}
        for _ in range(3):
            await user.press("tab")
            seen.add(user.focus)
        assert user.focus is start
        assert len(seen) == 3
        for _ in range(3):
            await user.press("shift+tab")
        assert user.focus is start

    play(scene, target, size=WIDE)


def test_tabs_and_rows_by_the_mouse(target: Target) -> None:
    async def scene(user: User) -> None:
        await user.click("2 Snapshots")
        user.shows("changed since")
        await user.click("1 Databases")
        await user.click("crm")
        user.shows("crm · ")
        await user.click("DDL")
        await user.click("contacts")
        await user.until_seen("CREATE TABLE")
        await user.click("Columns")
        user.shows("null")

    play(scene, target, size=WIDE)


def test_q_quits_and_esc_never_does(target: Target) -> None:
    async def scene(user: User) -> None:
        await user.press("escape", "escape", "h", "h")
        assert not user.app._exit
        await user.pilot.press("q")
        await user.until(lambda: user.app._exit, "the end")

    assert play(scene, target).return_code == 0
