"""PITR: go back to a time, and what that ends."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from moclone_tui import (
    Client,
    InvalidName,
    NotFound,
    QueryError,
)

from .looking import has_database, rows, tables
from .restoring import THREE, refused, server_time, spoil, tidy

if TYPE_CHECKING:
    from tests.conftest import Names, Server


@pytest.fixture(autouse=True)
def _tidy(server: Server, names: Names) -> Iterator[None]:
    yield
    tidy(server, names)


@pytest.fixture
def window(client: Client, shop: str, names: Names) -> str:
    """A PITR of the shop."""
    client.pitr.create(names("p"), "database", 1, "h", shop)
    return names("p")


@pytest.fixture
def before(client: Client, shop: str, window: str) -> dt.datetime:
    """A time within the window, after which the shop's rows and tables changed."""
    time.sleep(0.2)
    moment = server_time(client)
    time.sleep(0.2)
    spoil(client, shop)
    return moment


@pytest.fixture
def admin(server: Server, client: Client, names: Names) -> Iterator[Client]:
    """The admin of an account of the test's own, where there is a database `app`."""
    client.execute(f"CREATE ACCOUNT {names('acc')} ADMIN_NAME 'm' IDENTIFIED BY '111'")
    with server.client(user=f"{names('acc')}#m", password="111") as connected:
        connected.execute("CREATE DATABASE app")
        connected.execute("CREATE TABLE app.t (id INT PRIMARY KEY)")
        connected.execute("INSERT INTO app.t VALUES (1)")
        yield connected
        connected.connect()
        for name, *_ in connected.execute("SHOW PITR"):
            connected.execute(f"DROP PITR {name}")


# --------------------------------------------------------------------- going back


def test_a_database_goes_back_to_a_time(
    client: Client, shop: str, window: str, before: dt.datetime
) -> None:
    done = client.pitr.restore_database(window, before)
    assert rows(client, f"{shop}.customers") == THREE
    assert tables(client, shop) == ["big", "customers", "orders"]
    assert done.what == f"the database {shop}"
    assert (done.pitr, done.snapshot) == (window, "")
    assert done.at.ns == int(before.timestamp()) * 10**9 + before.microsecond * 1000
    assert (done.tables, done.views) == (2, 1)
    (note,) = done.notes
    assert f"The PITR {window} no longer protects it" in note
    assert client.pitr.get(window).active is False


def test_the_time_may_be_of_any_zone(
    client: Client, shop: str, window: str, before: dt.datetime
) -> None:
    india = dt.timezone(dt.timedelta(hours=5, minutes=30))
    client.execute("SET time_zone = '+08:00'")
    client.pitr.restore_database(window, before.astimezone(india))
    assert rows(client, f"{shop}.customers") == THREE
    assert client.execute("SELECT @@time_zone").first == ("+08:00",)


def test_within_one_second(client: Client, shop: str, window: str) -> None:
    moments = []
    for number in (10, 11, 12):
        time.sleep(0.1)
        moments.append(server_time(client))
        time.sleep(0.1)
        client.execute(f"INSERT INTO `{shop}`.customers VALUES ({number}, 'x')")
    for moment, count in zip(moments, (3, 4, 5), strict=True):
        client.pitr.restore_database(window, moment)
        assert len(rows(client, f"{shop}.customers")) == count


def test_a_table_goes_back_alone(
    client: Client, shop: str, window: str, before: dt.datetime
) -> None:
    client.pitr.restore_table(window, before, f"{shop}.customers")
    assert rows(client, f"{shop}.customers") == THREE
    assert tables(client, shop) == ["big", "customers", "late"]


def test_a_window_of_a_table(client: Client, shop: str, names: Names) -> None:
    client.pitr.create(names("t"), "table", 1, "h", shop, "customers")
    time.sleep(0.2)
    moment = server_time(client)
    time.sleep(0.2)
    client.execute(f"DELETE FROM `{shop}`.customers WHERE id > 1")
    assert client.pitr.restore_table(names("t"), moment).notes
    assert rows(client, f"{shop}.customers") == THREE
    assert client.pitr.get(names("t")).active is False


