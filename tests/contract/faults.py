"""Faults at points of one's choice, and a witness who looks on throughout."""

from __future__ import annotations

import contextlib
import random
import socket
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from moclone_tui import Client, ConnectionError, NotFound, QueryError
from tests.tui.servers import RawServer

if TYPE_CHECKING:
    from tests.conftest import Server

Contents = dict[str, tuple[tuple[Any, ...], ...]]
"""The rows of each table and view of a database, in order."""


@dataclass(frozen=True)
class Fault:
    """What happens, and when.

    Of `out` and `back`, the line is cut in the middle of what is sent, after so many
    bytes. Of the others, something happens at a statement: the line is cut `before` the
    server has it, or once it has it (`after`), or soon after that, the connection is
    killed (`kill query`, `kill`) or the job cancelled (`cancel`).
    """

    kind: str
    at: int
    delay: float = 0.0
    everything: bool = True
    """Whether all lines are cut, or the one alone."""


KINDS = ("out", "back", "before", "after", "kill query", "kill", "cancel")


@dataclass
class Traffic:
    """What has come through a line, both ways."""

    out: int = 0
    """Bytes to the server."""
    back: int = 0
    statements: list[str] = field(default_factory=list)

    @property
    def commit(self) -> int:
        """The number of the first statement that commits, marked or not."""
        ends = [each.endswith("COMMIT") for each in self.statements]
        return ends.index(True)


class Line:
    """A proxy before a server, at which a fault happens once.

    Args:
        server: The server.
    """

    def __init__(self, server: Server) -> None:
        self._server = server
        self._raw = RawServer(self._carry)
        self._lock = threading.Lock()
        self._pairs: list[tuple[socket.socket, socket.socket]] = []
        self._timers: list[threading.Timer] = []
        self.cancel: Callable[[], object] = lambda: None
        """Cancels the job."""
        self.begin(None)

    def begin(self, fault: Fault | None) -> None:
        """Let a fault happen from now on, and count anew."""
        with self._lock:
            self.traffic = Traffic()
            self._fault = fault

    @property
    def address(self) -> dict[str, Any]:
        """Where it listens."""
        return {"host": "127.0.0.1", "port": self._raw.port}

    def settled(self) -> None:
        """Wait for what was to happen soon."""
        for timer in self._timers:
            timer.join()
        self._timers.clear()

    def close(self) -> None:
        """Close everything."""
        self._cut(self._pairs)
        self._raw.close()

    def _carry(self, visitor: socket.socket) -> None:
        sink = socket.create_connection((self._server.host, self._server.port))
        pair = (visitor, sink)
        self._pairs.append(pair)
        greeting = sink.recv(65536)
        visitor.sendall(greeting)
        # Behind length, protocol and version.
        number = greeting.index(b"\0", 5) + 1
        connection = int.from_bytes(greeting[number : number + 4], "little")
        back = threading.Thread(target=self._pump_back, args=(pair,), daemon=True)
        back.start()
        with contextlib.suppress(OSError):
            self._pump_out(pair, connection)
        self._cut([pair])
        back.join(10)
        sink.close()

    def _pump_back(self, pair: tuple[socket.socket, socket.socket]) -> None:
        visitor, server = pair
        with contextlib.suppress(OSError):
            while data := server.recv(65536):
                self._pass(data, "back", visitor, pair)
        self._cut([pair])

    def _pump_out(
        self, pair: tuple[socket.socket, socket.socket], connection: int
    ) -> None:
        visitor, server = pair
        while head := _exactly(visitor, 4):
            packet = head + _exactly(visitor, int.from_bytes(head[:3], "little"))
            fault = None
            if packet[3:5] == b"\0\x03":
                fault = self._reached(packet[5:].decode())
            if fault is not None and fault.kind == "before":
                return self._end(fault, pair)
            self._pass(packet, "out", server, pair)
            if fault is not None and fault.kind == "after":
                return self._end(fault, pair)
            if fault is not None:
                self._soon(fault, connection)
        return None

    def _reached(self, statement: str) -> Fault | None:
        with self._lock:
            self.traffic.statements.append(statement)
            fault = self._fault
            if fault is None or fault.kind in ("out", "back"):
                return None
            if len(self.traffic.statements) - 1 != fault.at:
                return None
            self._fault = None
            return fault

    def _pass(
        self,
        data: bytes,
        way: str,
        sink: socket.socket,
        pair: tuple[socket.socket, socket.socket],
    ) -> None:
        with self._lock:
            before: int = getattr(self.traffic, way)
            setattr(self.traffic, way, before + len(data))
            fault = self._fault
            hit = (
                fault is not None
                and fault.kind == way
                and before <= fault.at < before + len(data)
            )
            if hit:
                self._fault = None
        if hit and fault is not None:
            sink.sendall(data[: fault.at - before])
            self._end(fault, pair)
            raise OSError("the line is cut")
        sink.sendall(data)

    def _end(self, fault: Fault, pair: tuple[socket.socket, socket.socket]) -> None:
        self._cut(self._pairs if fault.everything else [pair])

    def _cut(self, pairs: Sequence[tuple[socket.socket, socket.socket]]) -> None:
        for pair in pairs:
            for end in pair:
                with contextlib.suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)

    def _soon(self, fault: Fault, connection: int) -> None:
        def strike() -> None:
            if fault.kind == "cancel":
                self.cancel()
                return
            with self._server.client() as other, contextlib.suppress(QueryError):
                other.execute(f"{fault.kind.upper()} {connection}")

        timer = threading.Timer(fault.delay, strike)
        timer.start()  # before others may wait for it
        self._timers.append(timer)


