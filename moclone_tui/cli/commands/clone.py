"""`moclone clone`: copy a database or a table, verified."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from moclone_tui.cli import connection, copying

if TYPE_CHECKING:
    from moclone_tui.cloning.request import Request
    from moclone_tui.config import Profile


def add_parser(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
) -> None:
    """Say what the command takes."""
    parser = commands.add_parser(
        "clone",
        help="copy a database or a table, verified before it is kept",
        description="Copies a database (or a table, with --table), compares the copy "
        "with its source at the same moment, and keeps a database only if they are "
        "the same. "
        "Ctrl-C once asks the server to stop, twice leaves at once.",
    )
    parser.add_argument("source", help="the database to copy, or DATABASE.TABLE")
    parser.add_argument("target", help="the name of the copy")
    parser.add_argument("--table", action="store_true", help="both names are tables")
    parser.add_argument("--snapshot", metavar="NAME", help="as it was at a snapshot")
    parser.add_argument(
        "--if-exists",
        choices=("stop", "skip", "replace"),
        default="stop",
        help="what to do if the target is there already (stop)",
    )
    parser.add_argument(
        "--mode",
        choices=("auto", "native", "stepwise"),
        default="auto",
        help="by the server's one statement, or table by table (auto)",
    )
    parser.add_argument(
        "--after",
        metavar="FILE",
        type=argparse.FileType(),
        help="SQL that changes the copy before anybody sees it",
    )
    copying.add_arguments(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Plan it, or do it; gives the exit code."""
    profile, login = connection.login_of(options)
    request = _request(options, profile)
    return copying.plan_or_do("clone", request, options, profile, login)


def _request(options: argparse.Namespace, profile: Profile) -> Request:
    from moclone_tui.api import NOW, Moment, TableName
    from moclone_tui.cloning.after import After
    from moclone_tui.cloning.request import IfExists, Mode, Pair, Request

    at = Moment(snapshot=options.snapshot) if options.snapshot else NOW
    pair = Pair(options.source, options.target)
    if options.table:
        pair = Pair(TableName.parse(options.source), TableName.parse(options.target))
    return Request(
        (pair,),
        at,
        IfExists(options.if_exists),
        Mode(options.mode),
        after=After.of(profile, options.after.read() if options.after else ""),
    )
