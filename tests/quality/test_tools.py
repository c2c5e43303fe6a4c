"""Linter, formatter, type checker and layers: `pytest` is the whole gate."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent


@pytest.mark.parametrize(
    "command",
    [
        ["ruff", "check", "--no-cache", "."],
        ["ruff", "format", "--no-cache", "--check", "."],
        ["lint-imports", "--no-cache"],
        ["mypy"],
    ],
    ids=["ruff check", "ruff format", "layers", "types"],
)
def test_the_tool_is_content(command: list[str]) -> None:
    done = subprocess.run(
        [BIN / command[0], *command[1:]],
        check=False,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=100,
    )
    assert done.returncode == 0, done.stdout + done.stderr
