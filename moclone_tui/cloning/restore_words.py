"""What a restore would change, in words: of a comparison of then with now."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from moclone_tui.api import Kind
from moclone_tui.cloning.comparison import Comparison, State, TableDiff
from moclone_tui.text import count, plural, safe

_PITR = re.compile(r"CREATE PITR\s+`?([^`\s]+)`?", re.IGNORECASE)


def lines(found: Comparison) -> tuple[str, ...]:
    """What would change, object by object, and how much would not; fit to show.

    Args:
        found: The left side as it was, the right as it is now. Rows are told exactly
            where they were compared, by their number where not.
    """
    there_then, there_now = found.there
    said = []
    if not there_now:
        said.append(f"{safe(found.right.database)} comes back")
    if not there_then:
        said.append(f"{safe(found.left.database)} was not there then")
    # What is there on both sides comes first: its rows are what matters most.
    tables = sorted(found.tables, key=lambda each: not all(each.there))
    changed = [(each, line) for each in tables if (line := line_of(each))]
    said += [line for _, line in changed]
    same = len(found.tables) - len(changed)
    if same:
        sure = all(
            each.changes is not None or each.kind is not Kind.TABLE
            for each in found.tables
            if not line_of(each)
        )
        by = "" if sure else ", as far as numbers of rows tell"
        stays = "stays as it is" if same == 1 else "stay as they are"
        said.append(f"{plural(same, 'object')} {stays}{by}")
    return tuple(said)


def line_of(diff: TableDiff) -> str:
    """What would become of one object; empty if nothing, as far as is known."""
    name = safe(diff.name)
    match diff.state:
        case State.ONLY_LEFT:
            rows = f", {_rows(diff.rows_left)}" if diff.rows_left else ""
            return f"{diff.kind} {name} comes back{rows}"
        case State.ONLY_RIGHT:
            kind = diff.kinds[1] or diff.kind
            rows = f", {_rows(diff.rows_right)} with it" if diff.rows_right else ""
            return f"{kind} {name} is dropped{rows}"
    parts = [*_definition(diff), *_changes(diff)]
    if not parts and diff.unknown:
        parts = [f"not known: {safe(diff.unknown)}"]
    return f"{name}: {', '.join(parts)}" if parts else ""


def _definition(diff: TableDiff) -> Iterator[str]:
    if diff.state is State.ALTERED:
        if diff.kinds[0] is not diff.kinds[1]:
            yield f"becomes a {diff.kinds[0]} again"
        else:
            yield "its definition is what it was"


def _changes(diff: TableDiff) -> Iterator[str]:
    changes = diff.changes
    if changes is None or changes.unknown:
        then, now = diff.rows_left, diff.rows_right
        if then is not None and now is not None and then != now:
            yield f"{_rows(then)} then, {count(now)} now"
        return
    if changes.deleted:
        come = "comes" if changes.deleted == 1 else "come"
        yield f"{_rows(changes.deleted)} {come} back"
    if changes.updated:
        rows = plural(changes.updated, "row gets", "rows get")
        yield f"{rows} older values"
    if changes.inserted:
        yield plural(changes.inserted, "newer row is lost", "newer rows are lost")


def _rows(number: int | None) -> str:
    return plural(number or 0, "row")


def remade(statements: Sequence[str]) -> tuple[str, ...]:
    """What is made again afterwards: `3 grants are made again`; fit to show.

    Args:
        statements: As `Plan.remade` has them.
    """
    grants = sum(each.upper().startswith("GRANT ") for each in statements)
    said = [plural(grants, "grant is", "grants are") + " made again"] if grants else []
    pitrs = [found[1] for each in statements if (found := _PITR.match(each))]
    said += [f"the PITR {safe(name)} starts anew" for name in pitrs]
    return tuple(said)
