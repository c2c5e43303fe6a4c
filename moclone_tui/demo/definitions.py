"""Read the definition of a table: columns, keys and options."""

import uuid
from dataclasses import dataclass, field, replace

from moclone_tui.demo.lexer import Kind, Statement, Token, quote_name, quote_string
from moclone_tui.demo.model import Column, ForeignKey, Index, Layout
from moclone_tui.demo.parsing import expression_text
from moclone_tui.demo.reader import TokenReader, split_by_comma
from moclone_tui.demo.sqltypes import read_type

_KEY_WORDS = ("key", "index")
_ACTIONS = {
    "restrict": "RESTRICT",
    "cascade": "CASCADE",
    "set": "SET NULL",
    "no": "NO ACTION",
}
_IGNORED_ATTRIBUTES = ("visible", "key")


@dataclass(slots=True)
class _Draft:
    """A table as far as it has been read."""

    database: str
    columns: list[Column] = field(default_factory=list)
    primary: tuple[str, ...] = ()
    indexes: list[Index] = field(default_factory=list)
    foreign_keys: list[ForeignKey] = field(default_factory=list)

    def layout(self) -> Layout:
        """What has been read; the columns of the primary key are never null."""
        keys = {name.lower() for name in self.primary}
        columns = tuple(
            replace(c, nullable=False) if c.name.lower() in keys else c
            for c in self.columns
        )
        return Layout(
            columns, self.primary, tuple(self.indexes), tuple(self.foreign_keys)
        )


def read_layout(read: TokenReader, database: str) -> Layout:
    """Take `( … )` and the options behind it.

    Args:
        read: Stands before the parenthesis.
        database: The current one, for references that name none.

    Raises:
        ServerError: 1064 for what cannot be read.
    """
    draft = _Draft(database)
    for part in split_by_comma(read.parenthesized()):
        inner = TokenReader(Statement(read.statement.text, part))
        _read_element(inner, draft)
    return _read_options(read, draft.layout())


def _read_element(read: TokenReader, draft: _Draft) -> None:
    name = ""
    if read.accept("constraint"):
        name = read.name() if not read.looking_at("check") else ""
    if read.accept("primary", "key"):
        draft.primary = read.name_list()
    elif read.accept("foreign", "key"):
        draft.foreign_keys.append(read_foreign_key(read, name, draft.database))
    elif read.accept("check"):
        read.rest()
    elif _begins_index(read):
        draft.indexes.append(read_index(read, name))
    else:
        _read_column(read, draft)


def _begins_index(read: TokenReader) -> bool:
    first, after = read.peek(), read.peek(1)
    if first is None or first.kind is not Kind.WORD or after is None:
        return False
    if first.is_word("unique", "fulltext"):
        return True
    # A column may be called `key`: its type follows, not a parenthesis or a name.
    third = read.peek(2)
    return first.is_word(*_KEY_WORDS) and (
        after.is_operator("(") or (third is not None and third.is_operator("("))
    )


def read_index(read: TokenReader, name: str = "") -> Index:
    """Take `[UNIQUE | FULLTEXT] {KEY | INDEX} [name] (columns)`."""
    prefix = read.accept_any("unique", "fulltext") or ""
    read.accept_any(*_KEY_WORDS)
    token = read.peek()
    if token is not None and token.is_name:
        name = read.name()
    columns = read.name_list()
    read.rest()
    return new_index(
        name or columns[0],
        columns,
        unique=prefix == "unique",
        prefix="FULLTEXT " if prefix == "fulltext" else "",
    )


def new_index(
    name: str, columns: tuple[str, ...], *, unique: bool = False, prefix: str = ""
) -> Index:
    """An index with a hidden table of its own."""
    kind = "unique" if unique else "secondary"
    hidden = f"__mo_index_{kind}_{uuid.uuid4()}"
    return Index(name, columns, unique, prefix, hidden)


def read_foreign_key(read: TokenReader, name: str, database: str) -> ForeignKey:
    """Take `[name] (columns) REFERENCES parent (columns) [ON …]`."""
    token = read.peek()
    if token is not None and token.is_name:
        name = name or read.name()
    columns = read.name_list()
    read.expect("references")
    parent_database, parent = read.table_name()
    key = ForeignKey(
        name or str(uuid.uuid4()),
        columns,
        parent_database or database,
        parent,
        read.name_list(),
    )
    while read.accept("on"):
        event = read.accept_any("delete", "update")
        action = _ACTIONS.get(read.name().lower(), "RESTRICT")
        read.accept_any("null", "action", "default")
        key = (
            replace(key, on_delete=action)
            if event == "delete"
            else replace(key, on_update=action)
        )
    return key


def _read_column(read: TokenReader, draft: _Draft) -> None:
    column = Column(read.name(), read_type(read))
    while read.peek() is not None:
        column = _read_attribute(read, draft, column)
    draft.columns.append(column)


def _read_attribute(read: TokenReader, draft: _Draft, column: Column) -> Column:
    if read.accept("not", "null"):
        return replace(column, nullable=False)
    if read.accept("default"):
        return replace(column, default=_read_default(read))
    if read.accept("comment"):
        return replace(column, comment=read.text())
    if read.accept("on", "update"):
        return replace(column, on_update=_read_default(read))
    if read.accept_any("auto_increment"):
        return replace(column, auto=True, nullable=False)
    _read_column_key(read, draft, column)
    return column


def _read_column_key(read: TokenReader, draft: _Draft, column: Column) -> None:
    if read.accept("primary", "key"):
        draft.primary = (column.name,)
    elif read.accept("unique"):
        draft.indexes.append(new_index(column.name, (column.name,), unique=True))
    elif not read.accept_any("null", *_IGNORED_ATTRIBUTES):
        _skip_charset(read)


def _skip_charset(read: TokenReader) -> None:
    if read.accept("character", "set") or read.accept_any("charset", "collate"):
        read.text()
        return
    raise read.unexpected()


def _read_default(read: TokenReader) -> str | None:
    token = read.next()
    if token.is_word("null"):
        return None
    if token.kind is Kind.STRING:
        return f"'{token.value}'"
    if token.is_operator("-"):
        return f"(-{read.next().text})"
    if token.is_operator("("):
        read.at -= 1
        return f"({expression_text(read.parenthesized(), strings=quote_string)})"
    if token.is_word("current_timestamp", "now"):
        inside = "()"
        if (following := read.peek()) is not None and following.is_operator("("):
            inside = f"({''.join(t.text for t in read.parenthesized())})"
        return f"{token.value.lower()}{inside}"
    return token.text.lower()


def _read_options(read: TokenReader, layout: Layout) -> Layout:
    while read.peek() is not None:
        if read.accept("comment"):
            read.accept_operator("=")
            layout = replace(layout, comment=read.text())
        elif read.accept("partition", "by"):
            layout = replace(layout, partition=_partition(read.rest()))
        elif read.hint() is not None:
            read.rest()
        else:
            _skip_option(read)
    return layout


def _skip_option(read: TokenReader) -> None:
    read.accept("default")
    read.name()
    read.accept("set")
    read.accept_operator("=")
    read.next()
    read.accept_operator(",")


def _partition(tokens: list[Token]) -> str:
    """The partitioning, as SHOW CREATE TABLE writes it."""
    text, inside = "partition by", False
    for token in tokens:
        if token.is_operator("("):
            text, inside = f"{text} (", True
        elif token.is_operator(")"):
            text, inside = f"{text})", False
        elif token.is_name and inside:
            text += quote_name(token.value)
        elif inside:
            text += token.text
        else:
            text += f" {token.text.lower()}"
    return text
