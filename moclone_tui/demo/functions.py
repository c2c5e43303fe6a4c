"""SQL functions that SQLite does not have, or has differently."""

import datetime as dt
import hashlib
import json
import re
import zlib
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from moclone_tui.demo import sqltypes as types
from moclone_tui.demo.sqltypes import SqlType

PREFIX = "mo__"
"""Put before a function's name so that sqlglot passes it on as it is."""

_FORMATS = {
    "Y": "%Y", "y": "%y", "m": "%m", "d": "%d", "H": "%H", "i": "%M", "s": "%S",
    "S": "%S", "f": "%f", "M": "%B", "b": "%b", "W": "%A", "a": "%a", "j": "%j",
    "T": "%H:%M:%S", "h": "%I", "p": "%p",
}  # fmt: skip
_UNITS = {
    "microsecond": "microseconds",
    "second": "seconds",
    "minute": "minutes",
    "hour": "hours",
    "day": "days",
    "week": "weeks",
}


@lru_cache(maxsize=256)
def like_pattern(pattern: str) -> re.Pattern[str]:
    """A LIKE pattern as a regular expression."""
    parts, position = [], 0
    while position < len(pattern):
        char = pattern[position]
        if char == "\\" and position + 1 < len(pattern):
            position += 1
            parts.append(re.escape(pattern[position]))
        else:
            parts.append({"%": ".*", "_": "."}.get(char, re.escape(char)))
        position += 1
    return re.compile("".join(parts), re.DOTALL)


def like(pattern: object, value: object) -> bool | None:
    """Whether a value fits a LIKE pattern."""
    if pattern is None or value is None:
        return None
    return like_pattern(str(pattern)).fullmatch(text(value)) is not None


def text(value: object) -> str:
    """A value as a string."""
    if isinstance(value, bytes):
        return value.decode(errors="replace")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def to_moment(value: object) -> dt.datetime | None:
    """A date, or date and time, in text."""
    try:
        return dt.datetime.fromisoformat(text(value).strip())
    except ValueError:
        return None


def _concat(*values: object) -> str | None:
    return None if None in values else "".join(text(v) for v in values)


def _concat_ws(separator: object, *values: object) -> str | None:
    if separator is None:
        return None
    return text(separator).join(text(v) for v in values if v is not None)


def _date_format(value: object, pattern: object) -> str | None:
    moment = to_moment(value)
    if moment is None:
        return None
    shape = re.sub(
        "%(.)", lambda m: _FORMATS.get(m[1], m[1]), text(pattern), flags=re.DOTALL
    )
    return moment.strftime(shape)


def _date_add(value: object, amount: object, unit: object) -> str | None:
    moment = to_moment(value)
    if moment is None or amount is None:
        return None
    name, count = text(unit).lower(), float(text(amount))
    if name in ("month", "quarter", "year"):
        months = int(count) * {"month": 1, "quarter": 3, "year": 12}[name]
        year, month = divmod(moment.year * 12 + moment.month - 1 + months, 12)
        moved = moment.replace(year=year, month=month + 1, day=min(moment.day, 28))
    else:
        moved = moment + dt.timedelta(**{_UNITS[name]: count})
    return str(moved)


def _to_datetime(value: object) -> str | None:
    moment = to_moment(value)
    return str(moment) if moment else None


def _to_date(value: object) -> str | None:
    moment = to_moment(value)
    return str(moment.date()) if moment else None


def _part(name: str) -> Callable[[object], int | None]:
    def take(value: object) -> int | None:
        moment = to_moment(value)
        return getattr(moment, name) if moment else None

    return take


def _datediff(first: object, second: object) -> int | None:
    a, b = to_moment(first), to_moment(second)
    return (a.date() - b.date()).days if a and b else None


def _from_unixtime(seconds: object) -> str:
    moment = dt.datetime.fromtimestamp(float(text(seconds)), dt.UTC)
    return moment.strftime("%Y-%m-%d %H:%M:%S")


def _digest(name: str) -> Callable[[object], str | None]:
    def digest(value: object) -> str | None:
        if value is None:
            return None
        data = value if isinstance(value, bytes) else text(value).encode()
        return hashlib.new(name, data, usedforsecurity=False).hexdigest()

    return digest


def _crc32(value: object) -> int | None:
    if value is None:
        return None
    return zlib.crc32(value if isinstance(value, bytes) else text(value).encode())


