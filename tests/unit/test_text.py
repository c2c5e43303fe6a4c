"""Text fit to show, and numbers, sizes, ages and durations in words."""

from __future__ import annotations

import datetime as dt
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moclone_tui import text
from moclone_tui.text import safe

NOW = dt.datetime(2026, 6, 1, 12, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("given_", "shown"),
    [
        ("plain [/x] %s", "plain [/x] %s"),
        ("数据 🔑 ünï العربية עברית", "数据 🔑 ünï العربية עברית"),
        ("a\x1b[31mred", "a␛[31mred"),
        ("a\0b", "a␀b"),
        ("a\tb\nc\rd", "a␉b␊c␍d"),
        ("a\x7fb", "a␡b"),
        ("a\x9bb", "a\ufffdb"),
        ("a\u202eb\u202c", "a\ufffdb\ufffd"),
        ("a\u200fb\u200e", "a\ufffdb\ufffd"),
        ("a\u2066b\u2069", "a\ufffdb\ufffd"),
        ("a\u061cb", "a\ufffdb"),
        ("a\u200bb\u200d", "a\ufffdb\ufffd"),
        ("a\u2028b\u2029", "a\ufffdb\ufffd"),
        ("a\ufeffb", "a\ufffdb"),
        ("a\ud800b\udfff", "a\ufffdb\ufffd"),
        ("a\U000e0041b", "a\ufffdb"),
        ("", ""),
    ],
)
def test_what_steers_a_terminal_becomes_visible(given_: str, shown: str) -> None:
    assert safe(given_) == shown


@given(st.text(alphabet=st.characters(codec=None)))
def test_whatever_comes_in_what_goes_out_can_be_printed(anything: str) -> None:
    shown = safe(anything)
    assert len(shown) == len(anything)
    assert safe(shown) == shown
    shown.encode()
    assert not any(
        unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp")
        or unicodedata.bidirectional(char) in BIDI_CONTROLS
        for char in shown
    )


BIDI_CONTROLS = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}


def test_the_first_line_is_cut_out_and_made_fit() -> None:
    assert text.first_line("\n  one \x1b\r\ntwo") == "one ␛"
    assert text.first_line("") == ""


def test_numbers_have_thousands() -> None:
    assert text.count(1234567) == "1,234,567"
    assert text.plural(1, "table") == "1 table"
    assert text.plural(0, "table") == "0 tables"
    assert text.plural(12000, "index", "indexes") == "12,000 indexes"


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1000, "1.0 kB"),
        (9949, "9.9 kB"),
        (12345, "12 kB"),
        (999_499, "999 kB"),
        (999_999, "1.0 MB"),
        (1_234_567, "1.2 MB"),
        (5 * 10**12, "5.0 TB"),
        (7 * 10**16, "70,000 TB"),
    ],
)
def test_sizes(number: int, shown: str) -> None:
    assert text.size(number) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0, "0 ms"),
        (0.0094, "9 ms"),
        (0.0994, "99 ms"),
        (0.0996, "0.10 s"),
        (0.21, "0.21 s"),
        (0.996, "1.0 s"),
        (1, "1.0 s"),
        (9.94, "9.9 s"),
        (9.96, "10 s"),
        (41.2, "41 s"),
        (59.4, "59 s"),
        (59.6, "1 m 00 s"),
        (60, "1 m 00 s"),
        (187, "3 m 07 s"),
        (3599.6, "1 h 00 m"),
        (3600, "1 h 00 m"),
        (7260, "2 h 01 m"),
    ],
)
def test_durations(value: float, shown: str) -> None:
    assert text.seconds(value) == shown


@pytest.mark.parametrize(
    ("passed", "shown"),
    [
        (dt.timedelta(seconds=-5), "0 s ago"),
        (dt.timedelta(seconds=59.9), "59 s ago"),
        (dt.timedelta(minutes=1), "1 min ago"),
        (dt.timedelta(minutes=59, seconds=59), "59 min ago"),
        (dt.timedelta(hours=1), "1 h ago"),
        (dt.timedelta(hours=47, minutes=59), "47 h ago"),
        (dt.timedelta(days=2), "2 days ago"),
        (dt.timedelta(days=13), "13 days ago"),
        (dt.timedelta(days=14), "2 weeks ago"),
        (dt.timedelta(days=59), "8 weeks ago"),
        (dt.timedelta(days=60), "2 mo ago"),
        (dt.timedelta(days=729), "24 mo ago"),
        (dt.timedelta(days=730), "2 years ago"),
    ],
)
def test_ages(passed: dt.timedelta, shown: str) -> None:
    assert text.age(NOW - passed, NOW) == shown


@pytest.mark.parametrize(
    ("shown", "cells"), [("abc", 3), ("数据", 4), ("e\u0301", 1), ("🔑", 2), ("", 0)]
)
def test_width_in_cells(shown: str, cells: int) -> None:
    assert text.width(shown) == cells


@pytest.mark.parametrize(
    ("given", "cells", "shown"),
    [
        ("shop", 4, "shop"),
        ("shop", 3, "sh…"),
        ("shop", 0, ""),
        ("数据库", 6, "数据库"),
        ("数据库", 5, "数据…"),
        ("数据库", 4, "数…"),
    ],
)
def test_a_text_is_cut_by_cells(given: str, cells: int, shown: str) -> None:
    assert text.cut(given, cells) == shown
