"""Cut a statement into tokens, with MatrixOne's `{…}` hints as tokens of their own."""

import re
from dataclasses import dataclass, field
from enum import Enum, auto

from moclone_tui.demo.errors import ServerError, syntax_error

HINT_MARK = "\uf8ff"
"""Ties a table's name to its hint once the hint itself is taken out."""

_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "0": "\0", "Z": "\x1a"}
_SPACE = re.compile(r"\s+|--(?=\s|$)[^\n]*|#[^\n]*|/\*.*?(?:\*/|\Z)", re.DOTALL)
_NUMBER = re.compile(
    r"0x[0-9a-fA-F]+|(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?(?![^\W\d])"
)
_BINARY = re.compile(r"[xX]'([0-9a-fA-F]*)'|[bB]'([01]*)'")
_VARIABLE = re.compile(r"@@?[\w.$]*")
_WORD = re.compile(r"[\w$]+")
_OPERATOR = re.compile(r"<=>|->>|<=|>=|<>|!=|\|\||&&|:=|->|.", re.DOTALL)


def fold(name: str) -> str:
    """A name as the server keeps it: in lower case, each letter by itself."""
    return "".join("i" if each == "İ" else each.lower() for each in name)


class Kind(Enum):
    """What a token is."""

    WORD = auto()
    QUOTED = auto()
    STRING = auto()
    NUMBER = auto()
    BINARY = auto()
    VARIABLE = auto()
    HINT = auto()
    OPERATOR = auto()


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a statement.

    Attributes:
        kind: What it is.
        text: As it was written.
        value: What it means: a name without quotes, a string without escapes.
        start: Where it begins in the statement.
        end: Where it ends.
    """

    kind: Kind
    text: str
    value: str
    start: int
    end: int

    @property
    def is_name(self) -> bool:
        """Whether it can be an identifier."""
        return self.kind in (Kind.WORD, Kind.QUOTED)

    def is_word(self, *words: str) -> bool:
        """Whether it is one of these keywords, whatever the case."""
        return self.kind is Kind.WORD and self.value.lower() in words

    def is_operator(self, *operators: str) -> bool:
        """Whether it is one of these operators."""
        return self.kind is Kind.OPERATOR and self.text in operators


@dataclass(slots=True)
class Statement:
    """One statement, cut up.

    Attributes:
        text: As it came, without the final semicolon.
        tokens: Its tokens; comments are gone.
    """

    text: str
    tokens: list[Token] = field(default_factory=list)

    def source(self, tokens: list[Token]) -> str:
        """The text that some neighbouring tokens were written as."""
        return self.text[tokens[0].start : tokens[-1].end] if tokens else ""


def tokenize(sql: str) -> Statement:
    """Cut up one statement.

    Raises:
        ServerError: 1064, for a quote that never ends or a second statement.
    """
    position, tokens = 0, []
    while position < len(sql):
        if space := _SPACE.match(sql, position):
            position = space.end()
            continue
        token = _next_token(sql, position)
        tokens.append(token)
        position = token.end
    while tokens and tokens[-1].is_operator(";"):
        tokens.pop()
    for token in tokens:
        if token.is_operator(";"):
            raise syntax_error(sql, token.start, token.end)
    return Statement(sql.rstrip().rstrip(";"), tokens)


def _next_token(sql: str, at: int) -> Token:
    first = sql[at]
    if first in "'\"`":
        end = _quote_end(sql, at)
        kind = Kind.QUOTED if first == "`" else Kind.STRING
        return Token(kind, sql[at:end], _unquote(sql[at:end]), at, end)
    if first == "{":
        end = _brace_end(sql, at)
        return Token(Kind.HINT, sql[at:end], sql[at + 1 : end - 1], at, end)
    for kind, pattern in (
        (Kind.BINARY, _BINARY),
        (Kind.NUMBER, _NUMBER),
        (Kind.VARIABLE, _VARIABLE),
        (Kind.WORD, _WORD),
        (Kind.OPERATOR, _OPERATOR),
    ):
        if found := pattern.match(sql, at):
            return Token(kind, found[0], found[0], at, found.end())
    raise syntax_error(sql, at, at + 1)


def _quote_end(sql: str, at: int) -> int:
    quote, position = sql[at], at + 1
    while position < len(sql):
        if sql[position] == "\\" and quote != "`":
            position += 2
        elif sql[position] != quote:
            position += 1
        elif sql[position + 1 : position + 2] == quote:
            position += 2
        else:
            return position + 1
    raise syntax_error(sql, at, len(sql))


def _brace_end(sql: str, at: int) -> int:
    position = at + 1
    while position < len(sql):
        if sql[position] in "'\"`":
            position = _quote_end(sql, position)
        elif sql[position] == "}":
            return position + 1
        else:
            position += 1
    raise syntax_error(sql, at, len(sql))


def _unquote(text: str) -> str:
    quote, body = text[0], text[1:-1].replace(text[0] * 2, text[0])
    if quote == "`" or "\\" not in body:
        return body
    # LIKE needs to see \_ and \% as they were written.
    return re.sub(r"\\(.)", _unescape, body, flags=re.DOTALL)


def _unescape(match: re.Match[str]) -> str:
    if match[1] in "%_":
        return match[0]
    return _ESCAPES.get(match[1], match[1])


def made(text: str) -> list[Token]:
    """Tokens that stand in no statement: a space goes around each of them."""
    return [Token(t.kind, t.text, t.value, -1, -2) for t in tokenize(text).tokens]


def quote_name(name: str) -> str:
    """A name in backticks."""
    return "`" + name.replace("`", "``") + "`"


def quote_string(value: str) -> str:
    """A string literal that reads the same with backslash escapes."""
    return "'" + value.replace("\\", "\\\\").replace("'", "''") + "'"


def parse_statement(sql: str) -> Statement:
    """Cut up a statement and refuse an empty one.

    Raises:
        ServerError: 1065 or 1064.
    """
    statement = tokenize(sql)
    if not statement.tokens:
        raise ServerError(1065, "Query was empty")
    return statement
