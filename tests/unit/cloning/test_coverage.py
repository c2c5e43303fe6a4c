"""What covers a moment, and how that is said."""

from __future__ import annotations

import datetime as dt

import pytest

from moclone_tui import Moment, Pitr, PitrUnit, Snapshot, SnapshotLevel
from moclone_tui.cloning.coverage import Kept, Window, back

NOW = dt.datetime(2026, 11, 24, 14, 12, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)


def ns(time: dt.datetime) -> int:
    return int(time.timestamp()) * 10**9


def pitr(name: str = "week", active: bool | None = True, table: str = "") -> Pitr:
    return Pitr(
        name,
        SnapshotLevel.TABLE if table else SnapshotLevel.DATABASE,
        7,
        PitrUnit.DAYS,
        created=NOW - 30 * DAY,
        modified=NOW - 30 * DAY,
        account="sys",
        database="shop",
        table=table,
        active=active,
    )


def snapshot(name: str, ago: dt.timedelta, level: str = "database") -> Snapshot:
    return Snapshot(name, SnapshotLevel(level), ns(NOW - ago), "sys", "shop")


def kept(
    *pitrs: Pitr,
    snapshots: tuple[Snapshot, ...] | None = (),
    made: dt.datetime | None = None,
    told: bool = False,
) -> Kept:
    history = Window(NOW - HOUR, told=told)
    times = {} if made is None else {"shop": made}
    return Kept("sys", NOW, history, pitrs, snapshots, times)


def test_the_overview_says_all_that_brings_it_back() -> None:
    coverage = kept(pitr(), snapshots=(snapshot("nightly_20", 20 * DAY),)).of("shop")
    assert coverage.as_words(NOW) == (
        "recoverable: to the second since 13:12 UTC (server history, about an hour)"
        " · since 17 Nov by week · nightly_20"
    )


def test_what_the_server_itself_says_of_its_history_is_not_about() -> None:
    assert "(server history, an hour)" in kept(told=True).of("shop").as_words(NOW)


def test_a_dead_pitr_says_so_and_keeps_only_the_past_of_what_was_replaced() -> None:
    made = NOW - 2 * DAY
    coverage = kept(pitr(active=False), made=made).of("shop")
    (_, dead) = coverage.parts(NOW)
    assert dead.dead
    assert dead.text == "week is dead (it was for an earlier shop, to 22 Nov)"
    assert coverage.covers(Moment(ns=ns(made - HOUR))).by == ("week",)
    assert not coverage.covers(Moment(ns=ns(made + HOUR)))
    gone = kept(pitr(active=False)).of("shop")
    assert "week is dead (shop is not there any more)" in gone.as_words(NOW)


def test_what_a_login_may_not_know_is_said_not_guessed() -> None:
    coverage = Kept("sys", NOW, Window(NOW - HOUR, told=False)).of("shop", "orders")
    assert "PITRs are not known to this login" in coverage.as_words(NOW)
    assert "snapshots are not known to this login" in coverage.as_words(NOW)
    assert coverage.covers(Moment(ns=ns(NOW - HOUR / 2))).by == ("server history",)


def test_a_moment_is_covered_by_all_that_hold_it() -> None:
    taken = snapshot("sale", HOUR / 2)
    coverage = kept(pitr(), snapshots=(taken,)).of("shop", "orders")
    cover = coverage.covers(Moment(ns=taken.ts))
    assert cover.words == "recoverable by sale · server history · week"
    assert coverage.covers(Moment(snapshot="sale")) == cover
    assert coverage.covers(Moment()).words == "recoverable by the present"


def test_where_nothing_covers_the_nearest_is_named_and_what_would_have() -> None:
    taken = snapshot("sale", 3 * DAY)
    coverage = kept(snapshots=(taken,)).of("shop")
    cover = coverage.covers(Moment(ns=ns(NOW - DAY)))
    assert not cover
    assert cover.nearest == (Moment("sale"), Moment(ns=ns(NOW - HOUR)))
    assert "the nearest is sale or 2026-11-24 13:12:00 UTC." in cover.words
    assert "A PITR or a snapshot keeps what comes" in cover.words
    other = coverage.covers(Moment(snapshot="other"))
    assert "the snapshot other does not hold shop" in other.words


@pytest.mark.parametrize("level", ["cluster", "account", "database"])
def test_a_snapshot_of_what_is_around_it_holds_it(level: str) -> None:
    coverage = kept(snapshots=(snapshot("s", DAY, level),)).of("shop", "orders")
    assert coverage.snapshots


def test_what_is_of_something_else_does_not_count() -> None:
    of_a_table = kept(pitr(table="orders"))
    assert of_a_table.of("shop").pitrs == ()
    assert of_a_table.of("shop", "other").pitrs == ()
    assert of_a_table.of("Shop", "ORDERS").pitrs != ()


@pytest.mark.parametrize(
    ("unit", "start"),
    [
        (PitrUnit.HOURS, dt.datetime(2026, 3, 31, 5, tzinfo=dt.UTC)),
        (PitrUnit.DAYS, dt.datetime(2026, 3, 30, 6, tzinfo=dt.UTC)),
        # As the server's own clock counts: 31 February is 3 March.
        (PitrUnit.MONTHS, dt.datetime(2026, 3, 3, 6, tzinfo=dt.UTC)),
        (PitrUnit.YEARS, dt.datetime(2025, 3, 31, 6, tzinfo=dt.UTC)),
    ],
)
def test_how_far_a_range_reaches(unit: PitrUnit, start: dt.datetime) -> None:
    from dataclasses import replace

    now = dt.datetime(2026, 3, 31, 6, tzinfo=dt.UTC)
    assert back(now, replace(pitr(), length=1, unit=unit)) == start
