"""`moclone keep`: how long what moclone made is kept, told or changed."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from moclone_tui.cli import connection, output, work
from moclone_tui.cli.exit_codes import ExitCode

if TYPE_CHECKING:
    from collections.abc import Sequence

    from moclone_tui.jobs.keeping import Life
    from moclone_tui.jobs.keeping_look import Standing


def fill(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    parser.description = (
        "Lists the copies and snapshots that moclone made from this machine and how "
        "long they are kept; with a name and a flag, changes that. Nothing on the "
        "server is changed: moclone reap drops what has expired."
    )
    parser.add_argument(
        "name", nargs="?", metavar="NAME", help="a database, DATABASE.TABLE, a snapshot"
    )
    when = parser.add_mutually_exclusive_group()
    when.add_argument(
        "--for", dest="span", metavar="TIME", help="from now on: 30d, 12h, 2w"
    )
    when.add_argument("--never", action="store_true", help="it never expires")
    for yes, no, help_ in (
        ("--protect", "--unprotect", "never drop it, whatever else is said"),
        ("--disposable", "--precious", "drop it then although it was changed"),
    ):
        either = parser.add_mutually_exclusive_group()
        name = yes.removeprefix("--")
        either.add_argument(yes, dest=name, action="store_true", help=help_)
        either.add_argument(
            no, dest=name, action="store_false", help=f"the contrary of {yes}"
        )
        parser.set_defaults(**{name: None})
    parser.add_argument(
        "--kind",
        choices=("database", "table", "snapshot"),
        default="",
        help="what it is, where several have the name",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    connection.add_arguments(parser, below=True)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """List them, or change one; gives the exit code."""
    from moclone_tui.errors import ConfigError

    changes = options.span or options.never or None
    said = (changes, options.protect, options.disposable)
    if options.name is None and any(each is not None for each in said):
        raise ConfigError("Which one is not said.", remedy="Name it: moclone keep NAME")
    try:
        found = _found(options)
        if any(each is not None for each in said):
            found = [_changed(found[0], options)]
    except OSError as error:
        raise ConfigError(f"The journal cannot be used: {error}.") from error
    if options.json:
        content: dict[str, object] = {"kept": [each.as_dict() for each in found]}
        output.document("keep", "done", content)
        return ExitCode.DONE
    for each in found:
        output.data(_line(each))
    if not found:
        words = "Nothing that moclone made is there, as far as this machine's journal"
        print(f"{words} knows.", file=sys.stderr)
    return ExitCode.DONE


def _found(options: argparse.Namespace) -> Sequence[Standing]:
    from moclone_tui.api import Client
    from moclone_tui.jobs.keeping import made, named
    from moclone_tui.jobs.keeping_look import standing

    profile, login = connection.login_of(options)
    journal = work.journal_of(profile, login)
    everything = made(journal.folder, journal.place)
    if options.name is not None:
        everything = named(everything, options.name, options.kind)
    with Client.from_login(login) as client:
        found = standing(client, everything)
    if options.name is not None:
        _refuse_all_but_one(options.name, found)
    return found


def _refuse_all_but_one(name: str, found: Sequence[Standing]) -> None:
    from moclone_tui.errors import ConfigError
    from moclone_tui.text import safe

    mine = [each for each in found if each.same or each.altered]
    if not mine:
        raise ConfigError(
            f"{safe(name)} is nothing that moclone made from this machine.",
            remedy="It is never dropped by reap. moclone keep lists what may be.",
        )
    if len(mine) > 1:
        kinds = " or ".join(each.made.object.type for each in mine)
        raise ConfigError(
            f"Several have the name {safe(name)}.", remedy=f"Say --kind {kinds}."
        )


def _changed(found: Standing, options: argparse.Namespace) -> Standing:
    from dataclasses import replace

    from moclone_tui.jobs.keeping import write

    made = write(found.as_now, _life(found, options))
    return replace(found, made=made, same=True)


def _life(found: Standing, options: argparse.Namespace) -> Life:
    from dataclasses import replace

    from moclone_tui.config import lifetime

    life = found.life
    if options.never:
        life = replace(life, until=None)
    elif options.span:
        seconds = lifetime(options.span)
        life = replace(life, until=None if seconds is None else found.now + seconds)
    if options.protect is not None:
        life = replace(life, protected=options.protect)
    if options.disposable is not None:
        life = replace(life, disposable=options.disposable)
    return life


def _line(each: Standing) -> str:
    life = each.life
    until = f"until {life.ends:%Y-%m-%d %H:%M} UTC" if life.ends else "no end"
    words = [each.state, until]
    if life.disposable:
        words.append("disposable")
    return f"{each.made.object}  {', '.join(words)}  {each.made.origin}, {each.age}"
