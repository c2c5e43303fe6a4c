"""mo_catalog: databases, tables, columns, keys, snapshots and recovery windows."""

import json
import re
from collections.abc import Iterable

from moclone_tui.demo.clock import to_seconds_text
from moclone_tui.demo.model import Database, Relation, Row
from moclone_tui.demo.routines import Routine
from moclone_tui.demo.snapshots import CLUSTER_OBJECT
from moclone_tui.demo.system.table import SystemTable, View, columns, nothing
from moclone_tui.demo.variables import SQL_MODE


def _system_databases(view: View) -> Iterable[Row]:
    born = to_seconds_text(view.session.state.started)
    for account in view.accounts():
        for number, name in enumerate(account.system_databases(), 1):
            yield (number, name, "def", "", 0, 0, born, account.id, "")


def _database(_: View, d: Database) -> Iterable[Row]:
    made = to_seconds_text(d.created)
    yield (
        d.id, d.name, "def", d.create_sql, d.owner, d.creator, made, d.account, "",
    )  # fmt: skip


def _tables(_: View, database: Database) -> Iterable[Row]:
    for r in database.relations.values():
        yield _table(database, r, r.id, r.name, r.kind, r.create_sql, r.layout.comment)
        for number, index in enumerate(r.layout.indexes, 1):
            yield _table(
                database, r, r.id * 100 + number, index.hidden_table, "i", "", ""
            )


def _table(
    database: Database,
    r: Relation,
    number: int,
    name: str,
    kind: str,
    text: str,
    comment: str,
) -> Row:
    made = to_seconds_text(r.created)
    partition = r.layout.partition if kind == "r" else ""
    logical = number if kind == "i" else r.logical_id
    return (
        number, name, database.name, database.id, "", kind, comment, text, made,
        r.creator, r.owner, database.account, int(bool(partition)), partition,
        _view_definition(r), None, r.version, 1, logical,
    )  # fmt: skip


def _view_definition(r: Relation) -> str | None:
    if r.kind != "v":
        return None
    text = json.dumps(
        {
            "Stmt": r.create_sql,
            "DefaultDatabase": r.default_database,
            "sql_mode": "" if r.cloned else ",".join(sorted(SQL_MODE.split(","))),
            "security_type": "DEFINER",
        },
        ensure_ascii=False,
        separators=(",", ":"),
    )
    return re.sub("[<>&]", lambda found: f"\\u{ord(found[0]):04x}", text)


def _columns(_: View, database: Database) -> Iterable[Row]:
    for r in database.relations.values():
        primary = {name.lower() for name in r.layout.primary}
        for number, c in enumerate(r.layout.columns, 1):
            unique_name = f"{database.account}-{r.id}-{c.name}"
            yield (
                unique_name, database.account, database.id, database.name, r.id,
                r.name, c.name, c.type.info(), number, c.type.width(),
                int(not c.nullable), int(c.default is not None), c.default, 0,
                "p" if c.name.lower() in primary else "n", int(c.type.unsigned),
                int(c.auto), c.comment, 0,
            )  # fmt: skip


def _indexes(_: View, database: Database) -> Iterable[Row]:
    for r in database.relations.values():
        keys = [
            (i.name, "UNIQUE" if i.unique else "MULTIPLE", i.columns, i.hidden_table)
            for i in r.layout.indexes
        ]
        if r.layout.primary:
            keys.append(("PRIMARY", "PRIMARY", r.layout.primary, ""))
        for number, (name, kind, parts, hidden) in enumerate(keys):
            for place, part in enumerate(parts, 1):
                yield (
                    r.id * 100 + number, r.id, database.id, name, kind, "", "", "", 1,
                    0, "", part, place, None, hidden,
                )  # fmt: skip


def _foreign_keys(_: View, database: Database) -> Iterable[Row]:
    """The keys by name; the real server leaves every number 0."""
    for r in database.relations.values():
        for key in r.layout.foreign_keys:
            for column, parent in zip(key.columns, key.parent_columns, strict=False):
                yield (
                    key.name, 0, database.name, 0, r.name, 0, column, 0,
                    key.parent_database, 0, key.parent_table, 0, parent, 0,
                    key.on_delete, key.on_update,
                )  # fmt: skip


def _snapshots(view: View) -> Iterable[Row]:
    for s in view.session.state.snapshots.of(view.session.account.id):
        # SQLite has no room for the cluster's 2^64-1: it goes there as -1.
        number = -1 if s.object_id == CLUSTER_OBJECT else s.object_id
        yield (
            s.id, s.name, s.ts, s.level, s.account_name, s.database, s.table, number,
            "user",
        )  # fmt: skip


def _pitrs(view: View) -> Iterable[Row]:
    session = view.session
    pitrs = [p for a in view.accounts() for p in session.state.pitrs.of(a.id)]
    for p in pitrs:
        alive = _is_alive(view, p.level, p.object_id)
        yield (
            p.id, p.name, p.owner, p.created, p.modified, p.level, p.owner,
            p.account_name, p.database, p.table, p.object_id, p.length, p.unit,
            int(alive), p.created if alive else session.state.clock.now(), "user",
        )  # fmt: skip
    if pitrs:
        born = min(p.created for p in pitrs)
        yield (
            "sys", "sys_mo_catalog_pitr", 0, born, born, "database", 0, "sys",
            "mo_catalog", "", 1, max(p.length for p in pitrs), pitrs[0].unit, 1, born,
            "user",
        )  # fmt: skip


