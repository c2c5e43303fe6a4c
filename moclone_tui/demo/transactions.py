"""Transactions: a private catalog, merged into the common one at commit."""

import asyncio
from collections import Counter
from collections.abc import Iterable

from moclone_tui.demo.errors import ServerError, no_such_table, unknown_database
from moclone_tui.demo.history import History
from moclone_tui.demo.locks import Blocked, Lock, Locks, of_database, of_table
from moclone_tui.demo.model import Catalog, Database, Relation, Row

Touched = tuple[int, str, str | None]


class Transaction:
    """What one session has changed and others do not see yet.

    Attributes:
        catalog: What the session sees: what is committed, and its own changes.
        begun: Whether BEGIN started it.
        brief: Whether it ends with the statement that it began with.
        id: Its name in the lists of locks and sessions.
        locks: What others may not change until it ends.
        ended: Is set at its end.
        clones: What each table that it cloned began with, by the table's identity.
    """

    def __init__(
        self, history: History, transaction_id: str, *, begun: bool, brief: bool
    ) -> None:
        """Start from the present state."""
        self._history = history
        self._base = history.head
        self.catalog = self._base
        self.begun = begun
        self.brief = brief
        self.id = transaction_id
        self.started = history.tick()
        self.clones: dict[int, tuple[Row, ...]] = {}
        self.touched: dict[Touched, None] = {}
        self.locks = Locks()
        self.ended = asyncio.Event()
        history.open.append(self)

    def database(self, account: int, name: str) -> Database:
        """A database that has to be there.

        Raises:
            ServerError: 1049 if it is not.
        """
        found = self.catalog.database(account, name)
        if found is None:
            raise unknown_database(name)
        return found

    def relation(self, account: int, database: str, name: str) -> Relation:
        """An object that has to be there.

        Raises:
            ServerError: 1049 or 1146 if it is not.
        """
        found = self.database(account, database).relations.get(name)
        if found is None:
            raise no_such_table(database, name)
        return found

    def add_database(self, database: Database) -> None:
        """Put a new database into the catalog."""
        self.lock(of_database(database.account, database.name))
        self._touch(database.account, database.name, None)
        self.catalog = self.catalog.with_database(database)

    def drop_database(self, account: int, name: str) -> None:
        """Take a database out of the catalog."""
        self.lock(of_database(account, name))
        for relation in self.database(account, name).relations.values():
            self.lock(of_table(account, name, relation.name))
            self.lock(Lock(relation.id))
        self._touch(account, name, None)
        self.catalog = self.catalog.without_database(account, name)

    def put(self, account: int, database: str, relation: Relation) -> None:
        """Add an object to a database, or put it in the place of its namesake."""
        found = self.database(account, database)
        before = found.relations.get(relation.name)
        if before is not None and _is_alike(before, relation):
            self.lock(of_table(account, database, relation.name), exclusive=False)
            self._lock_changed(before, relation)
        else:
            self._lock_definition(account, database, relation.name, before)
        self._touch(account, database, relation.name)
        self.catalog = self.catalog.with_database(found.with_relation(relation))

    def drop(self, account: int, database: str, name: str) -> None:
        """Take an object out of a database."""
        found = self.database(account, database)
        self._lock_definition(account, database, name, found.relations.get(name))
        self._touch(account, database, name)
        self.catalog = self.catalog.with_database(found.without(name))

    def lock(self, lock: Lock, *, exclusive: bool = True) -> None:
        """Keep others from something until the end.

        Raises:
            Blocked: If another transaction has it.
        """
        for other in self._history.open:
            if other is not self and other.locks.clash(lock, exclusive=exclusive):
                raise Blocked(other, lock)
        self.locks.add(lock, exclusive=exclusive)

    def lock_rows(self, relation: Relation, rows: Iterable[Row]) -> None:
        """Keep others from changing rows: by primary key, or each as it is."""
        primary = relation.layout.primary
        keys = map(relation.layout.part(primary), rows) if primary else rows
        for key in keys:
            self.lock(Lock(relation.id, key))

    def _lock_changed(self, before: Relation, after: Relation) -> None:
        if self.brief and len(self._history.open) == 1:
            return
        there, here = set(before.data.rows), set(after.data.rows)
        rows = there ^ here if after.layout.primary else there - here
        self.lock_rows(after, rows)

    def _lock_definition(
        self, account: int, database: str, name: str, before: Relation | None
    ) -> None:
        self.lock(of_database(account, database), exclusive=False)
        self.lock(of_table(account, database, name))
        if before is not None:
            self.lock(Lock(before.id))

    def refresh(self) -> None:
        """See what others have committed: each statement begins with that.

        Raises:
            ServerError: 20619 if someone else changed the same object meanwhile.
        """
        head = self._history.head
        if head is not self._base:
            merged = head
            for touched in self.touched:
                merged = self._merge(merged, touched)
            self.catalog, self._base = merged, head

    def commit(self) -> None:
        """Make the changes everyone's.

        Raises:
            ServerError: 20619 if someone else changed the same object meanwhile.
        """
        try:
            self.refresh()
            self._history.append(self.catalog)
        finally:
            self.end()

    def end(self) -> None:
        """Give up what is locked; who waits for it goes on."""
        if self in self._history.open:
            self._history.open.remove(self)
        self.ended.set()

    def _touch(self, account: int, database: str, name: str | None) -> None:
        self.touched[account, database, name] = None

    def _merge(self, head: Catalog, touched: Touched) -> Catalog:
        account, database, name = touched
        base = self._base.database(account, database)
        mine = self.catalog.database(account, database)
        theirs = head.database(account, database)
        if (account, database, None) in self.touched:
            if name is not None:
                return head
            if theirs is not base:
                raise _conflict()
            if mine is None:
                return head.without_database(account, database)
            return head.with_database(mine)
        if mine is None or theirs is None or base is None or name is None:
            raise _conflict()
        changed, before = mine.relations.get(name), base.relations.get(name)
        there = theirs.relations.get(name)
        if there is not before:
            changed = _merged(before, changed, there)
        kept = (
            theirs.without(name) if changed is None else theirs.with_relation(changed)
        )
        return head.with_database(kept)


def _is_alike(one: Relation, other: Relation) -> bool:
    """Whether they differ in their rows only."""
    return one.id == other.id and one.layout is other.layout


def _merged(
    base: Relation | None, mine: Relation | None, theirs: Relation | None
) -> Relation:
    """A table with the rows that two transactions changed, each its own."""
    if base is None or mine is None or theirs is None:
        raise _conflict()
    if not (_is_alike(base, mine) and _is_alike(base, theirs)):
        raise _conflict()
    before, after = Counter(base.data.rows), Counter(mine.data.rows)
    gone, come = before - after, after - before
    kept = []
    for row in theirs.data.rows:
        if gone[row]:
            gone[row] -= 1
        else:
            kept.append(row)
    next_auto = max(mine.next_auto, theirs.next_auto)
    return theirs.with_rows((*kept, *come.elements()), next_auto)


def _conflict() -> ServerError:
    return ServerError(20619, "w-w conflict")
