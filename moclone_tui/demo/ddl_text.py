"""Write a table or view down as SHOW CREATE does."""

from moclone_tui.demo.lexer import Kind, Token, quote_name, quote_string, tokenize
from moclone_tui.demo.model import Column, ForeignKey, Layout, Relation

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
        text += f" DEFAULT {column.default}"
    elif column.nullable:
        text += " DEFAULT NULL"
    if column.on_update is not None:
        text += f" ON UPDATE {column.on_update}"
    if column.comment:
        text += f" COMMENT {quote_string(column.comment)}"
    return text


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


def rewritten_view(name: str, query: str, source: str, target: str) -> tuple[str, str]:
    """A view's text in a cloned database, which it names instead of the source.

    Args:
        name: The view's name.
        query: What it selects.
        source: The database it was in.
        target: The database it is in now.

    Returns:
        The statement that makes the clone, and what the clone selects.
    """
    tokens = tokenize(query).tokens
    selected = "".join(
        _rewritten(tokens, index, source, target) for index in range(len(tokens))
    )
    made = f"create view {quote_name(target)}.{quote_name(name)} as {selected};"
    return made, selected


def _rewritten(tokens: list[Token], index: int, source: str, target: str) -> str:
    token, space = tokens[index], _space_before(tokens, index)
    after = tokens[index + 1] if index + 1 < len(tokens) else None
    if not token.is_name:
        return space + token.text
    is_call = after is not None and after.is_operator("(") and space != "."
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
        return "" if before.value.lower() not in _KEYWORDS else " "
    return " "
