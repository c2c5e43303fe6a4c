"""Masking rules in `config.toml`: what is taken, and how a mistake is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from moclone_tui.config import Config, MaskRule, load
from moclone_tui.errors import ConfigError

RULE = """\
[profiles.p]
mask_required = true
[[profiles.p.masking]]
table = "customers"
column = "email"
value = "concat('user', id, '@example.org')"
[[profiles.p.masking]]
database = "shop"
table = "customers"
column = "phone"
value = "NULL"
"""


def read(tmp_path: Path, text: str) -> Config:
    path = tmp_path / "config.toml"
    path.write_text(text, encoding="utf-8")
    return load(path)


def test_rules_are_kept_in_order(tmp_path: Path) -> None:
    profile = read(tmp_path, RULE).profile("p")
    assert profile.mask_required
    assert profile.masking == (
        MaskRule("customers", "email", "concat('user', id, '@example.org')"),
        MaskRule("customers", "phone", "NULL", "shop"),
    )


def test_without_rules_nothing_is_masked(tmp_path: Path) -> None:
    profile = read(tmp_path, "[profiles.p]\n").profile("p")
    assert (profile.mask_required, profile.masking) == (False, ())


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ('column = "phone"', 'colum = "phone"', 10, "did you mean 'column'?"),
        ('column = "phone"\n', "", 7, "profiles.p.masking[2] has no column"),
        ('"NULL"', '""', 11, "profiles.p.masking[2].value must not be empty"),
        ('"NULL"', "0", 11, "must be a string, not an integer"),
        ('"NULL"', '"NULL; DROP TABLE t"', 11, "one SQL expression, without ;"),
        ('"NULL"', '"NULL -- x"', 11, "without --"),
        ('"NULL"', '"NULL /* x"', 11, "without /*"),
        ('"NULL"', '"NULL # x"', 11, "without #"),
        ('"NULL"', "\"concat('a', 'b'\"", 11, "with its brackets in pairs"),
        ('"NULL"', '"1), x = (2"', 11, "with its brackets in pairs"),
        ('"NULL"', '"\'a"', 11, "a ' in it is not closed"),
    ],
)
def test_a_mistake_names_its_line(
    tmp_path: Path, old: str, new: str, line: int, words: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        read(tmp_path, RULE.replace(old, new))
    assert f"config.toml:{line}: " in caught.value.message
    assert words in caught.value.message


def test_one_table_is_no_array_of_tables(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"toml:1: .*masking must be an array of tab"):
        read(tmp_path, '[profiles.p.masking]\ntable = "customers"\n')


def test_marks_within_quotes_are_text() -> None:
    for value in ("'a;b -- c # d /* e ('", "concat(`we;ird`, \"x)\", 'it''s', '\\'')"):
        assert MaskRule("t", "c", value).value == value


def test_required_without_rules_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        read(tmp_path, "[profiles.p]\nmask_required = true\n")
    assert "config.toml:2: " in caught.value.message
    assert "[[profiles.p.masking]]" in caught.value.remedy


def test_a_rule_of_the_api_is_checked_too() -> None:
    with pytest.raises(ConfigError, match=r"value of shop\.t\.c: must be one SQL"):
        MaskRule("t", "c", "1; DROP TABLE t", "shop")
