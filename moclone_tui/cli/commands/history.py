"""`moclone history`: what was done on a server, by whomever."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from moclone_tui.cli import connection, output, work
from moclone_tui.cli.exit_codes import ExitCode

if TYPE_CHECKING:
    from moclone_tui.jobs.history import Filter, History, Line


def fill(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    parser.description = (
        "Lists copies, snapshots, restores and drops, newest first: those in this "
        "machine's journal, and what the server logged of everybody's, up to a minute "
        "late and as far as the login may read it. Each line says who tells it."
    )
    for flag, words, help_ in (
        ("--object", "NAME", "part of the name of a database, table or snapshot"),
        ("--person", "NAME", "part of who did it"),
        ("--outcome", "WORD", "part of how it ended: done, failed, rolled back, …"),
        ("--day", "DATE", "one day, in this machine's zone: 2026-01-31"),
    ):
        parser.add_argument(flag, metavar=words, default="", help=help_)
    parser.add_argument(
        "--days", type=int, default=7, metavar="N", help="how many days back (7)"
    )
    for flag, help_ in (
        ("--json", "print one JSON document"),
        ("--jsonl", "print a JSON object for each line"),
        ("--csv", "print a table for spreadsheets"),
    ):
        parser.add_argument(flag, action="store_true", help=help_)
    connection.add_arguments(parser, below=True)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Ask and print; gives the exit code."""
    from moclone_tui.jobs.history import as_csv, as_jsonl

    wanted = _filter(options)
    found = _read(options, wanted)
    lines = [line for line in found.lines if wanted.takes(line)]
    if options.json:
        content = {"log_read": found.log_read, "lines": [it.as_dict() for it in lines]}
        output.document("history", "done", content)
    elif options.jsonl or options.csv:
        print(as_csv(lines) if options.csv else as_jsonl(lines), end="")
    else:
        for line in lines:
            output.data(_shown(line))
        if not lines:
            print("Nothing was done, as far as is known.", file=sys.stderr)
    if not found.log_read:
        words = "this login may not read what the server logged: the journal alone"
        print(f"moclone: {words}.", file=sys.stderr)
    return ExitCode.DONE


def _filter(options: argparse.Namespace) -> Filter:
    import datetime as dt

    from moclone_tui.errors import ConfigError
    from moclone_tui.jobs.history import Filter

    try:
        day = dt.date.fromisoformat(options.day) if options.day else None
    except ValueError as error:
        raise ConfigError(
            f"{options.day} is not a day.", remedy="Write 2026-01-31."
        ) from error
    return Filter(options.object, options.person, options.outcome, day)


def _read(options: argparse.Namespace, wanted: Filter) -> History:
    import datetime as dt

    from moclone_tui.api import Client
    from moclone_tui.errors import ConfigError
    from moclone_tui.jobs.history import history

    profile, login = connection.login_of(options)
    journal = work.journal_of(profile, login)
    now = dt.datetime.now(dt.UTC)
    since = now - dt.timedelta(days=options.days)
    if wanted.day is not None:
        since = dt.datetime.combine(wanted.day, dt.time()).astimezone(dt.UTC)
    try:
        with Client.from_login(login) as client:
            # The server's clock may be ahead of this machine's.
            until = now + dt.timedelta(days=1)
            return history(client, journal.folder, journal.place, since, until)
    except OSError as error:
        raise ConfigError(f"The journal cannot be used: {error}.") from error


def _shown(line: Line) -> str:
    words = f"{line.title}: {line.detail}" if line.detail else line.title
    return (
        f"{line.when.astimezone():%Y-%m-%d %H:%M:%S}  {line.outcome:<17} "
        f"{line.person:<24} {words}  ({', '.join(line.sources)})"
    )
