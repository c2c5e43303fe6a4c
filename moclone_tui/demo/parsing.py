"""Parse a query with sqlglot, after MatrixOne's own words are taken out."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlglot import exp, parse_one
from sqlglot.errors import SqlglotError

from moclone_tui.demo.errors import not_supported, parse_error
from moclone_tui.demo.lexer import Kind, Token
from moclone_tui.demo.reader import find_word, split_by_comma
from moclone_tui.demo.rewrite import Rewriter
from moclone_tui.demo.session_functions import SESSION


@dataclass(slots=True)
class Parsed:
    """A query.

    Attributes:
        tree: What sqlglot made of it.
        hints: The `{…}` hints; marks on the names of tables point to them.
        written: How each column of the result was written.
    """

    tree: exp.Expression
    hints: list[str]
    written: list[str]


def parse_query(tokens: Sequence[Token]) -> Parsed:
    """Parse a SELECT, a set of them, or one WITH common tables.

    Raises:
        ServerError: 1064 if it cannot be read, 20105 if it is no query.
    """
    return parse_query_text(tokens, _written(list(tokens)))


def parse_query_text(tokens: Sequence[Token], written: list[str]) -> Parsed:
    """Parse a query whose column names are already known."""
    rewriter = Rewriter(SESSION)
    text = rewriter.write(tokens)
    try:
        tree = parse_one(text, dialect="mysql")
    except SqlglotError as error:
        near = text[:80]
        raise parse_error(
            f'You have an error in your SQL syntax near "{near}"'
        ) from error
    if isinstance(tree, exp.Subquery):
        tree = tree.unnest()
    if not isinstance(tree, (exp.Select, exp.SetOperation)):
        raise not_supported(f"{tree.key} as a query")
    return Parsed(tree, rewriter.hints, written)


def _written(tokens: list[Token]) -> list[str]:
    start = find_word(tokens, "select") + 1
    words = ("from", "union", "where", "limit", "order", "intersect", "except", "minus")
    end = find_word(tokens, *words, start=start)
    listed = tokens[start:end]
    if listed and listed[0].is_word("distinct", "all"):
        listed = listed[1:]
    return [expression_text(item) for item in split_by_comma(listed)] if listed else []


def expression_text(
    item: list[Token], strings: Callable[[str], str] = lambda value: value
) -> str:
    """An expression as the server writes it down.

    Args:
        item: Its tokens.
        strings: Writes a string literal; the names of columns have them bare.
    """
    if len(item) == 3 and item[0].is_operator("("):
        item = item[1:-1]
    text = ""
    for before, token in zip([None, *item], item, strict=False):
        if before is not None and _apart(text, before, token):
            text += " "
        text += strings(token.value) if token.kind is Kind.STRING else _shown(token)
    return text


def _apart(text: str, before: Token, token: Token) -> bool:
    """Whether the server sets a space between two parts of an expression."""
    if token.is_operator(",", ")", ".") or before.is_operator("(", "."):
        return False
    if token.is_operator("(") and before.is_name:
        return before.end != token.start
    # A sign at the beginning, or behind another operator, belongs to its number.
    is_sign = before.is_operator("-", "+", "!", "~")
    return not (is_sign and text[:-1].rstrip()[-1:] in ("", *"(,+-*/%=<>"))


def _shown(token: Token) -> str:
    if token.kind is Kind.WORD:
        return token.text.lower()
    if token.kind is Kind.QUOTED:
        return token.value
    return "!=" if token.text == "<>" else token.text
