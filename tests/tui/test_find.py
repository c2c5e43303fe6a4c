"""ctrl+f: a table of any database is found, and gone to."""

from __future__ import annotations

from moclone_tui.embedded import EmbeddedServer
from moclone_tui.tui.desk import Target
from moclone_tui.tui.screens.find import FindScreen
from moclone_tui.tui.screens.main import MainScreen
from moclone_tui.tui.widgets.table import TableList

from .support import WIDE, User, client_of, play, profile_of


def _at(user: User) -> tuple[object, object]:
    panes = ("databases-pane", "objects-pane")
    names, objects = (
        user.app.screen.query_one(f"#{pane} TableList", TableList) for pane in panes
    )
    return names.cursor_key, objects.cursor_key


def test_enter_goes_to_the_table_that_was_found(target: Target) -> None:
    async def scene(user: User) -> None:
        await user.press("ctrl+f")
        assert user.at(FindScreen)
        user.shows("Find a table", "objects", "order_items")
        await user.type("items dev")
        await user.press("enter")
        assert user.at(MainScreen)
        assert _at(user) == ("shop_dev", "order_items")
        await user.press("ctrl+f")
        await user.type("orders")
        await user.press("down", "escape")
        assert user.at(MainScreen)
        assert _at(user) == ("shop_dev", "order_items")

    play(scene, target, size=WIDE)


def test_a_filter_that_hides_it_is_taken_away(target: Target) -> None:
    async def scene(user: User) -> None:
        await user.filter("blog")
        await user.press("ctrl+f")
        await user.type("shop !dev customers")
        await user.press("enter")
        assert _at(user) == ("shop", "customers")
        user.shows("gallery")

    play(scene, target)


def test_a_name_that_is_typed_is_gone_to(sample: EmbeddedServer, made: str) -> None:
    """For logins that may use what they cannot list."""

    async def scene(user: User) -> None:
        await user.press("ctrl+f")
        with client_of(sample) as client:
            client.execute(f"CREATE DATABASE {made}new")
            client.execute(f"CREATE TABLE {made}new.t (id INT)")
        await user.type(f"{made}new.t")
        await user.press("enter")
        assert _at(user) == (f"{made}new", "t")

    play(scene, Target(profile_of(sample)), size=WIDE)


def test_dropped_tables_are_found_at_a_moment(
    sample: EmbeddedServer, made: str
) -> None:
    with client_of(sample) as client:
        client.execute(f"CREATE DATABASE {made}d")
        client.execute(f"CREATE TABLE {made}d.gone (id INT PRIMARY KEY)")
        client.execute(f"INSERT INTO {made}d.gone VALUES (41), (42)")
        client.execute(f"CREATE SNAPSHOT {made}snap FOR ACCOUNT")
        client.execute(f"DROP TABLE {made}d.gone")

    async def scene(user: User) -> None:
        await user.press("t")
        await user.filter(f"{made}snap")
        await user.press("enter")
        user.shows("AS OF")
        await user.press("ctrl+f")
        await user.type("gone")
        await user.press("enter")
        assert _at(user) == (f"{made}d", "gone")
        line = user.line_with("gone  ")
        assert line.count("–") == 2, "neither size nor changes can be told of then"
        for tab in ("id", "primary key", "CREATE TABLE", "42"):
            await user.press("right_square_bracket")
            user.shows(tab)
        await user.press("right_square_bracket")
        user.shows("t goes back to now")
        await user.press("c")
        assert f"{made}snap" in user.line_with("As of")
        user.shows(f"CLONE `{made}d`.`gone` {{SNAPSHOT", f"'{made}snap'}}")

    play(scene, Target(profile_of(sample)), size=WIDE)
