"""What every restore shares: look, send, look again, and say what was lost.

What the server reports as success and is none is caught here, at the cost of a look
before and after: it leaves alone, without a word, whatever a foreign key points to.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from moclone_tui.api import restore_sql as statements
from moclone_tui.api import sql
from moclone_tui.api._connected import Connected
from moclone_tui.api._errors import looking_back
from moclone_tui.api._restore_notes import (
    ACCOUNT_NOTES,
    NONE_TO_SEE,
    grants_note,
    identity_note,
    left_out_note,
    publications_note,
)
from moclone_tui.api.models import Pitr, RestoreResult, Snapshot, SnapshotLevel
from moclone_tui.api.names import NOW, SYSTEM_DATABASES, Moment, TableName, fold
from moclone_tui.errors import (
    InvalidName,
    NotFound,
    NotSupported,
    PermissionDenied,
    QueryError,
    ServerError,
)
from moclone_tui.text import safe

SYS = "sys"
"""The account that may do everything."""

_CLONED = ("BASE TABLE", "VIEW")


@dataclass(frozen=True, slots=True)
class Goal:
    """To when something is to be put back, and the statement that does it."""

    statement: str
    at: Moment
    pitr: str = ""


class Restorer:
    """Looks, restores, and looks again.

    Args:
        client: A `Client`; a session is refused, as the server would.
    """

    def __init__(self, client: Connected) -> None:
        self._client = client

    def refuse_in_session(self) -> None:
        """Refuse what the server refuses inside a transaction.

        Raises:
            QueryError: This is a session.
        """
        if self._client.in_transaction:
            raise QueryError(
                "The server restores nothing inside a transaction.",
                remedy="Do it before or after the session, with the client.",
            )

    def account(self) -> str:
        """The login's account."""
        return str(self._client.execute(statements.WHERE_AM_I).first[0])

    def resolve(self, table: TableName) -> tuple[str, TableName]:
        """The login's account, and the table with its database, folded.

        Raises:
            InvalidName: The table has no database, and none is in use.
            NotSupported: Its database is one of the server's own.
        """
        account, current = self._client.execute(statements.WHERE_AM_I).first
        database = table.database or current
        if not database:
            raise InvalidName(
                f"{table} has no database, and none is in use.",
                remedy="Write database.table.",
            )
        refuse_system(database)
        return str(account), TableName(fold(table.table), fold(str(database)))

    def put_back_database(self, name: str, goal: Goal) -> RestoreResult:
        """Restore a database.

        Raises:
            NotFound: It was not there then. Nothing was changed.
            QueryError: The server refused it; or said success and did nothing.
            OutcomeUnknown: The connection was lost during or just after it.
        """
        shown = f"the database {safe(name)}"
        then = self._client.clone.source_database(name, goal.at).counts
        before = self._number(sql.DATABASE_IDENTITY, name)
        grants = self._number(sql.database_grants(self._logical), name, name)
        published = self._published(name)
        seconds = self._send(goal)
        with looking_back(goal.statement):
            after = self._number(sql.DATABASE_IDENTITY, name)
            now = self._counts(name)
        _refuse_unmoved(shown, before, after, goal)
        if any(now.get(kind, 0) < then.get(kind, 0) for kind in _CLONED):
            raise _not_done(f"{shown} is not whole", goal)
        tables, views = (then.get(kind, 0) for kind in _CLONED)
        return RestoreResult(
            what=shown,
            at=goal.at,
            seconds=seconds,
            pitr=goal.pitr,
            tables=tables,
            views=views,
            notes=(
                *identity_note(shown, before),
                *left_out_note(then),
                *grants_note(grants),
                *publications_note(published, published and self._published(name)),
                *self._windows_note(name),
            ),
            statements=(goal.statement,),
        )

    def put_back_table(self, table: TableName, goal: Goal) -> RestoreResult:
        """Restore a table or view, given with its database.

        Raises:
            NotFound: It was not there then. Nothing was changed.
            NotSupported: It is neither a table nor a view.
            QueryError, OutcomeUnknown: As `put_back_database`.
        """
        where = (table.database or "", table.table)
        kind = self._kind(table, goal.at)
        shown = f"the {kind} {table}"
        before = self._number(sql.TABLE_IDENTITY, *where)
        grants = self._number(sql.table_grants(self._logical), *where)
        published = self._published(where[0])
        seconds = self._send(goal)
        with looking_back(goal.statement):
            after = self._number(sql.TABLE_IDENTITY, *where)
        _refuse_unmoved(shown, before, after, goal)
        return RestoreResult(
            what=shown,
            at=goal.at,
            seconds=seconds,
            pitr=goal.pitr,
            tables=int(kind == "table"),
            views=int(kind == "view"),
            notes=(
                *identity_note(shown, before),
                *grants_note(grants),
                *publications_note(published, published and self._published(where[0])),
                *self._windows_note(*where),
            ),
            statements=(goal.statement,),
        )

    def put_back_account(
        self, name: str, wanted: set[str], goal: Goal, into: str | None = None
    ) -> RestoreResult:
        """Restore an account, and look at its databases before and after.

        Args:
            name: The account.
            wanted: The databases it has to have afterwards.
            goal: To when, and how.
            into: The account it goes into, if that is another one.
        """
        target = into or name
        own = target == self.account()
        before = self.databases(target, own)
        seconds = self._send(goal)
        with looking_back(goal.statement):
            after = self.databases(target, own)
        if missing := wanted - after.keys():
            raise _not_done(f"{_listed(missing)} did not come back", goal)
        if same := {name for name in wanted if before.get(name) == after[name]}:
            raise _not_done(f"{_listed(same)} was left as it was", goal)
        shown = f"the account {safe(name)}"
        return RestoreResult(
            what=f"{shown} into {safe(target)}" if into else shown,
            at=goal.at,
            seconds=seconds,
            pitr=goal.pitr,
            notes=ACCOUNT_NOTES if wanted else (*ACCOUNT_NOTES, NONE_TO_SEE),
            statements=(goal.statement,),
        )

    def databases(self, account: str, own: bool, at: Moment = NOW) -> dict[str, int]:
        """The databases of an account and their numbers, without the server's own.

        Args:
            account: The account.
            own: Whether it is the login's own; only sys sees those of others.
            at: When.
        """
        found = self._client.execute(
            sql.account_databases(own, at), None if own else (account,)
        )
        return {
            str(name): int(number)
            for name, number in found
            if name not in SYSTEM_DATABASES
        }

    def databases_in(self, at: Moment) -> set[str]:
        """The databases in a snapshot of one account, without the server's own."""
        found = self._client.execute(statements.show_databases(at))
        return {str(name) for (name,) in found} - SYSTEM_DATABASES

    @property
    def _logical(self) -> bool:
        return self._client.capabilities.has("logical_ids")

    def _send(self, goal: Goal) -> float:
        started = time.monotonic()
        self._client.execute(goal.statement)
        return time.monotonic() - started

    def _number(self, statement: str, *params: str) -> int | None:
        """One number; 0 if there is none, None if the login may not know."""
        try:
            found = self._client.execute(statement, params)
        except PermissionDenied:
            return None
        return int(found.first[0]) if found.rows else 0

    def _counts(self, database: str) -> dict[str, int]:
        try:
            return self._client.clone.source_database(database).counts
        except NotFound:
            return {}

    def _kind(self, table: TableName, at: Moment) -> str:
        """`table` or `view`: what can be restored by itself, if it was there then."""
        found = self._client.execute(
            sql.source_table(table, at), (table.database, table.table)
        )
        if not found.rows:
            when = f" in the snapshot {at}" if at.snapshot else f" at {at}"
            raise NotFound(f"The table {table} does not exist{when}.")
        kind = {"BASE TABLE": "table", "VIEW": "view"}.get(str(found.first[0]))
        if kind is None:
            raise NotSupported(
                f"{table} is neither a table nor a view: the server restores no "
                "sequence and no external table.",
                remedy="Make it anew from its DDL.",
            )
        return kind

    def _published(self, database: str) -> dict[str, str] | None:
        """The publications of a database and their tables; None if not known."""
        try:
            found = self._client.execute(statements.SHOW_PUBLICATIONS)
        except ServerError:
            return None
        return {
            str(name): str(tables)
            for name, of, tables, *_ in found
            if fold(str(of)) == database
        }

    def _windows_note(self, database: str, table: str | None = None) -> list[str]:
        """What became of the PITRs of what was replaced."""
        try:
            windows = self._client.pitr.list(database=database)
        except ServerError:
            return ["Whether a PITR still protects it is not known."]
        said = {
            False: "The PITR {} no longer protects it, but what was replaced: make "
            "it anew.",
            None: "Whether the PITR {} still protects it is not known.",
        }
        return [
            said[window.active].format(safe(window.name))
            for window in windows
            if window.active is not True
            and (table is None or window.table in (table, ""))
        ]


