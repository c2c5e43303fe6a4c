"""The registry shares lives between people; what it says alone is not believed."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from moclone_tui import Client
from moclone_tui.cloning.request import Request
from moclone_tui.jobs.clone import Copy
from moclone_tui.jobs.journal import Place
from moclone_tui.jobs.keeping import Life, Made, write
from moclone_tui.jobs.keeping_look import Standing, expired, standing
from moclone_tui.jobs.reap import Reap
from moclone_tui.jobs.registry import Share, is_there, known, publish

from .looking import has_database
from .test_keeping import OVER, Keeper

if TYPE_CHECKING:
    from tests.conftest import Names, Server


@pytest.fixture
def server(embedded_server: Server) -> Server:
    """The embedded one alone: there is one registry on a server, and it is people's."""
    return embedded_server


@pytest.fixture
def ann(server: Server, client: Client, tmp_path: Path) -> Iterator[Keeper]:
    """Somebody who made the registry."""
    made = Keeper(server, client, tmp_path / "ann", Place("here", "root"))
    made.run(Share((), create=True))
    yield made
    client.execute("DROP DATABASE moclone")


@pytest.fixture
def bob(server: Server, client: Client, tmp_path: Path) -> Keeper:
    """Somebody else, with a journal of their own."""
    return Keeper(server, client, tmp_path / "bob", Place("here", "root"))


def seen_by(who: Keeper, name: str) -> Made:
    """What somebody knows of a name."""
    found = known(who.client, who.folder, who.place)
    assert found.shared
    (it,) = (each for each in found.made if str(each.object) == name)
    return it


def look(who: Keeper, name: str) -> Standing:
    """How something that has expired stands, as somebody sees it."""
    found = expired(who.client, known(who.client, who.folder, who.place).made)
    (it,) = (each for each in found if str(each.made.object) == name)
    return it


def reap(who: Keeper, name: str) -> str:
    """Let somebody drop one."""
    return who.run(Reap((seen_by(who, name).object,), who.folder, who.place))


def until_remembered(who: Keeper, name: str) -> None:
    """Wait until the server remembers who made it."""
    deadline = time.monotonic() + 60
    while "only the registry" in "; ".join(look(who, name).why):
        assert time.monotonic() < deadline
        time.sleep(0.2)


def test_without_one_it_is_the_journal_alone_and_nothing_is_written(
    bob: Keeper, client: Client, shop: str, names: Names
) -> None:
    bob.run(Copy(Request.of(shop, names("copy")), OVER))
    found = known(client, bob.folder, bob.place)
    assert not found.shared
    assert found.words == "as far as this machine's journal knows"
    assert [str(each.object) for each in found.made] == [names("copy")]
    assert not is_there(client)


def test_what_one_made_another_may_drop_once_the_server_confirms_it(
    ann: Keeper, bob: Keeper, client: Client, shop: str, names: Names
) -> None:
    ann.run(Copy(Request.of(shop, names("copy")), OVER))
    it = seen_by(bob, names("copy"))
    assert it.shared
    assert it.origin == f"copy of {shop}"
    until_remembered(bob, names("copy"))
    assert look(bob, names("copy")).why == ()
    assert reap(bob, names("copy")) == f"dropped {names('copy')}"
    assert not has_database(client, names("copy"))


def test_who_protects_it_protects_it_from_everybody(
    ann: Keeper, bob: Keeper, client: Client, shop: str, names: Names
) -> None:
    ann.run(Copy(Request.of(shop, names("copy")), OVER))
    it = seen_by(bob, names("copy"))
    bob.run(Share((write(it, replace(it.life, protected=True)),)))
    assert seen_by(ann, names("copy")).life.protected
    assert "it is protected" in reap(ann, names("copy"))
    assert has_database(client, names("copy"))
    bob.run(Share((write(it, Life(0)),)))
    assert reap(ann, names("copy")) == f"dropped {names('copy')}"


def test_what_only_the_registry_says_lets_nothing_go(
    ann: Keeper, bob: Keeper, client: Client, shop: str, names: Names
) -> None:
    """Whoever may write to it could name what they like: a job that made another."""
    ann.run(Copy(Request.of(shop, names("copy")), OVER))
    until_remembered(bob, names("copy"))
    theirs = seen_by(bob, names("copy"))
    client.execute(f"CREATE DATABASE `{names('precious')}`")
    number, created = client.execute(
        "SELECT CAST(dat_id AS CHAR), UNIX_TIMESTAMP(created_time)"
        " FROM mo_catalog.mo_database WHERE datname = %s",
        (names("precious"),),
    ).first
    forged = replace(
        theirs.object, name=names("precious"), id=str(number), created=int(created)
    )
    life = Life(0, disposable=True)
    publish(client, [replace(theirs, object=forged, life=life)])
    nobody = replace(theirs.job, job="")
    publish(client, [replace(theirs, object=forged, life=life, job=nobody)])
    assert "only the registry" in look(bob, names("precious")).why[0]
    assert "only the registry" in reap(bob, names("precious"))
    assert has_database(client, names("precious"))


@pytest.mark.parametrize(
    ("kind", "name", "created", "ends"),
    [
        ("database", "x", 9 * 10**18, None),
        ("database", "x", 1, 9 * 10**18),
        ("table", "a.b.c", 1, None),
        ("table", "`a`.`b", 1, None),
    ],
)
def test_a_row_that_means_nothing_hides_no_other(
    ann: Keeper, client: Client, shop: str, names: Names,
    kind: str, name: str, created: int, ends: int | None,
) -> None:  # fmt: skip
    ann.run(Copy(Request.of(shop, names("copy")), OVER))
    client.execute(
        "INSERT INTO moclone.registry (type, name, number, created, ends)"
        " VALUES (%s, %s, '7', %s, %s)",
        (kind, name, created, ends),
    )
    assert seen_by(ann, names("copy")).what == "copy"
    found = standing(client, known(client, ann.folder, ann.place).made)
    assert [str(each.made.object) for each in found] == [names("copy")]


def test_the_name_of_a_table_becomes_sql_only_quoted(
    bob: Keeper, ann: Keeper, client: Client
) -> None:
    client.execute(
        "INSERT INTO moclone.registry (type, name, number, created)"
        " VALUES ('table', 'a.b, c', '7', 1)"
    )
    (found,) = known(client, bob.folder, bob.place).made
    assert found.object.drop == "DROP TABLE `a`.`b, c`"
