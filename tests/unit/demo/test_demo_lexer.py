"""Cutting statements up, and writing them down again for sqlglot."""

import pytest

from moclone_tui.demo.errors import ServerError
from moclone_tui.demo.lexer import HINT_MARK, Kind, quote_string, tokenize
from moclone_tui.demo.rewrite import Rewriter


def values(sql: str) -> list[str]:
    return [token.value for token in tokenize(sql).tokens]


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("select 1;", ["select", "1"]),
        ("/* moclone job=1 */ select 1 /* x */", ["select", "1"]),
        ("select 1 -- rest\n, 2 # more", ["select", "1", ",", "2"]),
        ("`a``b`.`c.d`", ["a`b", ".", "c.d"]),
        ("'it''s' 'a\\nb' 'a\\_b' \"q\"", ["it's", "a\nb", "a\\_b", "q"]),
        ("a<=>b", ["a", "<=>", "b"]),
        ("t{snapshot = 's}'} x", ["t", "snapshot = 's}'", "x"]),
        ("'{a}' `{b}`", ["{a}", "{b}"]),
        ("名前 1.5e3 x'00ff' @@a.b", ["名前", "1.5e3", "x'00ff'", "@@a.b"]),
    ],
)
def test_tokens(sql: str, expected: list[str]) -> None:
    assert values(sql) == expected


def test_hint_is_a_token_of_its_own() -> None:
    kinds = [token.kind for token in tokenize("t {MO_TS = 1}").tokens]
    assert kinds == [Kind.WORD, Kind.HINT]


@pytest.mark.parametrize("sql", ["'open", "`open", "t {open", "select 1; select 2"])
def test_refused(sql: str) -> None:
    with pytest.raises(ServerError) as caught:
        tokenize(sql)
    assert caught.value.code == 1064


def test_hint_becomes_a_mark_on_the_name_before_it() -> None:
    rewriter = Rewriter(())
    tokens = tokenize("select * from d.t {snapshot = 's'} a").tokens
    assert rewriter.write(tokens) == f"select * from d.`t{HINT_MARK}0`  a"
    assert rewriter.hints == ["snapshot = 's'"]


def test_own_functions_are_marked_and_columns_of_that_name_are_not() -> None:
    text = Rewriter({"version"}).write(tokenize("select concat(concat, t.left)").tokens)
    assert text == "select mo__concat(concat, t.left)"


@pytest.mark.parametrize("value", ["it's", "back\\slash", "a\\_b", "line\n", '"'])
def test_quoted_strings_read_the_same(value: str) -> None:
    token = tokenize(quote_string(value)).tokens[0]
    assert token.value == value
