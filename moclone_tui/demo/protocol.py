"""The MySQL protocol: mysql-mimic, with what it does differently put right."""

import asyncio
import struct
from typing import Any

from mysql_mimic import packets
from mysql_mimic.auth import AuthPlugin, AuthState, IdentityProvider
from mysql_mimic.auth import NativePasswordAuthPlugin as NativePassword
from mysql_mimic.charset import CharacterSet
from mysql_mimic.connection import Connection as MimicConnection
from mysql_mimic.constants import DEFAULT_SERVER_CAPABILITIES
from mysql_mimic.control import Control
from mysql_mimic.errors import MysqlError
from mysql_mimic.results import ResultColumn as MimicColumn
from mysql_mimic.results import ResultSet
from mysql_mimic.session import BaseSession
from mysql_mimic.stream import ConnectionClosed, MysqlStream
from mysql_mimic.types import Capabilities, ColumnType, Commands, ServerStatus

from moclone_tui.demo.accounts import Account, User, parse_login
from moclone_tui.demo.errors import ServerError, internal, not_supported
from moclone_tui.demo.lexer import fold
from moclone_tui.demo.reply import Reply
from moclone_tui.demo.session import Session
from moclone_tui.demo.sqltypes import SqlType
from moclone_tui.demo.state import State

CAPABILITIES = (
    DEFAULT_SERVER_CAPABILITIES
    | Capabilities.CLIENT_TRANSACTIONS
    | Capabilities.CLIENT_FOUND_ROWS
)
GONE = (
    ConnectionClosed,
    ConnectionError,
    asyncio.IncompleteReadError,
    MysqlError,
    struct.error,
    LookupError,
    ValueError,
)
"""What a client that hangs up, or speaks no MySQL, makes the protocol raise."""


class _Variables(dict[str, Any]):
    """The variables that mysql-mimic itself looks at."""

    def set(self, name: str, value: object, *, force: bool = False) -> None:
        """Set one; `force` means nothing here."""
        del force
        self[name] = value


class _Greeting(BaseSession):  # type: ignore[misc]
    """Stands in for a session until the login is over, as mysql-mimic wants one."""

    def __init__(self, state: State) -> None:
        self.username: str | None = None
        self.database: str | None = None
        self.variables = _Variables(
            version=f"8.0.30-MatrixOne-v{state.version}",
            character_set_results="utf8mb4",
            character_set_client="utf8mb4",
        )


class NativeOnly(IdentityProvider):  # type: ignore[misc]
    """Offers mysql_native_password and nothing else."""

    def get_plugins(self) -> list[AuthPlugin]:
        """The one method of proving who one is."""
        return [NativePassword()]


