"""`moclone clone`: copy a database or a table, verified."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from moclone_tui.cli import connection, copying

if TYPE_CHECKING:
    from moclone_tui.api import Login
    from moclone_tui.cloning.request import Request
    from moclone_tui.config import Profile
    from moclone_tui.jobs.transfer import CopyBetween


def fill(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    parser.description = (
        "Copies a database (or a table, with --table), compares the copy "
        "with its source at the same moment, and keeps a database only if they are "
        "the same. "
        "Ctrl-C once asks the server to stop, twice leaves at once."
    )
    parser.add_argument(
        "sources",
        metavar="SOURCE",
        nargs="+",
        help="the database to copy, or DATABASE.TABLE; several at one moment",
    )
    parser.add_argument(
        "target",
        metavar="TARGET",
        help="the name of the copy; {source}, {date} (or {date:%%m%%d}) and {user} "
        "in the name of a database stand for what they say",
    )
    parser.add_argument("--table", action="store_true", help="both names are tables")
    connection.add_moment(parser)
    _add_choices(parser)
    copying.add_arguments(parser)
    parser.set_defaults(run=run)


def _add_choices(parser: argparse.ArgumentParser) -> None:
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
        "--grant",
        metavar="ROLE",
        action="append",
        default=[],
        help="let a role use the copy, which has no grants",
    )
    parser.add_argument(
        "--from-account",
        metavar="NAME",
        action="append",
        default=[],
        help="as sys: the account that has the source; again for each further one, "
        "then {account} in TARGET stands for its name",
    )
    parser.add_argument(
        "--to-account", metavar="NAME", help="the account that gets the copy"
    )


def run(options: argparse.Namespace) -> int:
    """Plan it, or do it; gives the exit code."""
    from moclone_tui.errors import ConfigError

    profile, login = connection.login_of(options)
    if options.to_account and not options.from_account:
        raise ConfigError(
            "--to-account needs --from-account.",
            remedy="Name the account that has the source.",
        )
    if options.from_account:
        job = _between(options, profile)
        return copying.plan_or_do_between("clone", job, options, profile, login)
    request = _request(options, profile, login)
    return copying.plan_or_do("clone", request, options, profile, login)


_NOT_BETWEEN = (
    "table",
    "snapshot",
    "at",
    "after",
    "grant",
    "sequences",
    "deep",
    "wait",
    "no_way_back",
    "script",
)


def _between(options: argparse.Namespace, profile: Profile) -> CopyBetween:
    from moclone_tui.cloning.accounts import gather
    from moclone_tui.errors import ConfigError
    from moclone_tui.jobs.transfer import CopyBetween

    refused = [
        f"--{name.replace('_', '-')}" for name in _NOT_BETWEEN if getattr(options, name)
    ]
    refused += ["--if-exists"] if options.if_exists != "stop" else []
    refused += ["--mode"] if options.mode != "auto" else []
    refused += ["several sources"] if len(options.sources) > 1 else []
    if profile.mask_required:
        raise ConfigError(
            "Copies between accounts cannot be masked, and the profile requires it.",
            remedy="Copy within the account first, as the account itself.",
        )
    if refused:
        raise ConfigError(
            f"Between accounts there is no {', '.join(refused)}.",
            remedy="One database, as it is now, to a name that is free.",
        )
    (source,) = options.sources
    to = options.to_account or ""
    transfers = gather(options.from_account, source, options.target, to)
    return CopyBetween(transfers, copying.kept(options, profile))


def _request(options: argparse.Namespace, profile: Profile, login: Login) -> Request:
    import datetime as dt

    from moclone_tui.cloning.after import After
    from moclone_tui.cloning.request import IfExists, Mode, Pair, Request
    from moclone_tui.jobs.journal import os_user

    at = connection.moment_of(options, login)
    sources, target = options.sources, options.target
    if options.table:
        copy = connection.table_of(target, login)
        pairs = tuple(Pair(connection.table_of(each, login), copy) for each in sources)
    else:
        fields = {"date": dt.date.today(), "user": os_user()}  # noqa: DTZ011 a name for people here
        pairs = Request.of_several(sources, target, fields).pairs
    return Request(
        pairs,
        at,
        IfExists(options.if_exists),
        Mode(options.mode),
        roles=tuple(options.grant),
        after=After.of(profile, options.after.read() if options.after else ""),
    )
