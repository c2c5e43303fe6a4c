"""What the commands that change have in common: plans, and how they end."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from moclone_tui.cli import connection, output, work
from moclone_tui.cli.exit_codes import ExitCode, of_end

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from moclone_tui.api import Login
    from moclone_tui.cloning.drop import DropPlan
    from moclone_tui.cloning.drop_snapshots import SnapshotsPlan
    from moclone_tui.cloning.plan import Plan
    from moclone_tui.cloning.put_back import PutBackPlan
    from moclone_tui.cloning.request import Request
    from moclone_tui.config import Profile
    from moclone_tui.jobs.keeping import Keep
    from moclone_tui.jobs.model import JobEvent
    from moclone_tui.jobs.transfer import CopyBetween


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What can be said of every copy."""
    for flag, help_ in (
        ("--no-way-back", "do not keep what is replaced"),
        ("--wait", "wait for transactions that hold what is replaced"),
        ("--sequences", "make sequences anew, which the server leaves out"),
        ("--deep", "compare every row once it is there"),
    ):
        parser.add_argument(flag, action="store_true", help=help_)
    parser.add_argument(
        "--keep",
        metavar="TIME",
        default="",
        help="how long a copy, and what is kept of what it replaces, is kept before "
        "moclone reap drops it: 7d, 12h, never (what the profile says)",
    )
    parser.add_argument(
        "--disposable",
        action="store_true",
        help="reap may then drop it although it was changed",
    )
    add_yes(parser)
    add_plan_arguments(parser)


def add_yes(parser: argparse.ArgumentParser, does: str = "overwrite") -> None:
    """The argument that stands for a name that is typed."""
    parser.add_argument(
        "--yes",
        metavar="NAME",
        action="append",
        default=[],
        help=f"{does} NAME without asking; say it once for each name",
    )


def confirm(names: Sequence[str], said: Sequence[str], does: str = "overwrite") -> None:
    """Have each name said: by --yes, or typed by whoever is there.

    Args:
        names: What is to be said.
        said: What --yes said.
        does: What is done to them: `overwrite`, `drop`.

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
                f"To {does} {safe(name)} has to be confirmed, and nobody is here.",
                remedy=f"Say --yes {safe(name)}.",
            )
        print(f"Type {safe(name)} to {does} it: ", end="", file=sys.stderr, flush=True)
        if sys.stdin.readline().strip() != name:
            raise ConfigError("The name was not confirmed.", remedy="Nothing was sent.")


def add_plan_arguments(parser: argparse.ArgumentParser) -> None:
    """What can be said of whatever has a plan, and where it is carried out."""
    for flag, help_ in (
        ("--dry-run", "print the plan, change nothing"),
        ("--script", "print the plan as SQL, change nothing"),
        ("--json", "print one JSON document"),
    ):
        parser.add_argument(flag, action="store_true", help=help_)
    connection.add_arguments(parser, below=True)


def kept(options: argparse.Namespace, profile: Profile) -> Keep:
    """How long it is kept, as it was said or as the profile has it."""
    from moclone_tui.jobs.keeping import Keep

    return Keep.of(profile, options.keep, disposable=options.disposable)


def chosen(request: Request, options: argparse.Namespace) -> Request:
    """The request with what was said of it."""
    from dataclasses import replace

    return replace(
        request,
        way_back=not options.no_way_back,
        wait=options.wait,
        sequences=options.sequences,
        deep=options.deep,
    )


def plan_or_do(
    command: str,
    request: Request,
    options: argparse.Namespace,
    profile: Profile,
    login: Login,
) -> int:
    """Print the plan, or carry it out; gives the exit code."""
    from moclone_tui.cloning.request import IfExists

    request = chosen(request, options)
    if options.dry_run or options.script:
        return _plan(command, request, options, login)
    if request.if_exists is IfExists.REPLACE:
        confirm([str(pair.target) for pair in request.pairs], options.yes)
    return _do(command, request, options, profile, login)


def _plan(
    command: str, request: Request, options: argparse.Namespace, login: Login
) -> int:
    from moclone_tui.api import Client
    from moclone_tui.cloning.plan import make

    with Client.from_login(login) as client:
        plan = make(client, request)
    return planned(command, plan, options)


def planned(
    command: str,
    plan: Plan | PutBackPlan | DropPlan | SnapshotsPlan,
    options: argparse.Namespace,
    lines: Sequence[str] = (),
    content: Mapping[str, object] | None = None,
) -> int:
    """Print a plan; gives the exit code.

    Args:
        command: What it is the plan of.
        plan: The plan.
        options: What was said of how to print it.
        lines: What comes after it, for people.
        content: The same as JSON has it.
    """
    blocked = bool(plan.blockers)
    if options.script:
        print(plan.as_script(), end="")
    elif options.json:
        whole = plan.as_dict() | dict(content or {})
        output.document(command, "blocked" if blocked else "plan", whole)
    else:
        output.data("\n".join([plan.as_text(), *lines]))
    return ExitCode.REFUSED if blocked else ExitCode.DONE


def plan_or_do_between(
    command: str,
    job: CopyBetween,
    options: argparse.Namespace,
    profile: Profile,
    login: Login,
) -> int:
    """Copy between accounts, or say how; gives the exit code."""
    copies = [{"source": f"{each.account}.{each.source}", "target": each.target,
               "account": each.to_account} for each in job.transfers]  # fmt: skip
    if not options.dry_run:
        end = work.do(job, profile, login)
        return ended(command, end, options, {"copies": copies})
    if options.json:
        content = {"copies": copies, "steps": list(job.steps)}
        output.document(command, "plan", content)
    else:
        output.data("\n".join((job.title, *(f"  {step}" for step in job.steps))))
    return ExitCode.DONE


def _do(
    command: str,
    request: Request,
    options: argparse.Namespace,
    profile: Profile,
    login: Login,
) -> int:
    from moclone_tui.jobs.clone import Copy

    end = work.do(Copy(request, kept(options, profile)), profile, login)
    return ended(command, end, options, _described(request))


def _described(request: Request) -> dict[str, object]:
    copies = [
        {"source": str(pair.source), "target": str(pair.target)}
        for pair in request.pairs
    ]
    return {**copies[0], "copies": copies, "at": str(request.at)}


def ended(
    command: str,
    end: JobEvent,
    options: argparse.Namespace,
    content: dict[str, object],
) -> int:
    """Print how a job ended; gives the exit code."""
    if options.json:
        output.document(
            command,
            str(end.state),
            {
                **content,
                "outcome": end.text,
                "seconds": end.seconds,
                **({"result": dict(end.data)} if end.data else {}),
                **output.error_dict(end.error),
            },
        )
    else:
        output.data(f"{end.title}: {end.text}")
    if end.error is not None:
        output.error(end.error)
    return of_end(end)
