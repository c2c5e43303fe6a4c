"""What verifying finds in copies that the server calls a success."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from moclone_tui import NOW, Client, TableName
from moclone_tui.cloning.look import server_clock
from moclone_tui.cloning.verify import verify_database, verify_table

if TYPE_CHECKING:
    from tests.conftest import Names, Server


def test_a_faithful_copy_is_verified(client: Client, shop: str, names: Names) -> None:
    client.clone.clone_database(names("copy"), shop)
    verdict = verify_database(client, names("copy"), shop, NOW)
    assert (verdict.word, verdict.tables, verdict.views) == ("verified: counts", 2, 1)


def test_partitioned_tables_are_counted_once_they_are_committed(
    client: Client, shop: str, names: Names
) -> None:
    client.execute(
        f"CREATE TABLE `{shop}`.p (id INT PRIMARY KEY) PARTITION BY HASH(id)"
        " PARTITIONS 2"
    )
    client.execute(f"INSERT INTO `{shop}`.p VALUES (1), (2), (3)")
    client.clone.clone_database(names("copy"), shop)
    verdict = verify_database(client, names("copy"), shop, NOW)
    assert (verdict.word, verdict.tables) == ("verified: counts", 3)
    client.execute(f"DELETE FROM `{names('copy')}`.p WHERE id = 2")
    verdict = verify_database(client, names("copy"), shop, NOW)
    assert verdict.differences == ("p has 2 rows, its source 3",)


def test_another_default_differs(client: Client, shop: str, names: Names) -> None:
    client.clone.clone_database(names("copy"), shop)
    client.execute(f"ALTER TABLE `{names('copy')}`.orders ADD COLUMN x INT DEFAULT 1")
    verdict = verify_database(client, names("copy"), shop, NOW)
    assert verdict.word == "differs"
    assert "the DDL of orders is not that of its source" in verdict.differences


def test_a_default_with_a_quote_is_copied_or_told(
    client: Client, shop: str, names: Names, server: Server
) -> None:
    """4.2 doubles the quotes of a default in every clone; 3.0 does not."""
    client.execute(f"CREATE TABLE `{shop}`.q (id INT, b VARCHAR(9) DEFAULT 'it''s')")
    client.clone.clone_database(names("copy"), shop)
    client.execute(f"INSERT INTO `{shop}`.q(id) VALUES (1)")
    client.execute(f"INSERT INTO `{names('copy')}`.q(id) VALUES (1)")
    faithful = (
        client.execute(f"SELECT b FROM `{shop}`.q").rows
        == client.execute(f"SELECT b FROM `{names('copy')}`.q").rows
    )
    client.execute(f"DELETE FROM `{names('copy')}`.q")
    verdict = verify_database(client, names("copy"), shop, NOW)
    assert (verdict.word == "verified: counts") == faithful


@pytest.mark.parametrize("elsewhere", [False, True])
def test_a_tables_parent_is_the_same_wherever_the_copy_is(
    client: Client, names: Names, elsewhere: bool
) -> None:
    database, other = names("family"), names("other")
    for statement in (
        f"CREATE DATABASE {database}",
        f"CREATE DATABASE {other}",
        f"CREATE TABLE {database}.parent(id int primary key)",
        (
            f"CREATE TABLE {database}.child(id int, pid int, constraint fk_out"
            f" foreign key(pid) references {database}.parent(id))"
        ),
    ):
        client.execute(statement)
    copy = TableName("copy", other if elsewhere else database)
    source = TableName("child", database)
    client.clone.clone_table(copy, source)
    assert verify_table(client, copy, source, NOW).word == "verified: counts"
    client.execute(f"DROP DATABASE {other}")


def test_a_partitioned_table_that_was_changed_is_not_counted_later(
    client: Client, names: Names
) -> None:
    """It has other rows on purpose."""
    source, copy = names("parts"), names("copy")
    client.execute(f"CREATE DATABASE {source}")
    client.execute(
        f"CREATE TABLE {source}.p (id INT PRIMARY KEY) PARTITION BY HASH (id)"
        " PARTITIONS 2"
    )
    client.execute(f"INSERT INTO {source}.p VALUES (1), (2)")
    at = server_clock(client)
    mine, its = TableName("p", copy), TableName("p", source)
    with client.session() as run:
        run.clone.clone_database(copy, source, at=at)
        for changed in (True, False):
            for verdict in (
                verify_database(run, copy, source, at, changed=[mine] * changed),
                verify_table(run, mine, its, at, partitioned=True, changed=changed),
            ):
                assert (verdict.later == ()) == changed
