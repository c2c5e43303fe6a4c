"""What each key may hold: one check a key, used for every place a value comes from.

A check takes a value as TOML has it and gives the value to keep, or raises `Unfit` with
the end of a sentence, as "must be true or false, not a string". No check quotes a
string it was given unless that is a choice of known words: it may be a secret.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeAlias

Check: TypeAlias = Callable[[object], object]

_KINDS = {
    bool: "a boolean",
    int: "an integer",
    float: "a float",
    str: "a string",
    list: "an array",
    dict: "a table",
}


class Unfit(Exception):
    """A value that a key cannot hold; says what it must be."""


def nearest(word: str, known: Iterable[str]) -> str:
    """The end of a message about an unknown word: "; did you mean …?" or nothing."""
    from difflib import get_close_matches

    by_fold = {each.casefold(): each for each in known}
    found = get_close_matches(word.casefold(), by_fold, n=1)
    return f"; did you mean {by_fold[found[0]]!r}?" if found else ""


def _kind(value: object) -> str:
    return _KINDS.get(type(value), "a date or time")


def text(value: object) -> str:
    """A string with something in it."""
    if not isinstance(value, str):
        raise Unfit(f"must be a string, not {_kind(value)}")
    if not value:
        raise Unfit("must not be empty")
    return value


def secret(value: object) -> str:
    """A string, which may be empty."""
    if not isinstance(value, str):
        raise Unfit(f"must be a string, not {_kind(value)}")
    return value


def name(value: object) -> str:
    """A part of a login, alone."""
    if "#" in text(value) or ":" in text(value):
        raise Unfit("must be a name alone, without '#' and ':'")
    return text(value)


def flag(value: object) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise Unfit(f"must be true or false, not {_kind(value)}")
    return value


def whole(low: int, high: int) -> Callable[[object], int]:
    """A whole number in a range, both ends included."""

    def check(value: object) -> int:
        wanted = f"must be a whole number from {low} to {high}"
        if not isinstance(value, int) or isinstance(value, bool):
            raise Unfit(f"{wanted}, not {_kind(value)}")
        if not low <= value <= high:
            raise Unfit(f"{wanted}, not {value}")
        return value

    return check


def port(value: object) -> int:
    """A TCP port written as text, which may be anything: it is not quoted."""
    given = str(value)
    digits = given.isascii() and given.isdecimal() and len(given) < 10
    number = int(given) if digits else 0
    if not 0 < number < 65536:
        raise Unfit("must be a whole number from 1 to 65535")
    return number


def seconds(value: object) -> float:
    """A time in seconds, above zero."""
    wanted = "must be a number of seconds above 0"
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise Unfit(f"{wanted}, not {_kind(value)}")
    if not (math.isfinite(value) and value > 0):
        raise Unfit(f"{wanted}, not {value}")
    return float(value)


_SPAN = re.compile(r"(\d{1,5})\s*(h|hours?|d|days?|w|weeks?)", re.IGNORECASE)
_SPANS = {"h": 3600, "d": 86400, "w": 7 * 86400}


def span(value: object) -> int | None:
    """How long something is kept, in seconds; None is for ever."""
    wanted = 'must be "never", or a number of hours, days or weeks, as "7 days"'
    given = text(value).strip()
    if given.lower() == "never":
        return None
    found = _SPAN.fullmatch(given)
    if found is None or not int(found[1]):
        raise Unfit(wanted)
    return int(found[1]) * _SPANS[found[2][0].lower()]


def kept(value: object) -> str:
    """The same, as it is written."""
    span(value)
    return text(value)


def one_of(*words: str) -> Callable[[object], str]:
    """One of a few known words."""

    def check(value: object) -> str:
        wanted = "must be " + " or ".join(f'"{word}"' for word in words)
        if not isinstance(value, str):
            raise Unfit(f"{wanted}, not {_kind(value)}")
        if value not in words:
            raise Unfit(f"{wanted}, not {value!r}{nearest(value, words)}")
        return value

    return check


def path(value: object) -> Path:
    """A file; `~` is the home directory."""
    try:
        return Path(text(value)).expanduser()
    except RuntimeError:
        raise Unfit("names a home directory that is not known") from None


def my_cnf(value: object) -> Path | None:
    """A MySQL option file: true is `~/.my.cnf`, false is none."""
    if isinstance(value, bool):
        return path("~/.my.cnf") if value else None
    if not isinstance(value, str):
        raise Unfit(f"must be true, false or a path, not {_kind(value)}")
    return path(value)


def command(value: object) -> tuple[str, ...]:
    """A program and its arguments, as they are given to the system: no shell."""
    wanted = 'must be an array of strings, as ["pass", "show", "mo"]'
    if not isinstance(value, list):
        raise Unfit(f"{wanted}, not {_kind(value)}")
    if not value or not all(isinstance(each, str) for each in value) or not value[0]:
        raise Unfit(wanted)
    return tuple(value)


def tls(value: object) -> object:
    """A table, read on its own, or true or false."""
    if not isinstance(value, dict | bool):
        raise Unfit(f"must be true, false or a table, not {_kind(value)}")
    return value


def tables(value: object) -> list[dict[str, object]]:
    """An array of tables, each read on its own."""
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        raise Unfit("must be an array of tables: [[…]]")
    return value


_STRINGS = re.compile(
    r"""'(?:[^'\\]|\\.|'')*'|"(?:[^"\\]|\\.|"")*"|`(?:[^`]|``)*`""", re.DOTALL
)


