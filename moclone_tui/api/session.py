"""`Session`: one transaction on a connection of its own, all or nothing."""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType
from typing import Self

from moclone_tui.api import sql as statements
from moclone_tui.api._connected import Connected, Params
from moclone_tui.api._driver import Connection, Login, Result
from moclone_tui.api.capabilities import Capabilities
from moclone_tui.errors import (
    Cancelled,
    CloneError,
    ConnectionError,
    OutcomeUnknown,
    QueryError,
    ServerError,
)

_ENDS = frozenset({"", "begin", "start", "lock", "unlock"})
"""First words of what ends a transaction, or of what cannot be told."""

_WRITES = frozenset(
    {
        "alter",
        "call",
        "data",
        "delete",
        "drop",
        "insert",
        "load",
        "rename",
        "replace",
        "truncate",
        "update",
    }
)
"""First words of what changes rows or tables that are there already."""


class Session(Connected):
    """A transaction that is committed at the end of the `with`, or rolled back.

    An exception rolls back and is raised on; so does an interrupt, by closing the
    connection. A clone that failed makes the session fail as a whole, even if its
    error was caught: what came before it is rolled back, and `CloneError` says so.

    Clone first, then write: a clone does not have what its own transaction wrote, and
    is refused where that would go unsaid.

    Args:
        login: Gives where and as whom to connect.
        like: The connection whose marks its own takes over.
    """

    def __init__(
        self, login: Callable[[], Login], like: Connection | None = None
    ) -> None:
        self._login = login
        self._like = like
        self._connection: Connection | None = None
        self._failure: Exception | None = None
        self._begun = False

    def __enter__(self) -> Self:
        """Connect; the transaction begins with the first statement that is no SET."""
        self._connection = Connection(self._login())
        if self._like is not None:
            self._connection.follow(self._like)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Commit, or roll back if something went wrong."""
        try:
            if error is None:
                self.commit()
        finally:
            self._drop()
            self._close()

    @property
    def connection(self) -> Connection:
        """The connection itself.

        Raises:
            ConnectionError: The session has not begun, or is over.
        """
        if self._connection is None:
            raise ConnectionError(
                "The session is not open.", remedy="Use it as: with client.session()."
            )
        return self._connection

    @property
    def capabilities(self) -> Capabilities:
        """What the server at hand can do."""
        return Capabilities(self.connection.server_version)

    @property
    def in_transaction(self) -> bool:
        """True: statements are kept or dropped together."""
        return True

    def note_failure(self, error: Exception) -> None:
        """Remember that a clone failed, so that nothing is committed."""
        self._failure = self._failure or error

    def execute(self, sql: str, params: Params | None = None) -> Result:
        """Send one statement in the transaction.

        COMMIT and ROLLBACK are `commit` and `rollback`. A SET is sent before the
        transaction begins: inside of one, the server would commit what was done so far
        without a word (3.0.18 and 4.2.0). What else would end it is refused.

        Raises:
            QueryError: The server refused it; the transaction is still open. Or it
                would have ended the transaction, and was not sent.
            ConnectionError: The connection was lost, and with it the transaction:
                the server rolls it back.
            OutcomeUnknown: It was lost during COMMIT.
        """
        word = statements.first_word(sql)
        if word in ("commit", "rollback") and statements.is_one(sql):
            (self.commit if word == "commit" else self.rollback)()
            return Result((), (), 0)
        self._refuse_what_ends(sql, word)
        self.wrote = self.wrote or word in _WRITES
        if word != "set" and not self._begun:
            self._begin()
        return self._send(sql, params)

    def _send(self, sql: str, params: Params | None = None) -> Result:
        try:
            return self.connection.query(sql, params)
        except OutcomeUnknown as error:
            if sql == "COMMIT":
                raise
            raise ConnectionError(
                "The connection was lost; the server rolls the session back.",
                code=error.code,
                detail=error.detail,
                statement=error.statement,
                remedy="Nothing of the session was kept. Connect and begin again.",
            ) from error

    def _refuse_what_ends(self, sql: str, word: str) -> None:
        """Refuse what would commit without being asked to."""
        if not statements.is_one(sql):
            why, remedy = "More than one statement at once", "Send them one by one."
        elif word == "set" and self._begun:
            why = "A SET inside a transaction would commit it"
            remedy = "Send it first in the session, before any other statement."
        elif word in _ENDS:
            why = f"{word.upper() or 'Such a statement'} would end the transaction"
            remedy = "A session begins by itself, and ends with the with."
        else:
            return
        raise QueryError(
            f"{why}: it was not sent.", statement=statements.redact(sql), remedy=remedy
        )

    def _begin(self) -> None:
        self.connection.query("BEGIN")
        self._begun = True

    def commit(self) -> None:
        """Keep what was done so far; what comes after is a new transaction.

        Raises:
            CloneError: A clone in it failed: nothing is kept.
            OutcomeUnknown: The connection was lost, or an interrupt came, meanwhile.
        """
        if self._failure is not None:
            raise CloneError(
                "The session is not committed, because a clone in it failed: "
                f"{self._failure}",
                remedy="Nothing of it is kept. Let the error of the clone end the "
                "session, or use two sessions.",
            ) from self._failure
        if not self._begun:
            return
        try:
            self._send("COMMIT")
        except (KeyboardInterrupt, Cancelled) as error:
            raise OutcomeUnknown(
                "Interrupted during COMMIT: it may or may not have been carried out.",
                statement="COMMIT",
                remedy="Connect again and look.",
            ) from error
        self._begun = self.wrote = False

    def rollback(self) -> None:
        """Drop what was done so far, as if it had never been, failures included."""
        self._drop()
        self._failure = None

    def _drop(self) -> None:
        if self._begun and self._connection is not None and self._connection.open:
            try:
                self._connection.query("ROLLBACK")
            except ServerError:
                # The server rolls back what a closed connection leaves.
                self._connection.close()
        self._begun = self.wrote = False

    def _close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()
