"""SELECT, INSERT, REPLACE, UPDATE and DELETE."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from moclone_tui.demo.editing import Editor
from moclone_tui.demo.errors import SYNTAX, not_supported, parse_error
from moclone_tui.demo.lexer import Kind, Token, made, quote_name, quote_string
from moclone_tui.demo.model import Row
from moclone_tui.demo.query import run_query, select_rows
from moclone_tui.demo.reader import TokenReader, find_word, split_by_comma
from moclone_tui.demo.reply import Reply

if TYPE_CHECKING:
    from moclone_tui.demo.session import Session


def select(session: "Session", read: TokenReader) -> Reply:
    """SELECT, WITH … SELECT, ( SELECT … ) UNION …."""
    return run_query(session, read.rest())


def insert(session: "Session", read: TokenReader) -> Reply:
    """INSERT [IGNORE] [INTO] t [(columns)] VALUES … or SELECT …."""
    ignore = read.accept("ignore")
    return _insert(session, read, ignore=ignore)


def replace(session: "Session", read: TokenReader) -> Reply:
    """REPLACE [INTO] t [(columns)] VALUES … or SELECT …."""
    return _insert(session, read, replace=True)


def _insert(
    session: "Session",
    read: TokenReader,
    *,
    ignore: bool = False,
    replace: bool = False,
) -> Reply:
    read.accept("into")
    database, name = read.table_name()
    editor = Editor(session, session.database_or_current(database), name, "insert")
    columns = [c.name for c in editor.relation.layout.columns]
    token, after = read.peek(), read.peek(1)
    opens = token is not None and token.is_operator("(")
    if opens and after is not None and not after.is_word("select", "with"):
        columns = list(read.name_list())
    is_listed = read.accept_any("values", "value") is not None
    tokens = read.rest()
    on_at = find_word(tokens, "on")
    if find_word(tokens, "duplicate") != on_at + 1:
        on_at = len(tokens)
    rows = (_values if is_listed else select_rows)(session, tokens[:on_at])
    full = [editor.complete(columns, row) for row in rows]
    if tokens[on_at:]:
        affected = _upsert(session, editor, full, tokens[on_at + 4 :])
    else:
        affected = editor.insert(full, ignore=ignore, replace=replace)
    session.last_insert_id = editor.insert_id or session.last_insert_id
    return Reply(affected=affected, insert_id=editor.insert_id)


def _values(session: "Session", tokens: list[Token]) -> list[Row]:
    rows = []
    for group in split_by_comma(tokens):
        if not group or not group[0].is_operator("("):
            raise not_supported("VALUES without parentheses")
        items = split_by_comma(group[1:-1])
        rows.append(tuple(_value(session, item) for item in items))
    return rows


def _upsert(
    session: "Session", editor: Editor, rows: list[list[object]], changes: list[Token]
) -> int:
    """ON DUPLICATE KEY UPDATE: a row counts 1 if it is new and 2 if it is changed."""
    assigned = [_assignment(part) for part in split_by_comma(changes)]
    columns = [column for _, column, _ in assigned]
    affected = 0
    for row in rows:
        there = editor.clashing(row)
        if there is None:
            affected += editor.insert([row])
            continue
        query = made("select 1")
        for _, _, expression in assigned:
            query += [*made(","), *_with_new_values(editor, row, expression)]
        name = editor.qualified_name
        found = select_rows(
            session, [*query, *made(f"from {name} where rowid={there + 1}")]
        )
        editor.update({there: dict(zip(columns, found[0][1:], strict=True))})
        affected += 2
    return affected


def _with_new_values(
    editor: Editor, row: list[object], expression: list[Token]
) -> list[Token]:
    """The expression with what would have been inserted in place of VALUES(column)."""
    found: list[Token] = []
    index = 0
    while index < len(expression):
        if expression[index].is_word("values"):
            position = editor.relation.layout.position(expression[index + 2].value)
            value = None if position is None else row[position]
            found += made("null" if value is None else quote_string(str(value)))
            index += 4
        else:
            found.append(expression[index])
            index += 1
    return found


def _value(session: "Session", item: list[Token]) -> object:
    if len(item) == 1:
        token = item[0]
        if token.kind is Kind.STRING:
            return token.value
        if token.kind is Kind.NUMBER and token.text.isdigit():
            return int(token.text)
        if token.kind is Kind.NUMBER and not token.text.startswith("0x"):
            return token.text
        if token.is_word("null"):
            return None
    return select_rows(session, [*made("select"), *item])[0][0]


@dataclass(frozen=True, slots=True)
class _Reference:
    """A table as an UPDATE or DELETE names it."""

    database: str | None
    name: str
    alias: str


def update(session: "Session", read: TokenReader) -> Reply:
    """UPDATE t [, …] SET column = expression, … [WHERE …] [ORDER BY …] [LIMIT …]."""
    tokens = read.rest()
    set_at = find_word(tokens, "set")
    tail_at = find_word(tokens, "where", "order", "limit", start=set_at)
    references = _references(read, tokens[:set_at])
    assigned = [_assignment(p) for p in split_by_comma(tokens[set_at + 1 : tail_at])]
    alias = (assigned[0][0] or references[0].alias).lower()
    target = next((r for r in references if r.alias.lower() == alias), references[0])
    database = session.database_or_current(target.database)
    editor = Editor(session, database, target.name, "update")
    query = made(f"select {quote_name(target.alias)}.rowid")
    for _, _, expression in assigned:
        query += [*made(","), *expression]
    found = select_rows(
        session, [*query, *made("from"), *tokens[:set_at], *tokens[tail_at:]]
    )
    columns = [column for _, column, _ in assigned]
    for column in columns:
        editor.complete([column], (None,))
    changes: dict[int, dict[str, object]] = {}
    for rowid, *values in found:
        position = int(str(rowid)) - 1
        changes.setdefault(position, dict(zip(columns, values, strict=True)))
    return Reply(affected=editor.update(changes))


def delete(session: "Session", read: TokenReader) -> Reply:
    """DELETE FROM t [WHERE …] [ORDER BY …] [LIMIT …]."""
    read.expect("from")
    tokens = read.rest()
    tail_at = find_word(tokens, "where", "order", "limit")
    target = _references(read, tokens[:tail_at])[0]
    database = session.database_or_current(target.database)
    editor = Editor(session, database, target.name, "delete")
    query = [*made(f"select {quote_name(target.alias)}.rowid from"), *tokens]
    found = select_rows(session, query)
    return Reply(affected=editor.delete({int(str(row[0])) - 1 for row in found}))


def _references(read: TokenReader, tokens: list[Token]) -> list[_Reference]:
    found, starting = [], True
    for index, token in enumerate(tokens):
        if starting and token.is_name:
            found.append(_reference(tokens[index:]))
            starting = False
        elif token.is_operator(",") or token.is_word("join"):
            starting = True
    if not found:
        raise read.unexpected()
    return found


def _reference(tokens: list[Token]) -> _Reference:
    database, name, at = None, tokens[0].value, 1
    if at + 1 < len(tokens) and tokens[at].is_operator("."):
        database, name, at = name.lower(), tokens[at + 1].value, at + 2
    while at < len(tokens) and (
        tokens[at].kind is Kind.HINT or tokens[at].is_word("as")
    ):
        at += 1
    alias = name
    keywords = ("join", "inner", "left", "right", "cross", "on")
    if at < len(tokens) and tokens[at].is_name and not tokens[at].is_word(*keywords):
        alias = tokens[at].value
    return _Reference(database, name.lower(), alias)


def _assignment(tokens: list[Token]) -> tuple[str, str, list[Token]]:
    """What is assigned: the table it names, the column, the expression."""
    equals = next((i for i, t in enumerate(tokens) if t.is_operator("=")), None)
    if equals is None:
        raise parse_error(f"{SYNTAX}an assignment has no =")
    left = [token.value for token in tokens[:equals] if token.is_name]
    table = left[-2] if len(left) > 1 else ""
    return table, left[-1], tokens[equals + 1 :]