def expression(value: object) -> str:
    """One SQL expression, which can neither end nor go beyond its place."""
    given = text(value)
    wanted = "must be one SQL expression"
    depth = 0
    for char in (bare := _STRINGS.sub("x", given)):
        depth += (char == "(") - (char == ")")
        if depth < 0:
            break
    if depth or not bare.strip():
        raise Unfit(f"{wanted}, with its brackets in pairs")
    for mark in ("'", '"', "`"):
        if mark in bare:
            raise Unfit(f"{wanted}, and a {mark} in it is not closed")
    for mark in (";", "--", "#", "/*"):
        if mark in bare:
            raise Unfit(f"{wanted}, without {mark}")
    return given


def snapshot_name(value: object) -> str:
    """A template of names, of `{object}` and `{date:…}`."""
    given = text(value)
    try:
        given.format(object="shop", date=dt.datetime(2026, 1, 2, tzinfo=dt.UTC))
    except (LookupError, ValueError, AttributeError):
        wanted = "must be a template, as {object}_{date:%Y%m%d_%H%M}"
        raise Unfit(wanted) from None
    return given


def table(value: object) -> dict[str, object]:
    """A table of any keys."""
    if not isinstance(value, dict):
        raise Unfit(f"must be a table, not {_kind(value)}")
    return value


ROOT: dict[str, Check] = {"settings": table, "profiles": table}
"""The keys at the top of the file."""

SETTINGS: dict[str, Check] = {
    "default_profile": text,
    "theme": text,
    "log_lines": whole(100, 1_000_000),
    "bell": flag,
    "mouse": flag,
    "animation": one_of("none", "basic", "full"),
    "jobs_at_once": whole(1, 64),
    "snapshot_name": snapshot_name,
}
"""The keys of `[settings]`."""

PROFILE: dict[str, Check] = {
    "host": text,
    "port": whole(1, 65535),
    "user": text,
    "account": name,
    "role": name,
    "database": text,
    "password_command": command,
    "password_env": text,
    "keyring": flag,
    "password": secret,
    "my_cnf": my_cnf,
    "tls": tls,
    "connect_timeout": seconds,
    "read_timeout": seconds,
    "environment": one_of("prod", "staging", "dev"),
    "read_only": flag,
    "confirm": one_of("always", "destructive"),
    "keep": kept,
    "mask_required": flag,
    "masking": tables,
}
"""The keys of `[profiles.NAME]`."""

TLS: dict[str, Check] = {
    "ca": path,
    "cert": path,
    "key": path,
    "verify": one_of("full", "ca", "none"),
}
"""The keys of `[profiles.NAME.tls]`."""

MASKING: dict[str, Check] = {
    "database": text,
    "table": text,
    "column": text,
    "value": expression,
}
"""The keys of `[[profiles.NAME.masking]]`."""


def login(user: str) -> dict[str, str]:
    """Split `user`, `account#user` or `account#user#role` (`:` works as `#`).

    Returns:
        The parts that are there, by key: `user` alone, or with `account` and `role`.

    Raises:
        Unfit: If a part is empty or there are more than three.
    """
    parts = user.replace(":", "#").split("#")
    if len(parts) > len(_LOGIN) or not all(parts):
        raise Unfit("must be user, account#user or account#user#role")
    return {"user": user} if len(parts) == 1 else dict(zip(_LOGIN, parts, strict=False))


_LOGIN = ("account", "user", "role")
