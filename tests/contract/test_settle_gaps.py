"""What the journal does not say, nobody claims: the catalog is asked, or it is open."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest

from moclone_tui import Client
from moclone_tui.cloning.identity import look_up
from moclone_tui.jobs.journal import Entry, Journal, Place
from moclone_tui.jobs.model import JobState
from moclone_tui.jobs.records import open_jobs, read, targets_of
from moclone_tui.jobs.settle import Settled, find_out
from tests.conftest import Names

from .crashing import Bench, bench

__all__ = ["bench"]


class Crashed:
    """A job that would copy a database, and what is left of its lines."""

    def __init__(self, journal: Journal, target: str | None) -> None:
        targets = [{"type": "database", "name": target, "source": "a"}]
        self.plan = {"kind": "clone", "targets": targets if target else []}
        self.folder = journal.folder
        self.entry: Entry = journal.begin("a job", self.plan)
        (self.file,) = self.folder.iterdir()

    def lose(self) -> None:
        """Lose the next line: there is no room for it."""
        kept = self.file.with_suffix(".kept")
        self.file.rename(kept)
        self.file.mkdir()
        self.entry.sends("COMMIT")
        self.file.rmdir()
        kept.rename(self.file)

    def look(self, client: Client) -> None:
        seen = look_up(client, [each.object for each in targets_of(self.plan)])
        self.entry.seen("before", seen.objects, seen.clock)

    def move(self, minutes: int) -> None:
        """Let it all have happened at another time."""
        lines = [json.loads(line) for line in self.file.read_text().splitlines()]
        for line in lines:
            time = dt.datetime.fromisoformat(line["time"])
            line["time"] = (time + dt.timedelta(minutes=minutes)).isoformat()
        self.file.write_text("".join(json.dumps(line) + "\n" for line in lines))

    def settled(self, client: Client) -> Settled:
        (job,) = read(self.folder)
        return find_out(client, job)


@pytest.mark.parametrize("lost", [False, True])
def test_nothing_is_there(
    client: Client, names: Names, tmp_path: Path, lost: bool
) -> None:
    job = Crashed(Journal(tmp_path), names("copy"))
    if lost:
        job.lose()
        job.entry.write("step", text="COMMIT", seconds=1.0)
        job.move(minutes=-20)
    found = job.settled(client)
    assert found.state is JobState.CANCELLED
    assert found.words == f"nothing of it is there: {names('copy')} is not there"


@pytest.mark.parametrize("sent", [False, True])
def test_what_is_there_may_be_of_a_job_that_could_not_write_it_down(
    client: Client, names: Names, tmp_path: Path, sent: bool
) -> None:
    """And then it is not offered to drop it either."""
    copy = names("copy")
    job = Crashed(Journal(tmp_path), copy)
    client.execute(f"CREATE DATABASE `{copy}`")
    if sent:
        job.lose()
        job.entry.sends(f"CREATE DATABASE `{copy}` CLONE a")
    found = job.settled(client)
    assert found.state is JobState.UNKNOWN
    assert found.words == (
        f"cannot tell: {copy} is there; whether this job made it, the journal does not "
        "say"
    )
    assert found.offers == ()


def test_what_was_made_long_before_is_not_of_it(
    client: Client, names: Names, tmp_path: Path
) -> None:
    client.execute(f"CREATE DATABASE `{names('copy')}`")
    job = Crashed(Journal(tmp_path), names("copy"))
    job.move(minutes=5)
    found = job.settled(client)
    assert found.state is JobState.CANCELLED
    assert found.words == f"nothing of it is there: {names('copy')} is as it was"


def test_a_commit_that_could_not_be_written_down_may_have_been(
    client: Client, names: Names, tmp_path: Path
) -> None:
    copy = names("copy")
    job = Crashed(Journal(tmp_path), copy)
    job.look(client)
    job.entry.sends("BEGIN")
    client.execute(f"CREATE DATABASE `{copy}`")
    job.lose()
    job.entry.write("step", text="COMMIT", seconds=1.0)
    found = job.settled(client)
    assert found.state is JobState.NOT_VERIFIED
    assert found.words == f"finished: {copy} is there (not verified)"


def test_a_job_without_targets_did_nothing_only_if_every_line_is_there(
    client: Client, tmp_path: Path
) -> None:
    job = Crashed(Journal(tmp_path), None)
    found = job.settled(client)
    assert found.state is JobState.CANCELLED
    assert found.words == "it ended before it changed anything"
    job.lose()
    job.entry.write("step", text="COMMIT", seconds=1.0)
    job.move(minutes=-20)
    found = job.settled(client)
    assert found.state is JobState.UNKNOWN
    assert "cannot tell" in found.words


def test_what_cannot_be_told_is_written_once_and_nobody_is_reminded_of_it(
    bench: Bench, client: Client, shop: str, names: Names
) -> None:
    """By hand it is tried again, and shown again."""
    copy = names("copy")
    client.execute(f"CREATE DATABASE `{copy}`")
    place = Place(f"127.0.0.1:{bench.proxy.port}", "root")
    job = Crashed(Journal(bench.folder, place), copy)
    job.entry.write("end", state=JobState.UNKNOWN, outcome="the line was cut")
    (heard,) = read(bench.folder)
    other = ("clone", shop, names("other"), "--if-exists", "skip")
    assert "1 job here ended unseen" in bench.moclone(*other)[2]
    shown = []
    for _ in range(2):
        code, out, _ = bench.moclone("jobs", "--settle")
        assert code == 5
        assert f"cannot tell: {copy} is there" in out
        shown.append(job.file.read_text())
    assert shown[0] == shown[1]
    assert "ended unseen" not in bench.moclone(*other)[2]
    open_still = open_jobs(bench.folder)[0]
    assert (open_still.last, open_still.state) == (heard.last, JobState.UNKNOWN)
    client.execute(f"DROP DATABASE `{copy}`")
    code, out, _ = bench.moclone("jobs", "--settle")
    assert code == 0
    assert "nothing of it is there" in out
