"""Restore: what would change first, the gentler ways, then the name to be typed."""

from __future__ import annotations

import pytest

from moclone_tui.embedded import EmbeddedServer
from moclone_tui.tui.desk import Target
from moclone_tui.tui.screens.clone_form import CloneForm
from moclone_tui.tui.screens.confirm import ConfirmName
from moclone_tui.tui.screens.main import MainScreen
from moclone_tui.tui.screens.restore import RestoreScreen, WayBackScreen

from .support import (
    NARROW,
    WIDE,
    User,
    client_of,
    play,
    profile_of,
    submit_off,
)


@pytest.fixture
def till(sample: EmbeddedServer, made: str) -> str:
    """A database and its snapshot; since then rows came, went and changed."""
    name = f"{made}till"
    with client_of(sample) as client:
        for statement in (
            f"create database {name}",
            f"create table {name}.sold (id int primary key, what varchar(9))",
            f"insert into {name}.sold values (1, 'tea'), (2, 'cake'), (3, 'jam')",
            f"create table {name}.stays (id int primary key)",
            f"create snapshot {made}then for database {name}",
            f"delete from {name}.sold where id = 1",
            f"update {name}.sold set what = 'bad' where id = 2",
            f"insert into {name}.sold values (8, 'new'), (9, 'newer')",
            f"create table {name}.late (id int primary key)",
            f"insert into {name}.late values (1)",
        ):
            client.execute(statement)
    return name


def rows(sample: EmbeddedServer, table: str) -> list[tuple[object, ...]]:
    with client_of(sample) as client:
        return sorted(client.execute(f"select * from {table}"))


CHANGES = (
    "sold: 1 row comes back, 1 row gets older values, 2 newer rows are lost",
    "table late is dropped, 1 row with it",
    "1 object stays as it is",
)


async def open_of_snapshot(user: User, snapshot: str) -> None:
    await user.press("2")
    await user.filter(snapshot)
    await user.press("escape", "R")
    assert user.at(RestoreScreen)
    await user.until_seen(CHANGES[0])


async def confirm(user: User, name: str) -> None:
    await user.press("ctrl+s")
    assert user.at(ConfirmName)
    await user.press("shift+tab")
    await user.fill(name)
    await user.press("enter")
    await user.until_jobs_end()


def test_what_would_change_is_said_row_by_row(
    sample: EmbeddedServer, made: str, till: str
) -> None:
    async def scene(user: User) -> None:
        await open_of_snapshot(user, f"{made}then")
        user.shows(*CHANGES, f"kept as {till}_before_", f"DROP DATABASE `{till}`")
        user.shows(f"Restore {till}")
        await user.press("escape")
        assert user.at(MainScreen)

    play(scene, Target(profile_of(sample)), size=WIDE)
    assert len(rows(sample, f"{till}.sold")) == 4


def test_a_restore_and_its_way_back(
    sample: EmbeddedServer, made: str, till: str
) -> None:
    spoiled = rows(sample, f"{till}.sold")

    async def scene(user: User) -> None:
        await open_of_snapshot(user, f"{made}then")
        await confirm(user, till)
        user.shows("verified: counts")
        assert (1, "tea") in rows(sample, f"{till}.sold")
        await user.press("z")
        assert user.at(WayBackScreen)
        await user.until_seen(
            f"restore {till}", "table late comes back", "2 rows come back"
        )
        await confirm(user, till)
        assert rows(sample, f"{till}.sold") == spoiled

    play(scene, Target(profile_of(sample)), size=WIDE)


def test_without_a_moment_it_asks_for_one(
    sample: EmbeddedServer, made: str, till: str
) -> None:
    async def scene(user: User) -> None:
        await user.filter(till)
        await user.press("escape", "R")
        assert user.at(RestoreScreen)
        user.shows("Choose a snapshot or a time")
        assert submit_off(user)
        await user.press("enter")
        await user.filter(f"{made}then")
        await user.press("enter")
        assert user.at(RestoreScreen)
        await user.until_seen(*CHANGES)
        assert not submit_off(user)

    play(scene, Target(profile_of(sample)), size=NARROW)


def test_a_clone_beside_is_offered_first_at_the_same_moment(
    sample: EmbeddedServer, made: str, till: str
) -> None:
    async def scene(user: User) -> None:
        await open_of_snapshot(user, f"{made}then")
        await user.press("enter")
        assert user.at(CloneForm)
        user.shows(f"{made}then")
        await user.press("escape")
        assert user.at(RestoreScreen)

    play(scene, Target(profile_of(sample)), size=WIDE)


def test_who_holds_it_is_named_and_can_be_waited_for(
    sample: EmbeddedServer, made: str, till: str
) -> None:
    async def scene(user: User) -> None:
        with client_of(sample) as other:
            other.execute("begin")
            other.execute(f"update {till}.sold set what = 'x' where id = 3")
            await open_of_snapshot(user, f"{made}then")
            user.shows(f"(connection {other.connection.id}")
            assert submit_off(user)
            user.app.screen.query_one("#hold").focus()
            await user.press("right")
            user.shows("it will be waited for")
            assert not submit_off(user)
            other.execute("rollback")

    play(scene, Target(profile_of(sample)), size=WIDE)


def test_the_buttons_stay_in_sight_on_a_small_screen(
    sample: EmbeddedServer, made: str, till: str
) -> None:
    with client_of(sample) as client:
        for number in range(12):
            client.execute(f"create table {till}.more{number} (id int primary key)")
            client.execute(f"create view {till}.v{number} as select * from blog.posts")

    async def scene(user: User) -> None:
        await open_of_snapshot(user, f"{made}then")
        user.shows(f"Restore {till}", "Copy SQL", "Cancel")
        user.app.screen.query_one("#changes").focus()
        await user.press("G")
        await user.until_seen("1 object stays as it is")

    play(scene, Target(profile_of(sample)), size=NARROW)


def test_in_a_prod_profile_the_button_says_so(
    sample: EmbeddedServer, made: str, till: str
) -> None:
    async def scene(user: User) -> None:
        await open_of_snapshot(user, f"{made}then")
        user.shows(f"Restore {till} in PROD")

    play(scene, Target(profile_of(sample, environment="prod")), size=WIDE)


def test_without_a_way_back_that_is_said(sample: EmbeddedServer) -> None:
    with EmbeddedServer(["--empty"]) as server:

        async def scene(user: User) -> None:
            await user.press("z")
            user.shows("No way back is here")
            assert submit_off(user)

        play(scene, Target(profile_of(server)))
