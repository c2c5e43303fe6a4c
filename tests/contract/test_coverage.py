"""How far back things can be had, on real catalogs."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from moclone_tui import Client, Moment
from moclone_tui.cloning.coverage import look
from moclone_tui.cloning.look import server_clock

if TYPE_CHECKING:
    from tests.conftest import Names

    from .people import People


def test_history_pitr_and_snapshots_of_all_levels(
    client: Client, people: People, shop: str, names: Names
) -> None:
    client.pitr.create(names("week"), "database", 7, "d", database=shop)
    client.snapshots.create(names("db"), "database", database=shop)
    client.snapshots.create(names("all"), "account")
    client.snapshots.create(names("tab"), "table", database=shop, table="orders")
    kept = look(client)
    whole, table = kept.of(shop), kept.of(shop, "orders")
    assert whole.snapshots is not None
    assert table.snapshots is not None
    mine = [s.name for s in whole.snapshots if s.name.startswith(names.prefix)]
    assert mine == [names("all"), names("db")]
    assert names("tab") in [snapshot.name for snapshot in table.snapshots]
    others = kept.of(shop, "customers").snapshots or ()
    assert names("tab") not in [snapshot.name for snapshot in others]
    assert [window.name for window in table.windows] == [
        "server history",
        names("week"),
    ]
    assert not any(window.dead for window in table.windows)
    clock = server_clock(client)
    assert table.covers(clock).by[:2] == ("server history", names("week"))
    assert dt.timedelta(minutes=59) < kept.now - whole.history.start
    assert not whole.covers(Moment(ns=clock.ns - 40 * 86400 * 10**9))


def test_a_pitr_of_what_was_made_anew_is_dead(
    client: Client, people: People, shop: str, names: Names
) -> None:
    client.pitr.create(names("week"), "database", 7, "d", database=shop)
    client.execute(f"DROP DATABASE {shop}")
    (gone,) = look(client).of(shop).pitrs or ()
    assert gone.dead == f"{shop} is not there any more"
    client.execute(f"CREATE DATABASE {shop}")
    kept = look(client)
    (window,) = kept.of(shop).pitrs or ()
    assert window.dead == f"it was for an earlier {shop}"
    assert window.end is not None
    assert window.start <= window.end <= kept.now


def test_a_login_that_may_not_look_is_told_what_is_not_known(
    people: People, shop: str
) -> None:
    role = people.add("few")
    with people.login(role) as login:
        coverage = look(login).of(shop)
    assert coverage.pitrs is None
    assert coverage.snapshots is None
    assert "PITRs are not known" in coverage.as_words()
    assert "to the second since" in coverage.as_words()
