"""Compare the rows of two tables of one server: how many, and some of them.

`DATA BRANCH DIFF` reads the changes only, where both sides are one table at two
moments. It tells strangers apart by whole rows, refuses tables that were altered, and
is not always right (3.0.18 and 4.2.0): of a key with fractions of a second it loses
what was deleted, 3.0 of a binary one, too; and 3.0 takes a row for changed that was
overwritten with what it was. So its numbers have to agree with the counts of both
sides; if they do not, the server joins the two, or adds up equal rows where there is no
key.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from moclone_tui.api._connected import Connected
from moclone_tui.cloning import compare_sql, shape
from moclone_tui.cloning.comparison import RowChanges, Side
from moclone_tui.cloning.shape import Shape
from moclone_tui.cloning.texts import texts
from moclone_tui.errors import QueryError

_PAIRED = 10_000
"""Up to how many rows of a DIFF are read to see which belong together."""

Key = tuple[object, ...]
Values = tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class ChangedRow:
    """A row that is not the same on both sides. Texts are as the server has them."""

    left: Values | None
    """What it is on the left; None if it is not there."""
    right: Values | None

    @property
    def sign(self) -> str:
        """`+` only the right side has it, `-` only the left, `~` both have it."""
        if self.left is None:
            return "+"
        return "-" if self.right is None else "~"


@dataclass(frozen=True, slots=True)
class RowSample:
    """Some of the rows that differ."""

    columns: tuple[str, ...] = ()
    """The columns of the rows: those that both sides have."""
    key: tuple[str, ...] = ()
    """What tells rows apart; empty if nothing does."""
    rows: tuple[ChangedRow, ...] = ()
    unknown: str = ""
    """Why they cannot be told, in words; empty if they can."""

    def as_lines(self) -> list[str]:
        """A row a line, of a changed one what changed; not yet fit to show."""
        return [f"{row.sign} {self._said(row)}" for row in self.rows]

    def _said(self, row: ChangedRow) -> str:
        if row.left is None or row.right is None:
            values = row.left or row.right or ()
            pairs = zip(self.columns, values, strict=True)
            return ", ".join(f"{name} {_shown(value)}" for name, value in pairs)
        whole = [*zip(self.columns, row.left, row.right, strict=True)]
        key = [f"{name} {_shown(was)}" for name, was, _ in whole if name in self.key]
        other = [
            f"{name} {_shown(was)} → {_shown(now)}"
            for name, was, now in whole
            if was != now
        ]
        return f"{', '.join(key)}: {', '.join(other)}"


def _shown(value: str | None) -> str:
    return "NULL" if value is None else repr(value)


def row_changes(run: Connected, left: Side, right: Side) -> RowChanges:
    """Count the rows that differ between two tables, exactly.

    Two round trips for what makes them, and one or two to count. Of one table at two
    moments the server reads the changes; of two tables it reads both: some seconds for
    a million rows.

    Args:
        run: A client.
        left: The table as it was.
        right: The table as it is, or another one.

    Returns:
        The numbers; or why they are not known.

    Raises:
        ConnectionError: The connection was lost.
        Cancelled: It was stopped.
    """
    try:
        pair = _read(run, left, right)
        return _by_diff(run, pair) or _by_sql(run, pair)
    except QueryError as error:
        return RowChanges(unknown=str(error))


def changed_rows(run: Connected, left: Side, right: Side, limit: int = 20) -> RowSample:
    """Some of the rows that differ, in the order of their key.

    Four to five round trips. What it costs is as in `row_changes`.

    Args:
        run: A client.
        left: The table as it was.
        right: The table as it is, or another one.
        limit: How many rows at most.

    Returns:
        The rows; or why they cannot be told.

    Raises:
        ConnectionError: The connection was lost.
        Cancelled: It was stopped.
    """
    try:
        pair = _read(run, left, right)
        if not pair.key:
            return _sample_by_row(run, pair, limit)
        keys = [*dict.fromkeys(_keys(run, pair, limit))][:limit]
        return _with_values(run, pair, keys)
    except QueryError as error:
        return RowSample(unknown=str(error))


# ------------------------------------------------------------------- the two sides


@dataclass(frozen=True, slots=True)
class _Pair:
    """Two tables, and what of them can be compared."""

    left: Side
    right: Side
    columns: tuple[str, ...]
    """What both have and the server can compare, in the order of the right side."""
    key: tuple[str, ...]
    """What tells rows apart on both sides; nothing if that is not the same."""
    all_left: tuple[str, ...]
    all_right: tuple[str, ...]
    note: str

    @property
    def others(self) -> tuple[str, ...]:
        """What is compared besides the key."""
        return tuple(name for name in self.columns if name not in self.key)

    @property
    def one_table(self) -> bool:
        """Whether both sides are one table, at two moments."""
        return self.left.name == self.right.name

    @property
    def one_moment(self) -> bool:
        """Whether one statement can name both sides."""
        return not (self.left.at and self.right.at) or self.left.at == self.right.at

    @property
    def target(self) -> tuple[Side, Side]:
        """For DIFF, which asks for every column of its base: target and base."""
        if set(self.all_left) <= set(self.all_right):
            return self.right, self.left
        return self.left, self.right


def _read(run: Connected, left: Side, right: Side) -> _Pair:
    before = shape.read(run.metadata.ddl(left.name, left.at))
    after = shape.read(run.metadata.ddl(right.name, right.at))
    if not (before.columns and after.columns):
        raise QueryError("Only tables have rows of their own to compare.")
    if not set(before.columns) & set(after.columns):
        raise QueryError("The two have no column in common.")
    types = {**shape.types(before), **shape.types(after)}
    shared = [name for name in after.columns if name in before.columns]
    columns = [n for n in shared if not types[n].startswith(shape.UNCOMPARED)]
    return _Pair(
        left,
        right,
        tuple(columns),
        _key(before, after),
        before.columns,
        after.columns,
        _left_out(before, after, columns),
    )


def _key(before: Shape, after: Shape) -> tuple[str, ...]:
    key = shape.identity(after)
    return key if set(key) == set(shape.identity(before)) else ()


def _left_out(before: Shape, after: Shape, columns: Iterable[str]) -> str:
    names = dict.fromkeys((*before.columns, *after.columns))
    left_out = [name for name in names if name not in set(columns)]
    return f"without {', '.join(left_out)}" if left_out else ""


# ---------------------------------------------------------------------- how many


def _by_diff(run: Connected, pair: _Pair) -> RowChanges | None:
    """By the server's own comparison; None if that would not be exact."""
    if not _diffable(run, pair):
        return None
    target, base = pair.target
    try:
        rows = run.execute(compare_sql.diff_summary(target, base)).rows
    except QueryError:
        if pair.one_moment:
            return None
        raise
    mine = {str(word): (int(one), int(two)) for word, one, two in rows}
    (added, base_added), (gone, base_gone), (updated, base_updated) = (
        mine[word] for word in ("INSERTED", "DELETED", "UPDATED")
    )
    # What the base lost, the target has more than it; and the other way round.
    more, fewer, other = added + base_gone, gone + base_added, updated + base_updated
    if target is pair.left:
        more, fewer = fewer, more
    if pair.key and added + gone + updated and base_added + base_gone + base_updated:
        # Strangers: a row that differs counts as a new one on each side.
        return None if pair.one_moment else _by_pairs(run, pair, more + fewer + other)
    if other and not _by_value(run) and pair.one_moment and pair.key:
        return None
    if more - fewer == _grown(run, pair):
        return RowChanges(more, other, fewer, _note(run, pair, other))
    return None


