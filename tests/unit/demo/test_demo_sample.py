"""The sample data tells its story, and stands as if statements had made it."""

import asyncio
import time
from datetime import UTC, datetime
from typing import Any

import pytest

from moclone_tui.demo.clock import Clock
from moclone_tui.demo.sample import REACH, load
from moclone_tui.demo.session import Session
from moclone_tui.demo.state import State
from moclone_tui.demo.values import store

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
READY_S = 15.0
"""Under two seconds on an idle machine (0.5 s measured); a busy one gets a margin."""


def told() -> State:
    clock = Clock(NOW)
    with clock.at(clock.now() - REACH):
        state = State(clock, "secret")
    asyncio.run(load(state))
    return state


@pytest.fixture(scope="module")
def rows() -> Any:
    """Asks a server that knows the story."""
    state = told()
    account = state.accounts.get("sys")
    assert account is not None
    user, role = account.user("root"), account.role("moadmin")
    session = Session(state, account, user, role)
    return lambda sql: asyncio.run(session.execute(sql)).rows


def test_a_mistake_happened_after_the_snapshot(rows: Any) -> None:
    zeros = "select count(*) from shop.orders {} where total = 0"
    assert rows(zeros.format("{snapshot = 'shop_before_sale'}")) == [(0,)]
    assert rows(zeros.format(""))[0][0] > 1_000
    gone = (
        "select count(*) from shop.orders {snapshot = 'shop_before_sale'} a left join "
        "shop.orders b on a.id = b.id where b.id is null"
    )
    assert rows(gone)[0][0] > 100
    newer = (
        "select count(*) from shop.orders where id not in "
        "(select id from shop.orders {snapshot = 'shop_before_sale'})"
    )
    assert rows(newer)[0][0] > 300


def test_the_past_can_be_read_at_any_time(rows: Any) -> None:
    count = "select count(*) from shop.orders {{MO_TS = '{}'}}"
    assert rows(count.format("2026-02-27 12:00:00")) == [(10_400,)]
    assert rows(count.format("2026-02-15 12:00:00")) == [(8_000,)]
    ago = "select count(*) from shop.orders {AS OF TIMESTAMP '2026-02-15 12:00:00'}"
    assert rows(ago) == [(8_000,)]


def test_snapshots_of_three_levels_lie_days_apart(rows: Any) -> None:
    found = rows("select sname, level, ts from mo_catalog.mo_snapshots order by ts")
    levels = {name: level for name, level, _ in found}
    assert levels["shop_before_sale"] == "database"
    assert levels["nightly"] == "account"
    assert levels["orders_only"] == "table"
    assert found[-1][2] - found[0][2] > 7 * 86_400 * 10**9


def test_the_log_knows_who_did_it(rows: Any) -> None:
    found = rows(
        "select user, request_at from system.statement_info "
        "where statement like 'delete from shop.orders%'"
    )
    assert [(user, at[:10]) for user, at in found] == [("mia", "2026-02-28")]


def test_the_clone_for_development_is_there_and_changed(rows: Any) -> None:
    mail = (
        "select count(*) from shop_dev.customers where email like '%@example.invalid'"
    )
    assert rows(mail) == [(500,)]
    made = rows(
        "select rel_createsql from mo_catalog.mo_tables "
        "where reldatabase = 'shop_dev' and relname = 'orders'"
    )
    assert "clone `shop`.`orders`" in made[0][0]


def test_rows_have_the_form_that_columns_keep() -> None:
    for database in told().history.head.databases.values():
        for relation in database.relations.values():
            kinds = [column.type for column in relation.layout.columns]
            for row in relation.data.rows[::97]:
                kept = tuple(store(k, v) for k, v in zip(kinds, row, strict=True))
                assert kept == row, relation.name


def test_the_same_story_every_time() -> None:
    first, second = told().history.head, told().history.head
    for key, database in first.databases.items():
        for name, relation in database.relations.items():
            other = second.databases[key].relations[name]
            assert relation.data.rows == other.data.rows
            assert relation.created == other.created


def test_names_that_look_like_markup_are_there(rows: Any) -> None:
    names = {row[0] for row in rows("show tables from gallery")}
    assert {"back`tick", "dot.ted", "[/x]", "100%", "select", "名前", "a b"} <= names
    assert rows("select * from `[/x]`.`[/x]`") == [(1,)]
    assert len(rows("show columns from gallery.wide")) == 60


def test_ready_soon(started: Any) -> None:
    begun = time.monotonic()
    with started() as child:
        assert time.monotonic() - begun < READY_S
        child.connect()
