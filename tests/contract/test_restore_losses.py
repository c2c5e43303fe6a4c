"""RESTORE: what the server hides, connections that break, and whole accounts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from moclone_tui import Client, NotFound, OutcomeUnknown, QueryError

from .looking import has_database, rows
from .restoring import refused, spoil, tidy

if TYPE_CHECKING:
    from tests.conftest import Names, Server


@pytest.fixture(autouse=True)
def _tidy(server: Server, names: Names) -> Iterator[None]:
    yield
    tidy(server, names)


@pytest.fixture
def taken(client: Client, shop: str, names: Names) -> str:
    """A snapshot of the shop, after which its rows and tables were changed."""
    client.snapshots.create(names("s"), "database", shop)
    spoil(client, shop)
    return names("s")


# ------------------------------------------------------------- what the server hides


def test_what_a_foreign_key_points_to_is_never_called_restored(
    client: Client, names: Names
) -> None:
    """The server says success and does nothing."""
    parent, child = names("parent"), names("child")
    client.execute(f"CREATE DATABASE {parent}")
    client.execute(f"CREATE TABLE {parent}.p (id INT PRIMARY KEY)")
    client.execute(f"CREATE DATABASE {child}")
    client.execute(
        f"CREATE TABLE {child}.c (id INT, FOREIGN KEY (id) REFERENCES {parent}.p (id))"
    )
    client.snapshots.create(names("s"), "database", parent)
    client.execute(f"INSERT INTO {parent}.p VALUES (1)")
    refused(
        lambda: client.restore.database(parent, names("s")), QueryError, "foreign key"
    )
    assert rows(client, f"{parent}.p") == [(1,)]
    client.execute(f"DROP DATABASE {child}")
    client.restore.database(parent, names("s"))
    assert rows(client, f"{parent}.p") == []


def test_a_table_that_its_own_database_points_to(client: Client, names: Names) -> None:
    name = names("d")
    client.execute(f"CREATE DATABASE {name}")
    client.execute(f"CREATE TABLE {name}.p (id INT PRIMARY KEY)")
    client.execute(
        f"CREATE TABLE {name}.c (id INT, FOREIGN KEY (id) REFERENCES {name}.p (id))"
    )
    client.snapshots.create(names("s"), "database", name)
    client.execute(f"INSERT INTO {name}.p VALUES (1)")
    with pytest.raises(QueryError, match="as it was") as caught:
        client.restore.table(f"{name}.p", names("s"))
    assert "RESTORE" in caught.value.statement
    assert "foreign key" in caught.value.remedy
    assert rows(client, f"{name}.p") == [(1,)]
    client.restore.table(f"{name}.c", names("s"))
    client.restore.database(name, names("s"))
    assert rows(client, f"{name}.p") == []


def test_grants_that_are_lost_are_counted(
    client: Client, shop: str, taken: str, names: Names
) -> None:
    role = names("role")
    client.execute(f"CREATE ROLE {role}")
    client.execute(f"GRANT SELECT ON TABLE `{shop}`.customers TO {role}")
    client.execute(f"GRANT CREATE TABLE ON DATABASE `{shop}` TO {role}")
    for_table = client.restore.table(f"{shop}.customers", taken)
    assert [note for note in for_table.notes if note.startswith("1 grant ")]
    client.execute(f"GRANT SELECT ON TABLE `{shop}`.customers TO {role}")
    done = client.restore.database(shop, taken)
    assert [note for note in done.notes if note.startswith("2 grants ")]
    assert client.restore.database(shop, taken).notes == ()


def test_a_pitr_that_protects_nothing_any_more_is_named(
    client: Client, shop: str, taken: str, names: Names
) -> None:
    client.pitr.create(names("p"), "database", 1, "h", shop)
    client.pitr.create(names("q"), "table", 1, "h", shop, "customers")
    (about,) = client.restore.table(f"{shop}.customers", taken).notes
    assert names("q") in about
    notes = client.restore.database(shop, taken).notes
    assert {name for name in "pq" for note in notes if names(name) in note} == {*"pq"}


def test_an_account_cannot_know_of_its_pitrs(
    server: Server, client: Client, names: Names
) -> None:
    account = names("acc")
    client.execute(f"CREATE ACCOUNT {account} ADMIN_NAME 'm' IDENTIFIED BY '111'")
    with server.client(user=f"{account}#m", password="111") as admin:
        admin.execute("CREATE DATABASE app")
        admin.snapshots.create("s", "database", "app")
        admin.pitr.create("p", "database", 1, "h", "app")
        (note,) = admin.restore.database("app", "s").notes
        admin.pitr.delete("p")
    assert note == "Whether the PITR p still protects it is not known."


def test_sequences_are_left_out_and_told(
    client: Client, shop: str, names: Names
) -> None:
    client.execute(f"CREATE SEQUENCE `{shop}`.numbers")
    client.snapshots.create(names("s"), "database", shop)
    (note,) = client.restore.database(shop, names("s")).notes
    assert "1 sequence" in note


# ------------------------------------------------------------- connections that break


@pytest.mark.parametrize("late", [False, True])
def test_a_connection_lost_meanwhile(
    client: Client,
    watcher: Client,
    shop: str,
    taken: str,
    monkeypatch: pytest.MonkeyPatch,
    late: bool,
) -> None:
    send = client.connection.query

    def query(statement: str, params: Any = None) -> Any:
        if not statement.startswith("RESTORE"):
            return send(statement, params)
        if late:
            done = send(statement, params)
            client.connection.abort()
            client.connection.close()
            return done
        watcher.execute(f"KILL {client.connection.id}")
        return send(statement, params)

    monkeypatch.setattr(client.connection, "query", query)
    with pytest.raises(OutcomeUnknown) as caught:
        client.restore.database(shop, taken)
    assert caught.value.statement.startswith("RESTORE")
    assert "look" in caught.value.remedy


# ---------------------------------------------------------------------- accounts


@pytest.fixture
def account(client: Client, names: Names) -> str:
    """An account of the test's own."""
    made = names("acc")
    client.execute(f"CREATE ACCOUNT {made} ADMIN_NAME 'm' IDENTIFIED BY '111'")
    return made


