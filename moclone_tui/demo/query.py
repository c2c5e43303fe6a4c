"""Evaluate a query: parse it, bind its tables, run it, give its columns their types."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from moclone_tui.demo import sqltypes as types
from moclone_tui.demo.errors import not_supported
from moclone_tui.demo.functions import PURE
from moclone_tui.demo.infer import Inference
from moclone_tui.demo.lexer import Token, tokenize
from moclone_tui.demo.model import Relation, Row
from moclone_tui.demo.moments import Moment, present
from moclone_tui.demo.parsing import Parsed, parse_query, parse_query_text
from moclone_tui.demo.reply import Reply, ResultColumn
from moclone_tui.demo.session_functions import SESSION
from moclone_tui.demo.sources import Sources
from moclone_tui.demo.sqltypes import SqlType, converter
from moclone_tui.demo.translate import to_sqlite, translate

if TYPE_CHECKING:
    from moclone_tui.demo.session import Session

_FUNCTION_TYPES = {name: kind for name, (_, kind) in {**PURE, **SESSION}.items()}


def run_query(session: "Session", tokens: Sequence[Token]) -> Reply:
    """Answer a query."""
    columns, rows = _evaluate(session, parse_query(tokens))
    if rows and len(rows[0]) != len(columns):
        raise not_supported("these columns; name them one by one")
    settled = [
        (name, kind if kind is not types.NULL else _type_by_value(rows, index))
        for index, (name, kind) in enumerate(columns)
    ]
    return Reply(settled, _wired([kind for _, kind in settled], rows))


def _wired(kinds: Sequence[SqlType], rows: list[Row]) -> list[Row]:
    converters = [converter(kind) for kind in kinds]
    return [
        tuple(
            value if value is None or convert is None else convert(value)
            for convert, value in zip(converters, row, strict=True)
        )
        for row in rows
    ]


def select_rows(session: "Session", tokens: Sequence[Token]) -> list[Row]:
    """The bare rows of a query, for the statements that change tables."""
    return _evaluate(session, parse_query_text(tokens, []))[1]


def check_view(
    session: "Session", view: Relation, moment: Moment
) -> list[ResultColumn]:
    """Find a view's columns, and whether all that it reads is there.

    Raises:
        ServerError: 1064 or 1049 for what is not there.
    """
    parsed = parse_query(tokenize(view.query).tokens)
    sources = Sources(session)
    try:
        database = view.default_database
        sources.bind(parsed.tree, database, moment, parsed.hints, depth=1)
        return _columns(sources, parsed)
    finally:
        sources.release()


def check_query(session: "Session", tokens: Sequence[Token]) -> list[str]:
    """Find the tables that a query reads, through views too, without running it.

    Raises:
        ServerError: If it reads what is not there, or may not be read.
    """
    parsed = parse_query(tokens)
    sources = Sources(session)
    try:
        sources.bind(parsed.tree, session.database, present(session), parsed.hints)
        _columns(sources, parsed)
        session.state.engine.run(f"EXPLAIN {to_sqlite(parsed.tree)}")
        return sources.scanned
    finally:
        sources.release()


def _evaluate(
    session: "Session", parsed: Parsed
) -> tuple[list[ResultColumn], list[Row]]:
    sources = Sources(session)
    try:
        moment = present(session)
        sources.bind(parsed.tree, session.database, moment, parsed.hints)
        columns = _columns(sources, parsed)
        return columns, session.state.engine.run(to_sqlite(parsed.tree))
    finally:
        sources.release()


def _columns(sources: Sources, parsed: Parsed) -> list[ResultColumn]:
    parsed.tree = translate(parsed.tree)
    inference = Inference(sources.columns, _FUNCTION_TYPES)
    return inference.columns_of(parsed.tree, parsed.written)


def _type_by_value(rows: Sequence[Row], index: int) -> SqlType:
    for row in rows:
        value = row[index]
        if isinstance(value, int):
            return types.BIGINT
        if isinstance(value, float):
            return types.DOUBLE
        if isinstance(value, bytes):
            return types.BLOB
        if value is not None:
            return types.VARCHAR
    return types.NULL
