"""Jobs on real parts: what they tell, and what is there afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from moclone_tui import (
    NOW,
    AuthFailed,
    Client,
    CloneError,
    ConnectionError,
    Moment,
    SnapshotLevel,
    TableName,
)
from moclone_tui.api._connected import Connected
from moclone_tui.cloning import run
from moclone_tui.cloning.request import IfExists, Request
from moclone_tui.cloning.verify import Verdict, verify_database
from moclone_tui.jobs.clone import Copy
from moclone_tui.jobs.model import JobEvent, JobSpec, JobState
from moclone_tui.jobs.runner import JobRunner
from moclone_tui.jobs.snapshot import TakeSnapshot

from .looking import has_database, rows, tables
from .running import Log

if TYPE_CHECKING:
    from tests.conftest import Names, Server


def database(target: str, source: str, at: Moment = NOW, *, skip: bool = False) -> Copy:
    """The job that copies a database."""
    return Copy(
        Request.of(source, target, at, IfExists.SKIP if skip else IfExists.STOP)
    )


def table(
    target: TableName, source: TableName, at: Moment = NOW, *, skip: bool = False
) -> Copy:
    """The job that copies a table."""
    return Copy(
        Request.of(source, target, at, IfExists.SKIP if skip else IfExists.STOP)
    )


def test_a_database_is_cloned_verified_and_committed_in_that_order(
    log: Log, client: Client, shop: str, names: Names
) -> None:
    client.snapshots.create(names("s"), "database", shop)
    end = log.run(database(names("copy"), shop, Moment(snapshot=names("s"))))
    statement = (
        f"CREATE DATABASE `{names('copy')}` CLONE `{shop}`"
        f" {{SNAPSHOT = '{names('s')}'}}"
    )
    assert log.texts == [
        "queued",
        "started",
        "check",
        statement,
        "verify  2 tables  1 view  5 rows",
        "COMMIT",
        "verified: counts",
    ]
    assert end.state is JobState.DONE
    assert end.title == f"clone {shop} → {names('copy')}"
    steps = [event.seconds for event in log.events[2:] if event.text]
    assert all(seconds is not None and 0 <= seconds < 60 for seconds in steps)
    assert sum(s for s in steps[:-1] if s) <= (steps[-1] or 0)
    assert tables(client, names("copy")) == ["big", "customers", "orders"]


def test_the_times_of_events_only_grow(log: Log, shop: str, names: Names) -> None:
    log.run(database(names("copy"), shop))
    times = [event.at for event in log.events]
    assert times == sorted(times)


def test_a_database_as_it_is_now(
    log: Log, client: Client, shop: str, names: Names
) -> None:
    end = log.run(database(names("copy"), shop))
    assert end.text == "verified: counts"
    assert len(rows(client, f"`{names('copy')}`.customers")) == 3


def test_names_in_any_case(log: Log, client: Client, shop: str, names: Names) -> None:
    end = log.run(database(names("COPY").upper(), shop.upper()))
    assert end.text == "verified: counts"
    assert has_database(client, names("copy"))
    orders, copy = TableName("ORDERS", shop.upper()), TableName("C", shop.upper())
    assert log.run(table(copy, orders)).text == "verified: counts"


@pytest.mark.parametrize("name", ["a.b", "100%s", "数据", "[/x]", "two words"])
def test_tables_of_any_name_are_verified(
    log: Log, client: Client, shop: str, names: Names, name: str
) -> None:
    client.execute(f"CREATE TABLE `{shop}`.`{name}` (id INT)")
    client.execute(f"INSERT INTO `{shop}`.`{name}` VALUES (1)")
    end = log.run(database(names("copy"), shop))
    assert end.text == "verified: counts"
    assert "verify  3 tables  1 view  6 rows" in log.texts


def test_an_empty_database(log: Log, client: Client, names: Names) -> None:
    client.execute(f"CREATE DATABASE `{names('empty')}`")
    end = log.run(database(names("copy"), names("empty")))
    assert end.state is JobState.DONE
    assert has_database(client, names("copy"))


def test_what_is_left_out_is_told_with_the_result(
    log: Log, client: Client, shop: str, names: Names
) -> None:
    client.execute(f"CREATE SEQUENCE `{shop}`.numbers")
    assert "left out: sequence numbers" in log.run(database(names("copy"), shop)).text


def test_a_table(log: Log, client: Client, shop: str) -> None:
    end = log.run(table(TableName("copy", shop), TableName("orders", shop)))
    assert end.text == "verified: counts"
    statement = f"CREATE TABLE `{shop}`.`copy` CLONE `{shop}`.`orders` {{MO_TS = "
    assert log.texts[3].startswith(statement)
    assert "2 rows" in log.texts[4]
    assert len(rows(client, f"`{shop}`.copy")) == 2


def test_a_table_at_a_snapshot(
    log: Log, client: Client, shop: str, names: Names
) -> None:
    client.snapshots.create(names("s"), "table", shop, "orders")
    client.execute(f"DELETE FROM `{shop}`.orders")
    end = log.run(
        table(
            TableName("copy", shop),
            TableName("orders", shop),
            Moment(snapshot=names("s")),
        )
    )
    assert end.state is JobState.DONE
    assert end.text == "verified: counts"
    assert len(rows(client, f"`{shop}`.copy")) == 2


def test_a_snapshot_is_taken(log: Log, client: Client, shop: str, names: Names) -> None:
    end = log.run(TakeSnapshot(names("s"), SnapshotLevel.DATABASE, shop))
    assert end.state is JobState.DONE
    assert shop in end.text
    assert client.snapshots.get(names("s")).database == shop


@pytest.mark.parametrize("what", ["database", "table"])
def test_a_target_that_is_there_is_skipped_if_asked_to(
    log: Log, client: Client, shop: str, names: Names, what: str
) -> None:
    client.execute(f"CREATE DATABASE `{names('there')}`")
    spec: JobSpec = database(names("there"), shop, skip=True)
    if what == "table":
        orders, customers = TableName("orders", shop), TableName("customers", shop)
        spec = table(customers, orders, skip=True)
    end = log.run(spec)
    assert end.state is JobState.SKIPPED
    assert "left alone" in end.text
    assert tables(client, names("there")) == []
    assert len(rows(client, f"`{shop}`.customers")) == 3


@pytest.mark.parametrize("what", ["target", "source"])
def test_a_failure_tells_why_and_leaves_nothing(
    log: Log, client: Client, shop: str, names: Names, what: str
) -> None:
    client.execute(f"CREATE DATABASE `{names('there')}`")
    spec = {
        "target": database(names("there"), shop),
        "source": database(names("copy"), names("none")),
    }[what]
    end = log.run(spec)
    assert end.state is JobState.FAILED
    assert isinstance(end.error, CloneError)
    assert names("there" if what == "target" else "none") in end.text
    assert "COMMIT" not in log.texts
    assert tables(client, names("there")) == []
    assert not has_database(client, names("copy"))


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        ("DELETE FROM `{0}`.customers WHERE id = 2", "customers has 2 rows"),
        ("DROP TABLE `{0}`.orders", "orders is missing"),
        ("DROP VIEW `{0}`.big", "big is missing"),
        ("CREATE TABLE `{0}`.extra (id INT)", "extra is not in the source"),
    ],
)
def test_a_copy_that_differs_never_comes_to_exist(
    log: Log,
    watcher: Client,
    shop: str,
    names: Names,
    monkeypatch: pytest.MonkeyPatch,
    spoil: str,
    told: str,
) -> None:

    def spoiled(
        session: Connected, copy: str, source: str, at: Moment, **_: object
    ) -> Verdict:
        session.execute(spoil.format(copy))
        return verify_database(session, copy, source, at)

    monkeypatch.setattr(run, "verify_database", spoiled)
    watcher.snapshots.create(names("s"), "database", shop)
    end = log.run(database(names("copy"), shop, Moment(snapshot=names("s"))))
    assert end.state is JobState.FAILED
    assert told in end.text
    assert "rolled back" in end.text
    assert "COMMIT" not in log.texts
    assert not has_database(watcher, names("copy"))


def test_partitioned_tables_are_counted_after_the_commit(
    log: Log, client: Client, shop: str, names: Names
) -> None:
    client.execute(
        f"CREATE TABLE `{shop}`.parts (id INT PRIMARY KEY)"
        " PARTITION BY HASH (id) PARTITIONS 2"
    )
    client.execute(f"INSERT INTO `{shop}`.parts VALUES (1), (2), (3), (4)")
    end = log.run(database(names("copy"), shop))
    assert len(rows(client, f"`{names('copy')}`.parts")) == 4
    assert end.state is JobState.DONE
    assert any("parts is partitioned" in text for text in log.texts)
    verified = [n for n, text in enumerate(log.texts) if text.startswith("verify")]
    assert verified[0] < log.texts.index("COMMIT") < verified[1]
    assert "9 rows" in log.texts[verified[1]]


def test_a_job_can_be_run_again(
    log: Log, client: Client, shop: str, names: Names
) -> None:
    spec = database(names("copy"), shop)
    log.run(spec)
    client.execute(f"DROP DATABASE `{names('copy')}`")
    assert log.run(spec).job == 2
    assert has_database(client, names("copy"))


def test_a_connection_that_cannot_be_made_fails_the_job(
    server: Server, closed_port: int
) -> None:
    events: list[JobEvent] = []
    runner = JobRunner(lambda: server.client(port=closed_port), events.append)
    number = runner.submit(database("copy", "shop"))
    assert runner.wait(number, 30) is JobState.FAILED
    assert isinstance(events[-1].error, ConnectionError)
    assert str(closed_port) in events[-1].text


def test_a_refused_login_fails_the_job(server: Server) -> None:
    events: list[JobEvent] = []
    runner = JobRunner(lambda: server.client(password="wrong"), events.append)
    number = runner.submit(TakeSnapshot("s", SnapshotLevel.ACCOUNT))
    assert runner.wait(number, 30) is JobState.FAILED
    assert isinstance(events[-1].error, AuthFailed)
