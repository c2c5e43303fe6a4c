"""Locks: what a transaction changes is nobody else's to change until it ends."""

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from moclone_tui.demo.transactions import Transaction


class Lock(NamedTuple):
    """Something that can be locked.

    Attributes:
        table_id: The table that holds it: 1 for databases and 2 for tables, whose rows
            in the catalog are locked, or the id of a table of the user.
        key: Account and names in the catalog, or what identifies a row; empty for
            every row.
    """

    table_id: int
    key: tuple[object, ...] = ()


def of_database(account: int, name: str) -> Lock:
    """The lock of a database."""
    return Lock(1, (account, name))


def of_table(account: int, database: str, name: str) -> Lock:
    """The lock of a table's definition."""
    return Lock(2, (account, database, name))


class Blocked(Exception):
    """A lock that another transaction has to give up first."""

    def __init__(self, holder: "Transaction", lock: Lock) -> None:
        super().__init__()
        self.holder = holder
        self.lock = lock


class Locks:
    """The locks of one transaction.

    Attributes:
        held: Each lock, and whether it keeps out those who only read definitions.
    """

    def __init__(self) -> None:
        """Begin with none."""
        self.held: dict[Lock, bool] = {}
        self._tables: set[int] = set()

    def add(self, lock: Lock, *, exclusive: bool) -> None:
        """Have one more."""
        self.held[lock] = self.held.get(lock, False) or exclusive
        self._tables.add(lock.table_id)

    def clash(self, lock: Lock, *, exclusive: bool) -> bool:
        """Whether somebody else may not have this one meanwhile."""
        if lock.table_id not in self._tables:
            return False
        if not lock.key or Lock(lock.table_id) in self.held:
            return True
        here = self.held.get(lock)
        return here is not None and (here or exclusive)


def described(lock: Lock) -> tuple[str, str]:
    """The kind of a lock and what it covers, as the server packs it."""
    if not lock.key:
        return "range", "3a107fffffff,3a187fffffff"
    packed = "".join(_packed(part, lock.table_id) for part in lock.key)
    return "point", f"4601{packed}00" if lock.table_id < 3 or lock.key[1:] else packed


def _packed(part: object, table_id: int) -> str:
    if not isinstance(part, int):
        return f"4601{str(part).encode().hex()}00ff"
    digits = f"{part:x}" if part else ""
    digits = digits.zfill(len(digits) + len(digits) % 2)
    return f"{'3e' if table_id < 3 else '3a'}{0x14 + len(digits) // 2:x}{digits}"
