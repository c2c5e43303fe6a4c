"""The clone form, and what becomes of it: in the log, in the lists, on the server."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from textual.widgets import Button, Input

from moclone_tui.embedded import EmbeddedServer
from moclone_tui.tui.desk import Target
from moclone_tui.tui.screens.clone_form import CloneForm
from moclone_tui.tui.screens.leave import LeaveScreen
from moclone_tui.tui.screens.main import MainScreen
from moclone_tui.tui.widgets.log import LogPanel

from .servers import Proxy
from .support import (
    WIDE,
    User,
    assert_fit_to_show,
    client_of,
    databases_of,
    play,
    profile_of,
)


@pytest.fixture(scope="module")
def slow() -> Iterator[EmbeddedServer]:
    """A server where every clone takes half a minute, unless it is cancelled."""
    with EmbeddedServer(["--slow", "30"]) as server:
        yield server


async def _open_on(user: User, database: str) -> None:
    await user.filter(database)
    await user.press("escape", "c")
    assert user.at(CloneForm)


def _off(user: User) -> bool:
    return user.app.screen.query_one("#submit", Button).disabled


def _log(user: User) -> list[str]:
    panel = user.app.screen.query_one(LogPanel)
    return [line.text for line in panel.lines]


def test_it_opens_on_the_database_under_the_cursor(target: Target) -> None:
    async def scene(user: User) -> None:
        await _open_on(user, "shop !dev")
        assert "shop" in user.line_with("Source")
        user.shows("6 tables, 2 views, 1 sequence", "the whole database")
        assert "now" in user.line_with("As of")
        assert "shop_copy" in user.line_with("Target")
        assert "free" in user.line_with("Target")
        user.shows("CREATE DATABASE `shop_copy` CLONE `shop`", "Clone shop → shop_copy")
        user.shows("sequence", "left out by the server")
        assert not _off(user)

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
        user.shows(f"{made}lost is not there now")
        assert _off(user)
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
        assert _off(user)
        await user.press("enter")
        await user.filter(f"{made}late")
        await user.press("enter")
        assert f"{made}s" in user.line_with("As of")
        user.shows(f"{made}late is not there as of the snapshot {made}s")
        assert _off(user)
        await user.press("enter")
        await user.filter("blog")
        await user.press("enter")
        user.shows(f"CREATE DATABASE `blog_copy` CLONE `blog` {{SNAPSHOT = '{made}s'}}")
        assert not _off(user)

    play(scene, Target(profile_of(sample)), size=WIDE)


def test_source_table_and_moment_are_picked_by_keys(target: Target) -> None:
    async def scene(user: User) -> None:
        await _open_on(user, "blog")
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
        await _open_on(user, f"{made}one !copy")
        assert f"{made}one_copy_3" in user.line_with("Target")
        assert not _off(user)

    play(scene, Target(profile_of(sample)))


def test_a_name_that_was_typed_is_not_replaced_by_a_suggestion(target: Target) -> None:
    async def scene(user: User) -> None:
        await _open_on(user, "blog")
        await user.fill("mine")
        await user.press("shift+tab", "shift+tab", "shift+tab", "enter")
        await user.filter("crm")
        await user.press("enter")
        user.shows("CREATE DATABASE `mine` CLONE `crm`")

    play(scene, target)


def test_a_target_that_exists_blocks_until_it_may_be_skipped(target: Target) -> None:
    async def scene(user: User) -> None:
        await _open_on(user, "shop !dev")
        await user.fill("SHOP_dev")
        user.shows("exists already")
        assert _off(user)
        await user.press("ctrl+s")
        assert user.at(CloneForm), "a blocked form stays"
        await user.press("tab", "right")
        user.shows("it will be left alone")
        assert not _off(user)
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
        assert _off(user)
        await user.fill("nowhere.orders")
        await user.settled()
        user.shows("nowhere.orders is in no database there is")
        assert _off(user)

    play(scene, target)


def test_a_name_that_no_server_takes_blocks(target: Target) -> None:
    async def scene(user: User) -> None:
        await _open_on(user, "blog")
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
            assert _off(user) == (why != "free"), name

    play(scene, target)


def test_what_is_shown_is_what_is_sent(
    sample: EmbeddedServer, proxy: Proxy, made: str
) -> None:
    """By keys alone; then it is in the list, in the log and on the server."""
    statement = f"CREATE DATABASE `{made}a` CLONE `shop`"

    async def scene(user: User) -> None:
        await _open_on(user, "shop !dev")
        await user.fill(f"{made}a")
        user.shows(statement, "COMMIT")
        await user.press("ctrl+s")
        await user.until_jobs_end()
        await user.filter(made)
        user.shows(f"{made}a")
        await user.press("L")
        log = _log(user)
        assert "verified: counts" in log[-1]
        assert f"clone shop → {made}a" in log[-1]
        assert " s " in log[-1] or " ms " in log[-1], log[-1]
        assert any(statement in line for line in log)
        assert any("COMMIT" in line for line in log)
        user.shows("verified: counts")

    play(scene, Target(profile_of(sample, port=proxy.port)), size=WIDE)
    assert [each.upper() for each in proxy.changes if each.startswith("CREATE")] == [
        statement.upper()
    ]
    assert set(proxy.changes) <= {"BEGIN", statement, "COMMIT"}
    assert f"{made}a" in databases_of(sample)


def test_esc_leaves_and_nothing_is_sent(sample: EmbeddedServer, proxy: Proxy) -> None:
    async def scene(user: User) -> None:
        await _open_on(user, "blog")
        await user.press("escape")
        assert user.at(MainScreen)
        user.shows("Databases 6")

    play(scene, Target(profile_of(sample, port=proxy.port)))
    assert proxy.changes == []


def test_buttons_work_by_keys_and_mouse(target: Target) -> None:
    async def scene(user: User) -> None:
        await _open_on(user, "blog")
        await user.click("Cancel")
        assert user.at(MainScreen)
        await user.press("c", "tab", "tab", "tab", "enter")
        assert user.at(CloneForm)
        user.shows("Copied the SQL")
        assert "CREATE DATABASE `blog_copy` CLONE `blog`" in user.app.clipboard

    play(scene, target)


def test_a_table_is_cloned_from_a_snapshot(sample: EmbeddedServer, made: str) -> None:
    with client_of(sample) as client:
        client.execute(f"create database {made}home")
        client.execute(f"create table {made}home.t (id int primary key)")
        client.execute(f"insert into {made}home.t values (1), (2)")
        client.execute(f"create snapshot {made}s for database {made}home")
        client.execute(f"delete from {made}home.t where id = 2")

    async def scene(user: User) -> None:
        await user.press("2")
        await user.filter(f"{made}s")
        await user.press("escape", "c", "shift+tab", "shift+tab", "enter")
        await user.press("j", "enter", "ctrl+s")
        await user.until_jobs_end()
        user.shows("verified: counts")

    play(scene, Target(profile_of(sample)))
    with client_of(sample) as client:
        rows = client.execute(f"select count(*) from {made}home.t_copy").rows
    assert rows == ((2,),)


def test_a_failure_has_a_cause_and_the_servers_words(
    sample: EmbeddedServer, made: str
) -> None:
    """The target is made by somebody else while the form is open."""
    words = f"1007: database {made}new already exists"

    async def scene(user: User) -> None:
        await _open_on(user, "blog")
        await user.fill(f"{made}new")
        user.shows("free")
        with client_of(sample) as client:
            client.execute(f"create database {made}new")
        await user.press("ctrl+s")
        await user.until_jobs_end()
        user.shows("failed", f"{made}new", "exists already", "1 failed")
        await user.press("L", "G")
        user.shows_not(words)
        await user.press("enter")
        user.shows(words, f"CREATE DATABASE `{made}new` CLONE `blog`")
        await user.press("enter")
        user.shows_not(words)

    play(scene, Target(profile_of(sample)), size=WIDE)


def test_a_source_that_is_gone_is_told(sample: EmbeddedServer, made: str) -> None:
    with client_of(sample) as client:
        client.execute(f"create database {made}src")

    async def scene(user: User) -> None:
        await _open_on(user, f"{made}src")
        with client_of(sample) as client:
            client.execute(f"drop database {made}src")
        await user.press("ctrl+s")
        await user.until_jobs_end()
        user.shows("failed", f"The database {made}src does not exist", "1 failed")

    play(scene, Target(profile_of(sample)), size=WIDE)


def test_a_running_clone_is_cancelled_with_x(slow: EmbeddedServer) -> None:
    async def scene(user: User) -> None:
        await _open_on(user, "blog")
        await user.press("ctrl+s")
        user.shows("1 running", "started", "x cancel")
        await user.until(lambda: _is_cloning(slow), "the clone to be under way")
        await user.press("x")
        await user.until_jobs_end()
        user.shows("cancelled")
        user.shows_not("1 running")
        user.shows_not("x cancel")
        assert any("cancelling" in line for line in _log(user))

    play(scene, Target(profile_of(slow)))
    assert "blog_copy" not in databases_of(slow)


def test_a_clone_cancelled_before_it_began(slow: EmbeddedServer) -> None:
    """x at once, while the job still connects: it must not run to its end."""

    async def scene(user: User) -> None:
        await _open_on(user, "crm")
        await user.pilot.press("ctrl+s", "x")
        await user.until_jobs_end()
        user.shows("cancelled")

    play(scene, Target(profile_of(slow)))
    assert "crm_copy" not in databases_of(slow)


@pytest.mark.parametrize("key", ["q", "ctrl+q", "ctrl+o"])
def test_leaving_while_a_job_runs_asks(slow: EmbeddedServer, key: str) -> None:
    async def scene(user: User) -> None:
        await _open_on(user, "gallery")
        await user.press("ctrl+s")
        await user.until(lambda: _is_cloning(slow), "the clone to be under way")
        await user.press(key)
        assert user.at(LeaveScreen)
        user.shows("1 job running", "rolls back")
        await user.press("enter")  # the focus is on Stay
        assert user.at(MainScreen)
        user.shows("1 running")
        await user.press(key, "shift+tab", "enter")
        if key == "ctrl+o":
            await user.until_seen("Choose a server")
        else:
            await user.until(lambda: user.app._exit, "the end")

    play(scene, Target(profile_of(slow)))
    for _ in range(200):
        if not _is_cloning(slow):
            break
    assert "gallery_copy" not in databases_of(slow)


def _is_cloning(server: EmbeddedServer) -> bool:
    with client_of(server) as client:
        result = client.execute("SHOW PROCESSLIST")
        info = [name.lower() for name in result.columns].index("info")
        return any("CLONE" in str(row[info]) for row in result)


def test_a_read_only_profile_changes_nothing(
    sample: EmbeddedServer, proxy: Proxy
) -> None:
    async def scene(user: User) -> None:
        user.shows("read-only")
        await user.press("c")
        assert user.at(MainScreen)
        user.shows("Cloning is off: the profile here is read-only.")
        await user.press("n")
        assert user.at(MainScreen)
        user.shows("Taking snapshots is off: the profile here is read-only.")
        await user.press("2", "c", "n", "r", "1", "tab", "enter", "x", "y", "ctrl+s")
        assert user.at(MainScreen)

    play(scene, Target(profile_of(sample, port=proxy.port, read_only=True)))
    assert proxy.changes == []
    assert len(proxy.statements) > 3
