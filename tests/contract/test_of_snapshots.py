"""What hangs on snapshots: copies, and what nothing else can bring back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from moclone_tui import Client, Moment
from moclone_tui.cloning import coverage
from moclone_tui.cloning.compare import compare
from moclone_tui.cloning.comparison import Side
from moclone_tui.cloning.of_snapshots import (
    copied,
    databases_of,
    only_there,
    others_that_keep,
)
from moclone_tui.tui.snapshot_reads import Since
from moclone_tui.tui.snapshot_words import said_of

if TYPE_CHECKING:
    from tests.conftest import Names


def test_copies_of_a_snapshot_are_told_by_the_catalog(
    client: Client, names: Names
) -> None:
    """Whole databases by their name, tables by theirs; not what was restored."""
    shop, snap = names("shop"), names("snap")
    whole, part = names("whole"), names("part")
    client.execute(f"CREATE DATABASE {shop}")
    client.execute(f"CREATE TABLE {shop}.t (id INT PRIMARY KEY)")
    snapshot = client.snapshots.create(snap, "database", shop)
    client.execute(f"CREATE DATABASE {whole} CLONE {shop} {{SNAPSHOT = '{snap}'}}")
    client.execute(f"CREATE DATABASE {part}")
    client.execute(f"CREATE TABLE {part}.other CLONE {shop}.t {{SNAPSHOT = '{snap}'}}")
    client.execute(f"CREATE TABLE {part}.later CLONE {shop}.t")
    found = {each.name for each in copied(client) if each.of(snapshot)}
    assert found == {whole, f"`{part}`.`other`"}
    assert databases_of(client, snapshot) == (shop,)


def test_what_nothing_else_keeps(client: Client, names: Names) -> None:
    shop, snap = names("shop"), names("snap")
    client.execute(f"CREATE DATABASE {shop}")
    client.execute(f"CREATE TABLE {shop}.t (id INT PRIMARY KEY)")
    client.execute(f"CREATE TABLE {shop}.same (id INT PRIMARY KEY)")
    snapshot = client.snapshots.create(snap, "database", shop)
    client.execute(f"DROP TABLE {shop}.t")
    found = compare(client, Side(shop, at=Moment(snapshot=snap)), Side(shop))
    kept = coverage.look(client)
    assert coverage.HISTORY in others_that_keep(kept, snapshot, shop)
    assert only_there(kept, snapshot, found) == ()
    assert kept.snapshots is not None
    old = coverage.Kept(
        kept.account,
        kept.now,
        coverage.Window(kept.now),  # its history begins only now
        (),
        tuple(each for each in kept.snapshots if each.name == snap),
    )
    assert others_that_keep(old, snapshot, shop) == ()
    assert only_there(old, snapshot, found) == ("t",)


def test_a_table_that_others_point_to_was_not_altered(
    client: Client, names: Names
) -> None:
    """The catalog writes the parent anew for each foreign key that comes or goes."""
    shop, snap = names("shop"), names("snap")
    key = f"FOREIGN KEY (id) REFERENCES {shop}.parent(id)"
    for statement in (
        f"CREATE DATABASE {shop}",
        f"CREATE TABLE {shop}.parent (id INT PRIMARY KEY)",
        f"CREATE TABLE {shop}.child (id INT PRIMARY KEY, {key})",
    ):
        client.execute(statement)
    snapshot = client.snapshots.create(snap, "database", shop)
    client.execute(f"CREATE TABLE {shop}.copied CLONE {shop}.child")
    since = Since()
    while not since.done:
        about, work = since.look(snapshot)
        since.take(about, work(client), None)
    said = [(each.name, said_of(each)) for _, each in since.changed]
    assert said == [("copied", "is new")]
