"""After kill -9: the next start says what the catalog says."""

from __future__ import annotations

import json
import shlex
from typing import TYPE_CHECKING

import pytest

from moclone_tui import Client
from moclone_tui.jobs.journal import Place
from moclone_tui.jobs.model import JobState
from moclone_tui.jobs.records import open_jobs, read
from moclone_tui.jobs.settle import settle, unsettled

from .crashing import Bench, bench
from .looking import has_database, rows, tables

if TYPE_CHECKING:
    from tests.conftest import Names

    from .people import People

__all__ = ["bench"]

CLONE = ("-m", "moclone_tui", "clone")
DROP = ("-m", "moclone_tui", "drop")


@pytest.mark.parametrize(
    ("at", "reached", "there"),
    [
        ("BEGIN", False, False),
        ("BEGIN", True, False),
        ("CREATE DATABASE", False, False),
        ("CREATE DATABASE", True, False),
        ("SELECT 0, COUNT", True, False),
        ("COMMIT", False, False),
        ("COMMIT", True, True),
    ],
)
def test_a_database_copy_that_was_killed(
    bench: Bench,
    client: Client,
    shop: str,
    names: Names,
    at: str,
    reached: bool,
    there: bool,
) -> None:
    copy = names("copy")
    bench.kill_at(at, *CLONE, shop, copy, reached=reached)
    assert bench.job().word == "ended unseen"
    found = bench.settle(client)
    assert has_database(client, copy) is there
    assert [str(each) for each in found.there] == ([copy] if there else [])
    if there:
        assert found.state is JobState.NOT_VERIFIED
        assert found.words == f"finished: {copy} is there (not verified)"
        offers = {each.words: each.statement for each in found.offers}
        assert offers["drop it"] == f"DROP DATABASE `{copy}`"
        assert "verify it" in offers
        (verify,) = (each.command for each in found.offers if each.command)
        code, out, _ = bench.moclone(*shlex.split(verify)[1:])
        assert code == 0
        assert "verified: counts" in out
    else:
        assert found.state is JobState.CANCELLED
        assert f"{copy} is not there" in found.words
        assert [str(each) for each in found.offers] == ["you may run it again"]
    assert unsettled(bench.folder) == []
    assert (bench.job().state, bench.job().settled) == (found.state, True)


@pytest.mark.parametrize("reached", [True, False])
def test_a_table_copy_that_was_killed(
    bench: Bench, client: Client, shop: str, reached: bool
) -> None:
    bench.kill_at(
        "CREATE TABLE", *CLONE, "--table", f"{shop}.orders", f"{shop}.copy",
        reached=reached,
    )  # fmt: skip
    found = bench.settle(client)
    there = "copy" in tables(client, shop)
    assert bool(found.there) is there
    assert found.state is (JobState.NOT_VERIFIED if there else JobState.CANCELLED)


@pytest.mark.parametrize("reached", [True, False])
def test_a_restore_that_was_killed(
    bench: Bench, client: Client, shop: str, names: Names, reached: bool
) -> None:
    """Both times there is a database of that name: its number tells which one."""
    client.snapshots.create(names("s"), "database", shop)
    client.execute(f"DELETE FROM `{shop}`.orders")
    bench.kill_at(
        "COMMIT", "-m", "moclone_tui", "restore", shop, "--snapshot", names("s"),
        "--yes", shop, "--no-way-back", reached=reached,
    )  # fmt: skip
    found = bench.settle(client)
    restored = bool(rows(client, f"`{shop}`.orders"))
    assert restored is reached
    if restored:
        assert found.state is JobState.NOT_VERIFIED
        assert f"{shop} was made anew" in found.words
        assert [each.words for each in found.offers] == ["verify it"]
    else:
        assert found.state is JobState.CANCELLED
        assert f"{shop} is as it was" in found.words


UPDATE = """
import os, sys
from pathlib import Path
from moclone_tui.api import Client
from moclone_tui.jobs.journal import Journal, Place
from moclone_tui.jobs.recording import recorded

folder, table = sys.argv[1:]
host, port = os.environ["MOCLONE_HOST"], int(os.environ["MOCLONE_PORT"])
client = Client(host, port, password=os.environ["MOCLONE_PASSWORD"])
plan = {"kind": "put back", "statements": ["UPDATE"]}
entry = Journal(Path(folder), Place(f"{host}:{port}", "root")).begin("update", plan)
with recorded(entry, client, plan), client.session() as session:
    session.execute(f"UPDATE {table} SET total = 1")
"""


@pytest.mark.parametrize("reached", [True, False])
def test_a_job_that_makes_no_object_is_settled_by_what_the_server_noted(
    bench: Bench, client: Client, shop: str, reached: bool
) -> None:
    table = f"`{shop}`.orders"
    bench.kill_at("COMMIT", "-c", UPDATE, str(bench.folder), table, reached=reached)
    if not reached:
        bench.until_noted(client)
        bench.grow_old(minutes=2)
    found = bench.settle(client, patience=60)
    changed = [total for _, total, _ in rows(client, table)] == [1, 1]
    assert changed is reached
    assert found.state is (JobState.NOT_VERIFIED if changed else JobState.CANCELLED)


