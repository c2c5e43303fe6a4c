"""What is asked for: copies of databases and tables, all at one moment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from moclone_tui.api import NOW, Moment, TableName, sql
from moclone_tui.api.names import fold, new_database, quote
from moclone_tui.cloning.after import After
from moclone_tui.errors import InvalidName
from moclone_tui.text import plural, safe


class IfExists(StrEnum):
    """What is done if a target is there already."""

    STOP = "stop"
    """Nothing, and it is an error."""
    SKIP = "skip"
    """Nothing, and it is none: the target is left alone."""
    REPLACE = "replace"
    """It is dropped, in the transaction that makes the copy."""


class Mode(StrEnum):
    """How a database is copied."""

    AUTO = "auto"
    """Stepwise if that can be done and the database is large."""
    NATIVE = "native"
    """By the server's one statement, which tells nothing while it runs."""
    STEPWISE = "stepwise"
    """Table by table: true progress, and external tables are left out."""


@dataclass(frozen=True, slots=True)
class Pair:
    """One copy of a database (both names are text) or table (both are table names).

    Raises:
        InvalidName: The target could not be made, or never dropped again.
    """

    source: str | TableName
    target: str | TableName

    def __post_init__(self) -> None:
        """Check the target's name."""
        if isinstance(self.target, TableName) != isinstance(self.source, TableName):
            raise TypeError("A database is copied to a database, a table to a table.")
        if self.in_place:
            return  # it is there, whatever it is called
        if isinstance(self.target, TableName):
            self.target.new()
        else:
            new_database(self.target)

    @property
    def in_place(self) -> bool:
        """Whether a thing is made of its own past: a restore."""
        return (self.source_database, self.source_table) == (
            self.target_database,
            self.target_table,
        )

    @property
    def source_database(self) -> str:
        """The database that the source is, or is in; in lower case, as it is kept."""
        return _database(self.source)

    @property
    def target_database(self) -> str:
        """The database that the target is, or will be in."""
        return _database(self.target)

    @property
    def source_table(self) -> str | None:
        """The table that is copied; None if it is a whole database."""
        return fold(self.source.table) if isinstance(self.source, TableName) else None

    @property
    def target_table(self) -> str | None:
        """The table that is made; None if it is a whole database."""
        return fold(self.target.table) if isinstance(self.target, TableName) else None

    def create(self, at: Moment = NOW) -> str:
        """The server's own statement for it."""
        if isinstance(self.target, TableName) and isinstance(self.source, TableName):
            return sql.clone_table(self.target, self.source, at)
        return sql.clone_database(str(self.target), str(self.source), at)

    @property
    def drop(self) -> str:
        """The statement that drops the target."""
        if isinstance(self.target, TableName):
            return f"DROP TABLE {self.target.sql}"
        return f"DROP DATABASE {quote(self.target)}"

    def __str__(self) -> str:
        return str(self.target) if self.in_place else f"{self.source} → {self.target}"


@dataclass(frozen=True, slots=True)
class Request:
    """What is copied to where, as of when, and what goes with it."""

    pairs: tuple[Pair, ...]
    """The copies: all are made at one moment, or none is."""
    at: Moment = NOW
    """The moment to copy at."""
    if_exists: IfExists = IfExists.STOP
    mode: Mode = Mode.AUTO
    roles: tuple[str, ...] = ()
    """Roles that may use the copies once they are there; a copy has no grants."""
    sequences: bool = False
    """Whether sequences, which the server leaves out, are made anew in the copy."""
    way_back: bool = True
    """Whether what is replaced is kept, as a copy beside it."""
    wait: bool = False
    """Whether to wait for transactions that hold what is replaced."""
    after: After = field(default_factory=After)
    """What is changed in the copies before anybody sees them."""
    deep: bool = False
    """Whether every row is compared once the copy is there."""

    def __post_init__(self) -> None:
        """Refuse what cannot be one request.

        Raises:
            InvalidName: There is no target, or one of them twice.
        """
        targets = [(each.target_database, each.target_table) for each in self.pairs]
        if not self.pairs or len(set(targets)) < len(targets):
            raise InvalidName(
                "A request needs targets, and each of them once.",
                remedy="Name each copy differently.",
            )

    @classmethod
    def of(
        cls,
        source: str | TableName,
        target: str | TableName,
        at: Moment = NOW,
        if_exists: IfExists = IfExists.STOP,
    ) -> Request:
        """One copy of a database or a table."""
        return cls((Pair(source, target),), at, if_exists)

    @classmethod
    def of_several(
        cls,
        sources: Sequence[str | TableName],
        template: str,
        fields: Mapping[str, object],
    ) -> Request:
        """Databases or tables, each to a name made by a template: all at one moment.

        Args:
            sources: The databases; or the tables, whose copies stand beside them.
            template: `{source}_dev`, `{source}_{date:%m%d}_{user}`.
            fields: What the template may name beside `source`.

        Raises:
            InvalidName: The template names something else, or gives an illegal name,
                or the same name twice.
        """
        try:
            pairs = tuple(
                Pair(each, _named(template, each, fields)) for each in sources
            )
        except (KeyError, IndexError, ValueError, AttributeError) as error:
            if isinstance(error, InvalidName):
                raise
            known = ", ".join(f"{{{name}}}" for name in ("source", *fields))
            raise InvalidName(
                f"{safe(template)} is no template of names.",
                remedy=f"It may hold {known}.",
            ) from error
        if len({(each.target_database, each.target_table) for each in pairs}) < len(
            pairs
        ):
            raise InvalidName(
                f"{safe(template)} gives the same name twice.",
                remedy="Put {source} in it.",
            )
        return cls(pairs)

    @classmethod
    def restore(
        cls,
        what: tuple[str | TableName, ...],
        at: Moment,
        *,
        way_back: bool = True,
        wait: bool = False,
        sequences: bool = False,
    ) -> Request:
        """Databases or tables, put back in place to what they were at a moment."""
        return cls(
            tuple(Pair(each, each) for each in what),
            at,
            IfExists.REPLACE,
            way_back=way_back,
            wait=wait,
            sequences=sequences,
        )

    @property
    def restores(self) -> bool:
        """Whether something is put back in place."""
        replaces = self.if_exists is IfExists.REPLACE
        return replaces and any(each.in_place for each in self.pairs)

    @property
    def title(self) -> str:
        """`clone shop → shop_dev`, `restore shop`."""
        verb = "restore" if self.restores else "clone"
        first, *more = self.pairs
        others = f" and {plural(len(more), 'other')}" if more else ""
        return f"{verb} {first}{others}"


def _named(
    template: str, source: str | TableName, fields: Mapping[str, object]
) -> str | TableName:
    """The name of a copy."""
    if isinstance(source, TableName):
        return TableName(
            template.format(source=source.table, **fields), source.database
        )
    return template.format(source=source, **fields)


def _database(of: str | TableName) -> str:
    return fold(of.database or "" if isinstance(of, TableName) else of)
