"""Metadata: what databases there are, and what is in them."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from moclone_tui.api import browse_sql, names, sql
from moclone_tui.api._connected import Connected
from moclone_tui.api.models import Column, Database, Estimate, Index, Kind, Table
from moclone_tui.api.names import NOW, Moment, TableName, fold
from moclone_tui.errors import NotFound, PermissionDenied
from moclone_tui.text import safe

CATALOG_KINDS = {
    "r": Kind.TABLE,
    "cluster": Kind.TABLE,
    "v": Kind.VIEW,
    "e": Kind.EXTERNAL,
    "S": Kind.SEQUENCE,
}
_SCHEMA_KINDS = {
    "BASE TABLE": Kind.TABLE,
    "VIEW": Kind.VIEW,
    "EXTERNAL TABLE": Kind.EXTERNAL,
    "INTERNAL TABLE": Kind.SEQUENCE,
}
_BATCH = 100
"""How many tables one statement counts: few round trips, and cheap to kill."""


class MetadataManager:
    """Reads the catalog. Hidden tables (of indexes, of partitions) are left out.

    Everything can be asked of the present or of a moment in the past, where the
    server allows that.

    Args:
        client: A `Client` or `Session`.
    """

    def __init__(self, client: Connected) -> None:
        self._client = client

    def databases(self, at: Moment = NOW) -> list[Database]:
        """The databases of the account, by name, with how many objects they hold.

        A login that may not read the catalog gets the names alone.

        Raises:
            PermissionDenied: The login may not even have the names.
        """
        try:
            rows = self._client.execute(sql.databases(at))
            counted = self._client.execute(sql.object_counts(at))
        except PermissionDenied:
            names_only = self._client.execute(sql.schemata(at))
            return [Database(str(name)) for (name,) in names_only]
        counts: dict[str, dict[Kind, int]] = defaultdict(dict)
        for database, kind, number in counted:
            counts[str(database)][_kind(kind)] = int(number)
        return [
            Database(str(name), _time(created), counts[str(name)], kind != "")
            for name, kind, created in rows
        ]

    def tables(self, database: str, at: Moment = NOW) -> list[Table]:
        """The tables, views, external tables and sequences of a database, by name.

        Raises:
            NotFound: The database is not there (then).
            PermissionDenied: The login may not look.
        """
        folded = fold(names.database(database))
        try:
            rows = self._client.execute(sql.tables(at), (folded,)).rows
            found = [
                Table(
                    database=folded,
                    name=str(name),
                    kind=_kind(kind),
                    created=_time(created),
                    comment=str(comment or ""),
                    partitioned=bool(partitioned),
                    made_by=str(made_by or ""),
                )
                for name, kind, created, comment, partitioned, made_by in rows
            ]
        except PermissionDenied:
            rows = self._client.execute(sql.schema_tables(at), (folded,)).rows
            found = [
                Table(
                    database=folded,
                    name=str(name),
                    kind=_SCHEMA_KINDS.get(str(kind), Kind.OTHER),
                    created=_time(created),
                    comment=str(comment or ""),
                )
                for name, kind, created, comment in rows
            ]
        if not found:
            self._client.clone.source_database(folded, at)
        return found

    def count_rows(
        self, tables: Sequence[TableName], at: Moment = NOW, *, scan: bool = False
    ) -> dict[TableName, int]:
        """The exact number of rows of each table or view, in the order given.

        A hundred a round trip: a `COUNT(*)` comes from metadata, and takes a few
        milliseconds whatever the size.

        Args:
            tables: Tables or views.
            at: When.
            scan: Whether to read the rows. In a transaction, 4.2 counts the rows of
                what was cloned in it from metadata, deleted ones included.

        Raises:
            NotFound: One of them is not there (then).
            PermissionDenied: The login may not read one of them.
        """
        counts = dict.fromkeys(tables, 0)  # the server answers in any order
        for start in range(0, len(tables), _BATCH):
            batch = tables[start : start + _BATCH]
            for number, rows in self._client.execute(
                sql.count_rows(batch, at, scan=scan)
            ):
                counts[batch[int(number)]] = int(rows)
        return counts

    def estimates(self, database: str) -> dict[str, Estimate]:
        """Rows and size of each table of a database, as the server last estimated."""
        folded = fold(names.database(database))
        return {
            str(name): Estimate(int(rows or 0), int(size or 0))
            for name, rows, size in self._client.execute(sql.ESTIMATES, (folded,))
        }

    def sizes(self, database: str, tables: Sequence[str]) -> dict[str, int]:
        """The bytes of some tables, as the server estimates them now.

        A clone is charged what it shares with its source, or nothing at first.
        """
        if not tables:
            return {}
        statement = browse_sql.sizes(len(tables))
        rows = self._client.execute(statement, (names.database(database), *tables))
        return {str(name): int(size or 0) for name, size in rows}

    def objects(self, at: Moment = NOW) -> list[Table]:
        """Every object of every database of the account, by database and name.

        Without comments and what made them: one read for a hundred thousand.

        Raises:
            PermissionDenied: The login may not look.
        """
        kinds: Mapping[str, Kind]
        try:
            rows, kinds = (
                self._client.execute(browse_sql.all_objects(at)),
                CATALOG_KINDS,
            )
        except PermissionDenied:
            rows = self._client.execute(browse_sql.all_schema_tables(at))
            kinds = _SCHEMA_KINDS
        return [
            Table(
                str(database), str(name), kinds.get(str(kind), Kind.OTHER), _time(made)
            )
            for database, name, kind, made in rows
        ]

    def copies(self, at: Moment = NOW) -> dict[str, tuple[int, str]]:
        """Of databases with cloned tables: how many, and what made one of them.

        Raises:
            PermissionDenied: The login may not read the catalog.
        """
        return {
            str(database): (int(number), str(made_by))
            for database, number, made_by in self._client.execute(browse_sql.copies(at))
        }

    def of_other_accounts(self) -> list[tuple[str, Database]]:
        """The databases of other accounts with their accounts; for sys only.

        Raises:
            PermissionDenied: The login is not of sys, or may not look.
        """
        return [
            (str(account), Database(str(name), _time(created)))
            for account, name, created in self._client.execute(
                browse_sql.OTHER_ACCOUNTS
            )
        ]

    def columns(self, table: TableName | str, at: Moment = NOW) -> list[Column]:
        """The columns of a table or view, in order.

        Of a moment in the past, `key` tells of the primary key alone.

        Raises:
            NotFound: It is not there (then).
        """
        if at:
            return self._columns_at(TableName.parse(table), at)
        result = self._client.execute(sql.show_columns(TableName.parse(table)))
        return [
            Column(
                name=str(row["field"]),
                type=_shown_type(str(row["type"])),
                nullable=row["null"] == "YES",
                key=str(row["key"] or ""),
                default=None if row["default"] is None else str(row["default"]),
                extra=str(row["extra"] or ""),
                comment=str(row["comment"] or ""),
            )
            for row in (
                {
                    key.lower(): value
                    for key, value in zip(result.columns, values, strict=True)
                }
                for values in result
            )
        ]

    def _columns_at(self, table: TableName, at: Moment) -> list[Column]:
        place = (table.database, table.table)
        rows = self._client.execute(browse_sql.columns_at(at), place).rows
        if not rows:  # it is not there, or a view that nothing is kept of but its text
            names = self._client.execute(browse_sql.no_rows(table, at)).columns
            return [Column(name, "", nullable=True) for name in names]
        # What is said of keys here is UNI for every index, PRI for no key of several.
        indexes = self.indexes(table, at)
        primary = [each.columns for each in indexes if each.name == "PRIMARY"]
        return [
            Column(
                name=str(name),
                type=_shown_type(str(kind)),
                nullable=nullable == "YES",
                key="PRI" if name in {part for key in primary for part in key} else "",
                default=None if default is None else _unquoted(str(default)),
                extra=str(extra or ""),
                comment=str(comment or ""),
            )
            for name, kind, nullable, default, extra, comment in rows
        ]

    def indexes(self, table: TableName | str, at: Moment = NOW) -> list[Index]:
        """The indexes of a table, the primary key first.

        Raises:
            NotFound: It is not there. What was not there in the past had none.
        """
        columns: dict[str, list[tuple[int, str]]] = defaultdict(list)
        unique: dict[str, bool] = {}
        for name, not_unique, place, column in self._index_parts(table, at):
            columns[name].append((place, column))
            unique[name] = not not_unique
        return [
            Index(name, unique[name], tuple(column for _, column in sorted(parts)))
            for name, parts in sorted(
                columns.items(), key=lambda item: (item[0] != "PRIMARY", item[0])
            )
        ]

    def _index_parts(
        self, table: TableName | str, at: Moment
    ) -> Iterator[tuple[str, int, int, str]]:
        name = TableName.parse(table)
        if at:
            place = (name.database, name.table)
            rows = self._client.execute(browse_sql.indexes_at(at), place).rows
        else:
            result = self._client.execute(sql.show_index(name))
            known = {title.lower(): at for at, title in enumerate(result.columns)}
            wanted = ("key_name", "non_unique", "seq_in_index", "column_name")
            rows = tuple(
                tuple(row[known[each]] for each in wanted) for row in result.rows
            )
        for index, not_unique, number, column in rows:
            yield str(index), int(not_unique), int(number), str(column)

    def ddl(self, table: TableName | str, at: Moment = NOW) -> str:
        """The statement that makes a table or view, as the server writes it.

        Raises:
            NotFound: It is not there (then).
        """
        name = TableName.parse(table)
        result = self._client.execute(sql.show_create(name, at))
        if not result.rows:
            raise NotFound(f"The table {safe(str(name))} does not exist.")
        return str(result.first[1])


def _kind(letter: object) -> Kind:
    return CATALOG_KINDS.get(str(letter), Kind.OTHER)


def _time(unix: object) -> dt.datetime | None:
    if unix is None:
        return None
    return dt.datetime.fromtimestamp(int(float(str(unix))), dt.UTC)


def _unquoted(default: str) -> str:
    """A default without the quotes that information_schema shows it in."""
    if len(default) > 1 and default[0] == default[-1] == "'":
        return default[1:-1].replace("''", "'")
    return default


def _shown_type(kind: str) -> str:
    """`VARCHAR(50)` as it is, `INT(32)` and `TEXT(0)` without what says nothing."""
    bare, _, rest = kind.partition("(")
    sized = ("CHAR", "VARCHAR", "BINARY", "VARBINARY", "DECIMAL", "BIT", "VECF32",
             "VECF64", "ENUM", "SET")  # fmt: skip
    if rest and (bare.upper() in sized or rest[0] not in "0123456789"):
        return kind.lower()
    if bare.upper() in ("DATETIME", "TIME", "TIMESTAMP") and rest != "0)":
        return kind.lower()
    return bare.lower()
