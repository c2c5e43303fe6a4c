"""`moclone restore`: put databases or tables back to what they were."""

from __future__ import annotations

import argparse

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
    copying.add_arguments(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Plan it, or do it; gives the exit code."""
    from moclone_tui.cloning.request import Request

    profile, login = connection.login_of(options)
    request = Request.restore(
        tuple(
            connection.table_of(name, login) if options.table else name
            for name in options.names
        ),
        connection.moment_of(options, login),
    )
    return copying.plan_or_do("restore", request, options, profile, login)
