"""Connecting and disconnecting."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from moclone_tui import Client, ConnectionError, Login

if TYPE_CHECKING:
    from tests.conftest import Names, Server


def test_the_constructor_connects_at_once(server: Server) -> None:
    client = Client(**server.address)
    assert client.connected()
    assert client.execute("SELECT 1 + 1").rows == ((2,),)
    client.disconnect()
    assert not client.connected()


def test_without_a_host_it_waits_for_connect(server: Server) -> None:
    client = Client()
    assert not client.connected()
    client.connect(**server.address)
    assert client.connected()
    client.disconnect()


def test_without_a_connection_a_statement_says_so() -> None:
    with pytest.raises(ConnectionError, match="not connected") as caught:
        Client().execute("SELECT 1")
    assert "connect" in caught.value.remedy


def test_there_is_nowhere_to_connect_again_to() -> None:
    with pytest.raises(ConnectionError, match="no host"):
        Client().connect()


def test_connect_without_a_host_goes_where_it_was_last(server: Server) -> None:
    client = Client(**server.address)
    client.disconnect()
    client.connect()
    assert client.execute("SELECT 1").rows == ((1,),)
    client.disconnect()


def test_a_with_block_disconnects_in_the_end(server: Server) -> None:
    with Client(**server.address) as client:
        assert client.connected()
    assert not client.connected()


def test_a_client_can_be_entered_again(server: Server) -> None:
    client = Client(**server.address)
    with client:
        pass
    with client:
        assert client.execute("SELECT 1").rows == ((1,),)


def test_disconnecting_twice_is_fine(server: Server) -> None:
    client = Client(**server.address)
    client.disconnect()
    client.disconnect()


def test_a_login_in_one_value_connects(login: Login) -> None:
    with Client.from_login(login) as client:
        assert client.connected()
        assert client.login == login


def test_the_database_is_the_one_asked_for(
    server: Server, client: Client, names: Names
) -> None:
    client.execute(f"CREATE DATABASE `{names('a')}`")
    with server.client(database=names("a")) as inside:
        assert inside.current_database() == names("a")
    assert client.current_database() is None


def test_the_server_tells_its_version(client: Client, server: Server) -> None:
    assert client.capabilities.is_matrixone
    assert client.capabilities.version == server.version


def test_a_connection_that_was_killed_stays_lost_until_connect(
    client: Client, watcher: Client
) -> None:
    watcher.execute(f"KILL {client.connection.id}")
    with pytest.raises(ConnectionError):
        client.execute("SELECT 1")
    assert not client.connected()
    with pytest.raises(ConnectionError, match="no connection"):
        client.execute("SELECT 1")
    client.connect()
    assert client.execute("SELECT 1").rows == ((1,),)


def test_each_statement_is_committed_by_itself(
    client: Client, watcher: Client, names: Names
) -> None:
    client.execute(f"CREATE DATABASE `{names('a')}`")
    client.execute(f"CREATE TABLE `{names('a')}`.t (id INT)")
    client.execute(f"INSERT INTO `{names('a')}`.t VALUES (1)")
    assert watcher.execute(f"SELECT id FROM `{names('a')}`.t").rows == ((1,),)


def test_the_repr_says_where_and_whether(server: Server) -> None:
    client = Client(**server.address)
    assert repr(client) == f"<Client {server.host}:{server.port}, connected>"
    client.disconnect()
    assert "not connected" in repr(client)
