"""A server of a few lines that answers as a test tells it to: for faults."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Self

from moclone_tui import Login, Tls

Talk = Callable[["Wire"], None]
"""What a server does with one connection; when it returns, the connection closes."""

_NATIVE = b"mysql_native_password\0"
_PROTOCOL_41, _SSL, _SECURE, _PLUGIN = 0x200, 0x800, 0x8000, 0x80000
OK = b"\0\0\0\2\0\0\0"
_END = b"\xfe\0\0\2\0"


class Wire:
    """One connection, seen from the server."""

    def __init__(self, sock: socket.socket, ended: threading.Event) -> None:
        self.sock = sock
        self.queries: list[str] = []
        self._number = 0
        self._ended = ended

    def send(self, payload: bytes) -> None:
        """Send a packet, the next of its answer."""
        head = struct.pack("<I", len(payload))[:3] + bytes([self._number])
        self.sock.sendall(head + payload)
        self._number += 1

    def read(self) -> bytes:
        """Read a packet; empty if the client is gone."""
        head = self._exactly(4)
        if not head:
            return b""
        self._number = head[3] + 1
        return self._exactly(int.from_bytes(head[:3], "little"))

    def _exactly(self, size: int) -> bytes:
        data = b""
        while len(data) < size:
            part = self.sock.recv(size - len(data))
            if not part:
                return b""
            data += part
        return data

    def hang(self) -> None:
        """Say nothing until the test is over, or the client gives up."""
        self.sock.settimeout(0.05)
        while not self._ended.is_set():
            with contextlib.suppress(TimeoutError):
                if not self.sock.recv(1000):
                    return

    def greet(self, *, tls: bool = False) -> None:
        """Send the greeting of a MatrixOne."""
        can = _PROTOCOL_41 | _SECURE | _PLUGIN | (_SSL if tls else 0)
        self.send(
            b"\x0a8.0.30-MatrixOne-v4.2.0\0"
            + struct.pack("<I", 99)
            + b"12345678\0"
            + struct.pack("<HBHHB", can & 0xFFFF, 45, 2, can >> 16, 21)
            + bytes(10)
            + b"123456789012\0"
            + _NATIVE
        )

    def let_in(self) -> None:
        """Greet, and take any password."""
        self.greet()
        self.read()
        self.send(OK)

    def refuse(self, code: int, words: bytes) -> None:
        """Answer with an error."""
        self.send(b"\xff" + struct.pack("<H", code) + b"#HY000" + words)

    def row(self, value: bytes) -> None:
        """Answer with one row of one text."""
        self.send(b"\1")
        self.send(
            b"\3def\0\0\0\1a\1a\x0c"
            + struct.pack("<HIBHB", 45, 100, 253, 0, 0)
            + b"\0\0"
        )
        self.send(_END)
        self.send(bytes([len(value)]) + value)
        self.send(_END)

    def next_query(self) -> str:
        """The next statement of the client's own; settings are answered with OK."""
        while packet := self.read():
            query = packet[1:].decode()
            if not query.startswith("SET "):
                self.queries.append(query)
                return query
            self.send(OK)
        return ""


class Tiny:
    """Listens; does with each connection what it was told.

    Args:
        talk: What it does.
    """

    def __init__(self, talk: Talk) -> None:
        self._talk = talk
        self._ended = threading.Event()
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        self.wires: list[Wire] = []
        self._threads = [threading.Thread(target=self._accept)]
        self._threads[0].start()

    def _accept(self) -> None:
        while True:
            try:
                sock, _ = self._listening.accept()
            except OSError:
                return
            wire = Wire(sock, self._ended)
            self.wires.append(wire)
            thread = threading.Thread(target=self._serve, args=(wire,))
            self._threads.append(thread)
            thread.start()

    def _serve(self, wire: Wire) -> None:
        with wire.sock, contextlib.suppress(OSError):
            self._talk(wire)

    def login(self, **options: object) -> Login:
        """How to log in here; without TLS unless told otherwise."""
        chosen = {"tls": Tls("off"), "connect_timeout": 10.0, **options}
        return Login("127.0.0.1", self.port, password="hunter2", **chosen)  # type: ignore[arg-type]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ended.set()
        with contextlib.suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        for wire in self.wires:
            with contextlib.suppress(OSError):
                wire.sock.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(10)


@contextmanager
def answering(answer: Callable[[Wire, str], None]) -> Iterator[Tiny]:
    """A server that lets in, and answers each statement as it is told."""

    def talk(wire: Wire) -> None:
        wire.let_in()
        while query := wire.next_query():
            answer(wire, query)

    with Tiny(talk) as server:
        yield server
