"""Queries and changes of rows, beyond what the recordings hold."""

from typing import Any

import pytest

from moclone_tui.demo.errors import ServerError


@pytest.fixture(autouse=True)
def tables(client: Any) -> None:
    client.run(
        "create database d",
        "use d",
        "create table t (id int primary key, n int, s varchar(9), unique key us (s))",
        "insert into t values (1, 10, 'a'), (2, 20, 'b'), (3, null, null)",
    )


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("select count(distinct n, s) from t", [(2,)]),
        ("select sum(n), max(s) from d.t where n <=> 10", [(10, "a")]),
        (
            "select a.id from t a, t b where a.id = b.id and not (a.n <=> 10)",
            [(2,), (3,)],
        ),
        ("with x as (select id from t) select max(id) from x", [(3,)]),
        (
            "select s from t where s like 'A' or s like '_' order by s desc",
            [("b",), ("a",)],
        ),
        ("select '10%' like '10\\%', '10x' like '10\\%'", [(1, 0)]),
        ("select date_add('2026-01-31', interval 1 day)", [("2026-02-01 00:00:00",)]),
        ("select cast('2026-01-02' as datetime)", [("2026-01-02 00:00:00",)]),
        ("select concat('a', null), ifnull(null, 2), 5 div 2", [(None, 2, 2)]),
        ("select t.id from d.t where d.t.id = 2", [(2,)]),
        ("(select 1) union all (select 1)", [(1,), (1,)]),
        ("select 1 from dual", [(1,)]),
        ("select coalesce(n, 0) from t where id = 3", [(0,)]),
    ],
)
def test_queries(client: Any, sql: str, expected: list[tuple[object, ...]]) -> None:
    assert client.rows(sql) == expected


@pytest.mark.parametrize(
    ("sql", "code"),
    [
        ("insert into t values (1, 0, 'z')", 1062),
        ("insert into t values (9, 0, 'a')", 1062),
        ("update t set id = 1 where id = 2", 1062),
        ("insert into t (n) values (1)", 1048),
        ("insert into t values (1)", 1136),
        ("insert into t values (4, 1, 'longer than nine')", 20101),
        ("insert into t values (99999999999, 1, 'x')", 20201),
        ("update t set nope = 1", 20101),
        ("select nope from t", 20301),
        ("select * from t where", 1064),
        ("create table t (id int)", 1050),
        ("create table x (id nothing)", 1064),
        ("drop table nope", 1146),
    ],
)
def test_refusals(client: Any, sql: str, code: int) -> None:
    with pytest.raises(ServerError) as caught:
        client.run(sql)
    assert caught.value.code == code


def test_upsert(client: Any) -> None:
    upsert = "insert into t values (1, 5, 'a'), (7, 7, 'g') on duplicate key update "
    assert client.run(f"{upsert} n = values(n) + n") == 3
    assert client.rows("select n from t where id in (1, 7) order by id") == [
        (15,),
        (7,),
    ]


def test_replace_and_ignore(client: Any) -> None:
    client.run("replace into t values (1, 99, 'z')")
    assert client.run("insert ignore into t values (1, 0, 'q'), (8, 8, 'h')") == 1
    assert client.rows("select id, n from t order by id")[0] == (1, 99)


def test_foreign_keys_are_looked_at(client: Any) -> None:
    client.run(
        "create table k (id int, pid int, constraint f foreign key (pid) "
        "references t (id))",
        "insert into k values (1, 1), (2, null)",
    )
    for sql, code in (
        ("insert into k values (3, 44)", 20101),
        ("delete from t where id = 1", 20101),
        ("update t set id = 50 where id = 1", 1217),
        ("drop table t", 20101),
    ):
        with pytest.raises(ServerError) as caught:
            client.run(sql)
        assert caught.value.code == code
    client.run("update t set n = 0 where id = 1", "delete from t where id = 2")
    client.run("set foreign_key_checks = 0", "delete from t where id = 1")
    assert client.rows("select id from t") == [(3,)]


def test_foreign_keys_can_be_pointed_elsewhere(client: Any) -> None:
    client.run(
        "create table k (id int, pid int, constraint f foreign key (pid) "
        "references t (id))",
        "create database e",
        "create table e.t clone d.t",
        "create table e.k clone d.k",
        "begin",
        "alter table e.k drop foreign key f",
        "alter table e.k add constraint f foreign key (pid) references e.t (id)",
        "commit",
    )
    shown = client.rows("show create table e.k")[0][1]
    assert "REFERENCES `t` (`id`)" in shown


def test_altering_a_table_keeps_its_past(client: Any) -> None:
    client.run("create snapshot s for database d", "alter table t drop column n")
    client.run("alter table t add column m int default 4 after id")
    assert client.rows("select * from t where id = 1") == [(1, 4, "a")]
    past = client.rows("select * from t {snapshot = 's'} where id = 1")
    assert past == [(1, 10, "a")]


def test_unchanged_clone_shares_its_storage(client: Any) -> None:
    client.run("create table u clone t")
    shared = (
        "select count(distinct object_name) from ("
        "select object_name from metadata_scan('d.t', '*') a union all "
        "select object_name from metadata_scan('d.u', '*') b) x"
    )
    assert client.rows(shared) == [(1,)]
    client.run("delete from u where id = 1")
    assert client.rows(shared) == [(2,)]


def test_estimates_of_a_fresh_clone_are_zero(client: Any) -> None:
    client.run("create table u clone t")
    rows = "select mo_table_rows('d', 't'), mo_table_rows('d', 'u')"
    assert client.rows(rows) == [(3, 0)]


def test_catalog_joins_now_with_then(client: Any) -> None:
    client.run("create snapshot s for account", "create table fresh (id int)")
    sql = (
        "select a.relname from mo_catalog.mo_tables a "
        "left join mo_catalog.mo_tables {snapshot = 's'} b on a.relname = b.relname "
        "where b.relname is null and a.reldatabase = 'd'"
    )
    assert client.rows(sql) == [("fresh",)]
    client.run("drop table fresh")
    assert client.rows(sql) == []


def test_hundred_counts_in_one_statement(client: Any) -> None:
    counts = " union all ".join(f"select {n}, count(*) from t" for n in range(100))
    assert client.rows(counts)[99] == (99, 3)