def _pubs(view: View) -> Iterable[Row]:
    session = view.session
    for p in session.state.publications.values():
        owner = session.state.accounts.by_id(p.owner)
        yield (
            p.owner, owner.name if owner else "", p.name, p.database, p.database_id,
            int(p.tables is None), p.listed(view.catalog), p.accounts,
            to_seconds_text(p.created), None, 0, 0, p.comment,
        )  # fmt: skip


def _branches(_: View, database: Database) -> Iterable[Row]:
    for r in database.relations.values():
        if r.branch is not None:
            yield (r.id, r.branch.at, r.branch.table_id, r.creator, r.branch.level, 0)


def _routine_tail(r: Routine) -> Row:
    made = to_seconds_text(r.created)
    charset = ("utf8mb4", "utf8mb4_0900_ai_ci", "utf8mb4_0900_ai_ci")
    return (r.database, r.definer, made, made, r.kind, "DEFINER", "", *charset)


def _arguments(r: Routine) -> str:
    return json.dumps([{"name": name, "type": kind} for name, kind in r.arguments])


def _functions(view: View) -> Iterable[Row]:
    found = view.session.state.routines.of(view.session.account.id, "FUNCTION")
    for number, r in enumerate(found, 1):
        yield (
            number, r.name, r.owner, _arguments(r), r.returns, r.body, r.language,
            *_routine_tail(r), "",
        )  # fmt: skip


def _procedures(view: View) -> Iterable[Row]:
    found = view.session.state.routines.of(view.session.account.id, "PROCEDURE")
    for number, r in enumerate(found, 1):
        yield (
            number, r.name, None, _arguments(r), r.language, r.body, "",
            *_routine_tail(r),
        )  # fmt: skip


def _is_alive(view: View, level: str, object_id: int) -> bool:
    if level in ("cluster", "account"):
        return True
    if level == "database":
        return any(d.id == object_id for d in view.databases())
    return any(
        relation.id == object_id
        for database in view.databases()
        for relation in database.relations.values()
    )


_MO_DATABASE = columns(
    "dat_id:n datname dat_catalog_name dat_createsql owner:i creator:i "
    "created_time:at account_id:i dat_type"
)
_MO_TABLES = columns(
    "rel_id:n relname reldatabase reldatabase_id:n relpersistence relkind rel_comment "
    "rel_createsql:t created_time:at creator:i owner:i account_id:i partitioned:y "
    "partition_info:t viewdef constraint rel_version:i catalog_version:i "
    "rel_logical_id:n"
)
_MO_COLUMNS = columns(
    "att_uniq_name account_id:i att_database_id:n att_database att_relname_id:n "
    "att_relname attname atttyp attnum:i att_length:i attnotnull:y atthasdef:y "
    "att_default attisdropped:y att_constraint_type att_is_unsigned:y "
    "att_is_auto_increment:y att_comment att_is_hidden:y"
)
_MO_INDEXES = columns(
    "id:n table_id:n database_id:n name type algo algo_table_type algo_params "
    "is_visible:y hidden:y comment column_name ordinal_position:i options "
    "index_table_name"
)
_MO_FOREIGN_KEYS = columns(
    "constraint_name constraint_id:n db_name db_id:n table_name table_id:n column_name "
    "column_id:n refer_db_name refer_db_id:n refer_table_name refer_table_id:n "
    "refer_column_name refer_column_id:n on_delete on_update"
)
_MO_SNAPSHOTS = columns(
    "snapshot_id sname ts:n level account_name database_name table_name obj_id:u kind"
)
_MO_PITR = columns(
    "pitr_id pitr_name create_account:n create_time:n modified_time:n level "
    "account_id:n account_name database_name table_name obj_id:n pitr_length:y "
    "pitr_unit pitr_status:y pitr_status_changed_time:n kind"
)
_MO_PROCEDURES = columns(
    "proc_id:i name creator:i args:t lang:t body:t sql_mode db definer "
    "modified_time:at created_time:at type security_type comment "
    "character_set_client collation_connection database_collation"
)
_MO_FUNCTIONS = columns(
    "function_id:i name owner:i args:j rettype body:t language db definer "
    "modified_time:at created_time:at type security_type comment "
    "character_set_client collation_connection database_collation sql_mode"
)
_MO_PUBS = columns(
    "account_id:i account_name pub_name database_name database_id:n all_table:y "
    "table_list:t account_list:t created_time:at update_time:at owner:i creator:i "
    "comment:t"
)
_MO_BRANCHES = columns(
    "table_id:n clone_ts:n p_table_id:n creator:n level table_deleted:y"
)

CATALOG: dict[str, SystemTable] = {
    "mo_database": SystemTable(_MO_DATABASE, _system_databases, _database, shared=True),
    "mo_tables": SystemTable(_MO_TABLES, nothing, _tables, shared=True),
    "mo_columns": SystemTable(_MO_COLUMNS, nothing, _columns, shared=True),
    "mo_indexes": SystemTable(_MO_INDEXES, nothing, _indexes),
    "mo_foreign_keys": SystemTable(_MO_FOREIGN_KEYS, nothing, _foreign_keys),
    "mo_snapshots": SystemTable(_MO_SNAPSHOTS, _snapshots),
    "mo_pitr": SystemTable(_MO_PITR, _pitrs, sys_only=True, shared=True),
    "mo_stored_procedure": SystemTable(_MO_PROCEDURES, _procedures),
    "mo_user_defined_function": SystemTable(_MO_FUNCTIONS, _functions),
    "mo_pubs": SystemTable(_MO_PUBS, _pubs, sys_only=True),
    "mo_branch_metadata": SystemTable(_MO_BRANCHES, nothing, _branches, sys_only=True),
}
