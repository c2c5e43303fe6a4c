"""Users and roles: what is granted works, what is not is refused."""

from collections.abc import Callable
from typing import Any

import pytest

from moclone_tui.demo.errors import ServerError

REFUSED = "do not have privilege to execute the statement"


@pytest.fixture
def low(connect: Callable[..., Any]) -> Any:
    """Somebody with a role and no rights but to connect."""
    connect().run(
        "create database d",
        "create table d.t (id int primary key)",
        "create table d.u (id int primary key)",
        "insert into d.t values (1)",
        "create role r",
        "grant connect on account * to r",
        "create user low identified by 'x' default role r",
    )
    low = connect("low", "r")
    low.run("use d")
    return low


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
    low.run("set role r")
    with pytest.raises(ServerError, match=REFUSED):
        low.run(sql)


def test_dropping_takes_a_right_on_what_holds_it(low: Any, client: Any) -> None:
    client.run("grant drop table on database d to r")
    low.run("drop table d.u")
    client.run("grant drop database on account * to r")
    low.run("drop database d")


def test_grants_do_not_survive_the_table(
    low: Any, client: Any, connect: Callable[..., Any]
) -> None:
    client.run("grant select on table d.t to r", "grant select on table d.* to r")
    assert low.rows("select * from d.t") == [(1,)]
    client.run("create snapshot s for database d", "restore database d {snapshot='s'}")
    # An open session goes on; the next login does not.
    assert low.rows("select * from d.t") == [(1,)]
    with pytest.raises(ServerError, match=REFUSED):
        connect("low", "r").rows("select * from d.t")


@pytest.mark.parametrize(
    ("change", "name", "same_id"),
    [
        ("alter table d.t add index i (id)", "t", True),
        ("alter table d.t rename to renamed", "renamed", True),
        ("alter table d.t add column v int", "t", False),
        ("truncate table d.t", "t", False),
        ("delete from d.t", "t", False),
    ],
)
def test_grants_survive_what_gives_a_table_another_id(
    low: Any, client: Any, change: str, name: str, same_id: bool
) -> None:
    ids = "select rel_id, rel_logical_id from mo_catalog.mo_tables where relname = "
    client.run("grant select on table d.t to r")
    before = client.rows(f"{ids}'t'")[0]
    client.run(change)
    after = client.rows(f"{ids}'{name}'")[0]
    assert (after[0] == before[0], after[1]) == (same_id, before[1])
    low.rows(f"select * from d.{name}")


def test_definitions_are_shown_by_the_rights_on_the_current_database(
    low: Any, client: Any
) -> None:
    client.run("create database other", "grant show tables on database d to r")
    assert low.rows("show tables from other") == []
    low.run("use other")
    with pytest.raises(ServerError, match=REFUSED):
        low.rows("show tables from d")


def test_roles_inherit_rights(low: Any, client: Any) -> None:
    client.run("create role base", "grant select on table d.t to base")
    client.run("grant base to r")
    assert low.rows("select * from d.t") == [(1,)]
    client.run("drop role base")
    low.run("set role r")
    with pytest.raises(ServerError, match=REFUSED):
        low.rows("select * from d.t")


def test_clone_with_copy_grants(low: Any, client: Any) -> None:
    client.run("grant select on table d.t to r")
    client.run("create table d.c clone d.t copy grants")
    assert low.rows("select * from d.c") == [(1,)]


def test_who_holds_what_is_in_the_catalog(client: Any, low: Any) -> None:
    client.run("begin", "insert into d.t values (2)")
    held = client.rows(
        "select distinct s.user, s.conn_id from mo_catalog.mo_locks l "
        "join mo_catalog.mo_sessions s on s.txn_id = l.txn_id"
    )
    assert held == [("root", client.session.id)]
    client.run("rollback", "grant select on table d.t to r")
    rights = client.rows(
        "select role_name, privilege_name, obj_type, privilege_level "
        "from mo_catalog.mo_role_privs where role_name = 'r' and obj_id > 0"
    )
    assert rights == [("r", "select", "table", "d.t")]


def test_a_published_database_stays(client: Any, low: Any) -> None:
    client.run("create publication p database d account all")
    made = client.rows("select database_name, account_list from mo_catalog.mo_pubs")
    assert made == [("d", "all")]
    with pytest.raises(ServerError, match="can not drop database 'd' which is publi"):
        client.run("drop database d")
    # RESTORE takes the publication away without a word.
    client.run("create snapshot s for database d", "restore database d {snapshot='s'}")
    assert client.rows("show publications") == []
    client.run("drop database d")
