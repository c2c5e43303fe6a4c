"""What moclone made has a life: what is over is dropped, and nothing else ever is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from moclone_tui import Client, Moment, SnapshotLevel, TableName
from moclone_tui.cloning.identity import Object
from moclone_tui.cloning.request import IfExists, Request
from moclone_tui.jobs.clone import Copy
from moclone_tui.jobs.journal import Journal, Place
from moclone_tui.jobs.keeping import Keep, Life, Made, lives, made, write
from moclone_tui.jobs.keeping_look import Standing, expired, standing
from moclone_tui.jobs.model import JobContext, JobEvent, JobSpec, JobState, Outcome
from moclone_tui.jobs.pace import Pace
from moclone_tui.jobs.reap import Reap
from moclone_tui.jobs.records import known, read
from moclone_tui.jobs.runner import JobRunner
from moclone_tui.jobs.snapshot import TakeSnapshot

from .looking import has_database, rows

if TYPE_CHECKING:
    from tests.conftest import Names, Server

OVER = Keep(0)
"""A life that is over at once."""
WEEK = Keep(7 * 86400)


@dataclass
class Keeper:
    """Runs jobs that are written down, and looks at what came of them."""

    server: Server
    client: Client
    folder: Path
    place: Place
    events: list[JobEvent] = field(default_factory=list)

    def run(self, spec: JobSpec) -> str:
        """Run a job to its end; gives what came of it."""
        journal = Journal(self.folder, self.place)
        runner = JobRunner(self.server.client, self.events.append, journal=journal)
        assert runner.wait(runner.submit(spec), 60).ended
        assert self.events[-1].error is None, self.events[-1].error
        return self.events[-1].text

    def made(self, name: str) -> Made:
        """What the journal has of a name."""
        (found,) = (x for x in made(self.folder, self.place) if name == str(x.object))
        return found

    def expired(self) -> dict[str, Standing]:
        """What has expired, by name."""
        found = expired(self.client, made(self.folder, self.place))
        return {str(each.made.object): each for each in found}

    def reap(self, *names: str) -> str:
        """Drop what has expired, or these; gives what came of it."""
        chosen = names or tuple(self.expired())
        objects = tuple(self.made(name).object for name in chosen)
        return self.run(Reap(objects, self.folder, self.place))

    def reap_while(self, name: str, do: Callable[[], object]) -> Outcome:
        """Drop one, and do something once it was looked at, before it is dropped."""
        begun: list[str] = []

        def emit(text: str, _: float | None) -> None:
            if not text and not begun:
                begun.append(text)
                do()

        with self.server.client() as client:
            context = JobContext(client, emit, lambda: 0.0, Pace(0.0))
            job = Reap((self.made(name).object,), self.folder, self.place)
            return job.run(context)


@pytest.fixture
def keeper(server: Server, client: Client, tmp_path: Path) -> Keeper:
    """A journal of the test's own."""
    return Keeper(server, client, tmp_path, Place("here", "root"))


@pytest.fixture
def copy(keeper: Keeper, shop: str, names: Names) -> str:
    """A copy as of a snapshot, whose life is over."""
    keeper.client.snapshots.create(names("s"), "database", shop)
    at = Moment(snapshot=names("s"))
    assert keeper.run(Copy(Request.of(shop, names("copy"), at), OVER)).startswith("ver")
    return names("copy")


def test_what_has_expired_is_dropped_and_what_has_not_is_not(
    keeper: Keeper, client: Client, shop: str, copy: str, names: Names
) -> None:
    keeper.run(Copy(Request.of(shop, names("young")), WEEK))
    keeper.run(Copy(Request.of(shop, names("forever"))))
    (found,) = keeper.expired().values()
    assert str(found.made.object) == copy
    assert found.made.origin == f"copy of {shop} as of {names('s')}"
    assert found.change is not None
    assert found.change.yes is False
    assert found.why == ()
    assert keeper.reap() == f"dropped {copy}"
    assert not has_database(client, copy)
    assert has_database(client, names("young"))
    assert keeper.expired() == {}
    for name in ("young", "forever"):
        assert "it has not expired" in keeper.reap(names(name))
    assert has_database(client, names("young"))
    assert has_database(client, shop)


def test_another_object_of_the_name_is_never_dropped(
    keeper: Keeper, client: Client, copy: str
) -> None:
    client.execute(f"DROP DATABASE `{copy}`")
    client.execute(f"CREATE DATABASE `{copy}`")
    found = keeper.expired()[copy]
    assert found.state == "another"
    assert found.why == (f"{copy} is another database by now",)
    assert "another database" in keeper.reap(copy)
    assert has_database(client, copy)


