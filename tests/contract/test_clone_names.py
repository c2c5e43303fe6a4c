"""Any name the server can hold works, folds as the server does, and injects nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from moclone_tui import Client, CloneError, InvalidName, TableName
from moclone_tui.cloning.request import Request

from .looking import has_database, rows, tables

if TYPE_CHECKING:
    from tests.conftest import Names, Server

AWKWARD = ("a.b", "a`b", "100%s", "数据表", "[/x]", "two words", "a'b", "a;b--", "A/*b")
NOT_ON_3_0 = {"a`b", "a'b"}
"""3.0 makes no table of the second, and cannot drop the database of the first."""


@pytest.mark.parametrize("name", AWKWARD)
def test_a_table_of_any_name_is_copied(
    client: Client, server: Server, shop: str, name: str
) -> None:
    if server.version < (4,) and name in NOT_ON_3_0:
        pytest.skip("3.0 cannot hold this name")
    source = TableName(name, shop)
    client.execute(f"CREATE TABLE {source.sql} (id INT PRIMARY KEY)")
    client.execute(f"INSERT INTO {source.sql} VALUES (1), (2)")
    target = TableName(f"{name} copy", shop)
    client.clone.clone_table(target, source)
    assert rows(client, target.sql) == [(1,), (2,)]
    assert client.metadata.count_rows([target]) == {target: 2}


@pytest.mark.parametrize("name", ["a-b", "a.b", "100%s", "数据库", "[/x]", "x" * 60])
def test_a_database_of_any_name_is_copied(
    client: Client, names: Names, name: str
) -> None:
    source, target = names(name), names(f"{name}.copy")
    client.execute(f"CREATE DATABASE `{source}`")
    client.execute(f"CREATE TABLE `{source}`.t (id INT)")
    client.execute(f"INSERT INTO `{source}`.t VALUES (1)")
    client.clone.clone_database(target, source)
    assert rows(client, f"`{target}`.t") == [(1,)]


def test_a_database_argument_is_never_parsed(client: Client, names: Names) -> None:
    """A dot in it belongs to the name."""
    client.execute(f"CREATE DATABASE `{names('a')}`")
    with pytest.raises(CloneError, match="does not exist"):
        client.clone.clone_database(names("copy"), f"{names('a')}.t")


def test_names_of_databases_fold_as_the_server_folds(
    client: Client, shop: str, names: Names
) -> None:
    client.clone.clone_database(names("Copy").upper(), shop.upper())
    assert has_database(client, names("copy"))
    result = client.clone.clone_database(names("COPY"), shop, if_not_exists=True)
    assert result.skipped


def test_names_of_tables_fold_as_the_server_folds(client: Client, shop: str) -> None:
    client.clone.clone_table(f"{shop.upper()}.COPY", f"{shop}.CUSTOMERS")
    assert "copy" in tables(client, shop)


@pytest.mark.parametrize("name", ["ΟΔΟΣ", "İZMİR", "GROẞ"])
def test_letters_fold_one_by_one(
    client: Client, shop: str, names: Names, name: str
) -> None:
    """A sigma at the end of a word is none of its own to the server."""
    target = names(name)
    plan = client.clone.plan(Request.of(shop, target))
    assert client.clone.run(plan).word == "verified: counts"
    again = client.clone.plan(Request.of(target, names(f"{name}2")))
    assert again.blockers == ()
    (taken,) = client.clone.plan(Request.of(shop, target)).blockers
    assert "exists already" in taken.text
    client.clone.clone_table(TableName(name, shop), f"{shop}.customers")
    copy = TableName(f"{name}2", target)
    client.clone.clone_table(copy, TableName(name, shop))
    assert client.clone.verify(copy, TableName(name, shop)).word == "verified: counts"


def test_names_of_snapshots_fold(client: Client, shop: str, names: Names) -> None:
    client.snapshots.create(names("Before").upper(), "database", shop)
    client.clone.clone_database(names("copy"), shop, names("BEFORE"))
    assert tables(client, names("copy")) == tables(client, shop)


@pytest.mark.parametrize(
    "target",
    ["", "a b", "a\tb", "a`b", 'a"b', "a'b", "a\nb", "a\0b", "a\u202eb", "\x1b"],
)
def test_a_database_name_that_no_server_takes_is_refused_unsent(target: str) -> None:
    """The client is not connected: had anything been sent, it would say so."""
    with pytest.raises(InvalidName):
        Client().clone.clone_database(target, "shop")


@pytest.mark.parametrize(
    "target", ["", "a.b.c", ".a", "a.", "`a", 'a"b', "a\0b", "a\u202eb", "`a`b", "``"]
)
def test_a_table_name_that_no_server_takes_is_refused_unsent(target: str) -> None:
    with pytest.raises(InvalidName):
        Client().clone.clone_table(target, "shop.orders")


@pytest.mark.parametrize("name", ["", "a\0b"])
def test_a_source_or_snapshot_that_cannot_be_is_refused_unsent(name: str) -> None:
    clone = Client().clone
    with pytest.raises(InvalidName):
        clone.clone_database("copy", name)
    with pytest.raises(InvalidName):
        clone.clone_table("copy", name)
    with pytest.raises(InvalidName):
        clone.clone_database("copy", "shop", name)
    with pytest.raises(InvalidName):
        clone.clone_database_with_snapshot("copy", "shop", name)
    with pytest.raises(InvalidName):
        clone.clone_table_with_snapshot("copy", "shop.orders", name)


def test_a_snapshot_that_must_be_named_cannot_be_none() -> None:
    with pytest.raises(InvalidName):
        Client().clone.clone_database_with_snapshot(
            "copy",
            "shop",
            None,  # type: ignore[arg-type]
        )


@pytest.mark.parametrize(
    "snapshot", ["x'}; DROP DATABASE shop --", "x\\'}; DROP DATABASE shop --"]
)
def test_a_snapshots_name_injects_nothing(
    client: Client, shop: str, names: Names, snapshot: str
) -> None:
    with pytest.raises(CloneError):
        client.clone.clone_database(names("copy"), shop, snapshot.replace("shop", shop))
    assert has_database(client, shop)
    assert not has_database(client, names("copy"))
