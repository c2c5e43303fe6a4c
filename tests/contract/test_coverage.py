"""How far back things can be had, on real catalogs."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from moclone_tui import Client, Moment
from moclone_tui.cloning.coverage import checked, look
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


def test_a_snapshot_from_before_it_was_made_does_not_bring_it_back(
    client: Client, people: People, shop: str, names: Names
) -> None:
    client.snapshots.create(names("old"), "account")
    client.execute(f"CREATE DATABASE {names('young')}")
    client.execute(f"CREATE TABLE {names('young')}.t (id INT)")
    client.snapshots.create(names("new"), "account")
    kept = look(client)

    def mine(database: str, table: str = "") -> list[str]:
        found = checked(client, kept, database, table).snapshots or ()
        return [each.name for each in found if each.name.startswith(names.prefix)]

    assert mine(names("young")) == mine(names("young"), "t") == [names("new")]
    assert mine(shop) == mine(shop, "orders") == [names("new"), names("old")]


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
