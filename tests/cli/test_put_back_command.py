"""`moclone put-back` as a shell sees it, on the embedded server."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from moclone_tui import Client
from moclone_tui.cloning.look import server_clock
from moclone_tui.embedded import EmbeddedServer

from .shell import moclone


@pytest.fixture(scope="module")
def server() -> Iterator[EmbeddedServer]:
    with EmbeddedServer(["--empty"]) as running:
        yield running


@pytest.fixture
def client(server: EmbeddedServer) -> Iterator[Client]:
    with Client(server.host, server.port, password=server.password) as connected:
        yield connected


@pytest.fixture
def moment(client: Client) -> Iterator[int]:
    """When `till.sold` was whole: one row is gone since, and one is overwritten."""
    for statement in (
        "CREATE DATABASE till",
        "CREATE TABLE till.sold (id INT PRIMARY KEY, what VARCHAR(9))",
        "INSERT INTO till.sold VALUES (1, 'tea'), (2, 'cake')",
    ):
        client.execute(statement)
    yield server_clock(client).ns
    client.execute("DROP DATABASE till")


@pytest.fixture(autouse=True)
def _accident(client: Client, moment: int) -> None:
    client.execute("DELETE FROM till.sold WHERE id = 1")
    client.execute("UPDATE till.sold SET what = 'bad'")


def rows(client: Client) -> list[tuple[object, ...]]:
    return sorted(client.execute("SELECT * FROM till.sold"))


def test_rows_come_back_without_asking(
    server: EmbeddedServer, client: Client, moment: int
) -> None:
    ended = moclone(server, "put-back", "till.sold", "--at", str(moment))
    assert ended.returncode == 0, ended.stderr
    assert "verified: rows · 1 row came back" in ended.stdout
    assert "INSERT INTO `till`.`sold`" in ended.stderr
    assert rows(client) == [(1, "tea"), (2, "bad")]


def test_twice_is_nothing_to_do_and_no_failure(
    server: EmbeddedServer, moment: int
) -> None:
    for said in ("1 row came back", "nothing to put back"):
        ended = moclone(server, "put-back", "till.sold", "--at", str(moment))
        assert ended.returncode == 0
        assert said in ended.stdout


def test_columns_are_overwritten_only_if_confirmed(
    server: EmbeddedServer, client: Client, moment: int
) -> None:
    wanted = ("put-back", "till.sold", "--at", str(moment), "--columns", "what")
    ended = moclone(server, *wanted)
    assert ended.returncode == 2
    assert "Say --yes till.sold." in ended.stderr
    assert rows(client) == [(2, "bad")]
    ended = moclone(server, *wanted, "--yes", "till.sold", "--json")
    assert ended.returncode == 0, ended.stderr
    document = json.loads(ended.stdout)
    assert document["status"] == "done"
    assert document["columns"] == ["what"]
    assert "1 value overwritten with what was" in document["outcome"]
    assert document["result"] == {
        "verified": True,
        "rows_back": 0,
        "values_overwritten": 1,
        "rows_held_back": 0,
        "before": document["result"]["before"],
    }
    assert document["result"]["before"] > moment
    assert rows(client) == [(2, "cake")]


def test_rows_and_columns_at_once(
    server: EmbeddedServer, client: Client, moment: int
) -> None:
    ended = moclone(
        *(server, "put-back", "till.sold", "--at", str(moment), "--rows"),
        *("--columns", "what", "--yes", "till.sold"),
    )
    assert ended.returncode == 0, ended.stderr
    assert rows(client) == [(1, "tea"), (2, "cake")]


def test_a_dry_run_shows_what_would_come_back_and_changes_nothing(
    server: EmbeddedServer, client: Client, moment: int
) -> None:
    wanted = ("put-back", "till.sold", "--at", str(moment), "--rows", "--columns")
    ended = moclone(server, *wanted, "what", "--dry-run")
    assert ended.returncode == 0, ended.stderr
    assert "1 row comes back" in ended.stdout
    assert "+ id '1', what 'tea'" in ended.stdout
    assert "~ id 2: what 'bad' → 'cake'" in ended.stdout
    ended = moclone(server, *wanted, "what", "--dry-run", "--json")
    document = json.loads(ended.stdout)
    assert (document["rows"], document["cells"]) == (1, 1)
    assert document["sample"] == {
        "gone": [{"id": "1", "what": "tea"}],
        "changed": [
            {"key": {"id": "2"}, "now": {"what": "bad"}, "then": {"what": "cake"}}
        ],
    }
    ended = moclone(server, *wanted, "what", "--script")
    assert "BEGIN;" in ended.stdout
    assert ended.stdout.endswith("COMMIT;\n")
    assert rows(client) == [(2, "bad")]


def test_a_snapshot_is_a_moment(
    server: EmbeddedServer, client: Client, moment: int
) -> None:
    client.execute("INSERT INTO till.sold VALUES (3, 'pie')")
    client.snapshots.create("till_s", "table", "till", "sold")
    client.execute("DELETE FROM till.sold")
    ended = moclone(server, "put-back", "till.sold", "--snapshot", "till_s")
    assert ended.returncode == 0, ended.stderr
    assert rows(client) == [(2, "bad"), (3, "pie")]
    client.snapshots.delete("till_s")


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("till.sold", "--at", "2999-01-01T00:00:00Z"), 2, "lies in the future"),
        (("till.sold", "--at", "2026-01-01 12:00"), 2, "has no zone"),
        (("till.sold", "--at", "soon"), 2, "not a time"),
        (("till.sold",), 2, "one of the arguments --snapshot --at is required"),
        (("sold", "--at", "1 second ago"), 2, "which database sold is in"),
        (("till.none", "--snapshot", "none"), 1, "snapshot none does not exist"),
        (("till.sold", "--at", "2 weeks ago"), 1, "did not exist at"),
        (
            ("till.sold", "--at", "{}", "--columns", "id", "--yes", "till.sold"),
            1,
            "id is part of the key",
        ),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(
    server: EmbeddedServer,
    client: Client,
    moment: int,
    arguments: tuple[str, ...],
    code: int,
    said: str,
) -> None:
    ended = moclone(server, "put-back", *(each.format(moment) for each in arguments))
    assert ended.returncode == code
    assert said.lower() in ended.stderr.lower()
    assert rows(client) == [(2, "bad")]
