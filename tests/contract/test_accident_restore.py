"""The accident, restored: to the moment, with its grants and PITR, and back again."""

from __future__ import annotations

import contextlib
import itertools
import threading
import time
from typing import TYPE_CHECKING

from moclone_tui import Client, Moment, QueryError, TableName
from moclone_tui.cloning.look import server_clock
from moclone_tui.cloning.request import IfExists, Pair, Request
from moclone_tui.jobs.clone import Copy
from moclone_tui.jobs.model import JobState

from .running import Log

if TYPE_CHECKING:
    from tests.conftest import Names, Server

ROWS, LOST, NEWER = 12_000, 5_000, 2


def count(client: Client, table: str) -> int:
    return int(client.execute(f"SELECT COUNT(*) FROM {table}").first[0])


class Watcher:
    """A session that reads all the time, and notes the counts it saw."""

    def __init__(self, server: Server, table: str) -> None:
        self.seen: set[int] = set()
        self.wrong: list[Exception] = []
        self._server, self._table = server, table
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def _watch(self) -> None:
        with self._server.client() as client:
            while not self._over.is_set():
                try:
                    self.seen.add(count(client, self._table))
                except Exception as error:  # noqa: BLE001 whatever it is, it was noticed
                    self.wrong.append(error)

    def __enter__(self) -> Watcher:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join(30)


def test_a_table_goes_back_to_the_moment_with_grants_and_pitr(
    log: Log, server: Server, client: Client, names: Names
) -> None:
    shop, role, user, pitr = names("shop"), names("r"), names("u"), names("p")
    table = f"`{shop}`.orders"
    client.execute(f"CREATE DATABASE `{shop}`")
    client.execute(f"CREATE TABLE {table} (id INT PRIMARY KEY, v INT)")
    for start in range(0, ROWS, 4000):
        values = ", ".join(f"({n}, {n})" for n in range(start, start + 4000))
        client.execute(f"INSERT INTO {table} VALUES {values}")
    client.execute(f"CREATE ROLE {role}")
    client.execute(f"CREATE USER {user} IDENTIFIED BY '111'")
    client.execute(f"GRANT {role} TO {user}")
    client.execute(f"GRANT CONNECT ON ACCOUNT * TO {role}")
    client.execute(f"GRANT SELECT ON TABLE {table} TO {role}")
    client.pitr.create(pitr, "table", 1, "d", database=shop, table="orders")
    try:
        time.sleep(1.1)
        moment = server_clock(client)
        client.execute(f"DELETE FROM {table} WHERE id < {LOST}")
        client.execute(f"INSERT INTO {table} VALUES (90001, 1), (90002, 2)")
        with Watcher(server, table) as watcher:
            restored = Request.restore((TableName("orders", shop),), moment)
            end = log.run(Copy(restored))
        assert end.state is JobState.DONE, end
        assert count(client, table) == ROWS
        assert watcher.wrong == []
        assert watcher.seen <= {ROWS - LOST + NEWER, ROWS}
        with server.client(user=f"sys#{user}#{role}", password="111") as theirs:
            assert count(theirs, table) == ROWS
        alive = [each for each in client.pitr.list() if each.database == shop]
        assert any(each.active for each in alive), alive
        back = end.text.partition("kept as ")[2]
        assert count(client, f"`{back}`.orders") == ROWS - LOST + NEWER
        pair = Pair(TableName("orders", back), TableName("orders", shop))
        again = Request((pair,), if_exists=IfExists.REPLACE, way_back=False)
        assert log.run(Copy(again)).state is JobState.DONE
        assert count(client, table) == ROWS - LOST + NEWER
    finally:
        for each in client.pitr.list():
            if each.database == shop:
                client.pitr.delete(each.name)
        client.execute(f"DROP USER IF EXISTS {user}")
        client.execute(f"DROP ROLE IF EXISTS {role}")


class Writer:
    """A session that writes all the time, and keeps what the server acknowledged."""

    def __init__(self, server: Server, table: str) -> None:
        self.acknowledged: list[int] = []
        self._server, self._table = server, table
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._write, daemon=True)

    def _write(self) -> None:
        with self._server.client() as client:
            for number in itertools.count(1_000):
                if self._over.is_set():
                    return
                with contextlib.suppress(QueryError):
                    client.execute(f"INSERT INTO {self._table} VALUES ({number})")
                    self.acknowledged.append(number)

    def __enter__(self) -> Writer:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join(30)


def test_what_is_written_meanwhile_is_in_the_table_or_in_the_way_back(
    log: Log, server: Server, client: Client, names: Names
) -> None:
    shop = names("shop")
    table = f"`{shop}`.orders"
    client.execute(f"CREATE DATABASE `{shop}`")
    client.execute(f"CREATE TABLE {table} (id INT PRIMARY KEY)")
    client.execute(f"INSERT INTO {table} VALUES (1), (2)")
    client.snapshots.create(names("s"), "database", shop)
    request = Request.restore(
        (TableName("orders", shop),), Moment(names("s")), wait=True
    )
    with Writer(server, table) as writer:
        while len(writer.acknowledged) < 20:
            time.sleep(0.01)
        end = log.run(Copy(request))
        assert end.state is JobState.DONE, end
        so_far = len(writer.acknowledged)
        while len(writer.acknowledged) < so_far + 5:
            time.sleep(0.01)
    back = end.text.partition("kept as ")[2]
    found = {
        int(row[0])
        for each in (table, f"`{back}`.orders")
        for row in client.execute(f"SELECT id FROM {each}")
    }
    assert set(writer.acknowledged) <= found
