"""What the server knows about a kind of statement."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING

from moclone_tui.demo.reader import TokenReader
from moclone_tui.demo.reply import Reply

if TYPE_CHECKING:
    from moclone_tui.demo.session import Session

Handler = Callable[["Session", TokenReader], Reply]


class Mode(Enum):
    """How a statement goes with transactions.

    PLAIN runs in the session's transaction, or in one of its own. CLONE does so only
    inside BEGIN. ADMIN and RIGHTS are refused in a transaction, in words of their own.
    CONTROL handles transactions
    itself. REPORT tells of the session and leaves its warnings alone.
    """

    PLAIN = auto()
    CLONE = auto()
    ADMIN = auto()
    RIGHTS = auto()
    CONTROL = auto()
    REPORT = auto()


@dataclass(frozen=True, slots=True)
class Command:
    """A kind of statement.

    Attributes:
        words: What it begins with.
        run: Answers it; the reader stands behind the words.
        mode: How it goes with transactions.
        kind: Its name in the log of statements.
        containing: A word it has to have somewhere.
    """

    words: tuple[str, ...]
    run: Handler
    mode: Mode = Mode.PLAIN
    kind: str = ""
    containing: str = ""
