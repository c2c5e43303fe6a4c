"""Roles that are to use a copy: known before anything is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from moclone_tui import Client
from moclone_tui.cloning.plan import Plan, make
from moclone_tui.cloning.request import Pair, Request

if TYPE_CHECKING:
    from tests.conftest import Names

    from .people import People


def plan(client: Client, shop: str, names: Names, *roles: str) -> Plan:
    return make(client, Request((Pair(shop, names("copy")),), roles=roles))


def test_a_role_that_is_not_there_is_told_with_the_nearest(
    people: People, client: Client, shop: str, names: Names
) -> None:
    reader = people.add("reader")
    (finding,) = plan(client, shop, names, names("raeder"), reader).blockers
    assert names("raeder") in finding.text
    assert "no role" in finding.text
    assert reader in finding.text + finding.remedy


def test_the_case_of_a_role_does_not_matter_to_the_server(
    people: People, client: Client, shop: str, names: Names
) -> None:
    reader = people.add("reader")
    assert plan(client, shop, names, reader.upper()).blockers == ()
    request = Request((Pair(shop, names("copy")),), roles=(reader.upper(),))
    done = client.clone.run(client.clone.plan(request))
    assert (done.word, done.missing) == ("verified: counts", ())
    assert people.may(reader, f"SELECT * FROM {names('copy')}.orders") == [True]


def test_who_may_not_look_hears_that_roles_were_not_checked(
    people: People, client: Client, shop: str, names: Names
) -> None:
    role = people.add(
        "clerk", f"SELECT ON TABLE `{shop}`.*", f"SHOW TABLES ON DATABASE `{shop}`"
    )
    with people.login(role) as login:
        found = plan(login, shop, names, "whoever")
    said = [each.text for each in found.findings if "role" in each.text]
    assert said == ["not checked: the role whoever: no right to look"]