def test_another_of_the_name_made_meanwhile_is_not_dropped_either(
    keeper: Keeper, watcher: Client, copy: str
) -> None:
    def anew() -> None:
        watcher.execute(f"DROP DATABASE `{copy}`")
        watcher.execute(f"CREATE DATABASE `{copy}`")

    assert "another database" in keeper.reap_while(copy, anew).text
    assert has_database(watcher, copy)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE `{0}`.customers SET name = 'Bea' WHERE id = 1",
        "INSERT INTO `{0}`.customers VALUES (9, 'Kay')",
        "DELETE FROM `{0}`.customers WHERE id = 1",
        "CREATE TABLE `{0}`.more (id INT)",
    ],
)
def test_what_was_changed_is_dropped_only_if_it_is_disposable(
    keeper: Keeper, client: Client, copy: str, change: str, server: Server
) -> None:
    if "CREATE" in change:
        until(client, keeper.made(copy).done)
    client.execute(change.format(copy))
    found = keeper.expired()[copy]
    assert found.change is not None
    assert found.change.yes is not False
    assert "changed" in found.why[0]
    assert "was left: " in keeper.reap(copy)
    assert has_database(client, copy)
    it = keeper.made(copy)
    write(it, replace(it.life, disposable=True))
    assert keeper.reap() == f"dropped {copy}"
    assert not has_database(client, copy)


def until(client: Client, clock: int) -> None:
    """Wait until the server's clock is beyond a second."""
    while client.execute("SELECT UNIX_TIMESTAMP(NOW(6))").first[0] <= clock:
        client.execute("SELECT SLEEP(0.1)")


def test_a_change_while_it_is_being_dropped_saves_it(
    keeper: Keeper, watcher: Client, copy: str
) -> None:
    """It is looked at once more when nobody can write to it any more."""
    insert = f"INSERT INTO `{copy}`.customers VALUES (9, 'Kay')"
    end = keeper.reap_while(copy, lambda: watcher.execute(insert))
    assert end.state is JobState.SKIPPED
    assert "differs from" in end.text
    assert len(rows(watcher, f"`{copy}`.customers")) == 4


def test_what_is_protected_is_left_even_at_the_last_moment(
    keeper: Keeper, client: Client, copy: str
) -> None:
    it = keeper.made(copy)
    end = keeper.reap_while(copy, lambda: write(it, Life(0, protected=True)))
    assert "it is protected" in end.text
    assert has_database(client, copy)
    assert keeper.expired() == {}
    assert "it is protected" in keeper.reap(copy)
    write(keeper.made(copy), Life(0))
    assert keeper.reap() == f"dropped {copy}"


def test_a_table_is_dropped_and_one_that_was_altered_is_not(
    keeper: Keeper, client: Client, shop: str
) -> None:
    for target in ("one", "two"):
        table = TableName(target, shop)
        keeper.run(Copy(Request.of(TableName("orders", shop), table), OVER))
    until(client, keeper.made(f"{shop}.two").object.created + 1)
    client.execute(f"ALTER TABLE `{shop}`.two ADD COLUMN note VARCHAR(9)")
    text = keeper.reap()
    assert f"dropped {shop}.one" in text
    assert f"{shop}.two was left" in text
    left = {each.name for each in client.metadata.tables(shop)}
    assert {"orders", "two"} <= left
    assert "one" not in left


def test_what_is_restored_has_no_life_and_its_way_back_has(
    keeper: Keeper, client: Client, shop: str, names: Names
) -> None:
    client.snapshots.create(names("s"), "database", shop)
    at = Moment(snapshot=names("s"))
    text = keeper.run(Copy(Request.restore((shop,), at), OVER))
    (back,) = keeper.expired().values()
    assert back.made.what == "way back"
    assert str(back.made.object) in text
    assert "whether it was changed is not known" in back.why[0]
    keeper.reap()
    assert has_database(client, str(back.made.object))
    write(back.made, Life(0, disposable=True))
    keeper.reap()
    assert not has_database(client, str(back.made.object))
    assert has_database(client, shop)


def test_what_was_there_already_is_not_what_moclone_made(
    keeper: Keeper, client: Client, shop: str, names: Names
) -> None:
    client.execute(f"CREATE DATABASE `{names('there')}`")
    request = Request.of(shop, names("there"), if_exists=IfExists.SKIP)
    assert "left alone" in keeper.run(Copy(request, OVER))
    assert made(keeper.folder, keeper.place) == ()
    assert known(read(keeper.folder)) == []


