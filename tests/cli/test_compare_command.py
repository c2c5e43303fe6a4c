"""`moclone compare` as a shell sees it, on the embedded server."""

from __future__ import annotations

import json
from pathlib import Path

from moclone_tui.embedded import EmbeddedServer

from .shell import moclone

SNAPSHOT = ("--snapshot", "shop_before_sale")


def test_a_database_is_compared_with_its_snapshot(server: EmbeddedServer) -> None:
    ended = moclone(server, "compare", "shop", *SNAPSHOT)
    assert ended.returncode == 6, ended.stderr
    first, *others = ended.stdout.splitlines()
    assert first.startswith("shop at shop_before_sale with shop: rows differ 2")
    assert any(each.startswith("  rows differ: orders, ") for each in others)
    assert any(each.startswith("  same count: products, 120 → 120") for each in others)


def test_rows_show_what_equal_counts_hide(server: EmbeddedServer) -> None:
    arguments = ("compare", "--table", "shop.products", *SNAPSHOT)
    assert moclone(server, *arguments).returncode == 0
    ended = moclone(server, *arguments, "--rows", "--json")
    assert ended.returncode == 6
    said = json.loads(ended.stdout)
    (table,) = said["objects"]
    assert (said["status"], table["state"]) == ("differs", "rows differ")
    assert table["rows"]["updated"] > 0
    assert table["rows"]["deleted"] == 0
    assert table["sample"][0].startswith("~ id ")


def test_two_servers_are_compared_without_rows(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    config = tmp_path / "config.toml"
    config.write_text(
        f'[profiles.there]\nhost = "{server.host}"\nport = {server.port}\n'
        f'user = "{server.user}"\npassword = "{server.password}"\n'
    )
    config.chmod(0o600)
    with_ = ("--with", "there", "--config", str(config))
    ended = moclone(server, "compare", "blog", *with_)
    assert ended.returncode == 0, ended.stderr
    assert "same count" in ended.stdout
    ended = moclone(server, "compare", "blog", *with_, "--rows")
    assert ended.returncode == 2
    assert "rows of two servers cannot be compared" in ended.stderr


def test_one_with_itself_is_refused(server: EmbeddedServer) -> None:
    ended = moclone(server, "compare", "shop")
    assert ended.returncode == 2
    assert "would be compared with itself" in ended.stderr
    ended = moclone(server, "compare", "nowhere", "neither")
    assert ended.returncode == 1
    assert "Neither nowhere nor neither is there" in ended.stderr
