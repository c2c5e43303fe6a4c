"""The two lines that say what is compared with what, as of when, and where."""

from __future__ import annotations

from collections.abc import Sequence

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from moclone_tui import text
from moclone_tui.api import Database, Moment, Snapshot, SnapshotLevel, TableName
from moclone_tui.cloning.comparison import Side
from moclone_tui.config import Profile
from moclone_tui.tui import render
from moclone_tui.tui.asof import PRESENT, AsOf
from moclone_tui.tui.desk import Desk
from moclone_tui.tui.reader import Answered
from moclone_tui.tui.selection import Selection, Thing
from moclone_tui.tui.widgets.cells import Column, Row
from moclone_tui.tui.widgets.choice import Choice
from moclone_tui.tui.widgets.when import When

_HERE = ("here",)
_SERVERS = (
    Column("name", "profile", min=12, search=True),
    Column("address", "address", min=20, tone="muted"),
)


class SidesBar(Vertical):
    """Left and right: an object each, and a moment.

    With one object at the present, the left is what it was at the newest snapshot.

    Args:
        desk: What it works at.
        selection: Where it starts.
        databases: The databases there are.
    """

    DEFAULT_CSS = """
    SidesBar {
        height: 2;
        & > Horizontal { height: 1; }
        & .side { width: 8; color: $foreground-muted; }
        & .as-of { width: 9; padding: 0 0 0 2; color: $foreground-muted; }
        & .on { width: 5; padding: 0 0 0 2; color: $foreground-muted; }
        & .what { width: 1fr; }
        & #server { max-width: 18; }
    }
    """

    class Changed(Message):
        """Something else is compared."""

    def __init__(
        self, desk: Desk, selection: Selection, databases: Sequence[Database]
    ) -> None:
        super().__init__()
        self.desk = desk
        things, moments = _start(selection)
        self._things = things
        names = render.database_rows(
            [each for each in databases if not each.system], system=False
        )
        self._choices = [Choice("Database", render.DATABASE_COLUMNS) for _ in things]
        for choice, thing in zip(self._choices, things, strict=True):
            choice.offer(names, lambda key: str(key or "choose a database"))
            choice.start_with(thing if isinstance(thing, str) else None)
        self._whens = [When(desk, self._fits) for _ in things]
        for when, at in zip(self._whens, moments, strict=True):
            when.start_with(at)
        self._waiting = things[0] == things[1] and moments[0] == moments[1]
        self._servers = {each.name: each for each in desk.others}
        here = Row(_HERE, (desk.target.profile.name, "this server"))
        self._server = Choice("Server of the right side", _SERVERS, id="server")
        self._server.offer(
            [here, *(Row(n, (n, p.address)) for n, p in self._servers.items())],
            lambda key: desk.target.profile.name if key == _HERE else str(key),
        )
        self._server.start_with(_HERE)

    def compose(self) -> ComposeResult:
        for at, side in enumerate(("Left", "Right")):
            with Horizontal():
                yield Static(side, classes="side", markup=False)
                yield self._what(at)
                yield Static("as of", classes="as-of", markup=False)
                yield self._whens[at]
                if at and self._servers:
                    yield Static("on", classes="on", markup=False)
                    yield self._server

    def _what(self, at: int) -> Widget:
        thing = self._things[at]
        if isinstance(thing, TableName):
            return Static(text.safe(str(thing)), classes="what", markup=False)
        return self._choices[at]

    def on_mount(self) -> None:
        if self._waiting:
            self.desk.reader.ask(
                self, "snapshots", None, lambda client: client.snapshots.list()
            )
        else:
            self.post_message(self.Changed())

    @on(Answered)
    def _answered(self, event: Answered) -> None:
        """Begin with what it was at the newest snapshot."""
        event.stop()
        self._waiting = False
        snapshots = [each for each in event.value or () if self._fits(each)]
        if snapshots and self._whens[0].value == self._whens[1].value:
            newest = max(snapshots, key=lambda each: each.ts)
            self._whens[0].start_with(AsOf.of_snapshot(newest))
        self.post_message(self.Changed())

    @on(Choice.Changed)
    @on(When.Changed)
    def _changed(self, event: Choice.Changed | When.Changed) -> None:
        event.stop()
        # The snapshots that can be picked here are those of this server.
        self._whens[1].disabled = self.other is not None
        if self.other is not None:
            self._whens[1].start_with(PRESENT)
        self.post_message(self.Changed())

    @property
    def other(self) -> Profile | None:
        """The profile whose server has the right side; None if it is this one."""
        return self._servers.get(str(self._server.value))

    def _fits(self, snapshot: Snapshot) -> bool:
        """Whether a snapshot covers any of the two."""
        wide = snapshot.level in (SnapshotLevel.CLUSTER, SnapshotLevel.ACCOUNT)
        return wide or any(_covers(snapshot, each) for each in self._chosen)

    @property
    def _chosen(self) -> list[Thing | None]:
        return [
            thing if isinstance(thing, TableName) else _name(choice)
            for thing, choice in zip(self._things, self._choices, strict=True)
        ]

    @property
    def sides(self) -> tuple[Side, Side] | None:
        """The two sides; None if they are not two yet."""
        if self._waiting:
            return None
        found = [
            _side(thing, when.value.moment)
            for thing, when in zip(self._chosen, self._whens, strict=True)
        ]
        left, right = found
        if left is None or right is None:
            return None
        return None if left == right and self.other is None else (left, right)

    def as_of(self, moment: Moment) -> AsOf:
        """The moment of a side, and when that was."""
        return next(when.value for when in self._whens if when.value.moment == moment)

    @property
    def why_not(self) -> str:
        """Why there is nothing to compare yet, in words."""
        if self._waiting:
            return ""
        if None in self._chosen:
            return "Choose a database on both sides: tab goes there."
        return (
            "Both sides are the same: choose another moment or database, or a server. "
            "tab goes there."
        )


def _start(
    selection: Selection,
) -> tuple[tuple[Thing | None, Thing | None], tuple[AsOf, AsOf]]:
    """What stands left and right at first."""
    if len(selection.snapshots) == 2:
        first, second = sorted(selection.snapshots, key=lambda each: each.ts)
        thing = _of_snapshot(first) or _of_snapshot(second)
        return (thing, thing), (AsOf.of_snapshot(first), AsOf.of_snapshot(second))
    things = selection.things
    snapshots = [*selection.snapshots, *filter(None, [selection.snapshot])]
    if snapshots:
        # What a snapshot was taken for is marked with it: the first of that.
        thing = _of_snapshot(snapshots[0]) or next(iter(selection.marked), None)
        return (thing, thing), (AsOf.of_snapshot(snapshots[0]), PRESENT)
    if len(things) == 2:
        return (things[0], things[1]), (selection.at, selection.at)
    thing = things[0] if things else None
    return (thing, thing), (selection.at, PRESENT)


def _of_snapshot(snapshot: Snapshot) -> Thing | None:
    if snapshot.table:
        return TableName(snapshot.table, snapshot.database)
    return snapshot.database or None


def _name(choice: Choice) -> str | None:
    return None if choice.value is None else str(choice.value)


def _side(thing: Thing | None, at: Moment) -> Side | None:
    if thing is None:
        return None
    if isinstance(thing, TableName):
        return Side(thing.database or "", thing.table, at)
    return Side(thing, at=at)


def _covers(snapshot: Snapshot, thing: Thing | None) -> bool:
    if isinstance(thing, TableName):
        return snapshot.has_table(thing.database or "", thing.table)
    return snapshot.database == thing and not snapshot.table
