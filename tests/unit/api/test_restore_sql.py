"""The statements of restore and PITR, and times in the zones of a server."""

from __future__ import annotations

import datetime as dt
from typing import Any, cast
from zoneinfo import ZoneInfo

import pytest

from moclone_tui import InvalidName, Pitr, PitrUnit, SnapshotLevel
from moclone_tui.api import restore_sql as sql
from moclone_tui.api._connected import Connected
from moclone_tui.api._driver import Result
from moclone_tui.api._server_zone import process_time, session_times


@pytest.mark.parametrize(
    ("in_place", "statement"),
    [
        (True, "RESTORE CLUSTER {SNAPSHOT = 's'}"),
        (False, "RESTORE CLUSTER FROM SNAPSHOT `s`"),
    ],
)
def test_restore_cluster(in_place: bool, statement: str) -> None:
    assert sql.restore_cluster("s", in_place=in_place) == statement


@pytest.mark.parametrize(
    ("in_place", "into", "statement"),
    [
        (True, None, "RESTORE ACCOUNT `a` {SNAPSHOT = 's'}"),
        (True, "b", "RESTORE ACCOUNT `a` {SNAPSHOT = 's'} TO ACCOUNT `b`"),
        (False, None, "RESTORE ACCOUNT `a` FROM SNAPSHOT `s`"),
        (False, "b", "RESTORE ACCOUNT `a` FROM SNAPSHOT `s` TO ACCOUNT `b`"),
    ],
)
def test_restore_account(in_place: bool, into: str | None, statement: str) -> None:
    assert sql.restore_account("a", "s", into, in_place=in_place) == statement


@pytest.mark.parametrize(
    ("in_place", "statement"),
    [
        (True, "RESTORE DATABASE `d``x` {SNAPSHOT = 'it''s'}"),
        (False, "RESTORE ACCOUNT `sys` DATABASE `d``x` FROM SNAPSHOT `it's`"),
    ],
)
def test_restore_database(in_place: bool, statement: str) -> None:
    made = sql.restore_database("d`x", "it's", account="sys", in_place=in_place)
    assert made == statement


@pytest.mark.parametrize(
    ("in_place", "statement"),
    [
        (True, "RESTORE TABLE `d`.`t.x` {SNAPSHOT = 's'}"),
        (False, "RESTORE ACCOUNT `a` DATABASE `d` TABLE `t.x` FROM SNAPSHOT `s`"),
    ],
)
def test_restore_table(in_place: bool, statement: str) -> None:
    made = sql.restore_table("d", "t.x", "s", account="a", in_place=in_place)
    assert made == statement


@pytest.mark.parametrize(
    ("scope", "statement"),
    [
        (("cluster",), "CREATE PITR `p` FOR CLUSTER RANGE 7 'd'"),
        (("account",), "CREATE PITR `p` FOR ACCOUNT RANGE 7 'd'"),
        (("account", None, None, "a"), "CREATE PITR `p` FOR ACCOUNT `a` RANGE 7 'd'"),
        (("database", "d"), "CREATE PITR `p` FOR DATABASE `d` RANGE 7 'd'"),
        (("table", "d", "t"), "CREATE PITR `p` FOR TABLE `d` `t` RANGE 7 'd'"),
    ],
)
def test_create_pitr(scope: tuple[Any, ...], statement: str) -> None:
    level, *names = scope
    assert sql.create_pitr("p", level, 7, "d", *names) == statement


def test_alter_and_drop_pitr() -> None:
    assert sql.alter_pitr("p`", 2, "mo") == "ALTER PITR `p``` RANGE 2 'mo'"
    assert sql.drop_pitr("p") == "DROP PITR `p`"


@pytest.mark.parametrize(
    ("scope", "statement"),
    [
        (("cluster",), "RESTORE CLUSTER FROM PITR `p` 'T'"),
        (("account",), "RESTORE FROM PITR `p` 'T'"),
        (("account", None, None, "a"), "RESTORE ACCOUNT `a` FROM PITR `p` 'T'"),
        (("database", "d"), "RESTORE DATABASE `d` FROM PITR `p` 'T'"),
        (("table", "d", "t"), "RESTORE DATABASE `d` TABLE `t` FROM PITR `p` 'T'"),
    ],
)
def test_restore_from_pitr(scope: tuple[Any, ...], statement: str) -> None:
    level, *names = scope
    assert sql.restore_from_pitr("p", "T", level, *names) == statement


