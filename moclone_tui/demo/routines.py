"""Functions and procedures: they are kept apart from the catalog, and never run."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Routine:
    """A function or a procedure.

    Attributes:
        kind: `FUNCTION` or `PROCEDURE`.
        arguments: Names and types.
        returns: The type of a function's result.
    """

    kind: str
    account: int
    database: str
    name: str
    arguments: tuple[tuple[str, str], ...]
    returns: str
    language: str
    body: str
    definer: str
    owner: int
    created: int


class Routines:
    """The routines of every account."""

    def __init__(self) -> None:
        """Begin with none."""
        self._all: list[Routine] = []

    def of(self, account: int, kind: str) -> list[Routine]:
        """An account's routines of one kind."""
        return [r for r in self._all if (r.account, r.kind) == (account, kind)]

    def find(self, account: int, kind: str, database: str, name: str) -> Routine | None:
        """One by name, if there is one."""
        wanted = (database, name)
        found = self.of(account, kind)
        return next((r for r in found if (r.database, r.name) == wanted), None)

    def add(self, routine: Routine) -> None:
        """Keep one."""
        self._all.append(routine)

    def drop(self, routine: Routine) -> None:
        """Forget one."""
        self._all.remove(routine)

    def drop_database(self, account: int, database: str) -> None:
        """Forget those of a database: at once, and no rollback brings them back."""
        self._all = [
            r for r in self._all if (r.account, r.database) != (account, database)
        ]
