"""How rows change, as measured on MatrixOne 4.2.0: put-back, masking, their traps."""

from collections.abc import Callable
from typing import Any

import pytest

from moclone_tui.demo.errors import ServerError


@pytest.fixture
def one(connect: Callable[..., Any]) -> Any:
    one = connect()
    one.run(
        "create database d",
        "use d",
        "create table p (id int primary key, v varchar(9))",
        "create table c (id int, pid int, foreign key (pid) references p (id))",
        "create table t (id int primary key, v int, s varchar(9), unique key us (s))",
        "insert into p values (1, 'a'), (2, 'b'), (3, null)",
        "insert into c values (1, 1)",
        "insert into t values (1, 10, 'x'), (2, null, 'y'), (3, 30, null)",
        "create snapshot s for database d",
    )
    return one


def code(one: Any, sql: str) -> int:
    with pytest.raises(ServerError) as caught:
        one.run(sql)
    return caught.value.code


@pytest.mark.parametrize("checks", [0, 1])
def test_rows_that_a_parent_was_cloned_with_stay(one: Any, checks: int) -> None:
    one.run(f"set foreign_key_checks = {checks}", "begin", "create database e clone d")
    one.run("update e.p set v = 'm' where id > 1")
    doubled = [(1, "a"), (2, "b"), (2, "m"), (3, None), (3, "m")]
    assert one.rows("select * from e.p order by id, v") == doubled
    assert one.run("delete from e.p where id = 3") == 2
    one.run("commit")
    assert one.rows("select * from e.p order by id, v") == doubled[:-1]


def test_clearing_a_clone_that_was_changed_is_the_servers_panic(one: Any) -> None:
    one.run("begin", "create table x clone t", "create table y clone t")
    assert one.run("delete from x") == 1
    one.run("update y set v = 0")
    with pytest.raises(ServerError, match="nil pointer dereference"):
        one.run("delete from y")
    assert one.run("delete from y where true") == 3


def test_put_back_rows_and_columns(one: Any) -> None:
    one.run("delete from t where id = 1", "update t set v = 7 where id = 2")
    one.run("insert into t values (4, 40, 'z')", "begin")
    past = "t {snapshot = 's'}"
    assert one.run(f"insert ignore into t select * from {past}") == 1
    fix = "a.id = b.id and not (a.v <=> b.v)"
    assert one.run(f"update t a, {past} b set a.v = b.v where {fix}") == 1
    assert one.rows(f"select id from t minus select id from {past}") == [(4,)]
    one.run("commit")
    assert one.rows("select id, v from t order by id") == [
        (1, 10),
        (2, None),
        (3, 30),
        (4, 40),
    ]


def test_a_condition_may_not_read_the_table_that_changes(one: Any) -> None:
    past = "(select id from t {snapshot = 's'})"
    assert code(one, f"delete from t where id in {past}") == 1093
    assert code(one, f"update t set v = 0 where id in {past}") == 1093
    one.run(f"delete t from t join {past} b on t.id = b.id where b.id = 1")
    assert one.rows("select id from t order by id") == [(2,), (3,)]


def test_an_update_of_two_tables_and_a_delete_from_two(one: Any) -> None:
    both = "from t join p on t.id = p.id where t.id = 1"
    changed = "update t join p on t.id = p.id set t.v = 5, p.v = 'five' where t.id = 1"
    assert one.run(changed) == 2
    assert one.rows(f"select t.v, p.v {both}") == [(5, "five")]
    one.run("delete from c")
    assert one.run(f"delete t, p {both}") == 2


def test_keys_are_named_by_their_columns_and_null_never_clashes(one: Any) -> None:
    with pytest.raises(ServerError, match="Duplicate entry 'x' for key 's'"):
        one.run("insert into t values (9, 1, 'x')")
    assert one.run("replace into t values (9, 1, null), (1, 1, 'y')") == 4
    assert one.rows("select id from t order by id") == [(1,), (3,), (9,)]


def test_a_table_may_refer_to_itself(one: Any) -> None:
    one.run("create table r (id int, up int, foreign key (up) references r (id))")
    assert one.run("insert into r values (1, null), (2, 1)") == 2
    assert code(one, "insert into r values (3, 9)") == 1452
    assert code(one, "delete from r") == 20101
