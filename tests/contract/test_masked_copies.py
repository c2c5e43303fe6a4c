"""Copies as jobs make them, masked: nothing else is ever seen of them."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from moclone_tui import Client, NotFound, QueryError
from moclone_tui.cloning.request import IfExists, Mode, Pair, Request
from moclone_tui.jobs.clone import Copy
from moclone_tui.jobs.model import JobState
from tests.contract.looking import has_database, rows
from tests.contract.masked import MAIL, after, make_people
from tests.contract.running import Log

if TYPE_CHECKING:
    from tests.conftest import Names, Server


@pytest.fixture
def people(client: Client, names: Names) -> str:
    """Customers, orders, and friends with two foreign keys."""
    name = make_people(client, names("people"))
    client.execute(
        f"CREATE TABLE {name}.friends (id INT PRIMARY KEY, a INT, b INT,"
        f" since VARCHAR(20), CONSTRAINT friend_a FOREIGN KEY (a) REFERENCES"
        f" {name}.customers (id), CONSTRAINT friend_b FOREIGN KEY (b) REFERENCES"
        f" {name}.customers (id))"
    )
    client.execute(f"INSERT INTO {name}.friends VALUES (1, 1, 2, '1840')")
    return name


class Watch:
    """Reads a table over and over, on a thread and connection of its own."""

    def __init__(self, server: Server, table: str) -> None:
        self.seen: set[tuple[tuple[object, ...], ...]] = set()
        self._over = threading.Event()
        self._looked = threading.Event()
        self._thread = threading.Thread(target=self._look, args=(server, table))

    def _look(self, server: Server, table: str) -> None:
        with server.client() as client:
            while not self._over.is_set():
                try:
                    self.seen.add(tuple(rows(client, table)))
                except (NotFound, QueryError):
                    self.seen.add(())
                self._looked.set()

    def __enter__(self) -> Watch:
        self._thread.start()
        self._looked.wait(20)
        return self

    def __exit__(self, *_: object) -> None:
        self._looked.clear()
        self._looked.wait(20)
        self._over.set()
        self._thread.join(20)


@pytest.mark.parametrize("mode", [Mode.NATIVE, Mode.STEPWISE])
def test_who_watches_sees_a_masked_copy_or_none(
    log: Log, client: Client, server: Server, people: str, names: Names, mode: Mode
) -> None:
    copy = names("copy")
    masks = after(
        ("customers", "email", MAIL),
        ("customers", "phone", "NULL"),
        ("friends", "since", "'then'"),
        file=("DELETE FROM orders WHERE id = 2",),
    )
    request = Request((Pair(people, copy),), mode=mode, after=masks)
    with Watch(server, f"`{copy}`.customers") as watch:
        end = log.run(Copy(request))
    assert (end.state, end.text) == (JobState.DONE, "verified: counts"), log.texts
    masked = tuple((n, f"user{n}@example.org", None) for n in (1, 2, 3))
    assert watch.seen == {(), masked}
    assert rows(client, f"`{copy}`.friends") == [(1, 1, 2, "then")]
    assert [row[0] for row in rows(client, f"`{copy}`.orders")] == [1]


def test_a_copy_that_is_replaced_is_masked_in_between(
    log: Log, client: Client, server: Server, people: str, names: Names
) -> None:
    copy = names("copy")
    masks = after(("customers", "email", MAIL), ("customers", "phone", "NULL"))
    first = log.run(Copy(Request((Pair(people, copy),), after=masks)))
    assert first.state is JobState.DONE, log.texts
    client.execute(f"INSERT INTO {people}.customers VALUES (4, 'new@home.net', '4')")
    again = Request(
        (Pair(people, copy),), after=masks, if_exists=IfExists.REPLACE, way_back=False
    )
    with Watch(server, f"`{copy}`.customers") as watch:
        assert log.run(Copy(again)).state is JobState.DONE, log.texts
    masked = tuple((n, f"user{n}@example.org", None) for n in (1, 2, 3, 4))
    assert watch.seen == {masked[:3], masked}


def test_a_file_that_leaves_rows_without_their_parent_leaves_no_copy(
    log: Log, client: Client, people: str, names: Names
) -> None:
    file = after(file=("DELETE FROM customers WHERE id = 1",))
    end = log.run(Copy(Request((Pair(people, names("copy")),), after=file)))
    assert end.state is JobState.FAILED
    for orphans in ("orders has 1 row whose customer", "friends has 1 row whose a"):
        assert f"{orphans} is not in customers" in end.text
    assert not has_database(client, names("copy"))


def test_a_rule_that_changes_nothing_leaves_no_copy(
    log: Log, client: Client, people: str, names: Names
) -> None:
    masks = after(("friends", "since", "since"))
    end = log.run(Copy(Request((Pair(people, names("copy")),), after=masks)))
    assert end.state is JobState.FAILED
    assert "friends.since holds its source's value in 1 row" in end.text
    assert not has_database(client, names("copy"))
