"""Transactions, two sessions at once, and the real server's ways with both."""

from collections.abc import Callable
from typing import Any

import pytest

from moclone_tui.demo.errors import ServerError
from moclone_tui.demo.state import State

Connect = Callable[..., Any]


@pytest.fixture(autouse=True)
def database(connect: Connect) -> None:
    connect().run(
        "create database d",
        "create table d.t (id int primary key, v int)",
        "create table d.u (id int primary key)",
        "insert into d.t values (1, 10), (2, 20)",
    )


def test_each_statement_sees_what_is_committed(connect: Connect) -> None:
    one, two = connect(), connect()
    one.run(
        "begin", "insert into d.t values (3, 30)", "update d.t set v = 0 where id=1"
    )
    two.run("insert into d.u values (1)", "update d.t set v = 99 where id = 2")
    two.run("insert into d.t values (4, 40)", "create table d.made (id int)")
    assert one.rows("select count(*) from d.u") == [(1,)]
    mine = [(1, 0), (2, 99), (3, 30), (4, 40)]
    assert one.rows("select * from d.t order by id") == mine
    assert ("made",) in one.rows("show tables from d")
    assert two.rows("select count(*) from d.t") == [(3,)]
    one.run("commit")
    assert two.rows("select * from d.t order by id") == mine


def test_tables_made_by_two_in_one_database_are_merged(connect: Connect) -> None:
    one, two = connect(), connect()
    one.run("begin", "create table d.a clone d.t")
    two.run("create table d.b clone d.t")
    one.run("commit")
    assert [row[0] for row in one.rows("show tables from d")] == ["a", "b", "t", "u"]


def test_failed_statement_leaves_the_transaction_as_it_was(connect: Connect) -> None:
    one = connect()
    one.run("begin", "insert into d.t values (3, 30)")
    with pytest.raises(ServerError):
        one.run("insert into d.t values (4, 40), (1, 1)")
    one.run("commit")
    assert one.rows("select count(*) from d.t") == [(3,)]


def test_ending_a_session_rolls_back(connect: Connect) -> None:
    one, two = connect(), connect()
    one.run("begin", "delete from d.t")
    one.session.close()
    assert two.rows("select count(*) from d.t") == [(2,)]


def test_set_commits_an_open_transaction(connect: Connect) -> None:
    one, two = connect(), connect()
    one.run("begin", "create database e clone d", "set foreign_key_checks = 0")
    assert two.rows("show databases like 'e'") == [("e",)]
    one.run("rollback")
    assert two.rows("show databases like 'e'") == [("e",)]


def test_without_autocommit_a_clone_commits_and_dml_waits(connect: Connect) -> None:
    one, two = connect(), connect()
    one.run("set autocommit = 0", "delete from d.t", "create table d.c clone d.u")
    assert two.rows("select count(*) from d.t") == [(2,)]
    assert ("c",) in two.rows("show tables from d")
    with pytest.raises(ServerError, match="unclassified statement"):
        one.rows("show snapshots")
    one.run("rollback")
    assert one.rows("select count(*) from d.t") == [(2,)]


def test_time_travel_within_and_without_a_transaction(
    connect: Connect, state: State
) -> None:
    one = connect()
    moment = state.now()
    one.run("begin", "delete from d.t")
    assert one.rows(f"select count(*) from d.t {{MO_TS = {moment}}}") == [(2,)]
    assert one.rows("select count(*) from d.t") == [(0,)]
    one.run("commit")
    assert one.rows(f"select count(*) from d.t {{MO_TS = {moment}}}") == [(2,)]


def test_partitioned_clone_counts_nothing_before_commit(connect: Connect) -> None:
    one = connect()
    one.run("create table d.p (id int) partition by hash(id) partitions 2")
    one.run("insert into d.p values (1), (2)")
    one.run("begin", "create table d.q clone d.p")
    assert one.rows("select count(*) from d.q") == [(0,)]
    one.run("commit")
    assert one.rows("select count(*) from d.q") == [(2,)]


def test_clone_goes_on_from_a_block_of_auto_increment(connect: Connect) -> None:
    one = connect()
    one.run("create table d.a (id int primary key auto_increment, v int)")
    one.run("insert into d.a (v) values (1), (2), (3)", "create table d.b clone d.a")
    one.run("insert into d.b (v) values (4)")
    rows = one.rows("select id from d.b order by id")
    assert rows == [(1,), (2,), (3,), (10001,)]


def test_broken_view_fails_the_clone_and_leaves_nothing(connect: Connect) -> None:
    one = connect()
    one.run("create view d.v as select * from d.u", "drop table d.u")
    with pytest.raises(ServerError, match='table "u" does not exist'):
        one.run("create database e clone d")
    with pytest.raises(ServerError, match='table "u" does not exist'):
        one.rows("explain select * from d.v")
    assert one.rows("show databases like 'e'") == []


def test_double_quote_in_a_name_breaks_what_the_server_breaks(connect: Connect) -> None:
    one = connect()
    one.run('create table d.`say"` (id int)')
    for sql in ('show create table d.`say"`', "create database e clone d"):
        with pytest.raises(ServerError) as caught:
            one.run(sql)
        assert caught.value.code == 1105


def test_control_characters_in_names_can_be_made_and_dropped(connect: Connect) -> None:
    one = connect()
    name = "a\x1b[2J\u202eb"
    one.run(f"create table d.`{name}` (id int)", f"insert into d.`{name}` values (1)")
    assert one.rows(f"select * from d.`{name}`") == [(1,)]
    one.run(f"drop table d.`{name}`")


@pytest.mark.parametrize("sql", ["lock tables d.t read", "select nope(1)"])
def test_unknown_is_refused_in_plain_words(connect: Connect, sql: str) -> None:
    with pytest.raises(ServerError, match="not supported by the demo server") as caught:
        connect().run(sql)
    assert caught.value.code == 20105


def test_dropping_a_database_takes_its_routines_for_good(connect: Connect) -> None:
    one, two = connect(), connect()
    one.run("use d", "create function f(a int) returns int language sql as '$1 + 1'")
    one.run("create procedure p(in a int) 'begin select 1; end'")
    functions = "select name, db from mo_catalog.mo_user_defined_function"
    procedures = "select name, db from mo_catalog.mo_stored_procedure"
    assert two.rows(functions) == [("f", "d")]
    assert two.rows(procedures) == [("p", "d")]
    one.run("create database e clone d")
    assert two.rows(functions) == [("f", "d")]
    one.run("begin", "drop database d")
    assert two.rows(functions) == []
    one.run("rollback")
    assert two.rows("select count(*) from d.t") == [(2,)]
    assert two.rows(procedures) == []
