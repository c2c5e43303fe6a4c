"""Make a value fit the column it goes into."""

import json
import math
import uuid
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from moclone_tui.demo.errors import ServerError, internal, invalid_input
from moclone_tui.demo.functions import text, to_moment
from moclone_tui.demo.sqltypes import SqlType

_BITS = {"tinyint": 8, "smallint": 16, "int": 32, "bigint": 64}


def store(kind: SqlType, value: object) -> object:
    """A value as a column of this type keeps it.

    Raises:
        ServerError: If it does not fit.
    """
    if value is None:
        return None
    return _STORES.get(kind.name, _as_text)(kind, value)


def _integer(kind: SqlType, value: object) -> int:
    try:
        number = int(Decimal(text(value)).to_integral_value(ROUND_HALF_UP))
    except InvalidOperation:
        raise invalid_input(f"invalid int value '{text(value)}'") from None
    bits = _BITS[kind.name]
    low = 0 if kind.unsigned else -(2 ** (bits - 1))
    if not low <= number <= 2 ** (bits if kind.unsigned else bits - 1) - 1:
        raise ServerError(
            20201, f"data out of range: data type {kind.name}{bits}, value '{number}'"
        )
    return number


def _float(_: SqlType, value: object) -> float:
    try:
        return float(text(value))
    except ValueError:
        raise invalid_input(f"invalid double value '{text(value)}'") from None


def _decimal(kind: SqlType, value: object) -> float | int:
    try:
        number = Decimal(text(value) if isinstance(value, (str, bytes)) else str(value))
    except InvalidOperation:
        raise invalid_input(f"invalid decimal value '{text(value)}'") from None
    rounded = number.quantize(Decimal(1).scaleb(-kind.scale), ROUND_HALF_UP)
    exact = float(rounded)
    return int(exact) if exact.is_integer() and math.isfinite(exact) else exact


def _as_text(kind: SqlType, value: object) -> str:
    body = text(value)
    if kind.name in ("char", "varchar") and kind.size and len(body) > kind.size[0]:
        raise internal(
            f"Can't cast '{body}' to {kind.name.upper()} type. Src length {len(body)} "
            f"is larger than Dest length {kind.size[0]}"
        )
    return body


def _bytes(_: SqlType, value: object) -> bytes:
    return value if isinstance(value, bytes) else text(value).encode()


def _bool(_: SqlType, value: object) -> int:
    body = text(value).lower()
    if body in ("true", "false"):
        return int(body == "true")
    return int(_float(_, value) != 0)


def _bit(_: SqlType, value: object) -> int:
    if isinstance(value, bytes):
        return int.from_bytes(value, "big")
    return int(text(value))


def _date(_: SqlType, value: object) -> str:
    return str(_moment("date", value))[:10]


def _datetime(kind: SqlType, value: object) -> str:
    moment = _moment("datetime", value)
    digits = kind.size[0] if kind.size else 0
    seconds, fraction = moment[:19], moment[20:].ljust(6, "0")
    return f"{seconds}.{fraction[:digits]}" if digits else seconds


def _moment(name: str, value: object) -> str:
    moment = to_moment(value)
    if moment is None:
        raise invalid_input(f"invalid {name} value {text(value)}")
    return moment.replace(tzinfo=None).isoformat(" ")


def _json(_: SqlType, value: object) -> str:
    try:
        return json.dumps(json.loads(text(value)), ensure_ascii=False)
    except ValueError:
        raise invalid_input(f"json text {text(value)}") from None


def _vector(kind: SqlType, value: object) -> str:
    numbers = [_float(kind, part) for part in text(value).strip("[] ").split(",")]
    return f"[{', '.join(f'{number:g}' for number in numbers)}]"


def _enum(kind: SqlType, value: object) -> str:
    body = text(value)
    if body not in kind.choices:
        raise internal(f"convert to MySQL enum failed: item {body} is not in enum")
    return body


def _uuid(_: SqlType, value: object) -> str:
    try:
        return str(uuid.UUID(text(value)))
    except ValueError:
        raise invalid_input(f"invalid uuid value '{text(value)}'") from None


_Store = Callable[[SqlType, object], object]
_STORES: dict[str, _Store] = {
    **dict.fromkeys(_BITS, _integer),
    **dict.fromkeys(("float", "double"), _float),
    **dict.fromkeys(("tinyblob", "blob", "mediumblob", "longblob"), _bytes),
    **dict.fromkeys(("binary", "varbinary"), _bytes),
    **dict.fromkeys(("datetime", "timestamp"), _datetime),
    **dict.fromkeys(("vecf32", "vecf64"), _vector),
    "decimal": _decimal,
    "bool": _bool,
    "bit": _bit,
    "year": lambda _, value: int(text(value)),
    "date": _date,
    "json": _json,
    "enum": _enum,
    "uuid": _uuid,
}
