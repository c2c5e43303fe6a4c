"""Copies that a server gets wrong without a word, and what moclone makes of them."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from moclone_tui import Client, CloneError, Moment, QueryError
from moclone_tui.cloning.look import server_clock
from moclone_tui.cloning.request import Mode, Pair, Request

from .looking import has_database, rows, tables

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conftest import Names, Server

HOUR = 3600 * 10**9


def texts(client: Client, request: Request) -> list[str]:
    return [
        f"{each.level}: {each.text}" for each in client.clone.plan(request).findings
    ]


@pytest.mark.parametrize("whose", ["client", "session"])
def test_without_autocommit_a_session_is_a_transaction_all_the_same(
    client: Client, watcher: Client, shop: str, names: Names, whose: str
) -> None:
    """Without BEGIN the server commits each clone, and ROLLBACK undoes none."""
    if whose == "client":
        client.execute("SET autocommit = 0")

    def fail() -> None:
        with client.session() as session:
            if whose == "session":
                session.execute("SET autocommit = 0")
            session.clone.clone_database(names("a"), shop)
            assert not has_database(watcher, names("a"))
            raise LookupError

    with pytest.raises(LookupError):
        fail()
    assert names.left_behind(watcher) == [shop]


def test_what_a_clone_has_not_is_named_before_and_after(
    server: Server, client: Client, shop: str, names: Names
) -> None:
    """Sequences, procedures, functions: the server's clone is silent about them."""
    left_out = {"sequence ticket", "procedure p", "function f"}
    for statement in (
        f"USE `{shop}`",
        "CREATE SEQUENCE ticket",
        "CREATE FUNCTION f(a INT) RETURNS INT LANGUAGE SQL AS '$1 + 1'",
        "CREATE PROCEDURE p() 'begin select 1; end'",
    ):
        client.execute(statement)
    if server.kind == "real":
        client.execute("CREATE TEMPORARY TABLE mine (id INT PRIMARY KEY)")
    plan = client.clone.plan(Request.of(shop, names("copy")))
    assert {name for each in plan.findings for name in each.objects} == left_out
    done = client.clone.run(plan)
    assert (done.word, set(done.left_out)) == ("verified: counts", left_out)
    client.execute("DROP FUNCTION f(INT)")
    client.execute("DROP PROCEDURE p")


def test_a_copy_that_would_lose_its_partitions(
    server: Server, client: Client, shop: str, names: Names
) -> None:
    """3.0 copies the rows into a plain table."""
    client.execute(
        f"CREATE TABLE `{shop}`.parts (id INT PRIMARY KEY)"
        " PARTITION BY HASH (id) PARTITIONS 2"
    )
    client.execute(f"INSERT INTO `{shop}`.parts VALUES (1), (2)")
    plan = client.clone.plan(Request.of(shop, names("copy")))
    lost = "warning: parts loses its partitions on this server"
    told = lost in [f"{each.level}: {each.text}" for each in plan.findings]
    assert told is (server.version < (4,))
    done = client.clone.run(plan)
    assert done.word == "verified: counts"
    assert len(rows(client, f"`{names('copy')}`.parts")) == 2
    copies = {each.name: each for each in client.metadata.tables(names("copy"))}
    assert copies["parts"].partitioned is not told


@pytest.fixture
def family(client: Client, names: Names) -> Iterator[str]:
    """A child of a parent inside and of one in `other`, and views of all of them."""
    inside, other = names("inside"), names("other")
    keys = (
        f"CONSTRAINT to_near FOREIGN KEY (n) REFERENCES {inside}.near (id),"
        f" CONSTRAINT to_far FOREIGN KEY (f) REFERENCES {other}.far (id)"
    )
    for statement in (
        f"CREATE DATABASE {other}",
        f"CREATE TABLE {other}.far (id INT PRIMARY KEY)",
        f"INSERT INTO {other}.far VALUES (1), (2)",
        f"CREATE DATABASE {inside}",
        f"CREATE TABLE {inside}.near (id INT PRIMARY KEY)",
        f"INSERT INTO {inside}.near VALUES (1)",
        f"CREATE TABLE {inside}.child (id INT PRIMARY KEY, n INT, f INT, {keys})",
        f"INSERT INTO {inside}.child VALUES (1, 1, 1)",
        f"USE {inside}",
        f"CREATE VIEW of_far AS SELECT id FROM {other}.far",
    ):
        client.execute(statement)
    yield inside
    for (name,) in client.execute("SHOW DATABASES"):
        if name in (inside, names("copy")):
            client.execute(f"DROP DATABASE `{name}`")


