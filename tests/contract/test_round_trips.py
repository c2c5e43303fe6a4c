"""What moclone's care costs: round trips, counted on the wire."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import nullcontext
from typing import TYPE_CHECKING

import pytest

from moclone_tui import Client, CloneError, Moment, TableName
from moclone_tui.cloning.plan import make
from moclone_tui.cloning.request import IfExists, Mode, Pair, Request
from tests.tui.servers import Proxy

if TYPE_CHECKING:
    from tests.conftest import Names, Server

Call = Callable[[Client, Callable[[str], str]], object]

METHODS: dict[str, Call] = {
    "database": lambda run, to: run.clone.clone_database(to("copy"), to("shop")),
    "table": lambda run, to: run.clone.clone_table(
        f"{to('shop')}.copy", f"{to('shop')}.orders"
    ),
    "database with snapshot": lambda run, to: run.clone.clone_database_with_snapshot(
        to("copy"), to("shop"), to("snap")
    ),
    "table with snapshot": lambda run, to: run.clone.clone_table_with_snapshot(
        f"{to('shop')}.copy", f"{to('shop')}.orders", to("snap")
    ),
}


class Wire:
    """A client whose statements are counted."""

    def __init__(self, client: Client, proxy: Proxy) -> None:
        self.client = client
        self._proxy = proxy

    def sent(self, call: Callable[[], object]) -> list[str]:
        """What a call sends."""
        before = len(self._proxy.statements)
        call()
        return self._proxy.statements[before:]


@pytest.fixture
def wire(server: Server) -> Iterator[Wire]:
    proxy = Proxy(server.port)
    with server.client(port=proxy.port) as client:
        yield Wire(client, proxy)
    proxy.close()


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("again", [False, True])
def test_a_documented_method_costs_one_look_more_than_the_bare_statement(
    wire: Wire, client: Client, shop: str, names: Names, method: str, again: bool
) -> None:
    client.snapshots.create(names("snap"), "database", shop)
    call = METHODS[method]
    if again:
        call(client, names)
    expected = pytest.raises(CloneError, match="exists already")

    def attempt() -> None:
        with expected if again else nullcontext():
            call(wire.client, names)

    sent = wire.sent(attempt)
    assert [each.split()[0] for each in sent] == ["SELECT", "CREATE"]


@pytest.mark.parametrize("there", [False, True])
@pytest.mark.parametrize("at", ["now", "snapshot"])
def test_preflight_takes_three_round_trips_at_most_and_one_for_each_view(
    wire: Wire, client: Client, shop: str, names: Names, there: bool, at: str
) -> None:
    client.execute(f"CREATE DATABASE `{names('second')}`")
    client.snapshots.create(names("snap"), "account")
    target = names("copy")
    if there:
        client.clone.clone_database(target, shop)
    moment = Moment(snapshot=names("snap")) if at == "snapshot" else Moment()
    pairs = (Pair(shop, target), Pair(names("second"), names("other")))
    request = Request(pairs, moment, IfExists.REPLACE, Mode.NATIVE)
    sent = wire.sent(lambda: make(wire.client, request))
    views = [each for each in sent if each.startswith("EXPLAIN ")]
    assert len(views) == 1
    assert len(sent) - len(views) <= 3


def test_preflight_of_a_table_takes_three_at_most(
    wire: Wire, shop: str, names: Names
) -> None:
    table = TableName("orders", shop)
    request = Request.of(table, TableName("copy", shop))
    assert len(wire.sent(lambda: make(wire.client, request))) <= 3
    restore = Request((Pair(table, table),), if_exists=IfExists.REPLACE)
    assert len(wire.sent(lambda: make(wire.client, restore))) <= 3