def test_a_truncated_table_is_protected_no_more(
    client: Client, shop: str, names: Names
) -> None:
    """3.0 leaves the status at 1."""
    client.pitr.create(names("t"), "table", 1, "h", shop, "customers")
    client.execute(f"TRUNCATE TABLE `{shop}`.customers")
    assert client.pitr.get(names("t")).active is False


def test_a_database_that_was_dropped_comes_back(
    client: Client, shop: str, window: str, before: dt.datetime
) -> None:
    client.execute(f"DROP DATABASE `{shop}`")
    assert client.pitr.get(window).active is False
    client.pitr.restore_database(window, before)
    assert rows(client, f"{shop}.customers") == THREE


def test_a_time_outside_of_the_window(
    client: Client, shop: str, window: str, before: dt.datetime
) -> None:
    made = client.pitr.get(window).created
    early, late = made - dt.timedelta(seconds=1), before + dt.timedelta(hours=1)
    for moment, why in ((early, "it was made"), (late, "in the future")):
        with pytest.raises(QueryError, match=why) as caught:
            client.pitr.restore_database(window, moment)
        assert f"{moment:%Y-%m-%d %H:%M:%S} UTC" in str(caught.value)
    assert tables(client, shop) == ["big", "customers", "late"]


def test_what_was_not_there_then(
    client: Client, shop: str, window: str, before: dt.datetime
) -> None:
    refused(
        lambda: client.pitr.restore_table(window, before, f"{shop}.late"),
        NotFound,
        "does not exist at",
    )
    assert "late" in tables(client, shop)


def test_what_the_window_does_not_cover(
    client: Client, shop: str, window: str, before: dt.datetime, names: Names
) -> None:
    client.execute(f"CREATE DATABASE {names('other')}")
    client.pitr.create(names("t"), "table", 1, "h", shop, "customers")
    pitr, after = client.pitr, server_time(client) + dt.timedelta(seconds=1)
    for call in (
        lambda: pitr.restore_database(window, before, names("other")),
        lambda: pitr.restore_table(window, before, f"{names('other')}.t"),
        lambda: pitr.restore_database(names("t"), after, shop),
        lambda: pitr.restore_table(names("t"), after, f"{shop}.late"),
        lambda: pitr.restore_account(window, before),
        lambda: pitr.restore_cluster(window, before),
    ):
        refused(call, NotFound, "cannot restore .* it covers")
    refused(
        lambda: pitr.restore_table(window, before), InvalidName, f"Which table.* {shop}"
    )
    assert has_database(client, names("other"))


# ----------------------------------------------------------------------- accounts


def test_an_account_goes_back_to_a_time(admin: Client) -> None:
    admin.pitr.create("p", "account", 1, "h")
    time.sleep(0.2)
    moment = server_time(admin)
    time.sleep(0.2)
    admin.execute("INSERT INTO app.t VALUES (2)")
    admin.execute("CREATE DATABASE late")
    admin.pitr.restore_database("p", moment, "app")
    assert rows(admin, "app.t") == [(1,)]
    refused(
        lambda: admin.pitr.restore_database("p", moment), InvalidName, "Which database"
    )
    done = admin.pitr.restore_account("p", moment)
    assert "grants" in done.notes[0]
    assert not has_database(admin, "late")


def test_sys_takes_an_account_back(
    server: Server, client: Client, admin: Client, names: Names
) -> None:
    client.pitr.create(names("a"), "account", 1, "h", account=names("acc"))
    time.sleep(0.2)
    moment = server_time(client)
    time.sleep(0.2)
    admin.execute("INSERT INTO app.t VALUES (2)")
    client.pitr.restore_account(names("a"), moment, names("acc"))
    with server.client(user=f"{names('acc')}#m", password="111") as again:
        assert rows(again, "app.t") == [(1,)]
    refused(
        lambda: client.pitr.restore_account(names("a"), moment), NotFound, "account sys"
    )
