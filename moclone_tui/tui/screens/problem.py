"""What went wrong: what, why, what to do; the server's words, and the statement."""

from __future__ import annotations

from collections.abc import Iterator

from textual.content import Content

from moclone_tui.api import MocloneError, ServerError
from moclone_tui.text import safe
from moclone_tui.tui import render
from moclone_tui.tui.screens.dialog import TextScreen


class ProblemScreen(TextScreen):
    """An error with everything that is known of it.

    Args:
        error: The error.
    """

    def __init__(self, error: MocloneError) -> None:
        super().__init__("What went wrong", Content.assemble(*_parts(error)))


def _parts(error: MocloneError) -> Iterator[tuple[str, str]]:
    yield safe(str(error)), "bold $text-error"
    if error.remedy:
        yield f"\n{safe(error.remedy)}", ""
    for cause in _causes(error):
        words = render.server_words(cause)
        if words:
            yield "\n\nThe server's words:", "$foreground-muted"
            yield from ((f"\n  {line}", "") for line in words)
        if isinstance(cause, ServerError) and cause.statement:
            yield "\n\nThe statement:", "$foreground-muted"
            yield from ((f"\n  {safe(x)}", "") for x in cause.statement.splitlines())


def _causes(error: MocloneError) -> Iterator[MocloneError]:
    """An error and what caused it, the same words only once."""
    said: set[str] = set()
    at: BaseException | None = error
    while isinstance(at, MocloneError):
        words = getattr(at, "detail", "")
        if words not in said:
            said.add(words)
            yield at
        at = at.__cause__
