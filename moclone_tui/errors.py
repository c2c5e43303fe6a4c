"""What can go wrong, by cause: callers decide by cause, so a cause is a class.

MocloneError
├── ConfigError          a setting is wrong: file, line and nearest known key
├── InvalidName          a name no server takes; nothing was sent
├── NotSupported         this server cannot do it: found and needed version
└── ServerError          has the server's number, words and the statement
    ├── ConnectionError  no connection, or it was lost (also the builtin)
    │   ├── AuthFailed   the server refused the login
    │   └── TimedOut     no answer within the deadline
    ├── QueryError       the server refused a statement
    │   ├── NotFound, AlreadyExists, PermissionDenied
    ├── CloneError       a clone failed; `__cause__` says by which of the above
    ├── Cancelled        the statement was killed on request
    └── OutcomeUnknown   the connection was lost while a change was under way
"""

from __future__ import annotations

import builtins


class MocloneError(Exception):
    """The base of every error that moclone raises on purpose.

    Args:
        message: What happened and why, in one line, fit to show.
        remedy: What to do about it, in one line, or nothing.
    """

    def __init__(self, message: str, *, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        """What happened and why, in one line."""
        self.remedy = remedy
        """What to do about it, or an empty string."""

    def __str__(self) -> str:
        return self.message


class ServerError(MocloneError):
    """An error that came with words of a server or of the connection to it.

    Args:
        message: What happened and why, in one line.
        code: The server's (or driver's) number, if there is one.
        detail: The server's words, whole.
        statement: The statement that was refused, secrets removed.
        remedy: What to do about it.
    """

    def __init__(
        self,
        message: str,
        *,
        code: int | None = None,
        detail: str = "",
        statement: str = "",
        remedy: str = "",
    ) -> None:
        super().__init__(message, remedy=remedy)
        self.code = code
        """The server's number, as 1007, or None."""
        self.detail = detail
        """The server's words, whole: may run over many lines."""
        self.statement = statement
        """The statement that was refused, secrets removed, or an empty string."""


class ConfigError(MocloneError):
    """A setting is wrong. The message names file, line and the nearest known key."""


class InvalidName(MocloneError, ValueError):
    """A name that no server takes, or that could never be dropped. Nothing was sent."""


class ConnectionError(ServerError, builtins.ConnectionError):
    """There is no connection, or it was lost. Nothing is known to have changed."""


class AuthFailed(ConnectionError):
    """The server refused the login: wrong password, unknown user or account."""


class TimedOut(ConnectionError):
    """No answer within the deadline. The connection is closed."""


class QueryError(ServerError):
    """The server refused a statement; `code` and `detail` have its words."""


class NotFound(QueryError):
    """The object is not there (at that moment)."""


class AlreadyExists(QueryError):
    """The name is taken. What holds it was left alone."""


class PermissionDenied(QueryError):
    """The login may not do this."""


class NotSupported(MocloneError):
    """This server cannot do it; the message names the found and the needed version."""


class Cancelled(ServerError):
    """The statement was killed on request; the server rolled it back."""


class OutcomeUnknown(ServerError):
    """The connection was lost, or killed, while a change was under way.

    The change may or may not have been made: look before you try again.
    """


class CloneError(ServerError):
    """A clone failed and left nothing behind; `__cause__` is the cause."""
