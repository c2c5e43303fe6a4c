"""What would end a session's transaction without being asked to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from moclone_tui import (
    Client,
    CloneError,
    CloneManager,
    InvalidName,
    OutcomeUnknown,
    QueryError,
)

from .looking import has_database

if TYPE_CHECKING:
    from tests.conftest import Names


@pytest.mark.parametrize(
    "statement",
    [
        "BEGIN",
        "START TRANSACTION",
        "LOCK TABLES t READ",
        "SELECT 1; COMMIT",
        ";SET @x = 1",
        "/*!40000 SET @x = 1 */",
        "-- no\nSET @x = 1",
    ],
)
def test_it_is_refused_and_nothing_is_kept(
    client: Client, watcher: Client, shop: str, names: Names, statement: str
) -> None:
    def ended() -> None:
        with client.session() as session:
            session.clone.clone_database(names("copy"), shop)
            session.execute(statement)

    with pytest.raises(QueryError, match="not sent"):
        ended()
    assert not has_database(watcher, names("copy"))


def test_commit_and_rollback_as_statements_are_those_of_the_session(
    client: Client, watcher: Client, shop: str, names: Names
) -> None:
    with client.session() as session:
        session.clone.clone_database(names("kept"), shop)
        session.execute("COMMIT")
        session.clone.clone_database(names("dropped"), shop)
        session.execute("ROLLBACK")
        session.clone.clone_database(names("last"), shop)
        assert not has_database(watcher, names("last"))
    assert has_database(watcher, names("kept"))
    assert not has_database(watcher, names("dropped"))
    assert has_database(watcher, names("last"))


def test_a_name_that_was_refused_fails_the_session_too(
    client: Client, watcher: Client, shop: str, names: Names
) -> None:
    def caught() -> None:
        with client.session() as session:
            session.clone.clone_database(names("copy"), shop)
            with pytest.raises(InvalidName):
                session.clone.clone_database("two words", shop)

    with pytest.raises(CloneError, match="not committed"):
        caught()
    assert not has_database(watcher, names("copy"))


def test_an_executor_that_lost_its_connection_leaves_the_outcome_open(
    client: Client, shop: str, names: Names
) -> None:
    class Lost:
        def execute(self, _: str) -> None:
            raise RuntimeError(2013, "Lost connection to MySQL server during query")

    with pytest.raises(OutcomeUnknown):
        CloneManager(client, Lost()).clone_database(names("copy"), shop)
