"""From the command line to a connection: profile, address and password."""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from moclone_tui.api import Login
    from moclone_tui.config import Config, Profile

_NAMED = ("profile", "dsn", "host", "port", "user", "database")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments that say where to connect, and as whom."""
    parser.add_argument(
        "--config", metavar="FILE", type=Path, help="the configuration to read"
    )
    parser.add_argument("--profile", metavar="NAME", help="the profile to connect with")
    parser.add_argument(
        "--dsn", metavar="URL", help="where to connect: mysql://user@host:port/database"
    )
    parser.add_argument("--host", help="name or address of the server")
    parser.add_argument("--port", type=int, help="its port (6001)")
    parser.add_argument("--user", help="user, account#user or account#user#role")
    parser.add_argument("--database", help="the database to start in")


def profile_of(options: argparse.Namespace, config: Config) -> Profile | None:
    """The profile that the command line or the environment names, if they do."""
    from moclone_tui.config import resolve

    given = {name: getattr(options, name) for name in _NAMED}
    if any(value is not None for value in given.values()) or any(
        os.environ.get(name) for name in ("MOCLONE_PROFILE", "MOCLONE_HOST")
    ):
        return resolve(config, os.environ, **given)
    return None


def login_of(options: argparse.Namespace) -> Login:
    """Where a command connects; asks for the password if a person is there.

    Raises:
        ConfigError: No server is named, or a password is needed and cannot be had.
    """
    from moclone_tui.api import Login
    from moclone_tui.config import load
    from moclone_tui.errors import ConfigError

    config = load(options.config)
    for warning in config.warnings:
        print(f"moclone: {warning}", file=sys.stderr)
    profile = profile_of(options, config)
    if profile is None and config.default_profile is not None:
        profile = config.profile(config.default_profile)
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
    return Login.of(profile, password)
