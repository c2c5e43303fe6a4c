"""What a crashed job left behind: dropped by the next start, and nothing else is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from moclone_tui import Client
from moclone_tui.jobs.records import open_jobs

from .crashing import Bench, bench
from .looking import has_database

if TYPE_CHECKING:
    from tests.conftest import Names, Server

__all__ = ["bench"]


@pytest.fixture
def server(embedded_server: Server) -> Server:
    """The embedded one alone: accounts are made here."""
    return embedded_server


def test_what_a_copy_between_accounts_left_behind_is_dropped(
    server: Server, bench: Bench, client: Client, names: Names
) -> None:
    """Killed after COMMIT: the copy is there, and so is the snapshot it was made by."""
    account, copy = names("acme"), names("copy")
    client.execute(f"CREATE ACCOUNT {account} ADMIN_NAME 'adm' IDENTIFIED BY '111'")
    with server.client(user=f"{account}#adm", password="111") as theirs:
        theirs.execute("CREATE DATABASE app")
        theirs.execute("CREATE TABLE app.t (id INT PRIMARY KEY)")
    client.execute("CREATE SNAPSHOT moclone_tmp_theirs FOR ACCOUNT")
    clone = ("-m", "moclone_tui", "clone", "app", copy, "--from-account", account)
    bench.kill_at("DROP SNAPSHOT", *clone, reached=False)
    (left,) = bench.job().temporaries
    code, out, _ = bench.moclone("jobs", "--settle")
    assert code == 0
    assert f"finished: {copy} is there (not verified)" in out
    assert "dropped 1 temporary object of jobs that crashed" in out
    assert has_database(client, copy)
    snapshots = {each.name for each in client.snapshots.list()}
    assert left.name not in snapshots
    assert "moclone_tmp_theirs" in snapshots
    client.snapshots.delete("moclone_tmp_theirs")
    assert open_jobs(bench.folder) == []
