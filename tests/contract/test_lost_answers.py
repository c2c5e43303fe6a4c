"""A COMMIT whose answer is lost: what became of it is looked up at once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from moclone_tui import Client, ConnectionError
from moclone_tui.cloning.drop import Drop
from moclone_tui.cloning.request import Mode, Pair, Request
from moclone_tui.jobs.clone import Copy
from moclone_tui.jobs.drop import DropJob
from moclone_tui.jobs.journal import Journal, Place
from moclone_tui.jobs.model import JobEvent, JobSpec, JobState
from moclone_tui.jobs.records import read
from moclone_tui.jobs.runner import JobRunner
from tests.contract.faults import Fault, Line
from tests.contract.looking import has_database

if TYPE_CHECKING:
    from tests.conftest import Names, Server


class Bench:
    """A runner with a journal, behind a line."""

    def __init__(self, server: Server, folder: Path) -> None:
        self.line = Line(server)
        self.events: list[JobEvent] = []
        self.folder = folder
        self.hears = 99
        """How often the server still lets somebody in."""
        self._server = server
        self.runner = JobRunner(
            self._connect,
            self.events.append,
            journal=Journal(folder, Place("here", "root")),
        )

    def _connect(self) -> Client:
        self.hears -= 1
        if self.hears < 0:
            raise ConnectionError("Nobody is there.")
        return self._server.client(**self.line.address)

    def run(self, spec: JobSpec) -> JobEvent:
        self.runner.wait(self.runner.submit(spec), 60)
        self.line.settled()
        return self.events[-1]


@pytest.fixture
def bench(server: Server, tmp_path: Path) -> Iterator[Bench]:
    made = Bench(server, tmp_path)
    yield made
    made.line.close()


def copy(shop: str, target: str) -> Copy:
    return Copy(Request((Pair(shop, target),), mode=Mode.NATIVE))


@pytest.fixture
def commit(bench: Bench, shop: str, names: Names) -> int:
    """The number of the statement that commits such a copy."""
    bench.line.begin(None)
    assert bench.run(copy(shop, names("whole"))).state is JobState.DONE
    return bench.line.traffic.commit


def test_what_was_committed_is_told_to_be_there(
    bench: Bench, client: Client, shop: str, names: Names, commit: int
) -> None:
    for attempt in range(5):  # another look before it, and COMMIT has another number
        name = names(f"copy{attempt}")
        bench.line.begin(Fault("after", commit))
        end = bench.run(copy(shop, name))
        if end.state is not JobState.DONE:
            break
    there = has_database(client, name)
    assert end.state is (JobState.NOT_VERIFIED if there else JobState.FAILED)
    assert "looked up" in end.text
    assert ("is there" if there else "is not there") in end.text
    assert next(each.state for each in read(bench.folder)) == str(end.state)


def test_what_the_server_never_heard_of_is_told_to_be_rolled_back(
    bench: Bench, client: Client, shop: str, names: Names, commit: int
) -> None:
    bench.line.begin(Fault("before", commit))
    end = bench.run(copy(shop, names("copy")))
    assert end.state is JobState.FAILED
    assert f"rolled back: {names('copy')} is not there" in end.text
    assert end.error is not None
    assert end.error.remedy == "Run it again."
    assert not has_database(client, names("copy"))


def test_where_nobody_answers_any_more_it_stays_unknown(
    bench: Bench, shop: str, names: Names, commit: int
) -> None:
    bench.line.begin(Fault("after", commit))
    bench.hears = 1
    end = bench.run(copy(shop, names("copy")))
    assert end.state is JobState.UNKNOWN


@pytest.mark.parametrize("kind", ["before", "after"])
def test_a_drop_whose_answer_is_lost_is_told_as_it_is(
    bench: Bench, client: Client, shop: str, names: Names, commit: int, kind: str
) -> None:
    whole = DropJob(Drop((names("whole"),)))
    bench.line.begin(None)
    assert bench.run(whole).state is JobState.DONE
    bench.line.begin(Fault(kind, bench.line.traffic.commit))
    end = bench.run(DropJob(Drop((shop,))))
    there = has_database(client, shop)
    told = (JobState.FAILED,) if there else (JobState.DONE, JobState.NOT_VERIFIED)
    assert end.state in told, end.text
    if end.state is not JobState.NOT_VERIFIED:  # what came after COMMIT was cut
        assert (f"{shop} is as it was" if there else f"{shop} is gone") in end.text
