"""Jobs that outlive the UI: a process of their own goes on with them.

A transaction belongs to its connection, and a connection to its process: what runs
cannot be handed over as it is. So nothing is. A child is started, and proves that it
reaches the server; only then is what runs cancelled, and once the server has rolled it
back, given to the child, which checks it anew and begins from the start; what waits for
its turn is given as it is. No job is ever done by two at once, none is left half made,
and both processes write the journal: an end here, a beginning there, which another
start shows as running elsewhere. A job whose end is not known stays here, as ever.

Running every job in a child from the start would spare the second beginning; it would
cost each small job the start of a process, and the UI its direct line to it.

What crosses over goes through a pipe that only the two have: a password is never in
an argument, an environment or a file.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from types import FrameType, TracebackType
from typing import BinaryIO, Self, cast

from moclone_tui.api import Client, Login
from moclone_tui.errors import MocloneError
from moclone_tui.jobs.journal import Journal
from moclone_tui.jobs.model import JobEvent, JobSpec
from moclone_tui.jobs.runner import ENDING, JobRunner

ELSEWHERE = "a process in the background is to begin it anew"
"""Where a job goes, as its end here tells it."""
_WELL = b"well\n"
_PATIENCE = 20.0
"""Seconds for the child to start, beside those it may take to connect."""


@dataclass(frozen=True, slots=True)
class Errand:
    """What the child needs to know, beside the jobs."""

    login: Login
    journal: Journal
    limit: int
    """How many jobs run at once."""


@dataclass(frozen=True, slots=True)
class Left:
    """What became of leaving."""

    pid: int
    """The child's number; SIGTERM has it roll back what runs, and end."""
    jobs: int
    """How many jobs it has; what ended meanwhile is not among them."""


class Detached:
    """The child, from the side of the UI.

    Args:
        errand: What it is to know.

    Raises:
        MocloneError: It did not start, or does not reach the server; with its words.
    """

    def __init__(self, errand: Errand) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "moclone_tui.jobs.detached"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        # Where it ends before we do, nothing of it is left.
        threading.Thread(target=self._process.wait, daemon=True).start()
        self._to = cast("BinaryIO", self._process.stdin)
        self._from = cast("BinaryIO", self._process.stdout)
        patience = _PATIENCE + errand.login.connect_timeout
        killer = threading.Timer(patience, self._process.kill)
        killer.start()
        try:
            self._send(errand)
            self._hear("Nothing was cancelled.")
        except BaseException:
            self._process.kill()
            self._close()
            raise
        finally:
            killer.cancel()

    @property
    def pid(self) -> int:
        """The number of its process."""
        return self._process.pid

    def take(self, spec: JobSpec) -> None:
        """Hand it a job: it has it when this returns.

        Raises:
            MocloneError: It has died.
        """
        self._send(spec)
        self._hear("What was not handed over is cancelled: run it again here.")

    def _send(self, value: object) -> None:
        with contextlib.suppress(OSError):  # its last words say why
            pickle.dump(value, self._to)
            self._to.flush()

    def _hear(self, remedy: str) -> None:
        if (line := self._from.readline()) != _WELL:
            rest = (line + self._from.read()).decode(errors="replace")
            words = rest.strip().splitlines() or ["it is not there"]
            raise MocloneError(
                f"The process in the background failed: {words[-1]}", remedy=remedy
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """There is nothing more to hand over."""
        self._close()

    def _close(self) -> None:
        for stream in (self._to, self._from):
            with contextlib.suppress(OSError):
                stream.close()


def leave(runner: JobRunner, errand: Errand) -> Left:
    """Leave what has not ended to a child; may take as long as connecting and stopping.

    Args:
        runner: Whose jobs.
        errand: What the child is to know.

    Raises:
        MocloneError: There is no child, and nothing was cancelled; or it died, and the
            rest of the jobs is cancelled and can be run again.
    """
    for number in runner.running:
        try:
            pickle.dumps(runner.spec(number))
        except (pickle.PicklingError, TypeError, AttributeError) as error:
            raise MocloneError(
                f"{runner.spec(number).title} cannot be handed over: {error}",
                remedy="Nothing was cancelled.",
            ) from error
    with Detached(errand) as child:
        return Left(child.pid, runner.hand_over(child.take, ELSEWHERE))


# The child's own side


def main() -> int | str:
    """Do what comes through standard input; gives the exit code, or why it cannot."""
    source = sys.stdin.buffer
    errand: Errand = pickle.load(source)  # noqa: S301 our own parent's
    try:
        with Client.from_login(errand.login):
            pass
    except MocloneError as error:
        return str(error)
    runner = JobRunner(
        lambda: Client.from_login(errand.login.patient()),
        _unheard,
        limit=errand.limit,
        journal=errand.journal,
    )
    _heed_signals()
    try:
        _say_well()
        numbers = []
        for spec in _specs(source):
            numbers.append(runner.submit(spec))
            _say_well()
        _speak_to_nobody()
        for number in numbers:
            runner.wait(number)
    except SystemExit as told:
        runner.stop(str(told.code))
    return 0


def _unheard(_: JobEvent) -> None:
    """The journal has all of it."""


def _specs(source: BinaryIO) -> Iterator[JobSpec]:
    """The jobs, as they come; one that is cut off was never handed over."""
    while True:
        try:
            yield pickle.load(source)  # noqa: S301 our own parent's
        except (EOFError, pickle.UnpicklingError):
            return


def _say_well() -> None:
    with contextlib.suppress(OSError):  # who gave the job may have died since
        os.write(1, _WELL)


def _heed_signals() -> None:
    """Roll back and end when told to; there is no terminal that could be closed."""

    def told(number: int, _: FrameType | None) -> None:
        signal.signal(number, signal.SIG_IGN)  # once is enough
        raise SystemExit(ENDING[signal.Signals(number).name])

    signal.signal(signal.SIGTERM, told)
    if hasattr(signal, "SIGHUP"):
        signal.signal(signal.SIGHUP, signal.SIG_IGN)


def _speak_to_nobody() -> None:
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for number in (1, 2):
        os.dup2(nowhere, number)


if __name__ == "__main__":
    sys.exit(main())
