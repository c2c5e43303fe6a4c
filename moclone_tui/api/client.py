"""`Client`: one connection to a MatrixOne server, and what can be done over it."""

from __future__ import annotations

import threading
from typing import Any, Self

from moclone_tui.api import sql as statements
from moclone_tui.api._connected import Connected, Params
from moclone_tui.api._driver import Connection, Login, Result, Tls
from moclone_tui.api.capabilities import Capabilities
from moclone_tui.api.session import Session
from moclone_tui.errors import ConnectionError, QueryError


class Client(Connected):
    """A connection to a MatrixOne server, with autocommit on.

    With a host it connects at once; `Client()` waits for `connect`. Calls from several
    threads take turns. A connection that was lost stays lost until `connect`: nothing
    is ever sent twice.

    ```python
    with Client(host="127.0.0.1", user="root", password="111") as client:
        client.clone.clone_database("shop_dev", "shop")
    ```

    Args:
        host: Where the server is.
        port: Its port; MatrixOne's is 6001.
        user: The user, also as `account#user#role`.
        password: The password; it is in no repr and no message.
        database: The database of unqualified table names.
        account: The account (tenant) of the user, unless `user` names it.
        role: The role to take on.
        connect_timeout: Seconds for connect, TLS and handshake together.
        read_timeout: Seconds to wait for an answer; None waits as long as it takes.
        tls: How to encrypt; by default if the server can.

    Raises:
        AuthFailed: The server refused the login.
        NotFound: The database is not there.
        TimedOut: No answer within `connect_timeout`.
        ConnectionError: Nobody listens there, or the connection broke.
    """

    def __init__(
        self,
        host: str | None = None,
        port: int = 6001,
        user: str = "root",
        password: str = "",
        database: str | None = None,
        account: str | None = None,
        role: str | None = None,
        *,
        connect_timeout: float = 10.0,
        read_timeout: float | None = None,
        tls: Tls | None = None,
    ) -> None:
        self._lock = threading.RLock()
        self._connection: Connection | None = None
        self._login: Login | None = None
        self._begun = False
        self._options: dict[str, Any] = {
            "connect_timeout": connect_timeout,
            "read_timeout": read_timeout,
            "tls": tls or Tls(),
        }
        if host is not None:
            self.connect(host, port, user, password, database, account, role)

    @classmethod
    def from_login(cls, login: Login) -> Client:
        """Connect with everything in one value."""
        client = cls()
        client._open(login)
        return client

    def connect(
        self,
        host: str | None = None,
        port: int = 6001,
        user: str = "root",
        password: str = "",
        database: str | None = None,
        account: str | None = None,
        role: str | None = None,
    ) -> Self:
        """Connect, or connect again: without a host, to where it was last.

        Raises:
            AuthFailed, NotFound, TimedOut, ConnectionError: As the class says.
        """
        if host is None:
            if self._login is None:
                raise ConnectionError(
                    "There is no host to connect to.", remedy="Give connect() a host."
                )
            return self._open(self._login)
        return self._open(
            Login(
                host=host,
                port=port,
                user=user,
                password=password,
                database=database,
                account=account,
                role=role,
                **self._options,
            )
        )

    def _open(self, login: Login) -> Self:
        self.disconnect()
        connection = Connection(login)
        with self._lock:
            self._begun = False
            self._login = login
            self._connection = connection
        return self

    def connected(self) -> bool:
        """Whether there is a connection, as far as is known on this side."""
        return self._connection is not None and self._connection.open

    def disconnect(self) -> None:
        """Close the connection, if there is one."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def __enter__(self) -> Self:
        """Connect, if that was left open."""
        if not self.connected() and self._login is not None:
            self.connect()
        return self

    def __exit__(self, *_: object) -> None:
        """Disconnect."""
        self.disconnect()

    def __repr__(self) -> str:
        where = self._login.server if self._login else "nowhere"
        state = "connected" if self.connected() else "not connected"
        return f"<Client {where}, {state}>"

    @property
    def connection(self) -> Connection:
        """The connection itself.

        Raises:
            ConnectionError: There is none.
        """
        if self._connection is None:
            raise ConnectionError(
                "The client is not connected.", remedy="Call connect(host=…) first."
            )
        return self._connection

    @property
    def login(self) -> Login:
        """Where and as whom the client is connected."""
        return self.connection.login

    @property
    def capabilities(self) -> Capabilities:
        """What the server at hand can do."""
        return Capabilities(self.connection.server_version)

    @property
    def in_transaction(self) -> bool:
        """Whether a BEGIN was sent that nothing has ended yet."""
        return self._begun

    def require_commits(self) -> None:
        """Go on only if what the client sends is committed at once.

        Raises:
            QueryError: A transaction is open, or autocommit was set to 0: others would
                see nothing of it until somebody sends COMMIT.
        """
        if not self.connection.commits:
            raise QueryError(
                "The client has a transaction open, or autocommit off: others would not"
                " see what it does.",
                remedy="Send COMMIT, and SET autocommit = 1, before. Nothing was sent.",
            )

    def note_failure(self, error: Exception) -> None:
        """Nothing to note: each statement of a client stands alone."""

    def execute(self, sql: str, params: Params | None = None) -> Result:
        """Send one statement and read its whole answer.

        Args:
            sql: The statement; `%s` and `%(name)s` outside of quotes are parameters.
            params: The parameters; the driver escapes them.

        Returns:
            Columns and rows, or the number of rows touched.

        Raises:
            QueryError: The server refused it (`NotFound`, `AlreadyExists`,
                `PermissionDenied` by cause).
            ConnectionError: There is no connection, or it was lost during a read.
            OutcomeUnknown: It was lost while a change was under way.
        """
        with self._lock:
            result = self.connection.query(sql, params)
            word = statements.first_word(sql)
            if word in ("begin", "start"):
                self._begun = True
            elif word in ("commit", "rollback"):
                self._begun = False
            return result

    def current_database(self) -> str | None:
        """The database of unqualified names, as the server has it now."""
        return self.execute("SELECT DATABASE()").first[0] or None

    def session(self) -> Session:
        """A transaction on a connection of its own: `with client.session() as s:`.

        What is done in it is kept as a whole at the end, or not at all.
        """
        return Session(self._session_login, self._connection)

    def _session_login(self) -> Login:
        from dataclasses import replace

        # The connection may have changed its database by USE since it was made.
        return replace(self.login, database=self.current_database())

    def kill_query(self, connection_id: int) -> None:
        """Stop the statement that another connection runs; the connection stays.

        Raises:
            QueryError: The server knows no such connection.
        """
        self.execute(statements.kill_query(connection_id))