def _if(condition: object, then: object, otherwise: object) -> object:
    return then if condition else otherwise


def _extreme(choose: Callable[..., object]) -> Callable[..., object]:
    return lambda *values: None if None in values else choose(values)


def _regexp(value: object, pattern: object) -> bool | None:
    if value is None or pattern is None:
        return None
    return re.search(text(pattern), text(value)) is not None


def _tuple(*values: object) -> str | None:
    return None if None in values else json.dumps([text(v) for v in values])


def _char_length(value: object) -> int | None:
    return None if value is None else len(text(value))


def _byte_length(value: object) -> int | None:
    if value is None:
        return None
    return len(value if isinstance(value, bytes) else text(value).encode())


def _left(value: object, count: int) -> str | None:
    return None if value is None else text(value)[: max(count, 0)]


def _right(value: object, count: int) -> str | None:
    return None if value is None else text(value)[-count:] if count > 0 else ""


def _pad(value: object, width: int, fill: object, *, left: bool) -> str | None:
    if value is None:
        return None
    body = text(value)
    padding = (text(fill) * width)[: max(width - len(body), 0)]
    return (padding + body if left else body + padding)[:width]


def _reverse(value: object) -> str | None:
    return None if value is None else text(value)[::-1]


def _instr(value: object, part: object) -> int | None:
    return None if None in (value, part) else text(value).find(text(part)) + 1


def _substring_index(value: object, separator: object, count: int) -> str | None:
    if value is None or separator is None:
        return None
    parts = text(value).split(text(separator))
    return text(separator).join(parts[:count] if count >= 0 else parts[count:])


def _hex(value: object) -> str | None:
    if value is None:
        return None
    if isinstance(value, int):
        return f"{value:X}"
    return (value if isinstance(value, bytes) else text(value).encode()).hex().upper()


PURE: dict[str, tuple[Callable[..., Any], SqlType]] = {
    "concat": (_concat, types.VARCHAR),
    "concat_ws": (_concat_ws, types.VARCHAR),
    "date_format": (_date_format, types.VARCHAR),
    "date_add": (_date_add, types.DATETIME),
    "to_datetime": (_to_datetime, types.DATETIME),
    "to_date": (_to_date, types.DATE),
    "date": (_to_date, types.DATE),
    "year": (_part("year"), types.BIGINT),
    "month": (_part("month"), types.BIGINT),
    "day": (_part("day"), types.BIGINT),
    "hour": (_part("hour"), types.BIGINT),
    "minute": (_part("minute"), types.BIGINT),
    "second": (_part("second"), types.BIGINT),
    "datediff": (_datediff, types.BIGINT),
    "from_unixtime": (_from_unixtime, types.DATETIME),
    "md5": (_digest("md5"), types.VARCHAR),
    "sha1": (_digest("sha1"), types.VARCHAR),
    "crc32": (_crc32, types.BIGINT),
    "if": (_if, types.NULL),
    "greatest": (_extreme(max), types.NULL),
    "least": (_extreme(min), types.NULL),
    "regexp": (_regexp, types.BOOL),
    "tuple": (_tuple, types.VARCHAR),
    "char_length": (_char_length, types.BIGINT),
    "length": (_byte_length, types.BIGINT),
    "left": (_left, types.VARCHAR),
    "right": (_right, types.VARCHAR),
    "lpad": (lambda v, w, f: _pad(v, w, f, left=True), types.VARCHAR),
    "rpad": (lambda v, w, f: _pad(v, w, f, left=False), types.VARCHAR),
    "hex": (_hex, types.VARCHAR),
    "reverse": (_reverse, types.VARCHAR),
    "instr": (_instr, types.BIGINT),
    "locate": (lambda part, value: _instr(value, part), types.BIGINT),
    "substring_index": (_substring_index, types.VARCHAR),
    "mo_show_visible_bin": (lambda value, *_: value, types.VARCHAR),
}
"""Functions of their arguments alone; a type of NULL means: look at the value."""


class BitXor:
    """BIT_XOR(), for checksums over many rows."""

    def __init__(self) -> None:
        self._total = 0

    def step(self, value: int | None) -> None:
        """Take one row's value."""
        self._total ^= int(value or 0)

    def finalize(self) -> int:
        """The result."""
        return self._total


def argument(values: Sequence[object], index: int) -> str:
    """An argument as a string; empty if it was left out."""
    return text(values[index]) if index < len(values) else ""
