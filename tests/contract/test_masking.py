"""Masking: a copy is changed before anybody sees it, and what was changed is proved."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from moclone_tui import Client, Moment, NotFound, QueryError, TableName
from moclone_tui.cloning import dml
from moclone_tui.cloning.changing import Proof, run_after, verify_after
from moclone_tui.cloning.foreign_keys import NO_SWAP
from moclone_tui.cloning.look import server_clock
from moclone_tui.cloning.masking import prepare
from moclone_tui.cloning.progress import Silent
from moclone_tui.cloning.verify import verify_database
from tests.contract.looking import has_database, rows
from tests.contract.masked import (
    MAIL,
    after,
    changed,
    copied,
    make_people,
    ready,
)

if TYPE_CHECKING:
    from tests.conftest import Names


@pytest.fixture
def people(client: Client, names: Names) -> str:
    return make_people(client, names("people"))


def test_nobody_ever_sees_what_was_masked(
    client: Client, watcher: Client, people: str, names: Names
) -> None:
    """Not while it is made, and not by a look into the past of the copy."""
    copy = names("copy")
    rules = after(("customers", "email", MAIL), ("customers", "phone", "NULL"))
    changes = ready(client, rules, people, copy)
    with client.session() as session:
        copied(session, changes)
        assert not has_database(watcher, copy)
        touched = run_after(session, changes, Silent())
        assert not has_database(watcher, copy)
        assert verify_after(session, changes, touched) == Proof()
        assert verify_database(session, copy, people, changes.at).differences == ()
    masked = [(number, f"user{number}@example.org", None) for number in (1, 2, 3)]
    assert rows(watcher, f"`{copy}`.customers") == masked
    assert rows(client, f"`{people}`.customers")[0][1] == "ada@home.net"
    first, last = changes.at.ns, server_clock(client).ns
    seen = [
        _past(watcher, f"`{copy}`.customers", Moment(ns=ns))
        for ns in (*range(first, last, max(1, (last - first) // 40)), last)
    ]
    assert set(map(tuple, seen)) == {(), tuple(masked)}


def _past(client: Client, table: str, at: Moment) -> list[tuple[object, ...]]:
    try:
        return rows(client, f"{table}{at.hint}")
    except NotFound:
        return []


def test_a_parent_is_masked_and_still_one(
    client: Client, people: str, names: Names
) -> None:
    """The server itself would keep the old rows beside the new ones."""
    copy = names("copy")
    changes = ready(client, after(("customers", "email", MAIL)), people, copy)
    with client.session() as session:
        assert changed(session, changes) == Proof()
    assert len(rows(client, f"`{copy}`.customers")) == 3
    ddl = "SHOW CREATE TABLE `{}`.orders"
    assert (
        client.execute(ddl.format(copy)).first
        == client.execute(ddl.format(people)).first
    )
    for database in (copy, people):
        with pytest.raises(QueryError, match="foreign key constraint"):
            client.execute(f"INSERT INTO `{database}`.orders VALUES (9, 99, '')")
        with pytest.raises(QueryError, match="foreign key constraint"):
            client.execute(f"DELETE FROM `{database}`.customers WHERE id = 1")


def test_a_family_of_foreign_keys_is_masked(client: Client, names: Names) -> None:
    """Parents of parents, keys to oneself, two keys of one table."""
    source, copy = names("family"), names("copy")
    for statement in (
        "CREATE DATABASE {0}",
        "CREATE TABLE {0}.a (id INT PRIMARY KEY, x VARCHAR(9))",
        (
            "CREATE TABLE {0}.b (id INT PRIMARY KEY, x VARCHAR(9), a INT, up INT,"
            " CONSTRAINT b_a FOREIGN KEY (a) REFERENCES {0}.a (id) ON DELETE CASCADE,"
            " CONSTRAINT b_b FOREIGN KEY (up) REFERENCES {0}.b (id))"
        ),
        (
            "CREATE TABLE {0}.c (id INT PRIMARY KEY, x VARCHAR(9), a INT, b INT,"
            " CONSTRAINT c_b FOREIGN KEY (b) REFERENCES {0}.b (id),"
            " CONSTRAINT c_a FOREIGN KEY (a) REFERENCES {0}.a (id))"
        ),
        "INSERT INTO {0}.a VALUES (1, 'one'), (2, 'two')",
        "INSERT INTO {0}.b VALUES (1, 'one', 1, NULL)",
        "INSERT INTO {0}.b VALUES (2, 'two', 2, 1)",
        "INSERT INTO {0}.c VALUES (1, 'one', 1, 1), (2, 'two', 2, 2)",
    ):
        client.execute(statement.format(source))
    masks = after(*((table, "x", "concat('m', id)") for table in "abc"))
    changes = ready(client, masks, source, copy)
    with client.session() as session:
        copied(session, changes)
        touched = run_after(session, changes, Silent())
        assert verify_after(session, changes, touched) == Proof()
        assert verify_database(session, copy, source, changes.at).differences == ()
    for table in "abc":
        assert [row[1] for row in rows(client, f"`{copy}`.{table}")] == ["m1", "m2"]


def test_a_copy_made_table_by_table_is_masked(
    client: Client, people: str, names: Names
) -> None:
    """A child whose key was made again would keep its old rows, too."""
    copy, snapshot = names("copy"), names("snap")
    client.snapshots.create(snapshot, "database", people)
    masks = after(("customers", "email", MAIL), ("orders", "note", "NULL"))
    changes = ready(client, masks, people, copy, Moment(snapshot))
    orders = f"ALTER TABLE `{copy}`.orders"
    with client.session() as session:
        session.execute("SET foreign_key_checks = 0")
        session.execute(f"CREATE DATABASE `{copy}`")
        for table in ("customers", "orders"):
            session.clone.clone_table(
                TableName(table, copy), TableName(table, people), snapshot
            )
        session.execute(f"{orders} DROP FOREIGN KEY fk_customer")
        session.execute(
            f"{orders} ADD CONSTRAINT fk_customer FOREIGN KEY (customer)"
            f" REFERENCES `{copy}`.customers (id)"
        )
        touched = run_after(session, changes, Silent())
        assert verify_after(session, changes, touched) == Proof()
    assert [row[2] for row in rows(client, f"`{copy}`.orders")] == [None, None]
    assert len(rows(client, f"`{copy}`.customers")) == 3


def test_a_restore_in_place_is_masked(
    client: Client, people: str, names: Names
) -> None:
    snapshot = names("snap")
    client.snapshots.create(snapshot, "database", people)
    client.execute(f"DELETE FROM {people}.orders WHERE id > 0")
    rule = after(("customers", "email", MAIL))
    changes = ready(client, rule, people, people, Moment(snapshot))
    with client.session() as session:
        session.execute("SET foreign_key_checks = 0")
        session.execute(f"DROP DATABASE {people}")
        session.clone.clone_database(people, people, snapshot)
        touched = run_after(session, changes, Silent())
        assert verify_after(session, changes, touched) == Proof()
    assert rows(client, f"{people}.customers")[0][1] == "user1@example.org"
    assert len(rows(client, f"{people}.orders")) == 2


def test_rows_that_the_server_doubled_are_caught(
    client: Client, people: str, names: Names
) -> None:
    changes = ready(client, after(("customers", "email", MAIL)), people, names("copy"))
    with client.session() as session:
        copied(session, changes)
        touched = run_after(session, replace(changes, swap=NO_SWAP), Silent())
        found = verify_after(session, changes, touched).differences
        session.rollback()
    customers = f"{names('copy')}.customers"
    assert f"{customers} has 3 keys more than once" in found
    assert any("UPDATE reported 3 rows" in each and "+3 rows" in each for each in found)


@pytest.mark.parametrize("value", ["email", "concat(email, '')", "lower(upper(email))"])
def test_a_rule_that_changes_nothing_is_caught(
    client: Client, people: str, names: Names, value: str
) -> None:
    copy = names("copy")
    changes = ready(client, after(("customers", "email", value)), people, copy)
    with client.session() as session:
        found = changed(session, changes)
        session.rollback()
    assert found.differences == (
        f"{copy}.customers.email holds its source's value in 2 rows",
    )


def test_what_is_empty_may_stay_so(client: Client, people: str, names: Names) -> None:
    rule = ("customers", "phone", "if(phone = '', '', 'x')")
    with client.session() as session:
        changes = ready(client, after(rule), people, names("copy"))
        assert changed(session, changes) == Proof()


def test_without_a_key_no_value_of_the_column_may_be_left(
    client: Client, people: str, names: Names
) -> None:
    for value, left in (("concat('v', seen)", 0), ("if(seen = 1, who, 'x')", 1)):
        copy = names(f"copy{left}")
        changes = ready(client, after(("visits", "who", value)), people, copy)
        with client.session() as session:
            found = changed(session, changes)
            session.rollback()
        says = f"{copy}.visits.who holds its source's value in {left} row"
        assert found.differences == ((says,) if left else ())


def test_a_compound_key_and_an_index(client: Client, people: str, names: Names) -> None:
    copy = names("copy")
    changes = ready(client, after(("places", "name", "concat('p', b)")), people, copy)
    with client.session() as session:
        assert changed(session, changes) == Proof()
    found = client.execute(f"SELECT b FROM `{copy}`.places WHERE name = 'p2'")
    assert found.rows == ((2,),)
    assert not client.execute(f"SELECT b FROM `{copy}`.places WHERE name = 'Bonn'").rows


def test_a_file_of_sql_runs_on_the_copy_alone(
    client: Client, people: str, names: Names
) -> None:
    copy = names("copy")
    statements = dml.split(
        f"""-- shorten it
        DELETE FROM orders WHERE id = 2;
        INSERT INTO orders VALUES (7, 1, 'a;b'), (8, 1, 'new');
        UPDATE `{copy}`.customers SET phone = 'x' WHERE id < 3;
        REPLACE INTO places VALUES (1, 1, 'Jena'), (2, 2, 'Gera');
        TRUNCATE TABLE visits;
        INSERT INTO visits SELECT note, id FROM orders"""
    )
    changes = ready(client, after(file=statements), people, copy)
    with client.session() as session:
        assert changed(session, changes) == Proof()
    assert [row[0] for row in rows(client, f"`{copy}`.orders")] == [1, 7, 8]
    assert [row[2] for row in rows(client, f"`{copy}`.customers")] == ["x", "x", "3"]
    assert [row[2] for row in rows(client, f"`{copy}`.places")] == [
        "Jena", "Bonn", "Gera",
    ]  # fmt: skip
    assert len(rows(client, f"`{copy}`.visits")) == 3
    assert [row[0] for row in rows(client, f"`{people}`.orders")] == [1, 2]
    assert len(rows(client, f"`{people}`.visits")) == 2


def test_a_parent_that_is_emptied_keeps_its_children_sound(
    client: Client, people: str, names: Names
) -> None:
    """The server empties a table by making another, and its children lose it."""
    copy = names("copy")
    statements = ("DELETE FROM orders", "DELETE FROM customers")
    changes = ready(client, after(file=statements), people, copy)
    with client.session() as session:
        assert changed(session, changes) == Proof()
    assert rows(client, f"`{copy}`.customers") == []
    client.execute(f"INSERT INTO `{copy}`.customers (id) VALUES (5)")
    client.execute(f"INSERT INTO `{copy}`.orders VALUES (1, 5, '')")
    with pytest.raises(QueryError, match="foreign key constraint"):
        client.execute(f"INSERT INTO `{copy}`.orders VALUES (2, 6, '')")


def test_a_statement_that_fails_leaves_nothing(
    client: Client, people: str, names: Names
) -> None:
    copy = names("copy")
    statements = ("UPDATE customers SET phone = 'x'", "DELETE FROM nowhere")
    changes = ready(client, after(file=statements), people, copy)
    with pytest.raises(QueryError), client.session() as session:
        changed(session, changes)
    assert not has_database(client, copy)


def test_a_table_alone_is_masked(client: Client, people: str, names: Names) -> None:
    source = TableName("customers", people)
    target = TableName("masked", names("other"))
    client.execute(f"CREATE DATABASE {names('other')}")
    rule = ("Customers", "EMAIL", MAIL)
    what = after(rule, file=("DELETE FROM masked WHERE id = 3",))
    changes, findings = prepare(client, what, source, target, server_clock(client))
    assert findings == ()
    with client.session() as session:
        session.execute("SET foreign_key_checks = 0")
        session.clone.clone_table(target, source, at=changes.at)
        touched = run_after(session, changes, Silent())
        assert verify_after(session, changes, touched) == Proof()
    assert [row[1] for row in rows(client, target.sql)] == [
        "user1@example.org",
        "user2@example.org",
    ]


def test_a_key_masked_together_with_those_that_refer_to_it(
    client: Client, people: str, names: Names
) -> None:
    copy = names("copy")
    rules = (("customers", "id", "id + 100"), ("orders", "customer", "customer + 100"))
    changes = ready(client, after(*rules), people, copy)
    with client.session() as session:
        assert changed(session, changes) == Proof()
    assert [row[0] for row in rows(client, f"`{copy}`.customers")] == [101, 102, 103]
    assert [row[1] for row in rows(client, f"`{copy}`.orders")] == [101, 102]


def test_two_rows_masked_alike_under_a_unique_key(
    client: Client, people: str, names: Names
) -> None:
    changes = ready(client, after(("places", "b", "1")), people, names("copy"))
    with pytest.raises(QueryError, match="Duplicate"), client.session() as session:
        changed(session, changes)
    assert not has_database(client, names("copy"))


def test_a_file_that_moves_keys_does_not_hide_what_was_not_masked(
    client: Client, people: str, names: Names
) -> None:
    """A rule that masks nothing, and a file after which no row has its source's key."""
    moved = (
        "UPDATE customers SET id = id + 100",
        "UPDATE orders SET customer = customer + 100",
    )
    asked = after(("customers", "phone", "phone"), file=moved)
    changes = ready(client, asked, people, names("copy"))
    with client.session() as session:
        session.execute("SET foreign_key_checks = 0")
        proof = changed(session, changes)
        assert any(
            "phone holds its source's value" in each for each in proof.differences
        )
        session.rollback()


def test_a_file_that_brings_values_back_is_caught(
    client: Client, people: str, names: Names
) -> None:
    client.execute(
        f"CREATE TABLE `{people}`.archive (id INT PRIMARY KEY, m VARCHAR(40))"
    )
    old = f"SELECT id + 500, email FROM `{people}`.customers"
    client.execute(f"INSERT INTO `{people}`.archive {old}")
    asked = after(
        ("customers", "email", MAIL),
        file=("INSERT INTO customers (id, email) SELECT id, m FROM archive",),
    )
    changes = ready(client, asked, people, names("copy"))
    with client.session() as session:
        proof = changed(session, changes)
        assert any(
            "email holds its source's value" in each for each in proof.differences
        )
        session.rollback()
