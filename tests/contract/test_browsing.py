"""What browsing reads: columns then, rows a page at a time, sizes, copies."""

from __future__ import annotations

from moclone_tui.api import Client, Moment, TableName
from moclone_tui.api.paging import PAGE, first_page, next_page, whole_row
from tests.conftest import Names


def _make(client: Client, db: str) -> None:
    client.execute(f"CREATE DATABASE {db}")
    client.execute(
        f"CREATE TABLE {db}.wide (id BIGINT PRIMARY KEY, name VARCHAR(300) DEFAULT 'x'"
        " COMMENT 'of people', data VARBINARY(500), UNIQUE KEY by_name (name))"
    )
    values = ", ".join(f"({n}, 'n{n}', x'00ff')" for n in range(PAGE * 2 + 7))
    client.execute(f"INSERT INTO {db}.wide VALUES {values}")
    client.execute(
        f"INSERT INTO {db}.wide VALUES (9000, '{'é' * 250}', x'{'ff' * 200}'),"
        " (9001, NULL, NULL)"
    )
    client.execute(f"CREATE TABLE {db}.two (b INT, a VARCHAR(9), PRIMARY KEY (a, b))")
    values = ", ".join(f"({n}, 'k{n % 3}')" for n in range(PAGE + 50))
    client.execute(f"INSERT INTO {db}.two VALUES {values}")
    client.execute(f"CREATE TABLE {db}.keyless (a INT)")
    values = ", ".join(f"({n})" for n in range(PAGE + 50))
    client.execute(f"INSERT INTO {db}.keyless VALUES {values}")
    client.execute(f"CREATE VIEW {db}.seen AS SELECT a FROM {db}.keyless")


def _all(client: Client, table: TableName, at: Moment) -> list[tuple[str | None, ...]]:
    page = first_page(client, table, at)
    rows = [*page.rows]
    while page.more:
        page = next_page(client, page)
        rows += page.rows
    return [tuple(value.text for value in row.values) for row in rows]


def test_pages_follow_the_key_and_hold_every_row_once(
    client: Client, names: Names
) -> None:
    db, snapshot = names("shop"), names("snap")
    _make(client, db)
    client.execute(f"CREATE SNAPSHOT {snapshot} FOR DATABASE {db}")
    client.execute(f"DELETE FROM {db}.wide WHERE id < 300")
    then = Moment(snapshot=snapshot)

    now_ids = [row[0] for row in _all(client, TableName("wide", db), Moment())]
    assert now_ids == [*map(str, range(300, PAGE * 2 + 7)), "9000", "9001"]
    then_ids = [row[0] for row in _all(client, TableName("wide", db), then)]
    assert then_ids == [*map(str, range(PAGE * 2 + 7)), "9000", "9001"]
    for at in (Moment(), then):
        keys = [(a, int(b or 0)) for b, a in _all(client, TableName("two", db), at)]
        assert keys == sorted(keys, key=str) or keys == sorted(keys)
        assert len(set(keys)) == PAGE + 50
        for name in ("keyless", "seen"):
            rows = _all(client, TableName(name, db), at)
            assert len(set(rows)) == len(rows) == PAGE + 50


def test_long_values_come_cut_and_whole_when_asked_for(
    client: Client, names: Names
) -> None:
    db = names("shop")
    _make(client, db)
    page = first_page(client, TableName("wide", db))
    while page.more:
        page = next_page(client, page)
    long, empty = page.rows[-2:]
    assert [value.text for value in empty.values] == ["9001", None, None]
    _, name, data = long.values
    assert (name.cut, name.length, name.text) == (True, 250, "é" * 120)
    assert (data.cut, data.length, data.text) == (True, 200, "FF" * 60)
    assert data.binary
    assert not name.binary
    _, name, data = whole_row(client, page, long).values
    assert (name.text, name.cut) == ("é" * 250, False)
    assert (data.text, data.cut) == ("FF" * 200, False)
    _, _, short = page.rows[0].values
    assert (short.text, short.cut) == ("00FF", False), "LEFT would spoil these bytes"


def test_columns_and_indexes_as_they_were(client: Client, names: Names) -> None:
    db, snapshot = names("shop"), names("snap")
    _make(client, db)
    before = client.metadata.columns(f"{db}.wide")
    indexes = client.metadata.indexes(f"{db}.wide")
    two = client.metadata.columns(f"{db}.two")
    client.execute(f"CREATE SNAPSHOT {snapshot} FOR DATABASE {db}")
    client.execute(f"ALTER TABLE {db}.wide ADD COLUMN later INT")
    client.execute(f"DROP TABLE {db}.two")
    then = Moment(snapshot=snapshot)

    found = client.metadata.columns(f"{db}.wide", then)
    assert [(c.name, c.type, c.nullable, c.default, c.comment) for c in found] == [
        (c.name, c.type, c.nullable, c.default, c.comment) for c in before
    ]
    assert [c.key for c in found] == ["PRI", "", ""]
    assert client.metadata.indexes(f"{db}.wide", then) == indexes
    assert client.metadata.columns(f"{db}.two", then) == two
    assert client.metadata.columns(f"{db}.keyless", then)[0].name == "a"
    assert len(client.metadata.columns(f"{db}.keyless", then)) == 1
    assert len(client.metadata.columns(f"{db}.wide")) == 4


def test_every_object_of_every_database_in_one_read(
    client: Client, names: Names
) -> None:
    db, copy = names("shop"), names("copy")
    _make(client, db)
    client.clone.clone_database(copy, db)
    client.execute(f"CREATE SNAPSHOT {names('snap')} FOR DATABASE {db}")
    client.execute(f"DROP TABLE {db}.two")

    def held(at: Moment) -> list[str]:
        return [t.name for t in client.metadata.objects(at) if t.database == db]

    assert held(Moment()) == ["keyless", "seen", "wide"]
    assert held(Moment(snapshot=names("snap"))) == ["keyless", "seen", "two", "wide"]
    number, made_by = client.metadata.copies()[copy]
    assert number == 3
    assert f"clone `{db}`." in made_by
    sizes = client.metadata.sizes(db, ["wide", "keyless", "seen"])
    assert set(sizes) == {"wide", "keyless"}
