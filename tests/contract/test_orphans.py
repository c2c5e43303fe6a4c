"""Rows that point to a parent that is not there: no copy is made of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from moclone_tui import Client, CloneError, QueryError
from moclone_tui.cloning.changing import Proof
from moclone_tui.cloning.request import Mode, Pair, Request
from moclone_tui.jobs.clone import Copy
from moclone_tui.jobs.model import JobState
from tests.contract.looking import has_database
from tests.contract.masked import after, changed, make_people, ready

if TYPE_CHECKING:
    from tests.conftest import Names

    from .running import Log


@pytest.fixture
def people(client: Client, names: Names) -> str:
    return make_people(client, names("people"))


@pytest.mark.parametrize(
    ("statement", "orphans"),
    [
        ("DELETE FROM customers WHERE id = 1", 1),
        ("UPDATE customers SET id = id + 100", 2),
        ("INSERT INTO orders VALUES (8, 98, ''), (9, 99, ''), (10, 3, '')", 2),
        ("TRUNCATE TABLE customers", 2),
    ],
)
def test_what_points_to_nothing_is_not_committed(
    client: Client, people: str, names: Names, statement: str, orphans: int
) -> None:
    """While keys are off, the server takes it, and no CASCADE runs."""
    changes = ready(client, after(file=(statement,)), people, names("copy"))
    rows = f"{orphans} row{'s' * (orphans > 1)}"
    says = rf"copy\.orders has {rows} whose customer is not in customers\.$"
    with pytest.raises(CloneError, match=says), client.session() as session:
        changed(session, changes)
    assert not has_database(client, names("copy"))


def test_rows_of_the_source_that_point_to_nothing_are_in_the_way(
    client: Client, people: str, names: Names
) -> None:
    """The server makes no key over them; a NULL in a key points nowhere."""
    stays = f"{people}.stays"
    client.execute(
        f"CREATE TABLE {stays} (id INT PRIMARY KEY, a INT, b INT, CONSTRAINT"
        f" fk_place FOREIGN KEY (a, b) REFERENCES {people}.places (a, b))"
    )
    with client.session() as session:
        session.execute("SET foreign_key_checks = 0")
        session.execute(
            f"INSERT INTO {stays} VALUES (1, 1, 1), (2, 9, 9), (3, 9, NULL)"
        )
    file = after(file=("DELETE FROM places WHERE b = 2",))
    changes = ready(client, file, people, names("copy"))
    says = r"stays has 1 row whose a, b is not in places\.$"
    with pytest.raises(CloneError, match=says), client.session() as session:
        changed(session, changes)
    client.execute(f"DELETE FROM {stays} WHERE id = 2")
    changes = ready(client, file, people, names("copy"))
    with client.session() as session:
        assert changed(session, changes) == Proof()


def test_a_key_is_not_made_over_rows_that_point_to_nothing(
    client: Client, people: str
) -> None:
    """The server looks even if it is told not to, and only by the key that is made."""
    parent = f"REFERENCES {people}.customers (id)"
    client.execute(
        f"CREATE TABLE {people}.gifts (id INT PRIMARY KEY, a INT, b INT,"
        f" CONSTRAINT fk_a FOREIGN KEY (a) {parent},"
        f" CONSTRAINT fk_b FOREIGN KEY (b) {parent})"
    )
    alter = f"ALTER TABLE {people}.gifts"
    with client.session() as session:
        session.execute("SET foreign_key_checks = 0")
        session.execute(f"INSERT INTO {people}.gifts VALUES (1, 99, 1)")
        session.execute(f"{alter} DROP FOREIGN KEY fk_b")
        session.execute(f"{alter} ADD CONSTRAINT fk_b FOREIGN KEY (b) {parent}")
        session.execute(f"{alter} DROP FOREIGN KEY fk_a")
        with pytest.raises(QueryError, match="foreign key constraint"):
            session.execute(f"{alter} ADD CONSTRAINT fk_a FOREIGN KEY (a) {parent}")
        session.rollback()


def test_table_by_table_they_are_told_with_the_mode_that_takes_them(
    log: Log, client: Client, people: str, names: Names
) -> None:
    with client.session() as session:
        session.execute("SET foreign_key_checks = 0")
        session.execute(f"DELETE FROM {people}.customers WHERE id = 1")
    pair = Pair(people, names("copy"))
    end = log.run(Copy(Request((pair,), mode=Mode.STEPWISE)))
    assert end.state is JobState.FAILED
    assert "point to a parent that is not there" in end.text
    assert "fk_customer" in end.text
    assert end.error is not None
    assert "mode native" in end.error.remedy
    assert not has_database(client, names("copy"))
    end = log.run(Copy(Request((pair,), mode=Mode.NATIVE)))
    assert end.text == "verified: counts"
