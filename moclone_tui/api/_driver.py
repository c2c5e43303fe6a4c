"""One connection to a server: the only module that knows PyMySQL.

It gives what PyMySQL does not: one deadline over connect, TLS and handshake; an abort
that wakes a blocked thread; text that cannot be decoded shown as what it is instead of
a connection out of step; and errors by cause (`_errors.py`).
"""

from __future__ import annotations

import codecs
import contextlib
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import pymysql
from pymysql.cursors import Cursor

from moclone_tui.api import _errors, sql
from moclone_tui.api._marks import marked
from moclone_tui.errors import ConfigError, ConnectionError, TimedOut

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from moclone_tui.config import Profile
    from moclone_tui.errors import ServerError

Row = tuple[Any, ...]
_IN_TRANSACTION, _AUTOCOMMIT = 1, 2
"""What the status in each answer says, in bits."""


def _lenient(name: str) -> codecs.CodecInfo | None:
    if name != "utf8_lenient":
        return None
    utf8 = codecs.lookup("utf-8")
    return codecs.CodecInfo(
        name=name,
        encode=utf8.encode,
        decode=lambda data, _errors="strict": codecs.utf_8_decode(
            data, "backslashreplace", True
        ),
    )


codecs.register(_lenient)


@dataclass(frozen=True, slots=True)
class Tls:
    """How a connection is encrypted."""

    mode: str = "preferred"
    """`off`, `preferred` (if the server has it) or `required`."""
    ca: str | None = None
    """File of the certificate authorities to trust; the system's if None."""
    cert: str | None = None
    key: str | None = None
    verify: str = "none"
    """`full` (certificate and host name), `ca` (certificate only) or `none`."""


@dataclass(frozen=True, slots=True)
class Login:
    """Where and as whom to connect. The password is in no repr."""

    host: str = "127.0.0.1"
    port: int = 6001
    user: str = "root"
    password: str = field(default="", repr=False)
    database: str | None = None
    account: str | None = None
    role: str | None = None
    connect_timeout: float = 10.0
    """Seconds for connect, TLS and handshake together."""
    read_timeout: float | None = None
    """Seconds to wait for an answer; None waits as long as it takes."""
    tls: Tls = Tls()

    @classmethod
    def of(cls, profile: Profile, password: str) -> Login:
        """What a profile of the configuration says, with a password for it.

        Without a word on TLS in the profile, it is used if the server has it.
        """
        tls = Tls()
        if (wanted := profile.tls) is not None:
            ca, cert, key = (
                None if path is None else str(path)
                for path in (wanted.ca, wanted.cert, wanted.key)
            )
            tls = Tls("required", ca, cert, key, verify=wanted.verify)
        return cls(
            host=profile.host,
            port=profile.port,
            user=profile.user,
            password=password,
            database=profile.database,
            account=profile.account,
            role=profile.role,
            connect_timeout=profile.connect_timeout,
            read_timeout=profile.read_timeout,
            tls=tls,
        )

    @property
    def server(self) -> str:
        """`host:port`, to show."""
        return f"{self.host}:{self.port}"

    @property
    def full_user(self) -> str:
        """The user as the server wants it: `user` or `account#user#role`.

        An account or role of its own takes the place of the one that `user` names.
        """
        parts = re.split("[#:]", self.user)
        named = parts if len(parts) > 1 else ["", *parts]
        account, user, role = (*named, "", "")[:3]
        account, role = self.account or account, self.role or role
        if not account and not role:
            return user
        return "#".join([account or "sys", user, *([role] if role else [])])

    def patient(self) -> Login:
        """The same, waiting as long as it takes: for what changes the server."""
        return replace(self, read_timeout=None)


@dataclass(frozen=True, slots=True)
class Result:
    """What a statement gave: columns and rows, or the number of rows it touched."""

    columns: tuple[str, ...]
    """The names of the columns, in order; empty if the statement gives no rows."""
    rows: tuple[Row, ...]
    """The rows, each as long as `columns`."""
    affected: int
    """Rows touched (of a SELECT: rows given)."""

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def first(self) -> Row:
        """The first row. Raises IndexError if there is none."""
        return self.rows[0]


