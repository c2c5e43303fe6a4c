"""Replace and restore: one transaction, and a way back that works."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from moclone_tui import Client, Moment, TableName
from moclone_tui.cloning.after import After
from moclone_tui.cloning.plan import make
from moclone_tui.cloning.request import IfExists, Mode, Pair, Request
from moclone_tui.config import MaskRule
from moclone_tui.jobs.clone import Copy
from moclone_tui.jobs.model import JobEvent, JobState
from moclone_tui.jobs.runner import JobRunner

from .running import Log

if TYPE_CHECKING:
    from tests.conftest import Names, Server


def count(client: Client, table: str) -> int:
    return int(client.execute(f"SELECT COUNT(*) FROM {table}").first[0])


@pytest.fixture
def before(client: Client, shop: str, names: Names) -> Moment:
    """A snapshot of the shop, and then a mistake."""
    client.snapshots.create(names("s"), "database", shop)
    client.execute(f"DELETE FROM `{shop}`.orders")
    client.execute(f"CREATE TABLE `{shop}`.late (id INT PRIMARY KEY)")
    return Moment(snapshot=names("s"))


def kept(end_text: str) -> str:
    return end_text.partition("kept as ")[2]


def test_a_database_is_restored_and_what_it_was_is_kept(
    log: Log, client: Client, shop: str, before: Moment, names: Names
) -> None:
    end = log.run(Copy(Request.restore((shop,), before)))
    assert end.state is JobState.DONE, end
    assert count(client, f"`{shop}`.orders") == 2
    assert "late" not in {each.name for each in client.metadata.tables(shop)}
    back = kept(end.text)
    assert count(client, f"`{back}`.orders") == 0
    assert count(client, f"`{back}`.late") == 0


def test_the_way_back_leads_back(
    log: Log, client: Client, shop: str, before: Moment, names: Names
) -> None:
    back = kept(log.run(Copy(Request.restore((shop,), before))).text)
    request = Request((Pair(back, shop),), if_exists=IfExists.REPLACE, way_back=False)
    assert log.run(Copy(request)).text == "verified: counts"
    assert count(client, f"`{shop}`.orders") == 0
    assert count(client, f"`{shop}`.late") == 0


def test_a_table_is_restored_in_place(
    log: Log, client: Client, shop: str, before: Moment, names: Names
) -> None:
    end = log.run(Copy(Request.restore((TableName("orders", shop),), before)))
    assert end.state is JobState.DONE, end
    assert count(client, f"`{shop}`.orders") == 2
    assert count(client, f"`{shop}`.late") == 0
    assert count(client, f"`{kept(end.text)}`.orders") == 0


def test_several_databases_are_of_one_moment_or_none_is(
    log: Log, client: Client, shop: str, names: Names
) -> None:
    client.execute(f"CREATE DATABASE `{names('other')}`")
    pairs = (Pair(shop, names("a")), Pair(names("other"), names("b")))
    assert log.run(Copy(Request(pairs))).state is JobState.DONE
    there = {each.name for each in client.metadata.databases()}
    assert {names("a"), names("b")} <= there
    again = (Pair(shop, names("c")), Pair(shop, names("b")))
    assert log.run(Copy(Request(again))).state is JobState.FAILED
    assert names("c") not in {each.name for each in client.metadata.databases()}


def test_table_by_table_is_the_same(
    log: Log, client: Client, shop: str, names: Names
) -> None:
    client.execute(f"CREATE TABLE `{shop}`.parent (id INT PRIMARY KEY)")
    client.execute(
        f"CREATE TABLE `{shop}`.child (id INT PRIMARY KEY, p INT,"
        f" CONSTRAINT fk_in FOREIGN KEY (p) REFERENCES `{shop}`.parent(id))"
    )
    client.execute(f"INSERT INTO `{shop}`.parent VALUES (1)")
    client.execute(f"INSERT INTO `{shop}`.child VALUES (1, 1)")
    request = Request((Pair(shop, names("copy")),), mode=Mode.STEPWISE)
    end = log.run(Copy(request))
    assert end.text == "verified: counts"
    client.execute(f"DROP DATABASE `{shop}`")  # nothing points at it any more
    with pytest.raises(Exception, match=r"(?i)foreign key"):
        client.execute(f"DELETE FROM `{names('copy')}`.parent")


def test_a_copy_is_masked_before_anybody_sees_it(
    log: Log, client: Client, shop: str, names: Names
) -> None:
    rule = MaskRule(table="customers", column="name", value="concat('c', id)")
    request = Request((Pair(shop, names("copy")),), after=After((rule,)))
    assert log.run(Copy(request)).text == "verified: counts"
    found = client.execute(f"SELECT name FROM `{names('copy')}`.customers ORDER BY id")
    assert found.rows == (("c1",), ("c2",), ("c3",))


def test_a_rule_that_masks_nothing_leaves_no_copy(
    log: Log, client: Client, shop: str, names: Names
) -> None:
    rule = MaskRule(table="customers", column="name", value="name")
    request = Request((Pair(shop, names("copy")),), after=After((rule,)))
    assert log.run(Copy(request)).state is JobState.FAILED
    assert names("copy") not in {each.name for each in client.metadata.databases()}


def test_sequences_are_made_anew_if_asked_for(
    log: Log, client: Client, shop: str, names: Names
) -> None:
    client.execute(f"CREATE SEQUENCE `{shop}`.ticket INCREMENT BY 2 START WITH 5")
    request = Request((Pair(shop, names("copy")),), sequences=True)
    assert log.run(Copy(request)).text == "verified: counts"
    made = f"SELECT last_seq_num, increment_value FROM `{names('copy')}`.ticket"
    assert [int(each) for each in client.execute(made).first] == [5, 2]


def test_a_sequence_that_would_be_lost_blocks(
    log: Log, client: Client, shop: str, before: Moment
) -> None:
    client.execute(f"CREATE SEQUENCE `{shop}`.ticket")
    end = log.run(Copy(Request.restore((shop,), before)))
    assert end.state is JobState.FAILED
    assert "ticket: a sequence that would be dropped" in end.text


def test_grants_and_pitr_are_made_again(
    log: Log, client: Client, shop: str, before: Moment, names: Names
) -> None:
    role, pitr = names("role"), names("pitr")
    client.execute(f"CREATE ROLE {role}")
    client.execute(f"GRANT SELECT ON TABLE `{shop}`.orders TO {role}")
    client.pitr.create(pitr, "database", 1, "d", database=shop)
    try:
        end = log.run(Copy(Request.restore((shop,), before)))
        assert end.state is JobState.DONE, end
        again = make(client, Request.restore((shop,), before))
        assert "select on" in str(again.findings).lower()
        alive = [each for each in client.pitr.list() if each.database == shop]
        assert any(each.active for each in alive)
    finally:
        for each in client.pitr.list():
            if each.database == shop:
                client.pitr.delete(each.name)
        client.execute(f"DROP ROLE {role}")


def test_whoever_holds_a_table_is_named(
    log: Log, server: Server, client: Client, shop: str, before: Moment
) -> None:
    with server.client() as other:
        other.execute("BEGIN")
        other.execute(f"UPDATE `{shop}`.customers SET name = 'x' WHERE id = 1")
        end = log.run(Copy(Request.restore((shop,), before)))
        assert end.state is JobState.FAILED
        assert f"connection {other.connection.id}" in end.text
        other.execute("ROLLBACK")
    assert log.run(Copy(Request.restore((shop,), before))).state is JobState.DONE


def test_a_right_that_cannot_be_given_is_named(
    server: Server, client: Client, shop: str, names: Names
) -> None:
    role = names("short_lived")
    client.execute(f"CREATE ROLE {role}")
    events: list[JobEvent] = []

    def hear(event: JobEvent) -> None:
        events.append(event)
        if event.text == "COMMIT":
            client.execute(f"DROP ROLE {role}")

    runner = JobRunner(server.client, hear)
    request = Request((Pair(shop, names("copy")),), roles=(role,))
    assert runner.wait(runner.submit(Copy(request)), 60) is JobState.NOT_VERIFIED
    assert "copied, missing: GRANT" in events[-1].text
    assert names("copy") in {each.name for each in client.metadata.databases()}


def test_a_copy_of_a_copy_that_lost_rows_is_verified(
    log: Log, client: Client, shop: str, names: Names
) -> None:
    """Before COMMIT, 4.2 counts the deleted rows of such a copy, too."""
    client.clone.clone_database(names("first"), shop)
    client.execute(f"DELETE FROM `{names('first')}`.orders WHERE id = 1")
    request = Request((Pair(names("first"), names("second")),))
    assert log.run(Copy(request)).text == "verified: counts"
    rule = MaskRule(table="orders", column="total", value="total + 1")
    masked = Request((Pair(names("first"), names("third")),), after=After((rule,)))
    assert log.run(Copy(masked)).text == "verified: counts"
    assert count(client, f"`{names('third')}`.orders") == 1


def test_a_target_that_is_left_alone_gets_no_rights(
    log: Log, client: Client, shop: str, names: Names
) -> None:
    role = names("role")
    client.execute(f"CREATE ROLE {role}")
    client.execute(f"CREATE DATABASE `{names('there')}`")
    pairs = (Pair(shop, names("there")), Pair(shop, names("made")))
    request = Request(pairs, if_exists=IfExists.SKIP, roles=(role,))
    try:
        log.run(Copy(request))
        given = [each for each in log.texts if each.startswith("GRANT")]
        assert any(names("made") in each for each in given)
        assert not any(names("there") in each for each in given)
    finally:
        client.execute(f"DROP ROLE {role}")


def test_the_script_keeps_a_way_back(client: Client, shop: str, before: Moment) -> None:
    """Run by another client: what was there is kept beside it."""
    plan = make(client, Request.restore((shop,), before))
    for line in plan.as_script().splitlines():
        if not line.startswith("--"):
            client.execute(line.rstrip(";"))
    (back,) = (part.back for part in plan.doing)
    assert count(client, f"`{back}`.orders") == 0
    assert count(client, f"`{shop}`.orders") == 2


def test_what_was_masked_is_not_called_compared_row_by_row(
    log: Log, client: Client, shop: str, names: Names
) -> None:
    plain = Request((Pair(shop, names("plain")),), deep=True)
    assert log.run(Copy(plain)).text == "verified: rows"
    rule = MaskRule(table="customers", column="name", value="concat('c', id)")
    masked = Request((Pair(shop, names("masked")),), after=After((rule,)), deep=True)
    assert log.run(Copy(masked)).text == "verified: counts"
