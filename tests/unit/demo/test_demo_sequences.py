"""Sequences, as measured on MatrixOne 4.2.0."""

from collections.abc import Callable
from typing import Any

import pytest

from moclone_tui.demo.errors import ServerError


@pytest.fixture
def one(connect: Callable[..., Any]) -> Any:
    one = connect()
    one.run("create database d", "use d")
    return one


def test_what_a_sequence_tells_of_itself(one: Any) -> None:
    one.run("create sequence s as int increment by 2 minvalue 5 maxvalue 100 start 7")
    assert one.rows("select * from s") == [(7, 5, 100, 7, 2, 0, 0)]
    assert one.rows("select nextval('s'), nextval('s')") == [("7", "9")]
    assert one.rows("select currval('s'), lastval()") == [("9", "9")]
    assert one.rows("select last_seq_num, is_called from s") == [(9, 1)]
    assert one.rows("select setval('s', 40)") == [("40",)]
    assert one.rows("select nextval('s')") == [("42",)]
    one.run("alter sequence s increment by 1 maxvalue 43")
    assert one.rows("select nextval('s')") == [("43",)]
    with pytest.raises(ServerError, match="Reached maximum value of sequence s"):
        one.rows("select nextval('s')")
    assert one.rows("show sequences") == [("s", "INT")]


def test_setval_before_the_first_call(one: Any) -> None:
    one.run("create sequence s")
    one.rows("select setval('s', 9, false)")
    assert one.rows("select nextval('s')") == [("9",)]
    # Once called, it stays so.
    one.rows("select setval('s', 20, false)")
    assert one.rows("select nextval('s')") == [("21",)]


@pytest.mark.parametrize(
    ("sql", "reason"),
    [
        ("update s set last_seq_num = 5", "Cannot insert/update/delete from sequence"),
        ("drop table s", "Should use 'drop sequence'"),
        ("select currval('s')", "not initialized"),
        ("select setval('s', 0)", "not in range"),
        ("select nextval('nothing')", r"no such table d\.nothing"),
        ("create sequence x maxvalue 0", "must be bigger than MINVALUE"),
    ],
)
def test_refusals(one: Any, sql: str, reason: str) -> None:
    one.run("create sequence s")
    with pytest.raises(ServerError, match=reason):
        one.rows(sql)


def test_a_database_clone_leaves_it_out_and_a_table_clone_makes_a_table(
    one: Any,
) -> None:
    one.run("create sequence s", "create database e clone d", "create table t clone s")
    assert one.rows("show sequences from e") == []
    assert one.rows("select last_seq_num from t") == [(1,)]