class Connection(MimicConnection):  # type: ignore[misc]
    """One client."""

    def __init__(self, state: State, stream: MysqlStream) -> None:
        super().__init__(
            stream, _Greeting(state), Control(), NativeOnly(), CAPABILITIES
        )
        self._state = state
        self._sql: Session | None = None
        self._running: asyncio.Task[Reply] | None = None
        self._killed = False
        self.connection_id = next(state.connection_ids)

    async def serve(self) -> None:
        """Talk to the client until one of the two hangs up."""
        try:
            await self.connection_phase()
            while self._sql is not None and not self._killed:
                await self._command()
        except GONE:
            pass
        except ServerError as error:
            await self._refuse(error)
        finally:
            if self._sql is not None:
                self._sql.close()
            self.stream.writer.close()

    async def authenticate(
        self,
        username: str,
        auth_response: bytes,
        client_plugin_name: str | None,
        connect_attrs: dict[str, str],
        auth_state: AuthState | None = None,
        server_plugin: AuthPlugin | None = None,
    ) -> None:
        """Check who it is; anything wrong ends the connection.

        Raises:
            ServerError: 20101 for an unknown account, user or role, 1045 for a wrong
                password, 1049 for an unknown database.
        """
        del connect_attrs, auth_state, server_plugin
        login = parse_login(username)
        account = self._state.accounts.get(login.account)
        if account is None:
            raise internal(f"there is no tenant {login.account}")
        if account.status == "suspend":
            raise ServerError(
                1045,
                f"Access denied for user {username}. "
                f"internal error: Account {account.name} is suspended",
            )
        user = account.user(login.user)
        if client_plugin_name not in (None, NativePassword.name):
            auth_response = await self._ask_again()
        if not self._proves(user.password_hash, auth_response):
            raise ServerError(
                1045,
                f"Access denied for user {username}. "
                "internal error: check password failed",
            )
        usual = user.default_role if user.default_role in user.roles else "public"
        self._begin(account, user, login.role or usual)
        self._show_status()
        await self.stream.write(self.ok())

    def _begin(self, account: Account, user: User, role: str) -> None:
        if role not in user.roles:
            raise internal(f"the role {role} has not been granted to the user")
        address = self.stream.writer.get_extra_info("peername")
        session = Session(
            self._state,
            account,
            user,
            account.role(role),
            f"{address[0]}:{address[1]}" if address else "",
            self.connection_id,
        )
        if self.session.database:
            session.use(fold(self.session.database))
        session.on_kill = self.end
        self._sql = session
        self._state.sessions[session.id] = session

    def _proves(self, password_hash: str, response: bytes) -> bool:
        nonce = (self.handshake_auth_data or b"").rstrip(b"\0")
        return bool(NativePassword().verify_scramble(password_hash, response, nonce))

    async def _ask_again(self) -> bytes:
        await self.stream.write(
            packets.make_auth_switch_request(
                server_charset=self.server_charset,
                plugin_name=NativePassword.name,
                plugin_provided_data=self.handshake_auth_data,
            )
        )
        return bytes(await self.stream.read())

    def end(self, query_only: bool) -> None:
        """End the running statement, or the connection.

        An idle connection survives the former as if nothing had been.
        """
        if self._running is not None:
            self._running.cancel()
        if not query_only:
            self._killed = True
            if self._running is None:
                self.stream.writer.close()

    async def _command(self) -> None:
        data = await self.stream.read()
        try:
            await self._handle(data[0], data[1:])
        except ServerError as error:
            await self._refuse(error)
        finally:
            self.stream.reset_seq()

    async def _handle(self, command: int, rest: bytes) -> None:
        if command == Commands.COM_QUERY:
            query = packets.parse_com_query(
                capabilities=self.capabilities,
                client_charset=CharacterSet.utf8mb4,
                data=rest,
            )
            await self._answer(query.sql)
        elif command == Commands.COM_INIT_DB:
            await self._answer(f"use `{rest.decode().replace('`', '``')}`")
        elif command in (Commands.COM_PING, Commands.COM_RESET_CONNECTION):
            await self.stream.write(self.ok())
        elif command == Commands.COM_QUIT:
            raise ConnectionClosed
        else:
            raise not_supported(f"protocol command {command:#x}")

    async def _answer(self, sql: str) -> None:
        if self._sql is None:
            return
        self._running = asyncio.create_task(self._sql.execute(sql))
        try:
            reply = await self._running
        except asyncio.CancelledError:
            raise ServerError(1105, "context canceled") from None
        finally:
            self._running = None
        self._show_status()
        if reply.columns is None:
            affected, insert_id = reply.affected, reply.insert_id
            await self.stream.write(
                self.ok(affected_rows=affected, last_insert_id=insert_id)
            )
            return
        columns = [_mimic_column(name, kind) for name, kind in reply.columns]
        await self.write_text_resultset(ResultSet(reply.rows, columns))

    async def _refuse(self, error: ServerError) -> None:
        self._show_status()
        packet = packets.make_error(
            capabilities=self.capabilities, msg=error.message, code=error.code
        )
        # The state is always HY000 on the real server.
        await self.stream.write(packet[:4] + b"HY000" + packet[9:])

    def _show_status(self) -> None:
        flags = ServerStatus(0)
        if self._sql is not None and self._sql.autocommit:
            flags |= ServerStatus.SERVER_STATUS_AUTOCOMMIT
        if self._sql is not None and self._sql.transaction is not None:
            flags |= ServerStatus.SERVER_STATUS_IN_TRANS
        self.status_flags = flags


def _mimic_column(name: str, kind: SqlType) -> MimicColumn:
    charset = CharacterSet.binary if kind.is_binary else CharacterSet.utf8mb4
    return MimicColumn(name, ColumnType(kind.code), charset)
