"""What the managers give back: frozen values, times in UTC."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from enum import StrEnum

from moclone_tui.api.names import SYSTEM_DATABASES, Moment, utc
from moclone_tui.text import plural


class Kind(StrEnum):
    """What an object of a database is."""

    TABLE = "table"
    VIEW = "view"
    EXTERNAL = "external table"
    SEQUENCE = "sequence"
    OTHER = "other"


class SnapshotLevel(StrEnum):
    """What a snapshot covers."""

    CLUSTER = "cluster"
    ACCOUNT = "account"
    DATABASE = "database"
    TABLE = "table"


@dataclass(frozen=True, slots=True)
class Database:
    """A database, as the catalog lists it."""

    name: str
    created: dt.datetime | None = None
    """When it was made, UTC; None if the login may not know."""
    counts: dict[Kind, int] | None = None
    """How many objects of each kind it holds; None if the login may not know."""
    subscribed: bool = False
    """Whether it is a publication of another account."""

    @property
    def system(self) -> bool:
        """Whether it is one of the server's own."""
        return self.name in SYSTEM_DATABASES

    @property
    def tables(self) -> int | None:
        """How many tables it holds, views aside; None if not known."""
        if self.counts is None:
            return None
        return self.counts.get(Kind.TABLE, 0) + self.counts.get(Kind.EXTERNAL, 0)


@dataclass(frozen=True, slots=True)
class Table:
    """A table, view, external table or sequence of a database."""

    database: str
    name: str
    kind: Kind
    created: dt.datetime | None = None
    """When it was made, UTC; None if the server does not say."""
    comment: str = ""
    partitioned: bool = False
    made_by: str = ""
    """The statement that made it, as the catalog keeps it: a clone names its source."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """What the server last estimated of a table: minutes old, 0 just after a load."""

    rows: int
    size: int
    """Bytes; a clone is charged what it shares with its source."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table or view."""

    name: str
    type: str
    nullable: bool
    key: str = ""
    """`PRI`, `UNI`, `MUL` or nothing."""
    default: str | None = None
    extra: str = ""
    """As `auto_increment`."""
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Index:
    """An index of a table."""

    name: str
    unique: bool
    columns: tuple[str, ...]
    """Its columns, in order."""


class _Scoped:
    """What has a level, and names of what it covers."""

    __slots__ = ()
    level: SnapshotLevel
    account: str
    database: str
    table: str

    @property
    def covers(self) -> str:
        """What it covers, in words: `the cluster`, `account sys`, `shop.orders`."""
        match self.level:
            case SnapshotLevel.CLUSTER:
                return "the cluster"
            case SnapshotLevel.ACCOUNT:
                return f"account {self.account}"
            case SnapshotLevel.DATABASE:
                return self.database
            case SnapshotLevel.TABLE:
                return f"{self.database}.{self.table}"

    def has_database(self, name: str) -> bool:
        """Whether a database can be cloned from it whole, by what it covers."""
        if self.level is SnapshotLevel.DATABASE:
            return self.database == name
        return self.level is SnapshotLevel.ACCOUNT

    def has_table(self, database: str, table: str) -> bool:
        """Whether a table can be cloned from it, by what it covers."""
        if self.level is SnapshotLevel.TABLE:
            return (self.database, self.table) == (database, table)
        return self.has_database(database)


@dataclass(frozen=True, slots=True)
class Snapshot(_Scoped):
    """A snapshot, as the catalog lists it."""

    name: str
    level: SnapshotLevel
    ts: int
    """Its moment in nanoseconds since 1970, UTC."""
    account: str = ""
    database: str = ""
    table: str = ""
    kind: str = "user"
    """`user` for what users made; anything else is the server's own."""

    @property
    def created(self) -> dt.datetime:
        """Its moment, UTC (of whole microseconds; `ts` has the rest)."""
        return utc(self.ts)


class PitrUnit(StrEnum):
    """In what the range of a PITR is counted, as the server writes it."""

    HOURS = "h"
    DAYS = "d"
    MONTHS = "mo"
    YEARS = "y"


@dataclass(frozen=True, slots=True)
class Pitr(_Scoped):
    """A window of time that can be gone back to (point-in-time recovery)."""

    name: str
    level: SnapshotLevel
    length: int
    """How far back it reaches, in `unit`; never to before it was made."""
    unit: PitrUnit
    created: dt.datetime
    """When it was made, UTC."""
    modified: dt.datetime
    """When its range was last set, UTC."""
    account: str = ""
    database: str = ""
    table: str = ""
    active: bool | None = None
    """Whether it protects what is there now. False once what it was made for was
    dropped, restored or truncated: it still keeps the past of that; None if not
    known."""

    @property
    def range(self) -> str:
        """Its range in words: `7 days`."""
        return plural(self.length, self.unit.name.lower()[:-1])


@dataclass(frozen=True, slots=True)
class CloneResult:
    """What a clone did; its source was looked at before the statement was sent."""

    kind: Kind | str
    """`database` or `table`."""
    target: str
    source: str
    created: bool
    """False if the target was there already and was left alone."""
    at: Moment
    """The moment that was asked for."""
    as_of: dt.datetime | None
    """The time of the data, UTC: the server's clock just before a clone of the present;
    None if the target was left alone or the snapshot says it."""
    seconds: float
    """How long the statement took."""
    tables: int | None = None
    """How many tables the source held, views aside."""
    views: int | None = None
    rows: int | None = None
    """How many rows were copied, if they were counted."""
    left_out: tuple[str, ...] = ()
    """What the server leaves out of such a copy: `2 sequences`."""
    statements: tuple[str, ...] = field(default=(), repr=False)
    """What was sent, in order."""

    @property
    def skipped(self) -> bool:
        """Whether the target was there already and was left alone."""
        return not self.created


@dataclass(frozen=True, slots=True)
class RestoreResult:
    """What a restore did. Nothing is called restored that was not looked at."""

    what: str
    """What was put back, in words: `the database shop`, `the table shop.orders`."""
    at: Moment
    """The snapshot it was put back to, or the time."""
    seconds: float
    """How long the statement took."""
    pitr: str = ""
    """The name of the PITR it was done by, or nothing."""
    tables: int | None = None
    """How many tables came back, views aside; None for an account or the cluster."""
    views: int | None = None
    notes: tuple[str, ...] = ()
    """What the server did not say: what was lost by it, each in a sentence."""
    statements: tuple[str, ...] = field(default=(), repr=False)
    """What was sent, in order."""

    @property
    def snapshot(self) -> str:
        """The name of the snapshot, or nothing."""
        return self.at.snapshot
