"""Masking what is a copy itself and lost rows: they stay lost, and what is there is
masked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from moclone_tui import Client, Moment, TableName
from moclone_tui.cloning.look import server_clock
from moclone_tui.cloning.plan import make
from moclone_tui.cloning.request import Pair, Request
from moclone_tui.jobs.clone import Copy
from moclone_tui.jobs.model import JobState
from tests.contract.masked import after, make_people

if TYPE_CHECKING:
    from tests.conftest import Names

    from .running import Log


@pytest.fixture
def copied(client: Client, names: Names) -> str:
    """A copy of people, in which two were deleted and one was changed."""
    make_people(client, names("people"))
    copy = names("first")
    client.clone.clone_database(copy, names("people"))
    client.execute(f"DELETE FROM {copy}.orders WHERE id = 2")
    client.execute(f"DELETE FROM {copy}.customers WHERE id = 2")
    client.execute(f"UPDATE {copy}.customers SET email = 'new' WHERE id = 3")
    client.execute(f"DELETE FROM {copy}.places WHERE b = 2")
    return copy


RULES = after(
    ("customers", "email", "concat('m', id)"),
    ("orders", "note", "'x'"),
    ("places", "name", "'y'"),
)


def rows(client: Client, table: str) -> list[tuple[object, ...]]:
    return sorted(client.execute(f"SELECT * FROM {table}"))


def test_what_a_copy_lost_does_not_come_back_masked(
    log: Log, client: Client, copied: str, names: Names
) -> None:
    request = Request((Pair(copied, names("second")),), after=RULES)
    notes = [each.text for each in make(client, request).findings]
    assert (
        "customers, orders, places are copies themselves: their rows are written"
        " anew, one by one"
    ) in notes
    end = log.run(Copy(request))
    assert end.text == "verified: counts", log.texts
    second = names("second")
    assert rows(client, f"{second}.customers") == [(1, "m1", "1"), (3, "m3", "3")]
    assert rows(client, f"{second}.orders") == [(1, 1, "x")]
    assert rows(client, f"{second}.places") == [(1, 1, "y")]
    ddl = client.metadata.ddl(TableName("orders", second))
    assert "FOREIGN KEY (`customer`) REFERENCES `customers` (`id`)" in ddl


def test_the_same_of_a_single_table(
    log: Log, client: Client, copied: str, names: Names
) -> None:
    target = TableName("clients", copied)
    request = Request((Pair(TableName("customers", copied), target),), after=RULES)
    assert log.run(Copy(request)).text == "verified: counts", log.texts
    assert rows(client, f"{copied}.clients") == [(1, "m1", "1"), (3, "m3", "3")]


def test_a_moment_before_the_layout_changed_is_warned_of(
    client: Client, copied: str, names: Names
) -> None:
    then = server_clock(client)
    client.execute(f"ALTER TABLE {copied}.places ADD COLUMN c INT")
    request = Request((Pair(copied, names("second")),), Moment(ns=then.ns), after=RULES)
    plan = make(client, request)
    assert plan.blockers == ()
    warned = [each for each in plan.findings if each.objects == ("places",)]
    assert ["rolled back" in each.text for each in warned] == [True]


def test_a_mask_that_is_on_already_is_told_before(
    log: Log, client: Client, names: Names
) -> None:
    make_people(client, names("people"))
    request = Request((Pair(names("people"), names("masked")),), after=RULES)
    assert log.run(Copy(request)).state is JobState.DONE
    again = Request((Pair(names("masked"), names("twice")),), after=RULES)
    said = {each.objects: each.text for each in make(client, again).findings}
    assert "customers.email holds already what its rule gives it" in said["customers",]
    assert "rolled back" in said["orders",]
    assert log.run(Copy(again)).state is JobState.FAILED
