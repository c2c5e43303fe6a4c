"""A file's statements: cut apart, read, and refused if they go beyond the copy."""

from __future__ import annotations

import pytest

from moclone_tui import TableName
from moclone_tui.cloning import dml
from moclone_tui.cloning.after import After
from moclone_tui.config import MaskRule, Profile


def why_not(text: str, copy: str | TableName = "shop_dev") -> str:
    return dml.why_not(dml.read(text), copy, ("shop", "shop_dev", "orders"))


def test_a_file_is_cut_where_a_statement_ends() -> None:
    file = """
    -- a comment; with a semicolon
    UPDATE a SET x = 'it''s; \\'; fine' /* ; */ ;;
    DELETE FROM `b;c` # the end ;
    ;INSERT INTO d VALUES (";")
    """
    assert [each.split()[-1] for each in dml.split(file)] == ["*/", ";", '(";")']
    assert dml.split(" ; -- nothing\n ;") == ()
    assert dml.split("'a';") == ("'a'",)


def test_after_is_what_a_profile_and_a_file_say() -> None:
    rule = MaskRule("t", "c", "NULL")
    profile = Profile("p", mask_required=True, masking=(rule,))
    assert After.of(profile, "DELETE FROM t;") == After(
        (rule,), ("DELETE FROM t",), True
    )
    assert not After.of(Profile("p"))
    assert After.of(Profile("p", mask_required=True))


@pytest.mark.parametrize(
    ("text", "tables"),
    [
        ("UPDATE t SET a = t.c, b = `t`.`d`", "t"),
        ("update `we``ird` set a = 1, b = 2", "we`ird"),
        ("UPDATE IGNORE t AS x JOIN s ON x.a = s.a, u SET x.b = 1, s.c = 2", "t s u"),
        ("UPDATE t SET a = (SELECT max(b) FROM s, u WHERE s.x = u.x), c = 1", "t s u"),
        ("DELETE FROM t WHERE a IN (SELECT a FROM s) ORDER BY b, c LIMIT 1", "t s"),
        ("DELETE t, s FROM t JOIN s USING (id) WHERE t.a = 1", "t s"),
        ("INSERT INTO t (a, b) VALUES (1, 2), (3, 4)", "t"),
        ("INSERT t SELECT a, b FROM s JOIN u ON s.a = u.a", "t s u"),
        ("INSERT INTO t SELECT * FROM (SELECT a FROM s, u) AS d, v", "t s u v"),
        ("INSERT INTO t VALUES (1) ON DUPLICATE KEY UPDATE a = VALUES(a), b = 2", "t"),
        ("INSERT INTO t SET a = 1, b = trim(LEADING 'x' FROM c)", "t"),
        ("REPLACE INTO shop_dev.t VALUES (1.5, 2e3, .5)", "t"),
        ("UPDATE t x SET x.a = 1, a = b / 2", "t"),
        ("UPDATE t JOIN (SELECT a FROM s) AS d ON d.a = t.a SET t.b = 1", "t s"),
        ("DELETE FROM t USING t JOIN s ON t.a = s.a WHERE s.b = 1", "t s"),
        ("TRUNCATE TABLE t", "t"),
        ("/* a */ TRUNCATE t -- FROM s", "t"),
        ("UPDATE t SET a = '; FROM s' WHERE b = \"JOIN u\"", "t"),
    ],
)
def test_a_statement_of_the_copy_may_run(text: str, tables: str) -> None:
    assert why_not(text) == ""
    assert set(dml.read(text).table_names) == set(tables.split())


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("UPDATE shop.t SET a = 1", "it names shop.t, which is not of the copy"),
        ("UPDATE `shop` . `t` SET a = 1", "it names shop.t"),
        ("UPDATE t, shop.s SET t.a = 1", "it names shop.s"),
        ("DELETE FROM t WHERE a IN (SELECT a FROM shop.s)", "it names shop.s"),
        ("DELETE FROM t USING t JOIN shop.s", "it names shop.s"),
        ("DELETE shop.t.* FROM t", "it names shop.t"),
        ("INSERT INTO t SELECT a FROM s, shop.u", "it names shop.u"),
        ("INSERT INTO t VALUES (1) /* x */ , (shop.f(2))", "it names shop.f"),
        ("UPDATE t SET a = b.c", "it names b.c"),
        ("UPDATE t SET a = shop.t.a", "it names shop.t.a"),
        ("UPDATE shop.orders SET shop = 1", "it names shop.orders"),
        ("UPDATE t SET a = t.b.c", "it names t.b.c"),
        ("UPDATE a.b.c SET d = 1", "it names a.b.c"),
        ("SET foreign_key_checks = 0", "SET cannot run there: inside a transaction"),
        ("USE shop", "USE cannot run there: moclone itself"),
        ("COMMIT", "COMMIT cannot run there: moclone itself begins and ends"),
        ("ALTER TABLE t ADD COLUMN a INT", "ALTER cannot run there: the copy would"),
        ("SELECT 1", "SELECT cannot run there"),
        ("WITH a AS (SELECT 1) DELETE FROM t", "WITH cannot run there"),
        ("{x}", "what it begins with cannot run there"),
        ("/*!40000 DROP TABLE t */", "what it begins with cannot run there"),
        ("UPDATE t SET a = 1 /*! , b = 2 */", "the server might run"),
        ("UPDATE t SET a = 'open", "a quote or comment in it is not closed"),
        ("UPDATE t SET a = 1 /* open", "a quote or comment in it is not closed"),
        ("DELETE", "which table it touches cannot be told"),
        ("UPDATE t value, shop.orders shop SET shop.a = 1", "it names shop.orders"),
        ("UPDATE t SET a = (SELECT max(x.b) FROM s value, shop.u x)", "it names"),
        ("UPDATE t duplicate, shop.u shop SET shop.a = 1", "it names shop.u"),
        ("DELETE FROM orders USING orders.orders AS orders", "it names orders.orders"),
        ("DELETE FROM shop USING shop.orders AS shop", "it names shop.orders"),
        ("UPDATE t // it's\n, shop.orders SET a = 1 // it's", "the server might read"),
        ("UPDATE t SET a = $x$, b = 'FROM shop.s' $x$", "the server might read"),
        ("UPDATE t SET a = mo_ctl('dn', 'flush', 'shop.t')", "mo_ctl in it acts"),
        ("INSERT INTO t SELECT nextval('shop.seq')", "nextval in it acts"),
    ],
)
def test_what_goes_beyond_the_copy_is_refused(text: str, why: str) -> None:
    assert why_not(text).startswith(why)


def test_of_a_table_alone_nothing_else_may_be_named() -> None:
    copy = TableName("masked", "shop")
    assert why_not("DELETE FROM masked WHERE id = 1", copy) == ""
    assert why_not("DELETE FROM Shop.Masked WHERE masked.id = 1", copy) == ""
    assert why_not("DELETE FROM orders", copy).startswith("it names orders, which is")
    assert "orders" in why_not("INSERT INTO masked SELECT * FROM orders", copy)


def test_a_statement_knows_its_words_from_its_text() -> None:
    assert dml.read("DELETE FROM t WHERE a = 1").has("where")
    assert not dml.read("DELETE FROM t /* where */").has("where")
    assert not dml.read("INSERT INTO t VALUES ('on duplicate key')").has("duplicate")
    assert dml.read("INSERT INTO t VALUES (1) ON DUPLICATE KEY UPDATE a = 1").has(
        "duplicate"
    )