def test_a_default_does_not_end_what_takes_the_place_of_something(
    keeper: Keeper, client: Client, shop: str, names: Names
) -> None:
    """The name was somebody's: only who says so lets it expire."""
    client.execute(f"CREATE DATABASE `{names('there')}`")
    request = Request.of(shop, names("there"), if_exists=IfExists.REPLACE)
    request = replace(request, way_back=False)
    keeper.run(Copy(request, replace(OVER, default=True)))
    assert keeper.expired() == {}
    keeper.run(Copy(request, OVER))
    assert list(keeper.expired()) == [names("there")]


def test_a_snapshot_is_dropped_and_said_to_be_the_last_that_keeps_it(
    keeper: Keeper, client: Client, shop: str, names: Names
) -> None:
    take = TakeSnapshot(names("snap"), SnapshotLevel.DATABASE, shop, keep=OVER)
    keeper.run(take)
    at = Moment(snapshot=names("snap"))
    keeper.run(Copy(Request.of(shop, names("copy"), at)))
    found = keeper.expired()[names("snap")]
    assert f"{names('copy')} was copied from it" in found.needs
    client.snapshots.delete(names("snap"))
    client.snapshots.create(names("snap"), "database", shop)
    assert "another snapshot" in keeper.reap(names("snap"))
    client.snapshots.delete(names("snap"))
    keeper.run(take)
    assert keeper.reap() == f"dropped {names('snap')}"
    assert not client.snapshots.exists(names("snap"))


def test_copies_go_before_the_snapshot_that_shows_they_are_unchanged(
    keeper: Keeper, client: Client, shop: str, names: Names
) -> None:
    keeper.run(TakeSnapshot(names("snap"), SnapshotLevel.DATABASE, shop, keep=OVER))
    at = Moment(snapshot=names("snap"))
    keeper.run(Copy(Request.of(shop, names("copy"), at), OVER))
    client.execute(f"DELETE FROM `{shop}`.customers WHERE id = 1")
    assert keeper.reap(names("snap"), names("copy")) == (
        f"dropped {names('copy')}, {names('snap')}"
    )


def test_what_a_foreign_key_points_at_is_left(
    keeper: Keeper, client: Client, copy: str, names: Names
) -> None:
    client.execute(f"CREATE DATABASE `{names('child')}`")
    client.execute(
        f"CREATE TABLE `{names('child')}`.c (id INT, FOREIGN KEY (id)"
        f" REFERENCES `{copy}`.customers (id))"
    )
    it = keeper.made(copy)
    write(it, Life(0, disposable=True))
    assert "points at it" in keeper.expired()[copy].why[0]
    assert "points at it" in keeper.reap(copy)
    assert has_database(client, copy)
    client.execute(f"DROP DATABASE `{names('child')}`")
    assert keeper.reap() == f"dropped {copy}"


def test_what_an_open_transaction_holds_is_left_and_not_waited_for(
    keeper: Keeper, client: Client, server: Server, copy: str
) -> None:
    with server.client() as other, other.session() as session:
        session.execute(f"INSERT INTO `{copy}`.customers VALUES (9, 'Kay')")
        assert "in a transaction" in keeper.reap(copy)
        session.rollback()
    assert keeper.reap() == f"dropped {copy}"


def test_what_one_has_more_than_its_source_is_what_dropping_it_frees(
    keeper: Keeper, client: Client, copy: str
) -> None:
    """Never a guess: bytes, or that nobody knows."""
    found = keeper.expired()[copy]
    assert found.frees == 0 or (found.frees is None and found.frees_words)


def test_lives_are_known_without_asking_a_server(
    keeper: Keeper, client: Client, shop: str, names: Names
) -> None:
    keeper.run(Copy(Request.of(shop, names("copy")), WEEK))
    keeper.run(TakeSnapshot(names("s"), SnapshotLevel.DATABASE, shop, keep=WEEK))
    found = lives(keeper.folder, keeper.place)
    (copy,) = [x for x in client.metadata.databases() if x.name == names("copy")]
    snapshot = client.snapshots.get(names("s"))
    assert copy.created is not None
    created = int(copy.created.timestamp())
    assert found["database", copy.name, created].until == created + 7 * 86400
    assert ("snapshot", snapshot.name, snapshot.ts // 10**9) in found
    assert ("database", copy.name, created + 1) not in found


def test_what_another_place_made_is_not_seen(keeper: Keeper, copy: str) -> None:
    assert made(keeper.folder, Place("elsewhere", "root")) == ()
    assert made(keeper.folder, Place("here", "acme#root")) == ()


def test_what_is_gone_is_not_listed(keeper: Keeper, client: Client, copy: str) -> None:
    client.execute(f"DROP DATABASE `{copy}`")
    assert standing(client, made(keeper.folder, keeper.place)) == ()
    gone = Reap((Object("database", copy, id="1"),), keeper.folder, keeper.place)
    assert "nothing that moclone made" in keeper.run(gone)
