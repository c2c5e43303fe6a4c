"""Help: the keys that work here and now, and why others do not; enter does one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from textual import on
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.keys import format_key
from textual.screen import ModalScreen, Screen
from textual.widgets import Input

from moclone_tui.tui.commands import COMMANDS, VIEW_NAMES
from moclone_tui.tui.openings import OPENINGS
from moclone_tui.tui.widgets.cells import Cell, Column, Row, Tone, wrap
from moclone_tui.tui.widgets.filter_list import FilterList
from moclone_tui.tui.widgets.table import TableList

WhyNot = Callable[[str], str | None]
"""Why a command cannot run, in words; None if it can."""

_AROUND = {*VIEW_NAMES, "next_pane", "last_pane", "next_tab", "last_tab", "back"}
_ITSELF = {"help", "palette", "connection", "quit", "tour", "tour_next"}
_SELECTED, _LOOKING, _GOING = "On what is selected", "Looking", "Going around"
_GROUPS = (_SELECTED, _LOOKING, _GOING, "moclone", "Where the focus is", "Not now")
_ARROWS = {"down": "↓", "up": "↑", "left": "←", "right": "→"}
_WORDS = ("enter", "space", "tab", "home", "end", "pageup", "pagedown", "escape")
_COLUMNS = (
    Column("keys", "key", width=15, search=True),
    Column("words", "what it does", search=True),
)
_WIDTH = 76


@dataclass(frozen=True, slots=True)
class Entry:
    """A key, or several that do the same."""

    group: str
    keys: str
    """As they are shown."""
    words: str
    """What they do."""
    press: str
    """One of them, as Textual names it; empty if there is none."""
    why_not: str = ""
    """Why they do nothing now; empty if they work."""


def keys_of_main(screen: Screen[Any], why_not: WhyNot) -> list[Entry]:
    """The commands of the main screen, and the keys of what has the focus."""
    found = keys_of_focus(screen, besides=True)
    for each in COMMANDS:
        if not each.keys:
            continue
        group, why = _group(each.name), why_not(each.name) or ""
        press = each.keys.partition(",")[0]
        found.append(
            Entry("Not now" if why else group, each.shown, each.help, press, why)
        )
    return sorted(found, key=lambda each: _GROUPS.index(each.group))


def _group(name: str) -> str:
    if name in OPENINGS:
        return _SELECTED
    if name in _AROUND:
        return _GOING
    return "moclone" if name in _ITSELF else _LOOKING


def keys_of_focus(screen: Screen[Any], *, besides: bool = False) -> list[Entry]:
    """The keys that the focused widget knows, and a screen without commands.

    Args:
        screen: The screen.
        besides: Whether the keys of commands are left out.
    """
    taken = {key for each in COMMANDS for key in each.keys.split(",") if besides}
    found: dict[tuple[int, str], Entry] = {}
    for key, (node, binding, enabled, _) in screen.active_bindings.items():
        ours = not isinstance(node, App | Input) and binding.description
        textual = binding.action.startswith(("command(", "screen."))
        if not enabled or not ours or textual or key in taken:
            continue
        here = (id(node), binding.action)
        entry = Entry("Where the focus is", _shown(key), binding.description, key)
        if (first := found.get(here)) is not None:
            entry = replace(first, keys=f"{first.keys} {entry.keys}")
        found[here] = entry
    return list(found.values())


def _shown(key: str) -> str:
    """A key as it is shown: `ctrl+d`, `*`, `↓`."""
    before, plus, last = key.rpartition("+")
    if last not in _WORDS:
        last = _ARROWS.get(last) or format_key(last)
    return before + plus + last


class HelpScreen(ModalScreen[str | None]):
    """Keys in groups, to look through or to search; enter does what one is on.

    Gives back the key to press, or None.

    Args:
        title: Where the keys work.
        entries: The keys, those of a group one after the other.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,h,question_mark,f1", "leave", "Back", show=False),
    ]
    DEFAULT_CSS = """
    HelpScreen {
        align: center middle;
        & > Vertical {
            width: 80;
            max-width: 100%;
            height: auto;
            max-height: 100%;
            border: round $border;
            border-title-color: $text-primary;
            border-title-style: bold;
            border-subtitle-color: $foreground-muted;
            padding: 0 1;
            background: $background;
            & > FilterList { height: auto; max-height: 100%; }
        }
    }
    """

    def __init__(self, title: str, entries: Sequence[Entry]) -> None:
        super().__init__()
        self._title = title
        self._entries = tuple(entries)
        self._list = FilterList(TableList(_COLUMNS, markable=False))

    def compose(self) -> ComposeResult:
        with Vertical() as box:
            box.border_title = self._title
            box.border_subtitle = "enter does it · / search · esc back"
            yield self._list

    def on_mount(self) -> None:
        rows = list(_rows(self._entries))
        self._list.styles.height = len(rows) + 2
        self._list.table.set_rows(rows)
        self._list.table.focus()
        self._list.table.pick(1)

    @on(TableList.Selected)
    def _chosen(self, event: TableList.Selected) -> None:
        event.stop()
        at = event.key[1]
        if isinstance(at, int) and at >= 0:
            self.dismiss(self._entries[at].press)

    def action_leave(self) -> None:
        self.dismiss(None)


def _rows(entries: Iterable[Entry]) -> Iterator[Row]:
    group = ""
    for at, each in enumerate(entries):
        if each.group != group:
            group = each.group
            yield Row(("group", -1, group), ("", Cell(group, "accent")))
        off: Tone = "muted" if each.why_not else ""
        yield Row(("key", at, ""), (Cell(each.keys, off), Cell(each.words, off)))
        for number, part in enumerate(wrap(each.why_not, _WIDTH - 24)):
            if part:
                yield Row(("why", at, number), ("", Cell(f"  {part}", "muted")))
