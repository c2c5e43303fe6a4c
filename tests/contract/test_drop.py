"""Drop: only what was chosen, all of it or nothing, with what it was kept beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from moclone_tui import Client, InvalidName, TableName
from moclone_tui.cloning.drop import Drop
from moclone_tui.cloning.drop_look import make
from moclone_tui.cloning.identity import Object, look_up
from moclone_tui.jobs.drop import DropJob, DropSnapshots
from moclone_tui.jobs.model import JobContext, JobState
from moclone_tui.jobs.pace import Pace
from tests.contract.faults import contents
from tests.contract.looking import has_database

if TYPE_CHECKING:
    from tests.conftest import Names, Server

    from .people import People
    from .running import Log


def kept(text: str) -> str:
    return text.partition("kept as ")[2]


def test_a_database_is_gone_and_kept_beside_it(
    log: Log, client: Client, shop: str
) -> None:
    held = contents(client, shop)
    end = log.run(DropJob(make(client, Drop((shop,))).as_known()))
    assert end.state is JobState.DONE, end.text
    assert not has_database(client, shop)
    assert kept(end.text).startswith(f"{shop}_before_")
    assert contents(client, kept(end.text)) == held


def test_the_space_can_be_freed_at_once(log: Log, client: Client, shop: str) -> None:
    end = log.run(DropJob(Drop((shop,), way_back=False)))
    assert (end.state, end.text) == (JobState.DONE, "dropped, and seen to be gone")
    assert not any(
        each.name.startswith(f"{shop}_before") for each in client.metadata.databases()
    )


def test_a_table_and_a_view_go_the_rest_stays(
    log: Log, client: Client, shop: str
) -> None:
    rows = sorted(client.execute(f"SELECT * FROM {shop}.orders"))
    what = (TableName("big", shop), TableName("orders", shop))
    end = log.run(DropJob(make(client, Drop(what)).as_known()))
    assert end.state is JobState.DONE, end.text
    assert [each.name for each in client.metadata.tables(shop)] == ["customers"]
    assert sorted(client.execute(f"SELECT * FROM `{kept(end.text)}`.orders")) == rows
    assert any("SELECT id FROM" in each or "select" in each for each in log.texts)


def test_what_was_made_anew_since_is_left_alone(
    log: Log, client: Client, shop: str
) -> None:
    chosen = make(client, Drop((shop,))).as_known()
    client.execute(f"DROP DATABASE {shop}")
    client.execute(f"CREATE DATABASE {shop}")
    end = log.run(DropJob(chosen))
    assert end.state is JobState.FAILED
    assert "not the one that was chosen" in end.text
    assert has_database(client, shop)


def test_several_go_together_or_not_at_all(
    log: Log, client: Client, shop: str, names: Names
) -> None:
    client.execute(f"CREATE DATABASE {names('other')} CLONE {shop}")
    end = log.run(DropJob(Drop((shop, names("gone")))))
    assert end.state is JobState.FAILED
    assert f"{names('gone')} does not exist" in end.text
    assert has_database(client, shop)
    end = log.run(DropJob(Drop((shop, names("other")))))
    assert end.state is JobState.DONE, end.text
    assert not has_database(client, shop)
    assert not has_database(client, names("other"))
    with pytest.raises(InvalidName, match="each thing once"):
        Drop((shop, shop.upper()))


def test_who_holds_it_is_named(
    server: Server, log: Log, client: Client, shop: str
) -> None:
    with server.client() as other:
        other.execute("BEGIN")
        other.execute(f"UPDATE `{shop}`.customers SET name = 'x' WHERE id = 1")
        end = log.run(DropJob(Drop((shop,))))
        assert end.state is JobState.FAILED
        assert f"connection {other.connection.id}" in end.text
        other.execute("ROLLBACK")
    assert has_database(client, shop)


def test_what_points_to_it_from_elsewhere_keeps_it(
    client: Client, shop: str, names: Names
) -> None:
    other = names("other")
    client.execute(f"CREATE DATABASE {other}")
    client.execute(
        f"CREATE TABLE {other}.notes (id INT PRIMARY KEY, customer INT, CONSTRAINT"
        f" fk_who FOREIGN KEY (customer) REFERENCES {shop}.customers (id))"
    )
    client.execute(f"CREATE VIEW {other}.seen AS SELECT id FROM {shop}.orders")
    said = [each.text for each in make(client, Drop((shop,))).blockers]
    words = f"fk_who of {other}.notes points to {shop}.customers, which can then not be"
    assert said == [f"{words} dropped"]
    plan = make(client, Drop((shop, other)))
    assert plan.blockers == ()
    client.execute(f"DROP TABLE {other}.notes")
    warned = [each.objects for each in make(client, Drop((shop,))).findings]
    assert (f"{other}.seen",) in warned
    client.execute(f"DROP DATABASE {other}")


def test_tables_that_refer_to_one_another(log: Log, client: Client, shop: str) -> None:
    client.execute(
        f"CREATE TABLE {shop}.notes (id INT PRIMARY KEY, customer INT, CONSTRAINT"
        f" fk_who FOREIGN KEY (customer) REFERENCES {shop}.customers (id))"
    )
    both = (TableName("customers", shop), TableName("notes", shop))
    (found,) = make(client, Drop(both)).blockers
    assert "cannot be kept" in found.text
    end = log.run(DropJob(Drop(both, way_back=False)))
    assert end.state is JobState.DONE, end.text
    assert {each.name for each in client.metadata.tables(shop)} == {"orders", "big"}


def test_what_goes_along_is_told(people: People, client: Client, shop: str) -> None:
    role = people.add("clerk", f"SELECT ON TABLE `{shop}`.*")
    said = [each.text for each in make(client, Drop((shop,))).findings]
    assert f"1 grant to {role} goes too" in said


def test_a_snapshot_is_dropped_and_an_other_of_its_name_is_not(
    log: Log, client: Client, shop: str, names: Names
) -> None:
    for again in (False, True):
        client.snapshots.create(names("s"), "database", shop)
        chosen = look_up(client, [Object("snapshot", names("s"))]).objects
        if again:
            client.snapshots.delete(names("s"))
            client.snapshots.create(names("s"), "database", shop)
        end = log.run(DropSnapshots(chosen))
        assert client.snapshots.exists(names("s")) is again
        assert end.state is (JobState.FAILED if again else JobState.DONE), end.text
    assert "taken anew since" in end.text


def test_a_name_may_be_written_in_any_case(log: Log, client: Client, shop: str) -> None:
    table = TableName("CUSTOMERS", shop.upper())
    for what, left in ((table, {"orders", "big"}), (shop.upper(), None)):
        end = log.run(DropJob(make(client, Drop((what,))).as_known()))
        assert end.state is JobState.DONE, end.text
        assert has_database(client, kept(end.text))
        if left is None:
            assert not has_database(client, shop)
        else:
            assert {each.name for each in client.metadata.tables(shop)} == left
        client.execute(f"DROP DATABASE `{kept(end.text)}`")


def test_snapshots_that_are_stopped_half_way_are_dropped_when_it_is_begun_anew(
    log: Log, client: Client, shop: str, names: Names
) -> None:
    for name in "ab":
        client.snapshots.create(names(name), "database", shop)
    wanted = [Object("snapshot", names(name)) for name in "ab"]
    job = DropSnapshots(look_up(client, wanted).objects)

    def emit(_: str, seconds: float | None) -> None:
        through.append(seconds is not None)

    through: list[bool] = []
    context = JobContext(
        client, emit, lambda: 0.0, Pace(0.0), cancelled=lambda: any(through)
    )
    end = job.run(context)
    assert end.state is JobState.CANCELLED
    assert f"Dropped before that: {names('a')}" in end.text
    assert client.snapshots.exists(names("b"))
    again = log.run(job)
    assert again.state is JobState.DONE, again.text
    assert f"  {names('a')} is gone already" in log.texts
    assert not client.snapshots.exists(names("b"))
