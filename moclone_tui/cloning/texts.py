"""Values of rows, as people read them."""

from __future__ import annotations

from collections.abc import Iterable


def texts(row: Iterable[object]) -> tuple[str | None, ...]:
    """As texts; NULL is None, bytes in hexadecimal, as SQL takes them."""
    return tuple(
        None
        if value is None
        else f"0x{value.hex()}"
        if isinstance(value, bytes)
        else str(value)
        for value in row
    )
