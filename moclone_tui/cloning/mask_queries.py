"""What masking sends and asks: pure functions, text out."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from moclone_tui.api import NOW, Moment, TableName, sql
from moclone_tui.api.names import quote


def mask(copy: TableName, values: Sequence[tuple[str, str]]) -> str:
    """The UPDATE of a table; each expression in it sees the row as it was.

    Args:
        copy: The table.
        values: Each column with its expression.
    """
    changes = ", ".join(f"{quote(column)} = ({value})" for column, value in values)
    return f"UPDATE {copy.sql} SET {changes}"


def links(at: Moment = NOW) -> str:
    """Of a database given: its foreign keys whose parent is in it, column by column."""
    return (
        "SELECT table_name, column_name, refer_table_name, refer_column_name"
        f" FROM mo_catalog.mo_foreign_keys{at.hint}"
        " WHERE db_name = %(database)s AND refer_db_name = %(database)s"
    )


def twice(table: TableName, key: Sequence[str]) -> str:
    """How many keys are there more than once.

    Not by DISTINCT: the server leaves that out for a primary key.
    """
    columns = ", ".join(map(quote, key))
    return (
        f"SELECT COUNT(*) FROM (SELECT {columns} FROM {table.sql}"
        f" GROUP BY {columns} HAVING COUNT(*) > 1) AS twice"
    )


def orphans(
    child: TableName,
    columns: Sequence[str],
    parent: TableName,
    parent_columns: Sequence[str],
) -> str:
    """How many rows of a child point to a parent that is not there."""
    pairs = zip(columns, parent_columns, strict=True)
    same = " AND ".join(f"c.{quote(left)} = p.{quote(right)}" for left, right in pairs)
    points = " AND ".join(f"c.{quote(column)} IS NOT NULL" for column in columns)
    return (
        f"SELECT COUNT(*) FROM {child.sql} AS c"
        f" LEFT JOIN {parent.sql} AS p ON {same}"
        f" WHERE {points} AND p.{quote(parent_columns[0])} IS NULL"
    )


def same_in_row(
    copy: TableName,
    source: TableName,
    at: Moment,
    key: Sequence[str],
    columns: Sequence[tuple[str, bool]],
) -> str:
    """In how many rows each column holds what it holds in the source's row.

    Args:
        copy: The copy.
        source: Its source.
        at: The moment of the copy.
        key: What tells which row is which.
        columns: Each column, and whether an empty value tells something.
    """
    counts = ", ".join(
        f"COUNT(CASE WHEN c.{quote(column)} = s.{quote(column)}"
        + ("" if empty_tells else f" AND s.{quote(column)} <> ''")
        + " THEN 1 END)"
        for column, empty_tells in columns
    )
    same = " AND ".join(f"c.{quote(column)} = s.{quote(column)}" for column in key)
    return (
        f"SELECT {counts} FROM {copy.sql} AS c"
        f" JOIN {source.sql}{at.hint} AS s ON {same}"
    )


def same_anywhere(
    copy: TableName, source: TableName, at: Moment, column: str, empty_tells: bool
) -> str:
    """In how many rows a column holds what it holds anywhere in the source.

    By IN: over a correlated EXISTS, 4.2 sits for minutes.
    """
    name = quote(column)
    told = "" if empty_tells else f" AND {name} <> ''"
    return (
        f"SELECT COUNT(*) FROM {copy.sql} WHERE {name} IN (SELECT {name}"
        f" FROM {source.sql}{at.hint} WHERE {name} IS NOT NULL{told})"
    )


def masked_already(
    source: TableName,
    at: Moment,
    columns: Sequence[tuple[str, str, bool]],
    rows: int = 100,
) -> str:
    """In how many of a source's first rows a column holds what the mask would give it.

    Args:
        source: The source.
        at: The moment of the copy.
        columns: Each column, its expression, and whether an empty value tells
            something.
        rows: How many to look at: all of a large table would take too long.
    """
    looked = ", ".join(
        f"{quote(column)} AS c{number}, ({value}) AS m{number}"
        for number, (column, value, _) in enumerate(columns)
    )
    counts = ", ".join(
        f"COUNT(CASE WHEN c{number} = m{number}"
        + ("" if empty_tells else f" AND c{number} <> ''")
        + " THEN 1 END)"
        for number, (_, _, empty_tells) in enumerate(columns)
    )
    return (
        f"SELECT {counts} FROM (SELECT {looked} FROM {source.sql}{at.hint}"
        f" LIMIT {rows:d}) AS some"
    )


def made_by(at: Moment) -> str:
    """What made tables, as far as it is known. Takes `database`, and `names` of it."""
    return (
        f"SELECT relname, rel_createsql FROM mo_catalog.mo_tables{at.hint}"
        f" WHERE {sql.MINE} AND reldatabase = %(database)s AND relname IN %(names)s"
        " AND relkind = 'r'"
    )


def fill(
    copy: TableName, source: TableName, columns: Collection[str], at: Moment
) -> str:
    """What writes the rows of one table into another."""
    names = ", ".join(map(quote, columns))
    return f"INSERT INTO {copy.sql} ({names}) SELECT {names} FROM {source.sql}{at.hint}"
