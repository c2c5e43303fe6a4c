"""Clones through an executor of the caller's own, as a session of another library."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pymysql
import pytest

from moclone_tui import (
    AlreadyExists,
    Client,
    CloneError,
    CloneManager,
    NotFound,
    OutcomeUnknown,
)

from .looking import has_database, rows

if TYPE_CHECKING:
    from tests.conftest import Names, Server


class Recorder:
    """Remembers what it was given, and passes it on."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.sent: list[str] = []

    def execute(self, sql: str) -> object:
        self.sent.append(sql)
        return self.client.execute(sql)


class Failing:
    """Fails the way another library does."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def execute(self, sql: str) -> None:
        raise self.error


class Wrapped(Exception):
    """An error that keeps the driver's in `orig`, as SQLAlchemy's do."""

    def __init__(self, orig: Exception) -> None:
        super().__init__(f"(wrapped) {orig}")
        self.orig = orig


def test_the_clone_is_the_only_statement_through_it(
    client: Client, watcher: Client, shop: str, names: Names
) -> None:
    recorder = Recorder(watcher)
    clone = CloneManager(client, executor=recorder)
    clone.clone_database(names("copy"), shop)
    clone.clone_table(f"{shop}.copy", f"{shop}.customers")
    assert recorder.sent == [
        f"CREATE DATABASE `{names('copy')}` CLONE `{shop}`",
        f"CREATE TABLE `{shop}`.`copy` CLONE `{shop}`.`customers`",
    ]
    assert len(rows(client, f"`{shop}`.copy")) == 3


def test_nothing_goes_through_it_if_the_source_is_missing(
    client: Client, names: Names
) -> None:
    recorder = Recorder(client)
    with pytest.raises(CloneError):
        CloneManager(client, recorder).clone_database(names("copy"), names("none"))
    assert recorder.sent == []


def test_a_session_as_executor_takes_part_in_its_transaction(
    client: Client, watcher: Client, shop: str, names: Names
) -> None:
    with client.session() as session:
        CloneManager(client, executor=session).clone_database(names("copy"), shop)
        assert not has_database(watcher, names("copy"))
        session.rollback()
    assert not has_database(watcher, names("copy"))


def test_with_a_session_as_executor_look_ups_see_what_the_session_made(
    client: Client, names: Names
) -> None:
    with client.session() as session:
        session.execute(f"CREATE DATABASE `{names('new')}`")
        CloneManager(client, session).clone_database(names("copy"), names("new"))
    assert has_database(client, names("copy"))


def test_a_driver_of_ones_own_takes_part_in_its_transaction(
    server: Server, client: Client, watcher: Client, shop: str, names: Names
) -> None:
    with pymysql.connect(**server.address) as connection, connection.cursor() as cursor:
        cursor.execute("BEGIN")
        clone = CloneManager(client, executor=cursor)
        if client.capabilities.has("clone_errors_in_transaction"):
            clone.clone_database(names("copy"), shop)
        else:  # there a failed clone would have been told as a success, too
            with pytest.raises(OutcomeUnknown, match="can be seen from here"):
                clone.clone_database(names("copy"), shop)
        assert not has_database(watcher, names("copy"))
        connection.commit()
    assert has_database(watcher, names("copy"))


@pytest.mark.parametrize("code", [1007, 1050])
@pytest.mark.parametrize("wrap", [lambda error: error, Wrapped])
def test_taken_in_the_words_of_another_library_is_a_skip(
    client: Client, shop: str, names: Names, code: int, wrap: type[Wrapped]
) -> None:
    clone = CloneManager(client, Failing(wrap(pymysql.err.ProgrammingError(code, "x"))))
    assert clone.clone_database(names("copy"), shop, if_not_exists=True).skipped
    with pytest.raises(CloneError, match="exists already") as caught:
        clone.clone_database(names("copy"), shop)
    assert isinstance(caught.value.__cause__, AlreadyExists)
    assert caught.value.code == code


def test_another_librarys_error_keeps_number_and_words(
    client: Client, shop: str, names: Names
) -> None:
    theirs = pymysql.err.OperationalError(20101, "internal error: it broke\nat line 1")
    with pytest.raises(CloneError, match="it broke") as caught:
        CloneManager(client, Failing(theirs)).clone_database(names("copy"), shop)
    assert caught.value.code == 20101
    assert "at line 1" in caught.value.detail
    assert "\n" not in str(caught.value)
    assert caught.value.__cause__ is not None
    assert caught.value.__cause__.__cause__ is theirs


def test_a_taken_target_with_a_missing_source_is_not_skipped(
    client: Client, shop: str, names: Names
) -> None:
    with pytest.raises(CloneError) as caught:
        client.clone.clone_database(shop, names("none"), if_not_exists=True)
    assert isinstance(caught.value.__cause__, NotFound)
