"""Ties: what hangs on the number of an object that is dropped and made again.

Grants, PITRs and the tables of a publication belong to the object that was there, not
to its name; they are looked at before it is replaced, and made again afterwards. What
cannot be made again, or keeps the object from being dropped, is told as well.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from moclone_tui.api import (
    PermissionDenied,
    Pitr,
    PitrUnit,
    QueryError,
    SnapshotLevel,
    TableName,
)
from moclone_tui.api import restore_sql as pitr_sql
from moclone_tui.api._connected import Connected
from moclone_tui.api.names import utc
from moclone_tui.cloning import ties_sql
from moclone_tui.cloning.rights import Grant, Remade
from moclone_tui.cloning.ties_sql import Scope


@dataclass(frozen=True, slots=True)
class Publication:
    """A publication of a database, or of some of its tables."""

    name: str
    database: str
    tables: tuple[str, ...]
    """What it is of; empty if of all tables."""
    accounts: str
    """To whom, as the server lists it: `all`, or the names of accounts."""
    blocks: bool = False
    """Whether its database is to be dropped, which the server refuses; a single table
    is dropped, and drops out of the publication without a word."""

    @property
    def sql(self) -> str:
        """The statement that sets its tables."""
        return ties_sql.publish_tables(self.name, self.database, self.tables)


@dataclass(frozen=True, slots=True)
class PointingIn:
    """A foreign key of what stays to what is replaced: it cannot be dropped."""

    name: str
    child: TableName
    parent: TableName


@dataclass(frozen=True, slots=True)
class Holder:
    """An open transaction that holds locks which a DROP waits for."""

    connection: int
    user: str
    host: str
    seconds: int | None
    """How long it has been open, by the server's clock; None if not known."""
    statement: str
    """What it ran last."""


@dataclass(frozen=True, slots=True)
class Ties:
    """What hangs on objects that are replaced, and who holds them."""

    grants: tuple[Grant, ...] = ()
    pitrs: tuple[Pitr, ...] = ()
    """What protects them now; afterwards each protects what they were, only."""
    publications: tuple[Publication, ...] = ()
    subscriptions: tuple[str, ...] = ()
    """Databases that are publications of others: replaced, they are no longer."""
    foreign_keys: tuple[PointingIn, ...] = ()
    views: tuple[tuple[TableName, str], ...] = ()
    """Views and the role that owns each, where that is not the login's own. A view
    reads with its owner's rights, and no statement gives it another owner."""
    holders: tuple[Holder, ...] = ()
    unknown: tuple[str, ...] = ()
    """What could not be looked at, in words."""
    pitr_names: frozenset[str] = field(default=frozenset(), repr=False)
    """The names that no new PITR can have."""

    def remake(self, there: Collection[TableName] | None = None) -> tuple[Remade, ...]:
        """What makes grants, PITRs and published tables again.

        A PITR that has died keeps the past of what was replaced, for as long as its
        range says: it is left alone, and another one made under a name of its own.

        Args:
            there: The tables and views that are there afterwards, with their
                databases; None if that is all that were there before.
        """
        made = [
            Remade(each.sql, str(each))
            for each in self.grants
            if not each.table or _stays(each.database, each.table, there)
        ]
        for pub in self.publications:
            if not pub.blocks:
                listed = ", ".join(pub.tables)
                made.append(Remade(pub.sql, f"{listed} in the publication {pub.name}"))
        taken = set(self.pitr_names)
        for pitr in self.pitrs:
            if not pitr.table or _stays(pitr.database, pitr.table, there):
                name = _fresh(pitr.name, taken)
                taken.add(name)
                made.append(_protect(pitr, name))
        return tuple(made)


def _stays(database: str, table: str, there: Collection[TableName] | None) -> bool:
    return there is None or TableName(table, database) in there


def _fresh(name: str, taken: Collection[str]) -> str:
    """A name for what follows: `p`, then `p_2`, `p_3`."""
    stem = re.sub(r"_\d{1,3}$", "", name) or name
    number = 2
    while f"{stem}_{number}" in taken:
        number += 1
    return f"{stem}_{number}"


