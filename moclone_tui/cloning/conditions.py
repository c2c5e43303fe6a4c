"""Conditions over the columns of two tables, as text: pure functions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from moclone_tui.api.names import quote


def listed(side: str, names: Iterable[str]) -> str:
    """Columns of one side: ``l.`a`, l.`b` ``."""
    return ", ".join(f"{side}.{quote(name)}" for name in names)


def same(one: str, other: str, names: Sequence[str]) -> str:
    """Whether columns are equal on both sides; not if they are NULL."""
    return equal(one, names, other, names)


def equal(one: str, mine: Iterable[str], other: str, its: Iterable[str]) -> str:
    """Whether columns of one side equal those of the other, one by one."""
    return " AND ".join(
        f"{one}.{quote(left)} = {other}.{quote(right)}"
        for left, right in zip(mine, its, strict=True)
    )


def differing(one: str, other: str, names: Iterable[str]) -> str:
    """Whether any of the columns differs, NULL from a value, too."""
    return either(
        [f"NOT ({one}.{quote(name)} <=> {other}.{quote(name)})" for name in names]
    )


def either(conditions: Iterable[str]) -> str:
    """Whether any is true; FALSE of none."""
    return " OR ".join(each for each in conditions if each != "FALSE") or "FALSE"


def both(*conditions: str) -> str:
    """Whether all are true."""
    if "FALSE" in conditions:
        return "FALSE"
    return " AND ".join(f"({each})" if " OR " in each else each for each in conditions)


def counted(condition: str) -> str:
    """How many rows meet a condition."""
    return f"COUNT(CASE WHEN {condition} THEN 1 END)" if condition != "FALSE" else "0"
