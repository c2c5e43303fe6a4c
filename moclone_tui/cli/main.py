"""The command line: what it takes, and what it does without a UI."""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import TYPE_CHECKING

from moclone_tui._version import __version__
from moclone_tui.cli import connection

if TYPE_CHECKING:
    from moclone_tui.config import Config, Profile

OpenUi = Callable[["Config", "Profile | None", "Sequence[str] | None"], int]


COMMANDS = {
    "clone": "copy a database or a table, verified before it is kept",
    "restore": "put databases or tables back to what they were, verified",
    "drop": "drop databases, tables or snapshots, with what they were kept beside",
    "put-back": "bring back rows that are gone, or columns that were overwritten",
    "verify": "compare a copy with its source: objects, DDL, rows",
    "compare": "two databases, tables or moments: objects, definitions, rows",
    "lineage": "where a database or table came from, and who says so",
    "keep": "how long copies and snapshots are kept: list it, change it",
    "reap": "drop what moclone made and what has expired; says what first",
    "jobs": "what was done from this machine, and how it ended",
    "history": "what was done on a server by whomever, and who says so",
}
"""The commands, each a module of its own that is loaded when it is named."""


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Read the command line; exits with 2 if it is wrong."""
    parser = argparse.ArgumentParser(
        prog="moclone",
        description="The terminal for MatrixOne's databases, snapshots and clones.",
        epilog="Without a command, the UI opens: on the server that --profile, --dsn "
        "or --host names, or on a choice of the profiles. Exit codes: 0 done, "
        "1 refused, 2 usage or configuration, 3 no connection, 4 timed out, "
        "5 outcome unknown, 6 not verified, 130 interrupted.",
    )
    parser.add_argument("--version", action="version", version=f"moclone {__version__}")
    connection.add_arguments(parser)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    demo = commands.add_parser(
        "demo", help="try moclone on a server of its own, with sample data"
    )
    demo.add_argument(
        "--serve",
        action="store_true",
        help="only serve: print where as one JSON line, end with standard input",
    )
    demo.add_argument("--empty", action="store_true", help="without the sample data")
    for name, help_ in COMMANDS.items():
        command = commands.add_parser(name, help=help_)
        if name in arguments:
            module = name.replace("-", "_")
            import_module(f"moclone_tui.cli.commands.{module}").fill(command)
    return parser.parse_args(arguments)


def run(options: argparse.Namespace, open_ui: OpenUi) -> int:
    """Do what the command line says; gives the exit code.

    Args:
        options: What `parse` gave.
        open_ui: Opens the UI; handed in, since the CLI knows nothing of it.
    """
    from moclone_tui.errors import MocloneError

    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        if options.command == "demo" and options.serve:
            return _serve(options)
        if hasattr(options, "run"):
            return int(options.run(options))
        return _open(options, open_ui)
    except KeyboardInterrupt:
        return 130
    except MocloneError as error:
        from moclone_tui.cli import output
        from moclone_tui.cli.exit_codes import of_error

        output.error(error)
        return of_error(error)


def _serve(options: argparse.Namespace) -> int:
    """Become the embedded server."""
    from moclone_tui import embedded
    from moclone_tui.errors import ConfigError

    if reason := embedded.missing():
        raise ConfigError(reason)
    os.execv(  # noqa: S606 our own module, no shell
        sys.executable,
        [sys.executable, "-m", "moclone_tui.demo", *_demo_options(options)],
    )


def _demo_options(options: argparse.Namespace) -> list[str]:
    return ["--empty"] if options.empty else []


def _open(options: argparse.Namespace, open_ui: OpenUi) -> int:
    from moclone_tui.config import load
    from moclone_tui.errors import ConfigError

    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise ConfigError(
            "The UI needs a terminal for input and output.",
            remedy="moclone --help lists what works without one.",
        )
    if os.environ.get("TERM") in (None, "", "dumb"):
        raise ConfigError(
            "The UI needs more than this terminal can do (TERM=dumb).",
            remedy="Set TERM to what the terminal is, as xterm-256color.",
        )
    config = load(options.config)
    if options.command == "demo":
        return open_ui(config, None, _demo_options(options))
    return open_ui(config, connection.profile_of(options, config), None)
