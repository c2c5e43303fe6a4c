"""The command line, as a shell sees it."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

import moclone_tui

MOCLONE = Path(sys.executable).with_name("moclone")
VERSION = moclone_tui.__version__


def run(
    command: Sequence[str | Path], env: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        check=False,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        timeout=60,
        env={**os.environ, **(env or {})},
    )


def moclone(*arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    return run([sys.executable, "-m", "moclone_tui", *arguments], env)


def on_a_terminal(*arguments: str, **env: str) -> tuple[int, str, str]:
    """Run with a terminal for input and output; gives code, output and errors."""
    ours, theirs = pty.openpty()
    try:
        done = subprocess.run(
            [sys.executable, "-m", "moclone_tui", *arguments],
            check=False,
            stdin=theirs,
            stdout=theirs,
            stderr=subprocess.PIPE,
            text=True,
            timeout=60,
            env={**os.environ, "TERM": "xterm-256color", **env},
        )
        os.set_blocking(ours, False)
        try:
            shown = os.read(ours, 10_000).decode()
        except BlockingIOError:
            shown = ""
        return done.returncode, shown, done.stderr
    finally:
        os.close(ours)
        os.close(theirs)


@pytest.mark.parametrize(
    "command", [[MOCLONE], [sys.executable, "-m", "moclone_tui"]], ids=["script", "-m"]
)
def test_the_version_is_told(command: list[str | Path]) -> None:
    done = run([*command, "--version"])
    assert (done.returncode, done.stdout) == (0, f"moclone {VERSION}\n")
    assert done.stderr == ""


def test_help_lists_commands_and_exit_codes() -> None:
    done = moclone("--help")
    assert done.returncode == 0
    shown = " ".join(done.stdout.split())
    for told in (
        "demo",
        "--profile",
        "0 done",
        "1 refused",
        "2 usage",
        "3 no connection",
        "4 timed out",
        "5 outcome unknown",
        "130 interrupted",
    ):
        assert told in shown


@pytest.mark.parametrize("arguments", [["--nonsense"], ["nonsense"], ["--port", "x"]])
def test_a_wrong_command_line_is_usage(arguments: list[str]) -> None:
    done = moclone(*arguments)
    assert done.returncode == 2
    assert "usage: moclone" in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize("arguments", [[], ["demo"], ["--host", "127.0.0.1"]])
def test_without_a_terminal_one_clear_line(arguments: list[str]) -> None:
    done = moclone(*arguments)
    assert done.returncode == 2
    assert done.stdout == ""
    first, *rest = done.stderr.splitlines()
    assert first == "moclone: error: The UI needs a terminal for input and output."
    assert all(line.startswith("  ") for line in rest)


def test_a_terminal_that_can_do_nothing_is_named() -> None:
    code, _, errors = on_a_terminal(TERM="dumb")
    assert code == 2
    assert "TERM=dumb" in errors


def test_an_unknown_profile_names_the_known_ones(tmp_path: Path) -> None:
    config = write(tmp_path, '[profiles.staging]\nhost = "127.0.0.1"\n')
    code, shown, errors = on_a_terminal("--config", str(config), "--profile", "stagin")
    assert code == 2
    assert shown == ""
    assert errors.startswith("moclone: error: ")
    assert "stagin" in errors
    assert "staging" in errors.replace("stagin ", "", 1)


def test_a_wrong_setting_names_file_and_line(tmp_path: Path) -> None:
    config = write(tmp_path, '[profiles.a]\nhost = "127.0.0.1"\nprot = 6001\n')
    code, shown, errors = on_a_terminal("--config", str(config))
    assert code == 2
    assert shown == ""
    assert f"{config}:3" in errors or (str(config) in errors and "line 3" in errors)
    assert "port" in errors
    assert "Traceback" not in errors


def test_a_configuration_that_is_no_toml_names_file_and_line(tmp_path: Path) -> None:
    config = write(tmp_path, "[profiles.a]\nhost = \n")
    code, _, errors = on_a_terminal("--config", str(config))
    assert code == 2
    assert str(config) in errors
    assert "2" in errors.replace(str(config), "")
    assert "Traceback" not in errors


def test_a_configuration_that_is_not_there_is_named(tmp_path: Path) -> None:
    code, _, errors = on_a_terminal("--config", str(tmp_path / "none.toml"))
    assert code == 2
    assert "none.toml" in errors
    assert "Traceback" not in errors


def test_a_control_sequence_in_a_setting_does_not_reach_the_terminal(
    tmp_path: Path,
) -> None:
    config = write(tmp_path, '"\\u001b[31mred" = 1\n')
    code, _, errors = on_a_terminal("--config", str(config))
    assert code == 2
    assert "\x1b" not in errors


def write(folder: Path, words: str) -> Path:
    path = folder / "config.toml"
    path.write_text(words, encoding="utf-8")
    path.chmod(0o600)
    return path
