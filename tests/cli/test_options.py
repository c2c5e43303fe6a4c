"""Options count before and after the command, and a read-only profile is heeded."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from moclone_tui.cli.main import parse
from moclone_tui.embedded import EmbeddedServer

OPTIONS = {
    "config": ("--config", "c.toml"),
    "profile": ("--profile", "p"),
    "dsn": ("--dsn", "mysql://u@h"),
    "host": ("--host", "h"),
    "port": ("--port", "7"),
    "user": ("--user", "u"),
    "database": ("--database", "d"),
}


@pytest.mark.parametrize("name", OPTIONS)
def test_before_and_after_the_command_mean_the_same(name: str) -> None:
    before = parse([*OPTIONS[name], "clone", "a", "b"])
    after = parse(["clone", "a", "b", *OPTIONS[name]])
    assert str(getattr(before, name)) == OPTIONS[name][1]
    assert str(getattr(after, name)) == OPTIONS[name][1]


def test_the_later_one_wins() -> None:
    assert parse(["--host", "x", "clone", "a", "b", "--host", "y"]).host == "y"


def test_a_read_only_profile_changes_nothing(tmp_path: Path) -> None:
    with EmbeddedServer() as server:
        config = tmp_path / "config.toml"
        config.write_text(
            f'[profiles.prod]\nhost = "{server.host}"\nport = {server.port}\n'
            "read_only = true\n"
        )
        config.chmod(0o600)
        ended = subprocess.run(
            [
                *(sys.executable, "-m", "moclone_tui", "clone", "shop", "copy"),
                *("--config", str(config)),
            ],
            env=os.environ | {"MOCLONE_PASSWORD": server.password},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert ended.returncode == 2
    assert "read-only" in ended.stderr
