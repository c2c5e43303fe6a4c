"""PITR: windows of time that can be gone back to; make, list, change, drop, go back."""

from __future__ import annotations

import builtins
import contextlib
import datetime as dt
from collections.abc import Iterator, Mapping

from moclone_tui.api import _pitr_checks as checks
from moclone_tui.api import names, sql
from moclone_tui.api import restore_sql as statements
from moclone_tui.api._connected import Connected
from moclone_tui.api._errors import looking_back
from moclone_tui.api._restoring import (
    Goal,
    Restorer,
    account_name,
    covers,
    not_covered,
    refuse_system,
)
from moclone_tui.api._server_zone import check_aware, process_time, session_times
from moclone_tui.api.models import Pitr, PitrUnit, RestoreResult, SnapshotLevel
from moclone_tui.api.names import Moment, TableName, fold
from moclone_tui.errors import InvalidName, NotFound, QueryError
from moclone_tui.text import safe

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


class PitrManager:
    """Keeps windows of time that can be gone back to, and goes back.

    Within its window the server keeps what was deleted and overwritten. One object
    has one PITR at most. It belongs to the object that was there when it was made:
    after a restore or DROP (and, of a table, after TRUNCATE, DELETE of all rows and
    some ALTERs) it goes on being listed, and keeps the past of what was replaced, but
    nothing of what is there now (`Pitr.active` tells, for the sys account).

    To restore from a PITR replaces what is there and cannot be taken back; what that
    costs is said at `RestoreManager`, and the PITR, too, has to be made anew. A clone
    at a time within the window (`Moment(ns=…)`) destroys nothing.

    Args:
        client: A `Client`; in a session the server refuses all of this.

    Source: MatrixOne's PITR, measured on 3.0.18 and 4.2.0, but for the cluster's
    restore.
    """

    def __init__(self, client: Connected) -> None:
        self._client = client
        self._restorer = Restorer(client)

    def create(
        self,
        name: str,
        level: SnapshotLevel | str,
        range_value: int,
        unit: PitrUnit | str,
        database: str | None = None,
        table: str | None = None,
        account: str | None = None,
    ) -> Pitr:
        """Make a PITR; it reaches back to now, and with time as far as its range.

        Args:
            name: Its name; the server keeps it in lower case.
            level: `cluster`, `account`, `database` or `table`.
            range_value: How many units it reaches back, 1 to 100.
            unit: `h`, `d`, `mo` or `y`.
            database: The database, for the levels `database` and `table`.
            table: The table, for the level `table`.
            account: The account, for the level `account`; the login's own if None.

        Returns:
            The PITR as the server lists it.

        Raises:
            InvalidName: A name, the range or the unit is illegal, or the level and
                the names do not go together. Nothing was sent.
            AlreadyExists: The name is taken, or the object has a PITR.
            NotFound: What it is of is not there.
            PermissionDenied: The login may not.
            QueryError: The server refused it, as it does inside a session.
        """
        checks.new_name(name)
        level = checks.level(level)
        checks.scope(level, {"database": database, "table": table, "account": account})
        unit = checks.range_unit(range_value, unit)
        self._ready("makes")
        if level is SnapshotLevel.DATABASE:
            # To sys, the server gives an empty one of what only another account has.
            self._client.clone.source_database(fold(database or ""))
        statement = statements.create_pitr(
            name, level, range_value, unit, database, table, account
        )
        return self._send(statement, name)

    def get(self, name: str) -> Pitr:
        """One PITR by its name.

        Raises:
            NotFound: There is none.
            PermissionDenied: The login may not look.
            QueryError: The server refused it, as it does inside a session.
        """
        folded = fold(checks.name(name))
        for pitr in self.list():
            if pitr.name == folded:
                return pitr
        raise NotFound(f"The PITR {safe(name)} does not exist.")

    def list(
        self,
        level: SnapshotLevel | str | None = None,
        database: str | None = None,
        table: str | None = None,
        account: str | None = None,
    ) -> builtins.list[Pitr]:
        """The PITRs that the login's account made, newest first.

        Args:
            level: Only those of this level.
            database: Only those of this database or its tables.
            table: Only those of this table.
            account: Only those of this account.

        Raises:
            PermissionDenied: The login may not look.
            QueryError: The server refused it, as it does inside a session.
        """
        self._ready("lists")
        rows = self._client.execute(statements.SHOW_PITR).rows
        active = self._active() if rows else {}
        times = session_times(self._client, (at for row in rows for at in row[1:3]))
        wanted = {
            "level": level and str(level),
            "database": database and fold(database),
            "table": table and fold(table),
            "account": account and fold(account),
        }
        return [
            pitr
            for pitr in (_from_row(row, times, active) for row in rows)
            if pitr.name != checks.OWN
            and all(
                value is None or getattr(pitr, key) == value
                for key, value in wanted.items()
            )
        ]

    def exists(self, name: str) -> bool:
        """Whether there is such a PITR.

        Raises:
            PermissionDenied, ConnectionError, QueryError: It could not be looked up;
                that is never told as False.
        """
        try:
            self.get(name)
        except NotFound:
            return False
        return True

    def alter(self, name: str, range_value: int, unit: PitrUnit | str) -> Pitr:
        """Set how far back a PITR reaches.

        A shorter range lets go of what is older, for good; a longer one does not
        bring back what was let go. The server would take 0, which keeps nothing.

        Raises:
            InvalidName: The range or the unit is illegal. Nothing was sent.
            NotFound: There is no such PITR.
            QueryError: The server refused it, as it does inside a session.
        """
        checks.changed_name(name)
        unit = checks.range_unit(range_value, unit)
        self._ready("changes")
        return self._send(statements.alter_pitr(name, range_value, unit), name)

    def _send(self, statement: str, name: str) -> Pitr:
        self._client.execute(statement)
        with looking_back(statement):
            return self.get(name)

    def delete(self, name: str) -> None:
        """Drop a PITR. What only it kept can then no longer be read.

        Raises:
            NotFound: There is none.
            QueryError: The server refused it, as it does inside a session.
        """
        checks.changed_name(name)
        self._ready("drops")
        self._client.execute(statements.drop_pitr(name))

    def restore_cluster(self, name: str, at: dt.datetime) -> RestoreResult:
        """Put every account back to a time; for the sys account only.

        Read in the server's grammar, never tried. Afterwards only the databases of
        the login's own account are looked at.

        Raises:
            As `restore_database`.
        """
        pitr = self._pitr(name, at)
        if pitr.level is not SnapshotLevel.CLUSTER:
            raise not_covered(pitr, "the cluster")
        return self._account(pitr, at, self._restorer.account())

    def restore_account(
        self, name: str, at: dt.datetime, account: str | None = None
    ) -> RestoreResult:
        """Put an account back to a time: all its databases, users and roles.

        Args:
            name: A PITR of that account.
            at: The time, with its zone.
            account: The account; the login's own if None.

        Raises:
            As `restore_database`.
        """
        wanted = None if account is None else account_name(account)
        pitr = self._pitr(name, at)
        wanted = wanted or self._restorer.account()
        if (pitr.level, pitr.account) != (SnapshotLevel.ACCOUNT, wanted):
            raise not_covered(pitr, f"the account {safe(wanted)}")
        return self._account(pitr, at, wanted)

    def restore_database(
        self, name: str, at: dt.datetime, database: str | None = None
    ) -> RestoreResult:
        """Put a database of the login's account back to a time.

        Args:
            name: A PITR of it or of its account.
            at: The time, with its zone: what was committed by then comes back.
            database: The database; None if the PITR is of one.

        Returns:
            What happened, and what was lost by it.

        Raises:
            InvalidName: The time has no zone, occurs twice in the server's zone, or
                a name is missing or illegal. Nothing was sent.
            NotFound: The PITR is not there, does not cover the database, or the
                database was not there then. Nothing was changed.
            NotSupported: It is one of the server's own.
            PermissionDenied: The login may not; nothing was changed.
            QueryError: The window does not reach to that time; or the server refused
                it, as it does inside a session, and nothing was changed; or it
                reported success and did nothing, as it does where a foreign key of
                another database points in.
            OutcomeUnknown: The connection was lost during or just after it.
        """
        if database is not None:
            refuse_system(names.database(database))
        pitr = self._pitr(name, at)
        folded = fold(database or pitr.database)
        if not folded:
            raise InvalidName(
                f"Which database? The PITR {safe(pitr.name)} is of "
                f"{safe(pitr.covers)}.",
            )
        if not covers(pitr, self._restorer.account(), folded):
            raise not_covered(pitr, f"the database {safe(folded)}")
        goal = self._goal(pitr, at, "database", folded)
        with self._within(pitr, at):
            return self._restorer.put_back_database(folded, goal)

    def restore_table(
        self, name: str, at: dt.datetime, table: str | TableName | None = None
    ) -> RestoreResult:
        """Put a table or view back to a time; the rest of its database is left alone.

        Args:
            name: A PITR of it, of its database or of its account.
            at: The time, with its zone.
            table: `table` or `database.table`, a part that holds a dot between
                backticks; None if the PITR is of one.

        Raises:
            As `restore_database`. The server does nothing, and says success, where
            any foreign key points to the table, one of its own database, too.
        """
        parsed = None if table is None else TableName.parse(table)
        pitr = self._pitr(name, at)
        if parsed is None:
            if not pitr.table:
                raise InvalidName(
                    f"Which table? The PITR {safe(pitr.name)} is of "
                    f"{safe(pitr.covers)}.",
                )
            parsed = TableName(pitr.table, pitr.database)
        account, full = self._restorer.resolve(parsed)
        if not covers(pitr, account, full.database or "", full.table):
            raise not_covered(pitr, f"the table {full}")
        goal = self._goal(pitr, at, "table", full.database, full.table)
        with self._within(pitr, at):
            return self._restorer.put_back_table(full, goal)

    def _account(self, pitr: Pitr, at: dt.datetime, account: str) -> RestoreResult:
        own = account == self._restorer.account()
        goal = self._goal(pitr, at, str(pitr.level), account=None if own else account)
        wanted = set(self._restorer.databases(account, own, goal.at))
        with self._within(pitr, at):
            return self._restorer.put_back_account(account, wanted, goal)

    def _goal(
        self,
        pitr: Pitr,
        at: dt.datetime,
        level: str,
        database: str | None = None,
        table: str | None = None,
        account: str | None = None,
    ) -> Goal:
        local = process_time(self._client, at)
        statement = statements.restore_from_pitr(
            pitr.name, local, level, database, table, account
        )
        since = check_aware(at) - _EPOCH
        ns = (since.days * 86400 + since.seconds) * 10**9 + since.microseconds * 1000
        return Goal(statement, Moment(ns=ns), pitr.name)

    def _pitr(self, name: str, at: dt.datetime) -> Pitr:
        """The PITR to restore from, after all that needs no look at the server."""
        moment = check_aware(at)
        checks.name(name)
        self._restorer.refuse_in_session()
        pitr = self.get(name)
        if moment < pitr.created:
            raise checks.beyond(pitr, at)
        return pitr

    @contextlib.contextmanager
    def _within(self, pitr: Pitr, at: dt.datetime) -> Iterator[None]:
        """Say in UTC what the server says in its own zone: not within the window."""
        try:
            yield
        except QueryError as error:
            if "input timestamp" not in error.detail:
                raise
            raise checks.beyond(pitr, at, error) from error

    def _active(self) -> dict[str, bool]:
        """Which PITRs protect what is there; nothing if the login may not know."""
        try:
            found = self._client.execute(sql.PITR_STATUS)
        except QueryError:
            return {}
        return {
            str(name): bool(status)
            and object_id
            == {"database": database, "table": table}.get(level, object_id)
            for name, level, status, object_id, database, table in found
        }

    def _ready(self, verb: str) -> None:
        self._client.capabilities.require("pitr")
        if self._client.in_transaction:
            raise QueryError(
                f"The server {verb} no PITR inside a transaction.",
                remedy="Do it before or after the session, with the client.",
            )


def _from_row(
    row: tuple[object, ...],
    times: Mapping[object, dt.datetime],
    active: Mapping[str, bool],
) -> Pitr:
    name, created, modified, level, account, database, table, length, unit = row
    return Pitr(
        name=str(name),
        level=SnapshotLevel(str(level)),
        length=int(str(length)),
        unit=PitrUnit(str(unit)),
        created=times[created],
        modified=times[modified],
        account=_shown(account),
        database=_shown(database),
        table=_shown(table),
        active=active.get(str(name)),
    )


def _shown(name: object) -> str:
    """A name of SHOW PITR, which writes `*` for none."""
    return "" if name in (None, "*") else str(name)
