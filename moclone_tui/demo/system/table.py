"""What a table of the system looks like, and whose eyes look at it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from moclone_tui.demo import sqltypes as types
from moclone_tui.demo.accounts import Account
from moclone_tui.demo.model import Catalog, Database, Row
from moclone_tui.demo.reply import ResultColumn

if TYPE_CHECKING:
    from moclone_tui.demo.session import Session

_SHORT = {
    "s": types.VARCHAR,
    "t": types.TEXT,
    "n": types.BIGINT,
    "u": types.UNSIGNED,
    "i": types.INT,
    "y": types.TINYINT,
    "d": types.DOUBLE,
    "j": types.SqlType("json"),
    "at": types.TIMESTAMP,
    "on": types.SqlType("datetime", (6,)),
}


@dataclass(frozen=True, slots=True)
class View:
    """Who reads, and which state.

    Attributes:
        account: Whose rows are seen; None for everyone's.
    """

    session: "Session"
    catalog: Catalog
    account: int | None

    def databases(self) -> list[Database]:
        """The databases whose rows are seen."""
        if self.account is None:
            return list(self.catalog.databases.values())
        return self.catalog.of_account(self.account)

    def accounts(self) -> list[Account]:
        """The accounts whose rows are seen."""
        known = self.session.state.accounts
        return [a for a in known if self.account in (None, a.id)]


@dataclass(frozen=True, slots=True)
class SystemTable:
    """A table whose rows are made when somebody reads it.

    Attributes:
        columns: Names and types.
        rows: Makes the rows, or those that belong to no database.
        of_database: Makes the rows of one database; None for a table that changes
            without a change of the catalog.
        sys_only: Whether it is there for the account sys alone.
        for_everyone: Whether a login without any rights may read it.
        shared: Whether all accounts have it together: sys sees everyone's rows.
    """

    columns: tuple[ResultColumn, ...]
    rows: Callable[[View], Iterable[Row]]
    of_database: Callable[[View, Database], Iterable[Row]] | None = None
    sys_only: bool = False
    for_everyone: bool = False
    shared: bool = False


def columns(text: str) -> tuple[ResultColumn, ...]:
    """Columns from `name:type` pairs, where `name` alone is a string."""
    found = []
    for pair in text.split():
        name, _, kind = pair.partition(":")
        found.append((name, _SHORT[kind or "s"]))
    return tuple(found)


def nothing(_: View) -> Iterable[Row]:
    """No rows."""
    return ()
