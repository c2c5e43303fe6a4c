"""The shape of the configuration: frozen dataclasses, nothing read or sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from moclone_tui.config._checks import Unfit, expression, nearest, span
from moclone_tui.errors import ConfigError

Environment = Literal["prod", "staging", "dev"]


def lifetime(text: str) -> int | None:
    """Read how long something is kept: `7 days`, `12h`, `never`.

    Returns:
        Seconds; None is for ever.

    Raises:
        ConfigError: It is no length of time.
    """
    try:
        return span(text)
    except Unfit as error:
        raise ConfigError(
            f"How long it is kept {error}.", remedy="Write 7d, 12h, 2w or never."
        ) from None


@dataclass(frozen=True, slots=True)
class Tls:
    """How a connection must be encrypted."""

    ca: Path | None = None
    """Certificates to trust (PEM); None takes those of the system."""
    cert: Path | None = None
    """The client's own certificate (PEM)."""
    key: Path | None = None
    """The private key of `cert` (PEM), if it is not in the same file."""
    verify: Literal["full", "ca", "none"] = "full"
    """`full` checks certificate and host name, `ca` the certificate, `none` nothing."""


@dataclass(frozen=True, slots=True)
class MaskRule:
    """What a column holds in a copy, in place of what it holds in its source.

    Raises:
        ConfigError: `value` is not one SQL expression.
    """

    table: str
    """The table, whatever its case."""
    column: str
    """The column, whatever its case."""
    value: str
    """An SQL expression over the row as it is, as `concat('user', id)` or `NULL`."""
    database: str | None = None
    """The source's database; None is every one that has such a table."""

    def __post_init__(self) -> None:
        """Check what becomes SQL as it is."""
        try:
            expression(self.value)
        except Unfit as error:
            raise ConfigError(f"the value of {self}: {error}") from None

    def __str__(self) -> str:
        parts = (self.database, self.table, self.column)
        return ".".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class Profile:
    """One way to log in to one server."""

    name: str
    """Its name in the file; `host:port` where there is no file."""
    host: str = "127.0.0.1"
    """Name or address of the server."""
    port: int = 6001
    """TCP port, 1 to 65535."""
    user: str = "root"
    """The user alone, without account and role: see `login`."""
    account: str | None = None
    """The account (tenant); None is the server's own, `sys`."""
    role: str | None = None
    """The role to start with; None is the user's default role."""
    database: str | None = None
    """The database to start in."""
    password_command: tuple[str, ...] = field(default=(), repr=False)
    """A program and its arguments; the first line it prints is the password."""
    password_env: str | None = None
    """Name of the environment variable that holds the password."""
    keyring: bool = False
    """Whether the system's keyring is asked: service `moclone`, user = `name`."""
    password: str | None = field(default=None, repr=False)
    """The password itself, from the file, `~/.my.cnf`, the environment or a form."""
    my_cnf: Path | None = None
    """The MySQL option file whose `[client]` group filled what the profile left out."""
    tls: Tls | None = None
    """How the connection is encrypted; None is if the server has it, unchecked."""
    connect_timeout: float = 10.0
    """Seconds until connecting is given up."""
    read_timeout: float | None = None
    """Seconds to wait for an answer to a read; None is up to who reads (the UI: 60)."""
    environment: Environment | None = None
    """What the server is used for: shown as a colour and a word."""
    read_only: bool = False
    """Whether every command that changes the server is off."""
    confirm: Literal["always", "destructive"] = "destructive"
    """Whether every change asks first, or only what destroys."""
    keep: str | None = None
    """How long copies and snapshots are kept: `7 days`, `never`; see `lifetime`."""
    mask_required: bool = False
    """Whether a copy is refused that none of the masking rules applies to."""
    masking: tuple[MaskRule, ...] = ()
    """What is masked in every copy, before anybody sees it."""

    @property
    def lifetime(self) -> int | None:
        """How long copies and snapshots are kept, in seconds; None is for ever.

        Seven days if `keep` says nothing; for ever on a server of the environment prod.
        """
        if self.keep is None:
            return None if self.environment == "prod" else span("7 days")
        return lifetime(self.keep)

    @property
    def login(self) -> str:
        """The user as the server wants it: `user`, `account#user` or with `#role`."""
        if self.role is not None:
            return f"{self.account or 'sys'}#{self.user}#{self.role}"
        return self.user if self.account is None else f"{self.account}#{self.user}"

    @property
    def address(self) -> str:
        """`host:port`, with brackets around an IPv6 address."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"

    def with_password(self, password: str) -> Profile:
        """The same profile with this password and no other source of one."""
        return replace(
            self,
            password=password,
            password_command=(),
            password_env=None,
            keyring=False,
        )

    def find_password(self, environ: Mapping[str, str] | None = None) -> str | None:
        """Get the password from the first of this profile's sources that has one.

        They are asked in this order: `password_command`, `password_env`, `keyring`,
        `password`. May take up to 15 seconds, and longer if the keyring asks to be
        unlocked: never call it on the thread of a user interface.

        Args:
            environ: Where `password_env` is looked up; None is the process's own.

        Returns:
            The password, or None if it has to be asked for.

        Raises:
            ConfigError: If the command failed or the keyring cannot be used.
        """
        from moclone_tui.config import _passwords

        secret, problem, remedy = _passwords.find(self, environ)
        if problem:
            raise ConfigError(f"{self._title}: {problem}", remedy=remedy)
        return secret

    def shown(self) -> dict[str, object]:
        """Every field that is not a secret, by name, in order: fit for output."""
        return {
            each.name: getattr(self, each.name) for each in fields(self) if each.repr
        }

    @property
    def _title(self) -> str:
        return f"profile {self.name!r}"


@dataclass(frozen=True, slots=True)
class Settings:
    """What holds for every profile."""

    default_profile: str | None = None
    """The profile used when none is named."""
    theme: str | None = None
    """Name of the theme; None is moclone's own."""
    log_lines: int = 10_000
    """Lines the log keeps, 100 to 1,000,000."""
    bell: bool = False
    """Whether the terminal's bell rings when a job ends."""
    mouse: bool = True
    """Whether the mouse is used; off leaves it to the terminal for selecting."""
    animation: Literal["none", "basic", "full"] = "basic"
    """How much moves on screen: `none` suits slow connections."""
    jobs_at_once: int = 4
    """How many jobs run at once, 1 to 64; the others wait for their turn."""
    snapshot_name: str = "{object}_{date:%Y%m%d_%H%M}"
    """What snapshots are called unless somebody types a name."""


@dataclass(frozen=True, slots=True)
class Config:
    """Everything one configuration file says."""

    profiles: Mapping[str, Profile] = field(
        default_factory=lambda: MappingProxyType({}), hash=False
    )
    """Profiles by name, in the order of the file."""
    settings: Settings = Settings()
    """What holds for every profile."""
    path: Path | None = None
    """The file, which need not exist; None if this was not made by `load()`."""
    warnings: tuple[str, ...] = ()
    """What works but should be changed, one line each, to be shown once."""

    @property
    def default_profile(self) -> str | None:
        """The profile used when none is named: the one set, or the only one."""
        if self.settings.default_profile is None and len(self.profiles) == 1:
            return next(iter(self.profiles))
        return self.settings.default_profile

    def profile(self, name: str) -> Profile:
        """The profile of this name.

        Raises:
            ConfigError: If there is none; the message names the nearest one.
        """
        if name in self.profiles:
            return self.profiles[name]
        where = f" in {self.path}" if self.path else ""
        known = ", ".join(self.profiles)
        raise ConfigError(
            f"no profile {name!r}{where}{nearest(name, self.profiles)}",
            remedy=f"Known profiles: {known}." if known else "The file has no profile.",
        )
