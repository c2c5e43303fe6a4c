"""What is read out of a statement: its first word, and the secrets in it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moclone_tui.api.sql import changes_something, first_word, redact


@pytest.mark.parametrize(
    ("statement", "word"),
    [
        ("SELECT 1", "select"),
        ("  \n\tselect 1", "select"),
        ("/* moclone job=1 */ CREATE DATABASE a", "create"),
        ("-- a\n-- b\nDROP TABLE t", "drop"),
        ("# a\nUSE d", "use"),
        ("/* a */ /* b */ -- c\n(SELECT 1)", "select"),
        ("", ""),
        ("-- only a comment", ""),
        (";", ""),
    ],
)
def test_the_first_word_is_found_behind_comments(statement: str, word: str) -> None:
    assert first_word(statement) == word


@pytest.mark.parametrize(
    "statement",
    ["SELECT 1", "SHOW TABLES", "/* x */ EXPLAIN SELECT 1", "BEGIN", "KILL QUERY 1"],
)
def test_a_read_changes_nothing(statement: str) -> None:
    assert not changes_something(statement)


@pytest.mark.parametrize(
    "statement",
    ["COMMIT", "CREATE TABLE a CLONE b", "/* SELECT */ DROP TABLE t", "WITH a", "?"],
)
def test_whatever_is_not_known_to_read_may_change_something(statement: str) -> None:
    assert changes_something(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE USER u IDENTIFIED BY 'hunter2'",
        'CREATE USER u identified  by "hunter2" DEFAULT ROLE r',
        "CREATE USER u IDENTIFIED BY 'a''hunter2'",
        r"CREATE USER u IDENTIFIED BY 'a\'hunter2'",
        "CREATE USER u IDENTIFIED WITH mysql_native_password BY 'hunter2'",
        "CREATE ACCOUNT a ADMIN_NAME 'adm' IDENTIFIED BY 'hunter2' COMMENT 'x'",
        "ALTER USER u IDENTIFIED BY 'hunter2",
        "SET PASSWORD FOR u = PASSWORD('hunter2')",
        "SET PASSWORD = 'hunter2'",
        "CREATE STAGE s CREDENTIALS={'AWS_KEY_ID'='k','AWS_SECRET_KEY'='hunter2'}",
        "CREATE STAGE s CREDENTIALS = {\"AWS_SECRET_KEY\" = 'hunter2'}",
        "URL s3option {'access_key_id'='hunter2', 'secret_access_key'='hunter2'}",
        "syntax error at line 1 near \" IDENTIFIED BY 'hunter2' nonsense\"",
    ],
)
def test_secrets_are_taken_out(statement: str) -> None:
    assert "hunter2" not in redact(statement)
    assert "***" in redact(statement)


def test_what_is_not_secret_stays() -> None:
    statement = "CREATE ACCOUNT a ADMIN_NAME 'adm' IDENTIFIED BY 'x' COMMENT 'for b'"
    assert redact(statement) == (
        "CREATE ACCOUNT a ADMIN_NAME 'adm' IDENTIFIED BY '***' COMMENT 'for b'"
    )
    assert redact("SELECT 'identified', 'by'") == "SELECT 'identified', 'by'"


@given(st.text(alphabet=st.characters(exclude_characters="'\\"), min_size=4))
def test_no_password_stays(password: str) -> None:
    """Of whatever characters, as long as it is no part of the statement around."""
    told = redact(f"CREATE USER u IDENTIFIED BY '{password}'")
    assert told == "CREATE USER u IDENTIFIED BY '***'"
