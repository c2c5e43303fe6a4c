"""Whether a copy was changed: not even the first moment of it goes unseen."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from moclone_tui import Client, TableName
from moclone_tui.cloning.drop import Drop
from moclone_tui.cloning.request import Request
from moclone_tui.jobs.clone import Copy
from moclone_tui.jobs.drop import DropJob
from moclone_tui.jobs.journal import Place

from .test_keeping import OVER, Keeper, until

if TYPE_CHECKING:
    from tests.conftest import Names, Server

    from .people import People


@pytest.fixture
def keeper(
    server: Server, client: Client, people: People, names: Names, tmp_path: Path
) -> Iterator[Keeper]:
    """A journal of the test's own, and a PITR that keeps every past."""
    assert people is not None  # it drops PITRs that are left
    client.execute(f"CREATE PITR {names('p')} FOR ACCOUNT RANGE 1 'h'")
    until(client, int(client.execute("SELECT UNIX_TIMESTAMP(NOW(6))").first[0]) + 1)
    yield Keeper(server, client, tmp_path, Place("here", "root"))
    client.execute(f"DROP PITR {names('p')}")


def words(keeper: Keeper, name: str) -> str:
    """What a look says of a copy."""
    until(keeper.client, keeper.made(name).done)
    change = keeper.expired()[name].change
    assert change is not None
    return f"{change.yes}: {change.words}"


def test_what_was_changed_at_once_is_changed(
    keeper: Keeper, client: Client, shop: str, names: Names
) -> None:
    for name in ("same", "other"):
        keeper.run(Copy(Request.of(shop, names(name)), OVER))
        if name == "other":
            client.execute(f"UPDATE `{names(name)}`.customers SET name = 'Kay'")
    assert words(keeper, names("same")) == "False: no row was changed since it was made"
    assert words(keeper, names("other")) == "True: 3 rows of customers"


def test_a_row_that_was_deleted_is_missed_whatever_its_key(
    keeper: Keeper, client: Client, shop: str, names: Names
) -> None:
    """Of such a key, the server's own comparison loses what was deleted."""
    client.execute(f"CREATE TABLE `{shop}`.ticks (at DATETIME(6) PRIMARY KEY, v INT)")
    client.execute(
        f"INSERT INTO `{shop}`.ticks VALUES ('2026-01-02 03:04:05.25', 1),"
        " ('2026-01-02 03:04:05.5', 2)"
    )
    keeper.run(Copy(Request.of(shop, names("copy")), OVER))
    client.execute(f"DELETE FROM `{names('copy')}`.ticks WHERE v = 1")
    assert words(keeper, names("copy")).startswith("True: ticks has not as many rows")


def test_a_way_back_of_a_table_is_known_to_be_unchanged(
    keeper: Keeper, shop: str
) -> None:
    """However many transactions the server needs for it."""
    keeper.run(DropJob(Drop((TableName("orders", shop),)), OVER))
    (name,) = (
        each.name
        for each in keeper.client.metadata.databases()
        if "_before_" in each.name and each.name.startswith(shop)
    )
    assert words(keeper, name) == "False: no row was changed since it was made"
