"""`moclone restore`, `verify` and a script, as a shell sees them."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator

import pytest

from moclone_tui import Client
from moclone_tui.embedded import EmbeddedServer

from .shell import databases, moclone


@pytest.fixture
def snapshot(server: EmbeddedServer) -> Iterator[str]:
    """A database `till` of two rows, its snapshot, and a row too few since then."""
    with Client(server.host, server.port, password=server.password) as client:
        for statement in (
            "CREATE DATABASE till",
            "CREATE TABLE till.sold (id INT PRIMARY KEY)",
            "INSERT INTO till.sold VALUES (1), (2)",
        ):
            client.execute(statement)
        client.snapshots.create("till_before", "database", "till")
        client.execute("DELETE FROM till.sold WHERE id = 1")
        yield "till_before"
        client.snapshots.delete("till_before")
        for name in databases(server):
            if name.startswith("till"):
                client.execute(f"DROP DATABASE `{name}`")


def rows(server: EmbeddedServer) -> int:
    with Client(server.host, server.port, password=server.password) as client:
        return int(client.execute("SELECT COUNT(*) FROM till.sold").first[0])


def test_nothing_is_overwritten_that_nobody_confirmed(
    server: EmbeddedServer, snapshot: str
) -> None:
    ended = moclone(server, "restore", "till", "--snapshot", snapshot)
    assert ended.returncode == 2
    assert "Say --yes till." in ended.stderr
    assert rows(server) == 1


def test_what_is_confirmed_is_restored_and_what_it_was_is_kept(
    server: EmbeddedServer, snapshot: str
) -> None:
    ended = moclone(
        server, "restore", "till", "--snapshot", snapshot, "--yes", "till", "--json"
    )
    assert ended.returncode == 0, ended.stderr
    assert json.loads(ended.stdout)["status"] == "done"
    assert rows(server) == 2
    assert any(name.startswith("till_before_") for name in databases(server))


def test_a_copy_is_verified_and_one_that_was_changed_differs(
    server: EmbeddedServer, snapshot: str
) -> None:
    assert moclone(server, "clone", "till", "till_copy").returncode == 0
    fine = moclone(server, "verify", "till_copy", "till", "--deep")
    assert (fine.returncode, fine.stdout) == (0, "till_copy: verified: rows\n")
    with Client(server.host, server.port, password=server.password) as client:
        client.execute("INSERT INTO till_copy.sold VALUES (9)")
    wrong = moclone(server, "verify", "till_copy", "till")
    assert wrong.returncode == 6
    assert "sold has 2 rows, its source 1" in wrong.stdout


def test_a_script_can_be_run_by_another_client(
    server: EmbeddedServer, snapshot: str
) -> None:
    printed: subprocess.CompletedProcess[str] = moclone(
        server, "clone", "till", "till_made", "--snapshot", snapshot, "--script"
    )
    assert printed.returncode == 0
    assert "till_made" not in databases(server)
    with Client(server.host, server.port, password=server.password) as client:
        for line in printed.stdout.splitlines():
            if not line.startswith("--"):
                found = client.execute(line.rstrip(";"))
                if line.startswith("SELECT"):
                    assert found.first[0] == found.first[1]
        assert "till_made" in databases(server)


@pytest.mark.parametrize(
    "arguments",
    [
        ("clone", "till", "till", "--snapshot", "till_before"),
        ("clone", "shop", "till"),
        ("clone", "--table", "shop.orders", "till.sold"),
    ],
)
def test_a_clone_replaces_nothing_that_nobody_confirmed(
    server: EmbeddedServer,
    snapshot: str,
    arguments: tuple[str, ...],
) -> None:
    ended = moclone(server, *arguments, "--if-exists", "replace")
    assert ended.returncode == 2
    assert "Say --yes till" in ended.stderr
    assert rows(server) == 1


def test_the_same_name_twice_is_refused(server: EmbeddedServer) -> None:
    ended = moclone(server, "restore", "shop", "shop", "--snapshot", "s")
    assert ended.returncode == 2
    assert "each of them once" in ended.stderr


def test_a_table_is_of_the_database_that_was_named(server: EmbeddedServer) -> None:
    plan = ("clone", "--table", "orders", "orders_2", "--dry-run")
    assert "shop.orders_2" in moclone(server, *plan, "--database", "shop").stdout
    ended = moclone(server, *plan)
    assert (ended.returncode, "is not said" in ended.stderr) == (2, True)
