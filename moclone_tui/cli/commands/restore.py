"""`moclone restore`: put databases or tables back to what they were."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from moclone_tui.cli import connection, copying


def fill(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    parser.description = (
        "Drops databases (or tables, with --table) and copies them from "
        "their own past, all in one transaction that is committed only if each is what "
        "it was then. What is dropped is kept as a copy beside it. "
        "moclone put-back is gentler: it brings rows back and leaves newer ones."
    )
    parser.add_argument("names", metavar="NAME", nargs="+", help="what to restore")
    parser.add_argument("--table", action="store_true", help="the names are tables")
    connection.add_moment(parser, required=True)
    parser.add_argument(
        "--yes",
        metavar="NAME",
        action="append",
        default=[],
        help="do it without asking; say it once for each name",
    )
    copying.add_arguments(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Plan it, or do it; gives the exit code."""
    from moclone_tui.api import TableName
    from moclone_tui.cloning.request import Request

    profile, login = connection.login_of(options)
    request = Request.restore(
        tuple(
            TableName.parse(name) if options.table else name for name in options.names
        ),
        connection.moment_of(options, login),
    )
    if not (options.dry_run or options.script):
        confirm(options.names, options.yes)
    return copying.plan_or_do("restore", request, options, profile, login)


def confirm(names: Sequence[str], said: Sequence[str]) -> None:
    """Have each name said: by --yes, or typed by whoever is there.

    Raises:
        ConfigError: One was not, or was typed wrongly.
    """
    from moclone_tui.errors import ConfigError
    from moclone_tui.text import safe

    for name in names:
        if name in said:
            continue
        if not sys.stdin.isatty():
            raise ConfigError(
                f"{safe(name)} would be overwritten, and nobody is here to confirm it.",
                remedy=f"Say --yes {safe(name)}.",
            )
        print(
            f"Type {safe(name)} to overwrite it: ", end="", file=sys.stderr, flush=True
        )
        if sys.stdin.readline().strip() != name:
            raise ConfigError("The name was not confirmed.", remedy="Nothing was sent.")
