"""Column types: how they are written, stored in SQLite and put on the wire."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from moclone_tui.demo.lexer import Kind, quote_string
from moclone_tui.demo.reader import TokenReader

# name: (code on the wire, number shown where no length is given, SQLite affinity)
_TYPES: dict[str, tuple[int, int, str]] = {
    "tinyint": (1, 8, "INTEGER"),
    "smallint": (2, 16, "INTEGER"),
    "int": (3, 32, "INTEGER"),
    "bigint": (8, 64, "INTEGER"),
    "float": (4, 0, "REAL"),
    "double": (5, 0, "REAL"),
    "decimal": (0, 0, "NUMERIC"),
    "char": (254, 1, "TEXT"),
    "varchar": (253, 65535, "TEXT"),
    "tinytext": (252, 0, "TEXT"),
    "text": (252, 0, "TEXT"),
    "mediumtext": (252, 0, "TEXT"),
    "longtext": (252, 0, "TEXT"),
    "tinyblob": (252, 0, "BLOB"),
    "blob": (252, 0, "BLOB"),
    "mediumblob": (252, 0, "BLOB"),
    "longblob": (252, 0, "BLOB"),
    "binary": (15, 1, "BLOB"),
    "varbinary": (15, 65535, "BLOB"),
    "date": (10, 0, "TEXT"),
    "datetime": (12, 0, "TEXT"),
    "timestamp": (7, 0, "TEXT"),
    "time": (11, 0, "TEXT"),
    "bool": (1, 0, "INTEGER"),
    "json": (245, 0, "TEXT"),
    "vecf32": (15, 0, "TEXT"),
    "vecf64": (15, 0, "TEXT"),
    "enum": (253, 0, "TEXT"),
    "uuid": (253, 0, "TEXT"),
    "bit": (16, 1, "INTEGER"),
    "year": (13, 4, "INTEGER"),
    "null": (252, 0, "TEXT"),
    "string": (15, 0, "TEXT"),
}
_SYNONYMS = {
    "integer": "int",
    "mediumint": "int",
    "boolean": "bool",
    "numeric": "decimal",
    "real": "double",
    "character": "char",
}
_DECIMAL_DEFAULT = (38, 0)


@dataclass(frozen=True, slots=True)
class SqlType:
    """The type of a column.

    Attributes:
        name: Its name, lower case.
        size: The numbers in parentheses, if any.
        unsigned: Whether it has no sign.
        choices: What an enum may hold.
    """

    name: str
    size: tuple[int, ...] = ()
    unsigned: bool = False
    choices: tuple[str, ...] = ()

    @property
    def code(self) -> int:
        """The type's number on the wire."""
        return _TYPES[self.name][0]

    @property
    def affinity(self) -> str:
        """The type to declare in SQLite."""
        return _TYPES[self.name][2]

    @property
    def is_binary(self) -> bool:
        """Whether values are bytes."""
        return self.affinity == "BLOB" or self.name == "bit"

    @property
    def is_integer(self) -> bool:
        """Whether values are whole numbers."""
        return self.affinity == "INTEGER" and self.name != "bit"

    @property
    def scale(self) -> int:
        """Digits behind the decimal point."""
        return self.size[-1] if len(self.size) > 1 else 0

    def ddl(self) -> str:
        """As SHOW CREATE TABLE writes it."""
        if self.name == "enum":
            text = f"enum({','.join(quote_string(c) for c in self.choices)})"
        elif self.size and not (self.size == (0,) and self.name != "decimal"):
            text = f"{self.name}({','.join(map(str, self.size))})"
        else:
            text = self.name
        return text + (" unsigned" if self.unsigned else "")

    def info(self) -> str:
        """As SHOW COLUMNS writes it."""
        if self.name == "enum":
            return f"ENUM({','.join(quote_string(c) for c in self.choices)})"
        size = self.size or (_TYPES[self.name][1],)
        name = self.name.upper() + (" UNSIGNED" if self.unsigned else "")
        return f"{name}({','.join(map(str, size))})"

    def width(self) -> int:
        """About how many bytes a value takes."""
        if self.affinity in ("TEXT", "BLOB"):
            return min(self.size[0] if self.size else 24, 48)
        return 8


NULL = SqlType("null")
BIGINT = SqlType("bigint")
INT = SqlType("int")
UNSIGNED = SqlType("bigint", unsigned=True)
BOOL = SqlType("bool")
DOUBLE = SqlType("double")
VARCHAR = SqlType("varchar", (65535,))
CHAR = SqlType("char", (255,))
TEXT = SqlType("text")
STRING = SqlType("string")
DATETIME = SqlType("datetime")
TIMESTAMP = SqlType("timestamp")
DATE = SqlType("date")
BLOB = SqlType("blob")
TINYINT = SqlType("tinyint")


def decimal_type(precision: int, scale: int) -> SqlType:
    """A decimal."""
    return SqlType("decimal", (precision, scale))


def read_type(read: TokenReader) -> SqlType:
    """Take a column's type.

    Raises:
        ServerError: 1064 for a type that does not exist.
    """
    token = read.peek()
    name = token.value.lower() if token is not None else ""
    name = _SYNONYMS.get(name, name)
    if token is None or token.kind is not Kind.WORD or name not in _TYPES:
        raise read.unexpected()
    read.next()
    if name == "double":
        read.accept("precision")
    size, choices = _read_size(read)
    unsigned = read.accept("unsigned")
    while read.accept_any("signed", "zerofill"):
        pass
    if name == "decimal":
        size = (*size, 0)[:2] if size else _DECIMAL_DEFAULT
    return SqlType(name, size, unsigned, choices)


def _read_size(read: TokenReader) -> tuple[tuple[int, ...], tuple[str, ...]]:
    token = read.peek()
    if token is None or not token.is_operator("("):
        return (), ()
    inside = [t for t in read.parenthesized() if not t.is_operator(",")]
    if inside and inside[0].kind is Kind.STRING:
        return (), tuple(t.value for t in inside)
    return tuple(int(t.text) for t in inside), ()


def to_wire(kind: SqlType, value: object) -> object:
    """A value as SQLite gives it, in the form its type has on the wire."""
    convert = converter(kind)
    return value if convert is None or value is None else convert(value)


def converter(kind: SqlType) -> Callable[[Any], object] | None:
    """What brings a type's values into their form on the wire, if anything has to."""
    if kind.name == "decimal":
        return lambda value: f"{Decimal(str(value)):.{kind.scale}f}"
    if kind.name in ("datetime", "timestamp"):
        digits = kind.size[0] if kind.size else 0
        return lambda value: _with_fraction(str(value), digits)
    if kind.name == "bit":
        width = max((kind.size or (1,))[0] + 7, 8) // 8
        return lambda value: value.to_bytes(width, "big")
    if kind.unsigned:
        return lambda value: value + 2**64 if value < 0 else value
    return _without_point if kind.affinity in ("INTEGER", "TEXT") else None


def _without_point(value: Any) -> object:
    return re.sub(r"\.0$", "", str(value)) if isinstance(value, float) else value


def _with_fraction(text: str, digits: int) -> str:
    body, _, fraction = text.partition(".")
    if not digits:
        return text.rstrip("0").rstrip(".") if fraction else body
    return f"{body}.{fraction.ljust(digits, '0')[:digits]}"