class Connection:
    """One connection, for one thread at a time; only `abort` may come from another.

    Args:
        login: Where and as whom.

    Raises:
        AuthFailed: The server refused the login.
        NotFound: The database of the login is not there.
        TimedOut: No answer within `login.connect_timeout`, wherever it hung.
        ConnectionError: Nobody listens there, or the connection broke.
    """

    def __init__(self, login: Login) -> None:
        self.login = login
        self.comment = ""
        """What is sent in front of each statement that changes something: `/* … */`."""
        self.on_change: Callable[[str, int], None] | None = None
        """Hears of BEGIN, and of each statement that changes something, just before it
        is sent; with the number of the connection."""
        self._aborted = False
        self._connection = _make(login)
        sock, self._spare = _open_socket(login)
        late = threading.Event()

        def give_up() -> None:
            late.set()
            self.abort()

        deadline = threading.Timer(login.connect_timeout, give_up)
        deadline.daemon = True
        deadline.start()
        try:
            self._connection.connect(sock=sock)
        except BaseException as error:
            self._spare.close()
            sock.close()
            if late.is_set():
                raise _no_answer(login) from error
            if isinstance(error, Exception):
                raise _errors.of_login(error, login.server, login.full_user) from error
            raise
        finally:
            deadline.cancel()
        self._connection.encoding = "utf8_lenient"
        self.id = int(self._connection.thread_id())  # type: ignore[no-untyped-call]
        """The number by which the server knows this connection, as KILL takes it."""
        self.server_version = str(self._connection.get_server_info())  # type: ignore[no-untyped-call]
        """The version in the server's greeting: `8.0.30-MatrixOne-v4.2.0`."""

    @property
    def open(self) -> bool:
        """Whether the connection is up, as far as is known on this side."""
        return bool(self._connection.open) and not self._aborted

    @property
    def encrypted(self) -> bool:
        """Whether the connection is under TLS."""
        return isinstance(getattr(self._connection, "_sock", None), ssl.SSLSocket)

    @property
    def commits(self) -> bool:
        """Whether a statement is committed at once, by the server's last answer.

        Not with autocommit off, and not in a transaction.
        """
        status = int(self._connection.server_status)  # type: ignore[attr-defined]
        return bool(status & _AUTOCOMMIT) and not status & _IN_TRANSACTION

    def query(
        self, statement: str, params: Sequence[Any] | Mapping[str, Any] | None = None
    ) -> Result:
        """Send one statement and read its whole answer.

        Args:
            statement: SQL; `%s` and `%(name)s` outside of quotes stand for parameters
                if there are any.
            params: The parameters, escaped by the driver.

        Raises:
            QueryError: The server refused it (or one of its kinds by cause).
            Cancelled: It was killed on request.
            ConnectionError: The connection is not up, or was lost during a read.
            OutcomeUnknown: The connection was lost while a change was under way.
        """
        if not self.open:
            raise ConnectionError(
                f"There is no connection to {self.login.server} any more.",
                remedy="Connect again.",
            )
        text = statement
        if params is not None:
            text = sql.bind(statement, params, self._escape)
        text.encode()  # what cannot be sent fails here, and harms no connection
        sent = self._announced(text)
        try:
            with Cursor(self._connection) as cursor:
                affected = cursor.execute(sent)
                columns = tuple(part[0] for part in cursor.description or ())
                rows = tuple(cursor.fetchall()) if columns else ()
        except Exception as error:
            # Over an answer that is not MySQL's, the driver stumbles with any error.
            raise self._by_cause(error, text) from error
        except BaseException:
            # An answer half read: whatever comes next would be out of step.
            self.close()
            raise
        return Result(columns, rows, affected)

    def follow(self, other: Connection) -> None:
        """Mark and tell of what changes something as another connection does."""
        self.comment, self.on_change = other.comment, other.on_change

    def _announced(self, text: str) -> str:
        """Tell of a statement that changes something; gives it as it is sent."""
        if not self.comment and self.on_change is None:
            return text
        changes = sql.changes_something(text)
        begins = sql.first_word(text) in ("begin", "start")
        if self.on_change is not None and (changes or begins):
            self.on_change(text, self.id)
        return marked(text, self.comment) if changes else text

    def _escape(self, value: object) -> str:
        return Cursor(self._connection).mogrify("%s", (value,))

    def _by_cause(self, error: Exception, text: str) -> ServerError:
        found = _errors.of_statement(error, text, self.login.server)
        if not isinstance(found, _errors.ANSWERS):
            self.close()
        return found

    def abort(self) -> None:
        """Cut the connection from any thread; a thread blocked in it wakes at once.

        The server may go on with the statement: kill that first.
        """
        self._aborted = True
        with contextlib.suppress(OSError):
            self._spare.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Close the connection; an open transaction is rolled back by the server."""
        self._aborted = True
        with contextlib.suppress(OSError):
            self._spare.close()
        with contextlib.suppress(pymysql.err.Error, OSError):
            self._connection.close()


def _no_answer(login: Login) -> TimedOut:
    return TimedOut(
        f"{login.server} did not answer within {login.connect_timeout:g} s.",
        remedy="Is this the port of MatrixOne (6001), and is the server up and not "
        "overloaded? connect_timeout in the profile sets how long to wait.",
    )


def _open_socket(login: Login) -> tuple[socket.socket, socket.socket]:
    """Connect within the deadline; gives the socket and a duplicate to cut it by."""
    started = time.monotonic()
    try:
        sock = socket.create_connection((login.host, login.port), login.connect_timeout)
    except TimeoutError as error:
        raise _no_answer(login) from error
    except OSError as error:
        raise _errors.of_socket(error, login.server) from error
    if time.monotonic() - started >= login.connect_timeout:
        sock.close()
        raise _no_answer(login)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    if hasattr(socket, "TCP_USER_TIMEOUT"):
        # A peer that is gone is noticed during a long clone, too.
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, 30_000)
    return sock, sock.dup()


def _tls_context(tls: Tls) -> ssl.SSLContext:
    try:
        context = ssl.create_default_context(cafile=tls.ca)
        if tls.cert:
            context.load_cert_chain(tls.cert, tls.key)
    except OSError as error:
        files = ", ".join(path for path in (tls.ca, tls.cert, tls.key) if path)
        raise ConfigError(
            f"The files for TLS cannot be used ({files}): {error.strerror or error}.",
            remedy="Check ca, cert and key of the profile: files in PEM form.",
        ) from error
    context.check_hostname = tls.verify == "full"
    if tls.verify == "none":
        context.verify_mode = ssl.CERT_NONE
    return context


def _make(login: Login) -> pymysql.connections.Connection[Cursor]:
    tls = login.tls
    options: dict[str, Any] = {}
    if tls.mode == "off":
        options["ssl_disabled"] = True
    elif tls.mode == "required":
        options["ssl"] = _tls_context(tls)
    return pymysql.connections.Connection(
        host=login.host,
        port=login.port,
        user=login.full_user,
        # As bytes: a str would be encoded as Latin-1.
        password=login.password.encode(),
        database=login.database,
        charset="utf8mb4",
        autocommit=True,
        read_timeout=login.read_timeout,
        connect_timeout=min(max(1, int(login.connect_timeout)), 31536000),
        program_name="moclone",
        defer_connect=True,
        **options,
    )
