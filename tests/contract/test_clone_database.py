"""Clones of whole databases."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from moclone_tui import AlreadyExists, Client, CloneError, NotFound, QueryError

from .looking import has_database, identity, rows, tables

if TYPE_CHECKING:
    from tests.conftest import Names


def test_the_copy_holds_what_its_source_holds(
    client: Client, shop: str, names: Names
) -> None:
    copy = names("copy")
    client.clone.clone_database(copy, shop)
    assert tables(client, copy) == tables(client, shop)
    for table in ("customers", "orders", "big"):
        theirs = rows(client, f"`{shop}`.{table}")
        assert rows(client, f"`{copy}`.{table}") == theirs


def test_the_copy_goes_its_own_way(client: Client, shop: str, names: Names) -> None:
    copy = names("copy")
    client.clone.clone_database(copy, shop)
    client.execute(f"DELETE FROM `{copy}`.customers")
    client.execute(f"INSERT INTO `{copy}`.orders (id, total) VALUES (99, 200)")
    assert len(rows(client, f"`{shop}`.customers")) == 3
    assert rows(client, f"`{copy}`.big") == [(2,), (99,)]
    assert rows(client, f"`{shop}`.big") == [(2,)]


def test_the_result_says_what_happened(client: Client, shop: str, names: Names) -> None:
    before = dt.datetime.now(dt.UTC)
    result = client.clone.clone_database(names("copy"), shop)
    assert result.created
    assert not result.skipped
    assert (result.kind, result.target, result.source) == (
        "database",
        names("copy"),
        shop,
    )
    assert (result.tables, result.views) == (2, 1)
    assert result.statements == (f"CREATE DATABASE `{names('copy')}` CLONE `{shop}`",)
    assert 0 < result.seconds < 60
    assert result.as_of is not None
    assert abs(result.as_of - before) < dt.timedelta(minutes=1)
    assert result.left_out == ()


def test_what_the_server_leaves_out_is_told(
    client: Client, shop: str, names: Names
) -> None:
    client.execute(f"CREATE SEQUENCE `{shop}`.numbers")
    result = client.clone.clone_database(names("copy"), shop)
    assert result.left_out == ("1 sequence",)
    assert "numbers" not in tables(client, names("copy"))


def test_a_snapshot_gives_the_data_of_then(
    client: Client, shop: str, names: Names
) -> None:
    snapshot = names("before")
    client.snapshots.create(snapshot, "database", shop)
    client.execute(f"DELETE FROM `{shop}`.customers WHERE id = 1")
    client.execute(f"DROP TABLE `{shop}`.orders")
    result = client.clone.clone_database_with_snapshot(names("copy"), shop, snapshot)
    assert len(rows(client, f"`{names('copy')}`.customers")) == 3
    assert "orders" in tables(client, names("copy"))
    assert result.at.snapshot == snapshot
    assert result.tables == 2


@pytest.mark.parametrize("level", ["cluster", "account", "database"])
def test_a_snapshot_of_any_level_that_covers_it_will_do(
    client: Client, shop: str, names: Names, level: str
) -> None:
    client.snapshots.create(names("s"), level, shop if level == "database" else None)
    client.execute(f"DELETE FROM `{shop}`.customers")
    client.clone.clone_database(names("copy"), shop, names("s"))
    assert len(rows(client, f"`{names('copy')}`.customers")) == 3


def test_a_dropped_database_comes_back_from_a_snapshot(
    client: Client, shop: str, names: Names
) -> None:
    client.snapshots.create(names("before"), "database", shop)
    client.execute(f"DROP DATABASE `{shop}`")
    client.clone.clone_database(shop, shop, names("before"))
    assert len(rows(client, f"`{shop}`.customers")) == 3


def test_a_target_that_is_there_is_refused(
    client: Client, shop: str, names: Names
) -> None:
    client.clone.clone_database(names("copy"), shop)
    with pytest.raises(CloneError) as caught:
        client.clone.clone_database(names("copy"), shop)
    assert isinstance(caught.value.__cause__, AlreadyExists)
    assert caught.value.code == 1007
    assert f"{names('copy')} exists already" in str(caught.value)
    assert caught.value.statement == (
        f"CREATE DATABASE `{names('copy')}` CLONE `{shop}`"
    )


def test_a_target_that_is_there_is_left_byte_for_byte_alone(
    client: Client, shop: str, names: Names
) -> None:
    copy = names("copy")
    client.clone.clone_database(copy, shop)
    client.execute(f"DELETE FROM `{copy}`.customers WHERE id = 2")
    before = identity(client, copy, "customers"), rows(client, f"`{copy}`.customers")
    result = client.clone.clone_database(copy, shop, if_not_exists=True)
    assert result.skipped
    assert result.as_of is None
    after = identity(client, copy, "customers"), rows(client, f"`{copy}`.customers")
    assert after == before


def test_if_not_exists_clones_what_is_not_there(
    client: Client, shop: str, names: Names
) -> None:
    assert client.clone.clone_database(names("copy"), shop, if_not_exists=True).created
    assert len(rows(client, f"`{names('copy')}`.customers")) == 3


@pytest.mark.parametrize("if_not_exists", [False, True])
def test_a_source_that_does_not_exist_leaves_nothing_behind(
    client: Client, names: Names, if_not_exists: bool
) -> None:
    with pytest.raises(CloneError) as caught:
        client.clone.clone_database(
            names("copy"), names("missing"), if_not_exists=if_not_exists
        )
    assert isinstance(caught.value.__cause__, NotFound)
    assert names("missing") in str(caught.value)
    assert not has_database(client, names("copy"))


def test_a_snapshot_that_does_not_exist(
    client: Client, shop: str, names: Names
) -> None:
    with pytest.raises(CloneError, match=names("none")) as caught:
        client.clone.clone_database(names("copy"), shop, names("none"))
    assert isinstance(caught.value.__cause__, NotFound)
    assert not has_database(client, names("copy"))


def test_a_snapshot_of_another_database(
    client: Client, shop: str, names: Names
) -> None:
    client.execute(f"CREATE DATABASE `{names('other')}`")
    client.snapshots.create(names("s"), "database", names("other"))
    with pytest.raises(CloneError):
        client.clone.clone_database(names("copy"), shop, names("s"))
    assert not has_database(client, names("copy"))


def test_a_snapshot_older_than_the_source(
    client: Client, shop: str, names: Names
) -> None:
    client.snapshots.create(names("s"), "account")
    client.execute(f"CREATE DATABASE `{names('late')}`")
    with pytest.raises(CloneError, match="does not exist in the snapshot"):
        client.clone.clone_database(names("copy"), names("late"), names("s"))
    assert not has_database(client, names("copy"))


def test_a_view_whose_table_is_gone_fails_the_whole_clone(
    client: Client, shop: str, names: Names
) -> None:
    client.execute(f"DROP TABLE `{shop}`.orders")
    with pytest.raises(CloneError, match="orders") as caught:
        client.clone.clone_database(names("copy"), shop)
    assert isinstance(caught.value.__cause__, QueryError)
    assert not has_database(client, names("copy"))
