"""Errors by cause: every error of the driver becomes one of ours."""

from __future__ import annotations

import builtins
import inspect
from typing import Any

import pymysql.err
import pytest

from moclone_tui import errors
from moclone_tui.api._errors import ANSWERS, cause_of, of_statement
from moclone_tui.errors import (
    AlreadyExists,
    Cancelled,
    ConnectionError,
    MocloneError,
    NotFound,
    OutcomeUnknown,
    PermissionDenied,
    QueryError,
    ServerError,
    TimedOut,
)

BY_CLASS: dict[str, type[ServerError]] = {
    "DataError": QueryError,
    "DatabaseError": QueryError,
    "Error": QueryError,
    "IntegrityError": QueryError,
    "InternalError": QueryError,
    "InterfaceError": QueryError,
    "MySQLError": QueryError,
    "NotSupportedError": QueryError,
    "OperationalError": QueryError,
    "ProgrammingError": QueryError,
    "Warning": QueryError,
}
"""What a class of the driver means when the server gave a number with it."""


def driver_errors() -> list[type[Exception]]:
    return [
        found
        for _, found in inspect.getmembers(pymysql.err, inspect.isclass)
        if issubclass(found, Exception) and found.__module__ == "pymysql.err"
    ]


def test_every_class_of_the_driver_is_mapped() -> None:
    assert {found.__name__ for found in driver_errors()} == set(BY_CLASS)


@pytest.mark.parametrize("kind", driver_errors(), ids=lambda kind: kind.__name__)
def test_a_class_of_the_driver_with_a_number_is_an_answer(
    kind: type[Exception],
) -> None:
    found = of_statement(kind(20105, "not supported"), "SELECT 1", "h:1")
    assert type(found) is BY_CLASS[kind.__name__]
    assert isinstance(found, ANSWERS)
    assert (found.code, found.detail) == (20105, "not supported")


@pytest.mark.parametrize(
    ("code", "words", "cause"),
    [
        (1007, "database a already exists", AlreadyExists),
        (1050, "table a already exists", AlreadyExists),
        (20101, "internal error: snapshot s already exists", AlreadyExists),
        (20101, "internal error: account a already exists", AlreadyExists),
        (20101, "internal error: sys already has a pitr", AlreadyExists),
        (1049, 'SQL parser error: Unknown database "a"', NotFound),
        (1146, "no such table a.t", NotFound),
        (1064, 'SQL parser error: table "t" does not exist', NotFound),
        (1064, "SQL parser error: table t does not exist", NotFound),
        (20101, "internal error: find 0 snapshot records by name(s), …", NotFound),
        (20101, "internal error: snapshot s does not exist", NotFound),
        (20101, "internal error: do not have privilege to …", PermissionDenied),
        (1142, "denied", PermissionDenied),
        (1105, "context canceled", Cancelled),
        (1105, "txn commit status is unknown: 70f70f4866a9b62a", OutcomeUnknown),
        (1317, "Query execution was interrupted", Cancelled),
        (1064, "You have an error in your SQL syntax", QueryError),
        (1064, 'syntax error near "x\ntable t does not exist', QueryError),
        (20105, "not supported: x", QueryError),
        (None, "", QueryError),
    ],
)
def test_numbers_and_words_have_a_cause(
    code: int | None, words: str, cause: type[ServerError]
) -> None:
    assert cause_of(code, words) is cause


@pytest.mark.parametrize(
    ("error", "statement", "cause"),
    [
        (pymysql.err.OperationalError(2013, "Lost"), "SELECT 1", ConnectionError),
        (pymysql.err.OperationalError(2006, "Gone away"), "SHOW x", ConnectionError),
        (pymysql.err.OperationalError(2013, "(timed out)"), "SELECT 1", TimedOut),
        (pymysql.err.OperationalError(2013, "Lost"), "COMMIT", OutcomeUnknown),
        (pymysql.err.OperationalError(2013, "timed out"), "DROP x", OutcomeUnknown),
        (pymysql.err.InterfaceError(0, ""), "SELECT 1", ConnectionError),
        (pymysql.err.InternalError("Packet sequence"), "SELECT 1", ConnectionError),
        (pymysql.err.InternalError("Packet sequence"), "DROP x", OutcomeUnknown),
        (IndexError("out of range"), "SELECT 1", ConnectionError),
    ],
)
def test_a_lost_connection_is_told_by_what_was_under_way(
    error: Exception, statement: str, cause: type[ServerError]
) -> None:
    found = of_statement(error, statement, "h:1")
    assert type(found) is cause
    assert "h:1" in str(found)
    assert found.remedy
    assert not isinstance(found, ANSWERS)


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("internal error: it broke\nstack\ntrace", "it broke"),
        ("SQL parser error: no", "no"),
        ("red \x1b[31m\r\nmore", "red ␛[31m"),
        (
            "internal error: find 0 snapshot records by name(s1), expect only 1",
            "the snapshot s1 does not exist",
        ),
    ],
)
def test_the_first_line_is_shown_without_noise(words: str, shown: str) -> None:
    error = pymysql.err.OperationalError(20101, words)
    found = of_statement(error, "SELECT 1", "h:1")
    assert str(found) == shown
    assert found.detail == words


def test_secrets_are_in_no_part_of_an_error() -> None:
    statement = "CREATE USER u IDENTIFIED BY 'hunter2' x"
    error = pymysql.err.ProgrammingError(1064, f'syntax error near "{statement}"')
    found = of_statement(error, statement, "h:1")
    assert "hunter2" not in str(found) + repr(found) + found.detail + found.statement


def test_documented_bases_hold() -> None:
    assert issubclass(errors.ConnectionError, builtins.ConnectionError)
    assert issubclass(errors.InvalidName, ValueError)
    for _, found in inspect.getmembers(errors, inspect.isclass):
        if issubclass(found, Exception) and found.__module__ == errors.__name__:
            assert issubclass(found, MocloneError)


def made(kind: type[Any]) -> Any:
    return kind("what happened", remedy="what to do")


@pytest.mark.parametrize(
    "kind",
    [errors.MocloneError, errors.CloneError, errors.TimedOut, errors.InvalidName],
)
def test_an_error_says_what_happened_and_what_to_do(kind: type[Any]) -> None:
    assert str(made(kind)) == "what happened"
    assert made(kind).remedy == "what to do"
