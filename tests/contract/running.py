"""Jobs of tests, and what they tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from moclone_tui.jobs.model import JobEvent, JobSpec
from moclone_tui.jobs.runner import JobRunner

if TYPE_CHECKING:
    from tests.conftest import Server


class Log:
    """Runs jobs and keeps what they tell."""

    def __init__(self, server: Server) -> None:
        self.events: list[JobEvent] = []
        self.runner = JobRunner(server.client, self.events.append)

    def run(self, spec: JobSpec) -> JobEvent:
        """Run a job to its end; gives its last event."""
        state = self.runner.wait(self.runner.submit(spec), timeout=60)
        assert state.ended
        assert self.events[-1].state is state
        return self.events[-1]

    @property
    def texts(self) -> list[str]:
        return [event.text for event in self.events if event.text]
