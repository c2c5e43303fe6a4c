"""`moclone lineage` as a shell sees it, on the embedded server."""

from __future__ import annotations

import json

from moclone_tui.embedded import EmbeddedServer

from .shell import moclone


def test_a_copy_is_told_by_the_journal_first(server: EmbeddedServer) -> None:
    assert moclone(server, "clone", "blog", "lineage_copy").returncode == 0
    ended = moclone(server, "lineage", "lineage_copy")
    assert ended.returncode == 0
    first, *others = ended.stdout.splitlines()
    assert first.startswith("clone of blog")
    assert first.endswith("(journal)")
    assert any(each.endswith("(rel_createsql)") for each in others)


def test_a_table_as_json(server: EmbeddedServer) -> None:
    ended = moclone(server, "lineage", "--table", "shop_dev.orders", "--json")
    (origin, *_) = json.loads(ended.stdout)["origins"]
    assert (origin["word"], origin["source"]) == ("clone", "`shop`.`orders`")


def test_what_is_not_there_is_an_error(server: EmbeddedServer) -> None:
    ended = moclone(server, "lineage", "nowhere")
    assert ended.returncode == 1
    assert "nowhere does not exist" in ended.stderr
