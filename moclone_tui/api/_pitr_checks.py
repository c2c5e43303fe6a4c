"""What may be asked of PITRs: names, levels, ranges, times."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping

from moclone_tui.api import names
from moclone_tui.api.models import Pitr, PitrUnit, SnapshotLevel
from moclone_tui.api.names import fold
from moclone_tui.errors import InvalidName, QueryError
from moclone_tui.text import safe

OWN = "sys_mo_catalog_pitr"
"""The server's own PITR. It lets sys drop it: then it keeps no history of names."""

_LONGEST = 100


def new_name(name: str) -> str:
    """Check the name of a PITR that is to be made; gives it back."""
    return _not_own(_checked(names.new_snapshot, name))


def changed_name(name: str) -> str:
    """Check the name of a PITR that is to be changed or dropped; gives it back."""
    return _not_own(_checked(names.snapshot, name))


def name(name: str) -> str:
    """Check the name of a PITR that exists; gives it back."""
    return _checked(names.snapshot, name)


def _checked(check: Callable[[str], str], name: str) -> str:
    """Check a name: PITRs and snapshots are held to the same rules."""
    try:
        return check(name)
    except InvalidName as error:
        raise InvalidName(
            error.message.replace("a snapshot", "a PITR", 1),
            remedy=error.remedy.replace("A snapshot", "A PITR", 1),
        ) from None


def _not_own(name: str) -> str:
    if fold(name) == OWN:
        raise InvalidName(f"{OWN} is the server's own: it is left alone.")
    return name


def level(level: SnapshotLevel | str) -> SnapshotLevel:
    """Check a level; gives it back."""
    try:
        return SnapshotLevel(level)
    except ValueError as error:
        raise InvalidName(
            f"{safe(str(level))} is not a level of PITRs.",
            remedy="The levels are cluster, account, database and table.",
        ) from error


def range_unit(length: int, unit: PitrUnit | str) -> PitrUnit:
    """Check a range, as ALTER PITR does not; gives its unit back."""
    try:
        found = PitrUnit(str(unit).lower())
    except ValueError as error:
        raise InvalidName(
            f"{safe(str(unit))} is not a unit of a PITR's range.",
            remedy="The units are h, d, mo and y.",
        ) from error
    if isinstance(length, bool) or not isinstance(length, int):
        raise InvalidName("The range of a PITR is a whole number.")
    if not 1 <= length <= _LONGEST:
        raise InvalidName(f"The range of a PITR is 1 to {_LONGEST} units: {length}")
    return found


def scope(level: SnapshotLevel, given: Mapping[str, str | None]) -> None:
    """Insist on the names that a level needs, and on no others."""
    needed = {
        SnapshotLevel.CLUSTER: (),
        SnapshotLevel.ACCOUNT: ("account",),
        SnapshotLevel.DATABASE: ("database",),
        SnapshotLevel.TABLE: ("database", "table"),
    }[level]
    for what, name in given.items():
        if name is not None and what not in needed:
            raise InvalidName(f"A PITR of the level {level} takes no {what}.")
        missing = name is None and what != "account"
        if what in needed and (missing or name == ""):
            raise InvalidName(f"A PITR of the level {level} needs the {what}'s name.")


def beyond(pitr: Pitr, at: dt.datetime, said: QueryError | None = None) -> QueryError:
    """Say in UTC that a time is not in the window; the server says it in its zone."""
    future = said is not None and "bigger than now" in said.detail
    why = (
        "that is in the future"
        if future
        else f"it was made {pitr.created:%Y-%m-%d %H:%M:%S} UTC and reaches back "
        f"{pitr.range}"
    )
    return QueryError(
        f"The PITR {safe(pitr.name)} does not reach "
        f"{at.astimezone(dt.UTC):%Y-%m-%d %H:%M:%S} UTC: {why}.",
        code=said.code if said else None,
        detail=said.detail if said else "",
        statement=said.statement if said else "",
        remedy="Nothing was changed. Choose a time within the window.",
    )