def test_what_a_pitr_covers_in_words() -> None:
    made = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    window = Pitr(
        "p", SnapshotLevel.TABLE, 1, PitrUnit.HOURS, made, made, "a", "d", "t"
    )
    assert (window.range, window.covers) == ("1 hour", "d.t")
    assert window.has_table("d", "t")
    assert not window.has_database("d")


# ------------------------------------------------------------------------ zones


class Server:
    """Answers what is asked about times, as a process in one zone."""

    def __init__(self, process: str, session: str = "SYSTEM") -> None:
        self.process = ZoneInfo(process)
        self.session = session
        self.sent: list[str] = []

    def execute(self, statement: str, params: list[Any] | None = None) -> Result:
        self.sent.append(statement)
        if statement == sql.TIME_ZONE:
            return Result(("z",), ((self.session,),), 1)
        if statement.startswith("SET time_zone"):
            self.session = statement.split("'")[1]
            return Result((), (), 0)
        zone = self.process if self.session == "SYSTEM" else ZoneInfo(self.session)
        assert params is not None
        row: tuple[Any, ...] = tuple(self._answer(statement, zone, it) for it in params)
        return Result(("t",) * len(row), (row,), 1)

    @staticmethod
    def _answer(statement: str, zone: ZoneInfo, value: Any) -> Any:
        if "FROM_UNIXTIME" in statement:
            return dt.datetime.fromtimestamp(value, zone).replace(tzinfo=None)
        moment = dt.datetime.fromisoformat(value).replace(tzinfo=zone)
        return int(moment.timestamp())


def connected(server: Server) -> Connected:
    return cast("Connected", server)


def utc(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("zone", "moment", "local"),
    [
        ("UTC", "2026-01-02 03:04:05", "2026-01-02 03:04:05"),
        ("America/New_York", "2026-01-02 03:04:05", "2026-01-01 22:04:05"),
        ("America/New_York", "2026-07-02 03:04:05", "2026-07-01 23:04:05"),
        ("Asia/Shanghai", "2026-01-02 03:04:05.5", "2026-01-02 11:04:05.500000"),
        ("Asia/Kolkata", "2026-01-02 03:04:05.000001", "2026-01-02 08:34:05.000001"),
    ],
)
def test_a_time_in_the_zone_of_the_process(zone: str, moment: str, local: str) -> None:
    server = Server(zone)
    assert process_time(connected(server), utc(moment)) == local
    assert not [sent for sent in server.sent if sent.startswith("SET")]


def test_a_session_in_a_zone_of_its_own_is_left_in_it() -> None:
    server = Server("America/New_York", "Asia/Tokyo")
    local = process_time(connected(server), utc("2026-01-02 03:04:05"))
    assert local == "2026-01-01 22:04:05"
    assert server.session == "Asia/Tokyo"


@pytest.mark.parametrize("hour", [5, 6])
def test_a_time_that_occurs_twice_at_the_server_is_refused(hour: int) -> None:
    """On the first of November 2026 New York has 01:30 twice."""
    server = connected(Server("America/New_York"))
    with pytest.raises(InvalidName, match="twice") as caught:
        process_time(server, utc(f"2026-11-01 {hour:02}:30:00"))
    assert "2026-11-01 01:30:00" in str(caught.value)
    assert process_time(server, utc("2026-11-01 07:30:00")) == "2026-11-01 02:30:00"


def test_a_time_without_a_zone_is_refused_unsent() -> None:
    server = Server("UTC")
    with pytest.raises(InvalidName, match="no zone"):
        process_time(connected(server), dt.datetime(2026, 1, 2))  # noqa: DTZ001
    assert server.sent == []


def test_times_of_the_session_in_one_round_trip() -> None:
    server = Server("UTC", "America/New_York")
    winter, summer = dt.datetime(2026, 1, 2, 3), dt.datetime(2026, 7, 2, 3)  # noqa: DTZ001
    found = session_times(connected(server), [winter, summer, winter])
    assert found == {
        winter: utc("2026-01-02 08:00:00"),
        summer: utc("2026-07-02 07:00:00"),
    }
    assert len(server.sent) == 1
    assert session_times(connected(server), []) == {}
