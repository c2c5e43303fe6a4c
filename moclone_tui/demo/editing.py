"""Change the rows of a table: each change makes a new version of it."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from moclone_tui.demo.errors import ServerError, internal, no_such_table
from moclone_tui.demo.foreign_keys import (
    check_children,
    check_parents,
    is_parent,
    values,
)
from moclone_tui.demo.lexer import made, quote_name
from moclone_tui.demo.model import Column, Relation, Row
from moclone_tui.demo.query import select_rows
from moclone_tui.demo.values import store

if TYPE_CHECKING:
    from moclone_tui.demo.session import Session

UniqueKeys = list[tuple[str, tuple[str, ...]]]


class Editor:
    """One table, open for changes by one statement."""

    def __init__(
        self, session: "Session", database: str, name: str, privilege: str
    ) -> None:
        """Open a table.

        Raises:
            ServerError: If it is not there, is no table, or may not be changed.
        """
        self._session = session
        self._account = session.account.id
        self._database = database
        home = session.work.database(self._account, database)
        found = home.relations.get(name)
        if found is None:
            raise no_such_table(database, name)
        session.rights.require_on_table(privilege, home, found)
        if found.kind != "r":
            raise internal(f"cannot {privilege} into {database}.{name}: not a table")
        self.relation: Relation = found
        self.insert_id = 0

    def complete(self, columns: Sequence[str], row: Row) -> list[object]:
        """A row for all columns, from values for some; the rest gets its default.

        Raises:
            ServerError: If numbers do not fit or a column does not exist.
        """
        layout = self.relation.layout
        if len(columns) != len(row):
            raise ServerError(1136, "Column count doesn't match value count at row 1")
        full: list[object] = [_DEFAULT] * len(layout.columns)
        for column, value in zip(columns, row, strict=True):
            position = layout.position(column)
            if position is None:
                raise internal(f"column '{column}' does not exist")
            full[position] = value
        return full

    @property
    def qualified_name(self) -> str:
        """The table's name, quoted."""
        return f"{quote_name(self._database)}.{quote_name(self.relation.name)}"

    def clashing(self, given: Sequence[object]) -> int | None:
        """Where the row stands that has a key of this one, if one has."""
        layout = self.relation.layout
        row, _ = self._finished(given, self.relation.next_auto)
        for _, columns in self._unique_keys():
            wanted = values(layout, columns, row)
            for position, there in enumerate(self.relation.data.rows):
                if None not in wanted and values(layout, columns, there) == wanted:
                    return position
        return None

    def insert(
        self,
        rows: Sequence[Sequence[object]],
        *,
        ignore: bool = False,
        replace: bool = False,
    ) -> int:
        """Add rows; gives how many.

        Raises:
            ServerError: 1062 for a key that is there, unless it is ignored or replaced.
        """
        next_auto = self.relation.next_auto
        added: list[Row] = []
        for given in rows:
            row, next_auto = self._finished(given, next_auto)
            added.append(row)
        kept = list(self.relation.data.rows)
        if replace:
            there, kept = kept, self._without_clashes(kept, added)
            if is_parent(self._session, self._database, self.relation.name):
                still = set(kept)
                self._check_parents([row for row in there if row not in still], [])
        accepted = self._accepted(kept, added, ignore=ignore)
        check_children(self._session, self.relation.layout, accepted, inserted=True)
        self._save((*kept, *accepted), next_auto)
        return len(accepted)

    def update(self, changes: Mapping[int, Mapping[str, object]]) -> int:
        """Change columns of rows, by the rows' positions; gives how many."""
        layout = self.relation.layout
        positions = {c.name.lower(): i for i, c in enumerate(layout.columns)}
        rows = list(self.relation.data.rows)
        before, after = [], []
        for index, assigned in changes.items():
            row = list(rows[index])
            for column, value in assigned.items():
                at = positions[column.lower()]
                row[at] = _checked(layout.columns[at], value)
            before.append(rows[index])
            after.append(tuple(row))
        if self._keeps_old_rows():
            self._save((*rows, *after), None)
            return len(changes)
        for index, row_after in zip(changes, after, strict=True):
            rows[index] = row_after
        self._check_parents(before, after)
        check_children(self._session, layout, after)
        self._check_unique(rows)
        self._save(tuple(rows), None)
        return len(changes)

    def delete(self, positions: set[int]) -> int:
        """Remove rows, by their positions; gives how many."""
        if self._keeps_old_rows():
            return len(positions)
        rows = self.relation.data.rows
        removed = [rows[index] for index in positions]
        self._check_parents(removed, [])
        kept = tuple(row for i, row in enumerate(rows) if i not in positions)
        self._save(kept, None)
        return len(positions)

    def _keeps_old_rows(self) -> bool:
        """The real server's fault: a parent cloned here loses no row until COMMIT.

        It has nothing to do with `foreign_key_checks`.
        """
        return self.relation.id in self._session.work.clones and is_parent(
            self._session, self._database, self.relation.name
        )

    def _finished(self, given: Sequence[object], next_auto: int) -> tuple[Row, int]:
        row: list[object] = []
        for column, value in zip(self.relation.layout.columns, given, strict=True):
            if column.auto and value in (None, _DEFAULT):
                self.insert_id = self.insert_id or next_auto
                row.append(next_auto)
                next_auto += 1
                continue
            chosen = _default(self._session, column) if value is _DEFAULT else value
            row.append(_checked(column, chosen))
            if column.auto and isinstance(row[-1], int):
                next_auto = max(next_auto, row[-1] + 1)
        return tuple(row), next_auto

    def _unique_keys(self) -> UniqueKeys:
        layout = self.relation.layout
        keys: UniqueKeys = [(i.name, i.columns) for i in layout.indexes if i.unique]
        if layout.primary:
            keys.insert(0, (",".join(layout.primary), layout.primary))
        return keys

    def _accepted(
        self, kept: Sequence[Row], added: Sequence[Row], *, ignore: bool
    ) -> list[Row]:
        layout, keys = self.relation.layout, self._unique_keys()
        seen = [{values(layout, columns, row) for row in kept} for _, columns in keys]
        accepted = []
        for row in added:
            mine = [values(layout, columns, row) for _, columns in keys]
            clash = next(
                (i for i, v in enumerate(mine) if None not in v and v in seen[i]), None
            )
            if clash is None:
                accepted.append(row)
                for there, value in zip(seen, mine, strict=True):
                    there.add(value)
            elif not ignore:
                raise _duplicate(mine[clash], keys[clash][0])
        return accepted

    def _without_clashes(self, kept: list[Row], added: Sequence[Row]) -> list[Row]:
        layout = self.relation.layout
        for _, columns in self._unique_keys():
            coming = {values(layout, columns, row) for row in added}
            kept = [row for row in kept if values(layout, columns, row) not in coming]
        return kept

    def _check_unique(self, rows: Sequence[Row]) -> None:
        layout = self.relation.layout
        for name, columns in self._unique_keys():
            seen: set[tuple[object, ...]] = set()
            for row in rows:
                value = values(layout, columns, row)
                if value in seen and None not in value:
                    raise _duplicate(value, name)
                seen.add(value)

    def _check_parents(self, gone: Sequence[Row], come: Sequence[Row]) -> None:
        check_parents(self._session, self._database, self.relation, gone, come)

    def _save(self, rows: tuple[Row, ...], next_auto: int | None) -> None:
        changed = self.relation.with_rows(rows, next_auto)
        self._session.work.put(self._account, self._database, changed)
        self.relation = changed


class _Default:
    """Stands for a column's default."""


_DEFAULT = _Default()


def _checked(column: Column, value: object) -> object:
    stored = store(column.type, value)
    if stored is None and not column.nullable:
        raise ServerError(1048, f"Column '{column.name}' cannot be null")
    return stored


def _default(session: "Session", column: Column) -> object:
    default = column.default
    if default is None:
        return None
    if default.startswith("'"):
        return default[1:-1]
    if default.startswith("("):
        return select_rows(session, made(f"select {default}"))[0][0]
    is_now = default.startswith(("current_timestamp", "now"))
    return session.now_text() if is_now else default


def _duplicate(value: tuple[object, ...], key: str) -> ServerError:
    shown = ",".join(str(part) for part in value)
    if len(value) > 1:
        shown = f"({shown})"
    return ServerError(1062, f"Duplicate entry '{shown}' for key '{key}'")
