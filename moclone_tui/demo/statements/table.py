"""The table of statements."""

from moclone_tui.demo.reader import TokenReader, find_word
from moclone_tui.demo.statements import (
    account,
    branch,
    branching,
    clone,
    control,
    data,
    database,
    explain,
    pitr,
    publication,
    restore,
    routine,
    sequence,
    show,
    show_columns,
    show_create,
    show_server,
    snapshot,
    table_alter,
    table_create,
    table_drop,
)
from moclone_tui.demo.statements.command import Command, Handler, Mode

_KINDS = {
    "begin": "Start Transaction",
    "restore": "Restore Snapshot",
    "create pitr": "Create PITR",
    "alter pitr": "Alter PITR",
    "drop pitr": "Drop PITR",
    "show pitr": "Show PITR",
    "show snapshots": "Show Snapshot",
    "set": "Set Var",
    "kill": "kill",
    "data branch diff": "branch diff",
    "data branch create": "Data Branch Create Table",
}
"""What the log calls a kind of statement, where it is not what it begins with."""


def _commands(
    mode: Mode, *listed: tuple[str, Handler], containing: str = ""
) -> list[Command]:
    return [
        Command(
            tuple(words.split()),
            run,
            mode,
            "Select" if run is data.select else _KINDS.get(words, words.title()),
            containing,
        )
        for words, run in listed
    ]


_COMMANDS = [
    *_commands(
        Mode.CLONE,
        ("create database", clone.create_database_clone),
        ("create schema", clone.create_database_clone),
        ("create table", clone.create_table_clone),
        ("create temporary table", clone.create_table_clone),
        containing="clone",
    ),
    *_commands(
        Mode.PLAIN,
        ("select", data.select),
        ("with", data.select),
        ("(", data.select),
        ("insert", data.insert),
        ("replace", data.replace),
        ("update", data.update),
        ("delete", data.delete),
        ("create database", database.create),
        ("create schema", database.create),
        ("drop database", database.drop),
        ("drop schema", database.drop),
        ("create table", table_create.create_table),
        ("create external table", table_create.create_external),
        ("create view", table_create.create_view),
        ("create or replace view", table_create.replace_view),
        ("create sequence", sequence.create),
        ("drop table", table_drop.drop_table),
        ("drop view", table_drop.drop_view),
        ("drop sequence", sequence.drop),
        ("truncate", table_drop.truncate),
        ("alter table", table_alter.alter_table),
        ("rename table", table_alter.rename_table),
        ("create index", table_alter.create_index),
        ("create unique index", table_alter.create_unique_index),
        ("drop index", table_alter.drop_index),
        ("explain", explain.explain),
        ("describe", explain.describe),
        ("desc", explain.describe),
        ("show databases", show.databases),
        ("show schemas", show.databases),
        ("show tables", show.tables),
        ("show full tables", show.full_tables),
        ("show table status", show.table_status),
        ("show sequences", sequence.show),
        ("show columns", show_columns.columns),
        ("show fields", show_columns.columns),
        ("show full columns", show_columns.full_columns),
        ("show index", show_columns.index),
        ("show indexes", show_columns.index),
        ("show keys", show_columns.index),
        ("show create table", show_create.table),
        ("show create view", show_create.view),
        ("show create database", show_create.database),
        ("show processlist", show_server.processlist),
        ("show full processlist", show_server.processlist),
        ("show accounts", show_server.accounts),
        ("show create publication", publication.show_create),
        ("show publications", publication.show),
        ("show grants", show_server.grants),
        ("show roles", show_server.roles),
        ("data branch diff", branch.diff),
        ("data branch create", branching.create),
        ("data branch delete", branching.delete),
    ),
    *_commands(
        Mode.ADMIN,
        ("alter sequence", sequence.alter),
        ("create function", routine.create_function),
        ("create procedure", routine.create_procedure),
        ("drop function", routine.drop_function),
        ("drop procedure", routine.drop_procedure),
        ("create snapshot", snapshot.create),
        ("drop snapshot", snapshot.drop),
        ("show snapshots", snapshot.show),
        ("create pitr", pitr.create),
        ("alter pitr", pitr.alter),
        ("drop pitr", pitr.drop),
        ("show pitr", pitr.show),
        ("restore", restore.restore),
        ("create publication", publication.create),
        ("alter publication", publication.alter),
        ("drop publication", publication.drop),
        ("kill", control.kill),
    ),
    *_commands(
        Mode.RIGHTS,
        ("create account", account.create_account),
        ("alter account", account.alter_account),
        ("drop account", account.drop_account),
        ("create user", account.create_user),
        ("drop user", account.drop_user),
        ("alter user", account.alter_user),
        ("create role", account.create_role),
        ("drop role", account.drop_role),
        ("grant", account.grant),
        ("revoke", account.revoke),
    ),
    *_commands(
        Mode.CONTROL,
        ("begin", control.begin),
        ("start transaction", control.begin),
        ("commit", control.commit),
        ("rollback", control.rollback),
        ("set", control.set_variables),
        ("use", control.use),
    ),
    *_commands(
        Mode.REPORT,
        ("show warnings", show_server.warnings),
        ("show errors", show_server.warnings),
        ("show variables", show_server.variables),
        ("show session variables", show_server.variables),
        ("show global variables", show_server.variables),
    ),
]


def find_command(read: TokenReader) -> Command | None:
    """The kind of statement that comes; the reader moves behind its words."""
    for command in _COMMANDS:
        if not _begins(read, command.words):
            continue
        tokens = read.statement.tokens
        if command.containing and find_word(tokens, command.containing) == len(tokens):
            continue
        if command.run is not data.select:
            read.at += len(command.words)
        return command
    return None


def _begins(read: TokenReader, words: tuple[str, ...]) -> bool:
    if words == ("(",):
        first = read.peek()
        return first is not None and first.is_operator("(")
    return read.looking_at(*words)
