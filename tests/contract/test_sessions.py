"""Sessions: all or nothing, as a second connection sees it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from moclone_tui import AlreadyExists, Client, CloneError, ConnectionError, QueryError

from .looking import has_database, rows, tables

if TYPE_CHECKING:
    from tests.conftest import Names


def test_both_clones_appear_together_and_only_at_the_end(
    client: Client, watcher: Client, shop: str, names: Names
) -> None:
    with client.session() as session:
        session.clone.clone_database(names("a"), shop)
        session.clone.clone_database(names("b"), shop)
        assert session.in_transaction
        assert len(rows(session, f"`{names('a')}`.customers")) == 3
        assert not has_database(watcher, names("a"))
        assert not has_database(watcher, names("b"))
    assert tables(watcher, names("a")) == tables(watcher, names("b"))
    assert len(rows(watcher, f"`{names('b')}`.customers")) == 3


def test_a_failing_second_clone_undoes_the_first(
    client: Client, watcher: Client, shop: str, names: Names
) -> None:
    def both() -> None:
        with client.session() as session:
            session.clone.clone_database(names("a"), shop)
            session.clone.clone_database(names("b"), names("missing"))

    with pytest.raises(CloneError, match="does not exist"):
        both()
    assert watcher_sees_nothing_new(watcher, names)


def test_a_failure_that_was_swallowed_undoes_the_session_and_says_so(
    client: Client, watcher: Client, shop: str, names: Names
) -> None:
    def both() -> None:
        with client.session() as session:
            session.clone.clone_database(names("a"), shop)
            with pytest.raises(CloneError):
                session.clone.clone_database(names("b"), names("missing"))

    with pytest.raises(CloneError, match="not committed") as caught:
        both()
    assert names("missing") in str(caught.value)
    assert caught.value.remedy
    assert watcher_sees_nothing_new(watcher, names)


def test_any_exception_undoes_the_session_and_goes_on(
    client: Client, watcher: Client, shop: str, names: Names
) -> None:
    def fail() -> None:
        with client.session() as session:
            session.clone.clone_database(names("a"), shop)
            raise LookupError("of the caller's own")

    with pytest.raises(LookupError, match="own"):
        fail()
    assert watcher_sees_nothing_new(watcher, names)


def test_a_skipped_clone_is_no_failure(
    client: Client, watcher: Client, shop: str, names: Names
) -> None:
    client.execute(f"CREATE DATABASE `{names('there')}`")
    with client.session() as session:
        session.clone.clone_database(names("a"), shop)
        skipped = session.clone.clone_database(names("there"), shop, if_not_exists=True)
        session.clone.clone_database(names("b"), shop)
    assert skipped.skipped
    assert has_database(watcher, names("a"))
    assert has_database(watcher, names("b"))
    assert tables(watcher, names("there")) == []


def test_a_taken_table_is_a_skip_inside_a_session_too(
    client: Client, shop: str
) -> None:
    """3.0 answers every clone inside BEGIN with success."""
    with client.session() as session:
        result = session.clone.clone_table(
            f"{shop}.orders", f"{shop}.customers", if_not_exists=True
        )
        assert result.skipped
    assert len(rows(client, f"`{shop}`.orders")) == 2


@pytest.mark.parametrize("what", ["database", "table"])
def test_a_taken_target_fails_inside_a_session_too(
    client: Client, watcher: Client, shop: str, names: Names, what: str
) -> None:
    client.execute(f"CREATE DATABASE `{names('there')}`")

    def clone() -> None:
        with client.session() as session:
            session.clone.clone_database(names("a"), shop)
            if what == "database":
                session.clone.clone_database(names("there"), shop)
            else:
                session.clone.clone_table(f"{shop}.orders", f"{shop}.customers")

    with pytest.raises(CloneError) as caught:
        clone()
    assert isinstance(caught.value.__cause__, AlreadyExists)
    assert not has_database(watcher, names("a"))
    assert tables(watcher, names("there")) == []


def test_a_clone_that_the_server_cannot_make_is_no_success_in_a_session(
    client: Client, watcher: Client, shop: str, names: Names
) -> None:
    """A view of nothing: 4.2 says so, 3.0 leaves it out and says yes."""
    client.execute(f"DROP TABLE `{shop}`.orders")

    def clone() -> None:
        with client.session() as session:
            session.clone.clone_database(names("a"), shop)

    with pytest.raises(CloneError) as caught:
        clone()
    assert isinstance(caught.value.__cause__, QueryError)
    assert watcher_sees_nothing_new(watcher, names)


def test_rollback_drops_what_was_done_and_a_new_transaction_begins(
    client: Client, watcher: Client, shop: str, names: Names
) -> None:
    with client.session() as session:
        session.clone.clone_database(names("a"), shop)
        session.rollback()
        session.clone.clone_database(names("b"), shop)
        assert not has_database(watcher, names("b"))
    assert not has_database(watcher, names("a"))
    assert has_database(watcher, names("b"))


def test_after_a_rollback_an_earlier_failure_is_forgotten(
    client: Client, watcher: Client, shop: str, names: Names
) -> None:
    with client.session() as session:
        with pytest.raises(CloneError):
            session.clone.clone_database(names("a"), names("missing"))
        session.rollback()
        session.clone.clone_database(names("b"), shop)
    assert has_database(watcher, names("b"))


def test_commit_keeps_what_was_done_even_if_the_rest_fails(
    client: Client, watcher: Client, shop: str, names: Names
) -> None:
    def fail_later() -> None:
        with client.session() as session:
            session.clone.clone_database(names("a"), shop)
            session.commit()
            assert has_database(watcher, names("a"))
            session.clone.clone_database(names("b"), shop)
            raise LookupError

    with pytest.raises(LookupError):
        fail_later()
    assert has_database(watcher, names("a"))
    assert not has_database(watcher, names("b"))


def test_a_connection_killed_midway_keeps_nothing(
    client: Client, watcher: Client, shop: str, names: Names
) -> None:
    def killed() -> None:
        with client.session() as session:
            session.clone.clone_database(names("a"), shop)
            watcher.execute(f"KILL {session.connection.id}")
            session.clone.clone_database(names("b"), shop)

    with pytest.raises(ConnectionError):
        killed()
    assert watcher_sees_nothing_new(watcher, names)


def test_a_session_sees_the_clients_database(client: Client, shop: str) -> None:
    client.execute(f"USE `{shop}`")
    with client.session() as session:
        assert session.execute("SELECT DATABASE()").first == (shop,)


def test_the_client_works_on_beside_its_session(
    client: Client, shop: str, names: Names
) -> None:
    with client.session() as session:
        session.clone.clone_database(names("a"), shop)
        assert not client.in_transaction
        assert not has_database(client, names("a"))
        assert len(rows(client, f"`{shop}`.customers")) == 3


def test_a_session_that_is_over_sends_nothing(client: Client) -> None:
    with client.session() as session:
        pass
    with pytest.raises(ConnectionError, match="not open"):
        session.execute("SELECT 1")


def test_a_session_without_a_connection_does_not_begin() -> None:
    with pytest.raises(ConnectionError, match="not connected"):
        Client().session().__enter__()


def test_plain_statements_are_part_of_the_session(
    client: Client, watcher: Client, shop: str
) -> None:
    def fail() -> None:
        with client.session() as session:
            session.execute(f"DELETE FROM `{shop}`.customers WHERE id = %s", (1,))
            assert len(rows(session, f"`{shop}`.customers")) == 2
            raise LookupError

    with pytest.raises(LookupError):
        fail()
    assert len(rows(watcher, f"`{shop}`.customers")) == 3


def watcher_sees_nothing_new(watcher: Client, names: Names) -> bool:
    return names.left_behind(watcher) == [names("shop")]