def _diffable(run: Connected, pair: _Pair) -> bool:
    if pair.key and pair.one_moment and not pair.one_table:
        return False  # a join does it in one go
    # 3.0 compares columns by their place, whatever their names.
    alike = pair.all_left == pair.all_right
    return alike or (bool(pair.key) and _by_value(run))


def _by_value(run: Connected) -> bool:
    return run.capabilities.has("diff_by_value")


def _grown(run: Connected, pair: _Pair) -> int:
    """How many more rows the right side has."""
    left, right = pair.left, pair.right
    before = run.metadata.count_rows([left.name], left.at)[left.name]
    return run.metadata.count_rows([right.name], right.at)[right.name] - before


def _note(run: Connected, pair: _Pair, updated: int) -> str:
    if updated and not _by_value(run):
        return "rows that were overwritten with what they were count as updated"
    return pair.note


def _by_sql(run: Connected, pair: _Pair) -> RowChanges:
    left, right = pair.left, pair.right
    if not pair.one_moment:
        return RowChanges(unknown="the server cannot tell it of two past moments")
    if not pair.key:
        query = compare_sql.count_by_row(left, right, pair.columns)
        inserted, deleted = (int(each) for each in run.execute(query).first)
        return RowChanges(inserted, 0, deleted, pair.note)
    query = compare_sql.count_by_key(left, right, pair.key, pair.others)
    before, gone, updated, now = (int(each) for each in run.execute(query).first)
    return RowChanges(now - (before - gone), updated, gone, pair.note)


