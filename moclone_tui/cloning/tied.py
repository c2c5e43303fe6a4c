"""Judge what hangs on an object that is replaced: it gets a new number by that."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from moclone_tui import text
from moclone_tui.api import Kind, TableName
from moclone_tui.api._connected import Connected
from moclone_tui.cloning.look import Facts
from moclone_tui.cloning.preflight import Finding, Level, blocker, listed
from moclone_tui.cloning.request import IfExists, Pair, Request
from moclone_tui.cloning.rights import Remade
from moclone_tui.cloning.ties import Ties, look_at_ties


def look(
    run: Connected, request: Request, facts: Sequence[Facts]
) -> tuple[Ties | None, tuple[TableName, ...]]:
    """Look at what hangs on what is replaced; None if nothing is.

    Returns:
        The ties, and the tables and views that will be there afterwards.
    """
    if request.if_exists is not IfExists.REPLACE:
        return None, ()
    replaced = [
        (pair, each)
        for pair, each in zip(request.pairs, facts, strict=True)
        if each.target_there
    ]
    if not replaced:
        return None, ()
    databases = [p.target_database for p, _ in replaced if p.target_table is None]
    tables = [
        TableName(pair.target_table, pair.target_database)
        for pair, _ in replaced
        if pair.target_table is not None
    ]
    there = tuple(name for pair, each in replaced for name in _there(pair, each))
    return look_at_ties(run, databases, tables), there


def _there(pair: Pair, facts: Facts) -> Iterator[TableName]:
    for each in facts.objects:
        if each.kind in (Kind.TABLE, Kind.VIEW):
            yield TableName(pair.target_table or each.name, pair.target_database)


def judge(ties: Ties, remade: Sequence[Remade], request: Request) -> Iterator[Finding]:
    """What there is to know of it, and what is made again."""
    yield from _refused(ties)
    yield from of_holders(ties, "replaced", wait=request.wait)
    for view, role in ties.views:
        yield Finding(
            Level.WARNING,
            f"the view {view} reads with the rights of the role {role}; made again, it "
            "reads with those of yours, whoever uses it",
        )
    made = [each.what for each in remade]
    if made:
        yield Finding(Level.NOTE, f"made again afterwards: {listed(made)}")
    for words in ties.unknown:
        yield Finding(Level.WARNING, f"not checked: {words}")


def of_holders(ties: Ties, done: str, *, wait: bool) -> Iterator[Finding]:
    """Who holds what is replaced, or dropped (`done` says which)."""
    for each in ties.holders:
        since = "" if each.seconds is None else f", open {text.seconds(each.seconds)}"
        words = (
            f"a transaction of {each.user} from {each.host} (connection "
            f"{each.connection}{since}) holds what is {done}"
        )
        if wait:
            yield Finding(Level.WARNING, f"{words}: it will be waited for")
        else:
            yield blocker(words, f"Wait for it, or end it: KILL {each.connection}.")


def _refused(ties: Ties) -> Iterator[Finding]:
    for key in ties.foreign_keys:
        yield blocker(
            f"{key.name} of {key.child} points to {key.parent}, which can then not be "
            "replaced",
            "Restore the whole database, or put rows back.",
        )
    for publication in ties.publications:
        if publication.blocks:
            yield blocker(
                f"{publication.database} is published as {publication.name}, and the "
                "server drops no such database",
                "Drop the publication first.",
            )
    for name in ties.subscriptions:
        yield blocker(f"{name} is a publication of another account, not a database")
