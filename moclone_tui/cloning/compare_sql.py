"""The statements that compare the rows of two tables, as text: pure functions.

In every statement `l` is the left side and `r` the right one. But for DIFF, a statement
names one moment only: the server takes the first that it reads for all of them (3.0.18
and 4.2.0). DIFF takes two.
"""

from __future__ import annotations

from collections.abc import Sequence

from moclone_tui.api.names import quote
from moclone_tui.cloning.comparison import Side
from moclone_tui.cloning.conditions import (
    both,
    counted,
    differing,
    either,
    listed,
    same,
)


def diff_summary(target: Side, base: Side) -> str:
    """Rows inserted, deleted and updated, on each side since what both come from."""
    return f"DATA BRANCH DIFF {target.sql} AGAINST {base.sql} OUTPUT SUMMARY"


def diff_rows(target: Side, base: Side, limit: int) -> str:
    """Some of the rows that differ: whose, the flag, then the target's columns."""
    return f"DATA BRANCH DIFF {target.sql} AGAINST {base.sql} OUTPUT LIMIT {limit:d}"


def count_by_key(
    left: Side, right: Side, key: Sequence[str], others: Sequence[str]
) -> str:
    """Rows on the left; of these, those that are gone, and that differ; on the right.

    Args:
        left: What it was.
        right: What it is.
        key: What tells rows apart, on both sides.
        others: The columns to compare.
    """
    changed = both(_there("r", key), differing("l", "r", others))
    return (
        f"SELECT COUNT(*), {counted(_missing('r', key))}, {counted(changed)},"
        f" (SELECT COUNT(*) FROM {right.sql}) FROM {left.sql} l"
        f" LEFT JOIN {right.sql} r ON {same('l', 'r', key)}"
    )


def count_by_row(left: Side, right: Side, columns: Sequence[str]) -> str:
    """Without a key: rows that only the right side has, and only the left."""
    more = "CASE WHEN many > 0 THEN many ELSE 0 END"
    fewer = "CASE WHEN many < 0 THEN -many ELSE 0 END"
    return (
        f"SELECT COALESCE(SUM({more}), 0), COALESCE(SUM({fewer}), 0)"
        f" FROM ({_balance(left, right, columns)}) b"
    )


def sample_by_row(left: Side, right: Side, columns: Sequence[str], limit: int) -> str:
    """Without a key: rows, and how many more of each the right side has."""
    return f"{_balance(left, right, columns)} LIMIT {limit:d}"


def _balance(left: Side, right: Side, columns: Sequence[str]) -> str:
    names = ", ".join(map(quote, columns))
    return (
        f"SELECT {names}, SUM(side) AS many FROM"
        f" (SELECT {names}, 1 AS side FROM {right.sql}"
        f" UNION ALL SELECT {names}, -1 AS side FROM {left.sql}) x"
        f" GROUP BY {names} HAVING SUM(side) <> 0"
    )


def keys_left(
    left: Side, right: Side, key: Sequence[str], others: Sequence[str], limit: int
) -> str:
    """Some keys of rows on the left that are gone on the right, or differ there."""
    wrong = either((_missing("r", key), differing("l", "r", others)))
    return _keys("l", f"{left.sql} l LEFT JOIN {right.sql} r", key, wrong, limit)


def keys_right(left: Side, right: Side, key: Sequence[str], limit: int) -> str:
    """Some keys of rows on the right that are not on the left."""
    table = f"{right.sql} r LEFT JOIN {left.sql} l"
    return _keys("r", table, key, _missing("l", key), limit)


def _keys(
    side: str, tables: str, key: Sequence[str], condition: str, limit: int
) -> str:
    names = listed(side, key)
    return (
        f"SELECT {names} FROM {tables} ON {same('l', 'r', key)} WHERE {condition}"
        f" ORDER BY {names} LIMIT {limit:d}"
    )


def rows_of(side: Side, columns: Sequence[str], key: Sequence[str], many: int) -> str:
    """Rows of one side; takes the values of so many keys, one after the other."""
    names = ", ".join(map(quote, columns))
    one = " AND ".join(f"{quote(name)} = %s" for name in key)
    return f"SELECT {names} FROM {side.sql} WHERE " + " OR ".join([f"({one})"] * many)


def _missing(side: str, key: Sequence[str]) -> str:
    return f"{side}.{quote(key[0])} IS NULL"


def _there(side: str, key: Sequence[str]) -> str:
    return f"{side}.{quote(key[0])} IS NOT NULL"
