"""What the exit code of a command says."""

from __future__ import annotations

from enum import IntEnum

from moclone_tui.errors import (
    ConfigError,
    ConnectionError,
    InvalidName,
    MocloneError,
    OutcomeUnknown,
    TimedOut,
)


class ExitCode(IntEnum):
    """How a command ended."""

    DONE = 0
    REFUSED = 1
    """By the server, or by a check of ours."""
    USAGE = 2
    """The command line or the configuration is wrong."""
    NO_CONNECTION = 3
    TIMED_OUT = 4
    UNKNOWN = 5
    """The connection was lost while a change was under way."""
    NOT_VERIFIED = 6
    """A copy was made, and differs or could not be verified."""
    INTERRUPTED = 130


def of_error(error: MocloneError) -> ExitCode:
    """The exit code that an error stands for, the most specific one."""
    for cause, code in (
        ((ConfigError, InvalidName), ExitCode.USAGE),
        (OutcomeUnknown, ExitCode.UNKNOWN),
        (TimedOut, ExitCode.TIMED_OUT),
        (ConnectionError, ExitCode.NO_CONNECTION),
    ):
        if isinstance(error, cause):
            return code
    return ExitCode.REFUSED
