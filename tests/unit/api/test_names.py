"""Names: parsing, quoting, what is refused, and moments in time."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moclone_tui import NOW, InvalidName, Moment, TableName
from moclone_tui.api import names
from moclone_tui.api.names import literal, quote, utc

held = st.text(
    alphabet=st.characters(exclude_characters="\0", exclude_categories=["Cs"]),
    min_size=1,
)
"""Whatever a server can hold."""


@given(held, held)
def test_a_written_name_reads_back_the_same(database: str, table: str) -> None:
    name = TableName(table, database)
    assert TableName.parse(name.sql) == name
    alone = TableName(table)
    assert TableName.parse(alone.sql) == alone


@given(held)
def test_a_quoted_name_never_ends_early(name: str) -> None:
    assert re.fullmatch(r"`(?:[^`]|``)*`", quote(name), re.DOTALL)
    assert quote(name)[1:-1].replace("``", "`") == name


@given(st.text())
def test_a_quoted_string_never_ends_early(text: str) -> None:
    quoted = literal(text)
    assert re.fullmatch(r"'(?:[^'\\]|\\.|'')*'", quoted, re.DOTALL)
    plain = re.sub(r"\\(.)|''", lambda m: m[1] or "'", quoted[1:-1], flags=re.DOTALL)
    assert plain == text


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("orders", TableName("orders")),
        ("shop.orders", TableName("orders", "shop")),
        ("`a.b`", TableName("a.b")),
        ("shop.`a.b`", TableName("a.b", "shop")),
        ("`my.shop`.orders", TableName("orders", "my.shop")),
        ("`a``b`.`c`", TableName("c", "a`b")),
        ("two words", TableName("two words")),
        ("数据.表", TableName("表", "数据")),
        ("a`b", TableName("a`b")),
    ],
)
def test_names_are_read_as_people_write_them(written: str, read: TableName) -> None:
    assert TableName.parse(written) == read


def test_a_name_in_parts_is_taken_as_it_is() -> None:
    name = TableName("a.b", "c.d")
    assert TableName.parse(name) is name
    assert name.sql == "`c.d`.`a.b`"


@pytest.mark.parametrize(
    "text",
    ["", ".", "a.", ".a", "a..b", "a.b.c", "`a`.`b`.`c`", "`a", "`a`b", "``", "a.``"],
)
def test_what_is_no_name_of_a_table_is_refused(text: str) -> None:
    with pytest.raises(InvalidName):
        TableName.parse(text)


@pytest.mark.parametrize("name", ["", "a\0b", "a\ud800b"])
def test_what_no_server_can_hold_is_refused_everywhere(name: str) -> None:
    for check in (names.database, names.snapshot, names.new_database, TableName):
        with pytest.raises(InvalidName):
            check(name)
    with pytest.raises(InvalidName):
        TableName("t", name)


@pytest.mark.parametrize(
    "char",
    [" ", "\t", "\n", "`", '"', "'", "\x1b", "\u202e", "\u200b", "\u2028", "\xa0"],
)
def test_what_could_never_be_dropped_is_not_made(char: str) -> None:
    for check in (names.new_database, names.new_snapshot):
        with pytest.raises(InvalidName) as caught:
            check(f"a{char}b")
        assert caught.value.remedy
        if char not in " `\"'\xa0":
            assert char not in str(caught.value)


@pytest.mark.parametrize("name", ["a-b", "a.b", "100%", "数据库", "[/x]", "x" * 200])
def test_what_the_server_takes_is_taken(name: str) -> None:
    assert names.new_database(name) == name
    assert names.new_snapshot(name) == name


@pytest.mark.parametrize("name", ['a"b', "a\x1bb", "a\u202eb", "a\nb"])
def test_a_table_that_would_break_its_database_is_not_made(name: str) -> None:
    assert TableName(name).table == name
    with pytest.raises(InvalidName):
        TableName(name).new()


@pytest.mark.parametrize("name", ["a`b", "a b", "a'b", "a.b", "数据"])
def test_a_table_may_have_names_that_a_database_may_not(name: str) -> None:
    assert TableName(name).new().table == name


def test_a_shown_name_has_no_control_characters() -> None:
    assert str(TableName("a\x1b[31m", "d")) == "d.a␛[31m"


@pytest.mark.parametrize(
    ("moment", "hint", "shown"),
    [
        (NOW, "", "now"),
        (Moment(snapshot="s"), " {SNAPSHOT = 's'}", "s"),
        (Moment(snapshot="a'b\\c"), " {SNAPSHOT = 'a''b\\\\c'}", "a'b\\c"),
        (
            Moment(ns=1_700_000_000_123_456_789),
            " {MO_TS = 1700000000123456789}",
            "2023-11-14 22:13:20 UTC",
        ),
    ],
)
def test_a_moment_is_written_and_shown(moment: Moment, hint: str, shown: str) -> None:
    assert moment.hint == hint
    assert str(moment) == shown
    assert bool(moment) == bool(hint)


def test_nanoseconds_become_an_aware_time_without_rounding() -> None:
    assert utc(1_700_000_000_999_999_999) == dt.datetime(
        2023, 11, 14, 22, 13, 20, 999999, dt.UTC
    )
