"""The journal: what is written down can be read again, whatever happened meanwhile."""

from __future__ import annotations

import datetime as dt
import json
import os
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from moclone_tui.cloning.identity import Object
from moclone_tui.jobs.journal import Entry, Journal, Place, append, default_folder
from moclone_tui.jobs.process import Process, this_process
from moclone_tui.jobs.records import open_jobs, read, torn

PLACE = Place("db:6001", "acme#ann", "prod")
PLAN = {
    "kind": "clone",
    "at": "before_release",
    "statements": ["CREATE DATABASE `b` CLONE `a`"],
    "targets": [{"type": "database", "name": "b", "source": "a"}],
}


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    """A journal in a folder that is not there yet."""
    return Journal(tmp_path / "state" / "moclone", PLACE)


def ended(entry: Entry, state: str = "done", outcome: str = "well") -> None:
    entry.write("end", state=state, outcome=outcome, seconds=1.5)


def test_what_a_job_did_is_read_as_it_was_written(journal: Journal) -> None:
    entry = journal.begin("clone a → b", PLAN)
    entry.seen("before", (), 1_700_000_000)
    entry.sends("CREATE DATABASE `b` CLONE `a`")
    entry.write("step", text="CREATE DATABASE `b` CLONE `a`", seconds=0.25)
    entry.sends("COMMIT")
    entry.seen("made", [Object("database", "b", id="77", created=1_700_000_001)])
    ended(entry)
    (job,) = read(journal.folder)
    assert (job.job, job.title, job.kind) == (entry.job, "clone a → b", "clone")
    assert job.place == PLACE
    assert job.place.account == "acme"
    assert job.at == "before_release"
    assert [(each.object.name, each.source) for each in job.targets] == [("b", "a")]
    assert job.sent == ("CREATE DATABASE `b` CLONE `a`",)
    assert job.steps == (("CREATE DATABASE `b` CLONE `a`", 0.25),)
    assert job.committing
    assert (job.before, job.clock) == ((), 1_700_000_000)
    assert [(each.name, each.id) for each in job.made] == [("b", "77")]
    assert (job.state, job.outcome, job.seconds) == ("done", "well", 1.5)
    assert job.process == this_process()
    assert job.begun <= job.last
    assert open_jobs(journal.folder) == []


def test_a_job_that_has_not_ended_is_open(journal: Journal) -> None:
    ended(journal.begin("first", PLAN))
    running = journal.begin("second", PLAN)
    (job,) = open_jobs(journal.folder)
    assert (job.job, job.title, job.word) == (running.job, "second", "waiting")
    running.seen("before", ())
    (job,) = open_jobs(journal.folder)
    assert job.word == "running"


def test_a_job_that_lost_its_connection_is_open_until_it_is_settled(
    journal: Journal,
) -> None:
    entry = journal.begin("lost", PLAN)
    ended(entry, "outcome unknown")
    (job,) = open_jobs(journal.folder)
    assert job.open
    append(job.file, job.job, "settled", {"state": "cancelled", "outcome": "gone"})
    assert open_jobs(journal.folder) == []
    (job,) = read(journal.folder)
    assert (job.state, job.outcome, job.settled) == ("cancelled", "gone", True)


def test_temporary_objects_are_known_until_they_are_dropped(journal: Journal) -> None:
    entry = journal.begin("copy", PLAN)
    kept, gone = (Object("snapshot", f"moclone_tmp_{n}") for n in (1, 2))
    entry.temporary(kept)
    entry.temporary(gone)
    entry.dropped(gone)
    ended(entry, "failed")
    (job,) = open_jobs(journal.folder)
    assert job.temporaries == (kept,)
    assert not job.open


def test_jobs_come_newest_first_and_no_more_than_asked_for(journal: Journal) -> None:
    for title in ("a", "b", "c"):
        ended(journal.begin(title, PLAN))
    assert [job.title for job in read(journal.folder)] == ["c", "b", "a"]
    assert [job.title for job in read(journal.folder, limit=2)] == ["c", "b"]


def test_a_torn_line_costs_that_line_alone(journal: Journal) -> None:
    first = journal.begin("first", PLAN)
    (file,) = journal.folder.iterdir()
    with file.open("a") as torn_by_a_crash:
        torn_by_a_crash.write('{"job": "0123456789", "record": "beg')
    ended(first)
    journal.begin("second", PLAN)
    assert [job.title for job in read(journal.folder)] == ["second", "first"]
    assert [job.state for job in read(journal.folder)] == ["", "done"]
    assert torn(journal.folder) == 1


@pytest.mark.parametrize("line", [b"null", b"[1]", b"{}", b"\xff\xfe", b'{"job": "x"}'])
def test_lines_that_are_no_records_are_passed_over(
    journal: Journal, line: bytes
) -> None:
    journal.begin("first", PLAN)
    (file,) = journal.folder.iterdir()
    file.write_bytes(file.read_bytes() + line + b"\n")
    assert len(read(journal.folder)) == len(open_jobs(journal.folder)) == 1
    assert torn(journal.folder) == 1


def test_nobody_else_may_read_it(journal: Journal) -> None:
    journal.begin("first", PLAN)
    (file,) = journal.folder.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(journal.folder.stat().st_mode) == 0o700


