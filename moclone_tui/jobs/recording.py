"""Writes down in the journal what a job does over its connection."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

from moclone_tui.api import Client
from moclone_tui.api._marks import mark
from moclone_tui.cloning.identity import Object, look_up
from moclone_tui.errors import MocloneError
from moclone_tui.jobs.journal import Entry, os_user
from moclone_tui.jobs.records import targets_of
from moclone_tui.jobs.registry import publish_job


@contextmanager
def recorded(
    entry: Entry, client: Client, plan: Mapping[str, object]
) -> Iterator[None]:
    """Mark what a client changes with the job's name, and write it down.

    What there is of the job's targets is looked at before and, if it went well, after
    it: a name alone would not tell afterwards whose object that is.

    Args:
        entry: The job's lines; without a name, nothing is marked nor looked at.
        client: The job's connection, and through it those of its sessions.
        plan: What the job is to do.

    Raises:
        MocloneError: The server could not be asked before anything was sent.
    """
    if not entry.job:
        yield
        return
    client.connection.comment = mark(entry.job, os_user())
    client.connection.on_change = entry.sends
    objects = [each.object for each in targets_of(plan)]
    seen = look_up(client, objects)
    entry.seen("before", seen.objects, seen.clock)
    yield
    if objects:
        with contextlib.suppress(MocloneError):
            entry.seen("made", look_up(client, objects).objects)
    if plan.get("keep"):
        with contextlib.suppress(MocloneError, OSError):  # the journal has it
            publish_job(client, entry)


def note_way_back(entry: Entry, client: Client, names: Iterable[str]) -> None:
    """Write down the databases that keep what a job replaced or dropped.

    Where they cannot be looked at, nobody knows them, and they are kept for ever.
    """
    kept = [Object("database", name) for name in names]
    if kept and entry.job:
        with contextlib.suppress(MocloneError):
            entry.seen("way back", look_up(client, kept).objects)
