"""What a put-back sends and says, without a server."""

from __future__ import annotations

import pytest

from moclone_tui import InvalidName, Moment, TableName
from moclone_tui.api import Capabilities
from moclone_tui.cloning import shape
from moclone_tui.cloning.put_back import Change, PutBack, Sample
from moclone_tui.cloning.put_back_judge import judge_layout, sides_of
from moclone_tui.cloning.put_back_sql import Sides

NEW = Capabilities("8.0.30-MatrixOne-v4.2.0")
OLD = Capabilities("8.0.30-MatrixOne-v3.0.18")
TABLE = TableName("o", "d")
AT = Moment(ns=7)

DDL = """CREATE TABLE `o` (
  `id` int NOT NULL AUTO_INCREMENT,
  `a``b` varchar(20) DEFAULT 'x, `y` int' COMMENT 'no ON UPDATE NOT NULL',
  `state` enum('new','a DEFAULT b') DEFAULT NULL,
  `tags` set('a','b') DEFAULT NULL,
  `twice` int GENERATED ALWAYS AS ((id * 2)) STORED,
  `place` geometry DEFAULT NULL,
  `at` timestamp DEFAULT current_timestamp() ON UPDATE current_timestamp(),
  PRIMARY KEY (`id`),
  UNIQUE KEY `u` (`a``b`),
  CONSTRAINT `f` FOREIGN KEY (`id`) REFERENCES `other`.`parent` (`pid`)
)"""


def sides(*columns: str, server: Capabilities = NEW, rows: bool = True) -> Sides:
    layout = shape.read(DDL)
    return sides_of(PutBack(TABLE, AT, rows, columns), layout, layout, server)


def test_what_is_computed_or_cannot_be_compared_is_left_out() -> None:
    made = sides("State")
    assert made.key == ("id",)
    assert made.written == ("id", "a`b", "state", "tags", "place", "at")
    assert made.compared == ("a`b", "state", "tags", "at")
    assert made.kept == ("a`b", "tags", "at")
    assert made.stamped == ("at",)
    assert made.links[0].parent == TableName("parent", "other")


def test_rows_are_put_back_by_key_and_only_where_nothing_is_in_the_way() -> None:
    assert sides().insert() == (
        "INSERT INTO `d`.`o` (`id`, `a``b`, `state`, `tags`, `place`, `at`)"
        " SELECT p.`id`, p.`a``b`, p.`state`, p.`tags`, p.`place`, p.`at`"
        " FROM `d`.`o` {MO_TS = 7} p LEFT JOIN `d`.`o` n ON n.`id` = p.`id`"
        " LEFT JOIN `d`.`o` u0 ON u0.`a``b` = p.`a``b`"
        " WHERE n.`id` IS NULL AND u0.`id` IS NULL"
    )


def test_columns_are_put_back_and_what_the_server_stamps_is_kept() -> None:
    (only,) = sides("a`b").updates({"a`b": 1})
    assert only == (
        "UPDATE `d`.`o` n, `d`.`o` {MO_TS = 7} p SET n.`a``b` = p.`a``b`,"
        " n.`at` = n.`at` WHERE n.`id` = p.`id` AND (NOT (n.`a``b` <=> p.`a``b`))"
    )


def test_an_enum_is_put_back_by_whole_rows() -> None:
    (only,) = sides("state").updates({"state": 9000})
    assert only.startswith("INSERT INTO `d`.`o` (`id`, `a``b`, `state`, ")
    assert "SELECT n.`id`, n.`a``b`, p.`state`, n.`tags`, " in only
    assert only.endswith("`state` = VALUES(`state`), `at` = VALUES(`at`)")


def test_an_old_server_overwrites_8000_rows_at_once() -> None:
    made = sides("a`b", "tags", server=OLD)
    found = made.updates({"a`b": 8000, "tags": 1})
    assert len(found) == 2
    assert found[0] == found[1]
    assert " LIMIT 8000) p SET n.`a``b` = p.`a``b`, n.`tags` = p.`tags`" in found[0]


def test_what_does_not_differ_is_not_sent() -> None:
    assert sides("a`b", "state").updates({"a`b": 0, "state": 0}) == ()


def test_a_statement_names_one_moment_only() -> None:
    for each in (
        sides("a`b").count(),
        sides("a`b").insert(),
        *sides("a`b", "state").updates({"a`b": 1, "state": 1}),
        sides("a`b").sample_gone(3),
        sides("a`b").sample_changed(3),
    ):
        assert each.count("{MO_TS") == each.count("{MO_TS = 7}") > 0
    check = sides("a`b").check(Moment(ns=9))
    assert check.count("{MO_TS") == check.count("{MO_TS = 9}") > 0


def said(then: str, now: str, *columns: str) -> list[str]:
    request = PutBack(TABLE, AT, columns=columns)
    found = judge_layout(request, shape.read(now), shape.read(then))
    return [f"{each.level}: {each.text}" for each in found]


def table(*lines: str) -> str:
    return "CREATE TABLE `o` (\n  " + ",\n  ".join(lines) + "\n)"


KEYED = ("`id` int NOT NULL", "PRIMARY KEY (`id`)")


def test_the_same_layout_has_nothing_to_say() -> None:
    assert said(DDL, DDL) == []


@pytest.mark.parametrize(
    ("column", "words"),
    [
        ("id", "blocker: id is part of the key, which tells what is what"),
        ("twice", "blocker: twice is computed by the server and cannot be written"),
        ("place", "blocker: place is of a type that cannot be compared: geometry"),
        ("none", "blocker: d.o has no column none"),
    ],
)
def test_columns_that_cannot_be_put_back(column: str, words: str) -> None:
    assert said(DDL, DDL, column) == [words]


def test_a_longer_type_is_a_warning_and_another_default_is_none() -> None:
    before = table(*KEYED, "`v` varchar(20) DEFAULT 'a'", "`e` enum('a','b')")
    after = table(*KEYED, "`v` varchar(40) DEFAULT 'b' COMMENT 'c'", "`e` enum('a')")
    converted = "now: its values are converted"
    assert said(before, after) == [
        f"warning: v was varchar(20) then and is varchar(40) {converted}",
        f"warning: e was enum('a','b') then and is enum('a') {converted}",
    ]


def test_a_unique_key_that_may_be_null_tells_nothing_apart() -> None:
    loose = table("`c` int DEFAULT NULL", "UNIQUE KEY `c` (`c`)")
    strict = table("`c` int NOT NULL", "UNIQUE KEY `c` (`c`)")
    assert "has no primary key" in said(loose, loose)[0]
    assert said(strict, strict) == []
    assert "the key of d.o was (c) then and is (id) now" in " ".join(
        said(strict, table(*KEYED))
    )


def test_a_request_says_what_it_is() -> None:
    assert PutBack(TABLE, AT, columns=("A", "a", "B")).title == (
        "put back rows and a, b of d.o as of 1970-01-01 00:00:00 UTC"
    )
    with pytest.raises(InvalidName, match="in is not said"):
        PutBack(TableName("o"), AT)


def test_a_sample_reads_well() -> None:
    shown = Sample(
        ("id",),
        ("id", "v"),
        (("1", None), ("2", "it's")),
        (Change(("3",), {"v": ("now", None)}),),
    )
    assert shown.as_lines() == [
        "+ id '1', v NULL",
        "+ id '2', v \"it's\"",
        "~ id 3: v 'now' → NULL",
    ]
