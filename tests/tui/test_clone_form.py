"""The clone form: what it begins with, what is picked, and what the plan says of it."""

from __future__ import annotations

import threading

from textual.widgets import Input

from moclone_tui.embedded import EmbeddedServer
from moclone_tui.tui.desk import Target
from moclone_tui.tui.screens.clone_form import CloneForm
from moclone_tui.tui.screens.main import MainScreen

from .servers import Proxy
from .support import (
    WIDE,
    User,
    assert_fit_to_show,
    client_of,
    open_clone_form,
    play,
    profile_of,
    submit_off,
)


def test_it_opens_on_the_database_under_the_cursor(target: Target) -> None:
    async def scene(user: User) -> None:
        await open_clone_form(user, "shop !dev")
        assert "shop" in user.line_with("Source")
        user.shows("6 tables, 2 views, 1 sequence", "the whole database")
        assert "now" in user.line_with("As of")
        assert "shop_copy" in user.line_with("Target")
        assert "free" in user.line_with("Target")
        user.shows("CREATE DATABASE `shop_copy` CLONE `shop`", "Clone shop → shop_copy")
        assert " ! " in user.line_with("sequence ticket is left out by the server")
        assert not submit_off(user)

    play(scene, target)


def test_it_opens_on_the_table_under_the_cursor(target: Target) -> None:
    async def scene(user: User) -> None:
        await user.filter("shop !dev")
        await user.press("tab")
        await user.filter("customers")
        await user.press("escape", "c")
        assert "customers" in user.line_with("Table")
        assert "shop.customers_copy" in user.line_with("Target")
        user.shows("CREATE TABLE `shop`.`customers_copy` CLONE `shop`.`customers`")

    play(scene, target)


def test_it_opens_on_the_snapshot_under_the_cursor(
    sample: EmbeddedServer, made: str
) -> None:
    with client_of(sample) as client:
        client.execute(f"create snapshot {made}s for database shop")

    async def scene(user: User) -> None:
        await user.press("2")
        await user.filter(f"{made}s")
        await user.press("escape", "c")
        assert "shop" in user.line_with("Source")
        assert f"{made}s" in user.line_with("As of")
        user.shows(f"CLONE `shop` {{SNAPSHOT = '{made}s'}}")

    play(scene, Target(profile_of(sample)), size=WIDE)


def test_a_snapshot_of_a_dropped_database_clones_that_one_and_no_other(
    sample: EmbeddedServer, made: str
) -> None:
    """What snapshots are for; the form must never turn to another database."""
    with client_of(sample) as client:
        client.execute(f"create database {made}lost")
        client.execute(f"create table {made}lost.t (id int primary key)")
        client.execute(f"insert into {made}lost.t values (7)")
        client.execute(f"create snapshot {made}s for database {made}lost")
        client.execute(f"drop database {made}lost")

    async def scene(user: User) -> None:
        await user.press("2")
        await user.filter(f"{made}s")
        await user.press("escape", "c")
        assert f"{made}lost" in user.line_with("Source")
        assert f"{made}s" in user.line_with("As of")
        user.shows("1 table", f"CLONE `{made}lost` {{SNAPSHOT = '{made}s'}}")
        await user.press("shift+tab", "enter", "g", "enter")  # now: it is gone
        user.shows(f"{made}lost does not exist.")
        assert submit_off(user)
        await user.press("enter")
        await user.filter(f"{made}s")
        await user.press("enter", "ctrl+s")
        await user.until_jobs_end()
        user.shows("verified: counts")

    play(scene, Target(profile_of(sample)), size=WIDE)
    with client_of(sample) as client:
        assert client.execute(f"select id from {made}lost_copy.t").rows == ((7,),)


