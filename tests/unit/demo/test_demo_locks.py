"""Who waits for whom, as measured on MatrixOne 4.2.0."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from moclone_tui.demo.errors import ServerError
from moclone_tui.demo.reply import Reply

Connect = Callable[..., Any]


@pytest.fixture(autouse=True)
def database(connect: Connect) -> None:
    connect().run(
        "create database d",
        "create table d.t (id int primary key, v int)",
        "create table d.u (id int)",
        "insert into d.t values (1, 10), (2, 20)",
        "insert into d.u values (1), (2)",
        "create snapshot s for database d",
    )


async def send(client: Any, sql: str) -> "asyncio.Task[Reply]":
    """Send a statement, and let it run as far as it gets by itself."""
    task = asyncio.create_task(client.session.execute(sql))
    for _ in range(5):
        await asyncio.sleep(0)
    return task


def scenario(run: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(asyncio.wait_for(run(), 10))


@pytest.mark.parametrize(
    ("held", "waits"),
    [
        ("update d.t set v = 1 where id = 1", "update d.t set v = 2 where id = 1"),
        ("update d.t set v = 1 where id = 1", "drop table d.t"),
        ("update d.t set v = 1 where id = 1", "drop database d"),
        ("update d.t set v = 1 where id = 1", "alter table d.t add column x int"),
        ("select * from d.t where id = 1 for update", "delete from d.t where id = 1"),
        ("insert into d.t values (3, 3)", "truncate table d.t"),
        ("insert into d.t values (3, 3)", "insert into d.t values (3, 4)"),
        ("delete from d.u where id = 1", "update d.u set id = 9 where id = 1"),
        ("drop table d.t", "insert into d.t values (3, 3)"),
        ("create table d.x (id int)", "create table d.x (id int)"),
        ("create table d.x (id int)", "drop database d"),
        ("create database e", "create database e clone d"),
        ("drop database d", "create table d.x (id int)"),
    ],
)
def test_a_statement_waits_for_the_end_of_another(
    connect: Connect, held: str, waits: str
) -> None:
    one, two = connect(), connect()

    async def run() -> None:
        await (await send(one, "begin"))
        await (await send(one, held))
        waiting = await send(two, waits)
        assert not waiting.done()
        await (await send(one, "rollback"))
        await waiting

    scenario(run)


@pytest.mark.parametrize(
    ("held", "goes_on"),
    [
        ("update d.t set v = 1 where id = 1", "update d.t set v = 2 where id = 2"),
        ("update d.t set v = 1 where id = 1", "insert into d.t values (3, 3)"),
        ("update d.t set v = 1 where id = 1", "create database e clone d"),
        ("drop table d.t", "select * from d.t"),
        ("drop table d.t", "create table d.x clone d.t"),
        ("drop database d", "create database e clone d {snapshot = 's'}"),
        ("create table d.x (id int)", "create table d.y (id int)"),
    ],
)
def test_others_go_on(connect: Connect, held: str, goes_on: str) -> None:
    one, two = connect(), connect()
    one.run("begin", held)
    two.run(goes_on)
    one.run("commit")


def test_what_waited_sees_what_came(connect: Connect) -> None:
    one, two, three = connect(), connect(), connect()

    async def run() -> None:
        await (await send(one, "begin"))
        await (await send(one, "drop database d"))
        await (await send(one, "create database d clone d {snapshot = 's'}"))
        insert = await send(two, "insert into d.t values (3, 30)")
        taken = await send(three, "create database d")
        with pytest.raises(ServerError, match="already exists"):
            await taken
        await (await send(one, "commit"))
        await insert
        await (await send(one, "begin"))
        await (await send(one, "drop table d.t"))
        update = await send(two, "update d.t set v = 0 where id = 1")
        await (await send(one, "commit"))
        with pytest.raises(ServerError, match=r"no such table d\.t"):
            await update

    connect().run("update d.t set v = 0")
    scenario(run)
    assert one.rows("select count(*) from d.u") == [(2,)]


def test_a_kill_ends_the_wait_and_keeps_the_transaction(connect: Connect) -> None:
    one, two = connect(), connect()

    async def run() -> None:
        await (await send(one, "begin"))
        await (await send(one, "update d.t set v = 1 where id = 1"))
        await (await send(two, "begin"))
        await (await send(two, "insert into d.u values (3)"))
        waiting = await send(two, "drop table d.t")
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        await (await send(two, "commit"))

    scenario(run)
    assert one.rows("select count(*) from d.u") == [(3,)]
    one.run("rollback")
    assert two.rows("select v from d.t where id = 1") == [(10,)]


def test_two_that_wait_for_each_other(connect: Connect) -> None:
    one, two = connect(), connect()

    async def run() -> None:
        for client, number in ((one, 1), (two, 2)):
            await (await send(client, "begin"))
            await (await send(client, f"update d.t set v = 0 where id = {number}"))
        waiting = await send(one, "update d.t set v = 1 where id = 2")
        with pytest.raises(ServerError, match="deadlock detected") as caught:
            await (await send(two, "update d.t set v = 1 where id = 1"))
        assert caught.value.code == 20701
        await waiting
        await (await send(one, "commit"))

    scenario(run)
    assert two.rows("select id, v from d.t order by id") == [(1, 0), (2, 1)]


def test_locks_are_listed_as_the_server_packs_them(connect: Connect) -> None:
    one, two = connect(), connect()
    listed = (
        "select l.table_id in (1, 2), l.lock_key, l.lock_content, l.lock_mode "
        "from mo_catalog.mo_locks l join mo_catalog.mo_sessions s "
        f"on s.txn_id = l.txn_id where s.conn_id = {one.session.id} order by 1, 3"
    )
    one.run("begin", "select * from d.t")
    assert two.rows(listed) == []
    one.run("update d.t set v = 1 where id = 1")
    assert two.rows(listed) == [
        (0, "point", "3a1501", "Exclusive"),
        (1, "point", "46013e14460164" + "00ff46017400ff00", "Shared"),
    ]
    one.run("rollback", "begin", "drop table d.t")
    assert two.rows(listed) == [
        (0, "range", "3a107fffffff,3a187fffffff", "Exclusive"),
        (1, "point", "46013e14460164" + "00ff00", "Shared"),
        (1, "point", "46013e14460164" + "00ff46017400ff00", "Exclusive"),
    ]
    one.run("rollback")
    assert two.rows(listed) == []
