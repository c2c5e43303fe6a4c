"""`moclone reap`: drop what moclone made and what has expired."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from moclone_tui.cli import connection, output, work
from moclone_tui.cli.exit_codes import ExitCode, of_end

if TYPE_CHECKING:
    from collections.abc import Sequence

    from moclone_tui.api import Login
    from moclone_tui.config import Profile
    from moclone_tui.jobs.journal import Journal
    from moclone_tui.jobs.keeping_look import Standing
    from moclone_tui.jobs.leftovers import Leftover
    from moclone_tui.jobs.model import JobEvent


def fill(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    parser.description = (
        "Says what has expired of the copies and snapshots that moclone made, and "
        "with --yes drops it. Never dropped is what moclone did not make, what has "
        "another object's name by now, what is protected, and what was changed, or may "
        "have been, unless it was called disposable: see moclone keep."
    )
    parser.add_argument(
        "--yes", action="store_true", help="drop it; without, nothing is changed"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    connection.add_arguments(parser, below=True)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Say what has expired, or drop it; gives the exit code."""
    from moclone_tui.errors import ConfigError

    try:
        return _run(options)
    except OSError as error:
        raise ConfigError(f"The journal cannot be used: {error}.") from error


def _run(options: argparse.Namespace) -> int:
    from moclone_tui.api import Client
    from moclone_tui.jobs.keeping_look import expired
    from moclone_tui.jobs.leftovers import leftovers
    from moclone_tui.jobs.registry import known

    profile, login = connection.login_of(options)
    journal = work.journal_of(profile, login)
    left = leftovers(journal.folder, journal.place)
    with Client.from_login(login) as client:
        everything = known(client, journal.folder, journal.place)
        found = expired(client, everything.made)
    if not options.json:
        _tell(found, everything.words)
        for each in left:
            job = f"left behind by job {each.job.job}, which crashed"
            output.data(f"{each.object.type} {each.object}: temporary, {job}")
            output.data(f"  {each.object.drop}")
    ends = _drop(found, left, profile, login, journal) if options.yes else []
    errors = [end.error for end in ends if end.error is not None]
    if options.json:
        content: dict[str, object] = {
            "registry": everything.shared,
            "expired": [each.as_dict() for each in found],
            "leftovers": [str(each.object) for each in left],
            "outcome": [end.text for end in ends],
        }
        status = str(ends[0].state) if ends else "plan"
        for error in errors:
            content |= output.error_dict(error)
        output.document("reap", status, content)
    else:
        for end in ends:
            output.data(end.text)
    for error in errors:
        output.error(error)
    return max((of_end(end) for end in ends), default=ExitCode.DONE)


def _drop(
    found: Sequence[Standing],
    left: tuple[Leftover, ...],
    profile: Profile,
    login: Login,
    journal: Journal,
) -> list[JobEvent]:
    """Drop what nothing speaks against, and what crashed jobs left behind."""
    from moclone_tui.jobs.leftovers import DropLeftovers
    from moclone_tui.jobs.reap import Reap

    objects = tuple(each.made.object for each in found if not each.why)
    ends = []
    if objects:
        job = Reap(objects, journal.folder, journal.place)
        ends.append(work.do(job, profile, login, reminding=False))
    if left:
        ends.append(work.do(DropLeftovers(left), profile, login, reminding=False))
    return ends


def _tell(found: Sequence[Standing], how_far: str) -> None:
    for each in found:
        made = each.made
        output.data(f"{made.object.type} {made.object}: {made.origin}")
        output.data(f"  made {each.age} by {made.by}")
        for need in each.needs:
            output.data(f"  with it: {need}")
        output.data(f"  {_free(each)}")
        verdict = "; ".join(each.why)
        output.data(f"  left: {verdict}" if verdict else f"  {made.object.drop}")
    many = sum(not each.why for each in found)
    words = f"{many:,} of {len(found):,} expired can be dropped"
    if not found:
        words = "Nothing has expired"
    print(f"{words}, {how_far}.", file=sys.stderr)


def _free(each: Standing) -> str:
    from moclone_tui.text import size

    if each.frees is None:
        return f"frees: not known, {each.frees_words}"
    return f"frees {size(each.frees)}"
