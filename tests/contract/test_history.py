"""History: who did what, told by the journal and by the server's log."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from moclone_tui import AlreadyExists, Client
from moclone_tui.api._marks import mark
from moclone_tui.cloning.request import Request
from moclone_tui.jobs.clone import Copy
from moclone_tui.jobs.history import JOURNAL, LOG, Line, history
from moclone_tui.jobs.journal import Journal, Place
from moclone_tui.jobs.model import JobState
from moclone_tui.jobs.runner import JobRunner

from .people import People

if TYPE_CHECKING:
    from tests.conftest import Names, Server

Read = Callable[..., list[Line]]


@pytest.fixture
def journal(server: Server, tmp_path: Path) -> Journal:
    """A journal of the test's own."""
    return Journal(tmp_path, Place(f"{server.host}:{server.port}", server.user))


@pytest.fixture
def read(client: Client, journal: Journal, names: Names) -> Read:
    """Reads the history of this test's objects, until it has so many lines.

    The log of a real server comes up to 15 seconds late.
    """
    begun = dt.datetime.now(dt.UTC) - dt.timedelta(seconds=5)

    def read_it(wanted: Callable[[list[Line]], bool]) -> list[Line]:
        end = time.monotonic() + 60
        while True:
            until = dt.datetime.now(dt.UTC) + dt.timedelta(minutes=1)
            found = history(client, journal.folder, journal.place, begun, until)
            assert found.log_read
            mine = [it for it in found.lines if names.prefix in repr(it.as_dict())]
            if wanted(mine):
                return mine
            assert time.monotonic() < end, mine
            time.sleep(1)

    return read_it


def test_a_job_is_one_line_of_two_sources(
    server: Server,
    client: Client,
    journal: Journal,
    shop: str,
    names: Names,
    read: Read,
) -> None:
    """The journal has its end, the server the moment just before it."""
    runner = JobRunner(server.client, lambda _: None, journal=journal)
    number = runner.submit(Copy(Request.of(shop, names("copy"))))
    assert runner.wait(number, 60) is JobState.DONE

    def both(lines: list[Line]) -> bool:
        return any(line.sources == (JOURNAL, LOG) for line in lines)

    (line,) = [each for each in read(both) if names("copy") in each.objects]
    assert line.title == f"clone {shop} → {names('copy')}"
    assert (line.what, line.outcome, line.detail) == (
        "clone",
        "done",
        "verified: counts",
    )
    assert line.objects == (names("copy"), shop)
    assert line.person.endswith(server.user)
    assert any(each.startswith("CREATE DATABASE") for each in line.statements)
    assert line.record is not None
    assert line.before is not None
    counted = "SELECT COUNT(*) FROM mo_catalog.mo_database{} WHERE datname = %s"
    now, then = (
        client.execute(counted.format(hint), (names("copy"),)).first[0]
        for hint in ("", line.before.hint)
    )
    assert (now, then) == (1, 0)


def test_what_others_did_is_told_with_what_came_of_it(
    server: Server, shop: str, names: Names, read: Read
) -> None:
    """Each statement went well; what lasted is another question."""
    copy, gone, open_yet = names("copy"), names("gone"), names("open")
    with server.client() as other, server.client() as waiting:
        other.execute(f"CREATE DATABASE `{copy}` CLONE `{shop}`")
        other.execute("BEGIN")
        other.execute(f"CREATE DATABASE `{gone}` CLONE `{shop}`")
        other.execute("ROLLBACK")
        other.execute("BEGIN")
        other.execute(f"DROP TABLE `{copy}`.orders")
        other.execute("COMMIT")
        other.execute(f"CREATE SNAPSHOT `{names('s')}` FOR DATABASE `{shop}`")
        with pytest.raises(AlreadyExists):
            other.execute(f"CREATE DATABASE `{copy}` CLONE `{shop}`")
        waiting.execute("BEGIN")
        waiting.execute(f"CREATE DATABASE `{open_yet}` CLONE `{shop}`")
        found = read(lambda lines: any(open_yet in line.objects for line in lines))
        waiting.execute("ROLLBACK")
    told = [
        (line.what, line.title.split(" FOR ")[0], line.outcome) for line in found[::-1]
    ]
    assert told == [
        ("clone", f"clone {shop} → {copy}", "done"),
        ("clone", f"clone {shop} → {gone}", "rolled back"),
        ("drop", f"DROP TABLE `{copy}`.orders", "done"),
        ("snapshot", f"CREATE SNAPSHOT `{names('s')}`", "done"),
        ("clone", f"clone {shop} → {copy}", "failed"),
        ("clone", f"clone {shop} → {open_yet}", "not committed"),
    ]
    assert {line.sources for line in found} == {(LOG,)}
    assert all(line.person.startswith(f"{server.user}@") for line in found)
    failed = found[1]
    assert copy in failed.detail
    assert found[3].objects == (f"{copy}.orders",)


def test_a_job_of_another_machine_is_one_line_too(
    client: Client, shop: str, names: Names, read: Read
) -> None:
    comment = mark("0123456789", "ann")
    for statement in ("BEGIN", f"CREATE DATABASE `{names('a')}` CLONE `{shop}`",
                      f"DROP TABLE `{names('a')}`.orders", "COMMIT"):  # fmt: skip
        client.execute(f"{comment} {statement}")

    def both(lines: list[Line]) -> bool:
        return any(len(line.statements) == 2 for line in lines)

    (line,) = read(both)
    assert line.title == f"clone {shop} → {names('a')}"
    assert line.person.startswith("ann as ")
    assert line.outcome == "done"
    assert line.sources == (LOG,)


def test_who_may_not_read_the_log_has_the_journal(
    server: Server, people: People, journal: Journal, shop: str, names: Names
) -> None:
    runner = JobRunner(server.client, lambda _: None, journal=journal)
    runner.wait(runner.submit(Copy(Request.of(shop, names("copy")))), 60)
    role = people.add("reader", "CONNECT ON ACCOUNT *")
    now = dt.datetime.now(dt.UTC)
    span = now - dt.timedelta(hours=1), now + dt.timedelta(hours=1)
    with people.login(role) as reader:
        found = history(reader, journal.folder, journal.place, *span)
    assert not found.log_read
    assert [line.title for line in found.lines] == [f"clone {shop} → {names('copy')}"]
