"""Flags over environment over profile over defaults; and addresses in one string."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from moclone_tui.config import _checks
from moclone_tui.config._checks import Check, Unfit
from moclone_tui.config._model import Config, Profile
from moclone_tui.errors import ConfigError

_OVERRIDES: dict[str, tuple[str, Check]] = {
    "MOCLONE_HOST": ("host", _checks.text),
    "MOCLONE_PORT": ("port", _checks.port),
    "MOCLONE_USER": ("user", _checks.text),
    "MOCLONE_PASSWORD": ("password", _checks.secret),
}

_DSN = (
    r"mysql://"
    r"(?:(?P<user>[^:]*)(?::(?P<password>.*))?@)?"
    r"(?:\[(?P<ipv6>[^\]]+)\]|(?P<host>[^:/@?\[]*))(?::(?P<port>[^/@?]*))?"
    r"(?:/(?P<database>[^@?]*))?(?P<query>\?.*)?"
)

ENVIRONMENT: Mapping[str, str] = {
    "MOCLONE_PROFILE": "name of the profile to use",
    "MOCLONE_HOST": "name or address of the server",
    "MOCLONE_PORT": "TCP port",
    "MOCLONE_USER": "user, account#user or account#user#role",
    "MOCLONE_PASSWORD": "password, in place of every other source of one",
}
"""The variables that `resolve` reads; an empty one counts as unset."""


def resolve(
    config: Config,
    environ: Mapping[str, str],
    *,
    profile: str | None = None,
    dsn: str | None = None,
    host: str | None = None,
    port: int | None = None,
    user: str | None = None,
    database: str | None = None,
) -> Profile:
    """Settle which server to log in to, and how. Reads nothing but its arguments.

    Each value comes from the first that has it: the flags (the keyword arguments; `dsn`
    after the single ones), `environ`, the profile, the defaults. A user takes the place
    of the whole login: `bob` over `acme#alice#dev` is `bob`, in no account.

    Args:
        config: What the file says.
        environ: The environment, as `os.environ`; see `ENVIRONMENT`.
        profile: Name of the profile; else that of the environment, else the default
            one. With a `dsn` only a profile named here counts: the password of another
            server has no business there.
        dsn: An address as `parse_dsn` takes it.
        host: Name or address of the server.
        port: TCP port.
        user: `user`, `account#user` or `account#user#role`.
        database: The database to start in.

    Returns:
        The profile, named `host:port` if none of the file was used.

    Raises:
        ConfigError: If there is no such profile or a value is wrong; names its source.
    """
    name = profile
    if name is None and dsn is None:
        name = environ.get("MOCLONE_PROFILE") or config.default_profile
    base = Profile(name="") if name is None else config.profile(name)
    flags = {"host": host, "port": port, "user": user, "database": database}
    layers = _environment(environ)
    if dsn is not None:
        layers |= _dsn(dsn)
    layers |= _checked_flags(
        {key: value for key, value in flags.items() if value is not None}
    )
    return _named(_over(base, layers))


def parse_dsn(dsn: str) -> Profile:
    """Read an address such as `mysql://user:password@host:port/database`.

    User, password and database may be percent-encoded; of these characters only an `@`
    in the database has to be. The user may be `account#user#role`. What is left out
    has its default, except the password, which is then None.

    Returns:
        A profile named `host:port`.

    Raises:
        ConfigError: If it is not such an address. The message does not quote it.
    """
    return _named(_over(Profile(name=""), _dsn(dsn)))


def _over(base: Profile, values: Mapping[str, Any]) -> Profile:
    """A profile with these values, which are checked, on top."""
    rest = {key: value for key, value in values.items() if key != "password"}
    changed = replace(base, **rest)
    return (
        changed.with_password(values["password"]) if "password" in values else changed
    )


def _named(profile: Profile) -> Profile:
    return profile if profile.name else replace(profile, name=profile.address)


def _login(user: str) -> dict[str, Any]:
    return {"account": None, "role": None, **_checks.login(user)}


def _environment(environ: Mapping[str, str]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for variable, (key, check) in _OVERRIDES.items():
        given = environ.get(variable)
        if given:
            values |= _checked(variable, key, check, given)
    return values


def _checked_flags(flags: Mapping[str, object]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for key, given in flags.items():
        values |= _checked(f"--{key}", key, _checks.PROFILE[key], given)
    return values


def _checked(source: str, key: str, check: Check, given: object) -> dict[str, Any]:
    try:
        return _login(str(given)) if key == "user" else {key: check(given)}
    except Unfit as error:
        raise ConfigError(f"{source} {error}") from None


def _dsn(dsn: str) -> dict[str, Any]:
    """The values an address has, or an error that quotes nothing of it."""
    from urllib.parse import unquote

    found = re.fullmatch(_DSN, dsn, re.DOTALL | re.IGNORECASE)
    if not dsn.lower().startswith("mysql://"):
        raise _dsn_error("must start with mysql://")
    if found is None:
        raise _dsn_error("has a host or port that cannot be read")
    if found["query"]:
        raise _dsn_error("takes no parameters: TLS and timeouts belong in a profile")
    parts = {key: unquote(part) for key, part in found.groupdict().items() if part}
    values: dict[str, Any] = {
        key: parts[key] for key in ("host", "database") if key in parts
    }
    if "ipv6" in parts:
        values["host"] = parts["ipv6"]
    if "user" in parts:
        values |= _checked("the address's user", "user", _checks.text, parts["user"])
    if "port" in parts:
        values |= _checked("the address's port", "port", _checks.port, parts["port"])
    if found["password"] is not None:
        values["password"] = parts.get("password", "")
    return values


def _dsn_error(problem: str) -> ConfigError:
    return ConfigError(
        f"the address {problem}",
        remedy="Write it as mysql://user:password@host:port/database.",
    )
