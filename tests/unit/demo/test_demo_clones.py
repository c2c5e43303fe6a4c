"""What a clone keeps, changes and leaves out, as measured on MatrixOne 4.2.0."""

from collections.abc import Callable
from typing import Any

import pytest

from moclone_tui.demo.errors import ServerError
from moclone_tui.demo.state import State

Connect = Callable[..., Any]


@pytest.fixture
def one(connect: Connect) -> Any:
    one = connect()
    one.run(
        "create database d",
        "create database other",
        "use d",
        "create table t (id int primary key, v varchar(20) default 'it''s')",
        "create table other.t (id int, more int)",
        "insert into t values (1, 'a'), (2, 'b')",
    )
    return one


def ddl(client: Any, name: str) -> str:
    return str(client.rows(f"show create table {name}")[0][1])


def test_replaced_in_a_transaction_and_brought_back(
    one: Any, connect: Connect, state: State
) -> None:
    two, moment = connect(), state.now()
    ids = "select rel_id from mo_catalog.mo_tables where reldatabase = 'd'"
    before = one.rows(ids)
    one.run("delete from t where id = 2", "begin", "drop database d")
    between = state.now()
    one.run(f"create database d clone d {{MO_TS = {moment}}}")
    assert one.rows("select count(*) from d.t") == [(2,)]
    assert two.rows("select count(*) from d.t") == [(1,)]
    one.run(f"create database e clone d {{MO_TS = {between}}}")
    assert one.rows("select count(*) from e.t") == [(1,)]
    one.run("rollback")
    assert one.rows(ids) == before
    assert one.rows("select count(*) from d.t") == [(1,)]


def test_clone_without_a_hint_misses_what_its_transaction_wrote(one: Any) -> None:
    one.run("begin", "delete from t", "create database e clone d")
    assert one.rows("select count(*) from e.t") == [(2,)]
    one.run("create table e.u clone d.t")
    assert one.rows("select count(*) from e.u") == [(0,)]
    one.run("create table d.fresh (id int)")
    with pytest.raises(ServerError, match="table d-fresh does not exist"):
        one.run("create database f clone d")
    one.run("drop database d")
    with pytest.raises(ServerError, match="No database selected"):
        one.run("create database f clone d")


def test_view_that_names_the_source_is_rewritten_and_no_other(one: Any) -> None:
    one.run("create view plain as select id from t")
    one.run(
        "create view d.named (n) as select id from d.t", "create database e clone d"
    )
    assert ddl(one, "e.plain") == "create view plain as select id from t"
    text = "create view `e`.`named` (`n`) as select `id` from `e`.`t`;"
    assert ddl(one, "e.named") == text
    one.run("delete from t")
    assert one.rows("select * from e.named") == [(1,), (2,)]
    assert one.rows("select * from e.plain") == [(1,), (2,)]


def test_view_made_from_elsewhere_changes_its_meaning(one: Any) -> None:
    one.run("use other", "create view d.w as select * from t", "use d")
    assert one.rows("select * from d.w") == []
    one.run("create database e clone d")
    assert one.rows("select id from e.w") == [(1,), (2,)]


def test_view_whose_table_is_gone_since_the_snapshot_is_left_out(one: Any) -> None:
    one.run("create view w as select * from other.t", "create snapshot s for account")
    one.run("drop table other.t", "create database e clone d {snapshot = 's'}")
    assert one.rows("show tables from e") == [("t",)]
    with pytest.raises(ServerError, match='table "t" does not exist'):
        one.run("create database f clone d")


def test_default_with_a_quote_is_not_copied_well(one: Any) -> None:
    assert "DEFAULT 'it''''s'" in ddl(one, "d.t")
    one.run("create table c clone t", "insert into c (id) values (3)")
    assert one.rows("select v from c where id = 3") == [("it''s",)]
    assert "DEFAULT 'it''''''''s'" in ddl(one, "c")


def test_references_without_a_database_mean_the_current_one(one: Any) -> None:
    child = "(id int, foreign key (id) references t (id))"
    one.run(f"create table other.c {child}")
    assert "REFERENCES `d`.`t`" in ddl(one, "other.c")
    one.run("use other")
    assert "REFERENCES `d`.`t`" in ddl(one, "c")
