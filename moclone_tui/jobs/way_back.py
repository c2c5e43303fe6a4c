"""The way back: what the newest restore, replacement or drop kept, put in its place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from moclone_tui.api import Client, Kind, TableName
from moclone_tui.cloning.identity import Object, look_up
from moclone_tui.cloning.request import IfExists, Pair, Request
from moclone_tui.jobs.journal import Place
from moclone_tui.jobs.keeping import Made, made


@dataclass(frozen=True, slots=True)
class WayBack:
    """What a job kept of what it replaced or dropped."""

    title: str
    """What the job did: `restore shop`. Not yet fit to show."""
    kept: tuple[Object, ...]
    """The databases that keep what was there, with their numbers."""
    request: Request
    """What puts it in its place again."""


def newest(client: Client, folder: Path, place: Place) -> WayBack | None:
    """The newest way back that is still there; None if there is none.

    Args:
        client: A client of the server.
        folder: The journal's.
        place: Where the client is connected.

    Raises:
        MocloneError: The server could not be asked.
        OSError: The journal cannot be read.
    """
    for found in _by_job(made(folder, place)):
        objects = [each.object for each in found]
        ids = {each: each.id for each in look_up(client, objects).objects}
        there = [each for each in found if ids.get(each.object) == each.object.id]
        pairs = tuple(pair for each in there for pair in _pairs(client, each))
        if pairs:
            kept = tuple(each.object for each in there)
            request = Request(pairs, if_exists=IfExists.REPLACE, sequences=True)
            return WayBack(found[0].job.title, kept, request)
    return None


def _by_job(found: Iterable[Made]) -> list[list[Made]]:
    """What jobs kept, job by job, the newest first."""
    jobs: dict[str, list[Made]] = {}
    for each in found:
        if each.what == "way back":
            jobs.setdefault(each.job.job, []).append(each)
    return list(jobs.values())


def _pairs(client: Client, kept: Made) -> Iterator[Pair]:
    """What is kept, each with the place it had: a database, or tables of one."""
    name = kept.object.name
    original = name.rpartition("_before_")[0]
    tables = {
        TableName.parse(each.object.name)
        for each in kept.job.targets
        if each.object.type == "table"
    }
    if not any(each.database == original for each in tables):
        yield Pair(name, original)
        return
    for each in client.metadata.tables(name):
        if each.kind is Kind.TABLE:
            yield Pair(TableName(each.name, name), TableName(each.name, original))