def test_what_someone_made_since_is_not_taken_for_the_jobs_own(
    bench: Bench, client: Client, shop: str, names: Names
) -> None:
    copy = names("copy")
    bench.kill_at("COMMIT", *CLONE, shop, copy, reached=False)
    code, _, told = bench.moclone("clone", shop, copy)
    assert code == 0
    assert "1 job here ended unseen" in told
    assert "moclone jobs --settle" in told
    found = bench.settle(client)
    assert found.state is JobState.CANCELLED
    assert found.there == ()
    assert f"{copy} was made by someone else since" in found.words
    assert has_database(client, copy)


def test_a_copy_that_was_dropped_since_is_not_there(
    bench: Bench, client: Client, shop: str, names: Names
) -> None:
    bench.kill_at("COMMIT", *CLONE, shop, names("copy"), reached=True)
    while not has_database(client, names("copy")):
        pass
    client.execute(f"DROP DATABASE `{names('copy')}`")
    found = bench.settle(client)
    assert found.there == ()
    assert f"{names('copy')} is not there" in found.words


def test_a_connection_that_was_lost_at_commit_is_settled(
    bench: Bench, client: Client, shop: str, names: Names
) -> None:
    """The process has told "outcome unknown", and it may even live on."""

    def cut() -> None:
        bench.proxy.down = True
        bench.cut()

    bench.at("COMMIT", cut, reached=True)
    code, _, _ = bench.moclone("clone", shop, names("copy"))
    assert code == 5
    assert bench.job().state == JobState.UNKNOWN
    found = bench.settle(client)
    assert has_database(client, names("copy"))
    assert found.state is JobState.NOT_VERIFIED


def test_jobs_of_other_servers_and_living_processes_are_left_alone(
    bench: Bench, client: Client, shop: str, names: Names
) -> None:
    bench.kill_at("COMMIT", *CLONE, shop, names("copy"), reached=True)
    place = bench.job().place
    for other in (Place("elsewhere:6001", place.user), Place(place.server, "acme#x")):
        assert settle(client, bench.folder, other) == ()
    assert len(open_jobs(bench.folder)) == 1
    bench.settle(client)
    seen: list[str] = []
    bench.at("COMMIT", lambda: seen.append(bench.job().word), reached=True)
    bench.moclone("clone", shop, names("copy2"))
    assert seen == ["running elsewhere"]
    assert [job.state for job in read(bench.folder)] == ["done", "not verified"]


def test_the_command_line_lists_and_settles(
    bench: Bench, client: Client, shop: str, names: Names
) -> None:
    copy = names("copy")
    bench.kill_at("COMMIT", *CLONE, shop, copy, reached=True)
    code, out, _ = bench.moclone("jobs")
    assert code == 0
    assert "ended unseen" in out
    assert f"clone {shop} → {copy}" in out
    while not has_database(client, copy):
        pass
    code, out, _ = bench.moclone("jobs", "--settle")
    assert code == 0
    assert f"finished: {copy} is there (not verified)" in out
    assert f"to drop it: DROP DATABASE `{copy}`" in out
    code, out, told = bench.moclone("jobs", "--settle")
    assert (code, out) == (0, "")
    assert "Nothing to settle" in told
    _, out, _ = bench.moclone("jobs", "--json")
    (job,) = json.loads(out)["jobs"]
    assert (job["status"], job["settled"]) == ("not verified", True)
    assert "verify" in " ".join(job["planned"])
    assert job["sent"][0] == "BEGIN"
    assert "statements" not in job


def test_a_dry_run_is_no_job(bench: Bench, shop: str, names: Names) -> None:
    bench.moclone("clone", shop, names("copy"), "--dry-run")
    assert read(bench.folder) == []


@pytest.mark.parametrize(
    ("at", "reached", "gone"),
    [("BEGIN", True, False), ("COMMIT", False, False), ("COMMIT", True, True)],
)
def test_a_drop_that_was_killed(
    bench: Bench, client: Client, shop: str, at: str, reached: bool, gone: bool
) -> None:
    bench.kill_at(at, *DROP, shop, "--yes", shop, reached=reached)
    found = bench.settle(client)
    assert has_database(client, shop) is not gone
    if gone:
        words = f"finished: {shop} is gone; look for what it was in {shop}_before_"
        assert found.state is JobState.DONE
        assert found.words.startswith(words)
        assert has_database(client, found.words.rpartition(" ")[2])
    else:
        assert found.state is JobState.CANCELLED
        assert f"{shop} is as it was" in found.words


def test_whoever_sees_no_numbers_does_not_take_what_is_there_for_gone(
    bench: Bench, people: People, shop: str
) -> None:
    role = people.add("few", f"SELECT ON TABLE `{shop}`.*")
    bench.kill_at("COMMIT", *DROP, shop, "--yes", shop, reached=False)
    bench.grow_old(minutes=20)
    with people.login(role) as login:
        (found,) = settle(login, bench.folder, bench.job().place)
    assert found.state is JobState.UNKNOWN
    assert f"{shop} is there; whether it is the same one" in found.words


def test_what_others_dropped_is_not_told_as_dropped_by_a_job_that_was_rolled_back(
    bench: Bench, client: Client, shop: str
) -> None:
    bench.kill_at("DROP DATABASE", *DROP, shop, "--yes", shop, reached=False)
    client.execute(f"DROP DATABASE `{shop}`")
    found = bench.settle(client)
    assert found.state is JobState.CANCELLED
    assert found.words == f"rolled back: {shop} was dropped by someone else since"
