"""How a job ended that did not end of its own accord, in words."""

from __future__ import annotations

from moclone_tui.errors import Cancelled, MocloneError
from moclone_tui.jobs.model import JobState, Outcome


def because(words: str, why: str) -> str:
    """What happened, and what made it necessary, if that is said."""
    return f"{words}: {why}" if why else words


def of_bug(bug: Exception) -> tuple[Outcome, MocloneError]:
    """Of a job that ended by a mistake of ours."""
    outcome = Outcome(JobState.FAILED, f"moclone failed: {bug!r}")
    return outcome, MocloneError(repr(bug), remedy="Please report this.")


def of_error(error: MocloneError, why: str) -> Outcome:
    """Of a job that was refused, failed, or was stopped."""
    if isinstance(error, Cancelled):
        words = "cancelled; the server rolled it back"
        if not error.statement:
            words = "cancelled between two steps; what was not committed is rolled back"
        return Outcome(JobState.CANCELLED, because(words, why))
    return Outcome(JobState.FAILED, str(error))
