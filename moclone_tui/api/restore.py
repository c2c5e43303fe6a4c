"""Restore: put databases, tables and accounts back, by the server's own RESTORE."""

from __future__ import annotations

from moclone_tui.api import names
from moclone_tui.api import restore_sql as statements
from moclone_tui.api._connected import Connected
from moclone_tui.api._restoring import (
    SYS,
    Goal,
    Restorer,
    account_name,
    covers,
    not_covered,
    refuse_system,
)
from moclone_tui.api.models import RestoreResult, Snapshot, SnapshotLevel
from moclone_tui.api.names import Moment, TableName, fold
from moclone_tui.errors import NotSupported
from moclone_tui.text import safe


class RestoreManager:
    """Puts the cluster, an account, a database or a table back to a snapshot.

    The server's RESTORE replaces what is there, in one transaction that cannot be
    taken back, and waits for open transactions. What it puts back is new to the
    server, and that has consequences which it does not tell:

    - grants on the replaced databases and tables are lost;
    - a PITR of them goes on being listed and protects nothing;
    - a publication of the database is dropped, and so are its sequences and external
      tables;
    - before 4.0 a partitioned table comes back without its partitions.

    The result's `notes` say what of this could be found out. Before it is sent, the
    snapshot and what it covers are looked up; afterwards, whether something new is
    there, with as many tables and views.

    Args:
        client: A `Client`.

    Source: MatrixOne's RESTORE (`FROM SNAPSHOT` to 3.x, `{SNAPSHOT = …}` from 4.0),
    measured on 3.0.18 and 4.2.0, but for the cluster.
    """

    def __init__(self, client: Connected) -> None:
        self._client = client
        self._restorer = Restorer(client)

    def cluster(self, snapshot: str) -> RestoreResult:
        """Put every account back, with all it has; for the sys account only.

        Read in the server's grammar, never tried. Afterwards only the databases of
        the login's own account are looked at.

        Args:
            snapshot: A snapshot of the cluster.

        Raises:
            NotFound: The snapshot is not there, or is not one of the cluster.
            QueryError, PermissionDenied, OutcomeUnknown: As `database`.
        """
        found, at = self._snapshot(snapshot)
        if found.level is not SnapshotLevel.CLUSTER:
            raise not_covered(found, "the cluster")
        account = self._restorer.account()
        wanted = set(self._restorer.databases(account, True, at))
        statement = statements.restore_cluster(found.name, in_place=self._in_place)
        return self._restorer.put_back_account(account, wanted, Goal(statement, at))

    def account(
        self, name: str, snapshot: str, to_account: str | None = None
    ) -> RestoreResult:
        """Put an account back: all its databases, users and roles.

        Databases made since are dropped. An account that was dropped is made again.

        Args:
            name: The account.
            snapshot: A snapshot of that account or, for the sys account, of the
                cluster.
            to_account: Another account to put it into, whose databases are dropped;
                for the sys account only.

        Raises:
            NotFound: The snapshot is not there, or does not cover the account.
            NotSupported: `to_account` with the sys account on either side: the server
                would restore sys in place.
            QueryError, PermissionDenied, OutcomeUnknown: As `database`.
        """
        name = account_name(name)
        into = None if to_account is None else account_name(to_account)
        if into is not None and SYS in (name, into):
            raise NotSupported(
                "The sys account is restored in place only, and nothing into it."
            )
        found, at = self._snapshot(snapshot)
        cluster = found.level is SnapshotLevel.CLUSTER
        if not cluster and (found.level, found.account) != (
            SnapshotLevel.ACCOUNT,
            name,
        ):
            raise not_covered(found, f"the account {safe(name)}")
        if cluster:
            own = name == self._restorer.account()
            wanted = set(self._restorer.databases(name, own, at))
        else:
            wanted = self._restorer.databases_in(at)
        statement = statements.restore_account(
            name, found.name, into, in_place=self._in_place
        )
        goal = Goal(statement, at)
        return self._restorer.put_back_account(name, wanted, goal, into)

    def database(self, database: str, snapshot: str) -> RestoreResult:
        """Put a database of the login's account back; one that is gone comes back.

        Tables made since are dropped with it.

        Args:
            database: The database. Taken as it is, never parsed.
            snapshot: A snapshot of it or of its account.

        Returns:
            What happened, and what was lost by it.

        Raises:
            InvalidName: A name is empty or illegal. Nothing was sent.
            NotFound: The snapshot is not there, does not cover the database, or the
                database was not there then. Nothing was changed.
            NotSupported: It is one of the server's own, or the server is too old.
            PermissionDenied: The login may not; nothing was changed.
            QueryError: The server refused it, as it does inside a session, and
                nothing was changed; or it reported success and did nothing, as it
                does where a foreign key of another database points in.
            OutcomeUnknown: The connection was lost during or just after it.
        """
        refuse_system(names.database(database))
        folded = fold(database)
        found, at = self._snapshot(snapshot)
        account = self._restorer.account()
        if not covers(found, account, folded):
            raise not_covered(found, f"the database {safe(folded)}")
        statement = statements.restore_database(
            folded, found.name, account=account, in_place=self._in_place
        )
        return self._restorer.put_back_database(folded, Goal(statement, at))

    def table(self, table: str | TableName, snapshot: str) -> RestoreResult:
        """Put a table or view back; the rest of its database is left alone.

        Args:
            table: `table` or `database.table`, a part that holds a dot between
                backticks.
            snapshot: A snapshot of the table, of its database or of its account.

        Raises:
            NotSupported: It is a sequence, an external table, or the server's own.
            InvalidName, NotFound, PermissionDenied, QueryError, OutcomeUnknown: As
                `database`. The server does nothing, and says success, where any
                foreign key points to the table, one of its own database, too.
        """
        name = TableName.parse(table)
        found, at = self._snapshot(snapshot)
        account, full = self._restorer.resolve(name)
        database = full.database or ""
        if not covers(found, account, database, full.table):
            raise not_covered(found, f"the table {full}")
        statement = statements.restore_table(
            database, full.table, found.name, account=account, in_place=self._in_place
        )
        return self._restorer.put_back_table(full, Goal(statement, at))

    @property
    def _in_place(self) -> bool:
        return self._client.capabilities.has("restore_in_place")

    def _snapshot(self, name: str) -> tuple[Snapshot, Moment]:
        names.snapshot(name)
        self._restorer.refuse_in_session()
        self._client.capabilities.require("restore")
        found = self._client.snapshots.get(name)
        return found, Moment(snapshot=found.name)
