"""`moclone clone` as a shell sees it, on the embedded server."""

from __future__ import annotations

import json

import pytest

from moclone_tui import Client
from moclone_tui.embedded import EmbeddedServer

from .shell import databases, moclone


def test_a_copy_is_made_and_verified(server: EmbeddedServer) -> None:
    ended = moclone(server, "clone", "shop", "cli_copy")
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.startswith("clone shop → cli_copy: verified: counts")
    assert "CREATE DATABASE `cli_copy` CLONE `shop`" in ended.stderr
    assert "cli_copy" in databases(server)


def test_a_dry_run_changes_nothing(server: EmbeddedServer) -> None:
    ended = moclone(server, "clone", "shop", "cli_dry", "--dry-run")
    assert ended.returncode == 0
    assert "sequence ticket is left out by the server" in ended.stdout
    assert "CREATE DATABASE `cli_dry` CLONE `shop`" in ended.stdout
    assert "cli_dry" not in databases(server)


def test_json_is_one_document_and_all_of_stdout(server: EmbeddedServer) -> None:
    document = json.loads(moclone(server, "clone", "blog", "cli_json", "--json").stdout)
    assert document["status"] == "done"
    assert document["target"] == "cli_json"


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("nowhere", "x"), 1, "nowhere does not exist"),
        (("shop", "blog"), 1, "blog exists already"),
        (("crm", "x"), 1, "is an external table"),
        (("shop", "x", "--snapshot", "never"), 1, "snapshot never does not exist"),
        (("shop", "a b"), 2, "takes no space"),
        (("--table", "shop.ticket", "shop.t2"), 1, "is a sequence, not a table"),
    ],
)
def test_what_cannot_go_well_is_refused_and_leaves_nothing(
    server: EmbeddedServer, arguments: tuple[str, ...], code: int, said: str
) -> None:
    before = databases(server)
    ended = moclone(server, "clone", *arguments)
    assert ended.returncode == code
    assert said in ended.stderr
    assert databases(server) == before


def test_a_target_that_is_there_can_be_skipped(server: EmbeddedServer) -> None:
    ended = moclone(server, "clone", "shop", "blog", "--if-exists", "skip")
    assert ended.returncode == 0
    assert "left alone" in ended.stdout


def test_nobody_to_connect_to_is_no_connection(server: EmbeddedServer) -> None:
    ended = moclone(server, "clone", "a", "b", "--host", "127.0.0.1", "--port", "1")
    assert ended.returncode == 3
    assert "Nobody answers" in ended.stderr


def test_several_databases_are_copied_at_one_moment(server: EmbeddedServer) -> None:
    ended = moclone(server, "clone", "shop", "blog", "{source}_cli_{date:%Y}", "--json")
    assert ended.returncode == 0, ended.stderr
    copies = json.loads(ended.stdout)["copies"]
    assert [each["source"] for each in copies] == ["shop", "blog"]
    assert {each["target"] for each in copies} <= databases(server)


def test_a_template_that_gives_one_name_twice_is_refused(
    server: EmbeddedServer,
) -> None:
    ended = moclone(server, "clone", "shop", "blog", "both")
    assert ended.returncode == 2
    assert "gives the same name twice" in ended.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--to-account", "b"), "needs --from-account"),
        (("--from-account", "a", "--snapshot", "s"), "there is no --snapshot"),
        (("--from-account", "a", "--if-exists", "skip"), "there is no --if-exists"),
        (("--from-account", "a", "--from-account", "b"), "the same name twice"),
    ],
)
def test_what_cannot_be_said_between_accounts_is_refused(
    server: EmbeddedServer, arguments: tuple[str, ...], said: str
) -> None:
    ended = moclone(server, "clone", "shop", "between", *arguments)
    assert ended.returncode == 2
    assert said in ended.stderr
    assert "between" not in databases(server)


def test_a_database_of_another_account_is_copied(server: EmbeddedServer) -> None:
    host, port = server.host, server.port
    with Client(host, port, password=server.password) as client:
        client.execute("CREATE ACCOUNT acme ADMIN_NAME 'adm' IDENTIFIED BY '111'")
    with Client(host, port, "acme#adm", "111") as theirs:
        theirs.execute("CREATE DATABASE app")
        theirs.execute("CREATE TABLE app.t (id INT PRIMARY KEY)")
    ended = moclone(server, "clone", "app", "{account}_app", "--from-account", "acme")
    assert ended.returncode == 0, ended.stderr
    assert "verified: counts" in ended.stdout
    assert "acme_app" in databases(server)
