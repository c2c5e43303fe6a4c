"""Write a table or view down as SHOW CREATE does."""

from dataclasses import replace
from itertools import pairwise

from moclone_tui.demo.lexer import (
    Kind,
    Statement,
    Token,
    quote_name,
    quote_string,
    tokenize,
)
from moclone_tui.demo.model import Column, ForeignKey, Layout, Relation
from moclone_tui.demo.reader import TokenReader

_KEYWORDS = frozenset(
    {
        "all", "and", "any", "as", "asc", "between", "by", "case", "cast", "cross",
        "current_timestamp", "date", "day", "desc", "distinct", "div", "else", "end",
        "escape", "except", "exists", "false", "for", "from", "full", "group",
        "having", "hour", "in", "inner", "intersect", "interval", "is", "join",
        "left", "like", "limit", "minute", "minus", "mod", "month", "natural", "not",
        "null", "offset", "on", "or", "order", "outer", "over", "partition", "regexp",
        "right", "rlike", "rows", "second", "select", "separator", "then", "true",
        "union", "using", "values", "when", "where", "with", "xor", "year",
    }
)  # fmt: skip


def create_table(database: str, relation: Relation) -> str:
    """The CREATE TABLE statement of a table."""
    layout = relation.layout
    lines = [_column(column) for column in layout.columns]
    if layout.primary:
        lines.append(f"PRIMARY KEY ({_names(layout.primary)})")
    for index in layout.indexes:
        kind = "UNIQUE KEY" if index.unique else f"{index.prefix}KEY"
        lines.append(f"{kind} {quote_name(index.name)} ({_names(index.columns)})")
    lines += [_foreign_key(database, key) for key in layout.foreign_keys]
    body = ",\n".join(f"  {line}" for line in lines)
    word = "CREATE EXTERNAL TABLE" if relation.kind == "e" else "CREATE TABLE"
    return f"{word} {quote_name(relation.name)} (\n{body}\n){_options(layout)}"


def partitioned_clone(database: str, relation: Relation) -> str:
    """What the catalog keeps of a partitioned table's clone: its layout."""
    columns = ", ".join(_column(c).lower() for c in relation.layout.columns)
    name = f"{quote_name(database)}.{quote_name(relation.name)}"
    return f"create table {name} ({columns}) {relation.layout.partition}"


def _column(column: Column) -> str:
    text = f"{quote_name(column.name)} {column.type.ddl()}"
    if not column.nullable:
        text += " NOT NULL"
    if column.auto:
        text += " AUTO_INCREMENT"
    elif column.default is not None:
        text += f" DEFAULT {_default(column.default)}"
    elif column.nullable:
        text += " DEFAULT NULL"
    if column.on_update is not None:
        text += f" ON UPDATE {column.on_update}"
    if column.comment:
        text += f" COMMENT {quote_string(column.comment)}"
    return text


def _default(default: str) -> str:
    """A default as SHOW CREATE TABLE writes it, where a quote is quoted twice."""
    if not default.startswith("'"):
        return default
    return "'" + default[1:-1].replace("'", "''''") + "'"


def with_doubled_quotes(layout: Layout) -> Layout:
    """What clones, LIKE and ALTER TABLE make of the defaults of a layout."""
    columns = tuple(
        replace(c, default="'" + c.default[1:-1].replace("'", "''") + "'")
        if c.default is not None and c.default.startswith("'")
        else c
        for c in layout.columns
    )
    return replace(layout, columns=columns)


def _foreign_key(database: str, key: ForeignKey) -> str:
    parent = quote_name(key.parent_table)
    if key.parent_database != database:
        parent = f"{quote_name(key.parent_database)}.{parent}"
    return (
        f"CONSTRAINT {quote_name(key.name)} FOREIGN KEY ({_names(key.columns)}) "
        f"REFERENCES {parent} ({_names(key.parent_columns)}) "
        f"ON DELETE {key.on_delete} ON UPDATE {key.on_update}"
    )


def _options(layout: Layout) -> str:
    text = f" COMMENT={quote_string(layout.comment)}" if layout.comment else ""
    return f"{text} {layout.partition}" if layout.partition else text


def _names(columns: tuple[str, ...]) -> str:
    return ",".join(quote_name(column) for column in columns)


def view_query(statement: Statement) -> str:
    """What a view selects, by the statement that makes it.

    Raises:
        ServerError: 1064 if it cannot be read.
    """
    read = TokenReader(statement)
    while not read.accept("view"):
        read.next()
    _, name = read.table_name()
    token = read.peek()
    columns = read.name_list() if token and token.is_operator("(") else ()
    read.expect("as")
    query = statement.source(read.rest())
    if not columns:
        return query
    alias = quote_name(name)
    return f"with {alias} ({_names(columns)}) as ({query}) select * from {alias}"


def cloned_view(create_sql: str, source: str, target: str) -> str:
    """The statement that makes a view in a cloned database.

    One that never names the source stays as it was written.

    Args:
        create_sql: The statement that made the view.
        source: The database it was in.
        target: The database it is in now.
    """
    tokens = tokenize(create_sql).tokens
    if source == target or not any(
        name.is_name and name.value.lower() == source and dot.is_operator(".")
        for name, dot in pairwise(tokens)
    ):
        return create_sql
    start = next(i for i, token in enumerate(tokens) if token.is_word("view")) + 1
    head = " ".join(token.value.lower() for token in tokens[:start])
    rest = (_rewritten(tokens, i, source, target) for i in range(start, len(tokens)))
    return f"{head}{''.join(rest)};"


def _rewritten(tokens: list[Token], index: int, source: str, target: str) -> str:
    token, space = tokens[index], _space_before(tokens, index)
    after = tokens[index + 1] if index + 1 < len(tokens) else None
    if not token.is_name:
        return space + token.text
    # The columns of a view stand behind its name as a call's arguments do.
    in_head = not any(t.is_word("as") for t in tokens[:index])
    is_call = after is not None and after.is_operator("(") and not in_head
    if token.kind is Kind.WORD and (is_call or token.value.lower() in _KEYWORDS):
        return space + token.value.lower()
    name = token.value
    if name.lower() == source and after is not None and after.is_operator("."):
        name = target
    return space + quote_name(name)


def _space_before(tokens: list[Token], index: int) -> str:
    if not index:
        return ""
    token, before = tokens[index], tokens[index - 1]
    if token.is_operator(".", ",", ")") or before.is_operator(".", "("):
        return ""
    if token.is_operator("(") and before.kind is Kind.WORD:
        in_head = not any(t.is_word("as") for t in tokens[:index])
        return " " if in_head or before.value.lower() in _KEYWORDS else ""
    return " "
