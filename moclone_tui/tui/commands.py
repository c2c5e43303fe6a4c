"""The one table of commands: keys, the line of keys, the palette and help come from it.

A command that cannot run says why: `MainScreen.why_not` has the reasons.
"""

from __future__ import annotations

from dataclasses import dataclass

from textual.binding import Binding


@dataclass(frozen=True, slots=True)
class Command:
    """Something the user can do.

    Attributes:
        name: What the code calls it: the screen has `do_<name>`.
        keys: The keys that do it, comma-separated, as Textual names them.
        shown: The key as it is shown.
        label: Two words for the line of keys.
        help: One sentence for help and palette.
        views: The views it works in; everywhere if empty.
    """

    name: str
    keys: str
    shown: str
    label: str
    help: str
    views: frozenset[str] = frozenset()

    @property
    def binding(self) -> Binding:
        """The Textual binding that runs it."""
        return Binding(self.keys, f"command('{self.name}')", self.label, show=False)

    def works_in(self, view: str) -> bool:
        """Whether a view knows it."""
        return not self.views or view in self.views

    @property
    def elsewhere(self) -> str:
        """Where it works, for somebody who tries it in another view."""
        numbers = dict(zip(VIEW_NAMES, "12345", strict=True))
        there = [each for each in VIEW_NAMES if each in self.views]
        keys = " or ".join(numbers[each] for each in there)
        go, views = ("goes", "view") if len(there) == 1 else ("go", "views")
        names = " and ".join(there)
        return f"{self.label} works in the {names} {views}: {keys} {go} there."


VIEW_NAMES = ("databases", "snapshots", "timeline", "jobs", "history")
"""The views, in the order of their keys."""
_DATABASES = frozenset({"databases"})
_DATA = frozenset({"databases", "snapshots", "timeline"})

COMMANDS: tuple[Command, ...] = (
    Command("clone", "c", "c", "clone", "Clone what is selected", _DATA),
    Command("snapshot", "n", "n", "snapshot", "Snapshot what is selected", _DATA),
    Command("restore", "R", "R", "restore",
            "Put what is selected back to a moment", _DATA),
    Command("drop", "D", "D", "drop", "Drop what is selected, or marked",
            frozenset({"databases", "snapshots"})),
    Command("way_back", "z", "z", "way back",
            "Take the newest restore or drop back, with what it kept"),
    Command("put_back", "u", "u", "put back", "Bring back rows or columns as they were",
            _DATA | {"history"}),
    Command("compare", "equals_sign", "=", "compare",
            "Compare two that are marked, or one with what it was", _DATA),
    Command("as_of", "t", "t", "as of", "Look at another moment, or back at now"),
    Command("filter", "slash", "/", "filter", "Filter: word !without ~fuzzy"),
    Command("find", "ctrl+f", "ctrl+f", "find", "Find a table of any database",
            _DATABASES),
    Command("refresh", "r,ctrl+r", "r", "refresh", "Read all anew"),
    Command("keep", "K", "K", "keep", "Say how long copies and snapshots are kept"),
    Command("cancel", "x", "x", "cancel", "Cancel the newest job, or the selected"),
    Command("again", "a", "a", "run again", "Run a job again", frozenset({"jobs"})),
    Command("export", "e", "e", "export", "Write the history to a file",
            frozenset({"history"})),
    Command("log", "L", "L", "log", "Open the log, all of it, close it"),
    Command("next_pane", "tab", "tab", "pane", "Go to the next pane"),
    Command("help", "question_mark,f1", "?", "help", "List the keys"),
    Command("quit", "q,ctrl+q", "q", "quit", "Leave moclone"),
    Command("databases", "1", "1", "databases", "Go to the databases"),
    Command("snapshots", "2", "2", "snapshots", "Go to the snapshots"),
    Command("timeline", "3", "3", "timeline", "Go to the timeline of what is selected"),
    Command("jobs", "4", "4", "jobs", "Go to the jobs"),
    Command("history", "5", "5", "history", "Go to what was done, by whomever"),
    Command("last_pane", "shift+tab", "shift+tab", "pane before", "Go one pane back"),
    Command("next_tab", "right_square_bracket", "]", "next tab", "Show the next tab",
            _DATABASES),
    Command("last_tab", "left_square_bracket", "[", "tab before", "Show the tab before",
            _DATABASES),
    Command("pitr", "p", "p", "PITR", "Make, change or drop a PITR",
            frozenset({"databases", "timeline"})),
    Command("just_before", "b", "b", "just before", "Go just before a statement",
            frozenset({"timeline"})),
    Command("back", "escape,h", "esc h", "back", "Go back"),
    Command("problem", "E", "E", "last error", "Show the last error whole"),
    Command("tour", "", "", "tour", "Take the tour of the demo"),
    Command("tour_next", "N", "N", "tour goes on", "Go on with the tour"),
    Command("system", "full_stop", ".", "system", "Show or hide the server's own",
            frozenset({"databases", "snapshots"})),
    Command("verify", "v", "v", "verify", "Compare a copy with what it was made of",
            _DATABASES),
    Command("reset", "", "", "reset", "Make a copy again from its origin", _DATABASES),
    Command("copy_name", "y", "y", "copy name", "Copy the name"),
    Command("copy_sql", "Y", "Y", "copy SQL", "Copy the SQL of what is shown",
            _DATABASES),
    Command("connection", "ctrl+o", "ctrl+o", "connection", "Connect elsewhere"),
    Command("palette", "ctrl+p,colon", "ctrl+p :", "commands", "Find a command"),
)  # fmt: skip
"""Every command; a view says which ones its line of keys begins with."""

LINE = ("filter", "cancel", "log", "refresh", "next_pane")
"""What the line of keys goes on with in every view."""
LINE_END = ("help", "quit")
"""What it always ends with."""

BY_NAME = {command.name: command for command in COMMANDS}


def bindings() -> list[Binding]:
    """The bindings of all commands that have a key of their own here."""
    return [command.binding for command in COMMANDS if command.keys]
