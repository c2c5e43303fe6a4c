"""Statements, their parameters, and what comes back."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from moclone_tui import Client, NotFound, QueryError

if TYPE_CHECKING:
    from tests.conftest import Names


@pytest.fixture
def table(client: Client, names: Names) -> str:
    """An empty table with a column of each kind."""
    client.execute(f"CREATE DATABASE `{names('a')}`")
    client.execute(
        f"CREATE TABLE `{names('a')}`.t (id INT PRIMARY KEY, words VARCHAR(200),"
        " sum DECIMAL(12, 3), at DATETIME(6), raw VARBINARY(50))"
    )
    return f"`{names('a')}`.t"


def test_columns_and_rows_come_back_in_order(client: Client) -> None:
    result = client.execute("SELECT 2 AS b, 1 AS a UNION ALL SELECT 4, 3")
    assert result.columns == ("b", "a")
    assert sorted(result.rows) == [(2, 1), (4, 3)]
    assert len(result) == 2


def test_a_change_tells_how_many_rows_it_touched(client: Client, table: str) -> None:
    result = client.execute(f"INSERT INTO {table} (id) VALUES (1), (2), (3)")
    assert (result.columns, result.rows, result.affected) == ((), (), 3)


VALUES: tuple[Any, ...] = (
    "plain",
    'it\'s 100% "quoted" \\ `so`',
    "50 %s and %(name)s",
    "数据 🔑 \u202e",
    "a\nb\tc\x1b[31m",
    "",
)


@pytest.mark.parametrize("words", VALUES)
def test_text_survives_the_way_there_and_back(
    client: Client, table: str, words: str
) -> None:
    client.execute(f"INSERT INTO {table} (id, words) VALUES (%s, %s)", (1, words))
    assert client.execute(f"SELECT words FROM {table}").first == (words,)
    found = client.execute(f"SELECT id FROM {table} WHERE words = %s", (words,))
    assert found.rows == ((1,),)


def test_null_decimal_datetime_and_bytes_survive(client: Client, table: str) -> None:
    at = dt.datetime(2026, 1, 2, 3, 4, 5, 678901)  # noqa: DTZ001 as the server has it
    row = (1, None, Decimal("-12.500"), at, b"\x00\xff'\\%s")
    client.execute(f"INSERT INTO {table} VALUES (%s, %s, %s, %s, %s)", row)
    assert client.execute(f"SELECT * FROM {table}").first == row


def test_named_parameters(client: Client) -> None:
    found = client.execute(
        "SELECT %(a)s AS a, %(b)s AS b, %(a)s AS c", {"a": "x", "b": 2}
    )
    assert found.first == ("x", 2, "x")


def test_a_percent_sign_in_a_name_or_a_string_is_no_parameter(
    client: Client, names: Names
) -> None:
    database = names("a")
    client.execute(f"CREATE DATABASE `{database}`")
    client.execute(f"CREATE TABLE `{database}`.`100%s` (`50%` INT, t VARCHAR(20))")
    client.execute(f"INSERT INTO `{database}`.`100%s` VALUES (%s, 'is %s')", (7,))
    found = client.execute(
        f"SELECT `50%`, t FROM `{database}`.`100%s` WHERE `50%` = %s", (7,)
    )
    assert found.rows == ((7, "is %s"),)


def test_without_parameters_nothing_is_replaced(client: Client) -> None:
    assert client.execute("SELECT 'a %s %% b'").first == ("a %s %% b",)


@pytest.mark.parametrize("params", [(), (1,), (1, 2, 3), {"a": 1}])
def test_parameters_that_do_not_fit_are_refused(
    client: Client, params: tuple[int, ...]
) -> None:
    with pytest.raises(ValueError, match="parameter"):
        client.execute("SELECT %s, %s", params)
    assert client.execute("SELECT 1").first == (1,)


def test_threads_that_share_a_client_take_turns(client: Client) -> None:
    def ask(number: int) -> bool:
        asked = [(number * 1000 + n, "x" * n) for n in range(20)]
        return all(client.execute("SELECT %s, %s", one).first == one for one in asked)

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(ask, range(8)))


def test_a_refused_statement_keeps_number_words_and_itself(client: Client) -> None:
    with pytest.raises(QueryError) as caught:
        client.execute("SELEC 1")
    error = caught.value
    assert error.code == 1064
    assert error.statement == "SELEC 1"
    assert "SELEC" in error.detail
    assert "\n" not in str(error)
    assert error.__cause__ is not None


def test_after_a_refused_statement_the_connection_goes_on(client: Client) -> None:
    with pytest.raises(QueryError):
        client.execute("SELEC 1")
    assert client.connected()
    assert client.execute("SELECT 1").first == (1,)


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM {0}.no_such_table",
        "SHOW CREATE TABLE {0}.no_such_table",
        "SHOW TABLES FROM mct_no_such_database",
        "DROP DATABASE mct_no_such_database",
        "DROP SNAPSHOT mct_no_such_snapshot",
        "DROP TABLE {0}.no_such_table",
    ],
)
def test_what_is_not_there_is_not_found(
    client: Client, names: Names, statement: str
) -> None:
    client.execute(f"CREATE DATABASE {names('a')}")
    with pytest.raises(NotFound):
        client.execute(statement.format(names("a")))


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE ACCOUNT {0} ADMIN_NAME 'adm' IDENTIFIED BY 'hunter2' nonsense",
        "ALTER ACCOUNT {0} ADMIN_NAME 'adm' IDENTIFIED BY \"hunter2\"",
        "CREATE USER {0} IDENTIFIED BY 'hunter2' nonsense here",
        "ALTER USER {0} IDENTIFIED BY 'hunter2'",
    ],
)
def test_a_password_in_a_statement_is_not_told(
    client: Client, names: Names, statement: str
) -> None:
    with pytest.raises(QueryError) as caught:
        client.execute(statement.format(names("x")))
    error = caught.value
    told = str(error) + repr(error) + error.detail + error.statement
    assert "hunter2" not in told
    assert "***" in error.statement
