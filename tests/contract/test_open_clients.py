"""A client that commits nothing: no copy is told of that others cannot see whole."""

import pytest

from moclone_tui import Client, QueryError
from moclone_tui.cloning.request import Pair, Request
from tests.conftest import Names


@pytest.mark.parametrize("opened_by", ["SET autocommit = 0", "BEGIN"])
def test_a_copy_is_refused_until_the_client_commits_what_it_sends(
    client: Client, watcher: Client, shop: str, names: Names, opened_by: str
) -> None:
    request = Request((Pair(shop, names("copy")),), sequences=True)
    plan = client.clone.plan(request)
    client.execute(opened_by)
    with pytest.raises(QueryError, match="others would not see") as caught:
        client.clone.run(plan)
    assert "autocommit = 1" in caught.value.remedy
    assert names("copy") not in {each.name for each in watcher.metadata.databases()}
    client.execute("COMMIT")
    client.execute("SET autocommit = 1")
    assert client.clone.run(plan).word == "verified: counts"
    assert names("copy") in {each.name for each in watcher.metadata.databases()}


def test_other_transactions_of_the_same_login_do_not_count(
    client: Client, shop: str, names: Names
) -> None:
    with client.session() as session:
        session.execute(f"SELECT * FROM `{shop}`.orders")
        plan = client.clone.plan(Request((Pair(shop, names("copy")),)))
        assert client.clone.run(plan).word == "verified: counts"
