"""What hangs on snapshots that are to be dropped, and what is out of reach then."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from moclone_tui import text
from moclone_tui.api import PermissionDenied, QueryError, Snapshot, sql
from moclone_tui.api._connected import Connected
from moclone_tui.api.names import fold
from moclone_tui.cloning import coverage
from moclone_tui.cloning.identity import Object, look_up
from moclone_tui.cloning.of_snapshots import (
    copied,
    copies_of,
    databases_of,
    others_that_keep,
)
from moclone_tui.cloning.preflight import (
    Finding,
    Level,
    blocker,
    gravest_first,
    listed,
)


@dataclass(frozen=True, slots=True)
class SnapshotsPlan:
    """The drop of snapshots, judged: it can be read, and carried out if nothing blocks.

    There is no way back: what only they kept is gone.
    """

    names: tuple[str, ...]
    objects: tuple[Object, ...] = ()
    """Those that are there, with their numbers."""
    findings: tuple[Finding, ...] = ()
    """What there is to know, the gravest first."""

    @property
    def blockers(self) -> tuple[Finding, ...]:
        """Why it cannot be carried out; empty if it can."""
        return tuple(each for each in self.findings if each.level is Level.BLOCKER)

    @property
    def steps(self) -> tuple[str, ...]:
        """A statement each."""
        return tuple(sql.drop_snapshot(each) for each in self.names)

    def as_text(self) -> str:
        """The plan in lines; names in it are as they are, not yet fit to show."""
        lines = [f"drop {text.plural(len(self.names), 'snapshot')}"]
        lines += [each.as_line() for each in self.findings]
        if not self.blockers:
            lines += [f"  {at}  {step}" for at, step in enumerate(self.steps, 1)]
        return "\n".join(lines)

    def as_dict(self) -> dict[str, object]:
        """The plan as JSON has it."""
        return {
            "drops": [{"name": each, "kind": "snapshot"} for each in self.names],
            "steps": list(self.steps),
            "findings": [each.as_dict() for each in self.findings],
        }

    def as_script(self) -> str:
        """The plan as SQL that another client can run."""
        lines = [f"-- {each.level}: {text.safe(each.text)}" for each in self.findings]
        if self.blockers:
            return "\n".join([*lines, "-- It cannot be carried out."]) + "\n"
        return "\n".join([*lines, *(f"{each};" for each in self.steps)]) + "\n"


def make(run: Connected, names: Sequence[str]) -> SnapshotsPlan:
    """Look at what the drop of snapshots would come upon. Nothing is changed.

    Raises:
        PermissionDenied: The login may not see snapshots.
        MocloneError: The server could not be asked.
    """
    wanted = {fold(each): each for each in names}
    listed_ = run.snapshots.list(include_system=True)
    there = [each for each in listed_ if each.name in wanted]
    found = [
        blocker(f"the snapshot {name} does not exist", "Look again.")
        for folded, name in wanted.items()
        if folded not in {each.name for each in there}
    ]
    found += [
        blocker(f"{each.name} is the server's own snapshot")
        for each in there
        if each.kind != "user"
    ]
    kept = coverage.look(run)
    copies = copies_of(there, copied(run))
    for each in there:
        if made := copies.get(each.name, ()):
            live = "lives on" if len(made) == 1 else "live on"
            words = f"{listed(made)}, made from {each.name}, {live}"
            found.append(Finding(Level.NOTE, words, objects=made))
        found += _out_of_reach(run, kept, each)
    objects = look_up(run, [Object("snapshot", each.name) for each in there]).objects
    return SnapshotsPlan(tuple(wanted), objects, gravest_first(found))


def _out_of_reach(
    run: Connected, kept: coverage.Kept, snapshot: Snapshot
) -> Iterator[Finding]:
    """What nothing else can bring back to the moment of a snapshot."""
    try:
        databases = databases_of(run, snapshot)
    except PermissionDenied:
        words = f"not checked: what only {snapshot.name} keeps: no right to look"
        yield Finding(Level.WARNING, words)
        return
    except QueryError as error:
        words = f"not checked: what only {snapshot.name} keeps: {error}"
        yield Finding(Level.WARNING, words)
        return
    alone = [
        each
        for each in databases
        if not others_that_keep(kept, snapshot, each, snapshot.table)
    ]
    moment = f"{snapshot.created:%Y-%m-%d %H:%M:%S} UTC"
    if alone:
        yield Finding(
            Level.WARNING,
            f"nothing else keeps {listed(alone)} as of {moment}",
            "Clone what you need of it first.",
            tuple(alone),
        )
    elif databases:
        by = others_that_keep(kept, snapshot, databases[0], snapshot.table)
        words = f"{moment} can still be had: by {listed(by)}"
        yield Finding(Level.NOTE, words)
