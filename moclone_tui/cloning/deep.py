"""Compare every row of a copy with its source, once the copy is there."""

from __future__ import annotations

from moclone_tui import text
from moclone_tui.api import Kind, Moment, TableName
from moclone_tui.api._connected import Connected
from moclone_tui.cloning.progress import Progress
from moclone_tui.errors import QueryError


def differing(copy: TableName, source: TableName, at: Moment) -> str:
    """How many rows differ; the server refuses it before COMMIT."""
    return f"DATA BRANCH DIFF {copy.sql} AGAINST {source.sql}{at.hint} OUTPUT COUNT"


def compare_rows(
    run: Connected,
    pairs: tuple[tuple[TableName, TableName], ...],
    at: Moment,
    progress: Progress,
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Compare tables row by row: some seconds for a million rows on each side.

    Args:
        run: A client: the copies are committed.
        pairs: Copies, each with its source.
        at: The moment of the sources.
        progress: Hears each table.

    Returns:
        What differs, and what could not be compared and why, in words.

    Raises:
        Cancelled: It was stopped.
        ConnectionError: The connection was lost.
    """
    differences, unchecked = [], []
    for copy, source in pairs:
        statement = differing(copy, source, at)
        with progress.step(statement) as step:
            try:
                rows = int(run.execute(statement).first[0])
            except QueryError as error:
                unchecked.append(f"the rows of {copy}: {error}")
                continue
            step.text = f"every row of {copy}: {rows or 'none'} differ"
        if rows:
            differences.append(f"{copy}: {text.plural(rows, 'row')} differ")
    return tuple(differences), tuple(unchecked)


def tables_of(
    run: Connected, copy: str, source: str
) -> tuple[tuple[TableName, TableName], ...]:
    """The tables of a copied database, each with the source of the same name."""
    return tuple(
        (TableName(each.name, copy), TableName(each.name, source))
        for each in run.metadata.tables(copy)
        if each.kind is Kind.TABLE
    )
