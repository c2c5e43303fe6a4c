"""Put back: what was lost comes back, and nothing else is touched."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from moclone_tui import Moment
from moclone_tui.cloning.put_back_look import sample
from moclone_tui.jobs.model import JobState
from moclone_tui.jobs.put_back import PutBackJob

from .accident import reading
from .restoring import tidy

if TYPE_CHECKING:
    from tests.conftest import Names, Server

    from .accident import Past
    from .running import Log


# ------------------------------------------------------------------- the accident


@pytest.fixture
def _tidied(server: Server, names: Names) -> Iterator[None]:
    yield
    tidy(server, names)


def _kept(past: Past, role: str, pitr: str) -> tuple[object, ...]:
    """What a table loses if it is dropped: its number, grants, and PITR."""
    name = past.database
    number = past.client.execute(
        "SELECT rel_id FROM mo_catalog.mo_tables WHERE reldatabase = %s"
        " AND relname = 'orders' AND account_id = 0",
        (name,),
    ).rows
    grants = sorted(past.client.execute(f"SHOW GRANTS FOR ROLE {role}").rows)
    status = past.client.execute(
        "SELECT pitr_status, obj_id FROM mo_catalog.mo_pitr WHERE pitr_name = %s",
        (pitr,),
    ).rows
    return number, grants, status


@pytest.mark.usefixtures("_tidied")
def test_the_accident_is_undone_and_nobody_notices(
    server: Server, past: Past, log: Log, names: Names
) -> None:
    past.do("CREATE TABLE @.orders (id INT PRIMARY KEY AUTO_INCREMENT, total INT)")
    past.fill("orders", "(total)", "({0})", 12_000)
    role, pitr = names("r"), names("p")
    past.do(
        f"CREATE ROLE {role}",
        f"GRANT SELECT, INSERT ON TABLE @.orders TO {role}",
        f"CREATE PITR {pitr} FOR TABLE @ orders RANGE 1 'h'",
    )
    kept = _kept(past, role, pitr)
    past.then()
    before = past.rows("orders")
    past.do("DELETE FROM @.orders WHERE id <= 5000")
    past.do("INSERT INTO @.orders VALUES (20001, 1), (20002, 2)")
    with reading(server, f"SELECT COUNT(*) FROM {past.database}.orders") as seen:
        end = log.run(PutBackJob(past.request("orders")))
    assert end.state is JobState.DONE, end
    assert end.text.startswith("verified: rows · 5,000 rows came back")
    assert past.rows("orders") == [*before, (20001, 1), (20002, 2)]
    assert _kept(past, role, pitr) == kept
    assert kept[1]
    assert kept[2]
    assert set(seen) <= {7002, 12_002}
    assert sorted(seen) == seen


# ------------------------------------------------------------------------- plans


def test_the_plan_counts_what_it_would_do_and_does_nothing(goods: Past) -> None:
    held = goods.rows("t")
    plan = goods.plan("t", "v")
    assert goods.rows("t") == held
    assert (plan.rows, plan.cells) == (2, 1)
    assert plan.counts is not None
    assert (plan.counts.then, plan.counts.now, plan.counts.newer) == (5, 4, 1)
    assert plan.counts.differ == {"v": 1, "n": 1}
    said = goods.said("t", "v")
    assert "note: 2 rows come back; 4 are there now, 1 of them newer" in said
    assert "warning: v is overwritten with what it was in 1 row" in said
    assert "note: 1 row has another n now: it is kept" in said


def test_the_sample_shows_what_comes_back_and_what_is_overwritten(goods: Past) -> None:
    shown = sample(goods.client, goods.plan("t", "v"), limit=1)
    assert shown.as_lines() == [
        "+ id '2', v 'v2', n '2'",
        "~ id 4: v 'bad' → 'v4'",
    ]
    goods.do("INSERT INTO @.t VALUES (2, 'x', 2), (3, NULL, 3)")
    assert sample(goods.client, goods.plan("t", "v")).gone == ()


def test_the_script_does_the_same_by_any_client(goods: Past) -> None:
    script = goods.plan("t", "v").as_script()
    (look,) = (line for line in script.splitlines() if line.startswith("SELECT"))
    assert _numbers(goods, look) == {"still_gone": 2, "differ": 1}
    for statement in script.splitlines():
        if statement == look:
            assert _numbers(goods, look) == {"still_gone": 0, "differ": 0}
        elif not statement.startswith("--"):
            goods.client.execute(statement)
    assert "-- still_gone has to be 0, and differ 0; else: ROLLBACK;" in script
    assert goods.rows("t") == [
        (1, "v1", 1), (2, "v2", 2), (3, "v3", 3), (4, "v4", None), (5, "v5", 5),
        (6, "new", 6),
    ]  # fmt: skip


def _numbers(past: Past, look: str) -> dict[str, object]:
    found = past.client.execute(look.removesuffix(";"))
    return dict(zip(found.columns, found.first, strict=True))


def test_the_script_says_what_stays_gone(goods: Past) -> None:
    assert "-- still_gone has to be 2, " in goods.plan("t", "v", rows=False).as_script()
    goods.do(
        "CREATE UNIQUE INDEX once ON @.t (v)", "UPDATE @.t SET v = 'v2' WHERE id = 6"
    )
    assert "-- still_gone has to be 1, " in goods.plan().as_script()


def test_the_same_twice_has_nothing_to_do(goods: Past, log: Log) -> None:
    assert log.run(PutBackJob(goods.request())).state is JobState.DONE
    held = goods.rows("t")
    end = log.run(PutBackJob(goods.request()))
    assert (end.state, end.text) == (JobState.SKIPPED, "nothing to put back")
    assert goods.rows("t") == held
    assert "Nothing to do" in goods.plan().as_script()


# ---------------------------------------------------------------- rows and columns


def test_rows_come_back_and_the_rest_is_left_alone(goods: Past, log: Log) -> None:
    now = goods.rows("t")
    end = log.run(PutBackJob(goods.request()))
    assert "2 rows came back" in end.text, end
    assert goods.rows("t") == sorted([*now, (2, "v2", 2), (3, "v3", 3)])


def test_columns_come_back_and_no_row_does(goods: Past, log: Log) -> None:
    end = log.run(PutBackJob(goods.request("t", "V", "n", rows=False)))
    assert "2 values overwritten with what was" in end.text, end
    assert goods.rows("t") == [
        (1, "v1", 1), (4, "v4", 4), (5, "v5", 5), (6, "new", 6),
    ]  # fmt: skip


def test_names_and_keys_of_any_kind(past: Past, log: Log) -> None:
    past.do(
        "CREATE TABLE @.`o.d-d` (n INT, `a b` VARCHAR(9), p INT, `%s` INT,"
        " PRIMARY KEY (`a b`, n))",
        "INSERT INTO @.`o.d-d` VALUES (1, 'x', 1, NULL), (2, 'x', 2, 2)",
    )
    past.then()
    past.do(
        "DELETE FROM @.`o.d-d` WHERE n = 1",
        "UPDATE @.`o.d-d` SET p = NULL, `%s` = 9",
        "INSERT INTO @.`o.d-d` VALUES (1, 'y', 7, 7)",
    )
    end = log.run(PutBackJob(past.request("o.d-d", "p")))
    assert end.state is JobState.DONE, end
    assert sorted(past.do("SELECT * FROM @.`o.d-d`"), key=str) == [
        (1, "x", 1, None), (1, "y", 7, 7), (2, "x", 2, 9),
    ]  # fmt: skip


def test_more_rows_than_a_server_overwrites_at_once(past: Past, log: Log) -> None:
    """3.0 shows more than 8,192 overwritten rows wrongly until COMMIT."""
    past.do("CREATE TABLE @.t (id INT PRIMARY KEY, v INT, w INT)")
    past.fill("t", "(id, v, w)", "({0}, {0}, {0})", 18_000)
    past.then()
    before = past.rows("t")
    past.do("UPDATE @.t SET v = 0, w = 0 WHERE id > 1000")
    end = log.run(PutBackJob(past.request("t", "v", "w")))
    assert "34,000 values overwritten with what was" in end.text, end
    assert past.rows("t") == before


def test_what_was_there_before_can_be_read_and_put_back(goods: Past, log: Log) -> None:
    end = log.run(PutBackJob(goods.request("t", "v", "n", rows=False)))
    moment = re.search(r"\{MO_TS = \d+\}", end.text)
    assert moment is not None
    assert (4, "bad", None) in goods.do(f"SELECT * FROM @.t {moment[0]}")


def test_a_snapshot_is_a_moment(past: Past, log: Log, names: Names) -> None:
    past.do("CREATE TABLE @.t (id INT PRIMARY KEY)", "INSERT INTO @.t VALUES (1), (2)")
    past.client.snapshots.create(names("s"), "table", past.database, "t")
    past.do("DELETE FROM @.t")
    at = Moment(snapshot=names("s"))
    assert log.run(PutBackJob(past.request(at=at))).state is JobState.DONE
    assert past.rows("t") == [(1,), (2,)]


def test_times_that_the_server_sets_itself_are_kept(past: Past, log: Log) -> None:
    past.do(
        "CREATE TABLE @.t (id INT PRIMARY KEY, v INT,"
        " at DATETIME DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP)",
        "INSERT INTO @.t VALUES (1, 1, '2020-01-01')",
    )
    past.then()
    past.do("UPDATE @.t SET v = 2, at = '2021-01-01'")
    log.run(PutBackJob(past.request("t", "v", rows=False)))
    assert past.do("SELECT v, CAST(at AS CHAR) FROM @.t") == (
        (1, "2021-01-01 00:00:00"),
    )


def test_an_enum_comes_back(past: Past, log: Log) -> None:
    past.do(
        "CREATE TABLE @.t (id INT PRIMARY KEY, state ENUM('new', 'paid'), v INT)",
        "INSERT INTO @.t VALUES (1, 'new', 1), (2, 'paid', 2), (3, NULL, 3)",
    )
    past.then()
    past.do("UPDATE @.t SET state = 'paid', v = 9")
    end = log.run(PutBackJob(past.request("t", "state", rows=False)))
    assert end.state is JobState.DONE, end
    assert past.rows("t") == [(1, "new", 9), (2, "paid", 9), (3, None, 9)]


@pytest.mark.parametrize("how", ["TRUNCATE TABLE @.t", "DROP TABLE @.t"])
def test_a_table_that_was_emptied_or_made_anew(how: str, past: Past, log: Log) -> None:
    anew = "CREATE TABLE @.t (id INT PRIMARY KEY, v INT)"
    past.do(anew, "INSERT INTO @.t VALUES (1, 1), (2, 2)")
    past.then()
    past.do(how, *([anew] if "DROP" in how else []), "INSERT INTO @.t VALUES (2, 9)")
    assert log.run(PutBackJob(past.request())).state is JobState.DONE
    assert past.rows("t") == [(1, 1), (2, 9)]


def test_a_partitioned_table(past: Past, log: Log) -> None:
    past.do(
        "CREATE TABLE @.t (id INT PRIMARY KEY, v INT) PARTITION BY HASH(id)"
        " PARTITIONS 4",
        "INSERT INTO @.t VALUES (1, 1), (2, 2), (3, 3), (4, 4)",
    )
    past.then()
    past.do("DELETE FROM @.t WHERE id < 3", "UPDATE @.t SET v = 0")
    end = log.run(PutBackJob(past.request("t", "v")))
    assert end.state is JobState.DONE, end
    assert past.rows("t") == [(1, 1), (2, 2), (3, 3), (4, 4)]


# -------------------------------------------------------------- keys in the way


def test_rows_whose_unique_values_are_taken_are_counted_and_stay_away(
    past: Past, log: Log
) -> None:
    past.do(
        "CREATE TABLE @.t (id INT PRIMARY KEY, mail VARCHAR(9), a INT, b INT,"
        " UNIQUE KEY (mail), UNIQUE KEY (a, b))",
        "INSERT INTO @.t VALUES (1, 'a', 1, 1), (2, 'b', 2, 2), (3, NULL, 3, NULL)",
    )
    past.then()
    past.do("DELETE FROM @.t", "INSERT INTO @.t VALUES (9, 'a', 2, 2)")
    said = past.said()
    assert "1 row cannot come back: its value is taken by other rows now (mail)" in said
    assert "taken by other rows now (a, b)" in said
    end = log.run(PutBackJob(past.request()))
    assert end.state is JobState.DONE
    assert "1 row came back" in end.text
    assert "2 rows could not come back: their unique values are taken" in end.text
    assert past.rows("t") == [(3, None, 3, None), (9, "a", 2, 2)]


def test_a_unique_column_comes_back_unless_a_newer_row_has_its_value(
    past: Past, log: Log
) -> None:
    past.do(
        "CREATE TABLE @.t (id INT PRIMARY KEY, u INT UNIQUE)",
        "INSERT INTO @.t VALUES (1, 1), (2, 2), (3, 3)",
    )
    past.then()
    past.do(
        "DELETE FROM @.t WHERE id = 3",
        "UPDATE @.t SET u = 30 WHERE id = 1",
        "UPDATE @.t SET u = 3 WHERE id = 2",
    )
    held = past.plan("t", "u")
    assert (held.blockers, held.rows, held.cells) == ((), 1, 2)
    past.do("INSERT INTO @.t VALUES (9, 1)")
    assert "blocker: 1 value of u cannot come back" in past.said("t", "u")
    past.do("DELETE FROM @.t WHERE id = 9")
    assert log.run(PutBackJob(past.request("t", "u"))).state is JobState.DONE
    assert past.rows("t") == [(1, 1), (2, 2), (3, 3)]


def test_a_row_whose_parent_is_gone_waits_for_it(past: Past, log: Log) -> None:
    past.do(
        "CREATE TABLE @.parent (id INT PRIMARY KEY)",
        "CREATE TABLE @.t (id INT PRIMARY KEY, p INT,"
        " CONSTRAINT up FOREIGN KEY (p) REFERENCES @.parent (id))",
        "INSERT INTO @.parent VALUES (1), (2)",
        "INSERT INTO @.t VALUES (1, 1), (2, 2), (3, NULL)",
    )
    past.then()
    past.do("DELETE FROM @.t", "DELETE FROM @.parent WHERE id = 2")
    (why,) = past.plan().blockers
    assert why.text == f"1 row points to {past.database}.parent that is gone, by p"
    assert why.remedy == f"Put back the rows of {past.database}.parent first."
    end = log.run(PutBackJob(past.request()))
    assert end.state is JobState.FAILED
    assert past.rows("t") == []
    for table in ("parent", "t"):
        assert log.run(PutBackJob(past.request(table))).state is JobState.DONE
    assert past.rows("t") == [(1, 1), (2, 2), (3, None)]


def test_a_parent_whose_rows_are_pointed_at(past: Past, log: Log) -> None:
    past.do(
        "CREATE TABLE @.t (id INT PRIMARY KEY, v INT, e ENUM('a', 'b'))",
        "CREATE TABLE @.child (id INT PRIMARY KEY, p INT,"
        " CONSTRAINT up FOREIGN KEY (p) REFERENCES @.t (id))",
        "INSERT INTO @.t VALUES (1, 1, 'a'), (2, 2, 'b')",
        "INSERT INTO @.child VALUES (1, 1)",
    )
    past.then()
    past.do("DELETE FROM @.t WHERE id = 2", "UPDATE @.t SET v = 0, e = 'b'")
    assert log.run(PutBackJob(past.request("t", "v"))).state is JobState.DONE
    assert past.rows("t") == [(1, 1, "b"), (2, 2, "b")]
    assert log.run(PutBackJob(past.request("t", "e"))).state is JobState.DONE
    assert past.rows("t") == [(1, 1, "a"), (2, 2, "b")]
    assert past.rows("child") == [(1, 1)]


def test_a_column_that_points_to_what_is_gone(past: Past) -> None:
    past.do(
        "CREATE TABLE @.parent (id INT PRIMARY KEY)",
        "CREATE TABLE @.t (id INT PRIMARY KEY, p INT,"
        " CONSTRAINT up FOREIGN KEY (p) REFERENCES @.parent (id))",
        "INSERT INTO @.parent VALUES (1), (2)",
        "INSERT INTO @.t VALUES (1, 1)",
    )
    past.then()
    past.do("UPDATE @.t SET p = 2", "DELETE FROM @.parent WHERE id = 1")
    assert "blocker: 1 row points to" in past.said("t", "p")
    assert past.plan("t").blockers == ()


def test_rows_that_point_at_each_other_come_back_together(past: Past, log: Log) -> None:
    past.do(
        "CREATE TABLE @.t (id INT PRIMARY KEY, boss INT,"
        " CONSTRAINT up FOREIGN KEY (boss) REFERENCES @.t (id))",
        "INSERT INTO @.t VALUES (1, NULL)",
        "INSERT INTO @.t VALUES (2, 1)",
    )
    past.then()
    past.do("DELETE FROM @.t WHERE id = 2", "DELETE FROM @.t")
    assert log.run(PutBackJob(past.request())).state is JobState.DONE
    assert past.rows("t") == [(1, None), (2, 1)]


def test_without_a_key_nothing_can_be_told_apart(past: Past) -> None:
    past.do("CREATE TABLE @.t (v INT)", "INSERT INTO @.t VALUES (1), (1)")
    past.then()
    past.do("DELETE FROM @.t")
    (why,) = past.plan().blockers
    assert why.text.startswith(f"{past.database}.t has no primary key")
    assert why.remedy.startswith("Clone the table as of")


def test_a_unique_key_that_is_never_null_is_a_key(past: Past, log: Log) -> None:
    past.do(
        "CREATE TABLE @.t (code INT NOT NULL UNIQUE, v INT)",
        "INSERT INTO @.t VALUES (1, 1), (2, 2)",
    )
    past.then()
    past.do("DELETE FROM @.t WHERE code = 1", "UPDATE @.t SET v = 0")
    assert log.run(PutBackJob(past.request("t", "v"))).state is JobState.DONE
    assert past.rows("t") == [(1, 1), (2, 2)]
