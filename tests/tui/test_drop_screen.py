"""Drop: what goes and what is kept first, then the name, and never by accident."""

from __future__ import annotations

from textual.events import Key
from textual.widgets import Input

from moclone_tui.embedded import EmbeddedServer
from moclone_tui.tui.desk import Target
from moclone_tui.tui.screens.clone_form import CloneForm
from moclone_tui.tui.screens.confirm import ConfirmName
from moclone_tui.tui.screens.drop import DropScreen
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
    submit_off,
)


def make(sample: EmbeddedServer, name: str) -> None:
    with client_of(sample) as client:
        for statement in (
            f"create database {name}",
            f"create table {name}.mine (id int primary key)",
            f"insert into {name}.mine values (1), (2)",
            f"create view {name}.seen as select id from {name}.mine",
        ):
            client.execute(statement)


async def open_on(user: User, name: str) -> None:
    await user.filter(name)
    await user.press("escape", "D")
    assert user.at(DropScreen)


def test_what_goes_and_what_is_kept_is_said_first(
    sample: EmbeddedServer, made: str
) -> None:
    make(sample, f"{made}a")

    async def scene(user: User) -> None:
        await open_on(user, f"{made}a")
        user.shows(f"{made}a goes: 1 table, 1 view")
        user.shows(f"kept as {made}a_before_", "can still be had", "server history")
        user.shows(f"DROP DATABASE `{made}a`", f"Drop {made}a")
        await user.press("escape")
        assert user.at(MainScreen)

    play(scene, Target(profile_of(sample)), size=WIDE)
    assert f"{made}a" in databases_of(sample)


def test_it_is_gone_once_its_name_is_typed_and_one_key_brings_it_back(
    sample: EmbeddedServer, made: str
) -> None:
    make(sample, f"{made}b")

    async def scene(user: User) -> None:
        await open_on(user, f"{made}b")
        await user.press("ctrl+s")
        assert user.at(ConfirmName)
        await user.press("enter")
        assert user.at(DropScreen), "the focus is on Cancel"
        await user.press("ctrl+s")
        await user.type(f"{made}b")  # goes into its line, wherever the focus is
        await user.press("enter")
        await user.until_jobs_end()
        user.shows("dropped, and seen to be gone")
        assert f"{made}b" not in databases_of(sample)
        await user.press("z")
        await user.until_seen(f"drop {made}b", "table mine comes back, 2 rows")
        user.shows(f"{made}b comes back")
        await user.press("ctrl+s")
        await user.until_jobs_end()
        user.shows("verified: counts")

    play(scene, Target(profile_of(sample)), size=WIDE)
    with client_of(sample) as client:
        assert client.execute(f"select count(*) from {made}b.mine").first == (2,)


def test_the_space_is_freed_only_if_that_is_said(
    sample: EmbeddedServer, made: str
) -> None:
    make(sample, f"{made}c")

    async def scene(user: User) -> None:
        await open_on(user, f"{made}c")
        user.app.screen.query_one("#back").focus()
        await user.press("right")
        user.shows("nothing of it is kept")
        await user.press("ctrl+s")
        user.shows("There is no way back.")
        await user.press("shift+tab")
        await user.fill(f"{made}c")
        await user.press("enter")
        await user.until_jobs_end()

    play(scene, Target(profile_of(sample)), size=NARROW)
    assert not any(name.startswith(f"{made}c") for name in databases_of(sample))


def test_a_key_that_is_held_down_drops_nothing(
    sample: EmbeddedServer, made: str
) -> None:
    make(sample, f"{made}d")

    async def scene(user: User) -> None:
        await user.filter(f"{made}d")
        await user.press("escape")
        await user.keys(*["D"] * 20)
        await user.settled()
        await user.keys(*["ctrl+s"] * 20)
        await user.settled()
        await user.keys(*["enter"] * 21)
        await user.settled()
        await user.until_jobs_end()

    play(scene, Target(profile_of(sample)))
    assert f"{made}d" in databases_of(sample)


