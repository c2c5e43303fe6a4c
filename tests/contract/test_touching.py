"""The statements that changed an object, as the server's own log has them."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from moclone_tui import Client
from moclone_tui.cloning.touching import Touch, touched

if TYPE_CHECKING:
    from tests.conftest import Names, Server

    from .people import People


def when_logged(
    client: Client, database: str, table: str, text: str
) -> tuple[Touch, ...]:
    """Ask until the log has a statement, which may take a minute."""
    now = float(client.execute("SELECT UNIX_TIMESTAMP(NOW(6))").first[0])
    deadline = time.monotonic() + 90
    while True:
        found = touched(client, database, table, now - 60, now + 5)
        assert found is not None
        if any(text in each.statement for each in found):
            return found
        assert time.monotonic() < deadline, "the log never had it"
        client.execute("SELECT SLEEP(1)")


def test_just_before_a_statement_what_it_did_is_not_to_be_seen(
    client: Client, shop: str
) -> None:
    client.execute(f"DELETE FROM {shop}.customers WHERE id < 3")
    client.execute(f"ALTER TABLE {shop}.customers ADD COLUMN city VARCHAR(9)")
    client.execute(f"DROP TABLE {shop}.orders")
    found = when_logged(client, shop, "customers", "ADD COLUMN city")
    altered = next(each for each in found if each.verb == "ALTER")
    deleted = next(each for each in found if each.verb == "DELETE")
    created = next(each for each in found if each.verb == "CREATE")
    assert found.index(altered) < found.index(created)
    assert altered.sure
    assert altered.user == "root"
    then = f"SELECT COUNT(*) FROM {shop}.customers"
    assert client.execute(then + deleted.before.hint).first == (3,)
    assert client.execute(then + altered.before.hint).first == (1,)
    assert client.execute(then).first == (1,)
    assert not any("DROP TABLE" in each.statement for each in found)
    whole = touched(client, shop, "", altered.ns / 1e9 - 60, altered.ns / 1e9 + 60)
    assert whole is not None
    dropped = next(each for each in whole if "DROP TABLE" in each.statement)
    orders = f"SELECT COUNT(*) FROM {shop}.orders{dropped.before.hint}"
    assert client.execute(orders).first == (2,)


def test_fast_statements_that_the_log_has_in_one_line_say_so(
    client: Client, shop: str, server: Server
) -> None:
    for at in range(1, 4):
        client.execute(f"DELETE FROM {shop}.customers WHERE id = {at}")
    client.execute(f"ALTER TABLE {shop}.customers COMMENT 'over'")
    found = when_logged(client, shop, "customers", "'over'")
    deletes = [each for each in found if each.verb == "DELETE"]
    assert sum(each.together for each in deletes) == 3
    first = deletes[-1]
    count = f"SELECT COUNT(*) FROM {shop}.customers{first.before.hint}"
    if first.together == 1:
        assert client.execute(count).first == (3,)
    else:
        assert first.ns % (5 * 10**9) == 0


def test_a_login_that_may_not_read_the_log_is_told_nothing(
    people: People, shop: str, names: Names
) -> None:
    role = people.add("few")
    with people.login(role) as login:
        assert touched(login, shop, "", time.time() - 60, time.time()) is None
