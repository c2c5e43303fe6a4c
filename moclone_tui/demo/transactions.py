"""Transactions: a private catalog, merged into the common one at commit."""

from moclone_tui.demo.errors import ServerError, no_such_table, unknown_database
from moclone_tui.demo.history import History
from moclone_tui.demo.model import Catalog, Database, Relation, Row

Touched = tuple[int, str, str | None]


class Transaction:
    """What one session has changed and others do not see yet.

    Attributes:
        catalog: What the session sees: the state at its beginning and its changes.
        begun: Whether BEGIN started it.
        id: Its name in the lists of locks and sessions.
        clones: What each table that it cloned began with, by the table's identity.
    """

    def __init__(self, history: History, transaction_id: str, *, begun: bool) -> None:
        """Start from the present state."""
        self._history = history
        self._base = history.head
        self.catalog = self._base
        self.begun = begun
        self.id = transaction_id
        self.started = history.tick()
        self.clones: dict[int, tuple[Row, ...]] = {}
        self.touched: dict[Touched, None] = {}

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
        self._touch(database.account, database.name, None)
        self.catalog = self.catalog.with_database(database)

    def drop_database(self, account: int, name: str) -> None:
        """Take a database out of the catalog."""
        self._touch(account, name, None)
        self.catalog = self.catalog.without_database(account, name)

    def put(self, account: int, database: str, relation: Relation) -> None:
        """Add an object to a database, or put it in the place of its namesake."""
        self._touch(account, database, relation.name)
        changed = self.database(account, database).with_relation(relation)
        self.catalog = self.catalog.with_database(changed)

    def drop(self, account: int, database: str, name: str) -> None:
        """Take an object out of a database."""
        self._touch(account, database, name)
        changed = self.database(account, database).without(name)
        self.catalog = self.catalog.with_database(changed)

    def commit(self) -> None:
        """Make the changes everyone's.

        Raises:
            ServerError: 20619 if someone else changed the same object meanwhile.
        """
        head = self._history.head
        if head is self._base:
            self._history.append(self.catalog)
            return
        merged = head
        for touched in self.touched:
            merged = self._merge(merged, touched)
        self._history.append(merged)

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
                raise ServerError(20619, "w-w conflict")
            if mine is None:
                return head.without_database(account, database)
            return head.with_database(mine)
        if mine is None or theirs is None or base is None or name is None:
            raise ServerError(20619, "w-w conflict")
        if theirs.relations.get(name) is not base.relations.get(name):
            raise ServerError(20619, "w-w conflict")
        changed = mine.relations.get(name)
        kept = (
            theirs.without(name) if changed is None else theirs.with_relation(changed)
        )
        return head.with_database(kept)