@pytest.fixture
def admin(server: Server, account: str) -> Iterator[Client]:
    """The admin of that account, where there is a database `app`."""
    with server.client(user=f"{account}#m", password="111") as connected:
        connected.execute("CREATE DATABASE app")
        connected.execute("CREATE TABLE app.t (id INT PRIMARY KEY)")
        connected.execute("INSERT INTO app.t VALUES (1)")
        yield connected


def test_an_account_puts_itself_back(admin: Client, account: str) -> None:
    admin.snapshots.create("s", "account")
    admin.execute("INSERT INTO app.t VALUES (2)")
    admin.execute("CREATE DATABASE late")
    done = admin.restore.account(account, "s")
    assert done.what == f"the account {account}"
    assert "grants on databases and tables are lost" in done.notes[0]
    assert rows(admin, "app.t") == [(1,)]
    assert not has_database(admin, "late")


def test_an_account_without_databases_is_not_called_looked_at(
    server: Server, client: Client, account: str
) -> None:
    with server.client(user=f"{account}#m", password="111") as empty:
        empty.snapshots.create("s", "account")
        assert "look yourself" in empty.restore.account(account, "s").notes[-1]


def test_sys_puts_an_account_back(
    server: Server, client: Client, admin: Client, account: str, names: Names
) -> None:
    client.snapshots.create(names("s"), "account", account=account)
    client.snapshots.create(names("c"), "cluster")
    for snapshot in (names("s"), names("c")):
        admin.execute("INSERT INTO app.t VALUES (2)")
        client.restore.account(account, snapshot)
        with server.client(user=f"{account}#m", password="111") as again:
            assert rows(again, "app.t") == [(1,)]


def test_an_account_that_was_dropped_is_made_again(
    server: Server, client: Client, admin: Client, account: str, names: Names
) -> None:
    client.snapshots.create(names("s"), "account", account=account)
    admin.disconnect()
    client.execute(f"DROP ACCOUNT {account}")
    client.restore.account(account, names("s"))
    with server.client(user=f"{account}#m", password="111") as again:
        assert rows(again, "app.t") == [(1,)]


def test_into_another_account(
    server: Server, client: Client, admin: Client, account: str, names: Names
) -> None:
    other = names("other")
    client.execute(f"CREATE ACCOUNT {other} ADMIN_NAME 'm' IDENTIFIED BY '111'")
    client.snapshots.create(names("s"), "account", account=account)
    done = client.restore.account(account, names("s"), other)
    assert done.what == f"the account {account} into {other}"
    with server.client(user=f"{other}#m", password="111") as there:
        assert rows(there, "app.t") == [(1,)]
    refused(
        lambda: client.restore.account(account, names("s"), names("none")),
        NotFound,
        "no such account",
    )
