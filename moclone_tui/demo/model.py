"""The catalog: what exists at one moment, in values that never change."""

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from operator import itemgetter
from types import MappingProxyType

from moclone_tui.demo.sqltypes import SqlType

Row = tuple[object, ...]

_ids = itertools.count(1)
_object_ids = itertools.count(272_500)

AUTO_BLOCK = 10_000
"""How many auto_increment values the real server hands out at once."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table.

    Attributes:
        default: SQL, but for a string: that stands between single quotes as it is.
    """

    name: str
    type: SqlType
    nullable: bool = True
    default: str | None = None
    auto: bool = False
    comment: str = ""
    on_update: str | None = None


@dataclass(frozen=True, slots=True)
class Index:
    """A secondary index; it has a hidden table of its own."""

    name: str
    columns: tuple[str, ...]
    unique: bool = False
    prefix: str = ""
    hidden_table: str = ""


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """A reference to a parent table, which may be in another database."""

    name: str
    columns: tuple[str, ...]
    parent_database: str
    parent_table: str
    parent_columns: tuple[str, ...]
    on_delete: str = "RESTRICT"
    on_update: str = "RESTRICT"


@dataclass(frozen=True, slots=True)
class Layout:
    """What a table looks like, apart from its name and rows."""

    columns: tuple[Column, ...] = ()
    primary: tuple[str, ...] = ()
    indexes: tuple[Index, ...] = ()
    foreign_keys: tuple[ForeignKey, ...] = ()
    comment: str = ""
    partition: str = ""

    def position(self, column: str) -> int | None:
        """Where a column stands; None if there is none of that name."""
        wanted = column.lower()
        for index, candidate in enumerate(self.columns):
            if candidate.name.lower() == wanted:
                return index
        return None

    def part(self, columns: Sequence[str]) -> Callable[[Row], tuple[object, ...]]:
        """What takes some columns of a row; those that are not there are left out."""
        found = [self.position(column) for column in columns]
        positions = [position for position in found if position is not None]
        if len(positions) == 1:
            only = positions[0]
            return lambda row: (row[only],)
        return itemgetter(*positions) if positions else lambda _: ()


@dataclass(frozen=True, slots=True, eq=False)
class RowSet:
    """The rows of a table at one moment, shared by every copy of it."""

    rows: tuple[Row, ...] = ()
    id: int = field(default_factory=lambda: next(_ids))


EMPTY = RowSet()


@dataclass(frozen=True, slots=True)
class Branch:
    """Where a table branched off another.

    Attributes:
        parent_id: The logical identity of the other.
        table_id: The other's id at that moment.
        layout: What both looked like.
        data: The rows that both began with.
        at: When, in nanoseconds.
        level: `table` or `database`: what was branched off as a whole.
    """

    parent_id: int
    table_id: int
    layout: Layout
    data: RowSet
    at: int
    level: str


@dataclass(frozen=True, slots=True, eq=False)
class Relation:
    """A table, view, sequence or external table.

    Attributes:
        name: Its name, lower case.
        kind: `r`, `v`, `S` or `e`, as in the server's catalog.
        created: When it was made or its definition last changed, in nanoseconds.
        create_sql: The statement that made it.
        layout: Its columns and keys; a view has none.
        data: Its rows.
        next_auto: The next auto_increment value.
        query: What a view selects.
        default_database: The database of the tables that a view does not qualify.
        owner: The id of the role that owns it.
        creator: The id of the user who made it.
        cloned: Whether a clone made it.
        version: How often its definition has changed in place.
        id: Its identity: a new one for each new object, whatever the name.
        first_id: The identity it began with, if rewriting it gave it another.
        branch: What it was when it branched off, if DATA BRANCH CREATE made it.
    """

    name: str
    kind: str
    created: int
    create_sql: str
    layout: Layout = field(default_factory=Layout)
    data: RowSet = EMPTY
    next_auto: int = 1
    query: str = ""
    default_database: str = ""
    owner: int = 0
    creator: int = 0
    cloned: bool = False
    version: int = 0
    id: int = field(default_factory=lambda: next(_object_ids))
    first_id: int = 0
    branch: "Branch | None" = None

    @property
    def logical_id(self) -> int:
        """The identity that lasts while the object does."""
        return self.first_id or self.id

    def rewritten(self, create_sql: str, now: int) -> "Relation":
        """The same object under a new id, as after TRUNCATE."""
        return replace(
            self,
            id=next(_object_ids),
            first_id=self.logical_id,
            create_sql=create_sql,
            created=now,
            version=0,
        )

    def redefined(self, now: int) -> "Relation":
        """The same object after a change of its definition in place."""
        return replace(self, created=now, version=self.version + 1)

    def with_rows(
        self, rows: tuple[Row, ...], next_auto: int | None = None
    ) -> "Relation":
        """The same table with other rows."""
        return replace(self, data=RowSet(rows), next_auto=next_auto or self.next_auto)

    def copied_auto(self) -> int:
        """Where the auto_increment of a copy goes on."""
        used = self.next_auto - 1
        return (used + AUTO_BLOCK - 1) // AUTO_BLOCK * AUTO_BLOCK + 1 if used else 1


@dataclass(frozen=True, slots=True, eq=False)
class Database:
    """A database and what is in it."""

    account: int
    name: str
    created: int
    create_sql: str = ""
    owner: int = 0
    creator: int = 0
    relations: Mapping[str, Relation] = field(default_factory=dict)
    id: int = field(default_factory=lambda: next(_object_ids))

    def with_relation(self, relation: Relation) -> "Database":
        """The same database, with an object added or exchanged."""
        return replace(self, relations={**self.relations, relation.name: relation})

    def without(self, name: str) -> "Database":
        """The same database without an object."""
        rest = {k: v for k, v in self.relations.items() if k != name}
        return replace(self, relations=rest)


Key = tuple[int, str]


@dataclass(frozen=True, slots=True, eq=False)
class Catalog:
    """Everything that exists at one moment.

    Attributes:
        databases: By account and name.
        id: Its number.
    """

    databases: Mapping[Key, Database] = field(
        default_factory=lambda: MappingProxyType({})
    )
    id: int = field(default_factory=lambda: next(_ids))

    def database(self, account: int, name: str) -> Database | None:
        """A database, if there is one."""
        return self.databases.get((account, name))

    def relation(self, account: int, database: str, name: str) -> Relation | None:
        """An object of a database, if there is one."""
        found = self.databases.get((account, database))
        return found.relations.get(name) if found else None

    def of_account(self, account: int) -> list[Database]:
        """The databases of an account, by name."""
        found = [d for (owner, _), d in self.databases.items() if owner == account]
        return sorted(found, key=lambda d: d.name)

    def with_database(self, database: Database) -> "Catalog":
        """The same catalog, with a database added or exchanged."""
        key = (database.account, database.name)
        return Catalog({**self.databases, key: database})

    def without_database(self, account: int, name: str) -> "Catalog":
        """The same catalog without a database."""
        key = (account, name)
        return Catalog({k: v for k, v in self.databases.items() if k != key})
