"""The snapshot form, and the Snapshots view."""

from __future__ import annotations

import datetime as dt

from textual.widgets import Button

from moclone_tui.embedded import EmbeddedServer
from moclone_tui.tui.desk import Target
from moclone_tui.tui.screens.main import MainScreen
from moclone_tui.tui.screens.snapshot_form import SnapshotForm

from .servers import Proxy
from .support import WIDE, User, client_of, play, profile_of

NOW = dt.datetime(2026, 1, 5, 9, 30, tzinfo=dt.UTC)


async def _open_on(user: User, database: str) -> None:
    await user.filter(database)
    await user.press("escape", "n")
    assert user.at(SnapshotForm)


def _off(user: User) -> bool:
    return user.app.screen.query_one("#submit", Button).disabled


def test_it_opens_on_the_database_under_the_cursor(target: Target) -> None:
    async def scene(user: User) -> None:
        await _open_on(user, "blog")
        assert "(•) database" in user.line_with("Of")
        assert "blog" in user.line_with("Database ")
        user.shows("blog_20260105_0930", "free")
        user.shows("CREATE SNAPSHOT `blog_20260105_0930` FOR DATABASE `blog`")
        await user.press("escape")
        assert user.at(MainScreen)

    play(scene, target, clock=lambda: NOW)


def test_level_and_object_are_picked_by_keys(target: Target) -> None:
    async def scene(user: User) -> None:
        await _open_on(user, "blog")
        await user.press("shift+tab", "enter")
        await user.filter("crm")
        await user.press("enter")
        user.shows("FOR DATABASE `crm`", "crm_20260105_0930")
        await user.press("shift+tab", "right")
        user.shows("Choose a table.")
        assert _off(user)
        await user.press("tab", "tab", "enter")
        await user.filter("contacts")
        await user.press("enter")
        user.shows("FOR TABLE `crm` `contacts`", "contacts_20260105_0930")
        await user.press("shift+tab", "shift+tab", "right")
        user.shows("FOR ACCOUNT", "sys_20260105_0930")
        await user.press("right")
        user.shows("FOR CLUSTER")

    play(scene, target, size=WIDE, clock=lambda: NOW)


def test_on_a_snapshot_of_a_dropped_database_it_asks_for_one(target: Target) -> None:
    async def scene(user: User) -> None:
        await user.press("2")
        await user.filter("legacy_last")
        await user.press("escape", "n")
        user.shows("Choose a database")
        assert _off(user)

    play(scene, target)


def test_names_that_are_taken_or_illegal_block(
    sample: EmbeddedServer, made: str
) -> None:
    with client_of(sample) as client:
        client.execute(f"create snapshot {made}one for database blog")

    async def scene(user: User) -> None:
        await _open_on(user, "blog")
        for name, why in (
            (f"{made}ONE", "exists already"),
            ("two words", "no space"),
            ("", "is empty"),
        ):
            await user.fill(name)
            user.shows(why)
            assert _off(user)
        await user.fill(f"{made}two")
        assert not _off(user)

    play(scene, Target(profile_of(sample)))


def test_a_snapshot_taken_by_keys(
    sample: EmbeddedServer, proxy: Proxy, made: str
) -> None:
    """It is sent as it was shown, told in the log, listed, and can be cloned from."""
    statement = f"CREATE SNAPSHOT `{made}s` FOR DATABASE `gallery`"

    async def scene(user: User) -> None:
        await _open_on(user, "gallery")
        await user.fill(f"{made}s")
        user.shows(statement)
        await user.press("ctrl+s")
        await user.until_jobs_end()
        user.shows(f"snapshot {made}s", "taken of gallery")
        await user.press("2")
        line = user.line_with(f"{made}s ")
        assert "database" in line
        assert "gallery" in line
        assert "s ago" in line
        await user.filter(f"{made}s")
        user.shows("covers", "taken")
        await user.press("escape", "c")
        user.shows(f"CLONE `gallery` {{SNAPSHOT = '{made}s'}}")

    play(scene, Target(profile_of(sample, port=proxy.port)), size=WIDE)
    assert proxy.changes == [statement]


def test_a_snapshot_that_fails_says_why(sample: EmbeddedServer, made: str) -> None:
    async def scene(user: User) -> None:
        await _open_on(user, f"{made}gone")
        with client_of(sample) as client:
            client.execute(f"drop database {made}gone")
        await user.press("ctrl+s")
        await user.until_jobs_end()
        user.shows("failed", f"{made}gone", "does not exist")
        await user.press("L", "G", "enter")
        user.shows(f"The database {made}gone does not exist")

    with client_of(sample) as client:
        client.execute(f"create database {made}gone")
    play(scene, Target(profile_of(sample)), size=WIDE)


def test_the_list_of_snapshots(target: Target) -> None:
    async def scene(user: User) -> None:
        await user.press("2")
        user.shows("Snapshots", "covers", "age", "copies", "changed since", "until")
        await user.press("slash")
        await user.type("sale")
        user.shows("sale")
        await user.press("enter")
        user.shows("taken", "database")
        await user.press("escape", "escape", "G", "g")
        user.shows("Snapshots")

    play(scene, target)


def test_an_empty_server_says_what_would_be_here_and_how(target: Target) -> None:
    with EmbeddedServer(["--empty"]) as server:

        async def scene(user: User) -> None:
            user.shows("No databases yet")
            await user.press("2")
            user.shows("No snapshots yet · n takes one")
            await user.press("c")
            user.shows("There is nothing to clone")
            await user.press("n")
            assert "(•) account" in user.line_with("Of")
            await user.press("escape", "L")
            user.shows("Nothing has happened yet")

        play(scene, Target(profile_of(server)))
