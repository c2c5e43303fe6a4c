"""What the exit code of a command says."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

from moclone_tui.errors import (
    ConfigError,
    ConnectionError,
    InvalidName,
    MocloneError,
    OutcomeUnknown,
    TimedOut,
)

if TYPE_CHECKING:
    from moclone_tui.jobs.model import JobEvent


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


def of_end(end: JobEvent) -> ExitCode:
    """The exit code that the last event of a job stands for."""
    from moclone_tui.jobs.model import JobState

    codes: dict[JobState, ExitCode] = {
        JobState.DONE: ExitCode.DONE,
        JobState.SKIPPED: ExitCode.DONE,
        JobState.NOT_VERIFIED: ExitCode.NOT_VERIFIED,
        JobState.DIFFERS: ExitCode.NOT_VERIFIED,
        JobState.CANCELLED: ExitCode.INTERRUPTED,
    }
    if end.state in codes:
        return codes[end.state]
    return of_error(end.error) if end.error is not None else ExitCode.REFUSED
