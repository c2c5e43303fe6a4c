"""A change whose answer nobody heard: what became of it is looked up on the spot."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from moclone_tui.api import Client
from moclone_tui.errors import Cancelled, ConnectionError, MocloneError, OutcomeUnknown
from moclone_tui.jobs.model import JobState, Outcome
from moclone_tui.jobs.settle import Settled, settle_one

PATIENCE = 6.0
"""Seconds to look: what a server still carries out is seen within three."""
_AGAIN = 0.2


def look_up(
    connect: Callable[[], Client], folder: Path, job: str, patience: float = PATIENCE
) -> Settled | None:
    """Find out how a job ended, over a connection of its own.

    Args:
        connect: Makes the connection.
        folder: The journal's.
        job: The job's name in it.
        patience: Seconds to look.

    Returns:
        What was found; None if nothing could be told.
    """
    until = time.monotonic() + patience
    try:
        with connect() as client:
            while True:
                found = settle_one(client, folder, job)
                if found is None or found.state is JobState.UNKNOWN:
                    return None
                if found.state is not None:
                    return found
                if time.monotonic() >= until:
                    return None
                time.sleep(_AGAIN)
    except (MocloneError, OSError):
        return None


def outcome_of(
    found: Settled | None, lost: OutcomeUnknown, *, cancelled: bool
) -> tuple[Outcome, MocloneError | None]:
    """How a job ended whose last answer was lost.

    Args:
        found: What a look found.
        lost: How the answer was lost.
        cancelled: Whether the job was to stop.

    Returns:
        The outcome, and what went wrong, if it is not there.
    """
    if found is None or found.state is None:
        return Outcome(JobState.UNKNOWN, str(lost)), lost
    words = f"its last answer was lost, so it was looked up: {found.words}"
    if found.state is not JobState.CANCELLED:
        return Outcome(found.state, words), None
    if cancelled:
        return Outcome(JobState.CANCELLED, words), Cancelled(words)
    error = ConnectionError(words, detail=lost.detail, remedy="Run it again.")
    return Outcome(JobState.FAILED, words), error
