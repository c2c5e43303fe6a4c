"""The server's own snapshots, of which the embedded server makes none."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from moclone_tui import Capabilities, Result, SnapshotManager

BRANCH = ("__mo_branch_7", 2, "table", "sys", "shop", "orders")
MINE = ("mine", 1, "table", "sys", "shop", "orders")


def manager(version: str, *rows: tuple[Any, ...]) -> SnapshotManager:
    client = SimpleNamespace(
        capabilities=Capabilities(f"8.0.30-MatrixOne-v{version}"),
        execute=lambda _: Result(("sname",), rows, len(rows)),
    )
    return SnapshotManager(cast("Any", client))


@pytest.mark.parametrize(
    ("version", "kinds"), [("4.2.0", ("branch", "user")), ("3.0.18", ("user", "user"))]
)
def test_they_are_hidden_unless_asked_for(version: str, kinds: tuple[str, str]) -> None:
    """3.0 does not tell them apart: there the name does."""
    listed = manager(version, (*BRANCH, kinds[0]), (*MINE, kinds[1])).list
    assert [found.name for found in listed()] == ["mine"]
    everything = {found.name: found.kind for found in listed(include_system=True)}
    assert everything == {"__mo_branch_7": "branch", "mine": "user"}