@pytest.mark.parametrize("mode", [Mode.NATIVE, Mode.STEPWISE])
def test_what_points_inside_points_into_the_copy_and_the_rest_is_told(
    client: Client, family: str, names: Names, mode: Mode
) -> None:
    """A foreign key to elsewhere stays, and that database can then not be dropped."""
    copy = names("copy")
    if mode is Mode.NATIVE:
        client.execute(f"CREATE VIEW {family}.of_near AS SELECT id FROM {family}.near")
    plan = client.clone.plan(Request((Pair(family, copy),), mode=mode))
    assert plan.doing[0].stepwise is (mode is Mode.STEPWISE)
    (about,) = [each.text for each in plan.findings if "to_" in each.text]
    assert f"to_far of child goes on pointing to {names('other')}.far" in about
    assert client.clone.run(plan).word == "verified: counts"
    client.execute(f"DROP DATABASE {family}")
    for row in ("(2, 9, 1)", "(2, 1, 9)"):
        with pytest.raises(QueryError, match=r"(?i)foreign key"):
            client.execute(f"INSERT INTO {copy}.child VALUES {row}")
    client.execute(f"INSERT INTO {copy}.child VALUES (2, 1, 2)")
    assert rows(client, f"{copy}.of_far") == [(1,), (2,)]
    if mode is Mode.NATIVE:
        assert rows(client, f"{copy}.of_near") == [(1,)]


def test_views_that_read_other_databases_are_told(
    client: Client, family: str, names: Names
) -> None:
    """They stay as they are: the copy reads on from there."""
    client.execute(f"CREATE VIEW {family}.of_near AS SELECT id FROM {family}.near")
    said = texts(client, Request.of(family, names("copy")))
    assert f"warning: the copy's of_far goes on reading {names('other')}.far" in said
    assert not [each for each in said if "of_near" in each]


WRITTEN = {
    "insert": "INSERT INTO `{0}`.customers VALUES (4, 'Alan')",
    "update": "UPDATE `{0}`.customers SET name = 'x' WHERE id = 1",
    "replace": "REPLACE INTO `{0}`.customers VALUES (1, 'x')",
    "delete": "DELETE FROM `{0}`.customers WHERE id = 1",
    "truncate": "TRUNCATE TABLE `{0}`.customers",
    "alter": "ALTER TABLE `{0}`.customers ADD COLUMN more INT",
}


@pytest.mark.parametrize("what", ["database", "table"])
@pytest.mark.parametrize("how", WRITTEN)
def test_what_the_session_wrote_is_in_its_copy_or_there_is_none(
    client: Client, watcher: Client, shop: str, names: Names, how: str, what: str
) -> None:
    """A clone takes the rows of before, or (4.2) those beside the new ones."""
    copy = f"`{shop}`.copy" if what == "table" else f"`{names('copy')}`.customers"
    before = rows(watcher, f"`{shop}`.customers")

    def cloned() -> None:
        with client.session() as session:
            session.execute(WRITTEN[how].format(shop))
            if what == "table":
                session.clone.clone_table(f"{shop}.copy", f"{shop}.customers")
            else:
                session.clone.clone_database(names("copy"), shop)

    try:
        cloned()
    except CloneError as error:
        remedy = error.remedy
    else:
        assert rows(watcher, copy) == rows(watcher, f"`{shop}`.customers") != before
        return
    assert "commit() before" in remedy
    assert rows(watcher, f"`{shop}`.customers") == before
    assert names.left_behind(watcher) == [shop]
    assert "copy" not in tables(watcher, shop)


def test_what_was_committed_before_is_in_the_copy(
    client: Client, shop: str, names: Names
) -> None:
    with client.session() as session:
        session.execute(WRITTEN["update"].format(shop))
        session.commit()
        session.clone.clone_database(names("copy"), shop)
        session.clone.clone_table(f"{shop}.copy", f"{shop}.customers")
        session.execute(WRITTEN["insert"].format(shop))
    assert rows(client, f"`{shop}`.copy")[0] == (1, "x")
    assert len(rows(client, f"`{names('copy')}`.customers")) == 3


