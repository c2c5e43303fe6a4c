"""`moclone keep`: how long what moclone made is kept, told or changed."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from moclone_tui.cli import connection, output, work
from moclone_tui.cli.exit_codes import ExitCode, of_end

if TYPE_CHECKING:
    from collections.abc import Sequence

    from moclone_tui.jobs.keeping import Life
    from moclone_tui.jobs.keeping_look import Standing


def fill(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    parser.description = (
        "Lists the copies and snapshots that moclone made from this machine and how "
        "long they are kept; with a name and a flag, changes that. No object is "
        "changed by it: moclone reap drops what has expired. With --share it makes the "
        "table moclone.registry on the server, in which from then on everybody's "
        "moclone says what it made there and how long that is kept."
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
    parser.add_argument(
        "--share", action="store_true", help="tell it to everybody on this server"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    connection.add_arguments(parser, below=True)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """List them, or change one; gives the exit code."""
    from moclone_tui.errors import ConfigError

    if options.name is None and _says(options):
        raise ConfigError("Which one is not said.", remedy="Name it: moclone keep NAME")
    try:
        return _run(options)
    except OSError as error:
        raise ConfigError(f"The journal cannot be used: {error}.") from error


def _says(options: argparse.Namespace) -> bool:
    """Whether a life is to be changed."""
    flags = (options.protect, options.disposable)
    return bool(options.span or options.never) or any(f is not None for f in flags)


def _run(options: argparse.Namespace) -> int:
    from moclone_tui.api import Client
    from moclone_tui.jobs.keeping import named, write
    from moclone_tui.jobs.keeping_look import standing
    from moclone_tui.jobs.registry import Share, known

    profile, login = connection.login_of(options)
    journal = work.journal_of(profile, login)
    with Client.from_login(login) as client:
        everything = known(client, journal.folder, journal.place)
        made = everything.made
        if options.name is not None:
            made = named(made, options.name, options.kind)
        found = list(standing(client, made))
    if options.name is not None:
        found = [_the_one(options.name, found)]
    if _says(options):
        found = [_changed(found[0], options)]
    code = int(ExitCode.DONE)
    if options.share or (_says(options) and everything.shared):
        job = Share(tuple(each.made for each in found if each.same), options.share)
        code = of_end(work.do(job, profile, login, reminding=False))
    if _says(options):
        write(found[0].made, found[0].life)
    _tell(found, everything.words, options)
    return code


def _tell(found: Sequence[Standing], how_far: str, options: argparse.Namespace) -> None:
    if options.json:
        content: dict[str, object] = {"kept": [each.as_dict() for each in found]}
        output.document("keep", "done", content)
        return
    for each in found:
        output.data(_line(each))
    if not found:
        print(f"Nothing that moclone made is there, {how_far}.", file=sys.stderr)


def _the_one(name: str, found: Sequence[Standing]) -> Standing:
    from moclone_tui.errors import ConfigError
    from moclone_tui.text import safe

    mine = [each for each in found if each.same or each.altered]
    if not mine:
        raise ConfigError(
            f"{safe(name)} is nothing that moclone made, as far as is known here.",
            remedy="It is never dropped by reap. moclone keep lists what may be.",
        )
    if len(mine) > 1:
        kinds = " or ".join(each.made.object.type for each in mine)
        raise ConfigError(
            f"Several have the name {safe(name)}.", remedy=f"Say --kind {kinds}."
        )
    return mine[0]


def _changed(found: Standing, options: argparse.Namespace) -> Standing:
    from dataclasses import replace

    made = replace(found.as_now, life=_life(found, options))
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
