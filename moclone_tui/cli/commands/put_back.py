"""`moclone put-back`: bring back rows that are gone, or overwritten columns."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from moclone_tui.cli import connection, copying, output, work
from moclone_tui.cli.commands.restore import confirm
from moclone_tui.cli.exit_codes import ExitCode

if TYPE_CHECKING:
    from moclone_tui.api import Login, Moment
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
    when = parser.add_mutually_exclusive_group(required=True)
    when.add_argument(
        "--at",
        metavar="TIME",
        help="as of a time by the server's clock: 2026-01-31T12:00:00Z, seconds or "
        "nanoseconds since 1970, or '10 minutes ago'",
    )
    when.add_argument("--snapshot", metavar="NAME", help="as it was at a snapshot")
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
    parser.add_argument(
        "--yes",
        metavar="NAME",
        action="append",
        default=[],
        help="overwrite columns without asking; NAME is the table",
    )
    for flag, help_ in (
        ("--dry-run", "print the plan, change nothing"),
        ("--script", "print the plan as SQL, change nothing"),
        ("--json", "print one JSON document"),
    ):
        parser.add_argument(flag, action="store_true", help=help_)
    connection.add_arguments(parser, below=True)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Plan it, or do it; gives the exit code."""
    from moclone_tui.jobs.put_back import PutBackJob

    profile, login = connection.login_of(options)
    request = _request(options, login)
    if options.dry_run or options.script:
        return _plan(login, request, options)
    if request.columns:
        confirm([options.table], options.yes)
    end = work.do(PutBackJob(request), profile, login)
    described: dict[str, object] = {
        "table": str(request.table),
        "at": str(request.at),
        "rows": request.rows,
        "columns": list(request.columns),
    }
    return copying.ended("put-back", end, options, described)


def _request(options: argparse.Namespace, login: Login) -> PutBack:
    from moclone_tui.api import TableName
    from moclone_tui.cloning.put_back import PutBack

    columns = tuple(name for name in options.columns.split(",") if name.strip())
    table = TableName.parse(options.table)
    if table.database is None and login.database:
        table = TableName(table.table, login.database)
    return PutBack(
        table,
        _moment(options, login),
        rows=options.rows or not columns,
        columns=tuple(name.strip() for name in columns),
    )


def _moment(options: argparse.Namespace, login: Login) -> Moment:
    from moclone_tui.api import Client, Moment
    from moclone_tui.api.names import utc
    from moclone_tui.cloning.look import server_clock
    from moclone_tui.cloning.moments import parse_moment

    if options.snapshot:
        return Moment(snapshot=options.snapshot)
    with Client.from_login(login) as client:
        return parse_moment(options.at, utc(server_clock(client).ns))


def _plan(login: Login, request: PutBack, options: argparse.Namespace) -> int:
    from moclone_tui.api import Client
    from moclone_tui.cloning.put_back import Sample
    from moclone_tui.cloning.put_back_look import make, sample

    with Client.from_login(login) as client:
        plan = make(client, request)
        shown = Sample() if options.script else sample(client, plan)
    blocked = bool(plan.blockers)
    if options.script:
        print(plan.as_script(), end="")
    elif options.json:
        found = plan.as_dict() | {"sample": shown.as_dict()}
        output.document("put-back", "blocked" if blocked else "plan", found)
    else:
        output.data("\n".join([plan.as_text(), *shown.as_lines()]))
    return ExitCode.REFUSED if blocked else ExitCode.DONE
