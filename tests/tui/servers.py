"""Servers that misbehave, and a proxy that writes down what is sent."""

from __future__ import annotations

import contextlib
import re
import socket
import threading
from collections.abc import Callable, Iterator
from typing import Any

from moclone_tui.config import Profile


class RawServer:
    """Listens on 127.0.0.1 and does one thing with whoever connects.

    Args:
        welcome: Gets each connection, in a thread of its own; closed afterwards.
    """

    def __init__(self, welcome: Callable[[socket.socket], None]) -> None:
        self._welcome = welcome
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._open: list[socket.socket] = [self._listener]
        self.visitors = 0
        threading.Thread(target=self._serve, daemon=True).start()

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._listener.getsockname()[1])

    def profile(self, **changes: Any) -> Profile:
        """A profile that leads here."""
        here: dict[str, Any] = {"name": "odd", "port": self.port, "password": "p"}
        return Profile(**{**here, **changes})

    def _serve(self) -> None:
        while True:
            try:
                visitor, _ = self._listener.accept()
            except OSError:
                return
            self.visitors += 1
            self._open.append(visitor)
            threading.Thread(target=self._greet, args=(visitor,), daemon=True).start()

    def _greet(self, visitor: socket.socket) -> None:
        with contextlib.suppress(OSError):
            self._welcome(visitor)
        visitor.close()

    def close(self) -> None:
        """Close everything; threads that wait for a visitor wake up."""
        for each in self._open:
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()


def drop_at_once(visitor: socket.socket) -> None:
    """Accept, and hang up."""


def never_answer(visitor: socket.socket) -> None:
    """Accept, and say nothing for as long as the other side stays."""
    while visitor.recv(4096):
        pass


def talk_garbage(visitor: socket.socket) -> None:
    """Answer as another kind of server does."""
    visitor.sendall(b"SSH-2.0-OpenSSH_9.6\r\n" + bytes(range(256)))
    never_answer(visitor)


class Proxy:
    """Stands before a server, writes down every statement, and can cut the line.

    Args:
        port: Where the server listens.
    """

    def __init__(self, port: int) -> None:
        self._to = port
        self._raw = RawServer(self._carry)
        self._pairs: list[socket.socket] = []
        self.statements: list[str] = []
        """What was sent, in the order it came."""
        self.down = False
        """While this is so, nobody is let through."""
        self.before: Callable[[str], None] = lambda statement: None
        """Called with every statement before it is passed on; what it does is waited
        for."""

    @property
    def port(self) -> int:
        """Where it listens."""
        return self._raw.port

    @property
    def changes(self) -> list[str]:
        """What was sent that is not a read, without moclone's comments."""
        plain = [re.sub(r"/\*.*?\*/", "", each).strip() for each in self.statements]
        return [each for each in plain if not _READ.match(each)]

    def cut(self) -> None:
        """Cut every connection that is up."""
        for each in self._pairs:
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Close everything."""
        self.cut()
        self._raw.close()

    def _carry(self, visitor: socket.socket) -> None:
        if self.down:
            return
        server = socket.create_connection(("127.0.0.1", self._to))
        self._pairs += [visitor, server]
        back = threading.Thread(target=_pump, args=(server, visitor), daemon=True)
        back.start()
        try:
            self._listen(visitor, server)
        finally:
            with contextlib.suppress(OSError):
                server.shutdown(socket.SHUT_RDWR)
            back.join(2)
            server.close()

    def _listen(self, visitor: socket.socket, server: socket.socket) -> None:
        waiting = b""
        while data := visitor.recv(65536):
            waiting += data
            while len(waiting) >= 4:
                end = 4 + int.from_bytes(waiting[:3], "little")
                if len(waiting) < end:
                    break
                packet, waiting = waiting[:end], waiting[end:]
                if packet[3] == 0 and packet[4:5] == b"\x03":
                    self.statements.append(packet[5:].decode())
                    self.before(self.statements[-1])
            server.sendall(data)


_READ = re.compile(
    r"(?i)(select|show|desc|describe|explain|set|use|ping|data branch diff|$)\b"
)


def _pump(source: socket.socket, sink: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            sink.sendall(data)
    with contextlib.suppress(OSError):
        sink.shutdown(socket.SHUT_RDWR)


@contextlib.contextmanager
def raw(welcome: Callable[[socket.socket], None]) -> Iterator[RawServer]:
    """A server that misbehaves, for as long as the block lasts."""
    server = RawServer(welcome)
    try:
        yield server
    finally:
        server.close()