def test_a_snapshot_of_the_account_asks_for_a_database(
    sample: EmbeddedServer, made: str
) -> None:
    with client_of(sample) as client:
        client.execute(f"create snapshot {made}s for account sys")
        client.execute(f"create database {made}late clone blog")

    async def scene(user: User) -> None:
        await user.press("2")
        await user.filter(f"{made}s")
        await user.press("escape", "c")
        user.shows("Choose a database to clone")
        assert submit_off(user)
        await user.press("enter")
        await user.filter(f"{made}late")
        await user.press("enter")
        assert f"{made}s" in user.line_with("As of")
        user.shows(f"{made}late does not exist at {made}s.")
        assert submit_off(user)
        await user.press("enter")
        await user.filter("blog")
        await user.press("enter")
        user.shows(f"CREATE DATABASE `blog_copy` CLONE `blog` {{SNAPSHOT = '{made}s'}}")
        assert not submit_off(user)

    play(scene, Target(profile_of(sample)), size=WIDE)


def test_source_table_and_moment_are_picked_by_keys(target: Target) -> None:
    async def scene(user: User) -> None:
        await open_clone_form(user, "blog")
        await user.press("shift+tab", "shift+tab", "shift+tab", "enter")
        user.shows("enter choose", "gallery")
        await user.filter("shop !dev")
        await user.press("enter")
        assert "shop" in user.line_with("Source")
        assert "shop_copy" in user.line_with("Target"), "it suggests another name"
        await user.press("tab", "enter")
        user.shows("the whole database", "orders")
        await user.filter("customers")
        await user.press("enter")
        user.shows("CREATE TABLE `shop`.`customers_copy` CLONE `shop`.`customers`")
        await user.press("tab", "enter")
        user.shows("the present")
        await user.press("j", "enter")
        user.shows("CLONE `shop`.`customers` {SNAPSHOT = '")

    play(scene, target, size=WIDE)


def test_the_name_it_suggests_is_a_free_one(sample: EmbeddedServer, made: str) -> None:
    with client_of(sample) as client:
        for name in ("one", "one_copy", "one_copy_2"):
            client.execute(f"create database {made}{name}")

    async def scene(user: User) -> None:
        await open_clone_form(user, f"{made}one !copy")
        assert f"{made}one_copy_3" in user.line_with("Target")
        assert "free" in user.line_with("Target")
        assert not submit_off(user)

    play(scene, Target(profile_of(sample)))


def test_a_name_that_was_typed_is_not_replaced_by_a_suggestion(target: Target) -> None:
    async def scene(user: User) -> None:
        await open_clone_form(user, "blog")
        await user.fill("mine")
        await user.press("shift+tab", "shift+tab", "shift+tab", "enter")
        await user.filter("gallery")
        await user.press("enter")
        user.shows("CREATE DATABASE `mine` CLONE `gallery`")

    play(scene, target)


def test_a_target_that_exists_blocks_until_it_may_be_skipped(target: Target) -> None:
    async def scene(user: User) -> None:
        await open_clone_form(user, "shop !dev")
        await user.fill("SHOP_dev")
        user.shows("exists already")
        assert submit_off(user)
        await user.press("ctrl+s")
        assert user.at(CloneForm), "a blocked form stays"
        await user.press("tab", "right")
        user.shows("it will be left alone")
        assert not submit_off(user)
        await user.press("ctrl+s")
        await user.until_jobs_end()
        user.shows("skipped", "left alone")

    play(scene, target, size=WIDE)


def test_a_table_that_exists_blocks_too(target: Target) -> None:
    async def scene(user: User) -> None:
        await user.filter("shop !dev")
        await user.press("tab")
        await user.filter("customers")
        await user.press("escape", "c")
        await user.fill("orders")
        user.shows("shop.orders exists already")
        assert submit_off(user)
        await user.fill("nowhere.orders")
        user.shows("the database nowhere does not exist. Make it first")
        assert "no such database" in user.line_with("Target")
        assert submit_off(user)

    play(scene, target)


def test_a_name_that_no_server_takes_blocks(target: Target) -> None:
    async def scene(user: User) -> None:
        await open_clone_form(user, "blog")
        field = user.app.screen.query_one("#target", Input)
        for name, why in (
            ("", "is empty"),
            ("two words", "no space"),
            ("back`tick", "no `"),
            ("'quoted'", "no '"),
            ('"quoted"', 'no "'),
            ("mo_catalog", "mo_catalog exists already"),
            ("two\u200bwords", "free"),
        ):
            field.value = name
            await user.settled()
            user.shows(why)
            assert_fit_to_show(user.app)
            assert submit_off(user) == (why != "free"), name

    play(scene, target)


