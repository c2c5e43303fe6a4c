"""How work tells what it does, and hears that it is to stop."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol


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
