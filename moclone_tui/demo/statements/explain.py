"""EXPLAIN and DESCRIBE."""

from typing import TYPE_CHECKING

from moclone_tui.demo import sqltypes as types
from moclone_tui.demo.query import check_query
from moclone_tui.demo.reader import TokenReader
from moclone_tui.demo.reply import Reply
from moclone_tui.demo.statements.show_columns import show_columns

if TYPE_CHECKING:
    from moclone_tui.demo.session import Session


def explain(session: "Session", read: TokenReader) -> Reply:
    """EXPLAIN query: whether it could run, and what it reads; no more of the plan."""
    read.accept_any("analyze", "verbose")
    token = read.peek()
    if token is None or not (token.is_operator("(") or token.is_word("select", "with")):
        return show_columns(session, read, full=False)
    scanned = check_query(session, read.rest())
    shown = ["Project", *(f"  ->  Table Scan on {name}" for name in scanned)]
    return Reply([("TP QUERY PLAN", types.VARCHAR)], [(line,) for line in shown])


def describe(session: "Session", read: TokenReader) -> Reply:
    """DESCRIBE table."""
    if read.looking_at("select"):
        return explain(session, read)
    return show_columns(session, read, full=False)
