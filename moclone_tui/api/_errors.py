"""The one place where the driver's errors become moclone's, by cause."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from moclone_tui.api import sql
from moclone_tui.errors import (
    AlreadyExists,
    AuthFailed,
    Cancelled,
    ConnectionError,
    NotFound,
    OutcomeUnknown,
    PermissionDenied,
    QueryError,
    ServerError,
    TimedOut,
)
from moclone_tui.text import first_line

ANSWERS = (QueryError, Cancelled)
"""Errors after which the connection can still be used: the server has answered."""

_BY_CODE: dict[int, type[ServerError]] = {
    1007: AlreadyExists,
    1050: AlreadyExists,
    1061: AlreadyExists,
    1008: NotFound,
    1049: NotFound,
    1051: NotFound,
    1146: NotFound,
    1044: PermissionDenied,
    1142: PermissionDenied,
    1227: PermissionDenied,
    1317: Cancelled,
    3169: Cancelled,
}

_NOUN = "(table|database|snapshot|account|view|pitr|user|role|sequence)"

_BY_WORDS: tuple[tuple[re.Pattern[str], type[ServerError]], ...] = tuple(
    (re.compile(pattern), cause)
    for pattern, cause in (
        (r"do not have privilege", PermissionDenied),
        # Of a COMMIT that was killed: it may have been carried out (4.2.0, measured).
        (r"txn commit status is unknown", OutcomeUnknown),
        (r"context canceled|query interrupted", Cancelled),
        (r"already exists|already has a pitr", AlreadyExists),
        (r"^(internal error: |SQL parser error: )?find 0 snapshot records", NotFound),
        (_NOUN + r""" "?\S.* (does not|doesn't) exist$""", NotFound),
        (r"no such (table|account|database|snapshot)", NotFound),
    )
)  # fmt: skip

LOST = {2006, 2013, 2014, 2027, 2055}
"""The driver's numbers for a connection that was up and broke."""

_NO_SERVER = {2002, 2003, 2005, 2026}

_LOOK = "Connect again and look before you repeat it."

_REMEDIES: dict[type[ServerError], str] = {
    OutcomeUnknown: _LOOK,
    PermissionDenied: "Ask for the right, or connect with a role that has it.",
}


def _parts(error: BaseException) -> tuple[int | None, str]:
    """The number and the words of a driver's error."""
    arguments: tuple[Any, ...] = error.args
    code = arguments[0] if arguments and isinstance(arguments[0], int) else None
    words = str(arguments[1]) if len(arguments) > 1 else str(error)
    return code or None, sql.redact(words)


_PREFIXES = re.compile(r"^(internal error|SQL parser error|invalid input): ")
_NO_SNAPSHOT = re.compile(r"find 0 snapshot records by name\((.*)\), expect only 1")


def _shown(words: str) -> str:
    """The first line of a server's words, without what says nothing to its user."""
    line = _PREFIXES.sub("", first_line(words))
    return _NO_SNAPSHOT.sub(r"the snapshot \1 does not exist", line)


def cause_of(code: int | None, words: str) -> type[ServerError]:
    """The class that a server's number and words stand for."""
    if code in _BY_CODE:
        return _BY_CODE[code]
    line = words.split("\n", 1)[0].strip()
    for pattern, cause in _BY_WORDS:
        if pattern.search(line):
            return cause
    return QueryError


def of_statement(error: BaseException, statement: str, server: str) -> ServerError:
    """What a refused or interrupted statement means.

    Args:
        error: The driver's error.
        statement: What was sent.
        server: `host:port`, to show.
    """
    code, words = _parts(error)
    shown = sql.redact(statement)
    if code is None or code in LOST | _NO_SERVER or _out_of_step(error):
        return _lost(code, words, shown, server)
    cause = cause_of(code, words)
    return cause(
        _shown(words),
        code=code,
        detail=words,
        statement=shown,
        remedy=_REMEDIES.get(cause, ""),
    )


def _out_of_step(error: BaseException) -> bool:
    return type(error).__name__ in ("InternalError", "InterfaceError") and (
        "Packet" in str(error) or not error.args or error.args[0] == 0
    )


def _lost(code: int | None, words: str, statement: str, server: str) -> ServerError:
    slow = "timed out" in words
    if sql.changes_something(statement):
        return OutcomeUnknown(
            f"The connection to {server} was lost while the statement was under way: "
            "it may or may not have been carried out.",
            code=code,
            detail=words,
            statement=statement,
            remedy=_LOOK,
        )
    cause = TimedOut if slow else ConnectionError
    message = (
        f"{server} did not answer in time; the connection was closed."
        if slow
        else f"The connection to {server} was lost."
    )
    return cause(
        message, code=code, detail=words, statement=statement, remedy="Connect again."
    )


def of_socket(error: OSError, server: str) -> ConnectionError:
    """What it means that no connection came about."""
    words = error.strerror or str(error)
    return ConnectionError(
        f"Nobody answers at {server}: {words}.",
        code=2003,
        detail=str(error),
        remedy="Is the server up, and are host and port right? MatrixOne listens on "
        "6001 unless told otherwise.",
    )


def of_login(error: BaseException, server: str, user: str) -> ServerError:
    """What a failed handshake means."""
    code, words = _parts(error)
    line = _shown(words)
    if code == 1045 or re.search(
        r"there is no (user|tenant|role)|check password", line
    ):
        return AuthFailed(
            f"{server} refused the login of {user}: {line}",
            code=code,
            detail=words,
            remedy="Check user, account and password. A user of another account is "
            "written account#user.",
        )
    if code in _NO_SERVER | LOST or code is None:
        return ConnectionError(
            f"{server} does not answer as MatrixOne does."
            if code is None
            else f"{server} closed the connection before the login was through: {line}",
            code=code,
            detail=words,
            remedy="Is this the port of MatrixOne (6001)? A server that is starting "
            "up does this for a while.",
        )
    cause = cause_of(code, words)
    remedy = "Choose another database, or none." if cause is NotFound else ""
    return cause(
        f"{server} refused the connection: {line}",
        code=code,
        detail=words,
        remedy=remedy or _REMEDIES.get(cause, ""),
    )


@contextmanager
def looking_back(statement: str) -> Iterator[None]:
    """Say that success was reported, if looking at it afterwards fails.

    Raises:
        OutcomeUnknown: In place of whatever the look ran into.
    """
    try:
        yield
    except ServerError as error:
        raise OutcomeUnknown(
            "The server reported success, but what is there now could not be "
            f"looked at: {error}",
            code=error.code,
            detail=error.detail,
            statement=statement,
            remedy=_LOOK,
        ) from error
