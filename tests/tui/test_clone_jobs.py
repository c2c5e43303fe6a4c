"""What becomes of the clone form: in the log, in the lists, on the server."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator

import pytest

from moclone_tui.cloning.request import Request
from moclone_tui.embedded import EmbeddedServer
from moclone_tui.jobs.clone import Copy
from moclone_tui.tui.desk import Target
from moclone_tui.tui.screens.leave import LeaveScreen
from moclone_tui.tui.screens.main import MainScreen
from moclone_tui.tui.widgets.log import LogPanel

from .servers import Proxy
from .support import (
    WIDE,
    User,
    client_of,
    databases_of,
    open_clone_form,
    play,
    profile_of,
)


@pytest.fixture(scope="module")
def slow() -> Iterator[EmbeddedServer]:
    """A server where every clone takes half a minute, unless it is cancelled."""
    with EmbeddedServer(["--slow", "30"]) as server:
        yield server


def _log(user: User) -> list[str]:
    panel = user.app.screen.query_one(LogPanel)
    return [line.text for line in panel.lines]


def test_what_is_shown_is_what_is_sent(
    sample: EmbeddedServer, proxy: Proxy, made: str
) -> None:
    """By keys alone; then it is in the list, in the log and on the server."""
    statement = f"CREATE DATABASE `{made}a` CLONE `shop`"

    async def scene(user: User) -> None:
        await open_clone_form(user, "shop !dev")
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
    sent = [re.sub(r"^/\*.*?\*/ ", "", each) for each in proxy.changes]
    assert sent[0] == "BEGIN"
    assert sent[1].startswith(f"{statement} {{MO_TS = ")
    assert sent[2:] == ["COMMIT"]
    assert f"{made}a" in databases_of(sample)


def test_esc_leaves_and_nothing_is_sent(sample: EmbeddedServer, proxy: Proxy) -> None:
    async def scene(user: User) -> None:
        await open_clone_form(user, "blog")
        await user.press("escape")
        assert user.at(MainScreen)
        user.shows("Databases 6")

    play(scene, Target(profile_of(sample, port=proxy.port)))
    assert proxy.changes == []


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
    sample: EmbeddedServer, proxy: Proxy, made: str
) -> None:
    """The target is made by somebody else between the job's check and its clone."""
    words = f"1007: database {made}new already exists"

    def somebody(statement: str) -> None:
        if "BEGIN" in statement:
            with client_of(sample) as client:
                client.execute(f"create database {made}new")

    async def scene(user: User) -> None:
        await open_clone_form(user, "blog")
        await user.fill(f"{made}new")
        proxy.before = somebody
        await user.press("ctrl+s")
        await user.until_jobs_end()
        user.shows("failed", f"{made}new", "exists already", "1 to look at")
        await user.press("L", "G")
        user.shows_not(words)
        await user.press("enter")
        user.shows(words, f"CREATE DATABASE `{made}new` CLONE `blog`")
        await user.press("enter")
        user.shows_not(words)

    play(scene, Target(profile_of(sample, port=proxy.port)), size=WIDE)


def test_what_changed_behind_an_open_form_is_found_before_anything_is_sent(
    sample: EmbeddedServer, proxy: Proxy, made: str
) -> None:
    with client_of(sample) as client:
        client.execute(f"create database {made}src")

    async def scene(user: User) -> None:
        await open_clone_form(user, f"{made}src")
        await user.fill(f"{made}new")
        assert "free" in user.line_with("Target")
        with client_of(sample) as client:
            client.execute(f"create database {made}new")
        await user.press("ctrl+s")
        await user.until_jobs_end()
        user.shows("1 to look at", f"failed: {made}new exists already.")
        await open_clone_form(user, f"{made}src")
        with client_of(sample) as client:
            client.execute(f"drop database {made}src")
        await user.press("ctrl+s")
        await user.until_jobs_end()
        user.shows("2 to look at", f"failed: {made}src does not exist.")

    play(scene, Target(profile_of(sample, port=proxy.port)), size=WIDE)
    assert proxy.changes == []


def test_a_running_clone_is_cancelled_with_x(slow: EmbeddedServer) -> None:
    async def scene(user: User) -> None:
        await open_clone_form(user, "blog")
        await user.press("ctrl+s")
        user.shows("1 running", "x cancel")
        await user.until(lambda: _is_cloning(slow), "the clone to be under way")
        await user.press("x")
        await user.until_jobs_end()
        user.shows("cancelled; the server rolled it")
        user.shows_not("1 running")
        user.shows_not("x cancel")
        log = _log(user)
        assert "started" in log[0]
        assert any("cancelling" in line for line in log)

    play(scene, Target(profile_of(slow)))
    assert "blog_copy" not in databases_of(slow)


def test_a_clone_cancelled_before_it_began(slow: EmbeddedServer) -> None:
    """x at once, while the job still connects: it must not run to its end."""

    async def scene(user: User) -> None:
        await open_clone_form(user, "shop !dev")
        await user.pilot.press("ctrl+s", "x")
        assert user.at(MainScreen)
        await user.until_jobs_end()
        user.shows("cancelled")

    play(scene, Target(profile_of(slow)))
    assert "shop_copy" not in databases_of(slow)


def test_a_clone_cancelled_while_it_waits_for_others(slow: EmbeddedServer) -> None:
    """Four run at once; the fifth says that it never began."""

    async def scene(user: User) -> None:
        assert user.app.desk is not None
        runner = user.app.desk.runner
        for number in range(4):
            runner.submit(Copy(Request.of("blog", f"blog_{number}")))
        await open_clone_form(user, "blog")
        await user.press("ctrl+s")
        user.shows("5 running")
        await user.press("x")
        await user.until_seen("4 running")
        user.shows("clone blog → blog_copy", "cancelled before it began")
        for number in runner.running:
            runner.cancel(number)
        await user.until_jobs_end()

    play(scene, Target(profile_of(slow)), size=WIDE)
    assert not {name for name in databases_of(slow) if name.startswith("blog_")}


@pytest.mark.parametrize("key", ["q", "ctrl+q", "ctrl+o"])
def test_leaving_while_a_job_runs_asks(slow: EmbeddedServer, key: str) -> None:
    async def scene(user: User) -> None:
        await open_clone_form(user, "gallery")
        await user.press("ctrl+s")
        await user.until(lambda: _is_cloning(slow), "the clone to be under way")
        await user.press(key)
        assert user.at(LeaveScreen)
        user.shows("1 job running", "rolls back")
        await user.press("enter")  # the focus is on Stay
        assert user.at(MainScreen)
        user.shows("1 running")
        await user.press(key)
        await user.press("tab", "enter")
        if key == "ctrl+o":
            await user.until_seen("Choose a server")
        else:
            await user.until(lambda: user.app._exit, "the end")

    play(scene, Target(profile_of(slow)))
    until = time.monotonic() + 10
    while _is_cloning(slow):
        assert time.monotonic() < until, "it goes on though moclone was left"
        time.sleep(0.05)
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
