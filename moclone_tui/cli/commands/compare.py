"""`moclone compare`: what differs between two databases, tables, or moments of one."""

from __future__ import annotations

import argparse
import sys
from contextlib import ExitStack
from typing import TYPE_CHECKING

from moclone_tui import text
from moclone_tui.cli import connection, output
from moclone_tui.cli.exit_codes import ExitCode

if TYPE_CHECKING:
    from moclone_tui.api import Client, Login, Moment
    from moclone_tui.cloning.compare_rows import RowSample
    from moclone_tui.cloning.comparison import Comparison, Side, TableDiff


def fill(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    parser.description = (
        "Compares two databases or tables, or one with what it was: objects, "
        "definitions, exact numbers of rows. Equal numbers are said to be that, not to "
        "be the same rows: --rows compares those. Changes nothing. Ends with 6 if "
        "something differs."
    )
    parser.add_argument("left", help="a database, or DATABASE.TABLE")
    parser.add_argument(
        "right", nargs="?", help="what it is compared with; the same, if it is not said"
    )
    parser.add_argument("--table", action="store_true", help="both names are tables")
    connection.add_moment(parser)
    parser.add_argument(
        "--right-snapshot", metavar="NAME", help="the right side at a snapshot, too"
    )
    parser.add_argument("--right-at", metavar="TIME", help="the right side at a time")
    parser.add_argument(
        "--with",
        dest="other",
        metavar="PROFILE",
        help="the right side is on the server of another profile",
    )
    parser.add_argument(
        "--rows", action="store_true", help="compare the rows of every table, too"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    connection.add_arguments(parser, below=True)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Compare; gives the exit code."""
    from moclone_tui.api import Client
    from moclone_tui.cloning.compare import compare, compare_ddl
    from moclone_tui.errors import ConfigError

    if options.rows and options.other:
        raise ConfigError(
            "The rows of two servers cannot be compared.",
            remedy="Leave --rows out: objects, definitions and counts are compared.",
        )
    _, login = connection.login_of(options)
    theirs = _login_of_right(options) if options.other else login
    right_moment = argparse.Namespace(
        snapshot=options.right_snapshot, at=options.right_at
    )
    left = _side(options, options.left, login, connection.moment_of(options, login))
    right = _side(
        options,
        options.right or options.left,
        theirs,
        connection.moment_of(right_moment, theirs),
    )
    if left == right and not options.other:
        raise ConfigError(
            f"{left} would be compared with itself.",
            remedy="Name another on the right, or a moment: --snapshot, --at.",
        )
    samples: dict[str, RowSample] = {}
    with ExitStack() as stack:
        client = stack.enter_context(Client.from_login(login.patient()))
        other = (
            stack.enter_context(Client.from_login(theirs.patient()))
            if options.other
            else None
        )
        found = compare(client, left, right, other)
        found = compare_ddl(client, found, other=other)
        if options.rows:
            found, samples = _with_rows(client, found)
    _print(options, found, samples)
    return ExitCode.NOT_VERIFIED if found.differing else ExitCode.DONE


def _login_of_right(options: argparse.Namespace) -> Login:
    unsaid = dict.fromkeys(("dsn", "host", "port", "user", "database"))
    named = {**vars(options), **unsaid, "profile": options.other}
    return connection.login_of(argparse.Namespace(**named))[1]


def _side(options: argparse.Namespace, name: str, login: Login, at: Moment) -> Side:
    from moclone_tui.cloning.comparison import Side

    if not options.table:
        return Side(name, at=at)
    table = connection.table_of(name, login)
    return Side(table.database or "", table.table, at)


def _with_rows(
    client: Client, found: Comparison
) -> tuple[Comparison, dict[str, RowSample]]:
    """Compare the rows of every table that both sides have."""
    from moclone_tui.api import Kind
    from moclone_tui.cloning.compare_rows import changed_rows, row_changes

    done: list[TableDiff] = []
    samples: dict[str, RowSample] = {}
    for each in found.tables:
        if each.kinds != (Kind.TABLE, Kind.TABLE):
            continue
        print(f"rows of {text.safe(each.name)}…", file=sys.stderr, flush=True)
        changes = row_changes(client, each.left, each.right)
        done.append(each.with_changes(changes))
        if changes.total:
            samples[each.name] = changed_rows(client, each.left, each.right)
    return found.replaced(done), samples


def _print(
    options: argparse.Namespace, found: Comparison, samples: dict[str, RowSample]
) -> None:
    if options.json:
        status = "differs" if found.differing else "alike"
        tables = [_as_dict(each, samples.get(each.name)) for each in found.tables]
        content: dict[str, object] = {"left": str(found.left)}
        content |= {"right": str(found.right), "objects": tables}
        output.document("compare", status, content)
        return
    lines = [f"{found.left} with {found.right}: {str(found) or 'nothing'}"]
    for each in found.tables:
        lines.append(f"  {each.state}: {each.name}{_counted(each)}")
        if each.changes is not None:
            note = f" ({each.changes.note})" if each.changes.note else ""
            lines.append(f"    rows: {each.changes}{note}")
        if each.unknown:
            lines.append(f"    not known: {each.unknown}")
        if (sample := samples.get(each.name)) is not None:
            lines += [f"    {line}" for line in sample.as_lines()]
    output.data("\n".join(text.safe(line) for line in lines))


def _counted(diff: TableDiff) -> str:
    numbers = [
        "–" if many is None else text.count(many)
        for many in (diff.rows_left, diff.rows_right)
    ]
    return f", {numbers[0]} → {numbers[1]} rows" if set(numbers) != {"–"} else ""


def _as_dict(diff: TableDiff, sample: RowSample | None) -> dict[str, object]:
    changes = diff.changes
    return {
        "name": diff.name,
        "kind": str(diff.kind),
        "state": str(diff.state),
        "rows_left": diff.rows_left,
        "rows_right": diff.rows_right,
        "same_ddl": diff.same_ddl,
        "ddl_left": diff.ddl_left,
        "ddl_right": diff.ddl_right,
        "unknown": diff.unknown,
        "rows": changes
        and {
            "inserted": changes.inserted,
            "updated": changes.updated,
            "deleted": changes.deleted,
            "note": changes.note,
            "unknown": changes.unknown,
        },
        "sample": list(sample.as_lines()) if sample else [],
    }
