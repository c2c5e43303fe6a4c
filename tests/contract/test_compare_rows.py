"""Counting and showing the rows that differ between two tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from moclone_tui import Moment
from moclone_tui.cloning.compare import compare, compare_ddl
from moclone_tui.cloning.compare_rows import changed_rows, row_changes
from moclone_tui.cloning.comparison import Side, State
from moclone_tui.cloning.look import server_clock

if TYPE_CHECKING:
    from moclone_tui import Client
    from tests.conftest import Server

    from .accident import Past


def sides(past: Past, table: str = "t") -> tuple[Side, Side]:
    """A table then and now."""
    return Side(past.database, table, past.moment), Side(past.database, table)


def said(past: Past, table: str = "t") -> str:
    """What became of its rows."""
    return str(row_changes(past.client, *sides(past, table)))


def lines(past: Past, table: str = "t", limit: int = 20) -> list[str]:
    """The rows that differ."""
    return changed_rows(past.client, *sides(past, table), limit).as_lines()


def test_what_became_of_the_rows_is_told(goods: Past) -> None:
    assert said(goods) == "1 inserted, 1 updated, 2 deleted"
    assert lines(goods) == [
        "- id '2', v 'v2', n '2'",
        "- id '3', v 'v3', n '3'",
        "~ id '4': v 'v4' → 'bad', n '4' → NULL",
        "+ id '6', v 'new', n '6'",
    ]
    assert len(lines(goods, limit=2)) == 2
    left, right = sides(goods)
    assert str(row_changes(goods.client, right, left)) == (
        "2 inserted, 1 updated, 1 deleted"
    )
    assert str(row_changes(goods.client, left, left)) == "no row differs"


def test_rows_that_only_have_the_same_number_are_not_called_the_same(
    past: Past,
) -> None:
    past.do("CREATE TABLE @.t (id INT PRIMARY KEY, v INT)")
    past.fill("t", "(id, v)", "({0}, {0})", 3)
    past.then()
    past.do("UPDATE @.t SET v = 0 WHERE id = 1")
    found = compare_ddl(past.client, compare(past.client, *sides(past)))
    (table,) = found.tables
    assert table.state is State.SAME_COUNT
    table = table.with_changes(row_changes(past.client, *sides(past)))
    assert table.state is State.ROWS_DIFFER
    past.do("UPDATE @.t SET v = 1 WHERE id = 1")
    table = table.with_changes(row_changes(past.client, *sides(past)))
    assert (table.state, table.changes) == (State.SAME, table.changes)


def test_what_was_overwritten_with_what_it_was_is_not_changed(past: Past) -> None:
    past.do("CREATE TABLE @.t (id INT PRIMARY KEY, v INT)")
    past.fill("t", "(id, v)", "({0}, {0})", 3)
    past.then()
    past.do("UPDATE @.t SET v = 1 WHERE id = 1", "UPDATE @.t SET v = 9 WHERE id = 2")
    assert said(past) == "1 updated"
    assert lines(past) == ["~ id '2': v '2' → '9'"]


def test_rows_without_a_key_are_told_by_what_they_hold(past: Past) -> None:
    past.do(
        "CREATE TABLE @.t (v VARCHAR(9), n INT)",
        "INSERT INTO @.t VALUES ('x', 1), ('x', 1), ('y', 2), (NULL, 3)",
    )
    past.then()
    past.do("DELETE FROM @.t WHERE v = 'y'", "INSERT INTO @.t VALUES ('x', 1)")
    assert said(past) == "1 inserted, 1 deleted"
    assert sorted(lines(past)) == ["+ v 'x', n '1'", "- v 'y', n '2'"]


def test_a_unique_column_that_is_never_null_is_a_key(past: Past) -> None:
    past.do(
        "CREATE TABLE @.t (id INT NOT NULL UNIQUE, v INT)",
        "INSERT INTO @.t VALUES (1, 1), (2, 2)",
    )
    past.then()
    past.do("UPDATE @.t SET v = 9 WHERE id = 2")
    assert said(past) == "1 updated"
    assert lines(past) == ["~ id '2': v '2' → '9'"]


@pytest.mark.parametrize("keyed", [True, False])
def test_a_table_that_was_emptied_and_filled_anew(past: Past, keyed: bool) -> None:
    past.do(f"CREATE TABLE @.t (id INT{' PRIMARY KEY' * keyed}, v VARCHAR(9))")
    past.fill("t", "(id, v)", "({0}, 'v{0}')", 4)
    past.then()
    past.do("DELETE FROM @.t", "INSERT INTO @.t VALUES (1, 'v1'), (2, 'w'), (9, 'n')")
    if keyed:
        assert said(past) == "1 inserted, 1 updated, 2 deleted"
        assert "~ id '2': v 'v2' → 'w'" in lines(past)
    else:
        assert said(past) == "2 inserted, 3 deleted"
        assert len(lines(past)) == 5


def test_columns_that_both_have_are_compared_after_an_alter(past: Past) -> None:
    past.do("CREATE TABLE @.t (id INT PRIMARY KEY, v INT, old INT)")
    past.fill("t", "(id, v, old)", "({0}, {0}, 0)", 3)
    past.then()
    past.do(
        "ALTER TABLE @.t ADD COLUMN late INT",
        "ALTER TABLE @.t DROP COLUMN old",
        "UPDATE @.t SET v = 0 WHERE id = 1",
        "DELETE FROM @.t WHERE id = 2",
    )
    found = row_changes(past.client, *sides(past))
    assert (str(found), found.note) == ("1 updated, 1 deleted", "without old, late")
    assert lines(past) == ["~ id '1': v '1' → '0'", "- id '2', v '2'"]


def test_a_column_that_came_is_left_out(past: Past) -> None:
    past.do("CREATE TABLE @.t (id INT PRIMARY KEY, v INT)")
    past.fill("t", "(id, v)", "({0}, {0})", 3)
    past.then()
    past.do("ALTER TABLE @.t ADD COLUMN late INT DEFAULT 7")
    past.do("UPDATE @.t SET v = 0 WHERE id = 1")
    for left, right in (sides(past), sides(past)[::-1]):
        found = row_changes(past.client, left, right)
        assert (str(found), found.note) == ("1 updated", "without late")


def test_a_clone_is_compared_with_its_source(past: Past) -> None:
    past.do(
        "CREATE TABLE @.t (a INT, b VARCHAR(9), v INT, PRIMARY KEY (b, a))",
        "INSERT INTO @.t VALUES (1, 'x', 1), (1, 'y', 2), (2, 'x', 3)",
        "CREATE TABLE @.c CLONE @.t",
        "CREATE TABLE @.bare (v INT)",
        "INSERT INTO @.bare VALUES (1), (1), (2)",
        "CREATE TABLE @.bare_c CLONE @.bare",
        "UPDATE @.c SET v = 9 WHERE a = 1 AND b = 'y'",
        "INSERT INTO @.c VALUES (3, 'z', 4)",
        "INSERT INTO @.bare_c VALUES (1)",
    )
    source, copy = Side(past.database, "t"), Side(past.database, "c")
    assert str(row_changes(past.client, source, copy)) == "1 inserted, 1 updated"
    assert changed_rows(past.client, source, copy).as_lines() == [
        "~ a '1', b 'y': v '2' → '9'",
        "+ a '3', b 'z', v '4'",
    ]
    bare, bare_copy = Side(past.database, "bare"), Side(past.database, "bare_c")
    assert str(row_changes(past.client, bare, bare_copy)) == "1 inserted"
    assert changed_rows(past.client, bare, bare_copy).as_lines() == ["+ v '1'"]


@pytest.mark.parametrize("anew", [False, True])
@pytest.mark.parametrize("keyed", [False, True])
def test_two_past_moments_are_compared(past: Past, anew: bool, keyed: bool) -> None:
    past.do(f"CREATE TABLE @.t (id INT{' PRIMARY KEY' * keyed}, v INT)")
    past.fill("t", "(id, v)", "({0}, {0})", 4)
    past.then()
    if anew:
        past.do("DROP TABLE @.t")
        past.do(f"CREATE TABLE @.t (id INT{' PRIMARY KEY' * keyed}, v INT)")
        past.do("INSERT INTO @.t VALUES (2, 2), (3, 9), (4, 4), (5, 5)")
    else:
        past.do(
            "DELETE FROM @.t WHERE id = 1",
            "INSERT INTO @.t VALUES (5, 5)",
            "UPDATE @.t SET v = 9 WHERE id = 3",
        )
    left = sides(past)[0]
    right = Side(past.database, "t", server_clock(past.client))
    past.do("INSERT INTO @.t VALUES (6, 6)")
    found = row_changes(past.client, left, right)
    shown = changed_rows(past.client, left, right)
    if keyed:
        assert str(found) == "1 inserted, 1 updated, 1 deleted"
        assert shown.as_lines() == [
            "- id '1', v '1'", "~ id '3': v '3' → '9'", "+ id '5', v '5'"
        ]  # fmt: skip
    else:
        assert found.inserted - found.deleted == 0
        assert found.total in (3, 4)  # a row keeps its hidden key, unless made anew
        assert "no key" in shown.unknown


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("VARBINARY(9)", ("0x01ff", "0x02", "0x03")),
        ("DATETIME(6)", (
            "'2026-01-02 03:04:05.000006'",
            "'2026-01-02 01:02:03.4'",
            "'2025-01-01 00:00:00.5'",
        )),
        ("DECIMAL(20, 5)", ("1.00001", "2", "123456789012345.12345")),
        ("VARCHAR(20)", (r"'it''s'", r"'a\\\\b%s'", "'[/x]'")),
        ("BIGINT UNSIGNED", ("9223372036854775807", "0", "1")),
        ("DATE", ("'2026-01-02'", "'2026-01-03'", "'2026-01-04'")),
        ("UUID", (
            "'6ba7b810-9dad-11d1-80b4-00c04fd430c8'",
            "'6ba7b811-9dad-11d1-80b4-00c04fd430c8'",
            "'6ba7b812-9dad-11d1-80b4-00c04fd430c8'",
        )),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)  # fmt: skip
def test_keys_of_every_type_find_their_rows(
    past: Past, kind: str, values: tuple[str, str, str], server: Server
) -> None:
    if server.kind == "embedded" and kind == "UUID":
        pytest.skip("the embedded server has no UUID columns")
    past.do(f"CREATE TABLE @.t (id {kind} PRIMARY KEY, v INT)")
    past.do("INSERT INTO @.t VALUES " + ", ".join(f"({each}, 1)" for each in values))
    past.then()
    past.do("UPDATE @.t SET v = 2", f"DELETE FROM @.t WHERE id = {values[0]}")
    assert said(past) == "2 updated, 1 deleted"
    assert [line[0] for line in lines(past)].count("~") == 2
    assert [line[0] for line in lines(past)].count("-") == 1


def test_what_cannot_be_compared_says_why(past: Past, client: Client) -> None:
    past.do("CREATE TABLE @.t (id INT)", "CREATE VIEW @.v AS SELECT id FROM @.t")
    view = Side(past.database, "v")
    assert str(row_changes(client, view, view)).startswith("not known: Only tables")
    missing = Side(past.database, "no_such")
    assert row_changes(client, missing, missing).unknown
    assert changed_rows(client, missing, view).unknown
    past.do("CREATE TABLE @.other (x INT)")
    found = row_changes(client, Side(past.database, "t"), Side(past.database, "other"))
    assert "no column in common" in found.unknown


def test_a_snapshot_by_name_serves_as_well(past: Past, names: object) -> None:
    assert callable(names)
    past.do("CREATE TABLE @.t (id INT PRIMARY KEY)", "INSERT INTO @.t VALUES (1)")
    past.client.snapshots.create(names("s"), "database", database=past.database)
    past.do("INSERT INTO @.t VALUES (2)")
    at = Moment(snapshot=names("s"))
    left, right = Side(past.database, "t", at), Side(past.database, "t")
    assert str(row_changes(past.client, left, right)) == "1 inserted"
    assert changed_rows(past.client, left, right).as_lines() == ["+ id '2'"]
