"""Reading `config.toml`: every complaint names file, line and the nearest known key."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple, TypeAlias

from moclone_tui.config import _checks
from moclone_tui.config._checks import Check, Unfit, nearest
from moclone_tui.config._model import Config, MaskRule, Profile, Settings, Tls
from moclone_tui.errors import ConfigError

Keys: TypeAlias = tuple[str | int, ...]


def load(path: Path | None = None) -> Config:
    """Read the configuration.

    Args:
        path: The file. None is `config.toml` in the user's configuration directory,
            which need not exist: without it, the configuration is empty.

    Returns:
        What the file says. Passwords are not looked up.

    Raises:
        ConfigError: If the file cannot be read or anything in it is wrong.
    """
    try:
        return _load(path)
    except ConfigError as error:
        message, remedy = error.message, error.remedy
    # Raised anew: the frames of the reading hold the file's text, passwords and all.
    raise ConfigError(message, remedy=remedy)


def default_path() -> Path:
    """Where the configuration is when no file is named."""
    import platformdirs

    return platformdirs.user_config_path("moclone", appauthor=False) / "config.toml"


def _load(path: Path | None) -> Config:
    where = default_path() if path is None else path
    try:
        raw = where.read_bytes()
    except FileNotFoundError:
        if path is None:
            return Config(path=where)
        raise ConfigError(
            f"{where}: there is no such file",
            remedy="Copy config.example.toml there, or leave out --config.",
        ) from None
    except OSError as error:
        raise ConfigError(f"{where}: cannot be read: {error.strerror}") from None
    try:
        text = raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise ConfigError(f"{where}:{line}: is not UTF-8") from None
    return _File(where, text, _parse(where, text)).config()


def _parse(path: Path, text: str) -> dict[str, Any]:
    import re
    import tomllib

    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(
            r"\s*\(at (?:line (\d+), column \d+|end of document)\)", str(error)
        )
        what = str(error)[: found.start()] if found else str(error)
        line = found[1] if found and found[1] else text.rstrip("\n").count("\n") + 1
        raise ConfigError(
            f"{path}:{line}: not valid TOML: {what}",
            remedy='Strings need quotes, as in host = "127.0.0.1".',
        ) from None


class _File(NamedTuple):
    """One file being read."""

    path: Path
    text: str
    data: dict[str, Any]

    def config(self) -> Config:
        """Check everything and make the configuration."""
        root = self.table((), self.data, _checks.ROOT)
        settings = Settings(
            **self.table(("settings",), root.get("settings", {}), _checks.SETTINGS)
        )
        warnings: list[str] = []
        profiles: dict[str, Profile] = {}
        for name, values in root.get("profiles", {}).items():
            keys = ("profiles", name)
            table = self.checked(keys, _checks.table, values)
            profiles[name] = self.profile(keys, table, warnings.append)
        default = settings.default_profile
        if default is not None and default not in profiles:
            raise self.error(
                ("settings", "default_profile"),
                f"there is no profile {default!r}{nearest(default, profiles)}",
                remedy=f"Known profiles: {', '.join(profiles) or 'none'}.",
            )
        return Config(
            MappingProxyType(profiles),
            settings,
            self.path,
            tuple(dict.fromkeys(warnings)),
        )

    def profile(
        self, keys: Keys, table: Mapping[str, object], warn: Callable[[str], None]
    ) -> Profile:
        """Check one profile and make it."""
        values = self.table(keys, table, _checks.PROFILE)
        values["tls"] = self.tls((*keys, "tls"), values.get("tls", False))
        values["masking"] = self.masking((*keys, "masking"), values.get("masking", []))
        if values.get("mask_required") and not values["masking"]:
            raise self.error(
                (*keys, "mask_required"),
                f"{_dotted(keys)} requires masking, and has no rule for it",
                remedy=f"Write one: [[{_dotted((*keys, 'masking'))}]].",
            )
        values |= self.login((*keys, "user"), values)
        if values.get("password"):
            warn(
                f"{self.at((*keys, 'password'))}: {_dotted(keys)} has its password in"
                " the file: password_command, password_env or keyring keep it out"
            )
            self.warn_if_open(self.path, warn)
        if values.get("my_cnf"):
            option_file = values["my_cnf"]
            given = self.my_cnf((*keys, "my_cnf"), option_file)
            if given.get("password") and "password" not in values:
                self.warn_if_open(option_file, warn)
            values = given | values
        return Profile(name=str(keys[-1]), **values)

    def login(self, keys: Keys, values: Mapping[str, Any]) -> dict[str, str]:
        """The parts of the user, which may be the whole login or one of three keys."""
        if "user" not in values:
            return {}
        login: dict[str, str] = self.checked(keys, _checks.login, values["user"])
        twice = [key for key in ("account", "role") if key in values]
        if "account" in login and twice:
            raise self.error(
                keys,
                f"{_dotted(keys)} is a whole login, and there is {twice[0]!r} as well",
                remedy='Write user = "account#user#role", or three keys, not both.',
            )
        return login

    def tls(self, keys: Keys, value: bool | dict[str, object]) -> Tls | None:
        """Check what a profile says about TLS; true is a table without keys."""
        if isinstance(value, bool):
            return Tls() if value else None
        tls = Tls(**self.table(keys, value, _checks.TLS))
        if tls.key and not tls.cert:
            raise self.error(
                (*keys, "key"),
                f"{_dotted(keys)} has a key and no cert",
                remedy="Name the certificate of that key: cert = …",
            )
        return tls

    def masking(
        self, keys: Keys, tables: Sequence[Mapping[str, object]]
    ) -> tuple[MaskRule, ...]:
        """Check the masking rules of a profile."""
        rules: list[MaskRule] = []
        for number, table in enumerate(tables):
            here = (*keys, number)
            values = self.table(here, table, _checks.MASKING)
            for key in ("table", "column", "value"):
                if key not in values:
                    raise self.error(here, f"{_dotted(here)} has no {key}")
            rules.append(MaskRule(**values))
        return tuple(rules)

    def my_cnf(self, keys: Keys, path: Path) -> dict[str, Any]:
        """What a MySQL option file adds to a profile."""
        from moclone_tui.config import _my_cnf

        try:
            return _my_cnf.read(path)
        except Unfit as error:
            raise self.error(keys, f"{_dotted(keys)}: {error}") from None

    def table(
        self, keys: Keys, table: Mapping[str, object], checks: Mapping[str, Check]
    ) -> dict[str, Any]:
        """Check a table's keys and values; relative paths start at the file."""
        values: dict[str, Any] = {}
        for key, value in table.items():
            here = (*keys, key)
            if key not in checks:
                within = f" in [{_dotted(keys)}]" if keys else ""
                raise self.error(
                    here,
                    f"unknown key {key!r}{within}{nearest(key, checks)}",
                    remedy=f"Known here: {', '.join(checks)}.",
                )
            found = self.checked(here, checks[key], value)
            values[key] = self.path.parent / found if isinstance(found, Path) else found
        return values

    def checked(self, keys: Keys, check: Callable[[Any], Any], value: object) -> Any:
        """The value as its check gives it."""
        try:
            return check(value)
        except Unfit as error:
            raise self.error(keys, f"{_dotted(keys)} {error}") from None

    def warn_if_open(self, path: Path, warn: Callable[[str], None]) -> None:
        """Warn when others can read a file that holds a password."""
        import os

        if os.name == "posix" and path.stat().st_mode & 0o044:
            warn(f"{path}: holds a password and others can read it: chmod 600 {path}")

    def error(self, keys: Keys, message: str, *, remedy: str = "") -> ConfigError:
        """An error at the line of a key."""
        return ConfigError(f"{self.at(keys)}: {message}", remedy=remedy)

    def at(self, keys: Keys) -> str:
        """`file:line` of a key."""
        return f"{self.path}:{line_of(self.text, keys)}"


def _dotted(keys: Keys) -> str:
    """The keys as TOML writes them, with quotes only where it needs them.

    The tables of an array are counted from 1.
    """
    return "".join(
        f"[{key + 1}]"
        if isinstance(key, int)
        else "."
        + (key if key.isascii() and key.replace("-", "_").isidentifier() else repr(key))
        for key in keys
    ).removeprefix(".")


def line_of(text: str, keys: Keys) -> int:
    """The line, from 1, on which the statement that sets a key begins.

    TOML's own parser finds it: the first lines of a file are a file too, and the
    shortest such file that has the key ends with its statement.
    """
    import bisect
    import tomllib

    lines = text.split("\n")

    def upto(count: int) -> tuple[int, Any]:
        for fewer in range(count, 0, -1):
            try:
                return fewer, tomllib.loads("\n".join(lines[:fewer]))
            except tomllib.TOMLDecodeError:
                continue
        return 0, {}

    def holds(count: int) -> bool:
        node = upto(count)[1]
        for key in keys:
            try:
                node = node[key]
            except (KeyError, IndexError, TypeError):
                return False
        return True

    end = bisect.bisect_left(range(len(lines) + 1), True, key=holds)
    return upto(end - 1)[0] + 1
