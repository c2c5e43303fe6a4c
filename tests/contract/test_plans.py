"""Plans against a real catalog: what they find is what is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from moclone_tui import Client, Moment, TableName
from moclone_tui.cloning.plan import Plan, make
from moclone_tui.cloning.request import Request

if TYPE_CHECKING:
    from tests.conftest import Names


def texts(plan: Plan) -> str:
    return "\n".join(f"{each.level}: {each.text}" for each in plan.findings)


def test_an_ordinary_database_is_clear(client: Client, shop: str, names: Names) -> None:
    assert make(client, Request.of(shop, names("copy"))).blockers == ()


def test_a_missing_source_and_a_taken_target(
    client: Client, shop: str, names: Names
) -> None:
    assert f"blocker: {names('gone')} does not exist" in texts(
        make(client, Request.of(names("gone"), names("copy")))
    )
    taken = texts(make(client, Request.of(shop, shop)))
    assert f"blocker: {shop} exists already" in taken


def test_a_snapshot_that_is_not_there_or_covers_something_else(
    client: Client, shop: str, names: Names
) -> None:
    other, snapshot = names("other"), names("snap")
    client.execute(f"CREATE DATABASE {other}")
    client.snapshots.create(snapshot, "database", database=shop)
    assert make(client, Request.of(shop, names("a"), Moment(snapshot))).blockers == ()
    assert f"the snapshot {snapshot} covers {shop}, not {other}" in texts(
        make(client, Request.of(other, names("a"), Moment(snapshot)))
    )
    assert "does not exist" in texts(
        make(client, Request.of(shop, names("a"), Moment(names("none"))))
    )


def test_what_is_left_out_and_what_points_outside(client: Client, names: Names) -> None:
    outer, inner = names("outer"), names("inner")
    for statement in (
        f"CREATE DATABASE {outer}",
        f"CREATE TABLE {outer}.parent(id int primary key)",
        f"CREATE DATABASE {inner}",
        f"CREATE SEQUENCE {inner}.ticket",
        _child(inner, outer),
    ):
        client.execute(statement)
    said = texts(make(client, Request.of(inner, names("copy"))))
    assert "warning: sequence ticket is left out by the server" in said
    assert f"warning: fk_out of child goes on pointing to {outer}.parent" in said
    client.execute(f"DROP DATABASE {inner}")


def test_an_external_table_and_a_broken_view_block(
    client: Client, names: Names
) -> None:
    database = names("broken")
    for statement in (
        f"CREATE DATABASE {database}",
        f"CREATE TABLE {database}.t(id int)",
        f"CREATE VIEW {database}.v AS SELECT * FROM {database}.t",
        f"DROP TABLE {database}.t",
        f"CREATE EXTERNAL TABLE {database}.ext(a int) infile{{\"filepath\"='n.csv'}}",
    ):
        client.execute(statement)
    said = texts(make(client, Request.of(database, names("copy"))))
    assert "blocker: ext is an external table" in said
    assert "blocker: v is a view of what is not there" in said


def test_a_table_keeps_pointing_at_the_parent_of_its_source(
    client: Client, names: Names
) -> None:
    database = names("family")
    client.execute(f"CREATE DATABASE {database}")
    client.execute(f"CREATE TABLE {database}.parent(id int primary key)")
    client.execute(_child(database, database))
    request = Request.of(TableName("child", database), TableName("copy", database))
    assert f"goes on pointing to {database}.parent" in texts(make(client, request))


def _child(database: str, of: str) -> str:
    return (
        f"CREATE TABLE {database}.child(id int, pid int, constraint fk_out"
        f" foreign key(pid) references {of}.parent(id))"
    )