def _refuse_unmoved(
    shown: str, before: int | None, after: int | None, goal: Goal
) -> None:
    """Insist that something new is there: what is restored gets a new number."""
    if before is None or after is None:
        return
    if not after:
        raise _not_done(f"{shown} is not there", goal)
    if after == before:
        raise _not_done(
            f"{shown} is as it was: a foreign key points to it",
            goal,
            "Drop the foreign keys that point to it, or restore what holds both "
            "sides; or clone the snapshot beside it.",
        )


def _not_done(what: str, goal: Goal, remedy: str = "") -> QueryError:
    return QueryError(
        f"The server reported success, but {what}.",
        statement=goal.statement,
        remedy=remedy or "Look at what is there before you repeat it.",
    )


def _listed(found: set[str]) -> str:
    return "the database " + ", ".join(safe(name) for name in sorted(found))


# --------------------------------------------------------------- what may be asked for


def account_name(name: str) -> str:
    """Check the name of an account that exists; gives it back, folded.

    Raises:
        InvalidName: It is empty, or no server can hold it.
    """
    if not isinstance(name, str) or not name or "\0" in name:
        raise InvalidName("The name of an account is empty, or holds a NUL.")
    return fold(name)


def refuse_system(name: str) -> None:
    """Refuse one of the server's own databases.

    Raises:
        NotSupported: It is one.
    """
    if fold(name) in SYSTEM_DATABASES:
        raise NotSupported(
            f"{safe(name)} is one of the server's own databases: it is never restored."
        )


def covers(
    held: Snapshot | Pitr, account: str, database: str, table: str | None = None
) -> bool:
    """Whether a snapshot or PITR holds a database, or a table, of an account."""
    if held.account != account:
        return False
    if table is None:
        return held.has_database(database)
    return held.has_table(database, table)


def not_covered(held: Snapshot | Pitr, what: str) -> NotFound:
    """Say that a snapshot or PITR does not hold what is asked for."""
    noun = "PITR" if isinstance(held, Pitr) else "snapshot"
    of = {
        SnapshotLevel.CLUSTER: "the cluster, and restores that or an account only",
        SnapshotLevel.ACCOUNT: held.covers,
        SnapshotLevel.DATABASE: f"the database {held.covers}",
        SnapshotLevel.TABLE: f"the table {held.covers}",
    }[held.level]
    return NotFound(
        f"The {noun} {safe(held.name)} cannot restore {what}: it covers {safe(of)}."
    )
