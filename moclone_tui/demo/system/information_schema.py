"""information_schema, which every login may read."""

from collections.abc import Iterable

from moclone_tui.demo.clock import to_seconds_text
from moclone_tui.demo.lexer import quote_string
from moclone_tui.demo.model import Column, Database, Layout, Relation, Row
from moclone_tui.demo.system.activity import SESSION_COLUMNS, session_rows
from moclone_tui.demo.system.table import SystemTable, View, columns, nothing

_TABLE_TYPES = {"v": "VIEW", "r": "BASE TABLE", "e": "EXTERNAL TABLE"}


def _system_schemata(view: View) -> Iterable[Row]:
    return [_schema(n) for a in view.accounts() for n in a.system_databases()]


def _schemata(_: View, database: Database) -> Iterable[Row]:
    return [_schema(database.name)]


def _schema(name: str) -> Row:
    return ("def", name, "utf8mb4", "utf8mb4_0900_ai_ci", None, "NO")


def _tables(_: View, database: Database) -> Iterable[Row]:
    for r in database.relations.values():
        kind = _TABLE_TYPES.get(r.kind, "INTERNAL TABLE")
        engine = "Tae" if r.kind in ("r", "e") else None
        yield (
            "def", database.name, r.name, kind, engine, 10, "Compressed", 0, 0, 0,
            0, 0, 0, _next_auto(r), to_seconds_text(r.created), None, None,
            "utf8mb4_0900_ai_ci", None, "", r.layout.comment,
        )  # fmt: skip


def _next_auto(relation: Relation) -> int:
    auto = any(column.auto for column in relation.layout.columns)
    return relation.next_auto if auto else 0


def _columns(_: View, database: Database) -> Iterable[Row]:
    for r in database.relations.values():
        for number, c in enumerate(r.layout.columns, 1):
            yield (
                "def", database.name, r.name, c.name, number,
                default_text(c.default),
                "YES" if c.nullable else "NO", c.type.name.upper(), None,
                c.type.info(), _key(r.layout, c),
                "auto_increment" if c.auto else "",
                "select,insert,update,references", c.comment.replace("'", "''"),
            )  # fmt: skip


def default_text(default: str | None) -> str | None:
    """A default as information_schema shows it."""
    if default is None or not default.startswith("'"):
        return default
    return quote_string(default[1:-1])


def _key(layout: Layout, column: Column) -> str:
    """PRI or UNI; the real server says UNI of every index here."""
    name = column.name.lower()
    if name in (part.lower() for part in layout.primary):
        return "PRI"
    indexed = {part.lower() for index in layout.indexes for part in index.columns}
    return "UNI" if name in indexed else ""


def _statistics(_: View, database: Database) -> Iterable[Row]:
    for r in database.relations.values():
        keys = [(i.name, int(not i.unique), i.columns) for i in r.layout.indexes]
        if r.layout.primary:
            keys.append(("PRIMARY", 0, r.layout.primary))
        for name, not_unique, parts in keys:
            for place, part in enumerate(parts, 1):
                yield (
                    "def", database.name, r.name, not_unique, database.name, name,
                    place, part, "A", 0, None, None, "", "", "", "", "YES", None,
                )  # fmt: skip


def _views(_: View, database: Database) -> Iterable[Row]:
    for r in database.relations.values():
        if r.kind == "v":
            yield (
                "def", database.name, r.name, r.create_sql, "NONE", "NO",
                "root@localhost", "DEFINER", "utf8mb4", "utf8mb4_general_ci",
            )  # fmt: skip


def _key_usage(_: View, database: Database) -> Iterable[Row]:
    for r in database.relations.values():
        for number, part in enumerate(r.layout.primary, 1):
            yield (
                "def", database.name, "PRIMARY", "def", database.name, r.name,
                part, number, None, None, None, None,
            )  # fmt: skip
        for key in r.layout.foreign_keys:
            pairs = zip(key.columns, key.parent_columns, strict=False)
            for number, (part, parent_part) in enumerate(pairs, 1):
                yield (
                    "def", database.name, key.name, "def", database.name, r.name,
                    part, number, number, key.parent_database, key.parent_table,
                    parent_part,
                )  # fmt: skip


def _processes(view: View) -> Iterable[Row]:
    return session_rows(view.session)


INFORMATION_SCHEMA: dict[str, SystemTable] = {
    "schemata": SystemTable(
        columns(
            "catalog_name schema_name default_character_set_name "
            "default_collation_name sql_path default_encryption"
        ),
        _system_schemata,
        _schemata,
    ),
    "tables": SystemTable(
        columns(
            "table_catalog table_schema table_name table_type engine version:n "
            "row_format table_rows:n avg_row_length:n data_length:n "
            "max_data_length:n index_length:n data_free:n auto_increment:n "
            "create_time:at update_time:at check_time:at table_collation checksum:n "
            "create_options table_comment:t"
        ),
        nothing,
        _tables,
    ),
    "columns": SystemTable(
        columns(
            "table_catalog table_schema table_name column_name ordinal_position:i "
            "column_default is_nullable data_type character_maximum_length:n "
            "column_type column_key extra privileges column_comment"
        ),
        nothing,
        _columns,
    ),
    "statistics": SystemTable(
        columns(
            "table_catalog table_schema table_name non_unique:i index_schema "
            "index_name seq_in_index:i column_name collation cardinality:n sub_part "
            "packed nullable index_type comment index_comment is_visible expression"
        ),
        nothing,
        _statistics,
    ),
    "views": SystemTable(
        columns(
            "table_catalog table_schema table_name view_definition:t check_option "
            "is_updatable definer security_type character_set_client "
            "collation_connection"
        ),
        nothing,
        _views,
    ),
    "key_column_usage": SystemTable(
        columns(
            "constraint_catalog constraint_schema constraint_name table_catalog "
            "table_schema table_name column_name ordinal_position:i "
            "position_in_unique_constraint:i referenced_table_schema "
            "referenced_table_name referenced_column_name"
        ),
        nothing,
        _key_usage,
    ),
    "routines": SystemTable(
        columns("routine_schema routine_name routine_type"), nothing
    ),
    "processlist": SystemTable(tuple(SESSION_COLUMNS), _processes),
}
