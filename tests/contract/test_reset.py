"""Reset: a copy is made again from where it came from."""

from __future__ import annotations

import re
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from moclone_tui import NOW, Client, Moment, NotFound, NotSupported, TableName
from moclone_tui.cloning.after import After
from moclone_tui.cloning.lineage import Witness
from moclone_tui.cloning.request import IfExists, Request
from moclone_tui.jobs.clone import Copy
from moclone_tui.jobs.journal import Journal, Place
from moclone_tui.jobs.model import JobState
from moclone_tui.jobs.records import JobRecord, read
from moclone_tui.jobs.reset import reset
from moclone_tui.jobs.runner import JobRunner

from .looking import rows, tables

if TYPE_CHECKING:
    from tests.conftest import Names, Server


class Maker:
    """Carries requests out, and has the journal of them."""

    def __init__(self, server: Server, folder: Path) -> None:
        self._folder = folder
        journal = Journal(folder, Place(f"{server.host}:{server.port}", server.user))
        self._runner = JobRunner(server.client, lambda _: None, journal=journal)

    def do(self, request: Request) -> str:
        """Carry one out; gives how it ended."""
        number = self._runner.submit(Copy(request))
        assert self._runner.wait(number, 60) is JobState.DONE
        return self._runner.events(number)[-1].text

    @property
    def jobs(self) -> list[JobRecord]:
        return read(self._folder)


@pytest.fixture
def maker(server: Server, tmp_path: Path) -> Maker:
    """A maker of the test's own."""
    return Maker(server, tmp_path)


def test_a_database_is_made_again_as_its_origin_is_now(
    maker: Maker, client: Client, shop: str, names: Names
) -> None:
    """What was changed in the copy is gone from it, and kept beside it."""
    copy = names("copy")
    maker.do(Request.of(shop, copy))
    client.execute(f"DELETE FROM `{copy}`.customers WHERE id < 3")
    client.execute(f"INSERT INTO `{shop}`.customers VALUES (4, 'Barbara')")
    again = reset(client, maker.jobs, copy)
    assert again.origin.witness is Witness.JOURNAL
    assert again.request.pairs[0].source == shop
    assert (again.request.at, again.request.if_exists) == (NOW, IfExists.REPLACE)
    told = maker.do(again.request)
    assert told.startswith("verified: counts")
    assert len(rows(client, f"`{copy}`.customers")) == 4
    (kept,) = re.findall(rf"{copy}_before_\w+", told)
    assert len(rows(client, f"`{kept}`.customers")) == 1
    twice = reset(client, maker.jobs, copy)
    assert twice.request.pairs == again.request.pairs


def test_a_database_is_made_again_as_of_its_own_moment(
    maker: Maker, client: Client, shop: str, names: Names
) -> None:
    """Of a copy of a snapshot that is the snapshot, while it is there."""
    copy, snapshot = names("copy"), names("s")
    client.snapshots.create(snapshot, "database", shop)
    maker.do(Request.of(shop, copy, Moment(snapshot=snapshot)))
    client.execute(f"INSERT INTO `{shop}`.customers VALUES (4, 'Barbara')")
    client.execute(f"DROP TABLE `{copy}`.customers")
    again = reset(client, maker.jobs, copy)
    assert again.then == Moment(snapshot=snapshot)
    maker.do(again.at(again.then))
    assert len(rows(client, f"`{copy}`.customers")) == 3
    assert "customers" in tables(client, copy)
    time.sleep(1.1)  # the server tells whole seconds of when it was taken
    client.execute(f"DROP SNAPSHOT {snapshot}")
    assert reset(client, maker.jobs, copy).then is None
    client.snapshots.create(snapshot, "database", shop)
    assert reset(client, maker.jobs, copy).then is None, "it is another one"


def test_a_table_is_made_again(maker: Maker, client: Client, shop: str) -> None:
    orders, copy = TableName("orders", shop), TableName("copy", shop)
    maker.do(Request.of(orders, copy))
    client.execute(f"DELETE FROM {copy.sql}")
    again = reset(client, maker.jobs, copy)
    assert again.then is not None
    maker.do(again.request)
    assert len(rows(client, copy.sql)) == 2


def test_the_catalog_is_enough(client: Client, shop: str, names: Names) -> None:
    """Whoever made it: what the catalog keeps of a copy tells of its origin."""
    client.execute(f"CREATE DATABASE `{names('copy')}` CLONE `{shop}`")
    again = reset(client, [], names("copy"))
    assert str(again.request.pairs[0]) == f"{shop} → {names('copy')}"


def test_what_is_no_copy_is_refused(client: Client, shop: str, names: Names) -> None:
    with pytest.raises(
        NotSupported, match=r"cannot be reset: (nobody knows|it is not)"
    ):
        reset(client, [], TableName("customers", shop))
    with pytest.raises(NotFound):
        reset(client, [], names("none"))


def test_what_was_changed_by_a_file_is_not_changed_again_and_that_is_said(
    maker: Maker, client: Client, shop: str, names: Names
) -> None:
    masked = After(statements=("UPDATE customers SET name = 'x'",))
    maker.do(replace(Request.of(shop, names("copy")), after=masked))
    maker.do(Request.of(shop, names("plain")))
    again = reset(client, maker.jobs, names("copy"))
    assert "rows were changed when it was made" in again.warning
    assert reset(client, maker.jobs, names("plain")).warning == ""
