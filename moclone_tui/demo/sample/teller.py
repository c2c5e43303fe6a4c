"""Tells the server what happened in the past, as if it had been there."""

from collections.abc import Mapping, Sequence

from moclone_tui.demo.accounts import SYS
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
    """Runs statements at moments of the past, which have to come in order."""

    def __init__(self, state: State) -> None:
        """Let `present` be the whole second that the story ends at."""
        self.state = state
        self.present = state.clock.now() // SECOND * SECOND
        self._sessions: dict[str, Session] = {}

    async def tell(
        self,
        moment: int,
        *statements: str,
        user: str = "root",
        role: str = "moadmin",
    ) -> None:
        """Run statements, a second apart, beginning at a moment."""
        for number, statement in enumerate(statements):
            with self.state.clock.at(moment + number * SECOND):
                await self._session(user, role).execute(statement)

    def _session(self, user: str, role: str) -> Session:
        if user not in self._sessions:
            account = self.state.accounts.by_id(SYS)
            if account is None:
                raise LookupError(SYS)
            self._sessions[user] = Session(
                self.state,
                account,
                account.user(user),
                account.role(role),
                f"10.0.4.{20 + len(self._sessions)}:50214",
                next(self.state.connection_ids),
            )
        return self._sessions[user]

    def fill(
        self, moment: int, database: str, tables: Mapping[str, Sequence[Row]]
    ) -> None:
        """Add rows to tables, all in one transaction.

        The rows are in the form that tables keep: they are not checked again.
        """
        clock = self.state.clock
        with clock.at(moment):
            session = self._session("root", "moadmin")
        account = session.account.id
        with clock.at(moment), session.own_transaction():
            for name, rows in tables.items():
                relation = session.work.relation(account, database, name)
                every = (*relation.data.rows, *rows)
                auto = any(column.auto for column in relation.layout.columns)
                filled = relation.with_rows(every, len(every) + 1 if auto else None)
                session.work.put(account, database, filled)
