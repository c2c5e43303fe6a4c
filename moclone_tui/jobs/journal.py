"""The journal: what each job was about to do, what it did, and how it ended.

Lines of JSON, only ever added to, in one file for each month. A job is written down
before its first statement, so that a crash leaves a job that never ended: `settle.py`
finds out what became of it. Any number of processes may write at once.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from moclone_tui._version import __version__
from moclone_tui.api import sql
from moclone_tui.cloning.identity import Object
from moclone_tui.jobs.process import this_process

_LONGEST = 10_000
"""Characters kept of a text: a statement may hold thousands of rows."""


def default_folder() -> Path:
    """Where the journal of this user is, on this system."""
    import platformdirs

    return platformdirs.user_state_path("moclone", appauthor=False)


def os_user() -> str:
    """Who runs this, as the system says; "" if it does not."""
    import getpass

    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return ""


@dataclass(frozen=True, slots=True)
class Place:
    """Where jobs do what they do."""

    server: str = ""
    """`host:port`."""
    user: str = ""
    """`user` or `account#user#role`."""
    profile: str = ""
    """The profile's name, or nothing."""

    @property
    def account(self) -> str:
        """The account that the user is of."""
        return self.user.partition("#")[0] if "#" in self.user else "sys"

    def same(self, other: Place) -> bool:
        """Whether the same objects are seen from there."""
        return (self.server.lower(), self.account) == (
            other.server.lower(),
            other.account,
        )


@dataclass(frozen=True, slots=True)
class Journal:
    """Where the jobs of one connection are written down.

    Args:
        folder: The folder of the files; made when it is needed.
        place: Where the jobs do what they do.
    """

    folder: Path
    place: Place = Place()

    def begin(
        self,
        title: str,
        plan: Mapping[str, object],
        warn: Callable[[str], None] = lambda _: None,
    ) -> Entry:
        """Write down that a job begins; it is on the disk when this returns.

        Args:
            title: The job in words.
            plan: What it is to do, as `JobSpec.describe` has it.
            warn: Hears, once, if something cannot be written down; the job may go on.
        """
        now = dt.datetime.now(dt.UTC)
        file = self.folder / f"jobs-{now:%Y-%m}.jsonl"
        entry = Entry(secrets.token_hex(5), file, warn)
        entry.write(
            "begin",
            durably=True,
            time=now.isoformat(),
            title=title,
            plan=plan,
            **asdict(self.place),
            process=asdict(this_process()),
            version=__version__,
        )
        return entry


class Entry:
    """One job's lines in the journal.

    What cannot be written is lost, and each line after it says that there is a gap;
    but for the first line, which is tried again with the next: without it, the others
    would be nobody's.

    Args:
        job: The job's name among all jobs of all processes; empty if it has none.
        file: Where its lines go; None if nothing is written down.
        warn: Hears, once, if something cannot be written down.

    Attributes:
        sent: What it sent that changes something, BEGIN and COMMIT included, in order.
    """

    def __init__(
        self,
        job: str = "",
        file: Path | None = None,
        warn: Callable[[str], None] = lambda _: None,
    ) -> None:
        self.job = job
        self.sent: list[str] = []
        self._file = file
        self._warn = warn
        self._first: dict[str, object] = {}
        self._gap = False

    @property
    def file(self) -> Path | None:
        """Where its lines go; None if nothing is written down."""
        return self._file

    def write(self, record: str, *, durably: bool = False, **values: object) -> None:
        """Write one line.

        Args:
            record: What it is: `begin`, `sends`, `step`, …
            durably: Whether it has to be on the disk when this returns.
            values: What else there is to say.
        """
        if self._file is None:
            return
        if record == "begin":
            self._first = values
        try:
            if self._first:
                append(self._file, self.job, "begin", self._first, durably=durably)
                self._first = {}
            if record != "begin":
                gap = {"gap": True} if self._gap else {}
                append(self._file, self.job, record, values | gap, durably=durably)
        except OSError as error:
            if not self._gap:
                reason = error.strerror or str(error)
                self._warn(f"not all of this job is in the journal: {reason}")
            self._gap = True

    def seen(self, what: str, objects: Iterable[Object], clock: int = 0) -> None:
        """Write down which objects were there.

        Args:
            what: `before` the job, or `made` by it.
            objects: The objects, with their numbers.
            clock: The server's clock then.
        """
        self.write(what, objects=[asdict(each) for each in objects], clock=clock)

    def sends(self, statement: str, connection: int = 0) -> None:
        """Write down BEGIN, or what changes something, just before it is sent."""
        self.sent.append(sql.redact(statement))
        if sql.first_word(statement) == "commit":
            self.write("committing", durably=True, connection=connection)
        else:
            self.write("sends", text=statement, connection=connection)

    def temporary(self, made: Object) -> None:
        """Write down a temporary object, before it is made."""
        self.write("temporary", durably=True, object=asdict(made))

    def dropped(self, gone: Object) -> None:
        """Write down that a temporary object is gone."""
        self.write("dropped", object=asdict(gone))


def append(
    file: Path,
    job: str,
    record: str,
    values: Mapping[str, object],
    *,
    durably: bool = False,
) -> None:
    """Add a line to a file, in one piece.

    Raises:
        OSError: It could not be written, or not whole.
    """
    line = {"job": job, "record": record, "time": dt.datetime.now(dt.UTC).isoformat()}
    text = json.dumps(line | _fit(dict(values)), default=str) + "\n"
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC
    number = os.open(file, flags, 0o600)
    try:
        data = _mended(number) + text.encode()
        if os.write(number, data) < len(data):
            raise OSError("the disk is full")
        if durably:
            os.fsync(number)
    finally:
        os.close(number)


def _mended(number: int) -> bytes:
    """What ends a torn line, that of a process or disk that stopped in the middle."""
    size = os.fstat(number).st_size
    return b"\n" if size and os.pread(number, 1, size - 1) != b"\n" else b""


def _fit(value: Any) -> Any:
    """A value without passwords, and not without end."""
    if isinstance(value, str):
        cut = value if len(value) <= _LONGEST else value[:_LONGEST] + " …"
        return sql.redact(cut)
    if isinstance(value, Mapping):
        return {str(key): _fit(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_fit(each) for each in value]
    return value
