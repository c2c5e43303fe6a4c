"""`moclone drop`: drop databases, tables or snapshots, with what they were kept."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from moclone_tui.cli import connection, copying, work

if TYPE_CHECKING:
    from moclone_tui.api import Login
    from moclone_tui.cloning.drop import Drop
    from moclone_tui.config import Profile
    from moclone_tui.jobs.model import JobSpec


def fill(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    parser.description = (
        "Drops databases (or tables and views, with --table; or snapshots, with "
        "--snapshots) after saying what depends on them. Databases and tables go "
        "together or not at all, in one transaction, and what they were is kept as a "
        "copy beside them, NAME_before_DATE_TIME, unless told not to. With --dry-run "
        "nothing is changed."
    )
    parser.add_argument("names", metavar="NAME", nargs="+", help="what to drop")
    kinds = parser.add_mutually_exclusive_group()
    kinds.add_argument("--table", action="store_true", help="the names are tables")
    kinds.add_argument(
        "--snapshots", action="store_true", help="the names are snapshots"
    )
    parser.add_argument(
        "--no-way-back", action="store_true", help="keep nothing, free the space now"
    )
    parser.add_argument(
        "--wait", action="store_true", help="wait for transactions that hold it"
    )
    parser.add_argument(
        "--keep",
        metavar="TIME",
        default="",
        help="how long what it was is kept before moclone reap drops it: 7d, never",
    )
    copying.add_yes(parser, "drop")
    copying.add_plan_arguments(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Plan it, or do it; gives the exit code."""
    profile, login = connection.login_of(options)
    if options.snapshots:
        return _snapshots(options, profile, login)
    from moclone_tui.api import Client
    from moclone_tui.cloning.drop_look import make
    from moclone_tui.jobs.drop import DropJob
    from moclone_tui.jobs.keeping import Keep

    request = _request(options, login)
    with Client.from_login(login) as client:
        plan = make(client, request)
    if options.dry_run or options.script or plan.blockers:
        return copying.planned("drop", plan, options)
    job = DropJob(plan.as_known(), Keep.of(profile, options.keep))
    return _do(job, [str(each) for each in request.what], options, profile, login)


def _request(options: argparse.Namespace, login: Login) -> Drop:
    from moclone_tui.cloning.drop import Drop

    return Drop(
        tuple(
            connection.table_of(name, login) if options.table else name
            for name in options.names
        ),
        way_back=not options.no_way_back,
        wait=options.wait,
    )


def _snapshots(options: argparse.Namespace, profile: Profile, login: Login) -> int:
    from moclone_tui.api import Client
    from moclone_tui.cloning.drop_snapshots import make
    from moclone_tui.jobs.drop import DropSnapshots

    with Client.from_login(login) as client:
        plan = make(client, options.names)
    if options.dry_run or options.script or plan.blockers:
        return copying.planned("drop", plan, options)
    job = DropSnapshots(plan.objects)
    return _do(job, options.names, options, profile, login)


def _do(
    job: JobSpec,
    names: list[str],
    options: argparse.Namespace,
    profile: Profile,
    login: Login,
) -> int:
    copying.confirm(names, options.yes, "drop")
    end = work.do(job, profile, login)
    return copying.ended("drop", end, options, {"drops": names})
