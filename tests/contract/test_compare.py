"""Comparing what was with what is, one database with another, two servers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from moclone_tui import NOW, Client, Moment, NotFound
from moclone_tui.cloning.compare import changed_since, compare, compare_ddl
from moclone_tui.cloning.comparison import Comparison, Side, State

if TYPE_CHECKING:
    from tests.conftest import Names, Server

    from .accident import Past


def states(found: Comparison) -> dict[str, str]:
    """What is said of each object."""
    return {each.name: str(each.state) for each in found.tables}


def compared(client: Client, left: Side, right: Side) -> dict[str, str]:
    """What is said of each object once the DDL was compared, too."""
    return states(compare_ddl(client, compare(client, left, right)))


@pytest.fixture
def changed(past: Past) -> Past:
    """Tables that are dropped, made, altered, filled and left alone after a moment."""
    past.do(
        "CREATE TABLE @.gone (id INT PRIMARY KEY)",
        "CREATE TABLE @.kept (id INT PRIMARY KEY, v VARCHAR(9))",
        "CREATE TABLE @.altered (id INT PRIMARY KEY)",
        "CREATE TABLE @.filled (id INT PRIMARY KEY)",
        "CREATE TABLE @.emptied (id INT PRIMARY KEY)",
        "CREATE VIEW @.seen AS SELECT id FROM @.kept",
    )
    past.fill("kept", "(id, v)", "({0}, 'v')", 3)
    past.fill("emptied", "(id)", "({0})", 4)
    past.then()
    past.do(
        "DROP TABLE @.gone",
        "CREATE TABLE @.late (id INT)",
        "ALTER TABLE @.altered ADD COLUMN v INT",
        "INSERT INTO @.filled VALUES (1), (2)",
        "DELETE FROM @.emptied",
    )
    return past


def test_a_database_is_compared_with_its_past(changed: Past) -> None:
    left, right = Side(changed.database, at=changed.moment), Side(changed.database)
    found = compare_ddl(changed.client, compare(changed.client, left, right))
    assert states(found) == {
        "altered": "altered",
        "emptied": "rows differ",
        "filled": "rows differ",
        "gone": "only left",
        "kept": "same count",
        "late": "only right",
        "seen": "same",
    }
    emptied, gone = found.of("emptied"), found.of("gone")
    assert (emptied.rows_left, emptied.rows_right) == (4, 0)
    assert (gone.rows_left, gone.rows_right) == (0, None)
    assert "`v` int" in found.of("altered").ddl_right
    assert "`v` int" not in found.of("altered").ddl_left
    assert str(found) == (
        "only left 1, only right 1, altered 1, rows differ 2, same count 1, same 1"
    )


def test_what_changed_since_is_told_without_what_did_not(changed: Past) -> None:
    found = changed_since(changed.client, changed.database, changed.moment)
    assert set(found) == {"altered", "emptied", "filled", "gone", "late"}
    assert changed_since(changed.client, changed.database, NOW) == {}


@pytest.mark.parametrize(
    "alter",
    [
        "ALTER TABLE @.t COMMENT 'another'",
        "ALTER TABLE @.t ADD INDEX by_v (v)",
        "ALTER TABLE @.t RENAME COLUMN v TO x",
        "ALTER TABLE @.t ADD CONSTRAINT fk FOREIGN KEY (v) REFERENCES @.p (id)",
        "ALTER TABLE @.t MODIFY COLUMN v BIGINT",
        "CREATE UNIQUE INDEX once ON @.t (v)",
        "DROP INDEX by_w ON @.t",
    ],
)
def test_every_alteration_is_seen(past: Past, alter: str) -> None:
    past.do(
        "CREATE TABLE @.p (id INT PRIMARY KEY)",
        "CREATE TABLE @.t (id INT PRIMARY KEY, v INT, w INT, KEY by_w (w))",
    )
    past.then()
    past.do("USE @", alter)
    found = changed_since(past.client, past.database, past.moment)
    assert found["t"].state is State.ALTERED


def test_a_clone_is_like_its_source(client: Client, names: Names) -> None:
    source, copy = names("source"), names("copy")
    for statement in (
        f"CREATE DATABASE {source}",
        f"CREATE TABLE {source}.p (id INT PRIMARY KEY)",
        (
            f"CREATE TABLE {source}.c (id INT PRIMARY KEY, p INT, CONSTRAINT fk"
            f" FOREIGN KEY (p) REFERENCES {source}.p (id))"
        ),
        f"INSERT INTO {source}.p VALUES (1), (2)",
        f"CREATE VIEW {source}.v AS SELECT p.id, 'a' word FROM {source}.p WHERE id > 1",
    ):
        client.execute(statement)
    client.clone.clone_database(copy, source)
    assert compared(client, Side(source), Side(copy)) == {
        "c": "same count", "p": "same count", "v": "same",
    }  # fmt: skip
    client.execute(f"DROP VIEW {copy}.v")
    client.execute(f"CREATE VIEW {copy}.v AS SELECT id FROM {copy}.p")
    assert compared(client, Side(source), Side(copy))["v"] == "altered"


def test_two_tables_of_other_names_are_compared(client: Client, shop: str) -> None:
    client.execute(f"CREATE TABLE {shop}.buyers LIKE {shop}.customers")
    found = compare(client, Side(shop, "customers"), Side(shop, "buyers"))
    (pair,) = compare_ddl(client, found).tables
    assert (pair.state, pair.same_ddl) == (State.ROWS_DIFFER, True)
    assert (pair.rows_left, pair.rows_right) == (3, 0)
    client.execute(f"DROP TABLE {shop}.buyers")
    found = compare(client, Side(shop, "customers"), Side(shop, "buyers"))
    assert (states(found), found.there) == ({"customers": "only left"}, (True, False))


def test_a_database_that_is_gone_has_only_its_past(changed: Past) -> None:
    changed.do("DROP DATABASE @")
    left, right = Side(changed.database, at=changed.moment), Side(changed.database)
    found = compare(changed.client, left, right)
    assert set(states(found).values()) == {"only left"}
    assert found.there == (True, False)
    assert compare(changed.client, right, left).there == (False, True)
    with pytest.raises(NotFound, match=r"Neither .* is there"):
        compare(changed.client, right, Side("no_such"))


def test_a_view_that_became_a_table_is_altered(past: Past) -> None:
    past.do("CREATE TABLE @.t (id INT)", "CREATE VIEW @.x AS SELECT id FROM @.t")
    past.then()
    past.do("DROP VIEW @.x", "CREATE TABLE @.x (id INT)")
    found = changed_since(past.client, past.database, past.moment)
    assert found["x"].state is State.ALTERED
    assert (found["x"].rows_left, found["x"].rows_right) == (None, 0)


def test_a_snapshot_is_compared_with_another(client: Client, names: Names) -> None:
    database = names("d")
    client.execute(f"CREATE DATABASE {database}")
    client.execute(f"CREATE TABLE {database}.t (id INT PRIMARY KEY)")
    for number in (1, 2):
        client.execute(f"INSERT INTO {database}.t VALUES ({number})")
        client.snapshots.create(names(f"s{number}"), "database", database=database)
    first, second = (
        Side(database, at=Moment(snapshot=names(f"s{number}"))) for number in (1, 2)
    )
    (table,) = compare(client, first, second).tables
    assert (table.rows_left, table.rows_right) == (1, 2)


def test_two_servers_are_compared(
    server: Server, embedded_server: Server, client: Client, names: Names
) -> None:
    with embedded_server.client() as other:
        for each in (client, other):
            each.execute(f"CREATE DATABASE IF NOT EXISTS {names('d')}")
            each.execute(
                f"CREATE TABLE IF NOT EXISTS {names('d')}.t"
                " (id INT PRIMARY KEY, v VARCHAR(9) DEFAULT NULL, KEY by_v (v))"
            )
        other.execute(f"CREATE TABLE {names('d')}.more (id INT)")
        other.execute(f"INSERT INTO {names('d')}.t VALUES (1, 'x')")
        side = Side(names("d"))
        found = compare(client, side, side, other)
        if server.kind == "embedded":
            assert found.differing == ()
        else:
            assert states(found) == {"more": "only right", "t": "rows differ"}
        same = compare_ddl(client, found, other=other).of("t")
        assert same.same_ddl is True
        names.drop_all(other)
