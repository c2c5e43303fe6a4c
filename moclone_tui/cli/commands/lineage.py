"""`moclone lineage`: where a database or table came from, and who says so."""

from __future__ import annotations

import argparse
import sys
from dataclasses import asdict

from moclone_tui.cli import connection, output
from moclone_tui.cli.exit_codes import ExitCode


def fill(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    parser.description = (
        "Asks, in order of trust, this machine's journal, the statements "
        "that the server remembers (about 15 seconds late, and for logins that may "
        "read them), and what the catalog keeps of how tables were made. Unknown is "
        "not original: ALTER and TRUNCATE wipe what the catalog keeps."
    )
    parser.add_argument("name", help="the database, or DATABASE.TABLE with --table")
    parser.add_argument("--table", action="store_true", help="the name is a table's")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    connection.add_arguments(parser, below=True)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Ask and print; gives the exit code."""
    from moclone_tui.api import Client, TableName
    from moclone_tui.cloning.lineage import lineage
    from moclone_tui.jobs.journal import default_folder
    from moclone_tui.jobs.records import known, read

    _, login = connection.login_of(options)
    table = TableName.parse(options.name) if options.table else None
    try:
        journal = known(read(default_folder()))
    except OSError as error:
        journal = []
        print(f"moclone: the journal cannot be read: {error}", file=sys.stderr)
    with Client.from_login(login) as client:
        if table is None:
            found = lineage(client, journal, options.name)
        else:
            database = table.database or client.current_database() or ""
            found = lineage(client, journal, database, table.table)
    if options.json:
        origins = [
            {
                key: value.isoformat() if key == "when" and value else value
                for key, value in asdict(each).items()
            }
            for each in found
        ]
        output.document("lineage", "done", {"name": options.name, "origins": origins})
    else:
        for each in found:
            output.data(str(each))
    return ExitCode.DONE
