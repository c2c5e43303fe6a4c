"""What the main screen works at: one server, who one is there, and how to reach it."""

from __future__ import annotations

import datetime as dt
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from moclone_tui import text
from moclone_tui.api import Client, Login, MocloneError, Tls, sql
from moclone_tui.config import MaskRule, Profile, Settings
from moclone_tui.embedded import EmbeddedServer
from moclone_tui.jobs.detached import Errand, leave
from moclone_tui.jobs.journal import Journal, Place, default_folder
from moclone_tui.jobs.leftovers import Leftover, leftovers
from moclone_tui.jobs.runner import JobRunner
from moclone_tui.jobs.settle import Settled, settle
from moclone_tui.tui.reader import Reader

READ_TIMEOUT = 60.0
"""Seconds after which a read is given up, unless the profile says otherwise."""

Clock = Callable[[], dt.datetime]


class PasswordNeeded(MocloneError):
    """The profile names no password: it has to be asked for."""


class Target:
    """A server to connect to: a profile, or the demo's own.

    Args:
        profile: Where and as whom; of the demo only its name counts.
        demo: The embedded server, if that is what it is.
    """

    def __init__(self, profile: Profile, demo: EmbeddedServer | None = None) -> None:
        self.profile = profile
        self.demo = demo
        self._login: Login | None = None
        self._lock = threading.Lock()
        self._own_folder: tempfile.TemporaryDirectory[str] | None = None

    @classmethod
    def start_demo(cls, options: Sequence[str] = ()) -> Target:
        """Start the embedded server in the background and aim at it.

        Args:
            options: As its command line takes them.

        Raises:
            MocloneError: The packages it needs are not installed.
        """
        return cls(demo_profile(), EmbeddedServer(options))

    def connect_reader(self) -> Client:
        """Connect for reads, which are given up after a while.

        May take long: never on the thread of the screens.

        Raises:
            PasswordNeeded: There is no password yet: see `give_password`.
            MocloneError: As `Client`.
        """
        login = self._known_login()
        patience = login.read_timeout or READ_TIMEOUT
        return Client.from_login(replace(login, read_timeout=patience))

    def connect_job(self) -> Client:
        """Connect for what may take as long as it takes.

        Raises:
            MocloneError: As `connect_reader`.
        """
        return Client.from_login(self._known_login().patient())

    def journal(self) -> Journal:
        """Where its jobs are written down; those of the demo go with its server.

        Raises:
            MocloneError: As `connect_reader`.
        """
        login = self._known_login()
        place = Place(login.server, login.full_user, self.profile.name)
        if self.demo is None:
            return Journal(default_folder(), place)
        if self._own_folder is None:
            self._own_folder = tempfile.TemporaryDirectory(prefix="moclone-")
        return Journal(Path(self._own_folder.name), place)

    @property
    def why_nothing_behind(self) -> str:
        """Why no process can go on with its jobs; empty if one can."""
        if self.demo is None:
            return ""
        return "The demo's server ends with moclone: no job can be left to run."

    def errand(self, limit: int) -> Errand:
        """What a process needs that goes on with its jobs, so many at once.

        Raises:
            MocloneError: As `connect_reader`.
        """
        return Errand(self._known_login(), self.journal(), limit)

    def _known_login(self) -> Login:
        with self._lock:
            if self._login is None:
                self._login = self._find_login()
            return self._login

    def give_password(self, password: str) -> None:
        """Use this password from now on."""
        self._login = Login.of(self.profile, password)

    def forget_password(self) -> None:
        """Find the password anew at the next attempt."""
        self._login = None

    def _find_login(self) -> Login:
        if self.demo is not None:
            return Login(
                host=self.demo.host,
                port=self.demo.port,
                user=self.demo.user,
                password=self.demo.password,
                tls=Tls("off"),
            )
        password = self.profile.find_password()
        if password is None:
            raise PasswordNeeded(f"{self.profile.address} asks for a password.")
        return Login.of(self.profile, password)

    def close(self) -> None:
        """End the demo's server, if there is one."""
        if self.demo is not None:
            self.demo.stop()
        if self._own_folder is not None:
            self._own_folder.cleanup()


def demo_profile() -> Profile:
    """The profile of the demo: it masks the shop's customers in every copy."""
    rules = (("email", "concat('user', id, '@example.com')"),
             ("name", "concat('Customer ', id)"))  # fmt: skip
    masking = tuple(MaskRule("customers", *rule, database="shop") for rule in rules)
    return Profile(name="demo", masking=masking)


@dataclass(frozen=True, slots=True)
class ServerInfo:
    """What a server says of itself and of the login."""

    version: str
    account: str
    user: str
    role: str
    encrypted: bool

    @classmethod
    def ask(cls, client: Client) -> ServerInfo:
        """Ask a server."""
        _, account, user, role = client.execute(sql.WHO_AM_I).first
        return cls(
            version=client.capabilities.shown,
            account=str(account),
            user=str(user),
            role=str(role),
            encrypted=client.connection.encrypted,
        )


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything the screens of one connection share."""

    target: Target
    info: ServerInfo
    reader: Reader
    runner: JobRunner
    clock: Clock
    settings: Settings
    stopwatch: Callable[[], float] = time.monotonic
    """Seconds, as jobs are measured by."""
    others: tuple[Profile, ...] = ()
    """The other profiles there are."""

    @property
    def read_only(self) -> bool:
        """Whether the profile forbids to change anything."""
        return self.target.profile.read_only

    def own_reader(self) -> Reader:
        """A reader on a connection of its own, for what takes long; to be stopped."""
        return Reader(self.target.connect_reader)

    def aftermath(
        self, client: Client
    ) -> tuple[tuple[Settled, ...], tuple[Leftover, ...]]:
        """What became of jobs whose end nobody saw, and what they left behind.

        Nothing on the server is changed.
        """
        journal = self.target.journal()
        try:
            return (
                settle(client, journal.folder, journal.place),
                leftovers(journal.folder, journal.place),
            )
        except OSError:
            return (), ()  # the next job says that it cannot be written down

    def leave_behind(self) -> str:
        """Leave what has not ended to a process in the background; says so.

        May take long: never on the thread of the screens.

        Raises:
            MocloneError: As `jobs.detached.leave`.
        """
        left = leave(self.runner, self.target.errand(self.settings.jobs_at_once))
        if not left.jobs:
            return "All jobs ended meanwhile."
        return (
            f"{text.plural(left.jobs, 'job')} left to process {left.pid}: "
            "moclone jobs tells how they end."
        )

    def close(self, why: str = "") -> None:
        """Cancel what runs, cut the reader's connection, end the demo's server.

        Args:
            why: What made it necessary, if nobody asked for it.
        """
        self.runner.stop(why)
        self.reader.stop()
        self.target.close()
