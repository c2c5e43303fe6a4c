from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moclone_tui.tui.widgets.filtering import matching, narrows, parse

NAMES = ["shop.orders", "shop_dev.orders", "shop.customers", "billing", "[/x]", "数据"]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", NAMES),
        ("shop", ["shop.orders", "shop_dev.orders", "shop.customers"]),
        ("ord shop", ["shop.orders", "shop_dev.orders"]),
        ("SHOP !dev", ["shop.orders", "shop.customers"]),
        ("!shop !bill", ["[/x]", "数据"]),
        ("~sdo", ["shop_dev.orders"]),
        ("~spcm", ["shop.customers"]),
        ("[/", ["[/x]"]),
        ("~[x", ["[/x]"]),
        ("数", ["数据"]),
        ("! ~", NAMES),
        ("nothing", []),
    ],
)
def test_filter(query: str, names: list[str]) -> None:
    assert [NAMES[at] for at in matching(NAMES, parse(query))] == names


def test_the_order_of_among_is_kept() -> None:
    assert matching(NAMES, parse("shop"), [2, 1, 0]) == [2, 1, 0]


WORDS = st.text("ab!~ ", max_size=8)


@given(WORDS, WORDS, st.lists(st.text("abc", max_size=6), max_size=20))
def test_a_narrower_filter_lets_nothing_new_through(
    old: str, new: str, texts: list[str]
) -> None:
    if narrows(parse(new), parse(old)):
        assert set(matching(texts, parse(new))) <= set(matching(texts, parse(old)))


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("sh", "sho", True),
        ("sh", "sh ord", True),
        ("sho", "sh", False),
        ("!dev", "!de", True),
        ("!de", "!dev", False),
        ("~so", "~sod", True),
        ("~so", "xsoy", True),
        ("sh", "!sh", False),
    ],
)
def test_what_counts_as_narrower(old: str, new: str, expected: bool) -> None:
    assert narrows(parse(new), parse(old)) is expected


def test_where_a_term_is_found() -> None:
    (has,), (fuzzy,), (lacks,) = parse("or"), parse("~os"), parse("!or")
    assert has.found("order or") == [(0, 2), (6, 8)]
    assert fuzzy.found("orders") == [(0, 1), (5, 6)]
    assert lacks.found("orders") == []
