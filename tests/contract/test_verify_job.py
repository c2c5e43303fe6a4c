"""The job that verifies a copy: it finds the origin itself, and changes nothing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from moclone_tui.api import Client, TableName
from moclone_tui.jobs.model import JobEvent, JobState
from moclone_tui.jobs.runner import JobRunner
from moclone_tui.jobs.verify import Verify

if TYPE_CHECKING:
    from tests.conftest import Names, Server


def run(server: Server, spec: Verify, *, read_only: bool = False) -> JobEvent:
    """Run it to its end; gives the last event."""
    told: list[JobEvent] = []
    runner = JobRunner(server.client, told.append, read_only=read_only)
    runner.wait(runner.submit(spec), 60)
    return told[-1]


def test_a_copy_is_verified_and_one_that_was_changed_differs(
    server: Server, client: Client, shop: str, names: Names, tmp_path: Path
) -> None:
    copy = names("copy")
    client.clone.clone_database(copy, shop)
    end = run(server, Verify(copy, tmp_path), read_only=True)
    assert end.state is JobState.DONE, end
    assert end.text.startswith(f"verified: counts · as {shop} was")
    client.execute(f"DELETE FROM `{copy}`.orders WHERE id = 1")
    end = run(server, Verify(copy, tmp_path))
    assert end.state is JobState.DIFFERS, end
    assert "orders" in end.text


def test_what_is_no_copy_is_not_verified(
    server: Server, client: Client, shop: str, tmp_path: Path
) -> None:
    end = run(server, Verify(TableName("orders", shop), tmp_path))
    assert end.state is JobState.FAILED
    assert "nobody knows what it is a copy of" in end.text


def test_a_copy_is_not_compared_with_another_snapshot_of_the_name(
    server: Server, client: Client, shop: str, names: Names, tmp_path: Path
) -> None:
    copy, snapshot = names("copy"), names("s")
    client.snapshots.create(snapshot, "database", shop)
    client.clone.clone_database_with_snapshot(copy, shop, snapshot)
    client.snapshots.delete(snapshot)
    end = run(server, Verify(copy, tmp_path))
    assert end.state is JobState.FAILED
    assert f"the snapshot {snapshot} that it was made from is gone" in end.text
