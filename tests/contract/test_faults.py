"""Lines cut, connections killed, jobs cancelled: at any point, what is told is so.

Whatever happens to a copy, a replacement, a restore or a put-back, it is there as a
whole or not at all, its job says which, and who looks on never sees anything else.
"""

from __future__ import annotations

import os
import random
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from moclone_tui import Client, TableName
from moclone_tui.cloning.look import server_clock
from moclone_tui.cloning.put_back import PutBack
from moclone_tui.cloning.request import IfExists, Mode, Pair, Request
from moclone_tui.jobs.clone import Copy
from moclone_tui.jobs.model import JobEvent, JobSpec, JobState
from moclone_tui.jobs.put_back import PutBackJob
from moclone_tui.jobs.runner import JobRunner
from tests.contract.faults import (
    Contents,
    Line,
    Witness,
    contents,
    should_see,
    some_fault,
)
from tests.contract.masked import after

if TYPE_CHECKING:
    from tests.conftest import Names, Server

POINTS = {"embedded": 4, "real": 12}
"""Faults of each kind of work."""
SEED = os.environ.get("MOCLONE_TEST_SEED") or secrets.token_hex(4)

State = dict[str, Contents | None]


@dataclass(frozen=True)
class Work:
    """A job, and what its targets hold before it and after it."""

    spec: JobSpec
    before: State
    after: State
    tables: tuple[str, ...] = ("customers", "orders")
    """Tables that are there before and after, if anything is."""


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
}

MADE = (JobState.DONE, JobState.NOT_VERIFIED)
NOT_MADE = (JobState.FAILED, JobState.CANCELLED)


@dataclass
class Trial:
    """Jobs behind a line, looked at from the other side."""

    server: Server
    client: Client
    line: Line

    def run(self, work: Work) -> JobEvent:
        """Run a job to its end, with a witness; gives its last event."""
        events: list[JobEvent] = []
        runner = JobRunner(
            lambda: self.server.client(**self.line.address), events.append
        )
        self.line.cancel = lambda: runner.cancel(1)
        with Witness(self.server, tuple(work.before), work.tables) as witness:
            state = runner.wait(runner.submit(work.spec), 60)
            self.line.settled()
        assert state.ended, events
        allowed = (should_see(each, work.tables) for each in (work.before, work.after))
        assert witness.unlike(*allowed) == set()
        return events[-1]

    def look(self, work: Work) -> tuple[State, list[tuple[Any, ...]], list[str]]:
        """What the targets hold, their identity, and what keeps what they were."""
        looks: list[tuple[State, list[tuple[Any, ...]], list[str]]] = []
        # Twice the same: the server may still be at a COMMIT that nobody waits for.
        while len(looks) < 2 or looks[-2] != looks[-1]:
            state = {name: contents(self.client, name) for name in work.before}
            looks.append((state, self.identity(work), self._kept(work)))
        return looks[-1]

    def identity(self, work: Work) -> list[tuple[Any, ...]]:
        """What tells the targets from others of the same name and contents."""
        return sorted(
            row
            for name in work.before
            for row in self.client.execute(
                "SELECT reldatabase_id, relname, rel_id FROM mo_catalog.mo_tables"
                " WHERE account_id = current_account_id() AND reldatabase = %s",
                (name,),
            )
        )

    def _kept(self, work: Work) -> list[str]:
        every = [name for (name,) in self.client.execute("SHOW DATABASES")]
        prefixes = tuple(f"{name}_before" for name in work.before)
        return [name for name in every if name.startswith(prefixes)]


@pytest.fixture
def trial(server: Server, client: Client) -> Iterator[Trial]:
    line = Line(server)
    yield Trial(server, client, line)
    line.close()


@pytest.mark.parametrize("kind", WORK)
def test_wherever_it_is_cut_what_is_told_is_what_is_there(
    trial: Trial, client: Client, shop: str, names: Names, kind: str
) -> None:
    work = WORK[kind](client, shop, names("whole"))
    assert trial.run(work).state is JobState.DONE
    assert trial.look(work)[0] == work.after
    dice = random.Random(f"{SEED} {kind}")
    traffic = trial.line.traffic
    ended: list[tuple[Work, list[tuple[Any, ...]], JobEvent, str]] = []
    for point in range(POINTS[trial.server.kind]):
        work = WORK[kind](client, shop, names(f"t{point}"))
        fault = some_fault(dice, traffic)
        trial.line.begin(fault)
        was = trial.identity(work)
        end = trial.run(work)
        told = f"MOCLONE_TEST_SEED={SEED}: {kind}, {fault}: {end.state}, {end.text}"
        print(told)
        ended.append((work, was, end, told))
        check(trial, *ended[-1])
    for each in ended:  # nothing comes late
        check(trial, *each)


def check(
    trial: Trial, work: Work, was: list[tuple[Any, ...]], end: JobEvent, told: str
) -> None:
    """Insist that the catalog shows what the job told."""
    found, identity, kept = trial.look(work)
    assert end.state in (*MADE, *NOT_MADE, JobState.UNKNOWN), told
    assert found in (work.before, work.after), told
    if end.state in MADE:
        assert found == work.after, told
    if end.state in NOT_MADE:
        assert found == work.before, told
    if found == work.before:
        assert identity == was, told
        assert kept == [], told
    for name in kept:
        (before,) = work.before.values()
        back = contents(trial.client, name)
        assert back, told
        assert before is not None
        assert back == {table: before[table] for table in back}, told
