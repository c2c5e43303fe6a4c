"""Ties: what hangs on what is replaced is seen, lost by DROP, and made again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from moclone_tui import Client, Moment, QueryError, TableName
from moclone_tui.api import sql
from moclone_tui.cloning.ties import Ties, look_at_ties

if TYPE_CHECKING:
    from tests.conftest import Names, Server

    from .people import People


@pytest.fixture
def then(client: Client, shop: str, names: Names) -> Moment:
    """A snapshot to make things of again."""
    client.snapshots.create(names("then"), "database", shop)
    return Moment(names("then"))


def replace(client: Client, shop: str, then: Moment, table: str = "") -> None:
    """Drop and make again in one transaction, as every replace does."""
    name = TableName(table or "-", shop)
    with client.session() as session:
        if table:
            session.execute(f"DROP TABLE {name.sql}")
            session.execute(sql.clone_table(name, name, then))
        else:
            session.execute(f"DROP DATABASE `{shop}`")
            session.execute(sql.clone_database(shop, shop, then))


def remake(client: Client, ties: Ties) -> None:
    for each in ties.remake():
        client.execute(each.sql)


# --------------------------------------------------------------------------- grants


def test_every_role_can_do_afterwards_what_it_could_before(
    people: People, client: Client, shop: str, then: Moment
) -> None:
    roles = (
        people.add(
            "reader",
            f"SELECT ON TABLE `{shop}`.*",
            f"SELECT ON VIEW `{shop}`.*",
            f"SHOW TABLES ON DATABASE `{shop}`",
            "CONNECT ON ACCOUNT *",
        ),
        people.add(
            "clerk",
            f"SELECT, INSERT ON TABLE `{shop}`.orders",
            f"UPDATE ON TABLE `{shop}`.orders WITH GRANT OPTION",
            f"SELECT ON VIEW `{shop}`.big",
        ),
        people.add("owner", f"OWNERSHIP ON TABLE `{shop}`.customers"),
        people.add("builder", f"ALL ON DATABASE `{shop}`", "CONNECT ON ACCOUNT *"),
    )
    probes = (
        f"USE `{shop}`",
        "SHOW TABLES",
        f"SELECT * FROM `{shop}`.customers",
        f"SELECT * FROM `{shop}`.orders",
        f"SELECT * FROM `{shop}`.big",
        f"INSERT INTO `{shop}`.orders (total) VALUES (1)",
        f"INSERT INTO `{shop}`.customers VALUES (50, 'x')",
        f"UPDATE `{shop}`.orders SET total = 2 WHERE id = 1",
        f"DELETE FROM `{shop}`.customers WHERE id = 50",
        f"CREATE TABLE IF NOT EXISTS `{shop}`.made (id INT)",
    )
    before = [people.may(role, *probes) for role in roles]
    client.execute(f"DROP TABLE `{shop}`.made")
    ties = look_at_ties(client, [shop])
    replace(client, shop, then)
    lost = [people.may(role, *probes) for role in roles]
    assert not any(can for role in lost for can in role[1:])
    remake(client, ties)
    assert look_at_ties(client, [shop]).grants == ties.grants
    assert [people.may(role, *probes) for role in roles] == before
    assert any(each.with_grant_option for each in ties.grants)


def test_a_single_table_takes_its_own_grants_and_no_others(
    people: People, client: Client, shop: str, then: Moment
) -> None:
    role = people.add(
        "clerk",
        f"SELECT, DELETE ON TABLE `{shop}`.orders",
        f"SELECT ON TABLE `{shop}`.customers",
    )
    ties = look_at_ties(client, [], [TableName("orders", shop)])
    assert [str(each) for each in ties.grants] == [
        f"DELETE, SELECT on {shop}.orders for {role}"
    ]
    replace(client, shop, then, "orders")
    probes = (
        f"SELECT * FROM `{shop}`.orders",
        f"SELECT * FROM `{shop}`.customers",
    )
    assert people.may(role, *probes) == [False, True]
    remake(client, ties)
    assert people.may(role, *probes) == [True, True]


def test_what_is_not_there_afterwards_gets_no_grants(
    people: People, client: Client, shop: str, then: Moment, names: Names
) -> None:
    client.execute(f"CREATE TABLE `{shop}`.late (id INT PRIMARY KEY)")
    people.add("reader", f"SELECT ON TABLE `{shop}`.late")
    client.pitr.create(names("p"), "table", 1, "h", shop, "late")
    ties = look_at_ties(client, [shop])
    assert len(ties.remake()) == 2
    there = {TableName("orders", shop), TableName("customers", shop)}
    assert ties.remake(there) == ()


def test_a_view_of_another_owner_is_named(
    people: People, client: Client, shop: str
) -> None:
    """Made again, it would read with the rights of whoever makes it."""
    role = people.add(
        "owner",
        f"CREATE VIEW ON DATABASE `{shop}`",
        f"SELECT ON TABLE `{shop}`.orders",
        "CONNECT ON ACCOUNT *",
    )
    with people.login(role) as owner:
        owner.execute(f"CREATE VIEW `{shop}`.mine AS SELECT id FROM `{shop}`.orders")
    found = look_at_ties(client, [shop]).views
    assert found == ((TableName("mine", shop), role),)


# ----------------------------------------------------------------------------- PITR


def test_a_pitr_that_dies_is_followed_by_one_of_its_own_name(
    people: People, client: Client, shop: str, then: Moment, names: Names
) -> None:
    client.pitr.create(names("p"), "database", 7, "d", shop)
    client.pitr.create(names("q"), "table", 2, "h", shop, "orders")
    first = look_at_ties(client, [shop])
    assert {each.name for each in first.pitrs} == {names("p"), names("q")}
    replace(client, shop, then)
    remake(client, first)
    found = {each.name: each for each in client.pitr.list(database=shop)}
    assert {name: each.active for name, each in found.items()} == {
        names("p"): False,
        names("q"): False,
        names("p_2"): True,
        names("q_2"): True,
    }
    assert found[names("p_2")].range == "7 days"
    assert (found[names("q_2")].table, found[names("q_2")].range) == (
        "orders",
        "2 hours",
    )
    again = look_at_ties(client, [shop])
    assert {each.name for each in again.pitrs} == {names("p_2"), names("q_2")}
    replace(client, shop, then)
    remake(client, again)
    alive = {each.name for each in client.pitr.list(database=shop) if each.active}
    assert alive == {names("p_3"), names("q_3")}


def test_a_pitr_of_the_database_outlives_a_single_table(
    people: People, client: Client, shop: str, then: Moment, names: Names
) -> None:
    client.pitr.create(names("p"), "database", 1, "h", shop)
    client.pitr.create(names("q"), "table", 1, "h", shop, "customers")
    assert look_at_ties(client, [], [TableName("orders", shop)]).pitrs == ()
    replace(client, shop, then, "orders")
    assert all(each.active for each in client.pitr.list(database=shop))


def test_a_replace_that_is_rolled_back_unties_nothing(
    people: People, client: Client, shop: str, then: Moment, names: Names
) -> None:
    people.add("reader", f"SELECT ON TABLE `{shop}`.*")
    client.pitr.create(names("p"), "database", 1, "h", shop)
    before = look_at_ties(client, [shop])
    with client.session() as session:
        session.execute(f"DROP DATABASE `{shop}`")
        session.execute(sql.clone_database(shop, shop, then))
        session.rollback()
    assert look_at_ties(client, [shop]) == before
    assert before.grants
    assert before.pitrs


# --------------------------------------------------------- what keeps it from dropping


def test_a_publication_blocks_its_database(
    people: People, client: Client, shop: str, names: Names
) -> None:
    client.execute(f"CREATE PUBLICATION {names('p')} DATABASE `{shop}` ACCOUNT ALL")
    (found,) = look_at_ties(client, [shop]).publications
    assert (found.name, found.tables, found.accounts) == (names("p"), (), "all")
    assert found.blocks
    with pytest.raises(QueryError, match="publishing"):
        client.execute(f"DROP DATABASE `{shop}`")
    assert look_at_ties(client, [], [TableName("orders", shop)]).publications == ()


def test_a_table_is_published_again(
    people: People, client: Client, shop: str, then: Moment, names: Names
) -> None:
    client.execute(
        f"CREATE PUBLICATION {names('p')} DATABASE `{shop}`"
        " TABLE customers, orders ACCOUNT ALL"
    )
    table = TableName("orders", shop)
    ties = look_at_ties(client, [], [table])
    assert [each.blocks for each in ties.publications] == [False]
    replace(client, shop, then, "orders")
    assert look_at_ties(client, [], [table]).publications == ()
    remake(client, ties)
    assert look_at_ties(client, [], [table]).publications == ties.publications


def test_foreign_keys_from_elsewhere(client: Client, names: Names) -> None:
    shop, other = names("d"), names("other")
    to_p = f"FOREIGN KEY (a, b) REFERENCES `{shop}`.p (a, b)"
    to_tree = f"FOREIGN KEY (up) REFERENCES `{shop}`.tree (id)"
    for statement in (
        f"CREATE DATABASE `{shop}`",
        f"CREATE DATABASE `{other}`",
        f"CREATE TABLE `{shop}`.p (a INT, b INT, PRIMARY KEY (a, b))",
        f"CREATE TABLE `{shop}`.inside (a INT, b INT, CONSTRAINT i {to_p})",
        f"CREATE TABLE `{other}`.outside (a INT, b INT, CONSTRAINT o {to_p})",
        f"CREATE TABLE `{shop}`.tree (id INT PRIMARY KEY, up INT, {to_tree})",
    ):
        client.execute(statement)
    p, inside = TableName("p", shop), TableName("inside", shop)
    outside = TableName("outside", other)

    def children(databases: list[str], *tables: TableName) -> set[TableName]:
        keys = look_at_ties(client, databases, tables).foreign_keys
        assert all(each.parent == p for each in keys)
        assert len({each.name for each in keys}) == len(keys)
        return {each.child for each in keys}

    assert children([shop]) == {outside}
    assert children([shop, other]) == set()
    assert children([], p) == {inside, outside}
    assert children([], p, inside) == {outside}
    assert children([], TableName("tree", shop)) == set()
    assert children([], inside) == set()
    client.execute(f"DROP DATABASE `{other}`")


# ------------------------------------------------------------------------ few rights


def test_without_rights_nothing_is_called_fine(
    people: People, client: Client, shop: str
) -> None:
    role = people.add("nobody", "CONNECT ON ACCOUNT *")
    with people.login(role) as nobody:
        unknown = look_at_ties(nobody, [shop]).unknown
    for what in ("grants", "foreign keys that point in", "open transactions", "PITRs"):
        assert f"{what}: no right to look" in unknown


def test_an_account_sees_its_ties_though_it_has_no_tables_of_them(
    server: Server, client: Client, shop: str, names: Names
) -> None:
    account = names("acc")
    client.execute(f"CREATE ACCOUNT {account} ADMIN_NAME 'm' IDENTIFIED BY '111'")
    with (
        server.client(user=f"{account}#m", password="111") as admin,
        server.client(user=f"{account}#m", password="111") as other,
    ):
        for statement in (
            "CREATE DATABASE app",
            "CREATE TABLE app.t (id INT PRIMARY KEY)",
            "CREATE ROLE reader",
            "GRANT SELECT ON TABLE app.t TO reader",
            "CREATE PUBLICATION pub DATABASE app ACCOUNT sys",
        ):
            admin.execute(statement)
        admin.pitr.create("p", "database", 3, "d", "app")
        with other.session() as session:
            session.execute("INSERT INTO app.t VALUES (1)")
            ties = look_at_ties(admin, ["app"])
            session.rollback()
        assert ties.unknown == ()
        assert [str(each) for each in ties.grants] == ["SELECT on app.t for reader"]
        assert [(each.name, each.range) for each in ties.pitrs] == [("p", "3 days")]
        assert [each.name for each in ties.publications] == ["pub"]
        assert [each.user for each in ties.holders] == ["m"]
        admin.execute("DROP PUBLICATION pub")
        admin.pitr.delete("p")
