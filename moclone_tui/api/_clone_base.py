"""The look-ups and checks that every way of cloning shares."""

from __future__ import annotations

import datetime as dt
import time
from typing import Any

from moclone_tui import text
from moclone_tui.api import sql
from moclone_tui.api._clone_checks import Source, of_executor
from moclone_tui.api._connected import Connected, Executor
from moclone_tui.api.names import NOW, Moment, TableName, fold
from moclone_tui.errors import MocloneError, NotFound, NotSupported


class BaseCloneManager:
    """The look-ups and the checks that every way of cloning shares.

    Args:
        client: A `Client` or `Session` of ours: look-ups use its connection.
        executor: Sends the clone itself, if given: anything with `execute(sql)`.
    """

    def __init__(self, client: Connected, executor: Executor | None = None) -> None:
        self.client = client
        self.executor: Executor = executor if executor is not None else client
        self._look: Connected = (
            executor if isinstance(executor, Connected) else self.client
        )

    def source_database(self, name: str, at: Moment = NOW) -> Source:
        """Look a database up, at a moment.

        Raises:
            NotFound: It was not there then, or the snapshot is not there.
        """
        found = self._rows(sql.source_database(at), [name, name], at)
        counts = {str(kind): int(number) for kind, number, *_ in found}
        if not counts.pop("database", 0):
            raise NotFound(f"{_named('database', name)} does not exist{_when(at)}.")
        return Source(_clock(found), counts)

    def source_table(self, name: TableName, at: Moment = NOW) -> Source:
        """Look a table up, at a moment.

        Raises:
            NotFound: It was not there then, or the snapshot is not there.
            NotSupported: It is not a table, so it cannot be cloned as one.
        """
        folded = [
            fold(part) for part in (name.database, name.table) if part is not None
        ]
        found = self._rows(sql.source_table(name, at), folded, at)
        if not found:
            raise NotFound(f"{_named('table', str(name))} does not exist{_when(at)}.")
        kind = str(found[0][0])
        if kind != "BASE TABLE":
            what = _KINDS.get(kind, kind.lower())
            raise NotSupported(
                f"{name} is {what}, which the server cannot clone as a table.",
                remedy="Clone its database, or make it anew from its DDL.",
            )
        return Source(_clock(found), {kind: 1})

    def _rows(
        self, statement: str, params: list[str], at: Moment
    ) -> tuple[tuple[Any, ...], ...]:
        try:
            return self._look.execute(statement, params).rows
        except NotFound:
            if at.snapshot or not at:
                raise
            return ()  # so long ago that not even the catalog was there

    def send(self, statement: str) -> float:
        """Send a clone; gives the seconds it took."""
        started = time.monotonic()
        try:
            self.executor.execute(statement)
        except MocloneError:
            raise
        except Exception as error:
            if isinstance(self.executor, Connected):
                raise
            raise of_executor(error, statement) from error
        return time.monotonic() - started


_KINDS = {
    "VIEW": "a view",
    "EXTERNAL TABLE": "an external table",
    "INTERNAL TABLE": "a sequence",
}


def _named(what: str, name: str) -> str:
    return f"The {what} {text.safe(name)}"


def _when(at: Moment) -> str:
    return f" in the snapshot {at}" if at.snapshot else f" at {at}" if at else ""


def _clock(rows: tuple[tuple[Any, ...], ...]) -> dt.datetime | None:
    """The server's clock out of its last two columns: UNIX seconds, local time."""
    for *_, unix, local in rows:
        if unix:
            fraction = getattr(local, "microsecond", 0)
            return dt.datetime.fromtimestamp(int(unix), dt.UTC).replace(
                microsecond=fraction
            )
    return None
