"""Jobs that are left to a process in the background when moclone is left."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from moclone_tui import Client, Login, MocloneError
from moclone_tui.cloning.request import Request
from moclone_tui.embedded import EmbeddedServer
from moclone_tui.jobs.clone import Copy
from moclone_tui.jobs.detached import ELSEWHERE, Errand, Left, leave
from moclone_tui.jobs.journal import Journal, Place
from moclone_tui.jobs.model import JobContext, JobEvent, JobSpec, JobState, Outcome
from moclone_tui.jobs.records import JobRecord, read
from moclone_tui.jobs.runner import JobRunner
from moclone_tui.jobs.settle import settle

from .looking import has_database, tables

SHOP = (
    "CREATE DATABASE shop",
    "CREATE TABLE shop.t (id INT PRIMARY KEY)",
    "INSERT INTO shop.t VALUES (1), (2)",
)


@dataclass
class Desk:
    """A slow server with a database, and a runner that does one job at once."""

    errand: Errand
    runner: JobRunner
    client: Client
    events: list[JobEvent] = field(default_factory=list)

    def clone(self, *targets: str) -> list[int]:
        """Copy the database; the first copy is then under way."""
        numbers = [
            self.runner.submit(Copy(Request.of("shop", target))) for target in targets
        ]
        until(lambda: is_cloning(self.runner.sent(numbers[0])))
        return numbers

    @property
    def journal(self) -> list[JobRecord]:
        """Its jobs, oldest first."""
        return read(self.errand.journal.folder)[::-1]


def is_cloning(sent: Sequence[str]) -> bool:
    """Whether the statement that takes long has been sent."""
    return any(each.startswith("CREATE DATABASE") for each in sent)


def until(what: Callable[[], object]) -> None:
    """Wait for something, not for ever."""
    end = time.monotonic() + 20
    while not what():
        assert time.monotonic() < end
        time.sleep(0.05)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """It is all gone afterwards, with whatever was left behind."""
    with EmbeddedServer(["--empty", "--slow", "3"]) as server:
        login = Login(server.host, server.port, server.user, server.password)
        journal = Journal(tmp_path, Place(login.server, login.full_user))
        events: list[JobEvent] = []
        runner = JobRunner(
            lambda: Client.from_login(login), events.append, limit=1, journal=journal
        )
        with Client.from_login(login) as client:
            for statement in SHOP:
                client.execute(statement)
            yield Desk(Errand(login, journal, 1), runner, client, events)


def test_what_runs_and_what_waits_is_done_without_us(desk: Desk) -> None:
    """An end here, a beginning there; nothing half made; then two copies."""
    numbers = desk.clone("one", "two")
    left = leave(desk.runner, desk.errand)
    assert left.jobs == 2, desk.events
    ends = [desk.runner.events(number)[-1] for number in numbers]
    assert {end.state for end in ends} == {JobState.CANCELLED}
    assert all(ELSEWHERE in end.text for end in ends)
    assert "before it began" in ends[1].text
    theirs = [job for job in desk.journal if job.process.pid == left.pid]
    until(lambda: [job.word for job in theirs_of(desk, left)] == WORDS)
    assert not has_database(desk.client, "one")
    until(lambda: all(job.state for job in theirs_of(desk, left)))
    theirs = theirs_of(desk, left)
    assert [job.state for job in theirs] == ["done", "done"]
    assert [job.outcome for job in theirs] == ["verified: counts"] * 2
    for name in ("one", "two"):
        assert tables(desk.client, name) == ["t"]
    assert (
        settle(desk.client, desk.errand.journal.folder, desk.errand.journal.place) == ()
    )
    until(lambda: theirs[0].alive is False)


WORDS = ["running elsewhere", "waiting elsewhere"]


def theirs_of(desk: Desk, left: Left) -> list[JobRecord]:
    """The jobs of the process in the background, oldest first."""
    return [job for job in desk.journal if job.process.pid == left.pid]


@pytest.mark.parametrize(
    ("number", "state", "told"),
    [
        (signal.SIGTERM, "cancelled", "moclone was told to end"),
        (signal.SIGKILL, "", ""),
    ],
)
def test_a_background_that_is_ended_leaves_nothing_half_made(
    desk: Desk, number: signal.Signals, state: str, told: str
) -> None:
    """In order or not: the next start says what became of every job."""
    desk.clone("one", "two")
    left = leave(desk.runner, desk.errand)
    until(lambda: [job.word for job in theirs_of(desk, left)] == WORDS)
    until(lambda: is_cloning(theirs_of(desk, left)[0].sent))
    os.kill(left.pid, number)
    until(lambda: theirs_of(desk, left)[0].alive is False)
    found = theirs_of(desk, left)
    assert [job.state for job in found] == [state, state]
    assert all(told in job.outcome for job in found)
    if not state:
        journal = desk.errand.journal
        assert {job.word for job in found} == {"ended unseen"}
        until(lambda: not open_ones(settle(desk.client, journal.folder, journal.place)))
        told_now = [job.outcome for job in theirs_of(desk, left)]
        assert told_now == [
            "rolled back: one is not there",
            "nothing of it is there: two is not there",
        ]
    assert not has_database(desk.client, "one")
    assert not has_database(desk.client, "two")


def open_ones(found: tuple[object, ...]) -> list[object]:
    """What cannot be told yet."""
    return [each for each in found if getattr(each, "state", None) is None]


def test_nothing_is_cancelled_if_there_is_no_background(desk: Desk) -> None:
    number, *_ = desk.clone("one")
    wrong = Errand(replace(desk.errand.login, password="no"), desk.errand.journal, 1)
    with pytest.raises(MocloneError, match="refused the login"):
        leave(desk.runner, wrong)
    assert desk.runner.running == (number,)
    assert desk.runner.wait(number, 60) is JobState.DONE


class Unfit(JobSpec):
    """A job that no other process can have."""

    title, statement, steps = "unfit", "", ()

    def __init__(self) -> None:
        self.lock = threading.Event()

    def run(self, context: JobContext) -> Outcome:
        assert self.lock.wait(20)
        return Outcome(JobState.DONE, "well")


def test_a_job_that_cannot_be_handed_over_is_named(desk: Desk) -> None:
    spec = Unfit()
    number = desk.runner.submit(spec)
    with pytest.raises(MocloneError, match="unfit cannot be handed over"):
        leave(desk.runner, desk.errand)
    spec.lock.set()
    assert desk.runner.wait(number, 20) is JobState.DONE


def test_a_job_that_is_being_cancelled_is_not_handed_over(desk: Desk) -> None:
    number, *_ = desk.clone("one")
    desk.runner.cancel(number)
    assert leave(desk.runner, desk.errand).jobs == 0
    assert desk.runner.wait(number, 20) is JobState.CANCELLED
    assert len(desk.journal) == 1


def test_a_job_is_run_again(desk: Desk) -> None:
    number, *_ = desk.clone("one")
    desk.runner.cancel(number)
    desk.runner.wait(number, 20)
    again = desk.runner.again(number)
    assert desk.runner.spec(again) == desk.runner.spec(number)
    assert desk.runner.wait(again, 60) is JobState.DONE
    assert has_database(desk.client, "one")


def test_where_nobody_takes_it_the_journal_does_not_say_so(desk: Desk) -> None:
    numbers = desk.clone("one", "two")

    def take(_: JobSpec) -> None:
        raise MocloneError("it died")

    with pytest.raises(MocloneError, match="it died"):
        desk.runner.hand_over(take, ELSEWHERE)
    assert all(desk.runner.wait(each, 20) is JobState.CANCELLED for each in numbers)
    assert {job.state for job in desk.journal} == {"cancelled"}
    assert not any(ELSEWHERE in job.outcome for job in desk.journal)


def test_what_stops_too_late_is_not_said_to_be_begun_anew(desk: Desk) -> None:
    (number,) = desk.clone("one")
    assert desk.runner.hand_over(lambda _: None, ELSEWHERE, patience=0.0) == 0
    assert desk.runner.wait(number, 20) is JobState.CANCELLED
    assert ELSEWHERE not in desk.journal[0].outcome