def _protect(pitr: Pitr, name: str) -> Remade:
    statement = pitr_sql.create_pitr(
        name,
        str(pitr.level),
        pitr.length,
        str(pitr.unit),
        pitr.database or None,
        pitr.table or None,
    )
    return Remade(
        statement,
        f"PITR {name} of {pitr.covers}, {pitr.range}"
        f" ({pitr.name} goes on keeping what was replaced)",
    )


# --------------------------------------------------------------------------- to look


def look_at_ties(
    run: Connected, databases: Sequence[str], tables: Sequence[TableName] = ()
) -> Ties:
    """Find out what hangs on objects that are going to be dropped and made again.

    One round trip for whoever may read all of the catalog; for others, each question
    is asked by itself, and what stays open is named.

    Args:
        run: A client, before BEGIN: in a transaction PITRs cannot be listed.
        databases: Databases that are replaced as a whole.
        tables: Tables that are replaced by themselves, with their databases.

    Raises:
        ConnectionError: The connection was lost.
    """
    scope = Scope.of(databases, tables)
    if not scope.databases and not scope.tables:
        return Ties()
    questions = _questions(run, scope)
    asked = " UNION ALL ".join([*questions.values(), ties_sql.CLOCK])
    try:
        return _ties(scope, run.execute(asked, scope.params).rows)
    except QueryError:
        return _piece_by_piece(run, scope, questions)


def look_at_holders(
    run: Connected, databases: Sequence[str], tables: Sequence[TableName] = ()
) -> tuple[Holder, ...]:
    """Only who holds the objects, as `look_at_ties`: to look again while waiting.

    Raises:
        PermissionDenied: The login may not know.
    """
    scope = Scope.of(databases, tables)
    asked = f"{ties_sql.holders(scope)} UNION ALL {ties_sql.CLOCK}"
    return _ties(scope, run.execute(asked, scope.params).rows).holders


def _questions(run: Connected, scope: Scope) -> dict[str, str]:
    logical = run.capabilities.has("logical_ids")
    return {
        "grants": ties_sql.grants(scope, logical=logical),
        "owners of views": ties_sql.views(scope),
        "foreign keys that point in": ties_sql.foreign_keys(scope),
        "open transactions": ties_sql.holders(scope),
        "PITRs": ties_sql.pitrs(scope),
        "publications": ties_sql.publications(scope),
        "subscriptions": ties_sql.subscriptions(scope),
    }


def _piece_by_piece(run: Connected, scope: Scope, questions: dict[str, str]) -> Ties:
    """Ask each question by itself; accounts have no tables of PITRs, for one."""
    rows: list[tuple[object, ...]] = []
    unknown: list[str] = []
    for what, question in questions.items():
        asked = f"{question} UNION ALL {ties_sql.CLOCK}"
        try:
            rows += run.execute(asked, scope.params).rows
        except QueryError as error:
            try:
                rows += _otherwise(run, scope, what, error)
            except QueryError as refused:
                denied = isinstance(refused, PermissionDenied)
                unknown.append(
                    f"{what}: {'no right to look' if denied else refused.message}"
                )
    return _ties(scope, rows, tuple(unknown))


def _otherwise(
    run: Connected, scope: Scope, what: str, refused: QueryError
) -> list[tuple[object, ...]]:
    """Ask by SHOW what an account has no table of."""
    if what == "PITRs":
        return list(_shown_pitrs(run.pitr.list(), scope))
    if what == "publications":
        return [
            ("publication", name, database, tables, accounts, None, None, None)
            for name, database, tables, accounts, *_ in run.execute(
                ties_sql.SHOW_PUBLICATIONS
            )
            if database in {*scope.databases, *(name for name, _ in scope.tables)}
        ]
    raise refused


def _shown_pitrs(pitrs: Sequence[Pitr], scope: Scope) -> Iterator[tuple[object, ...]]:
    """PITRs as rows; of one object the newest, since only that can be alive."""
    seen: set[tuple[str, str]] = set()
    for pitr in pitrs:
        yield ("pitr name", pitr.name, *[None] * (ties_sql.WIDTH - 1))
        of = (pitr.database, pitr.table)
        replaced = (
            of in scope
            if pitr.level is SnapshotLevel.TABLE
            else pitr.level is SnapshotLevel.DATABASE and of[0] in scope.databases
        )
        if replaced and of not in seen and pitr.active is not False:
            seen.add(of)
            span = " ".join(
                str(int(when.timestamp()) * 10**9)
                for when in (pitr.created, pitr.modified)
            )
            yield (
                "pitr", pitr.name, str(pitr.level), pitr.account, *of,
                f"{pitr.length} {pitr.unit}", span,
            )  # fmt: skip


