"""What a crashed job left behind: dropped by the next start, and nothing else is."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from moclone_tui import Client
from moclone_tui.cloning.identity import TEMPORARY, Object, look_up
from moclone_tui.jobs.journal import Journal, Place
from moclone_tui.jobs.leftovers import DropLeftovers, leftovers
from moclone_tui.jobs.model import JobContext, Outcome
from moclone_tui.jobs.pace import Pace
from moclone_tui.jobs.process import this_process
from moclone_tui.jobs.records import open_jobs

from .crashing import Bench, bench
from .looking import has_database

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Names, Server

    from .people import People

__all__ = ["bench"]


@pytest.fixture
def server(embedded_server: Server) -> Server:
    """The embedded one alone: accounts are made here."""
    return embedded_server


def test_what_a_copy_between_accounts_left_behind_is_dropped(
    server: Server, bench: Bench, client: Client, names: Names
) -> None:
    """Killed after COMMIT: the copy is there, and so is the snapshot it was made by."""
    account, copy = names("acme"), names("copy")
    client.execute(f"CREATE ACCOUNT {account} ADMIN_NAME 'adm' IDENTIFIED BY '111'")
    with server.client(user=f"{account}#adm", password="111") as theirs:
        theirs.execute("CREATE DATABASE app")
        theirs.execute("CREATE TABLE app.t (id INT PRIMARY KEY)")
    client.execute("CREATE SNAPSHOT moclone_tmp_theirs FOR ACCOUNT")
    clone = ("-m", "moclone_tui", "clone", "app", copy, "--from-account", account)
    bench.kill_at("DROP SNAPSHOT", *clone, reached=False)
    (left,) = bench.job().temporaries
    code, out, _ = bench.moclone("jobs", "--settle")
    assert code == 0
    assert f"finished: {copy} is there (not verified)" in out
    assert "dropped 1 temporary object of jobs that crashed" in out
    assert has_database(client, copy)
    snapshots = {each.name for each in client.snapshots.list()}
    assert left.name not in snapshots
    assert "moclone_tmp_theirs" in snapshots
    client.snapshots.delete("moclone_tmp_theirs")
    assert open_jobs(bench.folder) == []


def leave(folder: Path, place: Place, client: Client, *objects: Object) -> None:
    """Let a job that crashed have made temporary objects."""
    entry = Journal(folder, place).begin("a job that crashed", {})
    entry.seen("before", (), look_up(client, ()).clock)
    for each in objects:
        entry.temporary(each)
        what = "SNAPSHOT {} FOR ACCOUNT" if each.type == "snapshot" else "DATABASE {}"
        client.execute(f"CREATE {what.format(each.name)}")
    entry.write("end", state="failed", outcome="it crashed")
    (file,) = folder.iterdir()
    file.write_text(file.read_text().replace(this_process().started, "before"))


def drop(folder: Path, place: Place, client: Client) -> Outcome:
    """Drop what is left behind, as a login."""
    context = JobContext(client, lambda *_: None, lambda: 0.0, Pace(0.0))
    return DropLeftovers(leftovers(folder, place)).run(context)


def test_what_a_login_may_not_see_stays_written_down(
    people: People, client: Client, tmp_path: Path
) -> None:
    """It sees no snapshots, and of databases the names: another login drops them."""
    role = people.add("low", "CONNECT ON ACCOUNT *")
    kinds = ("snapshot", "database")
    made = [Object(kind, f"{TEMPORARY}left_{kind}") for kind in kinds]
    leave(tmp_path, Place("here"), client, *made)
    with people.login(role) as low:
        end = drop(tmp_path, Place("here"), low)
    assert "dropped 0 temporary objects" in end.text
    assert all(each.name in end.text for each in made)
    assert {each.object for each in leftovers(tmp_path, Place("here"))} == set(made)
    end = drop(tmp_path, Place("here"), client)
    assert end.text == "dropped 2 temporary objects of jobs that crashed"
    assert leftovers(tmp_path, Place("here")) == ()
    assert look_up(client, made).objects == ()


def test_a_drop_that_fails_is_an_error_of_the_command(
    bench: Bench, client: Client
) -> None:
    """It is left behind yet, and the next time it is dropped."""
    left = Object("snapshot", f"{TEMPORARY}left")
    place = Place(f"127.0.0.1:{bench.proxy.port}", "root")
    leave(bench.folder, place, client, left)
    bench.at("DROP SNAPSHOT", bench.cut, reached=False)
    code, out, told = bench.moclone("jobs", "--settle")
    assert code == 5
    assert "moclone: error:" in told
    assert out == ""
    bench.proxy.before = lambda _: None
    code, out, _ = bench.moclone("jobs", "--settle", "--json")
    document = json.loads(out)
    assert code == 0
    assert document["leftovers"] == "dropped 1 temporary object of jobs that crashed"


def test_a_reap_says_what_was_left_behind_and_drops_it_if_told_to(
    bench: Bench, client: Client
) -> None:
    left = Object("snapshot", f"{TEMPORARY}reaped")
    leave(bench.folder, Place(f"127.0.0.1:{bench.proxy.port}", "root"), client, left)
    code, out, _ = bench.moclone("reap")
    assert code == 0
    assert f"snapshot {left.name}: temporary, left behind by job" in out
    assert look_up(client, [left]).objects == (left,)
    code, out, _ = bench.moclone("reap", "--yes")
    assert code == 0
    assert "dropped 1 temporary object" in out
    assert look_up(client, [left]).objects == ()
