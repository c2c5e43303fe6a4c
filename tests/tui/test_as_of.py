"""As of: the databases at a snapshot or a time, marked, and left by `t` alone."""

from __future__ import annotations

import datetime as dt

import pytest

from moclone_tui.api.names import utc
from moclone_tui.cloning.look import server_clock
from moclone_tui.embedded import EmbeddedServer
from moclone_tui.tui.desk import Target
from moclone_tui.tui.screens.as_of import AsOfScreen
from moclone_tui.tui.screens.main import MainScreen

from .support import WIDE, User, client_of, play


def test_a_snapshot_is_browsed_and_only_t_leaves_it(
    sample: EmbeddedServer, target: Target, made: str
) -> None:
    database = f"{made}gone"
    with client_of(sample) as client:
        client.execute(f"CREATE DATABASE {database}")
        client.execute(f"CREATE TABLE {database}.t (id INT PRIMARY KEY)")
        client.execute(f"CREATE SNAPSHOT {made}snap FOR ACCOUNT")
        client.execute(f"DROP DATABASE {database}")

    async def scene(user: User) -> None:
        user.shows_not(database)
        await user.press("2", "slash")
        await user.type(f"{made}snap")
        await user.press("enter", "enter")
        user.shows(f"AS OF {made}snap", "s ago", "t changes it", database)
        for _ in range(4):
            await user.press("escape", "h")
        user.shows(f"AS OF {made}snap")
        await user.press("n")
        user.shows("A snapshot is of the present")
        await user.press("t")
        assert user.at(AsOfScreen)
        await user.press("g", "enter")
        assert user.at(MainScreen)
        user.shows_not("AS OF")
        user.shows_not(database)

    play(scene, target, size=WIDE)


def test_a_time_is_typed_and_said_back(sample: EmbeddedServer, target: Target) -> None:
    with client_of(sample) as client:
        then = utc(server_clock(client).ns)

    async def scene(user: User) -> None:
        await user.press("t", "shift+tab")
        await user.paste("soon")
        await user.until_seen("soon is not a time")
        await user.press("enter")
        assert user.at(AsOfScreen)
        await user.fill("")
        await user.paste(then.isoformat())
        await user.until_seen(f"{then:%Y-%m-%d %H:%M:%S} UTC")
        await user.press("enter")
        user.shows(f"AS OF {then:%Y-%m-%d %H:%M:%S} UTC")
        user.shows("shop")

    play(scene, target, size=WIDE)


def test_the_age_of_the_moment_goes_on(
    target: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("moclone_tui.tui.screens.main._AGES", 0.05)
    now = dt.datetime.now(dt.UTC)

    async def scene(user: User) -> None:
        nonlocal now
        await user.press("t", "shift+tab")
        await user.paste("10 minutes ago")
        await user.press("enter")
        user.shows("AS OF", "min ago · t changes it")
        now += dt.timedelta(hours=3)
        await user.until_seen("3 h ago · t changes it")

    play(scene, target, size=WIDE, clock=lambda: now)
