"""What the tests of restore and PITR share."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from moclone_tui import Client
    from tests.conftest import Names, Server

THREE = [(1, "Ada"), (2, "Grace"), (3, "Edsger")]
"""The customers of the shop."""


def spoil(client: Client, shop: str) -> None:
    """Delete rows, drop a table, make another."""
    client.execute(f"DELETE FROM `{shop}`.customers")
    client.execute(f"DROP TABLE `{shop}`.orders")
    client.execute(f"CREATE TABLE `{shop}`.late (id INT)")


def tidy(server: Server, names: Names) -> None:
    """Drop what `names` does not: PITRs and roles."""
    with server.client() as cleaner:
        for name, *_ in cleaner.execute("SHOW PITR"):
            if name.startswith(names.prefix):
                cleaner.execute(f"DROP PITR `{name}`")
        for (name,) in cleaner.execute("SELECT role_name FROM mo_catalog.mo_role"):
            if name.startswith(names.prefix):
                cleaner.execute(f"DROP ROLE {name}")


def refused(call: Callable[[], Any], cause: type[Exception], words: str) -> None:
    """Insist on an error."""
    with pytest.raises(cause, match=words):
        call()


def server_time(client: Client) -> dt.datetime:
    """The server's clock, in UTC."""
    unix, local = client.execute("SELECT UNIX_TIMESTAMP(NOW(6)), NOW(6)").first
    now = dt.datetime.fromtimestamp(int(unix), dt.UTC)
    return now.replace(microsecond=local.microsecond)
