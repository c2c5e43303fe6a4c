"""`moclone drop` as a shell sees it, on the embedded server."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from moclone_tui import Client
from moclone_tui.embedded import EmbeddedServer

from .shell import databases, moclone


@pytest.fixture
def client(server: EmbeddedServer) -> Iterator[Client]:
    """A connection, and a database `till` with a table `sold` and a snapshot."""
    with Client(server.host, server.port, password=server.password) as connected:
        for statement in (
            "CREATE DATABASE till",
            "CREATE TABLE till.sold (id INT PRIMARY KEY)",
            "INSERT INTO till.sold VALUES (1), (2)",
        ):
            connected.execute(statement)
        connected.snapshots.create("till_s", "database", "till")
        yield connected
        if connected.snapshots.exists("till_s"):
            connected.snapshots.delete("till_s")
        for name in databases(server):
            if name.startswith("till"):
                connected.execute(f"DROP DATABASE `{name}`")


def test_nothing_is_dropped_that_nobody_confirmed(
    server: EmbeddedServer, client: Client
) -> None:
    ended = moclone(server, "drop", "till")
    assert ended.returncode == 2
    assert "Say --yes till." in ended.stderr
    assert "till" in databases(server)


def test_a_dry_run_says_what_would_go(server: EmbeddedServer, client: Client) -> None:
    ended = moclone(server, "drop", "till", "--dry-run", "--json")
    assert ended.returncode == 0, ended.stderr
    document = json.loads(ended.stdout)
    assert document["status"] == "plan"
    assert document["drops"][0]["holds"] == "1 table"
    assert document["drops"][0]["kept_as"].startswith("till_before_")
    assert "till" in databases(server)


def test_what_is_confirmed_is_gone_and_kept(
    server: EmbeddedServer, client: Client
) -> None:
    ended = moclone(server, "drop", "till", "--yes", "till", "--json")
    assert ended.returncode == 0, ended.stderr
    (kept,) = json.loads(ended.stdout)["result"]["kept_as"]
    assert "till" not in databases(server)
    assert client.execute(f"SELECT COUNT(*) FROM {kept}.sold").first == (2,)


def test_without_a_way_back_nothing_is_kept(
    server: EmbeddedServer, client: Client
) -> None:
    ended = moclone(server, "drop", "till", "--yes", "till", "--no-way-back")
    assert ended.returncode == 0, ended.stderr
    assert "drop till: dropped, and seen to be gone" in ended.stdout
    assert not any(name.startswith("till") for name in databases(server))


def test_a_table_alone(server: EmbeddedServer, client: Client) -> None:
    ended = moclone(server, "drop", "--table", "till.sold", "--yes", "till.sold")
    assert ended.returncode == 0, ended.stderr
    assert client.metadata.tables("till") == []


def test_what_is_not_there_is_refused(server: EmbeddedServer, client: Client) -> None:
    ended = moclone(server, "drop", "nothing", "--yes", "nothing")
    assert ended.returncode == 1
    assert "nothing does not exist" in ended.stdout


def test_a_snapshot_with_what_only_it_keeps(
    server: EmbeddedServer, client: Client
) -> None:
    client.execute("CREATE DATABASE till_copy CLONE till {SNAPSHOT = 'till_s'}")
    ended = moclone(server, "drop", "--snapshots", "till_s", "--dry-run")
    assert ended.returncode == 0, ended.stderr
    assert "till_copy, made from till_s, lives on" in ended.stdout
    ended = moclone(server, "drop", "--snapshots", "till_s", "--yes", "till_s")
    assert ended.returncode == 0, ended.stderr
    assert not client.snapshots.exists("till_s")
