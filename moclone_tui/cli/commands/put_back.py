"""`moclone put-back`: bring back rows that are gone, or overwritten columns."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from moclone_tui.cli import connection, copying, work

if TYPE_CHECKING:
    from moclone_tui.api import Login
    from moclone_tui.cloning.put_back import PutBack


def fill(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    parser.description = (
        "Brings rows that were deleted back into a table, or columns that "
        "were overwritten, as they were at a moment. Newer rows, the table's identity, "
        "its grants and its PITR are kept. It is one transaction, committed only if "
        "everything is there as it was, and nothing else was touched."
    )
    parser.add_argument("table", help="the table: DATABASE.TABLE")
    connection.add_moment(parser, required=True)
    parser.add_argument(
        "--rows",
        action="store_true",
        help="rows that are gone; so it is if no columns are named",
    )
    parser.add_argument(
        "--columns",
        metavar="A,B",
        default="",
        help="columns that are overwritten with what they were, in rows that are there",
    )
    copying.add_yes(parser)
    copying.add_plan_arguments(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Plan it, or do it; gives the exit code."""
    from moclone_tui.jobs.put_back import PutBackJob

    profile, login = connection.login_of(options)
    request = _request(options, login)
    if options.dry_run or options.script:
        return _plan(login, request, options)
    if request.columns:
        copying.confirm([options.table], options.yes)
    end = work.do(PutBackJob(request), profile, login)
    described: dict[str, object] = {
        "table": str(request.table),
        "at": str(request.at),
        "rows": request.rows,
        "columns": list(request.columns),
    }
    return copying.ended("put-back", end, options, described)


def _request(options: argparse.Namespace, login: Login) -> PutBack:
    from moclone_tui.cloning.put_back import PutBack

    columns = tuple(name for name in options.columns.split(",") if name.strip())
    return PutBack(
        connection.table_of(options.table, login),
        connection.moment_of(options, login),
        rows=options.rows or not columns,
        columns=tuple(name.strip() for name in columns),
    )


def _plan(login: Login, request: PutBack, options: argparse.Namespace) -> int:
    from moclone_tui.api import Client
    from moclone_tui.cloning.put_back import Sample
    from moclone_tui.cloning.put_back_look import make, sample

    with Client.from_login(login) as client:
        plan = make(client, request)
        shown = Sample() if options.script else sample(client, plan)
    lines = shown.as_lines()
    return copying.planned(
        "put-back", plan, options, lines, {"sample": shown.as_dict()}
    )
