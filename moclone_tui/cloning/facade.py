"""What `client.clone` offers of this package: plan, run, verify."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from moclone_tui.api import NOW, Client, Moment, TableName
from moclone_tui.api._connected import Connected
from moclone_tui.api.names import fold
from moclone_tui.cloning.deep import compare_rows, tables_of
from moclone_tui.cloning.plan import Plan, make
from moclone_tui.cloning.progress import Silent, Step, kill_until
from moclone_tui.cloning.request import Request
from moclone_tui.cloning.run import Copied, carry_out
from moclone_tui.cloning.verify import Verdict, verify_database, verify_table
from moclone_tui.errors import Cancelled, MocloneError, NotSupported

_LOOK_AGAIN = 0.1
"""Seconds until the end is noticed of what nobody cancels."""


@dataclass(frozen=True, slots=True)
class CopyEvent:
    """One thing that happened while a plan was carried out."""

    text: str
    """What happened, in words or as the SQL that was sent. Not yet fit to show."""
    seconds: float | None
    """How long it took, of a step."""
    done: int
    """Steps that are through."""
    total: int
    """Steps in all; 0 if that is not known yet."""


@dataclass(slots=True)
class _Told(Silent):
    """A progress that tells a caller, and stops when the caller says so."""

    on_event: Callable[[CopyEvent], None] | None
    cancel: threading.Event | None
    connections: list[int] = field(default_factory=list)
    done: int = 0
    total: int = 0

    def check(self) -> None:
        if self.cancel is not None and self.cancel.is_set():
            raise Cancelled("It was cancelled between two steps.")

    def expect(self, steps: int) -> None:
        self.total = steps

    @contextmanager
    def step(self, text: str, *, seconds: float | None = None) -> Iterator[Step]:  # noqa: ARG002 nobody waits for it here
        self.check()
        step, started = Step(text), time.monotonic()
        yield step
        self.done += 1
        self._tell(step.text, time.monotonic() - started)

    def say(self, text: str) -> None:
        self._tell(text, None)

    def _tell(self, text: str, seconds: float | None) -> None:
        if self.on_event is not None:
            self.on_event(CopyEvent(text, seconds, self.done, self.total))

    def watch(self, connection: int) -> None:
        self.connections.append(connection)


def plan(run: Connected, request: Request) -> Plan:
    """Look at what a request would come upon. Nothing is changed."""
    return make(run, request)


def run(
    client: Connected,
    planned: Plan,
    on_event: Callable[[CopyEvent], None] | None = None,
    cancel: threading.Event | None = None,
) -> Copied:
    """Check a plan's request again and carry it out."""
    if not isinstance(client, Client):
        raise NotSupported(
            "A plan has a transaction of its own, and cannot be part of a session.",
            remedy="Use client.clone.run, or clone_database in the session.",
        )
    told = _Told(on_event, cancel, [client.connection.id])
    with _killing(client, told):
        return carry_out(client, planned.request, told)


@contextmanager
def _killing(client: Client, told: _Told) -> Iterator[None]:
    """Stop the statement under way once the caller's event is set."""
    cancel, over = told.cancel, threading.Event()
    if cancel is None:
        yield
        return

    def kill() -> None:
        while not cancel.wait(_LOOK_AGAIN):
            if over.is_set():
                return
        # Whoever cannot be asked to kill stops it between two steps all the same.
        with (
            contextlib.suppress(MocloneError),
            Client.from_login(client.login) as other,
        ):
            kill_until(over, lambda: told.connections, other)

    thread = threading.Thread(target=kill, name="moclone-cancel", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def verify(
    run: Connected,
    copy: str | TableName,
    source: str | TableName,
    at: Moment = NOW,
    *,
    deep: bool = False,
    on_event: Callable[[CopyEvent], None] | None = None,
) -> Verdict:
    """Compare a copy with its source at the moment it was made."""
    told = _Told(on_event, None)
    pairs: tuple[tuple[TableName, TableName], ...]
    if isinstance(copy, TableName) and isinstance(source, TableName):
        verdict = verify_table(run, copy, source, at)
        pairs = ((copy, source),)
    else:
        verdict = verify_database(run, fold(str(copy)), fold(str(source)), at)
        pairs = tables_of(run, fold(str(copy)), fold(str(source))) if deep else ()
    if not deep or verdict.differences or verdict.unchecked:
        return verdict
    return verdict.with_rows(*compare_rows(run, pairs, verdict.moment, told))