def _by_pairs(run: Connected, pair: _Pair, total: int) -> RowChanges:
    """Of two moments of strangers: a key that is named twice has other values."""
    if total > _PAIRED:
        many = f"{total:,}"
        return RowChanges(
            unknown=f"{many} rows differ, too many to say which belong together"
        )
    named = [*_diff_keys(run, pair, total)]
    alone = 2 * len(set(named)) - len(named)
    inserted = (alone + _grown(run, pair)) // 2
    return RowChanges(
        inserted, len(named) - len(set(named)), alone - inserted, pair.note
    )


# ------------------------------------------------------------------- which of them


def _keys(run: Connected, pair: _Pair, limit: int) -> list[Key]:
    """The keys of some rows that differ; of two past moments, maybe of others, too."""
    if not pair.one_moment or _by_diff(run, pair) is not None:
        # A row that has other values may be there twice.
        return [*_diff_keys(run, pair, 2 * limit)]
    gone = compare_sql.keys_left(pair.left, pair.right, pair.key, pair.others, limit)
    new = compare_sql.keys_right(pair.left, pair.right, pair.key, limit)
    return sorted(tuple(row) for query in (gone, new) for row in run.execute(query))


def _diff_keys(run: Connected, pair: _Pair, limit: int) -> Iterator[Key]:
    target, base = pair.target
    found = run.execute(compare_sql.diff_rows(target, base, limit))
    names = [name.lower() for name in found.columns[2:]]
    at = [2 + names.index(name.lower()) for name in pair.key]
    for row in found:
        yield tuple(row[each] for each in at)


def _with_values(run: Connected, pair: _Pair, keys: Sequence[Key]) -> RowSample:
    sample = RowSample(pair.columns, pair.key)
    if not keys:
        return sample
    left, right = (_rows(run, pair, side, keys) for side in (pair.left, pair.right))
    rows = tuple(
        ChangedRow(left.get(key), right.get(key))
        for key in sorted(left.keys() | right.keys())
        if left.get(key) != right.get(key)
    )
    return replace(sample, rows=rows)


def _rows(
    run: Connected, pair: _Pair, side: Side, keys: Sequence[Key]
) -> Mapping[Key, Values]:
    query = compare_sql.rows_of(side, pair.columns, pair.key, len(keys))
    values = [value for key in keys for value in key]
    at = [pair.columns.index(name) for name in pair.key]
    return {
        tuple(row[each] for each in at): texts(row)
        for row in run.execute(query, values)
    }


def _sample_by_row(run: Connected, pair: _Pair, limit: int) -> RowSample:
    if not pair.one_moment:
        return RowSample(
            unknown="there is no key to tell rows apart by, at two past moments"
        )
    query = compare_sql.sample_by_row(pair.left, pair.right, pair.columns, limit)
    rows: list[ChangedRow] = []
    for *values, many in run.execute(query):
        said = texts(values)
        one = ChangedRow(None, said) if int(many) > 0 else ChangedRow(said, None)
        rows += [one] * min(abs(int(many)), limit)
    return RowSample(pair.columns, (), tuple(rows[:limit]))
