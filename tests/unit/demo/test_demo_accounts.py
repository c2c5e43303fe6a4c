"""Accounts: what one may read and copy of another, as measured on 4.2.0."""

from collections.abc import Callable
from typing import Any

import pytest
from pymysql.err import OperationalError

Ask = Callable[[Any, str], list[tuple[Any, ...]]]


@pytest.fixture
def two(server: Any, ask: Ask) -> tuple[Any, Any]:
    """Sys, and the administrator of an account that has a database."""
    root = server.connect()
    ask(root, "create account acc admin_name 'adm' identified by 'pw'")
    ask(root, "create account other admin_name 'adm' identified by 'pw'")
    admin = server.connect(user="acc#adm", password="pw")
    ask(admin, "create database app")
    ask(admin, "create table app.t (id int primary key)")
    ask(admin, "create view app.w as select id from app.t")
    ask(admin, "insert into app.t values (1), (2)")
    ask(root, "create snapshot s for account acc")
    return root, admin


def test_sys_reads_an_account_through_a_snapshot(two: Any, ask: Ask) -> None:
    root, _ = two
    assert ask(root, "select count(*) from app.t {snapshot = 's'}") == [(2,)]
    assert ask(root, "show tables from app {snapshot = 's'}") == [("t",), ("w",)]
    shown = [name for (name,) in ask(root, "show databases {snapshot = 's'}")]
    assert "app" in shown
    assert "mo_task" not in shown
    with pytest.raises(OperationalError, match="Unknown database app"):
        ask(root, "select count(*) from app.t")


def test_catalog_of_all_accounts_is_one_for_sys(two: Any, ask: Ask) -> None:
    root, admin = two
    sql = "select relname from mo_catalog.mo_tables where reldatabase = 'app'"
    assert sorted(ask(root, sql)) == [("t",), ("w",)]
    sql = "select count(*) from information_schema.tables where table_schema = 'app'"
    assert (ask(root, sql), ask(admin, sql)) == ([(0,)], [(2,)])
    assert (
        ask(root, sql.replace("tables where", "tables {snapshot='s'} where"))[0][0] == 0
    )


def test_from_one_account_to_another_in_one_transaction(
    server: Any, two: Any, ask: Ask
) -> None:
    root, _ = two
    theirs = server.connect(user="other#adm", password="pw")
    ask(root, "begin")
    for name in ("one", "two"):
        ask(root, f"create database {name} clone app {{snapshot='s'}} to account other")
    assert ask(theirs, "show databases like 'o%'") == []
    ask(root, "commit")
    assert ask(theirs, "select count(*) from two.w") == [(2,)]
    ask(root, "create snapshot check_it for account other")
    assert ask(root, "select count(*) from one.t {snapshot='check_it'}") == [(2,)]


@pytest.mark.parametrize("level", ["cluster", "database app"])
def test_the_wrong_snapshot_gives_an_empty_database(
    two: Any, ask: Ask, level: str
) -> None:
    root, _ = two
    ask(root, f"create snapshot wrong for {level}")
    ask(root, "create database copy clone app {snapshot = 'wrong'}")
    assert ask(root, "show tables from copy") == []


def test_a_suspended_account_lets_nobody_in(server: Any, two: Any, ask: Ask) -> None:
    root, _ = two
    ask(root, "alter account acc suspend")
    with pytest.raises(OperationalError, match="Account acc is suspended"):
        server.connect(user="acc#adm", password="pw")
    ask(root, "alter account acc open")
    ask(root, "alter account acc admin_name = 'adm' identified by 'new'")
    server.connect(user="acc#adm", password="new")
