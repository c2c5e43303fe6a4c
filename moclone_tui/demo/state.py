"""What all sessions share: the history, the accounts, the engine and the log."""

import itertools
import uuid
from collections import deque
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from moclone_tui.demo.accounts import Accounts
from moclone_tui.demo.clock import Clock
from moclone_tui.demo.engine import Engine
from moclone_tui.demo.history import History
from moclone_tui.demo.routines import Routines
from moclone_tui.demo.session_functions import SESSION, call_for
from moclone_tui.demo.snapshots import Pitrs, Publication, Snapshots

if TYPE_CHECKING:
    from moclone_tui.demo.session import Session

LOG_LENGTH = 20_000


@dataclass(frozen=True, slots=True)
class Executed:
    """A statement that has been answered, for `system.statement_info`."""

    statement_id: str
    transaction_id: str
    session_id: str
    account: str
    user: str
    host: str
    database: str
    statement: str
    started: int
    ended: int
    code: int
    error: str
    kind: str
    connection_id: int
    role_id: int
    rows: int


class State:
    """One server's state.

    Attributes:
        version: The MatrixOne version it claims to be.
        address: Where it listens.
        slow: Seconds that every clone takes.
        current: The session whose statement is being evaluated.
    """

    def __init__(
        self, clock: Clock, password: str, *, version: str = "4.2.0", slow: float = 0
    ) -> None:
        """Begin with the account sys and nothing in it."""
        self.clock = clock
        self.version = version
        self.slow = slow
        self.history = History(clock)
        self.started = self.history.tick()
        self.accounts = Accounts(password, self.started)
        self.snapshots = Snapshots()
        self.pitrs = Pitrs()
        self.routines = Routines()
        self.publications: dict[tuple[int, str], Publication] = {}
        self.sessions: dict[int, Session] = {}
        self.log: deque[Executed] = deque(maxlen=LOG_LENGTH)
        self.connection_ids = itertools.count(1)
        self.address = ""
        self.node_id = str(uuid.uuid4())
        self.current: Session | None = None
        calls = {name: partial(call_for, self, name) for name in SESSION}
        self.engine = Engine(dict(calls))

    def now(self) -> int:
        """The present, later than everything before."""
        return self.history.tick()
