"""Who holds what is to be replaced: DROP would wait for them, past two minutes."""

from __future__ import annotations

import pytest

from moclone_tui import Client, TableName
from moclone_tui.cloning.ties import look_at_holders, look_at_ties


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO `{0}`.orders (total) VALUES (1)",
        "UPDATE `{0}`.orders SET total = 3 WHERE id = 1",
        "DELETE FROM `{0}`.orders WHERE id = 1",
        "SELECT * FROM `{0}`.orders WHERE id = 1 FOR UPDATE",
        "DROP TABLE `{0}`.orders",
    ],
)
def test_who_holds_it_is_named(
    client: Client, watcher: Client, shop: str, statement: str
) -> None:
    assert look_at_ties(client, [shop]).holders == ()
    with watcher.session() as session:
        session.execute(statement.format(shop))
        number = session.connection.id
        (found,) = look_at_ties(client, [shop]).holders
        assert (found.connection, found.user) == (number, "root")
        assert found.host == "127.0.0.1"
        assert found.seconds is not None
        assert 0 <= found.seconds < 60
        assert found.statement == statement.format(shop)
        orders, customers = TableName("orders", shop), TableName("customers", shop)
        (again,) = look_at_holders(client, [], [orders])
        assert again.connection == number
        assert look_at_holders(client, [], [customers]) == ()
        session.rollback()
    assert look_at_holders(client, [shop]) == ()


def test_who_makes_a_table_in_it_holds_the_database(
    client: Client, watcher: Client, shop: str
) -> None:
    with watcher.session() as session:
        session.execute(f"CREATE TABLE `{shop}`.more (id INT PRIMARY KEY)")
        assert len(look_at_holders(client, [shop])) == 1
        assert look_at_holders(client, [], [TableName("orders", shop)]) == ()
        session.rollback()


def test_a_reader_holds_nothing_and_neither_does_who_looks(
    client: Client, watcher: Client, shop: str
) -> None:
    with watcher.session() as session:
        session.execute(f"SELECT * FROM `{shop}`.orders")
        assert look_at_holders(client, [shop]) == ()
        session.execute(f"DELETE FROM `{shop}`.orders WHERE id = 1")
        assert look_at_holders(session, [shop]) == ()
        session.rollback()
