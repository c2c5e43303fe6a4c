"""How work tells what it does, and hears that it is to stop."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Protocol

from moclone_tui.api import Client
from moclone_tui.errors import (
    Cancelled,
    MocloneError,
    PermissionDenied,
    QueryError,
)


@dataclass(slots=True)
class Step:
    """A step under way: what is told of it can be said while it runs."""

    text: str


class Progress(Protocol):
    """Who hears how it goes, and may stop it between two steps."""

    def check(self) -> None:
        """Go on, or raise `Cancelled`."""

    def expect(self, steps: int) -> None:
        """Hear how many steps there are in all, those that are through included."""

    def step(
        self, text: str, *, seconds: float | None = None
    ) -> AbstractContextManager[Step]:
        """Begin a step; it is told with its time when it is through.

        Args:
            text: What is done: the statement, or words.
            seconds: About how long it takes, of a statement that tells nothing while
                it runs; None if that cannot be said.
        """

    def say(self, text: str) -> None:
        """Tell something."""

    def watch(self, connection: int) -> None:
        """Hear of a connection that has to be stopped if it is cancelled."""

    def temporary(self, name: str, kind: str) -> None:
        """Hear of a temporary object that is about to be made.

        Args:
            name: `moclone_tmp_…`; of a table as SQL has it, its database included.
            kind: `snapshot`, `database` or `table`.
        """

    def dropped(self, name: str, kind: str) -> None:
        """Hear that a temporary object is gone again."""


def reason(error: MocloneError) -> str:
    """Why a step did not go through, in words."""
    return "cancelled" if isinstance(error, Cancelled) else str(error)


class Silent:
    """A progress that nobody listens to."""

    def check(self) -> None:
        """Go on."""

    def expect(self, steps: int) -> None:
        """Nobody wants to know."""

    def step(
        self,
        text: str,
        *,
        seconds: float | None = None,  # noqa: ARG002 nobody waits for it
    ) -> AbstractContextManager[Step]:
        """Begin a step."""
        return nullcontext(Step(text))

    def say(self, text: str) -> None:
        """Nobody wants to know."""

    def watch(self, connection: int) -> None:
        """Nobody stops it."""

    def temporary(self, name: str, kind: str) -> None:
        """Nobody writes it down."""

    def dropped(self, name: str, kind: str) -> None:
        """Nobody writes it down."""


_KILL_AGAIN = 0.2
"""Seconds until a statement that still runs is killed again."""


def kill_until(
    over: threading.Event, connections: Callable[[], Iterable[int]], client: Client
) -> None:
    """Kill what connections run, until it is over: between two statements none stops.

    Args:
        over: Set once the work has ended.
        connections: Gives the connections of the work, as far as it has any.
        client: A connection beside them.

    Raises:
        PermissionDenied: The login may not kill.
        ConnectionError: The connection was lost.
    """
    while not over.is_set():
        for connection in tuple(connections()):
            try:
                client.kill_query(connection)
            except PermissionDenied:
                raise
            except QueryError:
                continue  # it is closed already
        over.wait(_KILL_AGAIN)