def _exactly(source: socket.socket, length: int) -> bytes:
    got = b""
    while len(got) < length:
        data = source.recv(length - len(got))
        if not data:
            return b""
        got += data
    return got


def some_fault(dice: random.Random, whole: Traffic) -> Fault:
    """A fault somewhere in the traffic of a whole run."""
    kind = dice.choice(KINDS)
    everything = dice.random() < 0.7
    if kind in ("out", "back"):
        at = dice.randrange(getattr(whole, kind))
        return Fault(kind, at, everything=everything)
    at = dice.randrange(len(whole.statements))
    if dice.random() < 0.25:
        at = whole.commit
    return Fault(kind, at, dice.choice((0.0, dice.uniform(0, 0.03))), everything)


# ------------------------------------------------------------------- who looks on


@dataclass(frozen=True)
class Seen:
    """What one look at databases showed."""

    there: frozenset[str]
    objects: frozenset[tuple[str, str]]
    counts: tuple[int, ...] | str


def contents(client: Client, database: str) -> Contents | None:
    """All there is in a database; None if it is not there."""
    if (database,) not in client.execute("SHOW DATABASES").rows:
        return None
    return {
        str(name): tuple(sorted(client.execute(f"SELECT * FROM {database}.`{name}`")))
        for name, *_ in client.execute(f"SHOW TABLES FROM {database}")
    }


def should_see(state: Mapping[str, Contents | None], tables: tuple[str, ...]) -> Seen:
    """What a look at these databases has to show."""
    there = {name: held for name, held in state.items() if held is not None}
    counts: list[int] = []
    for held in there.values():
        counts += [len(held[table]) for table in tables]
        counts.append(sum(not str(row[1]).startswith("c") for row in held["customers"]))
    return Seen(
        frozenset(there),
        frozenset((name, table) for name, held in there.items() for table in held),
        tuple(counts) if len(there) == len(state) else "absent",
    )


class Witness:
    """Looks at databases over and over, on a thread and connection of its own."""

    def __init__(
        self, server: Server, databases: tuple[str, ...], tables: tuple[str, ...]
    ) -> None:
        self.seen: set[Seen] = set()
        self._server = server
        self._databases = databases
        parts = [
            f"SELECT {{}}, COUNT(*) FROM {name}.{what}"
            for name in databases
            for what in (*tables, "customers WHERE name NOT LIKE 'c%'")
        ]
        self._counts = " UNION ALL ".join(
            part.format(at) for at, part in enumerate(parts)
        )
        listed = ", ".join(f"'{name}'" for name in databases)
        self._objects = (
            "SELECT reldatabase, relname FROM mo_catalog.mo_tables WHERE account_id ="
            f" current_account_id() AND reldatabase IN ({listed})"
            " AND relkind IN ('r', 'v')"
        )
        self._over = threading.Event()
        self._looked = threading.Semaphore(0)
        self._thread = threading.Thread(target=self._look, daemon=True)

    def _look(self) -> None:
        with self._server.client() as client:
            while not self._over.is_set():
                self.seen.add(self._once(client))
                self._looked.release()

    def _once(self, client: Client) -> Seen:
        there = {name for (name,) in client.execute("SHOW DATABASES")}
        objects = client.execute(self._objects).rows
        counts: tuple[int, ...] | str
        try:
            counts = tuple(n for _, n in sorted(client.execute(self._counts)))
        except NotFound:
            counts = "absent"
        except (QueryError, ConnectionError) as error:
            counts = repr(error)
        return Seen(
            frozenset(there.intersection(self._databases)),
            frozenset((str(database), str(name)) for database, name in objects),
            counts,
        )

    def __enter__(self) -> Witness:
        self._thread.start()
        self._look_anew()
        return self

    def __exit__(self, *_: object) -> None:
        self._look_anew()
        self._over.set()
        self._thread.join(20)

    def _look_anew(self) -> None:
        """Wait for a look that begins from now on."""
        while self._looked.acquire(blocking=False):
            pass
        for _ in range(2):
            assert self._looked.acquire(timeout=20), "the witness fell asleep"

    def unlike(self, *allowed: Seen) -> set[object]:
        """What was seen that should not have been."""
        return {
            value
            for seen in self.seen
            for name in ("there", "objects", "counts")
            if (value := getattr(seen, name))
            not in {getattr(each, name) for each in allowed}
        }
