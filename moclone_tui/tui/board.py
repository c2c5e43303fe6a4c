"""How the jobs stand: the newest event of each, and which one to show."""

from __future__ import annotations

from moclone_tui import text
from moclone_tui.jobs.model import JobEvent, JobState
from moclone_tui.tui import render


class JobBoard:
    """Hears every event of one runner, and knows how its jobs stand."""

    def __init__(self) -> None:
        self._newest: dict[int, JobEvent] = {}
        self._ended: JobEvent | None = None

    def take(self, event: JobEvent) -> bool:
        """Something happened; gives whether the job stands otherwise now."""
        before = self._newest.get(event.job)
        self._newest[event.job] = event
        if event.state.ended:
            self._ended = event
        return before is None or before.state is not event.state

    @property
    def live(self) -> tuple[JobEvent, ...]:
        """The newest event of each job that has not ended, oldest job first."""
        return tuple(event for event in self._newest.values() if not event.state.ended)

    @property
    def running(self) -> tuple[JobEvent, ...]:
        """Those of them that do not wait for their turn."""
        return tuple(event for event in self.live if event.state is not JobState.QUEUED)

    @property
    def front(self) -> JobEvent | None:
        """The newest job that runs, or else the newest that waits."""
        shown = self.running or self.live
        return shown[-1] if shown else None

    @property
    def to_cancel(self) -> int | None:
        """The newest job that may yet be asked to stop."""
        for event in reversed(self.live):
            if event.state is not JobState.CANCELLING:
                return event.job
        return None

    @property
    def why_no_cancel(self) -> str | None:
        """Why there is nothing to cancel; None if there is something."""
        if self.to_cancel is not None:
            return None
        if self.live:
            return "The server is asked to stop already."
        if self._ended is None:
            return "No job is running."
        title = text.safe(self._ended.title)
        return f"{title} has ended already: {render.end_of(self._ended)}"

    @property
    def ended_well(self) -> tuple[str, ...]:
        """The titles of the jobs that are done, oldest first."""
        done = (each for each in self._newest.values() if each.state is JobState.DONE)
        return tuple(event.title for event in done)

    @property
    def to_look_at(self) -> int:
        """How many ended badly."""
        return sum(event.state in render.BAD for event in self._newest.values())
