"""The document's own examples run with import, host, port and password changed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from moclone_tui import Client
from moclone_tui.embedded import EmbeddedServer

from .looking import has_database, rows, tables

if TYPE_CHECKING:
    from tests.conftest import Names, Server

EXAMPLES = """
from matrixone import Client

client = Client(
    host='localhost', port=6001, user='root', password='111', database='test' )

# Clone entire database (current state)
client.clone.clone_database( target_db='production_backup', source_db='production' )

# Clone database with IF NOT EXISTS
client.clone.clone_database(
    target_db='dev_environment', source_db='production', if_not_exists=True )

# Clone database from a specific snapshot
client.clone.clone_database(
    target_db='test_environment', source_db='production',
    snapshot_name='daily_backup_2024_01_01' )

# Clone specific table
client.clone.clone_table( target_table='users_backup', source_table='users' )

# Clone table across databases
client.clone.clone_table( target_table='dev_db.users', source_table='prod_db.users' )

# Clone table from snapshot with validation
client.clone.clone_table_with_snapshot(
    target_table='users_202401', source_table='users', snapshot_name='monthly_backup',
    if_not_exists=True )

# Using within a transaction (all operations are atomic)
with client.session() as session:
    # Clone multiple databases atomically
    session.clone.clone_database('backup_db1', 'source_db1')
    session.clone.clone_database('backup_db2', 'source_db2')
    # Both clones succeed or fail together
"""

BEFORE = (
    "CREATE DATABASE production",
    "CREATE DATABASE prod_db",
    "CREATE DATABASE test",
    "CREATE DATABASE dev_db",
    "CREATE DATABASE source_db1",
    "CREATE DATABASE source_db2",
    "CREATE TABLE production.orders (id INT)",
    "INSERT INTO production.orders VALUES (1)",
    "CREATE TABLE source_db1.a (id INT)",
    "CREATE TABLE source_db2.b (id INT)",
    "CREATE TABLE test.users (id INT)",
    "INSERT INTO test.users VALUES (1)",
    "CREATE TABLE prod_db.users (id INT)",
    "INSERT INTO prod_db.users VALUES (7)",
    "CREATE SNAPSHOT daily_backup_2024_01_01 FOR DATABASE production",
    "CREATE SNAPSHOT monthly_backup FOR TABLE test users",
    "INSERT INTO production.orders VALUES (2)",
    "INSERT INTO test.users VALUES (2)",
)


@pytest.fixture
def home(server: Server, names: Names) -> Iterator[Client]:
    """Where the document's own names are free: a server, or an account, of our own."""
    if server.kind == "embedded":
        with (
            EmbeddedServer(["--empty"]) as own,
            Client(own.host, own.port, own.user, own.password) as client,
        ):
            yield client
        return
    account = names("acc")
    with server.client() as root:
        root.execute(f"CREATE ACCOUNT {account} ADMIN_NAME 'root' IDENTIFIED BY '111'")
    with server.client(user=f"{account}#root", password="111") as client:
        yield client


def test_the_examples_of_the_document_run(home: Client) -> None:
    for statement in BEFORE:
        home.execute(statement)
    login = home.login
    program = EXAMPLES
    for theirs, ours in (
        ("matrixone", "moclone_tui"),
        ("'localhost'", repr(login.host)),
        ("6001", str(login.port)),
        ("'root'", repr(login.user)),
        ("'111'", repr(login.password)),
    ):
        assert program.count(theirs) == 1
        program = program.replace(theirs, ours)
    names: dict[str, Client] = {}
    exec(program, names)
    names["client"].disconnect()

    assert rows(home, "production_backup.orders") == [(1,), (2,)]
    assert rows(home, "dev_environment.orders") == [(1,), (2,)]
    assert rows(home, "test_environment.orders") == [(1,)]
    assert rows(home, "test.users_backup") == [(1,), (2,)]
    assert rows(home, "test.users_202401") == [(1,)]
    assert rows(home, "dev_db.users") == [(7,)]
    assert tables(home, "backup_db1") == ["a"]
    assert tables(home, "backup_db2") == ["b"]


def test_the_examples_can_be_run_with_the_targets_there(home: Client) -> None:
    """`if_not_exists` of the document: what is there stays as it is."""
    home.execute("CREATE DATABASE production")
    home.execute("CREATE DATABASE dev_environment")
    home.clone.clone_database(
        target_db="dev_environment", source_db="production", if_not_exists=True
    )
    assert has_database(home, "dev_environment")
    assert tables(home, "dev_environment") == []


def test_the_documented_names_can_be_imported() -> None:
    from moclone_tui import (
        BaseCloneManager,
        Client,
        CloneError,
        CloneManager,
        ConnectionError,
    )

    assert issubclass(CloneManager, BaseCloneManager)
    assert issubclass(CloneError, Exception)
    assert issubclass(ConnectionError, OSError)
    assert isinstance(Client().clone, CloneManager)
