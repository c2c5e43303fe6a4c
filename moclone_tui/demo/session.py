"""One connection's session: who it is, its transaction, and the statements it sends."""

import asyncio
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from moclone_tui.demo.accounts import Account, Role, User
from moclone_tui.demo.clock import to_seconds_text
from moclone_tui.demo.errors import (
    ServerError,
    administrative,
    in_transaction,
    internal,
    no_database_selected,
    not_supported,
    unknown_database,
)
from moclone_tui.demo.lexer import Kind, Statement, parse_statement
from moclone_tui.demo.locks import Blocked
from moclone_tui.demo.model import Catalog, Relation, Row
from moclone_tui.demo.privileges import Rights
from moclone_tui.demo.reader import TokenReader
from moclone_tui.demo.reply import Reply
from moclone_tui.demo.state import Executed, State
from moclone_tui.demo.statements import Command, Mode, find_command
from moclone_tui.demo.transactions import Transaction
from moclone_tui.demo.variables import DEFAULTS


class Session:
    """A login and everything that belongs to it.

    Attributes:
        database: The current database.
        sequence_values: What it saw last of each sequence, by its id, newest last.
        waits_for: The lock that the running statement waits for.
        warnings: What SHOW WARNINGS tells of the last statement.
        last_statement: The statement that was answered last.
        running: The statement that is being answered; empty when idle.
        on_kill: Ends the running statement (True), or the connection (False).
    """

    def __init__(
        self,
        state: State,
        account: Account,
        user: User,
        role: Role,
        host: str = "",
        number: int = 0,
    ) -> None:
        """Begin a session for somebody who has proved who they are."""
        self.state = state
        self.id: int = number
        self.uuid = str(uuid.uuid4())
        self.account: Account = account
        self.user: User = user
        self.role: Role = role
        self.host = host
        self.rights = Rights(account, role)
        self.database: str | None = None
        self.variables = dict(DEFAULTS)
        self.transaction: Transaction | None = None
        self.waits_for: Blocked | None = None
        self.warnings: list[tuple[str, int, str]] = []
        self.last_insert_id: int = 0
        self.sequence_values: dict[int, str] = {}
        self.started = state.now()
        self.running = ""
        self.last_statement = ""
        self.query_started = self.started
        self.statement_id = ""
        self.statement_kind = ""
        self.on_kill: Callable[[bool], None] = lambda _query_only: None

    @property
    def version_text(self) -> str:
        """What `version()` answers."""
        return f"8.0.30-MatrixOne-v{self.state.version}"

    @property
    def autocommit(self) -> bool:
        """Whether each statement is a transaction of its own."""
        return self.variables["autocommit"] == "1"

    @property
    def foreign_key_checks(self) -> bool:
        """Whether foreign keys are looked at."""
        return self.variables["foreign_key_checks"] == "1"

    @property
    def in_begin(self) -> bool:
        """Whether a transaction was begun by BEGIN."""
        return self.transaction is not None and self.transaction.begun

    @property
    def catalog(self) -> Catalog:
        """What this session sees."""
        if self.transaction is not None:
            return self.transaction.catalog
        return self.state.history.head

    @property
    def work(self) -> Transaction:
        """The transaction that the running statement belongs to."""
        if self.transaction is None:
            raise internal("no transaction")
        return self.transaction

    def visible_rows(self, relation: Relation) -> tuple[Row, ...]:
        """A table's rows; a partitioned clone shows none before it is committed."""
        clones = self.transaction.clones if self.transaction is not None else {}
        hidden = relation.layout.partition and relation.id in clones
        return () if hidden else relation.data.rows

    def become(self, role: Role, secondary: Iterable[str] = ()) -> None:
        """Go on with the rights of another role, and forget what was allowed before."""
        self.role = role
        self.rights = Rights(self.account, role, secondary)

    def require_to_show(self) -> None:
        """Insist on the right to look at definitions.

        As on the real server it is the current database that counts, not the named one.

        Raises:
            ServerError: 20101.
        """
        current = self.catalog.database(self.account.id, self.database or "")
        self.rights.require_on_database("show tables", current)

    def database_or_current(self, name: str | None) -> str:
        """A named database, or else the current one.

        Raises:
            ServerError: 1046 if neither is there.
        """
        chosen = name or self.database
        if not chosen:
            raise no_database_selected()
        return chosen

    def now_text(self) -> str:
        """The present, as a default value."""
        return to_seconds_text(self.state.clock.now())

    def use(self, name: str) -> None:
        """Make a database the current one.

        Raises:
            ServerError: 1049 if it is not there.
        """
        known = {*self.account.system_databases()}
        if name not in known and not self.catalog.database(self.account.id, name):
            raise unknown_database(name)
        self.database = name

    def variable(self, name: str) -> str | None:
        """The value of `@@name` or `@name`."""
        if not name.startswith("@@"):
            return self.variables.get(name.lower())
        plain = name[2:].lower().removeprefix("session.").removeprefix("global.")
        if plain == "version":
            return self.version_text
        if plain not in self.variables:
            raise internal("the system variable does not exist")
        return self.variables[plain]

    def begin(self, *, begun: bool = True, brief: bool = False) -> Transaction:
        """Start a transaction."""
        self.transaction = Transaction(
            self.state.history, uuid.uuid4().hex, begun=begun, brief=brief
        )
        return self.transaction

    def commit(self) -> None:
        """Commit the transaction, if there is one.

        Raises:
            ServerError: 20619 if it clashes with someone else's; it is gone then.
        """
        transaction, self.transaction = self.transaction, None
        if transaction is not None:
            transaction.commit()

    def rollback(self) -> None:
        """Undo the transaction, if there is one."""
        transaction, self.transaction = self.transaction, None
        if transaction is not None:
            transaction.end()

    def close(self) -> None:
        """End the session; what is not committed is lost."""
        self.rollback()
        self.state.sessions.pop(self.id, None)

    async def execute(self, sql: str) -> Reply:
        """Answer one statement.

        Raises:
            ServerError: If it is refused.
        """
        self.running, self.query_started = sql, self.state.now()
        self.statement_id = str(uuid.uuid4())
        self.statement_kind = ""
        refused: ServerError | None = None
        rows = 0
        try:
            reply = await self._answer(sql)
        except ServerError as error:
            refused = error
            raise
        except asyncio.CancelledError:
            refused = ServerError(1105, "context canceled")
            raise
        else:
            rows = len(reply.rows)
            return reply
        finally:
            self._record(sql, refused, rows)
            self.last_statement, self.running = sql, ""

    async def _answer(self, sql: str) -> Reply:
        statement = parse_statement(sql)
        read = TokenReader(statement)
        command = find_command(read)
        if command is None:
            raise _unknown(read)
        self.statement_kind = command.kind
        with _no_surprises():
            await self._wait(command, statement)
            if command.mode is not Mode.REPORT:
                self.warnings = []
            return await self._run(command, read)

    async def _run(self, command: Command, read: TokenReader) -> Reply:
        """Run a statement; one that needs what others hold starts over when it can."""
        at = read.at
        while True:
            self.state.current = self
            try:
                with self._unit_of_work(command.mode):
                    return command.run(self, TokenReader(read.statement, at))
            except Blocked as blocked:
                await self._wait_for(blocked)

    async def _wait_for(self, blocked: Blocked) -> None:
        """Wait for the end of another transaction.

        Raises:
            ServerError: 20701 if that one waits for this; this one is rolled back.
        """
        self.waits_for = blocked
        try:
            others = self.state.sessions.values()
            waits = {s.transaction: s.waits_for for s in others if s.transaction}
            holder = blocked.holder
            while holder is not self.transaction:
                there = waits.get(holder)
                if there is None:
                    await blocked.holder.ended.wait()
                    return
                holder = there.holder
            self.rollback()
            raise ServerError(20701, "deadlock detected")
        finally:
            self.waits_for = None

    async def _wait(self, command: Command, statement: Statement) -> None:
        if command.mode is Mode.CLONE and self.state.slow:
            await asyncio.sleep(self.state.slow)
        tokens = statement.tokens
        for word, bracket, number in zip(tokens, tokens[1:], tokens[2:], strict=False):
            is_call = word.is_word("sleep") and bracket.is_operator("(")
            if is_call and number.kind is Kind.NUMBER:
                await asyncio.sleep(float(number.text))

    @contextmanager
    def _unit_of_work(self, mode: Mode) -> Iterator[None]:
        if mode in (Mode.CONTROL, Mode.REPORT):
            yield
        elif mode in (Mode.ADMIN, Mode.RIGHTS):
            if self.transaction is not None:
                raise in_transaction() if mode is Mode.ADMIN else administrative()
            yield
        elif self._stands_alone(mode):
            with self.own_transaction():
                yield
        else:
            with self._savepoint():
                yield

    def _stands_alone(self, mode: Mode) -> bool:
        """Whether a statement commits by itself: a clone does, unless BEGIN is open."""
        if mode is Mode.CLONE:
            return not self.in_begin
        return self.transaction is None and self.autocommit

    @contextmanager
    def own_transaction(self) -> Iterator[None]:
        """Do something in a transaction apart from the session's own."""
        outer = self.transaction
        self.begin(begun=False, brief=True)
        try:
            yield
            self.commit()
        finally:
            self.rollback()
            self.transaction = outer

    @contextmanager
    def _savepoint(self) -> Iterator[None]:
        work = self.transaction or self.begin(begun=False)
        work.refresh()
        catalog, touched = work.catalog, dict(work.touched)
        clones = dict(work.clones)
        try:
            yield
        except BaseException:
            work.catalog, work.touched, work.clones = catalog, touched, clones
            raise

    def _record(self, sql: str, refused: ServerError | None, rows: int) -> None:
        if refused is not None:
            self.warnings = [("Error", refused.code, refused.message)]
        work = self.transaction
        self.state.log.append(
            Executed(
                statement_id=self.statement_id,
                transaction_id=work.id if work else self.statement_id,
                session_id=self.uuid,
                account=self.account.name,
                user=self.user.name,
                host=self.host,
                database=self.database or "",
                statement=sql,
                started=self.query_started,
                ended=self.state.now(),
                code=refused.code if refused else 0,
                error=refused.message if refused else "",
                kind=self.statement_kind,
                connection_id=self.id,
                role_id=self.role.id,
                rows=rows,
            )
        )


@contextmanager
def _no_surprises() -> Iterator[None]:
    """A fault of this server answers one statement; it does not end the connection."""
    try:
        yield
    except ServerError:
        raise
    except Exception as error:
        raise not_supported(f"this statement ({error!r})") from error


_KNOWN_TO_MATRIXONE = {
    "alter", "analyze", "call", "cdc", "create", "data", "deallocate", "drop",
    "execute", "explain", "grant", "kill", "load", "lock", "prepare", "replace",
    "restore", "revoke", "set", "show", "unlock", "upgrade", "values", "with",
}  # fmt: skip


def _unknown(read: TokenReader) -> ServerError:
    first = read.peek()
    if first is None or not first.is_word(*_KNOWN_TO_MATRIXONE):
        return read.unexpected()
    beginning = " ".join(t.text for t in read.statement.tokens[:3])
    return not_supported(beginning)
