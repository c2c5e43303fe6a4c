"""The `[client]` group of a MySQL option file, read only for a profile that asks."""

from __future__ import annotations

from pathlib import Path

from moclone_tui.config import _checks
from moclone_tui.config._checks import Unfit


def read(path: Path) -> dict[str, object]:
    """What the file says about host, port, user and password; all else is ignored.

    Returns:
        Values by the key of a profile; a login is split into its parts.

    Raises:
        Unfit: If the file cannot be read; never quotes it.
    """
    import configparser

    parser = configparser.ConfigParser(
        allow_no_value=True,
        default_section="",
        delimiters=("=",),
        interpolation=None,
        strict=False,
    )
    try:
        parser.read_string(_without_includes(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise Unfit(f"{path} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise Unfit(f"{path} is not UTF-8") from None
    except configparser.Error:
        raise Unfit(f"{path} is not a MySQL option file") from None
    if not parser.has_section("client"):
        return {}
    client = parser["client"]
    given = {
        key: _unquoted(client.get(key) or "") for key in ("host", "user", "password")
    }
    values: dict[str, object] = {key: value for key, value in given.items() if value}
    try:
        if client.get("port"):
            values["port"] = _checks.port(_unquoted(client["port"]))
        if "user" in values:
            values |= _checks.login(given["user"])
    except Unfit as error:
        raise Unfit(f"[client] of {path}: {error}") from None
    return values


def _without_includes(text: str) -> str:
    """The file without `!include` lines, which may stand before any group."""
    return "\n".join(
        "" if line.lstrip().startswith("!") else line.strip()
        for line in text.split("\n")
    )


def _unquoted(value: str) -> str:
    if len(value) > 1 and value[0] == value[-1] and value[0] in "'\"":
        return value[1:-1]
    return value
