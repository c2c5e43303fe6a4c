"""`moclone verify`: is a copy what its source was?"""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from moclone_tui import text
from moclone_tui.cli import connection, output
from moclone_tui.cli.exit_codes import ExitCode

if TYPE_CHECKING:
    from moclone_tui.cloning.facade import CopyEvent


def fill(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    parser.description = (
        "Compares a copy with its source at the moment it was copied, "
        "which the catalog keeps unless --snapshot says it. Changes nothing."
    )
    parser.add_argument("copy", help="the copy, or DATABASE.TABLE")
    parser.add_argument("source", help="what it was made from")
    parser.add_argument("--table", action="store_true", help="both names are tables")
    connection.add_moment(parser)
    parser.add_argument("--deep", action="store_true", help="compare every row")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    connection.add_arguments(parser, below=True)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Compare; gives the exit code."""
    from moclone_tui.api import Client

    _, login = connection.login_of(options)
    at = connection.moment_of(options, login)
    copy, source = options.copy, options.source
    if options.table:
        copy = connection.table_of(copy, login)
        source = connection.table_of(source, login)
    with Client.from_login(login.patient()) as client:
        verdict = client.clone.verify(
            copy, source, at, deep=options.deep, on_event=_narrate
        )
    if options.json:
        output.document(
            "verify",
            verdict.word,
            {
                "copy": options.copy,
                "source": options.source,
                "moment": verdict.moment.ns or str(verdict.moment),
                "tables": verdict.tables,
                "views": verdict.views,
                "rows": verdict.rows,
                "differences": list(verdict.differences),
                "unchecked": list(verdict.unchecked),
            },
        )
    else:
        lines = [f"{options.copy}: {verdict.word}"]
        lines += [f"  {each}" for each in verdict.differences + verdict.unchecked]
        output.data("\n".join(lines))
    return ExitCode.DONE if verdict.word.startswith("verified") else _NOT


_NOT = ExitCode.NOT_VERIFIED


def _narrate(event: CopyEvent) -> None:
    print(text.safe(event.text), file=sys.stderr, flush=True)