def test_binary_under_a_text_type_leaves_the_connection_in_step(
    client: Client, shop: str
) -> None:
    """Naming no columns, one gets bytes that are no text."""
    assert shop
    assert client.execute("SELECT * FROM mo_catalog.mo_tables LIMIT 50").rows
    assert client.execute("SELECT 7").first == (7,)


def test_nothing_rests_on_the_servers_estimates(client: Client, names: Names) -> None:
    """Just after a load they are 0, and so are those of a fresh copy."""
    source, copy = names("load"), names("copy")
    client.execute(f"CREATE DATABASE {source}")
    client.execute(f"CREATE TABLE {source}.t (id INT PRIMARY KEY)")
    values = ", ".join(f"({number})" for number in range(2000))
    client.execute(f"INSERT INTO {source}.t VALUES {values}")
    done = client.clone.run(client.clone.plan(Request.of(source, copy)))
    assert done.verdict is not None
    assert (done.word, done.verdict.rows) == ("verified: counts", 2000)
    assert client.clone.verify(copy, source).rows == 2000


@pytest.mark.parametrize("what", ["database", "table", "plan", "restore"])
def test_a_moment_in_the_future_is_refused_by_the_servers_clock(
    client: Client, watcher: Client, shop: str, names: Names, what: str
) -> None:
    """The server takes it, and copies whatever is there: a client's clock may lie."""
    ahead = Moment(ns=server_clock(client).ns + HOUR)
    if what in ("plan", "restore"):
        pair = Request.restore((shop,), ahead)
        plan = client.clone.plan(
            pair if what == "restore" else Request.of(shop, names("copy"), ahead)
        )
        assert "in the future" in plan.blockers[0].text
        with pytest.raises(CloneError, match="in the future"):
            client.clone.run(plan)
    elif what == "database":
        with pytest.raises(CloneError, match="in the future"):
            client.clone.clone_database(names("copy"), shop, at=ahead)
    else:
        with pytest.raises(CloneError, match="in the future"):
            client.clone.clone_table(f"{shop}.c", f"{shop}.orders", at=ahead)
    assert names.left_behind(watcher) == [shop]


def test_a_copy_numbers_its_rows_by_itself(
    client: Client, shop: str, names: Names
) -> None:
    """It goes on from another number, perhaps far ahead; none is given twice."""
    copy = names("copy")
    plan = client.clone.plan(Request.of(shop, copy))
    assert client.clone.run(plan).word == "verified: counts"
    for database in (copy, shop, copy, shop):
        client.execute(f"INSERT INTO `{database}`.orders (total) VALUES (1)")
    for database in (copy, shop):
        ids = [int(row[0]) for row in rows(client, f"`{database}`.orders")]
        assert ids[:2] == [1, 2]
        assert len(set(ids)) == 4
    when = client.clone.plan(Request.of(shop, copy)).at
    assert client.clone.verify(copy, shop, when).word == "verified: counts"


def test_several_databases_are_copied_at_one_moment(
    server: Server, client: Client, names: Names
) -> None:
    """One after another they would be of different moments."""
    sources = (names("a"), names("b"))
    for each in sources:
        client.execute(f"CREATE DATABASE {each}")
        client.execute(f"CREATE TABLE {each}.t (id INT PRIMARY KEY)")
    over, begun = threading.Event(), threading.Event()

    def write() -> None:
        with server.client() as writer:
            number = 0
            while not over.is_set():
                number += 1
                with writer.session() as session:
                    for each in sources:
                        session.execute(f"INSERT INTO {each}.t VALUES ({number})")
                if number == 5:
                    begun.set()

    thread = threading.Thread(target=write)
    thread.start()
    try:
        assert begun.wait(60)
        for turn in range(3):
            pairs = tuple(Pair(each, f"{each}_{turn}") for each in sources)
            done = client.clone.run(client.clone.plan(Request(pairs)))
            assert done.word == "verified: counts"
    finally:
        over.set()
        thread.join(60)
    for turn in range(3):
        first, second = (rows(client, f"{each}_{turn}.t") for each in sources)
        assert first == second
        assert len(first) >= 5
