"""Starts embedded servers for the tests beside this file."""

import json
import subprocess
import sys
from collections.abc import Iterator

import pytest

from .player import Server


@pytest.fixture
def empty_server() -> Iterator[Server]:
    """A server of its own, with nothing in it."""
    with subprocess.Popen(
        [sys.executable, "-m", "moclone_tui.demo", "--empty"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        line = json.loads(process.stdout.readline())
        yield Server(line["host"], line["port"], line["user"], line["password"])
        process.communicate(timeout=10)
    assert process.returncode == 0
