"""Where copies came from: told by three witnesses, and never guessed."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from moclone_tui import Client, Moment, NotFound, TableName
from moclone_tui.cloning.lineage import Origin, Witness, lineage
from moclone_tui.cloning.making import Making, making
from moclone_tui.cloning.request import Request
from moclone_tui.jobs.clone import Copy
from moclone_tui.jobs.journal import Journal
from moclone_tui.jobs.model import JobSpec, JobState
from moclone_tui.jobs.records import known, read
from moclone_tui.jobs.runner import JobRunner

if TYPE_CHECKING:
    from tests.conftest import Names, Server

LATE = 40.0
"""Seconds to wait for what the server remembers of statements: it writes every 15."""


class Bench:
    """Runs jobs that are written down, and asks where things came from."""

    def __init__(self, server: Server, client: Client, folder: Path) -> None:
        self._client = client
        self._folder = folder
        self._runner = JobRunner(server.client, lambda _: None, journal=Journal(folder))

    def run(self, spec: JobSpec) -> None:
        assert self._runner.wait(self._runner.submit(spec), 60) is JobState.DONE

    def asks(self, database: str, table: str | None = None) -> dict[str, Origin]:
        """What each witness says."""
        said = lineage(self._client, known(read(self._folder)), database, table)
        return {str(each.witness): each for each in said}

    def asks_late(self, witness: Witness, database: str, table: str = "") -> Origin:
        """What a witness says who takes a while to hear of it."""
        deadline = time.monotonic() + LATE
        while witness not in (said := self.asks(database, table or None)):
            assert time.monotonic() < deadline, said
            time.sleep(1)
        return said[witness]


@pytest.fixture
def bench(server: Server, client: Client, tmp_path: Path) -> Bench:
    """A bench with a journal of its own."""
    return Bench(server, client, tmp_path)


def test_a_job_of_ours_is_told_by_the_journal(
    bench: Bench, client: Client, shop: str, names: Names
) -> None:
    client.snapshots.create(names("s"), "database", shop)
    bench.run(Copy(Request.of(shop, names("copy"), Moment(snapshot=names("s")))))
    said = bench.asks(names("copy"))
    assert next(iter(said)) == Witness.JOURNAL
    origin = said[Witness.JOURNAL]
    assert (origin.word, origin.source, origin.at) == ("clone", shop, names("s"))
    assert origin.when is not None
    assert f"clone of {shop} as of {names('s')}" in str(origin)
    assert said[Witness.CATALOG].source == shop
    assert said[Witness.CATALOG].at == names("s")


def test_a_name_that_another_object_has_by_now_proves_nothing(
    bench: Bench, client: Client, shop: str, names: Names
) -> None:
    copy = names("copy")
    bench.run(Copy(Request.of(shop, copy)))
    client.execute(f"DROP DATABASE `{copy}`")
    client.execute(f"CREATE DATABASE `{copy}`")
    client.execute(f"CREATE TABLE `{copy}`.orders (id INT)")
    for said in (bench.asks(copy), bench.asks(copy, "orders")):
        assert Witness.JOURNAL not in said
        assert Witness.CATALOG not in said
        assert "clone" not in {each.word for each in said.values()}


def test_a_table_is_told_by_the_journal_until_another_has_its_name(
    bench: Bench, client: Client, shop: str
) -> None:
    request = Request.of(TableName("orders", shop), TableName("copy", shop))
    bench.run(Copy(request))
    origin = bench.asks(shop, "copy")[Witness.JOURNAL]
    assert (origin.word, origin.source) == ("clone", f"`{shop}`.`orders`")
    client.execute(f"DROP TABLE `{shop}`.copy")
    client.execute(f"CREATE TABLE `{shop}`.copy (id INT)")
    assert Witness.JOURNAL not in bench.asks(shop, "copy")


def test_clones_of_any_client_are_told_by_the_catalog(
    bench: Bench, client: Client, shop: str, names: Names
) -> None:
    client.execute(f"CREATE DATABASE `{names('copy')}` CLONE `{shop}`")
    origin = bench.asks(names("copy"), "orders")[Witness.CATALOG]
    assert (origin.word, origin.source) == ("clone", f"`{shop}`.`orders`")
    assert origin.at.endswith("UTC")
    whole = bench.asks(names("copy"))[Witness.CATALOG]
    assert (whole.word, whole.source) == ("clone", shop)


def test_what_was_altered_is_unknown_never_original(
    bench: Bench, client: Client, shop: str, names: Names
) -> None:
    client.execute(f"CREATE TABLE `{shop}`.copy CLONE `{shop}`.orders")
    time.sleep(2.1)  # the server's clocks tell whole seconds
    client.execute(f"ALTER TABLE `{shop}`.copy ADD COLUMN more INT")
    (origin,) = bench.asks(shop, "copy").values()
    assert (origin.word, origin.witness) == ("unknown", None)
    assert str(origin) == "unknown"


def test_a_clone_of_itself_was_restored(
    bench: Bench, client: Client, shop: str, names: Names
) -> None:
    client.snapshots.create(names("s"), "database", shop)
    with client.session() as session:
        session.execute(f"DROP TABLE `{shop}`.orders")
        session.execute(
            f"CREATE TABLE `{shop}`.orders CLONE `{shop}`.orders"
            f" {{SNAPSHOT = '{names('s')}'}}"
        )
    origin = bench.asks(shop, "orders")[Witness.CATALOG]
    assert (origin.word, origin.at) == ("restored", names("s"))


def test_the_server_remembers_who_made_it(
    bench: Bench, client: Client, shop: str, names: Names
) -> None:
    client.execute(f"create database {names('copy')} clone {shop}")
    bench.run(Copy(Request.of(shop, names("ours"))))
    origin = bench.asks_late(Witness.STATEMENTS, names("copy"))
    assert (origin.word, origin.source) == ("clone", shop)
    assert origin.by.startswith("root@")
    assert origin.when is not None
    table = bench.asks_late(Witness.STATEMENTS, names("copy"), "orders")
    assert (table.word, table.source) == ("clone", f"`{shop}`.`orders`")
    made = bench.asks_late(Witness.STATEMENTS, shop)
    assert (made.word, made.source) == ("made", "")


def test_what_is_not_there_has_no_lineage(bench: Bench, names: Names) -> None:
    with pytest.raises(NotFound):
        bench.asks(names("none"))


@pytest.mark.parametrize(
    ("statement", "made"),
    [
        ("CREATE DATABASE d CLONE s", Making("d", "", "s")),
        ("create schema `D-1` clone `s``x` {mo_ts = 5}",
         Making("d-1", "", "s`x", at=Moment(ns=5))),
        ("CREATE TABLE IF NOT EXISTS t CLONE s.u {SNAPSHOT='n'}",
         Making("here", "t", "s", "u", Moment(snapshot="n"))),
        ("create table `d`.`t` clone `s`.`u`{MO_TS = 7}",
         Making("d", "t", "s", "u", Moment(ns=7))),
        ("CREATE TABLE `x.y` . `a``b`(id INT)", Making("x.y", "a`b")),
        ("DATA BRANCH CREATE DATABASE d FROM s", Making("d", "", "s")),
        ("RESTORE DATABASE d {SNAPSHOT = 's'}",
         Making("d", "", "d", "", Moment(snapshot="s"))),
        ("RESTORE ACCOUNT a DATABASE d TABLE t FROM SNAPSHOT s",
         Making("d", "t", "d", "t", Moment(snapshot="s"))),
        ("RESTORE ACCOUNT a FROM SNAPSHOT s", None),
        ("DROP TABLE t", None),
        ("", None),
    ],
)  # fmt: skip
def test_statements_tell_what_they_make(statement: str, made: Making | None) -> None:
    assert making(statement, "here") == made
