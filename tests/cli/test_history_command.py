"""`moclone history` as a shell runs it."""

from __future__ import annotations

import csv
import io
import json

from moclone_tui.embedded import EmbeddedServer

from .shell import moclone


def test_the_story_of_the_sample_is_told(server: EmbeddedServer) -> None:
    assert moclone(server, "clone", "blog", "blog_h").returncode == 0
    done = moclone(server, "history")
    assert done.returncode == 0
    newest = done.stdout.splitlines()[0]
    assert "clone blog → blog_h: verified: counts" in newest
    assert newest.endswith("(journal, server's log)")
    assert any("clone shop → shop_dev" in line for line in done.stdout.splitlines())
    snapshots = moclone(server, "history", "--object", "nightly", "--outcome", "done")
    assert len(snapshots.stdout.splitlines()) == 1


def test_it_is_fit_for_programs(server: EmbeddedServer) -> None:
    document = json.loads(moclone(server, "history", "--json").stdout)
    assert document["log_read"]
    (shop_dev,) = [it for it in document["lines"] if "shop_dev" in it["objects"]][-1:]
    assert shop_dev["what"] == "clone"
    lines = moclone(server, "history", "--jsonl").stdout.splitlines()
    assert [json.loads(line)["title"] for line in lines] == [
        it["title"] for it in document["lines"]
    ]
    rows = list(csv.DictReader(io.StringIO(moclone(server, "history", "--csv").stdout)))
    assert [row["title"] for row in rows] == [it["title"] for it in document["lines"]]


def test_a_day_without_anything_and_one_that_is_none(server: EmbeddedServer) -> None:
    empty = moclone(server, "history", "--day", "2020-01-01")
    assert (empty.returncode, empty.stdout) == (0, "")
    assert "Nothing was done" in empty.stderr
    wrong = moclone(server, "history", "--day", "yesterday")
    assert wrong.returncode == 2
    assert "Write 2026-01-31." in wrong.stderr
