"""Where passwords come from. Nothing here raises with a secret within its reach.

Each source answers with the password, what went wrong, and what to do about it: the
error is made where the secret, the program's output and its arguments are out of sight.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from moclone_tui.config._model import Profile

Answer: TypeAlias = tuple[str | None, str, str]

COMMAND_TIMEOUT_S = 15.0
"""Seconds until a `password_command` is killed."""

_SERVICE = "moclone"
_STDERR_CHARS = 200


def find(profile: Profile, environ: Mapping[str, str] | None) -> Answer:
    """Ask a profile's sources in their order; the first that has or breaks decides."""
    if profile.password_command:
        return _from_command(profile.password_command)
    if profile.password_env is not None:
        secret = _environ(environ).get(profile.password_env)
        if secret is not None:
            return secret, "", ""
    if profile.keyring:
        secret, problem, remedy = _from_keyring(profile.name)
        if secret is not None or problem:
            return secret, problem, remedy
    return profile.password, "", ""


def _environ(environ: Mapping[str, str] | None) -> Mapping[str, str]:
    import os

    return os.environ if environ is None else environ


def _from_command(argv: tuple[str, ...]) -> Answer:
    said, problem = _run(argv)
    title = f"password_command {argv[0]!r}"
    remedy = "Run the command by hand: it must print the password on its first line."
    if problem:
        return None, f"{title} {problem}", remedy
    try:
        secret = said.decode().split("\n", 1)[0].removesuffix("\r")
    except UnicodeDecodeError:
        return None, f"{title} printed text that is not UTF-8", remedy
    if not secret:
        return None, f"{title} printed no password", remedy
    return secret, "", ""


def _run(argv: tuple[str, ...]) -> tuple[bytes, str]:
    """Run a program without shell, terminal or input; its output, and what failed."""
    import subprocess

    try:
        process = subprocess.Popen(  # noqa: S603 - the user's own command, no shell
            argv,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
    except (OSError, ValueError) as error:
        return b"", f"cannot be run: {getattr(error, 'strerror', None) or error}"
    with process:
        try:
            said, complaint = process.communicate(timeout=COMMAND_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            return b"", f"gave no answer in {COMMAND_TIMEOUT_S:g} seconds"
        finally:
            _kill_session(process.pid, ended=process.returncode is not None)
    if process.returncode == 0:
        return said, ""
    first = complaint.decode(errors="replace").strip().split("\n", 1)[0]
    words = f": {first[:_STDERR_CHARS].rstrip()}" if first else ""
    if process.returncode < 0:
        return b"", f"was ended by signal {-process.returncode}{words}"
    return b"", f"failed with exit code {process.returncode}{words}"


def _kill_session(pid: int, *, ended: bool) -> None:
    """Kill a program and what it started: a child left behind would hold the pipes."""
    import contextlib
    import os
    import signal

    if not ended:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)


def _from_keyring(name: str) -> Answer:
    """The entry of this name; no entry is no problem."""
    from importlib import import_module

    try:
        keyring = import_module("keyring")
        errors = import_module("keyring.errors")
    except ImportError:
        return (
            None,
            "keyring = true needs the package keyring, which is not installed",
            "Install it: pip install 'moclone-tui[keyring]'.",
        )
    try:
        secret: str | None = keyring.get_password(_SERVICE, name)
    except (errors.KeyringError, OSError, RuntimeError) as error:
        return (
            None,
            f"the keyring cannot be used ({type(error).__name__})",
            "Unlock it, or take password_command or password_env.",
        )
    return secret, "", ""
