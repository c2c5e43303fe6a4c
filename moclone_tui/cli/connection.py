"""From the command line to a connection: profile, address and password."""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from moclone_tui.api import Login, Moment, TableName
    from moclone_tui.config import Config, Profile

_NAMED = ("profile", "dsn", "host", "port", "user", "database")


def add_arguments(parser: argparse.ArgumentParser, *, below: bool = False) -> None:
    """The arguments that say where to connect, and as whom.

    Args:
        parser: What takes them.
        below: Whether it is the parser of a command: what was said before the command
            then holds unless it is said again.
    """
    default = argparse.SUPPRESS if below else None
    for flag, metavar, help_ in (
        ("--config", "FILE", "the configuration to read"),
        ("--profile", "NAME", "the profile to connect with"),
        ("--dsn", "URL", "where to connect: mysql://user@host:port/database"),
        ("--host", "HOST", "name or address of the server"),
        ("--port", "PORT", "its port (6001)"),
        ("--user", "USER", "user, account#user or account#user#role"),
        ("--database", "NAME", "the database to start in"),
    ):
        kind = {"--config": Path, "--port": int}.get(flag, str)
        parser.add_argument(
            flag, metavar=metavar, help=help_, type=kind, default=default
        )


def profile_of(options: argparse.Namespace, config: Config) -> Profile | None:
    """The profile that the command line, the environment or a setting names."""
    from moclone_tui.config import resolve

    given = {name: getattr(options, name) for name in _NAMED}
    if (
        any(value is not None for value in given.values())
        or any(os.environ.get(name) for name in ("MOCLONE_PROFILE", "MOCLONE_HOST"))
        or config.settings.default_profile
    ):
        return resolve(config, os.environ, **given)
    return None


def add_moment(parser: argparse.ArgumentParser, *, required: bool = False) -> None:
    """The arguments that say as of when."""
    when = parser.add_mutually_exclusive_group(required=required)
    when.add_argument("--snapshot", metavar="NAME", help="as it was at a snapshot")
    when.add_argument(
        "--at",
        metavar="TIME",
        help="as it was at a time: 2026-01-02T03:04:05Z, '10 minutes ago'",
    )


def moment_of(options: argparse.Namespace, login: Login) -> Moment:
    """The moment that was named; how long ago counts by the server's clock.

    Raises:
        InvalidName: It is no time, or it lies in the future.
    """
    from moclone_tui.api import NOW, Client, Moment

    if options.snapshot:
        return Moment(snapshot=options.snapshot)
    if not options.at:
        return NOW
    from moclone_tui.api.names import utc
    from moclone_tui.cloning.look import server_clock
    from moclone_tui.cloning.moments import parse_moment

    with Client.from_login(login) as client:
        return parse_moment(options.at, utc(server_clock(client).ns))


def table_of(name: str, login: Login) -> TableName:
    """A table by its name; without a database, of the one of the login.

    Raises:
        ConfigError: Which database it is in is not said.
        InvalidName: It is no name of a table.
    """
    from dataclasses import replace

    from moclone_tui.api import TableName
    from moclone_tui.errors import ConfigError

    table = TableName.parse(name)
    if table.database is None:
        if not login.database:
            raise ConfigError(
                f"Which database {table} is in is not said.",
                remedy="Write DATABASE.TABLE, or name it with --database.",
            )
        table = replace(table, database=login.database)
    return table


def login_of(options: argparse.Namespace) -> tuple[Profile, Login]:
    """Where a command connects; asks for the password if a person is there.

    Raises:
        ConfigError: No server is named, or a password is needed and cannot be had.
    """
    from moclone_tui.api import Login
    from moclone_tui.config import load, resolve
    from moclone_tui.errors import ConfigError

    config = load(options.config)
    for warning in config.warnings:
        print(f"moclone: {warning}", file=sys.stderr)
    profile = profile_of(options, config)
    if profile is None and config.default_profile is not None:
        profile = resolve(config, os.environ)
    if profile is None:
        raise ConfigError(
            "No server is named.", remedy="Use --profile, --dsn or --host."
        )
    password = profile.find_password()
    if password is None:
        if not sys.stdin.isatty():
            raise ConfigError(
                f"{profile.address} asks for a password; nobody is here to type it.",
                remedy="Set MOCLONE_PASSWORD, or a password source in the profile.",
            )
        password = getpass.getpass(f"Password of {profile.login}: ")
    return profile, Login.of(profile, password)