# ----------------------------------------------------------------------- to understand


def _ties(
    scope: Scope, rows: Iterable[Sequence[object]], unknown: tuple[str, ...] = ()
) -> Ties:
    tagged: dict[str, list[list[str]]] = {}
    for tag, *values in rows:
        tagged.setdefault(str(tag), []).append([str(each or "") for each in values])
    clock = tagged.get("clock", [["0"]])[0][0]
    return Ties(
        grants=tuple(_grants(tagged.get("grant", ()))),
        pitrs=tuple(map(_pitr, tagged.get("pitr", ()))),
        publications=tuple(_publications(scope, tagged.get("publication", ()))),
        subscriptions=tuple(name for name, *_ in tagged.get("subscription", ())),
        foreign_keys=tuple(_pointing_in(tagged.get("foreign key", ()))),
        views=tuple(
            (TableName(view, database), role)
            for database, view, role, *_ in sorted(tagged.get("view", ()))
        ),
        holders=tuple(_holders(tagged.get("holder", ()), float(clock))),
        unknown=unknown,
        pitr_names=frozenset(name for name, *_ in tagged.get("pitr name", ())),
    )


_NOT_OF_GRANT = re.compile(r"^(?:table|database) (?=all$|ownership$)|[^a-z ]")


def _grants(rows: Iterable[list[str]]) -> Iterator[Grant]:
    """Rows of one privilege each as grants of all privileges on an object."""
    merged: dict[tuple[str, str, str, str, str], set[str]] = {}
    for role, kind, privilege, option, database, table, *_ in rows:
        words = _NOT_OF_GRANT.sub("", privilege)
        key = (database, table, kind, role, option)
        merged.setdefault(key, set()).add(words)
    # The database first, then all its tables, then the single ones.
    for key in sorted(merged):
        database, table, kind, role, option = key
        yield Grant(
            role,
            tuple(sorted(merged[key])),
            kind,
            database,
            table,
            option.lower() in ("1", "true"),
        )


def _pitr(row: list[str]) -> Pitr:
    name, level, account, database, table, span, times = row
    length, unit = span.split()
    made, changed = (utc(int(when)) for when in times.split())
    return Pitr(
        name=name,
        level=SnapshotLevel(level),
        length=int(length),
        unit=PitrUnit(unit),
        created=made,
        modified=changed,
        account=account,
        database=database,
        table=table,
        active=True,
    )


def _publications(scope: Scope, rows: Iterable[list[str]]) -> Iterator[Publication]:
    """Those of whole databases, and those that name a table which is replaced."""
    for name, database, listed, accounts, *_ in rows:
        tables = () if listed in ("*", "") else tuple(listed.split(","))
        if database in scope.databases or any((database, t) in scope for t in tables):
            blocks = database in scope.databases
            shown = "all" if accounts == "*" else accounts
            yield Publication(name, database, tables, shown, blocks)


def _pointing_in(rows: Iterable[list[str]]) -> Iterator[PointingIn]:
    """A key of several columns has a row for each."""
    for row in dict.fromkeys(map(tuple, rows)):
        name, database, table, of_database, of, *_ = row
        yield PointingIn(name, TableName(table, database), TableName(of, of_database))


def _holders(rows: Iterable[list[str]], clock: float) -> Iterator[Holder]:
    for row in dict.fromkeys(map(tuple, rows)):
        number, user, host, since, statement, *_ = row
        begun = _begun(since)
        yield Holder(
            int(number),
            user,
            host.rpartition(":")[0] or host,
            None if begun is None or not clock else max(0, int(clock - begun)),
            statement,
        )


def _begun(text: str) -> float | None:
    """When a transaction began, of `2026-11-24T11:29:33.848238271Z`; None if not."""
    try:
        return dt.datetime.fromisoformat(text[:19]).replace(tzinfo=dt.UTC).timestamp()
    except ValueError:
        return None
