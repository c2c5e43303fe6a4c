"""Users and roles: what is granted works, what is not is refused."""

from collections.abc import Callable
from typing import Any

import pytest

from moclone_tui.demo.errors import ServerError

REFUSED = "do not have privilege to execute the statement"


@pytest.fixture
def low(connect: Callable[..., Any]) -> Any:
    """Somebody with a role and no rights."""
    connect().run(
        "create database d",
        "create table d.t (id int primary key)",
        "create table d.u (id int primary key)",
        "insert into d.t values (1)",
        "create role r",
        "create user low identified by 'x' default role r",
    )
    return connect("low", "r")


@pytest.mark.parametrize(
    "sql",
    [
        "show databases",
        "show tables from d",
        "show snapshots",
        "show create table d.t",
        "select * from d.t",
        "select count(*) from mo_catalog.mo_tables",
        "insert into d.t values (2)",
        "delete from d.t",
        "drop table d.t",
        "drop database d",
        "create database e",
        "create table d.x (id int)",
        "create snapshot s for account",
        "restore database d {snapshot = 's'}",
        "create user other identified by 'x'",
        "grant r to low",
    ],
)
def test_refused_without_rights(low: Any, sql: str) -> None:
    with pytest.raises(ServerError, match=REFUSED) as caught:
        low.run(sql)
    assert caught.value.code == 20101


def test_information_schema_answers_everybody(low: Any) -> None:
    schemata = "select schema_name from information_schema.schemata"
    assert ("d",) in low.rows(schemata)
    tables = "select table_name from information_schema.tables where table_schema = 'd'"
    assert sorted(low.rows(tables)) == [("t",), ("u",)]


def test_clones_ask_for_no_rights_and_give_none(low: Any) -> None:
    low.run("create database e clone d")
    with pytest.raises(ServerError, match=REFUSED):
        low.rows("select * from e.t")


@pytest.mark.parametrize(
    ("right", "sql"),
    [
        ("select on table d.t", "select * from d.t"),
        ("select on table d.*", "select * from d.t"),
        ("insert on table d.t", "insert into d.t values (7)"),
        ("show databases on account *", "show databases"),
        ("show tables on database d", "show tables from d"),
        ("create database on account *", "create database e"),
        ("create table on database d", "create table d.x (id int)"),
        ("all on table d.t", "delete from d.t"),
    ],
)
def test_granted_then_revoked(low: Any, client: Any, right: str, sql: str) -> None:
    client.run(f"grant {right} to r")
    low.run(sql)
    client.run(f"revoke {right} from r")
    with pytest.raises(ServerError, match=REFUSED):
        low.run(sql)


def test_dropping_takes_a_right_on_what_holds_it(low: Any, client: Any) -> None:
    client.run("grant drop table on database d to r")
    low.run("drop table d.u")
    client.run("grant drop database on account * to r")
    low.run("drop database d")


def test_grants_do_not_survive_the_table(low: Any, client: Any) -> None:
    client.run("grant select on table d.t to r")
    assert low.rows("select * from d.t") == [(1,)]
    client.run("create snapshot s for database d", "restore database d {snapshot='s'}")
    with pytest.raises(ServerError, match=REFUSED):
        low.rows("select * from d.t")


def test_who_holds_what_is_in_the_catalog(client: Any, low: Any) -> None:
    client.run("begin", "insert into d.t values (2)")
    held = client.rows(
        "select s.user, s.conn_id from mo_catalog.mo_locks l "
        "join mo_catalog.mo_sessions s on s.txn_id = l.txn_id"
    )
    assert held == [("root", client.session.id)]
    client.run("rollback", "grant select on table d.t to r")
    rights = client.rows(
        "select role_name, privilege_name, obj_type, privilege_level "
        "from mo_catalog.mo_role_privs where role_name = 'r'"
    )
    assert rights == [("r", "select", "table", "d.t")]
