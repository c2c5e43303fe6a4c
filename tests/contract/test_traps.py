"""Traps of the server that no other file is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from moclone_tui import Client, Moment
from moclone_tui.cloning.plan import make
from moclone_tui.cloning.request import Mode, Pair, Request
from moclone_tui.jobs.clone import Copy
from moclone_tui.jobs.model import JobState

from .running import Log

if TYPE_CHECKING:
    from tests.conftest import Names

EXTERNAL = (
    "CREATE EXTERNAL TABLE `{0}`.ext (id INT)"
    " INFILE{{'filepath'='/nowhere.csv', 'compression'='none', 'format'='csv'}}"
)


def test_table_by_table_an_external_table_is_left_out(
    log: Log, client: Client, shop: str, names: Names
) -> None:
    client.execute(f"DROP VIEW `{shop}`.big")
    client.execute(EXTERNAL.format(shop))
    request = Request((Pair(shop, names("copy")),), mode=Mode.STEPWISE)
    end = log.run(Copy(request))
    assert end.text.startswith("verified: counts · left out: external table ext")
    copied = {each.name for each in client.metadata.tables(names("copy"))}
    assert copied == {"customers", "orders"}


def test_a_view_that_names_its_source_is_not_made_by_hand(
    log: Log, client: Client, shop: str, names: Names
) -> None:
    """The server rewrites it; a text that names the source would go on reading it."""
    client.execute(f"CREATE VIEW `{shop}`.named AS SELECT id FROM `{shop}`.orders")
    request = Request((Pair(shop, names("copy")),), mode=Mode.STEPWISE)
    plan = make(client, request)
    assert not plan.doing[0].stepwise
    assert "not table by table" in str(plan.findings)
    assert log.run(Copy(request)).text == "verified: counts"
    client.execute(f"DROP DATABASE `{shop}`")
    named = client.execute(f"SELECT COUNT(*) FROM `{names('copy')}`.named")
    assert int(named.first[0]) == 2


def test_a_function_that_would_be_lost_blocks(
    log: Log, client: Client, shop: str, names: Names
) -> None:
    """DROP DATABASE deletes it in a transaction of its own: no ROLLBACK helps."""
    client.snapshots.create(names("s"), "database", shop)
    client.execute(f"USE `{shop}`")
    client.execute("CREATE FUNCTION tax(a INT) RETURNS INT LANGUAGE SQL AS '$1 + 1'")
    end = log.run(Copy(Request.restore((shop,), Moment(names("s")))))
    assert end.state is JobState.FAILED
    assert "function tax" in end.text
    found = client.execute(
        "SELECT COUNT(*) FROM mo_catalog.mo_user_defined_function WHERE db = %s",
        (shop,),
    )
    assert int(found.first[0]) == 1