def test_a_name_that_comes_in_one_burst_is_typed_whole(
    sample: EmbeddedServer, made: str
) -> None:
    """As over a slow line, or from a terminal that pastes key by key."""
    make(sample, f"{made}e")

    async def scene(user: User) -> None:
        await open_on(user, f"{made}e")
        await user.press("ctrl+s")
        driver = user.app._driver
        assert driver is not None
        for letter in f"{made}e":
            key = Key(letter, letter)
            key.set_sender(user.app)
            driver.send_message(key)
        await user.handled()
        assert user.app.screen.query_one(Input).value == f"{made}e"
        await user.press("escape", "escape")

    play(scene, Target(profile_of(sample)), size=WIDE)


def test_in_a_prod_profile_the_button_says_so(
    sample: EmbeddedServer, made: str
) -> None:
    make(sample, f"{made}e")

    async def scene(user: User) -> None:
        await open_on(user, f"{made}e")
        user.shows(f"Drop {made}e in PROD")
        await user.press("ctrl+s")
        assert user.at(ConfirmName)
        user.shows("PROD: Drop")

    play(scene, Target(profile_of(sample, environment="prod")), size=WIDE)


def test_a_gentler_way_is_one_button(sample: EmbeddedServer, made: str) -> None:
    make(sample, f"{made}f")

    async def scene(user: User) -> None:
        await open_on(user, f"{made}f")
        await user.click("Clone it")
        assert user.at(CloneForm)
        await user.press("escape")
        assert user.at(DropScreen)

    play(scene, Target(profile_of(sample)), size=WIDE)


def test_what_blocks_it_is_named(sample: EmbeddedServer, made: str) -> None:
    make(sample, f"{made}g")
    with client_of(sample) as client:
        client.execute(f"create database {made}h")
        client.execute(
            f"create table {made}h.t (id int primary key, m int, constraint fk_m"
            f" foreign key (m) references {made}g.mine (id))"
        )

    async def scene(user: User) -> None:
        await open_on(user, f"{made}g")
        user.shows(f"fk_m of {made}h.t points to {made}g.mine")
        assert submit_off(user)

    play(scene, Target(profile_of(sample)), size=WIDE)
    with client_of(sample) as client:
        client.execute(f"drop database {made}h")


def test_a_snapshot_says_what_only_it_keeps(sample: EmbeddedServer, made: str) -> None:
    make(sample, f"{made}i")
    with client_of(sample) as client:
        client.snapshots.create(f"{made}s", "database", f"{made}i")
        client.execute(
            f"create database {made}j clone {made}i {{snapshot = '{made}s'}}"
        )

    async def scene(user: User) -> None:
        await user.press("2")
        await user.filter(f"{made}s")
        await user.press("escape", "D")
        assert user.at(DropScreen)
        user.shows(f"{made}j, made from {made}s, lives on")
        user.shows("there is no way back")
        await user.press("ctrl+s", "shift+tab")
        await user.fill(f"{made}s")
        await user.press("enter")
        await user.until_jobs_end()
        user.shows("dropped, and seen to be gone")

    play(scene, Target(profile_of(sample)), size=WIDE)
    with client_of(sample) as client:
        assert not client.snapshots.exists(f"{made}s")


def test_why_it_cannot_be_dropped_is_said(sample: EmbeddedServer) -> None:
    async def scene(user: User) -> None:
        await user.press("D")
        user.shows("Dropping is off", "read-only")
        assert user.at(MainScreen)

    play(scene, Target(profile_of(sample, read_only=True)))


def test_names_are_shown_as_they_are(sample: EmbeddedServer, made: str) -> None:
    name = f"{made}[/x][@click=app.quit]"
    with client_of(sample) as client:
        client.execute(f"create database `{name}`")
        client.execute(f"create table `{name}`.`]` (id int primary key)")

    async def scene(user: User) -> None:
        await open_on(user, made)
        assert_fit_to_show(user.app)
        user.shows(f"{name} goes: 1 table")
        await user.press("ctrl+s")
        assert_fit_to_show(user.app)
        user.shows(f"Type {name} to go on")
        await user.press("shift+tab")
        await user.fill(name)
        await user.press("enter")
        await user.until_jobs_end()

    play(scene, Target(profile_of(sample)), size=WIDE)
    assert name not in databases_of(sample)
