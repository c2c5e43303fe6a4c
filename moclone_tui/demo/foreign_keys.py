"""Foreign keys: who refers to whom, and whether every child has its parent."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from moclone_tui.demo.errors import ServerError, internal, not_supported
from moclone_tui.demo.model import Catalog, Database, ForeignKey, Relation, Row

if TYPE_CHECKING:
    from moclone_tui.demo.session import Session


def children(
    catalog: Catalog, account: int, database: str, table: str | None = None
) -> Iterator[tuple[Database, Relation, ForeignKey]]:
    """The foreign keys that point at a table, or at any table of a database."""
    for home in catalog.of_account(account):
        for relation in home.relations.values():
            for key in relation.layout.foreign_keys:
                if key.parent_database != database:
                    continue
                if table in (None, key.parent_table):
                    yield home, relation, key


def is_parent(session: "Session", database: str, table: str) -> bool:
    """Whether any other table points at this one."""
    found = children(session.catalog, session.account.id, database, table)
    return any(
        (home.name, relation.name) != (database, table) for home, relation, _ in found
    )


_NO_PARENT = "Cannot add or update a child row: a foreign key constraint fails"
_HAS_CHILDREN = "Cannot delete or update a parent row: a foreign key constraint fails"


def check_children(
    session: "Session",
    child: tuple[str, Relation],
    rows: Sequence[Row],
    *,
    inserted: bool = False,
) -> None:
    """Insist that new rows find their parents.

    Args:
        session: Who changes them.
        child: Their database and table.
        rows: The new rows, which are not in the table yet.
        inserted: Whether they are new altogether.

    Raises:
        ServerError: 1452 if one does not; 20101 for rows that are inserted.
    """
    database, relation = child
    layout = relation.layout
    for key in layout.foreign_keys:
        wanted = set(map(layout.part(key.columns), rows))
        wanted = {value for value in wanted if None not in value}
        parent = session.catalog.relation(
            session.account.id, key.parent_database, key.parent_table
        )
        if parent is None or not wanted:
            continue
        there = _all_values(parent, key.parent_columns)
        is_own = (key.parent_database, key.parent_table) == (database, relation.name)
        if is_own:
            there |= set(map(layout.part(key.parent_columns), rows))
        if wanted <= there:
            continue
        if inserted and not is_own:
            raise internal(_NO_PARENT)
        raise ServerError(1452, _NO_PARENT)


def check_parents(
    session: "Session",
    database: str,
    relation: Relation,
    gone: Sequence[Row],
    come: Sequence[Row],
) -> None:
    """Insist that rows which go, and do not come back changed, have no children.

    Raises:
        ServerError: 20101 if one has; 1217 for rows that are changed.
    """
    if not session.foreign_key_checks or not gone:
        return
    account = session.account.id
    found = children(session.catalog, account, database, relation.name)
    for _, child, key in found:
        part = relation.layout.part(key.parent_columns)
        lost = set(map(part, gone)) - set(map(part, come))
        if lost & _all_values(child, key.columns):
            if gone and not come and key.on_delete in ("CASCADE", "SET NULL"):
                raise not_supported(f"ON DELETE {key.on_delete}")
            raise ServerError(1217, _HAS_CHILDREN) if come else internal(_HAS_CHILDREN)


def _all_values(relation: Relation, columns: Sequence[str]) -> set[tuple[object, ...]]:
    return set(map(relation.layout.part(columns), relation.data.rows))
