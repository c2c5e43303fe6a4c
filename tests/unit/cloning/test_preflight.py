"""What speaks against a copy, judged from what was found."""

import dataclasses
import datetime as dt

import pytest

from moclone_tui import Capabilities, Kind, Moment, Snapshot, SnapshotLevel, TableName
from moclone_tui.cloning.look import Facts, ForeignKey, Object
from moclone_tui.cloning.plan import Plan
from moclone_tui.cloning.preflight import Finding, Level, judge
from moclone_tui.cloning.request import IfExists, Request

V42 = Capabilities("8.0.30-MatrixOne-v4.2.0")
V30 = Capabilities("8.0.30-MatrixOne-v3.0.18")
SHOP = Request.of("shop", "shop_dev")
FINE = Facts(
    source_there=True,
    target_there=False,
    target_database_there=False,
    objects=(Object("orders", Kind.TABLE), Object("names", Kind.VIEW)),
    clock=int(dt.datetime(2026, 1, 2, tzinfo=dt.UTC).timestamp()) * 10**9,
)


def found(
    request: Request = SHOP, server: Capabilities = V42, **facts: object
) -> list[tuple[Level, str]]:
    changed = dataclasses.replace(FINE, **facts)  # type: ignore[arg-type]
    return [
        (each.level, each.text)
        for each in judge(request.pairs[0], request, changed, server)
    ]


def blockers(request: Request = SHOP, **facts: object) -> list[str]:
    said = found(request, V42, **facts)
    return [text for level, text in said if level is Level.BLOCKER]


def warnings(
    request: Request = SHOP, server: Capabilities = V42, **facts: object
) -> list[str]:
    return [
        text for level, text in found(request, server, **facts) if level == "warning"
    ]


def test_an_ordinary_copy_has_nothing_to_say() -> None:
    assert found() == []


def test_a_source_that_is_not_there_blocks() -> None:
    assert blockers(source_there=False, objects=()) == ["shop does not exist"]


def test_a_source_that_was_not_there_then_says_when() -> None:
    at = Moment(ns=10**18)
    assert blockers(Request.of("shop", "x", at), source_there=False) == [
        "shop does not exist at 2001-09-09 01:46:40 UTC"
    ]


def test_a_target_that_is_taken_blocks_or_is_skipped() -> None:
    assert blockers(target_there=True) == ["shop_dev exists already"]
    skip = Request.of("shop", "shop_dev", if_exists=IfExists.SKIP)
    assert found(skip, target_there=True) == [
        (Level.NOTE, "shop_dev exists already: it will be left alone")
    ]


def test_a_table_needs_the_database_it_goes_to() -> None:
    request = Request.of(TableName("orders", "shop"), TableName("o", "nowhere"))
    objects = (Object("orders", Kind.TABLE),)
    assert blockers(request, objects=objects) == ["the database nowhere does not exist"]


@pytest.mark.parametrize("kind", [Kind.VIEW, Kind.SEQUENCE, Kind.EXTERNAL])
def test_only_a_table_is_cloned_as_a_table(kind: Kind) -> None:
    request = Request.of(TableName("t", "shop"), TableName("u", "shop"))
    (said,) = blockers(
        request, objects=(Object("t", kind),), target_database_there=True
    )
    assert said == f"shop.t is a {kind}, not a table"


@pytest.mark.parametrize("name", ["mysql", "mo_catalog", "information_schema"])
def test_the_servers_own_databases_are_left_alone(name: str) -> None:
    assert blockers(Request.of(name, "x"))
    assert blockers(Request.of("shop", name), target_there=True)


def test_a_moment_in_the_future_blocks() -> None:
    later = Moment(ns=int(dt.datetime(2026, 1, 3, tzinfo=dt.UTC).timestamp() * 1e9))
    (said,) = blockers(Request.of("shop", "x", later))
    assert "future" in said


@pytest.mark.parametrize(
    ("level", "database", "table"),
    [
        (SnapshotLevel.DATABASE, "other", ""),
        (SnapshotLevel.TABLE, "shop", "orders"),
    ],
)
def test_a_snapshot_of_something_else_blocks(
    level: SnapshotLevel, database: str, table: str
) -> None:
    snapshot = Snapshot("s", level, 0, "sys", database, table)
    (said,) = blockers(Request.of("shop", "x", Moment("s")), snapshot=snapshot)
    assert "covers" in said


def test_a_snapshot_of_the_database_or_more_is_fine() -> None:
    for level in (
        SnapshotLevel.CLUSTER,
        SnapshotLevel.ACCOUNT,
        SnapshotLevel.DATABASE,
    ):
        snapshot = Snapshot("s", level, 0, "sys", "shop")
        assert blockers(Request.of("shop", "x", Moment("s")), snapshot=snapshot) == []


def test_what_makes_the_server_refuse_everything_blocks() -> None:
    assert blockers(objects=(Object("ext", Kind.EXTERNAL),))
    assert blockers(objects=(Object('a"b', Kind.TABLE),))
    assert blockers(broken_views=("names",))


def test_what_is_left_out_is_named() -> None:
    said = warnings(
        objects=(Object("ticket", Kind.SEQUENCE),),
        procedures=("tidy",),
        functions=("tax",),
    )
    assert said == [
        "procedure tidy, function tax are left out by the server",
        "sequence ticket is left out by the server",
    ]


def test_a_foreign_key_to_elsewhere_is_named_and_one_inside_is_not() -> None:
    keys = (
        ForeignKey("fk_in", "orders", "shop", "customers"),
        ForeignKey("fk_out", "orders", "other", "parent"),
    )
    (said,) = warnings(foreign_keys=keys)
    assert said.startswith("fk_out of orders goes on pointing to other.parent")


def test_partitions_are_lost_on_3_0_only() -> None:
    objects = (Object("parts", Kind.TABLE, partitioned=True),)
    assert warnings(objects=objects) == []
    assert warnings(server=V30, objects=objects) == [
        "parts loses its partitions on this server"
    ]


def test_what_could_not_be_looked_at_is_never_fine() -> None:
    assert warnings(unknown=("views: no right",)) == ["not checked: views: no right"]


def test_the_gravest_comes_first() -> None:
    levels = [level for level, _ in found(target_there=True, procedures=("p",))]
    assert levels == [Level.BLOCKER, Level.WARNING]


def test_a_blocked_plan_shows_no_steps() -> None:
    blocked = Plan(SHOP, (Finding(Level.BLOCKER, "no"),))
    assert "CREATE" not in blocked.as_text()
    assert "CREATE DATABASE `shop_dev` CLONE `shop`" in Plan(SHOP).as_text()
