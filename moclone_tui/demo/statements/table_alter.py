"""ALTER TABLE and RENAME TABLE."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from moclone_tui.demo.ddl_text import create_table, with_doubled_quotes
from moclone_tui.demo.definitions import (
    new_index,
    read_foreign_key,
    read_index,
    read_layout,
)
from moclone_tui.demo.errors import (
    ServerError,
    internal,
    invalid_input,
    no_such_table,
    not_supported,
    only_create_in_transactions,
)
from moclone_tui.demo.foreign_keys import check_children
from moclone_tui.demo.lexer import Kind, Statement, Token, quote_name
from moclone_tui.demo.model import Column, Layout, Relation, Row
from moclone_tui.demo.reader import TokenReader, split_by_comma
from moclone_tui.demo.reply import DONE, Reply
from moclone_tui.demo.statements.table_create import already_exists
from moclone_tui.demo.values import store

if TYPE_CHECKING:
    from moclone_tui.demo.session import Session


@dataclass(slots=True)
class _Change:
    """A table on its way to its new layout.

    Attributes:
        rewrites: Whether the server copies the table to get there, which gives it a
            new id; other changes are made in place.
    """

    session: "Session"
    database: str
    relation: Relation
    rewrites: bool = False

    @property
    def layout(self) -> Layout:
        return self.relation.layout

    def set_layout(self, layout: Layout) -> None:
        self.relation = replace(self.relation, layout=layout)

    def rewrite(self, layout: Layout, rows: tuple[Row, ...]) -> None:
        self.relation = replace(self.relation, layout=layout).with_rows(rows)
        self.rewrites = True

    def position(self, column: str) -> int:
        found = self.layout.position(column)
        if found is None:
            raise invalid_input(f"column {column} does not exist")
        return found


def alter_table(session: "Session", read: TokenReader) -> Reply:
    """ALTER TABLE name change, …."""
    change = _open(session, read)
    before, renamed = change.relation, None
    for part in split_by_comma(read.rest()):
        inner = TokenReader(Statement(read.statement.text, part))
        if inner.accept("rename", "to") or inner.accept("rename", "as"):
            renamed = inner.table_name()[1]
        else:
            _apply(inner, change)
    if change.relation is not before:
        _save(change)
    if renamed is not None:
        _rename(session, change.database, before.name, renamed)
    return DONE


def _open(session: "Session", read: TokenReader) -> _Change:
    database, name = read.table_name()
    home = session.database_or_current(database)
    found = session.work.database(session.account.id, home)
    relation = found.relations.get(name)
    if relation is None or relation.kind != "r":
        raise no_such_table(home, name)
    session.rights.require_to_define("alter table", found, relation)
    return _Change(session, home, relation)


def _save(change: _Change) -> None:
    changed, now = change.relation, change.session.state.now()
    if change.rewrites:
        layout = with_doubled_quotes(changed.layout)
        name = f"{changed.name}_copy_{uuid.uuid4()}"
        made = create_table(change.database, replace(changed, name=name))
        home = quote_name(change.database)
        text = made.replace("CREATE TABLE ", f"CREATE TABLE {home}.", 1)
        changed = replace(changed.rewritten(text, now), layout=layout)
    else:
        changed = changed.redefined(now)
    change.session.work.put(change.session.account.id, change.database, changed)


def _apply(read: TokenReader, change: _Change) -> None:
    for words, action in _ACTIONS:
        if read.accept(*words):
            action(read, change)
            read.end()
            return
    raise not_supported(f"ALTER TABLE … {read.statement.source(read.rest())}")


def _add_column(read: TokenReader, change: _Change) -> None:
    read.accept("column")
    tokens = read.rest()
    place = _place(tokens, change)
    column, added = _one_column(read, tokens, change.database)
    layout = change.layout
    if layout.position(column.name) is not None:
        raise ServerError(1060, f"Duplicate column name '{column.name}'")
    value = store(column.type, _filling(column))
    at = len(layout.columns) if place is None else place
    columns = (*layout.columns[:at], column, *layout.columns[at:])
    rows = tuple((*r[:at], value, *r[at:]) for r in change.relation.data.rows)
    indexes = (*layout.indexes, *added.indexes)
    change.rewrite(replace(layout, columns=columns, indexes=indexes), rows)


def _filling(column: Column) -> object:
    if column.default is not None:
        return column.default.removeprefix("'").removesuffix("'")
    if column.nullable:
        return None
    return 0 if column.type.affinity != "TEXT" else ""


def _place(tokens: list[Token], change: _Change) -> int | None:
    """Where a new column goes, by FIRST or AFTER, which are taken off the tokens."""
    if tokens and tokens[-1].is_word("first"):
        tokens.pop()
        return 0
    if len(tokens) > 2 and tokens[-2].is_word("after"):
        name = tokens.pop().value
        tokens.pop()
        return change.position(name) + 1
    return None


def _one_column(
    read: TokenReader, tokens: list[Token], database: str
) -> tuple[Column, Layout]:
    if tokens and tokens[0].is_operator("("):
        tokens = tokens[1:-1]
    edges = [Token(Kind.OPERATOR, text, text, 0, 0) for text in "()"]
    inner = TokenReader(Statement(read.statement.text, [edges[0], *tokens, edges[1]]))
    layout = read_layout(inner, database)
    return layout.columns[0], layout


def _drop_column(read: TokenReader, change: _Change) -> None:
    read.accept("column")
    name = read.name()
    layout = change.layout
    at = layout.position(name)
    if at is None:
        raise _cannot_drop(name)
    if name.lower() in (p.lower() for p in layout.primary):
        raise internal(f"cannot drop primary key column {name}")
    columns = (*layout.columns[:at], *layout.columns[at + 1 :])
    indexes = tuple(
        i for i in layout.indexes if name.lower() not in [c.lower() for c in i.columns]
    )
    rows = tuple((*r[:at], *r[at + 1 :]) for r in change.relation.data.rows)
    change.rewrite(replace(layout, columns=columns, indexes=indexes), rows)


def _modify_column(read: TokenReader, change: _Change) -> None:
    read.accept("column")
    tokens = read.rest()
    _exchange(read, tokens, tokens[0].value, change)


def _change_column(read: TokenReader, change: _Change) -> None:
    read.accept("column")
    old = read.name()
    _exchange(read, read.rest(), old, change)


def _exchange(
    read: TokenReader, tokens: list[Token], old: str, change: _Change
) -> None:
    at, layout = change.position(old), change.layout
    column, _ = _one_column(read, tokens, change.database)
    before = layout.columns[at]
    columns = (*layout.columns[:at], column, *layout.columns[at + 1 :])
    rows = tuple(
        (*r[:at], store(column.type, r[at]), *r[at + 1 :])
        for r in change.relation.data.rows
    )
    layout = replace(layout, columns=columns)
    if column.type.name == before.type.name:
        change.set_layout(layout)
    else:
        change.rewrite(layout, rows)


def _rename_column(read: TokenReader, change: _Change) -> None:
    old = read.name()
    read.expect("to")
    new = read.name()
    at, layout = change.position(old), change.layout
    column = replace(layout.columns[at], name=new)
    columns = (*layout.columns[:at], column, *layout.columns[at + 1 :])
    change.set_layout(replace(layout, columns=columns))


def _add_foreign_key(read: TokenReader, change: _Change) -> None:
    _add_named_foreign_key(read, change, "")


def _add_constraint(read: TokenReader, change: _Change) -> None:
    name = read.name()
    if read.accept("foreign", "key"):
        _add_named_foreign_key(read, change, name)
    elif read.accept("primary", "key"):
        layout = replace(change.layout, primary=read.name_list())
        change.rewrite(layout, change.relation.data.rows)
    else:
        _put_index(read, change, name)


def _add_named_foreign_key(read: TokenReader, change: _Change, name: str) -> None:
    key = read_foreign_key(read, name, change.session.database or "")
    session = change.session
    session.work.relation(session.account.id, key.parent_database, key.parent_table)
    keys = (key, *change.layout.foreign_keys)  # the newest first, as the real server
    change.set_layout(replace(change.layout, foreign_keys=(key,)))
    child = (change.database, change.relation)
    # By the new key alone, and whatever `foreign_key_checks` says.
    check_children(session, child, change.relation.data.rows)
    change.set_layout(replace(change.layout, foreign_keys=keys))


def _drop_foreign_key(read: TokenReader, change: _Change) -> None:
    name = read.name().lower()
    kept = tuple(k for k in change.layout.foreign_keys if k.name.lower() != name)
    if len(kept) == len(change.layout.foreign_keys):
        raise _cannot_drop(name)
    change.set_layout(replace(change.layout, foreign_keys=kept))


def _cannot_drop(name: str) -> ServerError:
    return ServerError(1091, f"Can't DROP '{name}'; check that column/key exists")


def _add_index(read: TokenReader, change: _Change) -> None:
    read.at -= 1
    _put_index(read, change, "")


def _put_index(read: TokenReader, change: _Change, name: str) -> None:
    index = read_index(read, name)
    indexes = (*change.layout.indexes, index)
    change.set_layout(replace(change.layout, indexes=indexes))


def _drop_index(read: TokenReader, change: _Change) -> None:
    name = read.name().lower()
    kept = tuple(i for i in change.layout.indexes if i.name.lower() != name)
    if len(kept) == len(change.layout.indexes):
        raise _cannot_drop(name)
    change.set_layout(replace(change.layout, indexes=kept))


def _comment(read: TokenReader, change: _Change) -> None:
    read.accept_operator("=")
    change.set_layout(replace(change.layout, comment=read.text()))


_ACTIONS: list[tuple[tuple[str, ...], Callable[[TokenReader, _Change], None]]] = [
    (("add", "constraint"), _add_constraint),
    (("add", "foreign", "key"), _add_foreign_key),
    (("add", "index"), _add_index),
    (("add", "key"), _add_index),
    (("add", "unique"), _add_index),
    (("add", "fulltext"), _add_index),
    (("add",), _add_column),
    (("drop", "foreign", "key"), _drop_foreign_key),
    (("drop", "index"), _drop_index),
    (("drop", "key"), _drop_index),
    (("drop",), _drop_column),
    (("modify",), _modify_column),
    (("change",), _change_column),
    (("rename", "column"), _rename_column),
    (("comment",), _comment),
]


def create_index(session: "Session", read: TokenReader) -> Reply:
    """CREATE INDEX name ON table (columns)."""
    return _create_index(session, read, unique=False)


def create_unique_index(session: "Session", read: TokenReader) -> Reply:
    """CREATE UNIQUE INDEX name ON table (columns)."""
    return _create_index(session, read, unique=True)


def _create_index(session: "Session", read: TokenReader, *, unique: bool) -> Reply:
    name = read.name()
    read.expect("on")
    change = _open(session, read)
    index = new_index(name, read.name_list(), unique=unique)
    layout = change.layout
    change.set_layout(replace(layout, indexes=(*layout.indexes, index)))
    _save(change)
    return DONE


def drop_index(session: "Session", read: TokenReader) -> Reply:
    """DROP INDEX name ON table."""
    at = read.at
    read.name()
    read.expect("on")
    change = _open(session, read)
    _drop_index(TokenReader(read.statement, at), change)
    _save(change)
    return DONE


def rename_table(session: "Session", read: TokenReader) -> Reply:
    """RENAME TABLE a TO b, …; another database is accepted and nothing moves."""
    if session.in_begin:
        raise only_create_in_transactions()
    while True:
        database, old = read.table_name()
        read.expect("to")
        other, new = read.table_name()
        home = session.database_or_current(database)
        if other is None or other == home:
            _rename(session, home, old, new)
        if not read.accept_operator(","):
            break
    read.end()
    return DONE


def _rename(session: "Session", database: str, old: str, new: str) -> None:
    account = session.account.id
    home = session.work.database(account, database)
    relation = session.work.relation(account, database, old)
    session.rights.require_to_define("alter table", home, relation)
    if new in home.relations:
        raise already_exists(new)
    session.work.drop(account, database, old)
    renamed = replace(relation.redefined(session.state.now()), name=new)
    session.work.put(account, database, renamed)
