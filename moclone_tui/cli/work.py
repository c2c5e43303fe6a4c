"""Runs one job for a command: narrated, in the journal, ended by signals in order."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import FrameType

    from moclone_tui.api import Login
    from moclone_tui.cli.narration import Narrator
    from moclone_tui.config import Profile
    from moclone_tui.jobs.journal import Journal, Place
    from moclone_tui.jobs.model import JobEvent, JobSpec
    from moclone_tui.jobs.runner import JobRunner

_BEAT = 0.25
"""Seconds between two looks at how far a job is."""


class Told(BaseException):
    """A signal said that the process is to end."""


def do(
    spec: JobSpec, profile: Profile, login: Login, *, reminding: bool = True
) -> JobEvent:
    """Carry a job out and narrate it; gives its last event.

    Ctrl-C once asks the server to stop, twice leaves at once. SIGTERM and a closed
    terminal ask the server to stop and wait for it, but not for ever: what then still
    runs is rolled back by the server when the connection closes.

    Args:
        spec: What to do.
        profile: Where.
        login: As whom.
        reminding: Whether to speak of jobs whose end nobody saw.

    Raises:
        ConfigError: The profile is read-only.
        KeyboardInterrupt: It was left at once.
    """
    from moclone_tui.api import Client
    from moclone_tui.cli.narration import Narrator
    from moclone_tui.jobs.runner import JobRunner

    journal = journal_of(profile, login)
    if reminding:
        remind(journal)
    last: list[JobEvent] = []
    narrator = Narrator()

    def hear(event: JobEvent) -> None:
        last[:] = [event]
        narrator.hear(event)

    runner = JobRunner(
        lambda: Client.from_login(login.patient()),
        hear,
        read_only=profile.read_only,
        journal=journal,
    )
    with _heeding_signals():
        try:
            _watch(runner, runner.submit(spec), narrator)
        except Told as told:
            if not runner.stop(str(told)):
                hear(_cut_short(last[0]))
        finally:
            narrator.close()
    return last[0]


def _watch(runner: JobRunner, number: int, narrator: Narrator) -> None:
    """Wait for a job, telling how far it is; Ctrl-C once asks it to stop."""
    try:
        _wait(runner, number, narrator)
    except KeyboardInterrupt:
        if not runner.cancel(number):
            narrator.say("it is done already")
            return
        narrator.say("the server is asked to stop; Ctrl-C again leaves at once")
        try:
            _wait(runner, number, narrator)
        except KeyboardInterrupt:
            narrator.close()
            narrator.say("left at once: the server may go on, or roll it back")
            narrator.say("moclone jobs --settle says what became of it")
            raise


def _wait(runner: JobRunner, number: int, narrator: Narrator) -> None:
    while not runner.wait(number, _BEAT).ended:
        narrator.beat()
    runner.wait(number)  # until its end is told, too


def _cut_short(event: JobEvent) -> JobEvent:
    from dataclasses import replace

    from moclone_tui.errors import OutcomeUnknown
    from moclone_tui.jobs.model import JobState

    unknown = OutcomeUnknown(
        "The server has not stopped it yet; moclone does not wait any longer.",
        remedy="moclone jobs --settle says what became of it.",
    )
    return replace(
        event, state=JobState.UNKNOWN, text=str(unknown), error=unknown, seconds=None
    )


def place_of(profile: Profile, login: Login) -> Place:
    """Where the jobs of a login do what they do."""
    from moclone_tui.jobs.journal import Place

    return Place(login.server, login.full_user, profile.name)


def journal_of(profile: Profile, login: Login) -> Journal:
    """Where the jobs of a login are written down."""
    from moclone_tui.jobs.journal import Journal, default_folder

    return Journal(default_folder(), place_of(profile, login))


def remind(journal: Journal) -> None:
    """Say that there are jobs whose end nobody saw, and what finds it out."""
    from moclone_tui.jobs.leftovers import leftovers
    from moclone_tui.jobs.settle import unsettled
    from moclone_tui.text import plural

    try:
        jobs = [
            job
            for job in unsettled(journal.folder, journal.place)
            if not job.unclear  # whoever was told once can do no more about it
        ]
        left = leftovers(journal.folder, journal.place)
    except OSError:
        return  # whoever cannot read it will hear that it cannot be written
    said = [f"{plural(len(jobs), 'job')} here ended unseen"] if jobs else []
    if left:
        said.append(f"{plural(len(left), 'temporary object')} left behind")
    if said:
        words = f"moclone: {', '.join(said)}: see moclone jobs --settle"
        print(words, file=sys.stderr)


@contextmanager
def _heeding_signals() -> Iterator[None]:
    """Turn the signals that end a process into `Told`, as Ctrl-C is an exception."""
    from moclone_tui.jobs.runner import ENDING

    def told(number: int, _: FrameType | None) -> None:
        name = signal.Signals(number).name
        for each in numbers:  # once is enough: what follows must not be torn
            signal.signal(each, signal.SIG_IGN)
        if name == "SIGHUP":
            _speak_to_nobody()
        raise Told(ENDING[name])

    numbers = [
        number
        for name in ENDING
        # What nohup has switched off stays off.
        if (number := getattr(signal, name, None)) is not None
        and signal.getsignal(number) is not signal.SIG_IGN
    ]
    before = {each: signal.signal(each, told) for each in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _speak_to_nobody() -> None:
    """Let what is printed go nowhere: writing to a terminal that is gone fails."""
    with contextlib.suppress(OSError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        for stream in (sys.stdout, sys.stderr):
            if stream.isatty():
                os.dup2(nowhere, stream.fileno())
