"""Reads for the screens: one daemon thread, one connection, the newest question only.

A screen asks and names what it asks; the answer comes as a message that carries the
question, so that a late one can be told and dropped. A thread that hangs in a socket
never keeps the app from quitting, and nothing here ever changes the server.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any

from textual.message import Message
from textual.message_pump import MessagePump

from moclone_tui.api import Client, ConnectionError, MocloneError, TimedOut

Work = Callable[[Client], Any]


class Answered(Message, bubble=False):
    """What a question came to: a value, or an error."""

    def __init__(
        self,
        topic: str,
        question: Any,
        value: Any = None,
        error: MocloneError | None = None,
    ) -> None:
        super().__init__()
        self.topic = topic
        """What kind of question it was: `databases`, `tables`, …"""
        self.question = question
        """What was asked about: the name of a database, …"""
        self.value = value
        self.error = error


@dataclass(slots=True)
class _Question:
    topic: str
    about: Hashable
    work: Work
    asker: MessagePump
    behind: bool


class Reader:
    """Answers what screens ask, on a connection of its own.

    A lost connection is made again for the next question: reading twice does no harm.

    Args:
        connect: Makes the connection; called in the reader's thread.
    """

    def __init__(self, connect: Callable[[], Client]) -> None:
        self._connect = connect
        self._waiting: list[_Question] = []
        self._wake = threading.Condition()
        self._stopped = False
        self._busy = False
        self._client: Client | None = None
        self.failed: tuple[float, MocloneError] | None = None
        """The newest error, and when by the monotonic clock."""
        self._thread = threading.Thread(target=self._serve, name="reader", daemon=True)
        self._thread.start()

    def ask(
        self,
        asker: MessagePump,
        topic: str,
        question: Hashable,
        work: Work,
        *,
        behind: bool = False,
    ) -> None:
        """Put a question; the asker gets an `Answered`.

        A question of the same asker and topic that is still waiting is forgotten:
        nobody wants its answer any more.

        Args:
            asker: Who gets the answer.
            topic: What kind of question it is.
            question: What is asked about.
            work: Finds the answer, in the reader's thread.
            behind: Whether it waits until nobody asks anything else: what fills gaps
                must not keep up what somebody just opened.
        """
        with self._wake:
            self._waiting = [
                waiting
                for waiting in self._waiting
                if (waiting.asker, waiting.topic) != (asker, topic)
            ]
            self._waiting.append(_Question(topic, question, work, asker, behind))
            self._wake.notify()

    @property
    def idle(self) -> bool:
        """Whether every question has its answer."""
        with self._wake:
            return not self._waiting and not self._busy

    def stop(self) -> None:
        """End at once, cutting the connection if something hangs in it."""
        with self._wake:
            self._stopped = True
            self._waiting.clear()
            client = self._client
            self._wake.notify()
        if client is not None and client.connected():
            client.connection.abort()

    def _serve(self) -> None:
        while True:
            with self._wake:
                while not self._waiting and not self._stopped:
                    self._wake.wait()
                if self._stopped:
                    break
                question = self._next()
                self._busy = True
            self._answer(question)
            self._busy = False
        if self._client is not None:
            self._client.disconnect()

    def _next(self) -> _Question:
        """The oldest question; of those that wait behind others only if alone."""
        at = next((at for at, it in enumerate(self._waiting) if not it.behind), 0)
        return self._waiting.pop(at)

    def _answer(self, question: _Question) -> None:
        value: Any = None
        error: MocloneError | None = None
        try:
            value = self._work(question.work)
        except MocloneError as caught:
            error = caught
        except Exception as bug:  # noqa: BLE001 the thread must live to answer again
            error = MocloneError(f"moclone failed: {bug!r}", remedy="Please report it.")
        if error is not None:
            self.failed = (time.monotonic(), error)
        if not self._stopped:
            question.asker.post_message(
                Answered(question.topic, question.about, value, error)
            )

    def _work(self, work: Work) -> Any:
        """Do what was asked; once more if an old connection turns out to be lost."""
        before = self._client
        client = self._connected()
        try:
            return work(client)
        except TimedOut:
            raise
        except ConnectionError:
            if client is not before or self._stopped:
                raise
        return work(self._connected())

    def _connected(self) -> Client:
        client = self._client
        if client is None or not client.connected():
            client = self._connect()
            with self._wake:
                self._client = client
                stopped = self._stopped
            if stopped:
                client.disconnect()
                raise ConnectionError("The connection was closed.")
        return client
