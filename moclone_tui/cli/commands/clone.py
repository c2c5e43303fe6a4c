"""`moclone clone`: copy a database or a table, verified."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from moclone_tui.cli import connection, output, work
from moclone_tui.cli.exit_codes import ExitCode, of_error

if TYPE_CHECKING:
    from moclone_tui.api import Login
    from moclone_tui.cloning.request import Request
    from moclone_tui.config import Profile
    from moclone_tui.jobs.model import JobEvent, JobState


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
    parser.add_argument(
        "--no-way-back",
        action="store_true",
        help="do not keep what is replaced",
    )
    parser.add_argument(
        "--wait",
        action="store_true",
        help="wait for transactions that hold what is replaced",
    )
    parser.add_argument(
        "--dry-run", action="store_true", help="print the plan, change nothing"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    connection.add_arguments(parser, below=True)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Plan it, or do it; gives the exit code."""
    profile, login = connection.login_of(options)
    request = _request(options, profile)
    if options.dry_run:
        return _plan(login, request, options)
    return _do(profile, login, request, options)


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
        way_back=not options.no_way_back,
        wait=options.wait,
        after=After.of(profile, options.after.read() if options.after else ""),
    )


def _plan(login: Login, request: Request, options: argparse.Namespace) -> int:
    from moclone_tui.api import Client
    from moclone_tui.cloning.plan import make

    with Client.from_login(login) as client:
        plan = make(client, request)
    blocked = bool(plan.blockers)
    if options.json:
        output.document("clone", "blocked" if blocked else "plan", plan.as_dict())
    else:
        output.data(plan.as_text())
    return ExitCode.REFUSED if blocked else ExitCode.DONE


def _do(
    profile: Profile, login: Login, request: Request, options: argparse.Namespace
) -> int:
    from moclone_tui.jobs.clone import Copy

    end = work.do(Copy(request), profile, login)
    if options.json:
        output.document(
            "clone",
            str(end.state),
            {
                "source": str(request.pairs[0].source),
                "target": str(request.pairs[0].target),
                "at": str(request.at),
                "outcome": end.text,
                "seconds": end.seconds,
                **output.error_dict(end.error),
            },
        )
    else:
        output.data(f"{end.title}: {end.text}")
    if end.error is not None:
        output.error(end.error)
    return _exit_code(end)


def _exit_code(end: JobEvent) -> int:
    from moclone_tui.jobs.model import JobState

    codes: dict[JobState, ExitCode] = {
        JobState.DONE: ExitCode.DONE,
        JobState.SKIPPED: ExitCode.DONE,
        JobState.NOT_VERIFIED: ExitCode.NOT_VERIFIED,
        JobState.DIFFERS: ExitCode.NOT_VERIFIED,
        JobState.CANCELLED: ExitCode.INTERRUPTED,
    }
    if end.state in codes:
        return codes[end.state]
    return of_error(end.error) if end.error is not None else ExitCode.REFUSED
