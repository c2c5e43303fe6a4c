"""Rights on copies: what a role is given, and what a login may not read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from moclone_tui import Client, Moment, TableName
from moclone_tui.cloning.rights import grant_to, may_not_select

if TYPE_CHECKING:
    from tests.conftest import Names

    from .people import People


def test_a_copy_can_be_given_to_a_role(
    people: People, client: Client, shop: str, names: Names
) -> None:
    probes = (
        "USE `{0}`",
        "SHOW TABLES",
        "SELECT * FROM `{0}`.big",
        "SELECT * FROM `{0}`.orders",
        "INSERT INTO `{0}`.orders (total) VALUES (1)",
        "UPDATE `{0}`.customers SET name = 'x'",
        "DELETE FROM `{0}`.orders WHERE id = 1",
        "DROP TABLE `{0}`.orders",
    )
    copy = names("copy")
    tried = [probe.format(copy) for probe in probes]
    client.clone.clone_database(copy, shop)
    writer, reader, one = (
        people.add(name, "CONNECT ON ACCOUNT *") for name in ("writer", "reader", "one")
    )
    assert not any(people.may(writer, *tried)[1:])
    for each in (
        *grant_to(writer, copy),
        *grant_to(reader, copy, read_only=True),
        *grant_to(one, copy, "orders"),
    ):
        client.execute(each.sql)
    assert people.may(reader, *tried) == [True] * 4 + [False] * 4
    assert people.may(one, *tried[3:6]) == [True, True, False]
    assert people.may(writer, *tried) == [True] * 7 + [False]


def test_what_a_login_may_not_read_is_found(
    people: People, client: Client, names: Names
) -> None:
    database = names("wide")
    client.execute(f"CREATE DATABASE `{database}`")
    tables = [TableName(f"t{at}", database) for at in range(70)]
    for table in tables:
        client.execute(f"CREATE TABLE {table.sql} (id INT)")
    hidden = {tables[3], tables[55]}
    role = people.add("reader", "CONNECT ON ACCOUNT *")
    for table in set(tables) - hidden:
        people.give(role, f"SELECT ON TABLE {table.sql}")
    assert may_not_select(client, tables) == ()
    with people.login(role) as reader:
        assert set(may_not_select(reader, tables)) == hidden
        assert may_not_select(reader, [tables[0], TableName("gone", database)]) == ()
        client.snapshots.create(names("s"), "database", database)
        then = Moment(names("s"))
        assert set(may_not_select(reader, tables[:20], then)) == {tables[3]}
        client.execute(f"CREATE TABLE `{database}`.`a.b c` (id INT)")
        odd = TableName("a.b c", database)
        assert may_not_select(reader, [odd]) == (odd,)
        assert may_not_select(client, [odd]) == ()
    nobody = people.add("nobody", "CONNECT ON ACCOUNT *")
    with people.login(nobody) as login:
        assert may_not_select(login, tables, most=3) == tuple(tables[:3])
