"""Look before something is dropped: what speaks against it, and what it takes along.

Nothing is changed here: `drop_run.py` carries it out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from moclone_tui import text
from moclone_tui.api import SYSTEM_DATABASES, Kind, PermissionDenied, TableName
from moclone_tui.api._connected import Connected
from moclone_tui.api.names import fold, utc
from moclone_tui.cloning import tied, ties_sql
from moclone_tui.cloning.drop import Drop, DropPart, DropPlan, Thing, object_of
from moclone_tui.cloning.identity import Object, look_up
from moclone_tui.cloning.look import Facts, look
from moclone_tui.cloning.preflight import (
    Finding,
    Level,
    blocker,
    gravest_first,
    listed,
)
from moclone_tui.cloning.request import IfExists, Pair, Request
from moclone_tui.cloning.ties import Ties


def make(run: Connected, request: Drop) -> DropPlan:
    """Look at what a drop would come upon, and judge it. Nothing is changed.

    Raises:
        MocloneError: The server could not be asked.
    """
    asked = _as_request(request)
    facts = look(run, asked)
    ties, _ = tied.look(run, asked, facts)
    known = {each: each for each in look_up(run, _objects(request)).objects}
    clock = next((each.clock for each in facts if each.clock), 0)
    parts = tuple(
        _part(thing, each, clock, known, way_back=request.way_back)
        for thing, each in zip(request.what, facts, strict=True)
    )
    found = [finding for part in parts for finding in _judge(part, request)]
    found += _of_ties(ties, request) if ties is not None else ()
    found += _of_keys(parts)
    found += _of_views(run, request)
    return DropPlan(request, parts, gravest_first(found))


def _as_request(request: Drop) -> Request:
    """The same as a restore: what is there now is looked at in the same way."""
    pairs = tuple(Pair(each, each) for each in request.what)
    return Request(pairs, if_exists=IfExists.REPLACE, way_back=request.way_back)


def _objects(request: Drop) -> list[Object]:
    return [object_of(each) for each in request.what]


def _part(
    thing: Thing,
    facts: Facts,
    clock: int,
    known: dict[Object, Object],
    *,
    way_back: bool,
) -> DropPart:
    part = DropPart(thing, facts, object=known.get(object_of(thing)))
    if way_back and part.kind is not Kind.VIEW:
        database = thing.database if isinstance(thing, TableName) else thing
        name = f"{fold(database or '')}_before_{utc(clock):%Y%m%d_%H%M%S}"
        part = replace(part, back=name)
    return part


# ------------------------------------------------------------------------ to judge


def _judge(part: DropPart, request: Drop) -> Iterator[Finding]:
    thing, facts = part.thing, part.facts
    database = thing.database if isinstance(thing, TableName) else thing
    if fold(database or "") in SYSTEM_DATABASES:
        yield blocker(f"{database} is the server's own database")
        return
    if not facts.source_there or (isinstance(thing, TableName) and not facts.objects):
        yield blocker(
            f"{thing} does not exist", "Look again: it may have been dropped meanwhile."
        )
        return
    if part.kind not in (None, Kind.TABLE, Kind.VIEW):
        yield blocker(f"{thing} is a {part.kind}, neither a table nor a view")
        return
    yield from _another(part, request)
    lost = [f"procedure {name}" for name in facts.procedures]
    lost += [f"function {name}" for name in facts.functions]
    if lost:
        yield Finding(
            Level.WARNING,
            f"{listed(lost)} of {thing}: lost for good, even if it is rolled back",
            "Save what makes them first.",
            tuple(lost),
        )
    yield from _of_way_back(part)
    for words in facts.unknown:
        yield Finding(Level.WARNING, f"not checked: {words}")


def _another(part: DropPart, request: Drop) -> Iterator[Finding]:
    """Whether it is what was chosen, or has only its name."""
    chosen = {each: each.id for each in request.chosen}
    was = chosen.get(object_of(part.thing), "")
    now = part.object.id if part.object else ""
    if was and now and was != now:
        yield blocker(
            f"{part.thing} is not the one that was chosen: it was made anew since",
            "Look at it again.",
        )


def _of_way_back(part: DropPart) -> Iterator[Finding]:
    if part.kind is Kind.VIEW:
        yield Finding(Level.NOTE, f"what makes the view {part.thing} stands in the log")
    if not part.back:
        return
    facts = part.facts
    uncopied = [
        each.name
        for each in facts.objects
        if each.kind is Kind.EXTERNAL or '"' in each.name
    ]
    uncopied += facts.broken_views
    if uncopied:
        yield blocker(
            f"{listed(uncopied)} of {part.thing} cannot be copied, so that there would "
            "be no way back",
            "Drop it without a way back, or drop that first.",
        )


def _of_keys(parts: Iterable[DropPart]) -> Iterator[Finding]:
    """Tables that refer to one another cannot be kept one by one."""
    tables = {object_of(each.thing): each for each in parts if each.kind is Kind.TABLE}
    for part in tables.values():
        for key in part.facts.foreign_keys if part.back else ():
            parent = TableName(key.parent, key.parent_database)
            if object_of(parent) in tables and object_of(parent) != part.object:
                yield blocker(
                    f"{part.thing} points to {parent} by {key.name}: together they "
                    "cannot be kept",
                    f"Drop {part.thing} first and {parent} then, or both without a way"
                    " back.",
                )


def _of_ties(ties: Ties, request: Drop) -> Iterator[Finding]:
    for key in ties.foreign_keys:
        yield blocker(
            f"{key.name} of {key.child} points to {key.parent}, which can then not be "
            "dropped",
            "Drop that key, or its table too.",
        )
    for publication in ties.publications:
        if publication.blocks:
            words = f"{publication.database} is published as {publication.name}"
            yield blocker(words, "Drop the publication first.")
        else:
            words = f"{listed(publication.tables)} drops out of the publication "
            yield Finding(Level.WARNING, words + publication.name)
    for name in ties.subscriptions:
        yield blocker(f"{name} is a publication of another account, not a database")
    yield from tied.of_holders(ties, "dropped", wait=request.wait)
    if ties.grants:
        granted = text.plural(len(ties.grants), "grant")
        roles = listed(sorted({each.role for each in ties.grants}))
        words = f"{granted} to {roles} {'goes' if len(ties.grants) == 1 else 'go'} too"
        yield Finding(Level.WARNING, words)
    for pitr in ties.pitrs:
        yield Finding(
            Level.WARNING,
            f"the PITR {pitr.name} protects nothing more; what it kept stays for its "
            f"{pitr.range}",
        )
    for words in ties.unknown:
        yield Finding(Level.WARNING, f"not checked: {words}")


def _of_views(run: Connected, request: Drop) -> Iterator[Finding]:
    """Views of other databases that read what is dropped, as their text has it."""
    whole = {fold(each) for each in request.what if isinstance(each, str)}
    databases = whole | {
        fold(each.database or "") for each in request.what if not isinstance(each, str)
    }
    names = [
        fold(each if isinstance(each, str) else each.table) for each in request.what
    ]
    word = re.compile(
        "|".join(rf"(?<![\w$]){re.escape(name)}(?![\w$])" for name in names)
    )
    try:
        rows = run.execute(ties_sql.VIEWS).rows
    except PermissionDenied:
        yield Finding(
            Level.WARNING, "not checked: views that read it: no right to look"
        )
        return
    dropped = {object_of(each) for each in request.what}
    found = [
        f"{database}.{view}"
        for database, view, text_ in rows
        if database not in whole
        and object_of(TableName(str(view), str(database))) not in dropped
        and word.search(str(text_).lower())
        and (
            database in databases
            or any(each in str(text_).lower() for each in databases)
        )
    ]
    if found:
        reads = "reads" if len(found) == 1 else "read"
        yield Finding(
            Level.WARNING,
            f"{listed(found)} {reads} what is dropped, by the looks of it",
            "Such a view is broken then.",
            tuple(found),
        )
