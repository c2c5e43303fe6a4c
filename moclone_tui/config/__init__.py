"""Profiles and settings: `config.toml` and the environment to frozen dataclasses.

A value is taken from the first place that has it: flags, then the environment
(`MOCLONE_*`), then the profile, then `~/.my.cnf` if the profile asks for it, then the
defaults. `load()` reads the file, `resolve()` puts the layers on top of each other and
`Profile.find_password()` gets the password, when it is needed and not before.

No password is ever part of a `repr`, a message or a traceback of this package. Take
care with `dataclasses.asdict`, which knows no secrets: `Profile.shown()` does.
"""

from __future__ import annotations

from moclone_tui.config._file import load
from moclone_tui.config._model import (
    Config,
    MaskRule,
    Profile,
    Settings,
    Tls,
    lifetime,
)
from moclone_tui.config._resolve import ENVIRONMENT, parse_dsn, resolve

__all__ = [
    "ENVIRONMENT",
    "Config",
    "MaskRule",
    "Profile",
    "Settings",
    "Tls",
    "lifetime",
    "load",
    "parse_dsn",
    "resolve",
]
