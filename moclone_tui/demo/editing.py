"""Change the rows of a table: each change makes a new version of it."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from moclone_tui.demo.ddl_text import create_table
from moclone_tui.demo.errors import ServerError, internal, invalid_input, no_such_table
from moclone_tui.demo.foreign_keys import (
    check_children,
    check_parents,
    is_parent,
)
from moclone_tui.demo.lexer import made, quote_name
from moclone_tui.demo.model import Column, Relation, Row
from moclone_tui.demo.query import select_rows
from moclone_tui.demo.values import store

if TYPE_CHECKING:
    from moclone_tui.demo.session import Session


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
        if found.kind == "S":
            raise invalid_input("Cannot insert/update/delete from sequence")
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
        for columns in self._unique_keys():
            part = layout.part(columns)
            wanted = part(row)
            for position, there in enumerate(self.relation.data.rows):
                if None not in wanted and part(there) == wanted:
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
        kept, gone = list(self.relation.data.rows), 0
        if replace:
            clashes = self._clashes(kept, added)
            lost, gone = set(clashes), len(clashes)
            self._check_parents([kept[index] for index in lost], [])
            kept = [row for index, row in enumerate(kept) if index not in lost]
        accepted = self._accepted(kept, added, ignore=ignore)
        self._check_children(accepted, inserted=True)
        self._save((*kept, *accepted), next_auto)
        return gone + len(accepted)

    def update(self, changes: Mapping[int, Mapping[str, object]]) -> int:
        """Change columns of rows, by the rows' positions; gives how many."""
        if not changes:
            return 0
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
            rows[index] = after[-1]
        self._check_parents(before, after)
        self._check_children(after)
        self._check_unique(rows, {c.lower() for a in changes.values() for c in a})
        stale = self._stale()
        doubled = [rows[index] for index in changes if index < stale]
        rows[:stale] = self.relation.data.rows[:stale]
        self._save((*rows, *doubled), None)
        return len(changes)

    def delete(self, positions: set[int]) -> int:
        """Remove rows, by their positions; gives how many."""
        if not positions:
            return 0
        rows = self.relation.data.rows
        self._check_parents([rows[index] for index in positions], [])
        stale = self._stale()
        kept = (r for i, r in enumerate(rows) if i < stale or i not in positions)
        self._save(tuple(kept), None)
        return len(positions)

    def clear(self) -> int:
        """Remove all rows; the real server counts those that it cloned as one.

        Raises:
            ServerError: 20101 if the table was cloned in this transaction and changed,
                in the real server's words.
        """
        relation, rows = self.relation, self.relation.data.rows
        cloned = self._session.work.clones.get(self.relation.id, ())
        if self._session.foreign_key_checks and self._is_parent():
            return self.delete(set(range(len(rows))))
        if rows[: len(cloned)] != cloned:
            raise internal(
                "panic runtime error: invalid memory address or "
                "nil pointer dereference: "
            )
        self._session.work.clones.pop(relation.id, None)
        self._check_parents(rows, [])
        text = create_table(self._database, relation)
        self.relation = relation.rewritten(text, self._session.state.now())
        self._save((), None)
        return bool(cloned) + len(rows) - len(cloned)

    def _stale(self) -> int:
        """How many of the first rows stay whatever is done to them.

        The real server's fault: a parent cloned here loses no row until COMMIT. It has
        nothing to do with `foreign_key_checks`.
        """
        cloned = self._session.work.clones.get(self.relation.id, ())
        return len(cloned) if cloned and self._is_parent() else 0

    def _is_parent(self) -> bool:
        return is_parent(self._session, self._database, self.relation.name)

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

    def _unique_keys(self) -> list[tuple[str, ...]]:
        layout = self.relation.layout
        keys = [index.columns for index in layout.indexes if index.unique]
        return [layout.primary, *keys] if layout.primary else keys

    def _accepted(
        self, kept: Sequence[Row], added: list[Row], *, ignore: bool
    ) -> list[Row]:
        """The new rows without those that clash, looked at key by key."""
        layout = self.relation.layout
        for columns in self._unique_keys():
            part = layout.part(columns)
            seen = set(map(part, kept))
            accepted = []
            for row in added:
                value = part(row)
                if None in value or value not in seen:
                    accepted.append(row)
                    seen.add(value)
                elif not ignore:
                    raise _duplicate(value, columns)
            added = accepted
        return added

    def _clashes(self, kept: Sequence[Row], added: Sequence[Row]) -> list[int]:
        """Where rows stand that new ones replace, once for each key that clashes."""
        layout = self.relation.layout
        found: list[int] = []
        for columns in self._unique_keys():
            part = layout.part(columns)
            coming = set(map(part, added))
            for index, row in enumerate(kept):
                value = part(row)
                if None not in value and value in coming:
                    found.append(index)
        return found

    def _check_unique(self, rows: Sequence[Row], changed: set[str]) -> None:
        layout = self.relation.layout
        for columns in self._unique_keys():
            if changed.isdisjoint(column.lower() for column in columns):
                continue
            part = layout.part(columns)
            seen: set[tuple[object, ...]] = set()
            for row in rows:
                value = part(row)
                if value in seen and None not in value:
                    raise _duplicate(value, columns)
                seen.add(value)

    def _check_children(self, rows: Sequence[Row], *, inserted: bool = False) -> None:
        if self._session.foreign_key_checks:
            home = (self._database, self.relation)
            check_children(self._session, home, rows, inserted=inserted)

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


def _duplicate(value: tuple[object, ...], columns: tuple[str, ...]) -> ServerError:
    shown, key = ",".join(str(part) for part in value), ",".join(columns)
    if len(value) > 1:
        shown, key = f"({shown})", f"({key})"
    return ServerError(1062, f"Duplicate entry '{shown}' for key '{key}'")
