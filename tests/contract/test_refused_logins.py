"""Logins that fail: the cause, what to do, and no password anywhere."""

from __future__ import annotations

import logging
import traceback
from typing import TYPE_CHECKING, Any

import pytest

from moclone_tui import AuthFailed, Client, ConnectionError, NotFound

if TYPE_CHECKING:
    from tests.conftest import Names, Server

SECRET = "hunter2-s3cret"


def refused(server: Server, **changes: Any) -> ConnectionError:
    with pytest.raises(ConnectionError) as caught:
        server.client(**changes)
    return caught.value


def test_a_wrong_password(server: Server) -> None:
    error = refused(server, password=SECRET)
    assert isinstance(error, AuthFailed)
    assert error.code == 1045
    assert f"{server.host}:{server.port}" in str(error)
    assert "password" in error.remedy


@pytest.mark.parametrize(
    "changes",
    [
        {"user": "mct_nobody"},
        {"user": "mct_no_such_account#adm"},
        {"account": "mct_no_such_account", "user": "adm"},
    ],
    ids=["user", "account in user", "account"],
)
def test_an_unknown_user_or_account(server: Server, changes: dict[str, str]) -> None:
    error = refused(server, **changes)
    assert isinstance(error, AuthFailed)
    assert "account#user" in error.remedy


def test_an_unknown_database(server: Server) -> None:
    with pytest.raises(NotFound) as caught:
        server.client(database="mct_no_such_database")
    assert caught.value.code == 1049
    assert "mct_no_such_database" in str(caught.value)
    assert "database" in caught.value.remedy


def test_a_closed_port(server: Server, closed_port: int) -> None:
    error = refused(server, port=closed_port)
    assert not isinstance(error, AuthFailed)
    assert f":{closed_port}" in str(error)
    assert "6001" in error.remedy


def test_a_host_that_does_not_exist(server: Server) -> None:
    error = refused(server, host="no-such-host.invalid")
    assert "no-such-host.invalid" in str(error)


@pytest.mark.parametrize("how", ["refused", "closed port"])
def test_no_password_is_told(
    server: Server, how: str, closed_port: int, caplog: pytest.LogCaptureFixture
) -> None:
    port = closed_port if how == "closed port" else server.port
    with caplog.at_level(logging.DEBUG):
        error = refused(server, password=SECRET, port=port)
    told = "".join(traceback.format_exception(error)) + repr(error) + str(error)
    told += error.remedy + error.detail + error.statement + caplog.text
    assert SECRET not in told


@pytest.mark.parametrize("password", ["pässwörd", "密码", "🔑", "a'b\"c\\d"])
def test_a_password_of_any_script_is_refused_not_crashed_on(
    server: Server, password: str
) -> None:
    assert isinstance(refused(server, password=password), AuthFailed)


@pytest.mark.parametrize("password", ["pässwörd", "密码🔑"])
def test_a_password_of_any_script_lets_in(
    server: Server, client: Client, names: Names, password: str
) -> None:
    account = names("acc")
    client.execute(
        f"CREATE ACCOUNT `{account}` ADMIN_NAME 'adm' IDENTIFIED BY '{password}'"
    )
    with server.client(user="adm", account=account, password=password) as inside:
        assert inside.execute("SELECT current_account_name()").first == (account,)


def test_a_failed_connect_leaves_the_client_usable(
    server: Server, closed_port: int
) -> None:
    client = Client(**server.address)
    with pytest.raises(ConnectionError):
        client.connect(host="127.0.0.1", port=closed_port)
    assert not client.connected()
    client.connect(**server.address)
    assert client.connected()
    client.disconnect()