def test_buttons_work_by_keys_and_mouse(target: Target) -> None:
    async def scene(user: User) -> None:
        await open_clone_form(user, "blog")
        await user.click("Cancel")
        assert user.at(MainScreen)
        await user.press("c", *["tab"] * 6, "enter")
        assert user.at(CloneForm)
        user.shows("Copied the SQL")
        assert "CREATE DATABASE `blog_copy` CLONE `blog`" in user.app.clipboard

    play(scene, target)


def test_what_the_server_would_refuse_blocks(sample: EmbeddedServer, made: str) -> None:
    """Said before anything is sent, with what to do about it."""
    with client_of(sample) as client:
        client.execute(f"create database {made}torn")
        client.execute(f"create table {made}torn.t (id int primary key)")
        client.execute(f"create view {made}torn.seen as select id from {made}torn.t")
        client.execute(f"drop table {made}torn.t")

    async def scene(user: User) -> None:
        await open_clone_form(user, "crm")
        why = "imports is an external table: with it the server refuses the whole copy"
        assert " x " in user.line_with("imports is an external table:")
        user.shows(f"{why}. Copy it stepwise, which leaves it out.")
        assert submit_off(user)
        await user.press("ctrl+s")
        assert user.at(CloneForm), "a blocked form stays"
        await user.press("shift+tab", "shift+tab", "enter", "j", "enter")
        assert "crm." in user.line_with("Target")
        user.shows_not(why)
        assert not submit_off(user), "a table of it can be cloned"
        await user.press("escape")
        await open_clone_form(user, f"{made}torn")
        user.shows("seen is a view of what is not there", "Drop or mend it.")
        assert submit_off(user)

    play(scene, Target(profile_of(sample)))


def test_only_the_newest_plan_is_shown(sample: EmbeddedServer, proxy: Proxy) -> None:
    """Two more keys while the first plan is being made; it comes, and is not shown."""
    asked: list[str] = []
    go_on = threading.Semaphore(0)

    def hold(statement: str) -> None:
        for name in ("shop_dev", "shop_dev1", "shop_dev12"):
            if f"'{name}'" in statement and "'target object'" in statement:
                asked.append(name)
                assert go_on.acquire(timeout=10)

    async def scene(user: User) -> None:
        await open_clone_form(user, "blog")
        field = user.app.screen.query_one("#target", Input)
        proxy.before = hold
        field.value = "shop_dev"
        await user.until(lambda: asked == ["shop_dev"], "the first to be asked")
        assert "…" in user.line_with("Target")
        assert not submit_off(user), "the job would check by itself"
        field.action_end()
        await user.type("12")
        assert field.value == "shop_dev12"
        go_on.release()
        await user.until(lambda: len(asked) == 2, "the next to be asked")
        await user.handled()
        assert "…" in user.line_with("Target"), "the first is not shown any more"
        user.shows_not("exists already")
        go_on.release()
        await user.settled()
        assert "free" in user.line_with("Target")
        user.shows("CREATE DATABASE `shop_dev12` CLONE `blog`")
        user.shows_not("exists already")

    play(scene, Target(profile_of(sample, port=proxy.port)))
    assert asked == ["shop_dev", "shop_dev12"], "what is typed over is not asked for"


def test_a_form_without_a_connection_says_so_and_the_job_fails(
    sample: EmbeddedServer, proxy: Proxy
) -> None:
    async def scene(user: User) -> None:
        await open_clone_form(user, "blog")
        proxy.down = True
        proxy.cut()
        await user.fill("offline")
        assert " ! " in user.line_with("could not be checked")
        assert "not known" in user.line_with("Target")
        user.shows("CREATE DATABASE `offline` CLONE `blog`")
        assert not submit_off(user)
        await user.press("ctrl+s")
        await user.until_jobs_end()
        user.shows("1 to look at", "failed: 127.0.0.1", "closed the connection")
        proxy.down = False
        await user.press("c")
        await user.fill("offline")
        user.shows_not("could not be checked")
        assert "free" in user.line_with("Target")

    play(scene, Target(profile_of(sample, port=proxy.port)), size=WIDE)
    assert proxy.changes == []
