"""`moclone jobs`: what the journal has of jobs, and what became of those nobody saw."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from moclone_tui.cli import connection, output, work
from moclone_tui.cli.exit_codes import ExitCode, of_end

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from moclone_tui.jobs.records import JobRecord
    from moclone_tui.jobs.settle import Settled


def fill(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    parser.description = (
        "Lists the jobs in this machine's journal, newest first; no server "
        "is asked. With --settle, it finds out on the server what became of jobs whose "
        "end nobody saw, as after a crash, and drops the temporary objects that they "
        "left behind: nothing else."
    )
    parser.add_argument(
        "--settle", action="store_true", help="ask the server what became of them"
    )
    parser.add_argument(
        "--limit", type=int, default=50, metavar="N", help="how many to list (50)"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    connection.add_arguments(parser, below=True)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """List them, or settle them; gives the exit code."""
    from moclone_tui.errors import ConfigError

    try:
        return _settle(options) if options.settle else _list(options)
    except OSError as error:
        raise ConfigError(f"The journal cannot be used: {error}.") from error


def _list(options: argparse.Namespace) -> int:
    from moclone_tui.jobs.journal import default_folder
    from moclone_tui.jobs.records import read, torn

    folder = default_folder()
    jobs = read(folder, options.limit)
    if options.json:
        output.document("jobs", "done", {"jobs": [job.as_dict() for job in jobs]})
    else:
        for job in jobs:
            output.data(_line(job))
        if not jobs:
            print(f"No job yet in {folder}.", file=sys.stderr)
    _tell_torn(torn(folder), folder)
    return ExitCode.DONE


def _tell_torn(lines: int, folder: Path) -> None:
    from moclone_tui.text import plural

    if lines:
        words = f"{plural(lines, 'line')} in {folder} cannot be read: passed over"
        print(f"moclone: {words}.", file=sys.stderr)


def _line(job: JobRecord) -> str:
    local = job.begun.astimezone()
    words = f"{job.title}: {job.outcome}" if job.outcome else job.title
    return (
        f"{job.job}  {local:%Y-%m-%d %H:%M:%S}  {job.word:<17} "
        f"{job.place.profile or job.place.server}  {words}"
    )


def _settle(options: argparse.Namespace) -> int:
    from moclone_tui.api import Client
    from moclone_tui.jobs.leftovers import DropLeftovers, leftovers
    from moclone_tui.jobs.settle import settle

    profile, login = connection.login_of(options)
    journal = work.journal_of(profile, login)
    with Client.from_login(login) as client:
        found = settle(client, journal.folder, journal.place)
    left = leftovers(journal.folder, journal.place)
    drop = None
    if left and not profile.read_only:
        drop = work.do(DropLeftovers(left), profile, login, reminding=False)
    failed = drop.error if drop else None
    dropped = drop.text if drop and not failed else ""
    if options.json:
        content = {"jobs": [each.as_dict() for each in found], "leftovers": dropped}
        status = str(drop.state) if drop else "done"
        output.document("jobs", status, content | output.error_dict(failed))
    else:
        _tell(found)
        output.data(dropped)
    if failed:
        output.error(failed)
    return (of_end(drop) if drop else ExitCode.DONE) or _code(found)


def _tell(found: Sequence[Settled]) -> None:
    for each in found:
        output.data(f"{each.job.job}  {each.job.title}: {each.words}")
        for offer in each.offers:
            output.data(f"  {offer}")
    if not found:
        print("Nothing to settle on this server.", file=sys.stderr)


def _code(found: Sequence[Settled]) -> int:
    from moclone_tui.jobs.model import JobState

    unknown = any(each.state in (None, JobState.UNKNOWN) for each in found)
    return ExitCode.UNKNOWN if unknown else ExitCode.DONE
