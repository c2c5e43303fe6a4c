"""What a table is like, from the DDL as MatrixOne writes it."""

from __future__ import annotations

from moclone_tui.cloning.shape import ForeignKey, Shape, read, with_parents

TABLE = """CREATE TABLE `p``q` (
  `id` int NOT NULL AUTO_INCREMENT COMMENT 'the id,
  PRIMARY KEY (`mail`)',
  `Mail` varchar(40) DEFAULT 'it''s',
  `t` text DEFAULT NULL,
  `total` int GENERATED ALWAYS AS ((id + 1)) VIRTUAL,
  `up` int DEFAULT NULL,
  PRIMARY KEY (`id`,`up`),
  UNIQUE KEY `uu` (`Mail`),
 FULLTEXT `ff`(`t`),
  KEY `km` (`Mail`),
  CONSTRAINT `f``1` FOREIGN KEY (`up`,`id`) REFERENCES `p``q` (`id`,`up`),
  CONSTRAINT `f2` FOREIGN KEY (`up`) REFERENCES `other`.`g` (`id`) ON DELETE RESTRICT
) COMMENT='partition by'"""


def test_a_table() -> None:
    first = "CONSTRAINT `f``1` FOREIGN KEY (`up`,`id`) REFERENCES `p``q` (`id`,`up`)"
    second = (
        "CONSTRAINT `f2` FOREIGN KEY (`up`) REFERENCES `other`.`g` (`id`)"
        " ON DELETE RESTRICT"
    )
    shape = read(TABLE)
    assert shape.columns == ("id", "Mail", "t", "total", "up")
    assert shape.texts == {"Mail", "t"}
    assert shape.generated == {"total"}
    assert shape.key == ("id", "up")
    assert shape.unique == (("Mail",),)
    assert shape.foreign_keys == (
        ForeignKey("f`1", ("up", "id"), None, "p`q", ("id", "up"), first),
        ForeignKey("f2", ("up",), "other", "g", ("id",), second),
    )
    assert not shape.partitioned


def test_parents_with_their_databases() -> None:
    ddl = TABLE.replace(
        "the id", "CONSTRAINT `f` FOREIGN KEY (`a`) REFERENCES `b` (`c`)"
    )
    named = with_parents(ddl, "d`b")
    assert named == ddl.replace("REFERENCES `p``q`", "REFERENCES `d``b`.`p``q`")
    assert with_parents(named, "x") == named
    assert [key.parent_database for key in read(named).foreign_keys] == ["d`b", "other"]


def test_a_partitioned_table_and_what_is_none() -> None:
    parts = "CREATE TABLE `p` (\n  `id` int\n) partition by hash (id) partitions 2"
    assert read(parts).partitioned
    assert read("create view v as select `id` from t") == Shape()
    assert read("create SQL SECURITY DEFINER view v as select `a b` from t") == Shape()
