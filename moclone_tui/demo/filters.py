"""The ends of SHOW statements: LIKE, WHERE and a hint, in any order."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from moclone_tui.demo.functions import like
from moclone_tui.demo.lexer import Token, made
from moclone_tui.demo.model import Row
from moclone_tui.demo.parsing import parse_query_text
from moclone_tui.demo.reader import TokenReader
from moclone_tui.demo.reply import Reply, ResultColumn
from moclone_tui.demo.translate import to_sqlite, translate

if TYPE_CHECKING:
    from moclone_tui.demo.session import Session

_KEY = "shown"


@dataclass(slots=True)
class Filter:
    """What a SHOW statement wants to see, and when."""

    pattern: str | None = None
    where: list[Token] = field(default_factory=list)
    hint: str | None = None

    def reply(
        self, session: "Session", columns: list[ResultColumn], rows: list[Row]
    ) -> Reply:
        """The rows that pass; LIKE looks at the first column."""
        if self.pattern is not None:
            rows = [row for row in rows if like(self.pattern, row[0])]
        if self.where:
            rows = self._where(session, columns, rows)
        return Reply(columns, rows)

    def _where(
        self, session: "Session", columns: list[ResultColumn], rows: list[Row]
    ) -> list[Row]:
        engine = session.state.engine
        start = made(f"select {_KEY}.rowid from {_KEY} where")
        parsed = parse_query_text([*start, *self.where], [])
        engine.load(_KEY, columns, lambda: rows)
        try:
            found = engine.run(to_sqlite(translate(parsed.tree)))
        finally:
            engine.forget(_KEY)
        return [rows[int(str(row[0])) - 1] for row in found]


def read_filter(read: TokenReader) -> Filter:
    """Take LIKE, WHERE and a hint, whichever come."""
    found = Filter()
    while read.peek() is not None:
        hint = read.hint()
        if hint is not None:
            found.hint = hint
        elif read.accept("like"):
            found.pattern = read.text()
        elif read.accept("where"):
            found.where = read.rest()
            if found.where and found.where[-1].text.startswith("{"):
                found.hint = found.where.pop().value
        else:
            raise read.unexpected()
    return found
