"""Tells the server what happened in the past, as if it had been there."""

from collections.abc import Mapping, Sequence

from moclone_tui.demo.clock import SECOND
from moclone_tui.demo.model import Row
from moclone_tui.demo.session import Session
from moclone_tui.demo.state import State

HOUR = 3600 * SECOND
DAY = 24 * HOUR


def statements(text: str) -> list[str]:
    """Cut a script at the semicolons that end a line; each statement is one line."""
    return [" ".join(part.split()) for part in text.split(";\n") if part.strip()]


class Teller:
    """Runs statements at moments of the past."""

    def __init__(self, state: State) -> None:
        """Let `present` be the whole second that the story ends at."""
        self.state = state
        self.present = state.clock.now() // SECOND * SECOND
        self._sessions: dict[str, Session] = {}

    def as_user(self, name: str, role: str = "moadmin") -> Session:
        """The session of a user of the account sys."""
        if name not in self._sessions:
            account = self.state.accounts.get("sys")
            if account is None:
                raise LookupError("sys")
            self._sessions[name] = Session(
                self.state,
                account,
                account.user(name),
                account.role(role),
                f"10.0.4.{20 + len(self._sessions)}:50214",
                next(self.state.connection_ids),
            )
        return self._sessions[name]

    async def tell(
        self, moment: int, *statements: str, session: Session | None = None
    ) -> None:
        """Run statements, a second apart, beginning at a moment."""
        teller = session or self.as_user("root")
        for number, statement in enumerate(statements):
            with self.state.clock.at(moment + number * SECOND):
                await teller.execute(statement)

    def fill(
        self, moment: int, database: str, tables: Mapping[str, Sequence[Row]]
    ) -> None:
        """Add rows to tables, all in one transaction.

        The rows are in the form that tables keep: they are not checked again.
        """
        session = self.as_user("root")
        account = session.account.id
        with self.state.clock.at(moment), session.own_transaction():
            for name, rows in tables.items():
                relation = session.work.relation(account, database, name)
                every = (*relation.data.rows, *rows)
                auto = any(column.auto for column in relation.layout.columns)
                filled = relation.with_rows(every, len(every) + 1 if auto else None)
                session.work.put(account, database, filled, rows_only=True)
