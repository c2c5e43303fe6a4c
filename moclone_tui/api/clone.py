"""Clones of databases and tables: the documented CloneManager, with its promises kept.

What the server reports as success and is none is caught here, at the cost of one
look-up: a source that does not exist (4.2 makes an empty database of it), a sequence
cloned as a table, and IF NOT EXISTS, which 4.2 answers by appending rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from moclone_tui.api import names, sql
from moclone_tui.api._clone_base import BaseCloneManager
from moclone_tui.api._clone_checks import (
    TAKEN,
    Source,
    clone_failure,
    left_out,
    past,
    refuse_other_rows,
    refuse_taken,
    refuse_unmade,
    refuse_unseen,
)
from moclone_tui.api._connected import Connected
from moclone_tui.api.models import CloneResult
from moclone_tui.api.names import NOW, Moment, TableName, fold
from moclone_tui.errors import (
    AlreadyExists,
    Cancelled,
    CloneError,
    ConnectionError,
    MocloneError,
    OutcomeUnknown,
)

if TYPE_CHECKING:
    import threading

    from moclone_tui.cloning.facade import CopyEvent
    from moclone_tui.cloning.plan import Plan
    from moclone_tui.cloning.request import Request
    from moclone_tui.cloning.run import Copied
    from moclone_tui.cloning.verify import Verdict


class CloneManager(BaseCloneManager):
    """Clones databases and tables by the server's own CLONE: metadata only, zero copy.

    ```python
    client.clone.clone_database("shop_dev", "shop")
    client.clone.clone_table("dev.users", "shop.users", if_not_exists=True)
    with client.session() as session:  # both or neither
        session.clone.clone_database("a_copy", "a")
        session.clone.clone_database("b_copy", "b")
    ```

    With `if_not_exists` a target that is there already is left alone, byte for byte,
    and the result says `skipped`. The server's IF NOT EXISTS is never sent.

    Source: MatrixOne's CREATE … CLONE (3.0 and later), measured on 3.0.18 and 4.2.0.
    """

    def clone_database(
        self,
        target_db: str,
        source_db: str,
        snapshot_name: str | None = None,
        if_not_exists: bool = False,
        *,
        at: Moment = NOW,
    ) -> CloneResult:
        """Clone a database, as it is now or as it was at a snapshot or a time.

        The server leaves out sequences, procedures, functions and grants; what could
        be counted of it is in the result's `left_out`.

        Args:
            target_db: The database to make. Taken as it is, never parsed.
            source_db: The database to copy.
            snapshot_name: The snapshot to copy it at.
            if_not_exists: Whether a target that is there already is fine.
            at: The time to copy it at, if no snapshot is named.

        Returns:
            What happened.

        Raises:
            ConnectionError: There is no connection, or it was lost before the clone.
            CloneError: The clone failed, and nothing is left of it; `__cause__` says
                why (`NotFound`, `AlreadyExists`, `PermissionDenied`, …).
            InvalidName: A name is empty or illegal. Nothing was sent.
            OutcomeUnknown: The connection was lost during the clone.
        """
        with self._noted():
            target = names.new_database(target_db)
            source = names.database(source_db)
            at = _at(snapshot_name, at)
            return self._clone(
                kind="database",
                shown=(target, source),
                at=at,
                look=lambda: self.source_database(fold(source), at),
                look_back=lambda: self.source_database(fold(target)),
                statement=sql.clone_database(target, source, at),
                if_not_exists=if_not_exists,
            )

    def clone_table(
        self,
        target_table: str | TableName,
        source_table: str | TableName,
        snapshot_name: str | None = None,
        if_not_exists: bool = False,
        *,
        at: Moment = NOW,
    ) -> CloneResult:
        """Clone a table, as it is now or as it was at a snapshot or a time.

        A foreign key of the copy goes on pointing at the source's parent table.

        Args:
            target_table: The table to make: `table` or `database.table`, a part that
                holds a dot between backticks.
            source_table: The table to copy, written the same way.
            snapshot_name: The snapshot to copy it at.
            if_not_exists: Whether a target that is there already is fine.
            at: The time to copy it at, if no snapshot is named.

        Returns:
            What happened.

        Raises:
            ConnectionError, CloneError, InvalidName, OutcomeUnknown: As
                `clone_database`.
        """
        with self._noted():
            target = TableName.parse(target_table).new()
            source = TableName.parse(source_table)
            at = _at(snapshot_name, at)
            return self._clone(
                kind="table",
                shown=(str(target), str(source)),
                at=at,
                look=lambda: self.source_table(source, at),
                look_back=lambda: self.source_table(target),
                tables=(target, source),
                statement=sql.clone_table(target, source, at),
                if_not_exists=if_not_exists,
            )

    def clone_database_with_snapshot(
        self,
        target_db: str,
        source_db: str,
        snapshot_name: str,
        if_not_exists: bool = False,
    ) -> CloneResult:
        """Clone a database as it was at a snapshot; see `clone_database`."""
        names.snapshot(snapshot_name)
        return self.clone_database(target_db, source_db, snapshot_name, if_not_exists)

    def clone_table_with_snapshot(
        self,
        target_table: str | TableName,
        source_table: str | TableName,
        snapshot_name: str,
        if_not_exists: bool = False,
    ) -> CloneResult:
        """Clone a table as it was at a snapshot; see `clone_table`."""
        names.snapshot(snapshot_name)
        return self.clone_table(
            target_table, source_table, snapshot_name, if_not_exists
        )

    def plan(self, request: Request) -> Plan:
        """Look at what a request would come upon; nothing is changed.

        At most three round trips, and one for each view and each masked table.

        Raises:
            MocloneError: The server could not be asked.
        """
        from moclone_tui.cloning import facade

        return facade.plan(self.client, request)

    def run(
        self,
        plan: Plan,
        on_event: Callable[[CopyEvent], None] | None = None,
        cancel: threading.Event | None = None,
    ) -> Copied:
        """Check a plan's request again and carry it out: copy, verify, then commit.

        Args:
            plan: What `plan` gave.
            on_event: Hears each step, in this thread.
            cancel: Once set, from any thread, the copy is stopped and rolled back.

        Returns:
            What came of it. A copy that is not what its source was is never committed.

        Raises:
            CloneError: A check speaks against it, or the copy was not right: nothing
                is left of it, and what was to be replaced is as it was.
            Cancelled: It was stopped; nothing is left of it.
            NotSupported: This is a session's: a plan has a transaction of its own.
            OutcomeUnknown: The connection was lost during COMMIT.
            MocloneError: It failed; nothing is left of it.
        """
        from moclone_tui.cloning import facade

        return facade.run(self.client, plan, on_event, cancel)

    def verify(
        self,
        copy: str | TableName,
        source: str | TableName,
        at: Moment = NOW,
        *,
        deep: bool = False,
        on_event: Callable[[CopyEvent], None] | None = None,
    ) -> Verdict:
        """Compare a copy with its source: objects, DDL and exact rows at one moment.

        Args:
            copy: A database (text) or a table (`TableName`).
            source: What it was made from, of the same kind.
            at: The moment it was copied at; if it is the present, the one that the
                catalog keeps of the copy.
            deep: Whether every row is compared, which takes some seconds a million.
            on_event: Hears of each table that is compared row by row.

        Raises:
            NotFound: One of them is not there.
            MocloneError: The comparison itself failed.
        """
        from moclone_tui.cloning import facade

        return facade.verify(
            self.client, copy, source, at, deep=deep, on_event=on_event
        )

    @contextmanager
    def _noted(self) -> Iterator[None]:
        """Let a session know of whatever goes wrong: it is then not committed."""
        try:
            yield
        except MocloneError as error:
            self._look.note_failure(error)
            raise

    def _clone(
        self,
        *,
        kind: str,
        shown: tuple[str, str],
        at: Moment,
        look: Callable[[], Source],
        look_back: Callable[[], Source],
        statement: str,
        if_not_exists: bool,
        tables: tuple[TableName, TableName] | None = None,
    ) -> CloneResult:
        try:
            self._look.capabilities.require("clone")
            source = past(look(), at)
            # What a transaction wrote is of the present only.
            wrote = self._look.wrote and not at
            if wrote:
                refuse_unseen(kind, self._look.capabilities)
            created, seconds = True, 0.0
            try:
                seconds = self._make(source, look_back, statement, shown[0])
                if wrote and tables:
                    refuse_other_rows(self._look, *tables, statement)
            except AlreadyExists as error:
                if not if_not_exists or error.code not in TAKEN:
                    raise
                created = False
        except (ConnectionError, OutcomeUnknown, Cancelled, CloneError):
            raise
        except MocloneError as error:
            raise clone_failure(kind, shown, error) from error
        return CloneResult(
            kind=kind,
            target=shown[0],
            source=shown[1],
            created=created,
            at=at,
            as_of=source.as_of if created and not at else None,
            seconds=seconds,
            tables=source.counts.get("BASE TABLE", 0) if kind == "database" else 1,
            views=source.counts.get("VIEW", 0),
            left_out=left_out(source.counts) if created else (),
            statements=(statement,),
        )

    def _make(
        self,
        source: Source,
        look_back: Callable[[], Source],
        statement: str,
        target: str,
    ) -> float:
        """Send a clone, and look at what came of it where the server does not tell."""
        # Whether an executor of the caller's is in a transaction cannot be told.
        foreign = not isinstance(self.executor, Connected)
        if not (foreign or self._look.in_transaction) or self._look.capabilities.has(
            "clone_errors_in_transaction"
        ):
            return self.send(statement)
        refuse_taken(look_back, target)
        seconds = self.send(statement)
        refuse_unmade(look_back, source, statement, foreign=foreign)
        return seconds


def _at(snapshot_name: str | None, at: Moment) -> Moment:
    if snapshot_name is None:
        return at
    return Moment(snapshot=names.snapshot(snapshot_name))
