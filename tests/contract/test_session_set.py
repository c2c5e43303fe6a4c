"""SET in a session: inside a transaction the server would commit without a word."""

import pytest

from moclone_tui import Client, QueryError
from tests.conftest import Names


def test_a_set_that_comes_first_is_in_force_in_the_transaction(
    client: Client,
) -> None:
    with client.session() as session:
        session.execute("SET foreign_key_checks = 0")
        session.execute("SELECT 1")
        value = session.execute("SELECT @@foreign_key_checks").first[0]
    assert str(value) == "0"


def test_a_set_that_comes_later_is_refused_and_commits_nothing(
    client: Client, names: Names
) -> None:
    name = names("late")

    def too_late() -> None:
        with client.session() as session:
            session.execute(f"CREATE DATABASE {name}")
            session.execute("SET foreign_key_checks = 0")

    with pytest.raises(QueryError, match="would commit"):
        too_late()
    assert name not in {each.name for each in client.metadata.databases()}
