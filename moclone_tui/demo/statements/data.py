"""SELECT, INSERT, REPLACE, UPDATE and DELETE."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from moclone_tui.demo.editing import Editor
from moclone_tui.demo.errors import SYNTAX, ServerError, not_supported, parse_error
from moclone_tui.demo.lexer import Kind, Token, made, quote_name, quote_string
from moclone_tui.demo.locks import of_table
from moclone_tui.demo.model import Row
from moclone_tui.demo.query import run_query, select_rows
from moclone_tui.demo.reader import TokenReader, find_word, split_by_comma
from moclone_tui.demo.reply import Reply

if TYPE_CHECKING:
    from moclone_tui.demo.session import Session


def select(session: "Session", read: TokenReader) -> Reply:
    """SELECT, WITH … SELECT, ( SELECT … ) UNION …."""
    tokens = read.rest()
    if len(tokens) > 2 and tokens[-2].is_word("for") and tokens[-1].is_word("update"):
        _lock(session, read, tokens[:-2])
    return run_query(session, tokens)


def _lock(session: "Session", read: TokenReader, tokens: list[Token]) -> None:
    """Keep others from changing the rows that SELECT … FOR UPDATE finds."""
    from_at = find_word(tokens, "from")
    tail_at = find_word(tokens, "where", "group", "order", "limit", start=from_at)
    targets = _references(read, tokens[from_at + 1 : tail_at])
    found = select_rows(session, [*_select_rowids(targets), *tokens[from_at:]])
    for index, target in enumerate(targets):
        database = session.database_or_current(target.database)
        account = session.account.id
        relation = session.work.relation(account, database, target.name)
        session.work.lock(of_table(account, database, target.name), exclusive=False)
        positions = [int(str(row[index])) - 1 for row in found]
        session.work.lock_rows(relation, [relation.data.rows[p] for p in positions])


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
    is_assigned = read.accept("set")
    tokens = read.rest()
    on_at = find_word(tokens, "duplicate") - 1  # a JOIN has an ON, too
    if on_at < 0 or not tokens[on_at].is_word("on"):
        on_at = len(tokens)
    if is_assigned:
        assigned = [_assignment(part) for part in split_by_comma(tokens[:on_at])]
        columns = [column for _, column, _ in assigned]
        rows = [tuple(_value(session, expression) for *_, expression in assigned)]
    else:
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
    """ON DUPLICATE KEY UPDATE: a row counts 1 if new and 2 if changed."""
    assigned = [_assignment(part) for part in split_by_comma(changes)]
    columns = [column for _, column, _ in assigned]
    unique = {c for i in editor.relation.layout.indexes if i.unique for c in i.columns}
    if not unique.isdisjoint(columns):
        raise ServerError(20313, "unsupported DML: update unique key on duplicate")
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
        before = editor.relation.data.rows[there]
        editor.update({there: dict(zip(columns, found[0][1:], strict=True))})
        affected += 2 * (editor.relation.data.rows[there] != before)
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
    targets = [_target(references, table) for table, _, _ in assigned]
    names = list(dict.fromkeys(targets))
    editors = {t: _open(session, t, "update", tokens[set_at:]) for t in names}
    for target, (_, column, _) in zip(targets, assigned, strict=True):
        editors[target].complete([column], (None,))
    query = _select_rowids(names)
    for _, _, expression in assigned:
        query += [*made(","), *expression]
    query += [*made("from"), *tokens[:set_at], *tokens[tail_at:]]
    changes: dict[_Reference, dict[int, dict[str, object]]] = {t: {} for t in names}
    for row in select_rows(session, query):
        rowids = dict(zip(names, row, strict=False))
        for target, (_, column, _), value in zip(
            targets, assigned, row[len(names) :], strict=True
        ):
            if rowids[target] is not None:
                position = int(str(rowids[target])) - 1
                changes[target].setdefault(position, {})[column] = value
    return Reply(affected=sum(editors[t].update(changes[t]) for t in names))


def delete(session: "Session", read: TokenReader) -> Reply:
    """DELETE FROM t [WHERE …] [ORDER BY …] [LIMIT …], or DELETE t, … FROM t, … …."""
    tokens = read.rest()
    from_at = find_word(tokens, "from")
    using_at = find_word(tokens, "using")
    if using_at < len(tokens):
        listed = tokens[from_at + 1 : using_at]
        tokens = [*listed, *made("from"), *tokens[using_at + 1 :]]
        from_at = len(listed)
    tail_at = find_word(tokens, "where", "order", "limit")
    references = _references(read, tokens[from_at + 1 : tail_at])
    named = split_by_comma(tokens[:from_at]) if from_at else []
    names = [_target(references, part[-1].value) for part in named] or references[:1]
    editors = [_open(session, t, "delete", tokens[tail_at:]) for t in names]
    if not named and not tokens[tail_at:]:
        return Reply(affected=editors[0].clear())
    query = [*_select_rowids(names), *tokens[from_at:]]
    found = select_rows(session, query)
    affected = 0
    for index, editor in enumerate(editors):
        gone = {int(str(row[index])) - 1 for row in found if row[index] is not None}
        affected += editor.delete(gone)
    return Reply(affected=affected)


def _target(references: list[_Reference], name: str) -> _Reference:
    """The table that a statement means to change by this name, or the first."""
    wanted = name.lower()
    return next((r for r in references if r.alias.lower() == wanted), references[0])


def _select_rowids(targets: list[_Reference]) -> list[Token]:
    columns = ", ".join(f"{quote_name(t.alias)}.rowid" for t in targets)
    return made(f"select {columns}")


def _open(
    session: "Session", target: _Reference, privilege: str, conditions: list[Token]
) -> Editor:
    """Open a table for changes.

    Raises:
        ServerError: 1093 if a condition reads it, too; a derived table may.
    """
    database = session.database_or_current(target.database)
    editor = Editor(session, database, target.name, privilege)
    derived = [False]
    for before, token in zip([None, *conditions], conditions, strict=False):
        if token.is_operator("("):
            is_source = before is not None and before.is_word("from", "join")
            derived.append(derived[-1] or is_source)
        elif token.is_operator(")"):
            derived.pop()
        elif before is not None and before.is_word("from", "join") and token.is_name:
            read = _reference(conditions[conditions.index(token) :])
            home = session.database_or_current(read.database)
            if (home, read.name) == (database, target.name) and not derived[-1]:
                raise ServerError(
                    1093,
                    f"You can't specify target table '{target.name}' "
                    "for update in FROM clause",
                )
    return editor


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
