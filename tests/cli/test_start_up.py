"""What starting costs: a shell completion or a `--version` must not be felt."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Sequence

import pytest

HEAVY = {"textual", "rich", "pymysql", "mysql_mimic", "sqlglot"}


def loaded_by(program: str) -> set[str]:
    """The top-level packages that a program has loaded when it ends."""
    report = "import sys; print(*{name.partition('.')[0] for name in sys.modules})"
    script = f"try:\n    {program}\nexcept SystemExit: pass\n{report}"
    done = subprocess.run(
        [sys.executable, "-c", script], check=True, capture_output=True, text=True
    )
    return set(done.stdout.splitlines()[-1].split())


@pytest.mark.parametrize(
    "program",
    [
        "import moclone_tui",
        "import moclone_tui.cli.main",
        "from moclone_tui.__main__ import main; main(['--version'])",
        "from moclone_tui.__main__ import main; main(['--help'])",
    ],
)
def test_nothing_heavy_is_loaded(program: str) -> None:
    assert loaded_by(program) & HEAVY == set()


def test_the_api_does_not_load_the_ui() -> None:
    loaded = loaded_by("from moclone_tui import Client")
    assert loaded & HEAVY == {"pymysql"}


def test_the_version_costs_at_most_five_times_bare_python() -> None:
    bare = [sys.executable, "-c", "pass"]
    version = [sys.executable, "-m", "moclone_tui", "--version"]
    seconds(version)
    pairs = [(seconds(bare), seconds(version)) for _ in range(9)]
    alone, ours = (statistics.median(column) for column in zip(*pairs, strict=True))
    assert ours <= 5 * alone, f"{ours * 1000:.0f} ms, bare {alone * 1000:.0f} ms"


def seconds(command: Sequence[str]) -> float:
    started = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - started
