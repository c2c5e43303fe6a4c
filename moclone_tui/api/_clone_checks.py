"""What a clone is checked by: the looks before and after, and what failures mean."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from moclone_tui import text
from moclone_tui.api import sql
from moclone_tui.api._connected import Connected
from moclone_tui.api._errors import LOST
from moclone_tui.api.capabilities import Capabilities
from moclone_tui.api.names import Moment, TableName, utc
from moclone_tui.errors import (
    AlreadyExists,
    CloneError,
    InvalidName,
    MocloneError,
    NotFound,
    NotSupported,
    OutcomeUnknown,
    QueryError,
    ServerError,
)

TAKEN = {1007, 1050}
"""The server's numbers for a target that is there already."""


@dataclass(frozen=True, slots=True)
class Source:
    """What a clone would be made from, as the server had it when it was looked up."""

    as_of: dt.datetime | None
    """The server's clock at the look-up, UTC."""
    counts: dict[str, int]
    """Number of objects by the kinds of information_schema (`BASE TABLE`, `VIEW`)."""


def of_executor(error: Exception, statement: str) -> ServerError:
    """An error of the caller's executor, by the number in it if there is one."""
    inner = getattr(error, "orig", None) or error
    code = next((part for part in inner.args if isinstance(part, int)), None)
    words = sql.redact(" ".join(str(part) for part in inner.args))
    if code in LOST:
        return OutcomeUnknown(
            "The executor lost its connection during the clone: it may or may not have "
            "been carried out.",
            code=code,
            detail=words,
            statement=sql.redact(statement),
            remedy="Connect again and look before you repeat it.",
        )
    cause = AlreadyExists if code in TAKEN else QueryError
    return cause(
        text.first_line(words), code=code, detail=words, statement=sql.redact(statement)
    )


def past(source: Source, at: Moment) -> Source:
    """Refuse a moment ahead of the server's clock: it would take the present.

    A second may pass between the clock and the moment, which is finer.

    Raises:
        InvalidName: It lies in the future.
    """
    if at.ns and source.as_of and utc(at.ns) > source.as_of + dt.timedelta(seconds=1):
        raise InvalidName(
            f"The moment {at} lies in the future, and the server would take the "
            "present.",
            remedy="Choose a moment that is past.",
        )
    return source


def refuse_taken(look_back: Callable[[], Source], target: str) -> None:
    try:
        look_back()
    except NotFound:
        return
    except NotSupported:
        pass
    raise AlreadyExists(f"{text.safe(target)} exists already.", code=1050)


def refuse_unmade(
    look_back: Callable[[], Source], source: Source, statement: str, *, foreign: bool
) -> None:
    """Look at what a clone made, where the server calls failures a success."""
    try:
        made: dict[str, int] | None = look_back().counts
    except NotFound:
        made = None
    kinds = ("BASE TABLE", "VIEW")
    if made is not None and all(
        made.get(kind, 0) == source.counts.get(kind, 0) for kind in kinds
    ):
        return
    if foreign:
        raise OutcomeUnknown(
            "The server reported success, but no whole copy can be seen from here.",
            statement=statement,
            remedy="If the executor is in a transaction, look there before its COMMIT: "
            "this server calls a failed clone a success in it.",
        )
    raise QueryError(
        "The server reported success, but the copy is not whole.",
        statement=statement,
        remedy="Outside of a session this server says why a clone fails: try it there.",
    )


def refuse_unseen(kind: str, capabilities: Capabilities) -> None:
    """Refuse a clone that would not have what its own transaction wrote.

    Raises:
        QueryError: The server would take the rows of before the transaction.
    """
    if kind == "database" or not capabilities.has("clone_what_was_written"):
        raise QueryError(
            f"The clone of a {kind} has nothing of what its own transaction wrote, and "
            "the server does not say so.",
            remedy="Clone first in the session, or commit() before.",
        )


def refuse_other_rows(
    look: Connected, copy: TableName, source: TableName, statement: str
) -> None:
    """Count a copy made of what its own transaction wrote.

    4.2 copies rows that were deleted or overwritten there beside those that are new.

    Raises:
        QueryError: It has other rows than its source.
    """
    counts = look.metadata.count_rows([copy, source])
    if counts[copy] != counts[source]:
        raise QueryError(
            f"The server copied rows that the session has deleted or overwritten: "
            f"{text.count(counts[copy])} instead of {text.count(counts[source])}.",
            statement=statement,
            remedy="Clone first in the session, or commit() before.",
        )


def left_out(counts: dict[str, int]) -> tuple[str, ...]:
    sequences = counts.get("INTERNAL TABLE", 0)
    return (text.plural(sequences, "sequence"),) if sequences else ()


def clone_failure(kind: str, shown: tuple[str, str], error: MocloneError) -> CloneError:
    target, source = (text.safe(name) for name in shown)
    taken = isinstance(error, AlreadyExists)
    server = error if isinstance(error, ServerError) else None
    return CloneError(
        f"{target} exists already." if taken else error.message,
        code=server.code if server else None,
        detail=server.detail if server else "",
        statement=server.statement if server else "",
        remedy=(
            "Choose another name, or say that a target that exists is to be skipped."
            if taken
            else error.remedy
        )
        or f"Nothing is left of the clone of the {kind} {source}.",
    )
