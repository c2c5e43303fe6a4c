"""Rules and statements looked at before anything is sent: what fits, what does not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from moclone_tui import Client, TableName
from moclone_tui.cloning.after import After
from moclone_tui.cloning.look import server_clock
from moclone_tui.cloning.masking import prepare
from moclone_tui.cloning.request import Pair, Request
from moclone_tui.config import MaskRule
from tests.contract.masked import MAIL, after, make_people

if TYPE_CHECKING:
    from tests.conftest import Names, Server


@pytest.fixture
def people(client: Client, names: Names) -> str:
    return make_people(client, names("people"))


def texts(client: Client, what: After, source: str | TableName) -> str:
    target = "any" if isinstance(source, str) else TableName("any", "any")
    _, findings = prepare(client, what, source, target)
    return "\n".join(f"{each.level}: {each.text}" for each in findings)


def test_rules_that_fit_the_source_and_those_that_do_not(
    client: Client, people: str
) -> None:
    says = texts(client, after(("customers", "emial", "NULL")), people)
    assert f"blocker: {people}.customers has no column emial" in says
    assert "did you mean 'email'?" in says
    nowhere = ("nowhere", "x", "NULL")
    assert texts(client, after(nowhere), people) == ""
    assert "finds no table nowhere" in texts(client, after((*nowhere, people)), people)
    assert texts(client, after((*nowhere, "elsewhere")), people) == ""
    changes, _ = prepare(client, after(("Customers", "Email", MAIL)), people, "x")
    assert [mask.statement for mask in changes.masks] == [
        f"UPDATE `x`.`customers` SET `email` = ({MAIL})"
    ]


def test_masking_that_is_required_and_does_not_apply(
    client: Client, people: str
) -> None:
    rules = (MaskRule("customers", "email", "NULL", "elsewhere"),)
    says = texts(client, After(rules, required=True), people)
    assert says == f"blocker: masking is required, and no rule applies to {people}"
    assert (
        texts(client, After((MaskRule("visits", "who", "NULL"),), (), True), people)
        == ""
    )


def test_what_refers_to_a_masked_column_would_tell_it(
    client: Client, people: str
) -> None:
    one, two = ("customers", "id", "id + 100"), ("orders", "customer", "customer + 100")
    says = texts(client, after(one), people)
    assert "blocker: orders.customer goes on holding what customers.id held" in says
    assert "blocker" not in texts(client, after(one, two), people)
    assert "may then point to nothing" in texts(client, after(two), people)


def test_a_view_cannot_be_masked(client: Client, people: str) -> None:
    client.execute(f"CREATE VIEW {people}.v AS SELECT id FROM {people}.customers")
    says = texts(client, after(("v", "id", "NULL")), people)
    assert f"blocker: {people}.v is to be masked, and it is no table" in says


def test_a_partitioned_table(client: Client, names: Names, server: Server) -> None:
    """4.2 masks none of its rows before COMMIT, and says nothing; 3.0 does it."""
    source = names("parts")
    client.execute(f"CREATE DATABASE {source}")
    client.execute(
        f"CREATE TABLE {source}.p (id INT PRIMARY KEY, x VARCHAR(9))"
        " PARTITION BY HASH (id) PARTITIONS 2"
    )
    client.execute(f"CREATE TABLE {source}.plain (id INT PRIMARY KEY)")
    at_risk = server.version >= (4, 0, 0)
    table = TableName("p", source)
    mask = after(("p", "x", "NULL"))
    for file in ("DELETE FROM P", "INSERT INTO plain SELECT id FROM p"):
        says = texts(client, after(file=(file,)), source)
        assert ("p is partitioned" in says) == at_risk
    alone = after(file=("DELETE FROM any",))
    for what, whole in ((mask, source), (mask, table), (alone, table)):
        assert ("is partitioned" in texts(client, what, whole)) == at_risk
    nothing = after(file=("DELETE FROM plain", "DELETE FROM nowhere"))
    assert texts(client, nothing, source) == ""


def test_a_statement_of_the_file_that_goes_beyond_the_copy(
    client: Client, people: str
) -> None:
    beyond = (f"UPDATE `{people}`.customers SET phone = ''", "DROP TABLE orders")
    says = texts(client, after(file=beyond), people)
    assert f"blocker: statement 1 of the file (UPDATE `{people}`.customers" in says
    assert f"it names {people}.customers, which is not of the copy" in says
    assert (
        "blocker: statement 2 of the file (DROP TABLE orders): DROP cannot run" in says
    )


def test_a_column_of_a_key_may_not_be_masked_alike(client: Client, people: str) -> None:
    assert "is of a unique key" in texts(client, after(("places", "b", "1")), people)


def test_a_plan_shows_what_frees_a_parent(client: Client, people: str) -> None:
    """Whoever sends the statements of a plan masks rightly, too."""
    at = server_clock(client)
    changes, _ = prepare(client, after(("customers", "email", "NULL")), people, "x", at)
    orders = "ALTER TABLE `x`.`orders`"
    assert changes.texts == (
        "USE `x`",
        f"{orders} DROP FOREIGN KEY `fk_customer`",
        "DROP TABLE `x`.`customers`",
        f"CREATE TABLE `x`.`customers` CLONE `{people}`.`customers`{at.hint}",
        "UPDATE `x`.`customers` SET `email` = (NULL)",
        (
            f"{orders} ADD CONSTRAINT `fk_customer` FOREIGN KEY (`customer`) REFERENCES"
            " `x`.`customers` (`id`) ON DELETE RESTRICT ON UPDATE RESTRICT"
        ),
    )


@pytest.mark.parametrize(
    "text",
    [
        "UPDATE customers value, {0}.orders {0} SET {0}.note = 'x'",
        "UPDATE customers {0} SET phone = (SELECT max({0}.note) FROM orders)",
        "DELETE FROM orders USING {0}.orders AS orders",
    ],
)
def test_no_name_in_a_file_may_begin_with_another_database(
    client: Client, people: str, names: Names, text: str
) -> None:
    """Whatever it stands for: what is read wrongly must not reach beyond the copy."""
    pair = Pair(people, names("copy"))
    request = Request((pair,), after=After((), (text.format(people),)))
    said = "; ".join(each.text for each in client.clone.plan(request).blockers)
    assert "which is not of the copy" in said
