"""Lines cut, connections killed, jobs cancelled: at any point, what is told is so.

Whatever happens to a copy, a replacement, a restore or a put-back, it is there as a
whole or not at all, its job says which, and who looks on never sees anything else.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from moclone_tui import Client, TableName
from moclone_tui.cloning.drop import Drop
from moclone_tui.cloning.look import server_clock
from moclone_tui.cloning.put_back import PutBack
from moclone_tui.cloning.request import IfExists, Mode, Pair, Request
from moclone_tui.jobs.clone import Copy
from moclone_tui.jobs.drop import DropJob
from moclone_tui.jobs.put_back import PutBackJob
from tests.contract.faults import contents
from tests.contract.masked import after
from tests.contract.trial import Trial, Work

if TYPE_CHECKING:
    from tests.conftest import Names

Make = Callable[[Client, str, str], Work]


def copy(mode: Mode) -> Make:
    def make(client: Client, shop: str, target: str) -> Work:
        spec = Copy(Request((Pair(shop, target),), mode=mode))
        return Work(spec, {target: None}, {target: contents(client, shop)})

    return make


def masked(client: Client, shop: str, target: str) -> Work:
    rules = after(("customers", "name", "concat('c', id)"))
    held = contents(client, shop) or {}
    rows = tuple((n, f"c{n}") for n, _ in held["customers"])
    spec = Copy(Request((Pair(shop, target),), after=rules))
    return Work(spec, {target: None}, {target: {**held, "customers": rows}})


def two_databases(client: Client, shop: str, target: str) -> Work:
    names = (f"{target}_a", f"{target}_b")
    spec = Copy(Request(tuple(Pair(shop, name) for name in names)))
    held = contents(client, shop)
    return Work(spec, dict.fromkeys(names), dict.fromkeys(names, held))


def one_table(client: Client, shop: str, target: str) -> Work:
    client.execute(f"CREATE DATABASE {target}")
    client.execute(f"CREATE TABLE {target}.customers CLONE {shop}.customers")
    pair = Pair(TableName("orders", shop), TableName("orders", target))
    before = contents(client, target) or {}
    orders = (contents(client, shop) or {})["orders"]
    whole = {**before, "orders": orders}
    spec = Copy(Request((pair,)))
    return Work(spec, {target: before}, {target: whole}, ("customers",))


def spoiled(client: Client, shop: str, target: str) -> None:
    client.execute(f"CREATE DATABASE {target} CLONE {shop}")


def spoil(client: Client, target: str) -> None:
    client.execute(f"DELETE FROM {target}.orders WHERE id = 1")
    client.execute(f"CREATE TABLE {target}.late (id INT PRIMARY KEY)")


def replaced(client: Client, shop: str, target: str) -> Work:
    spoiled(client, shop, target)
    spoil(client, target)
    request = Request((Pair(shop, target),), if_exists=IfExists.REPLACE, way_back=False)
    before, whole = contents(client, target), contents(client, shop)
    return Work(Copy(request), {target: before}, {target: whole})


def restored(client: Client, shop: str, target: str) -> Work:
    spoiled(client, shop, target)
    at, whole = server_clock(client), contents(client, target)
    spoil(client, target)
    before = contents(client, target)
    return Work(Copy(Request.restore((target,), at)), {target: before}, {target: whole})


def restored_table(client: Client, shop: str, target: str) -> Work:
    spoiled(client, shop, target)
    at, then = server_clock(client), contents(client, target) or {}
    spoil(client, target)
    before = contents(client, target) or {}
    spec = Copy(Request.restore((TableName("orders", target),), at))
    whole = {**before, "orders": then["orders"]}
    return Work(spec, {target: before}, {target: whole})


def put_back(client: Client, shop: str, target: str) -> Work:
    spoiled(client, shop, target)
    at, then = server_clock(client), contents(client, target) or {}
    client.execute(f"DELETE FROM {target}.customers WHERE id < 3")
    client.execute(f"INSERT INTO {target}.customers VALUES (9, 'Barbara')")
    before = contents(client, target) or {}
    spec = PutBackJob(PutBack(TableName("customers", target), at))
    rows = (*then["customers"], (9, "Barbara"))
    return Work(spec, {target: before}, {target: {**before, "customers": rows}})


def dropped(client: Client, shop: str, target: str) -> Work:
    spoiled(client, shop, target)
    spec = DropJob(Drop((target,)))
    return Work(spec, {target: contents(client, target)}, {target: None})


def dropped_table(client: Client, shop: str, target: str) -> Work:
    spoiled(client, shop, target)
    client.execute(f"DROP VIEW {target}.big")
    before = contents(client, target) or {}
    spec = DropJob(Drop((TableName("orders", target),)))
    left = {"customers": before["customers"]}
    return Work(spec, {target: before}, {target: left}, ("customers",))


WORK: dict[str, Make] = {
    "native": copy(Mode.NATIVE),
    "stepwise": copy(Mode.STEPWISE),
    "masked": masked,
    "two databases": two_databases,
    "one table": one_table,
    "replaced": replaced,
    "restored": restored,
    "restored table": restored_table,
    "put back": put_back,
    "dropped": dropped,
    "dropped table": dropped_table,
}


@pytest.mark.parametrize("kind", WORK)
def test_wherever_it_is_cut_what_is_told_is_what_is_there(
    trial: Trial, client: Client, shop: str, names: Names, kind: str
) -> None:
    trial.everywhere(kind, lambda name: WORK[kind](client, shop, names(name)))
