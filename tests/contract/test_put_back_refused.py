"""Put back: what cannot be, and what others do meanwhile."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from moclone_tui import (
    Cancelled,
    Client,
    CloneError,
    ConfigError,
    ConnectionError,
    InvalidName,
    Moment,
    OutcomeUnknown,
    TableName,
)
from moclone_tui.cloning.progress import Step
from moclone_tui.cloning.put_back import PutBack
from moclone_tui.cloning.put_back_look import make
from moclone_tui.cloning.put_back_run import carry_out
from moclone_tui.jobs.model import JobState
from moclone_tui.jobs.put_back import PutBackJob
from moclone_tui.jobs.runner import JobRunner

from .accident import Meddling, Past

if TYPE_CHECKING:
    from tests.conftest import Names, Server

    from .running import Log


def test_columns_that_cannot_be_put_back(goods: Past) -> None:
    said = goods.said("t", "id", "nope")
    assert "blocker: id is part of the key, which tells what is what" in said
    assert f"blocker: {goods.database}.t has no column nope" in said


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ("CREATE VIEW @.x AS SELECT * FROM @.t", "x is a view, not a table"),
        ("CREATE SEQUENCE @.x", "x is a sequence, not a table"),
        (
            "CREATE EXTERNAL TABLE @.x (a INT) INFILE{'filepath'='n.csv'}",
            "x is an external table",
        ),
    ],
)
def test_only_tables_have_rows_to_put_back(how: str, said: str, goods: Past) -> None:
    goods.do(how)
    goods.then()
    assert said in goods.said("x")


def test_a_tables_kind_is_not_told_by_its_names(past: Past, log: Log) -> None:
    name = "my view x"
    past.do(
        f"CREATE TABLE @.`{name}` (id INT PRIMARY KEY, last_seq_num INT)",
        f"INSERT INTO @.`{name}` VALUES (1, 7)",
    )
    past.then()
    past.do(f"DELETE FROM @.`{name}`")
    end = log.run(PutBackJob(past.request(name)))
    assert end.state is JobState.DONE, end
    assert past.do(f"SELECT * FROM @.`{name}`") == ((1, 7),)


def test_what_was_no_table_then(goods: Past) -> None:
    goods.do("CREATE VIEW @.x AS SELECT * FROM @.t")
    goods.then()
    goods.do("DROP VIEW @.x", "CREATE TABLE @.x (id INT PRIMARY KEY)")
    said = goods.said("x")
    assert re.search(r"blocker: \S+\.x at 20.* is a view, not a table", said)


def test_what_is_not_there_now_or_then(goods: Past) -> None:
    assert f"{goods.database}.none does not exist" in goods.said("none")
    goods.do("CREATE TABLE @.later (id INT PRIMARY KEY)")
    assert "later did not exist at 20" in goods.said("later")


def test_a_moment_without_history_or_ahead(goods: Past) -> None:
    ages_ago = Moment(ns=10**18)
    (why,) = goods.plan(at=ages_ago).blockers
    assert re.search("did not exist at 2001-09-09 01:46:40 UTC", why.text)
    ahead = Moment(ns=goods.moment.ns + 3600 * 10**9)
    assert "lies in the future" in goods.plan(at=ahead).blockers[0].text


def test_a_snapshot_that_is_not_there_or_of_something_else(
    goods: Past, names: Names
) -> None:
    at = Moment(snapshot=names("none"))
    assert "does not exist" in goods.plan(at=at).blockers[0].text
    goods.do("CREATE TABLE @.other (id INT PRIMARY KEY)")
    goods.client.snapshots.create(names("o"), "table", goods.database, "other")
    at = Moment(snapshot=names("o"))
    (why,) = goods.plan(at=at).blockers
    assert f"covers {goods.database}.other, not {goods.database}.t" in why.text


def test_the_snapshot_of_another_account_is_none_of_this_table(
    goods: Past, names: Names
) -> None:
    account = names("acc")
    goods.do(f"CREATE ACCOUNT {account} ADMIN_NAME 'adm' IDENTIFIED BY '111'")
    goods.client.snapshots.create(names("s"), "account", account=account)
    at = Moment(snapshot=names("s"))
    assert f"covers account {account}" in goods.plan(at=at).blockers[0].text


@pytest.mark.parametrize("database", ["mo_catalog", "MYSQL"])
def test_the_servers_own_tables_are_left_alone(database: str, goods: Past) -> None:
    plan = make(goods.client, PutBack(TableName("mo_user", database), goods.moment))
    assert "is the server's own database" in plan.blockers[0].text


def test_a_request_says_what_and_when(goods: Past) -> None:
    wrongs: tuple[Callable[[], PutBack], ...] = (
        lambda: PutBack(TableName("t"), goods.moment),
        lambda: PutBack(TableName("t", "d"), Moment()),
        lambda: PutBack(TableName("t", "d"), goods.moment, rows=False),
    )
    for wrong in wrongs:
        with pytest.raises(InvalidName):
            wrong()


# ---------------------------------------------------------- another layout since


def test_what_both_layouts_have_comes_back(past: Past, log: Log) -> None:
    past.do(
        "CREATE TABLE @.t (id INT PRIMARY KEY, v INT, lost INT)",
        "INSERT INTO @.t VALUES (1, 1, 1), (2, 2, 2)",
    )
    past.then()
    past.do(
        "DELETE FROM @.t WHERE id = 2",
        "ALTER TABLE @.t DROP COLUMN lost",
        "ALTER TABLE @.t ADD COLUMN added INT DEFAULT 7",
        "ALTER TABLE @.t MODIFY COLUMN v BIGINT",
    )
    said = past.said()
    assert "warning: v was int then and is bigint now: its values are conv" in said
    assert "warning: lost is no column any more: its values stay behind" in said
    assert "note: added was not there then: rows come back with its default" in said
    assert log.run(PutBackJob(past.request())).state is JobState.DONE
    assert past.rows("t") == [(1, 1, 7), (2, 2, 7)]
    assert "blocker: added was not there" in past.said("t", "added", rows=False)


def test_another_key_since_blocks(past: Past) -> None:
    past.do("CREATE TABLE @.t (a INT PRIMARY KEY, b INT NOT NULL)")
    past.then()
    past.do(
        "DROP TABLE @.t",
        "CREATE TABLE @.t (a INT NOT NULL, b INT PRIMARY KEY)",
    )
    assert "blocker: the key of" in past.said()
    assert "was (a) then and is (b) now" in past.said()


# ------------------------------------------------------------ what comes between


STEPS = 6
"""Check, BEGIN, UPDATE, INSERT, verify, COMMIT."""


def test_there_are_six_steps(goods: Past) -> None:
    heard = Meddling()
    carry_out(goods.client, goods.request("t", "v"), heard)
    assert len(heard.steps) == STEPS
    assert heard.steps[-2].startswith("verify")


@pytest.mark.parametrize("step", range(STEPS))
def test_stopped_before_any_step_nothing_is_kept(step: int, goods: Past) -> None:
    held = goods.rows("t")

    def stop(_: int) -> None:
        raise Cancelled("Stopped.")

    with pytest.raises(Cancelled):
        carry_out(goods.client, goods.request("t", "v"), Meddling(step, stop))
    assert goods.rows("t") == held
    goods.do("UPDATE @.t SET v = 'x' WHERE id = 4")  # nothing holds it


@pytest.mark.parametrize("step", range(1, STEPS))
def test_cut_off_before_any_step_nothing_is_kept(
    step: int, goods: Past, watcher: Client
) -> None:
    held = goods.rows("t")

    def cut(connection: int) -> None:
        watcher.execute(f"KILL {connection}")

    meddling = Meddling(step, cut)
    with pytest.raises((OutcomeUnknown, ConnectionError)) as caught:
        carry_out(goods.client, goods.request("t", "v"), meddling)
    assert isinstance(caught.value, OutcomeUnknown) == (step == STEPS - 1)
    assert goods.rows("t") == held
    goods.do("UPDATE @.t SET v = 'x' WHERE id = 4")


@pytest.mark.parametrize(
    "meanwhile",
    [
        "INSERT INTO @.t VALUES (50, 'theirs', 50)",
        "DELETE FROM @.t WHERE id = 5",
        "UPDATE @.t SET n = 99 WHERE id = 1",
        "UPDATE @.t SET v = 'theirs' WHERE id = 5",
    ],
)
@pytest.mark.parametrize("step", range(1, STEPS))
def test_what_others_commit_meanwhile_is_heeded(
    step: int, meanwhile: str, goods: Past, watcher: Client
) -> None:
    def meddle(_: int) -> None:
        watcher.execute(meanwhile.replace("@", goods.database))

    carry_out(goods.client, goods.request("t", "v"), Meddling(step, meddle))
    found = {row[0]: row for row in goods.rows("t")}
    assert found[2] == (2, "v2", 2)
    assert found[4] == (4, "v4", None)
    assert found[6] == (6, "new", 6)
    if "50" in meanwhile:
        assert found[50] == (50, "theirs", 50)
    if "99" in meanwhile:
        assert found[1] == (1, "v1", 99)
    # What came last, after everything was looked at, is newer than the put-back.
    newer = step == STEPS - 1
    assert (5 not in found) == (newer and "DELETE" in meanwhile)
    if 5 in found:
        assert (found[5][1] == "theirs") == (newer and "theirs' WHERE" in meanwhile)


def test_a_row_that_others_bring_back_meanwhile_is_theirs(
    goods: Past, watcher: Client
) -> None:
    def meddle(_: int) -> None:
        watcher.execute(f"INSERT INTO {goods.database}.t VALUES (2, 'theirs', 0)")

    heard = Meddling(2, meddle)
    assert carry_out(goods.client, goods.request("t"), heard).rows == 1
    assert goods.rows("t")[1] == (2, "theirs", 0)


def test_a_table_that_others_change_all_the_time_is_left_alone(
    goods: Past, watcher: Client
) -> None:
    changes = iter(
        [
            f"UPDATE {goods.database}.t SET n = 0 WHERE id = 1",
            f"UPDATE {goods.database}.t SET n = 0 WHERE id = 5",
            f"DELETE FROM {goods.database}.t WHERE id = 5",
        ]
    )

    class Always(Meddling):
        @contextmanager
        def step(self, text: str, *, seconds: float | None = None) -> Iterator[Step]:
            if text == "verify":
                watcher.execute(next(changes))
            with super().step(text, seconds=seconds) as step:
                yield step

    heard = Always()
    with pytest.raises(CloneError, match="It was rolled back: ") as caught:
        carry_out(goods.client, goods.request("t"), heard)
    assert "Others may be writing to the table" in caught.value.remedy
    assert sum("begun anew" in said for said in heard.said) == 2
    assert "COMMIT" not in heard.steps
    assert goods.rows("t") == [(1, "v1", 0), (4, "bad", None), (6, "new", 6)]


# ------------------------------------------------------------------------ rights


def test_without_the_right_to_look_nothing_is_sent(
    goods: Past, names: Names, server: Server
) -> None:
    account = names("low")
    goods.do(f"CREATE ACCOUNT {account} ADMIN_NAME 'adm' IDENTIFIED BY '111'")
    with server.client(user=f"{account}#adm", password="111") as admin:
        shop = Past(admin, "shop")
        shop.do(
            "CREATE TABLE @.t (id INT PRIMARY KEY)",
            "INSERT INTO @.t VALUES (1), (2)",
            "CREATE USER low IDENTIFIED BY '111'",
            "CREATE ROLE reader",
            "GRANT reader TO low",
            "GRANT CONNECT ON ACCOUNT * TO reader",
            "GRANT SELECT ON TABLE shop.t TO reader",
        )
        shop.then()
        shop.do("DELETE FROM @.t")
    with server.client(user=f"{account}#low#reader", password="111") as low:
        (why,) = make(low, shop.request()).blockers
    assert why.text == "there is no right to see what makes shop.t"
    assert "role" in why.remedy


def test_a_read_only_profile_puts_nothing_back(server: Server, goods: Past) -> None:
    runner = JobRunner(server.client, lambda _: None, read_only=True)
    with pytest.raises(ConfigError, match="read-only"):
        runner.submit(PutBackJob(goods.request()))
