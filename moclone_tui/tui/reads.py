"""What the views read, as the reader's thread does it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from moclone_tui.api import (
    Client,
    Column,
    Index,
    MocloneError,
    QueryError,
    TableName,
)

T = TypeVar("T")


def count_rows(
    client: Client, database: str, tables: Iterable[str]
) -> dict[str, int | None]:
    """Count tables together, and one by one if one of them cannot be counted."""
    names = {table: TableName(table, database) for table in tables}
    try:
        counted = client.metadata.count_rows(list(names.values()))
    except QueryError:
        counted = {}
        for name in names.values():
            try:
                counted |= client.metadata.count_rows([name])
            except QueryError:
                continue
    return {table: counted.get(name) for table, name in names.items()}


@dataclass(frozen=True, slots=True)
class Found:
    """What was read of an object; an error in the place of what could not be."""

    columns: list[Column] | MocloneError
    indexes: list[Index] | MocloneError
    ddl: str | MocloneError

    @classmethod
    def read(cls, client: Client, name: TableName) -> Found:
        """Read it."""
        metadata = client.metadata
        return cls(
            _or_error(lambda: metadata.columns(name)),
            _or_error(lambda: metadata.indexes(name)),
            _or_error(lambda: metadata.ddl(name)),
        )


def _or_error(read: Callable[[], T]) -> T | MocloneError:
    try:
        return read()
    except QueryError as error:
        return error
