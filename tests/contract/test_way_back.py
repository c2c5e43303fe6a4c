"""The way back: what the newest restore or drop kept is put in its place again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from moclone_tui import Client, Moment, TableName
from moclone_tui.cloning.drop import Drop
from moclone_tui.cloning.look import server_clock
from moclone_tui.cloning.request import Request
from moclone_tui.jobs.clone import Copy
from moclone_tui.jobs.drop import DropJob
from moclone_tui.jobs.journal import Journal, Place
from moclone_tui.jobs.model import JobSpec, JobState
from moclone_tui.jobs.runner import JobRunner
from moclone_tui.jobs.way_back import WayBack, newest
from tests.contract.faults import contents

if TYPE_CHECKING:
    from tests.conftest import Names, Server


class Desk:
    """Runs jobs with a journal."""

    def __init__(self, server: Server, client: Client, folder: Path) -> None:
        self._server, self._client = server, client
        self.folder, self.place = folder, Place("here", "root")

    def run(self, spec: JobSpec) -> None:
        self._next_second()  # what is kept has the second in its name
        journal = Journal(self.folder, self.place)
        runner = JobRunner(self._server.client, lambda _: None, journal=journal)
        assert runner.wait(runner.submit(spec), 60) is JobState.DONE

    def _next_second(self) -> None:
        began = server_clock(self._client).ns // 10**9
        while server_clock(self._client).ns // 10**9 == began:
            pass

    def look(self) -> WayBack | None:
        return newest(self._client, self.folder, self.place)

    def go_back(self) -> None:
        found = self.look()
        assert found is not None
        self.run(Copy(found.request))


@pytest.fixture
def desk(server: Server, client: Client, tmp_path: Path) -> Desk:
    return Desk(server, client, tmp_path)


def test_a_database_that_was_dropped_comes_back(
    desk: Desk, client: Client, shop: str
) -> None:
    assert desk.look() is None
    held = contents(client, shop)
    desk.run(DropJob(Drop((shop,))))
    found = desk.look()
    assert found is not None
    assert found.title == f"drop {shop}"
    desk.go_back()
    assert contents(client, shop) == held


def test_tables_that_were_dropped_come_back_the_rest_stays(
    desk: Desk, client: Client, shop: str
) -> None:
    held = contents(client, shop)
    desk.run(DropJob(Drop((TableName("orders", shop),))))
    client.execute(f"INSERT INTO {shop}.customers VALUES (9, 'Barbara')")
    desk.go_back()
    now = contents(client, shop)
    assert held is not None
    assert now is not None
    assert now["orders"] == held["orders"]
    assert len(now["customers"]) == len(held["customers"]) + 1


def test_a_restore_is_taken_back_and_that_too(
    desk: Desk, client: Client, shop: str, names: Names
) -> None:
    client.snapshots.create(names("s"), "database", shop)
    then = contents(client, shop)
    client.execute(f"DELETE FROM {shop}.orders")
    spoiled = contents(client, shop)
    desk.run(Copy(Request.restore((shop,), Moment(names("s")))))
    assert contents(client, shop) == then
    desk.go_back()
    assert contents(client, shop) == spoiled
    desk.go_back()
    assert contents(client, shop) == then


def test_sequences_come_back_and_go_on(
    desk: Desk, client: Client, shop: str, names: Names
) -> None:
    """The server leaves them out of what keeps a database, too."""
    client.execute(f"CREATE SEQUENCE {shop}.ticket INCREMENT BY 5 START WITH 10")
    client.execute(f"USE {shop}")
    client.execute("SELECT NEXTVAL('ticket')")
    client.snapshots.create(names("s"), "database", shop)
    client.execute("SELECT NEXTVAL('ticket')")
    desk.run(Copy(Request.restore((shop,), Moment(names("s")), sequences=True)))
    desk.go_back()
    desk.run(DropJob(Drop((shop,))))
    desk.go_back()
    client.execute(f"USE {shop}")
    assert client.execute("SELECT NEXTVAL('ticket')").first == ("20",)


def test_what_is_gone_is_no_way_back(desk: Desk, client: Client, shop: str) -> None:
    desk.run(DropJob(Drop((shop,))))
    found = desk.look()
    assert found is not None
    for each in found.kept:
        client.execute(f"DROP DATABASE `{each.name}`")
    assert desk.look() is None