def test_no_password_is_written_down(journal: Journal) -> None:
    secret = "CREATE USER u IDENTIFIED BY 'hunter2'"
    entry = journal.begin(secret, {"kind": "x", "statements": [secret]})
    entry.sends(secret)
    entry.write("step", text=secret, seconds=0.1)
    ended(entry, "failed", f"syntax error near {secret}")
    (file,) = journal.folder.iterdir()
    assert "hunter2" not in file.read_text()


def test_many_processes_write_at_once(journal: Journal) -> None:
    """Every line of every process is there, whole."""
    script = (
        "import sys; from pathlib import Path;"
        "from moclone_tui.jobs.journal import Journal\n"
        "journal = Journal(Path(sys.argv[1]))\n"
        "for job in range(20):\n"
        "    entry = journal.begin('x' * 3000, {'kind': 'x'})\n"
        "    for at in range(20): entry.sends(f'DROP TABLE t{at}')\n"
        "    entry.write('end', state='done')\n"
    )
    writers = [
        subprocess.Popen([sys.executable, "-c", script, str(journal.folder)])
        for _ in range(4)
    ]
    assert [each.wait(60) for each in writers] == [0] * 4
    jobs = read(journal.folder)
    assert len({job.job for job in jobs}) == 80
    assert {(len(job.sent), job.state) for job in jobs} == {(20, "done")}
    assert torn(journal.folder) == 0


def test_a_folder_that_cannot_be_written_is_told_once(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    told: list[str] = []
    entry = Journal(tmp_path / "file" / "moclone").begin("a", PLAN, told.append)
    entry.sends("DROP TABLE t")
    ended(entry)
    (warning,) = told
    assert "journal" in warning


@contextmanager
def no_room(file: Path) -> Iterator[None]:
    """Nothing can be written to a file meanwhile."""
    kept = file.with_suffix(".kept")
    if file.exists():
        file.rename(kept)
    file.mkdir(parents=True)
    yield
    file.rmdir()
    if kept.exists():
        kept.rename(file)


def test_a_line_that_is_lost_costs_that_line_alone(journal: Journal) -> None:
    """Whatever comes later says that something is missing: it may be the COMMIT."""
    told: list[str] = []
    entry = journal.begin("a", PLAN, told.append)
    entry.sends("BEGIN")
    assert not read(journal.folder)[0].gap
    (file,) = journal.folder.iterdir()
    with no_room(file):
        entry.sends("COMMIT")
        entry.write("step", text="COMMIT", seconds=1.0)
    assert len(told) == 1
    entry.temporary(Object("snapshot", "moclone_tmp_1"))
    (job,) = read(journal.folder)
    assert (job.sent, job.committing) == (("BEGIN",), False)
    assert (job.gap, job.lasting) == (True, True)
    assert [each.name for each in job.temporaries] == ["moclone_tmp_1"]


def test_a_first_line_that_is_lost_is_written_with_the_next(journal: Journal) -> None:
    """Without it, nobody would know whose the others are."""
    told: list[str] = []
    month = f"jobs-{dt.datetime.now(dt.UTC):%Y-%m}.jsonl"
    with no_room(journal.folder / month):
        entry = journal.begin("a", PLAN, told.append)
    time_then = dt.datetime.now(dt.UTC)
    entry.sends("BEGIN")
    (job,) = read(journal.folder)
    assert (job.title, job.sent, job.gap) == ("a", ("BEGIN",), True)
    assert job.begun < time_then
    assert len(told) == 1


def test_where_it_is(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    assert default_folder() == tmp_path / "moclone"


def test_no_journal_yet_is_an_empty_one(tmp_path: Path) -> None:
    assert read(tmp_path / "none") == open_jobs(tmp_path / "none") == []


def test_ten_thousand_jobs_are_read_quickly(tmp_path: Path) -> None:
    begin = {
        "job": "",
        "record": "begin",
        "time": "2026-11-01T12:00:00+00:00",
        "title": "clone a → b",
        "plan": PLAN,
    }
    with (tmp_path / "jobs-2026-11.jsonl").open("w") as file:
        for number in range(10_000):
            head = {"job": f"{number:010x}", "record": "step", "time": begin["time"]}
            file.write(json.dumps(begin | {"job": head["job"]}) + "\n")
            for _ in range(6):
                file.write(json.dumps(head | {"text": "x" * 80, "seconds": 1}) + "\n")
            file.write(json.dumps(head | {"record": "end", "state": "done"}) + "\n")
    started = time.process_time()
    assert open_jobs(tmp_path) == []
    assert time.process_time() - started < 1
    started = time.process_time()
    assert len(read(tmp_path)) == 10_000
    assert time.process_time() - started < 5


def test_a_process_is_told_from_a_later_one_of_its_number() -> None:
    mine = this_process()
    assert mine.alive
    assert Process(mine.machine, mine.pid, "another start").alive is False
    assert Process("elsewhere", mine.pid, mine.started).alive is None


def test_a_process_that_was_killed_is_dead_before_anyone_has_waited_for_it() -> None:
    script = (
        "from moclone_tui.jobs.process import this_process as p\nprint(p().started)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script + "; input()"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as child:
        assert child.stdout is not None
        started = child.stdout.readline().strip()
        process = Process(os.uname().nodename, child.pid, started)
        assert process.alive
        child.kill()
        os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
        assert process.alive is False
