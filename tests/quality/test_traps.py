"""Every trap of the server has a test that shows what moclone does instead."""

from __future__ import annotations

import ast
import tomllib
from pathlib import Path

import pytest

TESTS = Path(__file__).parent.parent
TRAPS: dict[str, list[str]] = {
    trap: named
    for table in tomllib.loads(
        (Path(__file__).parent / "traps.toml").read_text()
    ).values()
    for trap, named in table.items()
}


@pytest.mark.parametrize("trap", TRAPS)
def test_there_are_tests_of_it(trap: str) -> None:
    assert TRAPS[trap]
    for named in TRAPS[trap]:
        path, _, name = named.partition("::")
        found = {
            node.name
            for node in ast.walk(ast.parse((TESTS / path).read_text()))
            if isinstance(node, ast.FunctionDef)
        }
        assert name in found, named


def test_what_cannot_be_trusted_is_never_sent() -> None:
    """Garbled, or read wrongly by the driver, or without effect."""
    package = TESTS.parent / "moclone_tui"
    for path in package.rglob("*.py"):
        if "demo" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                sent = " ".join(node.value.upper().split())
                assert "SHOW RECOVERY_WINDOW" not in sent, path
                assert "SELECT * FROM MO_CATALOG" not in sent, path
                assert "AUTOCOMMIT = 0" not in sent.replace("=", " = "), path
