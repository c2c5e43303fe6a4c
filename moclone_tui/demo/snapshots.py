"""What is named beside the catalog: snapshots, recovery windows, publications."""

import uuid
from dataclasses import dataclass, field

from moclone_tui.demo.accounts import Role, User
from moclone_tui.demo.errors import internal
from moclone_tui.demo.model import Catalog

CLUSTER_OBJECT = 2**64 - 1


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A moment with a name.

    Attributes:
        owner: The account whose list it stands in.
        tenant: The account whose data it reads.
        object_id: Identity of what it covers, at that moment.
        people: The users and roles of the account that it covers.
    """

    name: str
    ts: int
    level: str
    owner: int
    tenant: int
    object_id: int
    account_name: str = ""
    database: str = ""
    table: str = ""
    people: tuple[dict[str, User], dict[str, Role]] | None = None
    id: str = field(default_factory=lambda: str(uuid.uuid4()))


@dataclass(slots=True)
class Pitr:
    """A window of time that can be gone back to."""

    name: str
    created: int
    modified: int
    level: str
    owner: int
    object_id: int
    length: int
    unit: str
    account_name: str = ""
    database: str = ""
    table: str = ""
    id: str = field(default_factory=lambda: str(uuid.uuid4()))


@dataclass(frozen=True, slots=True)
class Publication:
    """A database, or some of its tables, offered to other accounts.

    Attributes:
        tables: Name and identity of each table; None for all there are.
    """

    name: str
    created: int
    owner: int
    database: str
    database_id: int
    tables: dict[str, int] | None
    accounts: str
    comment: str

    def listed(self, catalog: Catalog) -> str:
        """Its tables as they are listed; who was dropped is not among them."""
        if self.tables is None:
            return "*"
        home = catalog.database(self.owner, self.database)
        there = {each.logical_id for each in home.relations.values()} if home else ()
        names = (name for name, number in self.tables.items() if number in there)
        return ",".join(sorted(names))


class Snapshots:
    """The snapshots of every account."""

    def __init__(self) -> None:
        """Begin with none."""
        self._by_key: dict[tuple[int, str], Snapshot] = {}

    def of(self, account: int) -> list[Snapshot]:
        """An account's own, newest first."""
        found = [s for s in self._by_key.values() if s.owner == account]
        return sorted(found, key=lambda s: -s.ts)

    def find(self, account: int, name: str) -> Snapshot | None:
        """One by name, if there is one."""
        return self._by_key.get((account, name))

    def get(self, account: int, name: str) -> Snapshot:
        """One by name.

        Raises:
            ServerError: 20101 if there is none.
        """
        found = self.find(account, name) or self.find(account, name.lower())
        if found is None:
            raise internal(f"find 0 snapshot records by name({name}), expect only 1")
        return found

    def add(self, snapshot: Snapshot) -> None:
        """Keep one."""
        self._by_key[snapshot.owner, snapshot.name] = snapshot

    def drop(self, account: int, name: str) -> None:
        """Forget one."""
        del self._by_key[account, name]

    def drop_account(self, account: int) -> None:
        """Forget those of an account that is gone."""
        for snapshot in self.of(account):
            self.drop(account, snapshot.name)


class Pitrs:
    """The recovery windows of every account."""

    def __init__(self) -> None:
        """Begin with none."""
        self._by_key: dict[tuple[int, str], Pitr] = {}

    def of(self, account: int) -> list[Pitr]:
        """An account's own, newest first."""
        found = [p for p in self._by_key.values() if p.owner == account]
        return sorted(found, key=lambda p: -p.created)

    def find(self, account: int, name: str) -> Pitr | None:
        """One by name, if there is one."""
        return self._by_key.get((account, name))

    def get(self, account: int, name: str) -> Pitr:
        """One by name.

        Raises:
            ServerError: 20101 if there is none.
        """
        found = self.find(account, name)
        if found is None:
            raise internal(f"pitr {name} does not exist")
        return found

    def add(self, pitr: Pitr) -> None:
        """Keep one."""
        self._by_key[pitr.owner, pitr.name] = pitr

    def drop(self, account: int, name: str) -> None:
        """Forget one."""
        del self._by_key[account, name]
