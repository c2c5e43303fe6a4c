"""Snapshots: take, list, look up and drop them."""

from __future__ import annotations

import builtins

from moclone_tui.api import names, sql
from moclone_tui.api._connected import Connected
from moclone_tui.api._errors import looking_back
from moclone_tui.api.models import Snapshot, SnapshotLevel
from moclone_tui.api.names import fold
from moclone_tui.errors import InvalidName, NotFound, QueryError
from moclone_tui.text import safe

_OF_A_BRANCH = "__mo_branch_"
"""How the server names the snapshots that keep a branch's origin; 3.0 has no kind."""


class SnapshotManager:
    """Takes, lists and drops snapshots.

    Reads `mo_catalog.mo_snapshots`, so it works inside a session, too; the server
    takes and drops snapshots outside of transactions only.

    Args:
        client: A `Client` or `Session`.
    """

    def __init__(self, client: Connected) -> None:
        self._client = client

    def create(
        self,
        name: str,
        level: SnapshotLevel | str,
        database: str | None = None,
        table: str | None = None,
        account: str | None = None,
    ) -> Snapshot:
        """Take a snapshot; it costs a few milliseconds whatever the size.

        Args:
            name: Its name; the server keeps it in lower case.
            level: `cluster`, `account`, `database` or `table`.
            database: The database, for the levels `database` and `table`.
            table: The table, for the level `table`.
            account: The account, for the level `account`; the login's own if None.

        Returns:
            The snapshot as the server lists it.

        Raises:
            InvalidName: A name is illegal, or the level and the names do not go
                together. Nothing was sent.
            AlreadyExists: The name is taken.
            NotFound: What it is of is not there.
            PermissionDenied: The login may not.
            QueryError: The server refused it, as it does inside a session.
            OutcomeUnknown: It was taken, but could not be looked at.
        """
        names.new_snapshot(name)
        try:
            level = SnapshotLevel(level)
        except ValueError as error:
            raise InvalidName(
                f"{safe(str(level))} is not a level of snapshots.",
                remedy="The levels are cluster, account, database and table.",
            ) from error
        _check_scope(level, database, table, account)
        self._refuse_in_session("takes")
        if level is SnapshotLevel.DATABASE:
            # To sys, the server gives an empty one of what only another account has.
            self._client.clone.source_database(fold(database or ""))
        statement = sql.create_snapshot(name, level, database, table, account)
        self._client.execute(statement)
        with looking_back(statement):
            return self.get(name)

    def get(self, name: str) -> Snapshot:
        """One snapshot by its name, the server's own included.

        Raises:
            NotFound: There is none.
            PermissionDenied: The login may not look.
        """
        folded = fold(names.snapshot(name))
        for snapshot in self.list(include_system=True):
            if snapshot.name == folded:
                return snapshot
        raise NotFound(f"The snapshot {safe(name)} does not exist.")

    def list(
        self,
        level: SnapshotLevel | str | None = None,
        database: str | None = None,
        table: str | None = None,
        account: str | None = None,
        *,
        include_system: bool = False,
    ) -> builtins.list[Snapshot]:
        """The snapshots the login can see, newest first.

        Args:
            level: Only those of this level.
            database: Only those of this database or its tables.
            table: Only those of this table.
            account: Only those of this account.
            include_system: Whether the server's own are among them.

        Raises:
            PermissionDenied: The login may not look.
        """
        rows = self._client.execute(
            sql.snapshots(self._client.capabilities.has("snapshot_kind"))
        )
        found = (_from_row(row) for row in rows)
        wanted = {
            "level": level and str(level),
            "database": database and fold(database),
            "table": table and fold(table),
            "account": account and fold(account),
        }
        return [
            snapshot
            for snapshot in found
            if (include_system or snapshot.kind == "user")
            and all(
                value is None or getattr(snapshot, key) == value
                for key, value in wanted.items()
            )
        ]

    def exists(self, name: str) -> bool:
        """Whether there is such a snapshot.

        Raises:
            PermissionDenied, ConnectionError: It could not be looked up; that is
                never told as False.
        """
        try:
            self.get(name)
        except NotFound:
            return False
        return True

    def delete(self, name: str) -> None:
        """Drop a snapshot. What only it kept can then no longer be read.

        Raises:
            NotFound: There is none.
            QueryError: The server refused it, as it does inside a session.
        """
        statement = sql.drop_snapshot(names.snapshot(name))
        self._refuse_in_session("drops")
        self._client.execute(statement)

    def _refuse_in_session(self, verb: str) -> None:
        if self._client.in_transaction:
            raise QueryError(
                f"The server {verb} no snapshot inside a transaction.",
                remedy="Do it before or after the session, with the client.",
            )


def _check_scope(
    level: SnapshotLevel, database: str | None, table: str | None, account: str | None
) -> None:
    needed = {
        SnapshotLevel.DATABASE: {"database"},
        SnapshotLevel.TABLE: {"database", "table"},
    }.get(level, set())
    given = {
        what
        for what, value in (
            ("database", database),
            ("table", table),
            ("account", account),
        )
        if value is not None
    }
    if level is SnapshotLevel.ACCOUNT:
        given.discard("account")
    if given != needed:
        wanted = " and a ".join(sorted(needed))
        raise InvalidName(
            f"A snapshot of the level {level} takes "
            + (f"a {wanted}, nothing else." if needed else "no database or table."),
        )
    for value in (database, table, account):
        if value is not None and not value:
            raise InvalidName(f"A snapshot of the level {level} needs a name of what.")


def _from_row(row: tuple[object, ...]) -> Snapshot:
    name, ts, level, account, database, table, kind = row
    if str(name).startswith(_OF_A_BRANCH):
        kind = "branch"
    return Snapshot(
        name=str(name),
        level=SnapshotLevel(str(level)),
        ts=int(str(ts)),
        account=str(account or ""),
        database=str(database or ""),
        table=str(table or ""),
        kind=str(kind or "user"),
    )
