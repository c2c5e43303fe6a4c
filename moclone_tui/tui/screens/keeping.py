"""The Keeping screen: what moclone made, how long it lives, and what has expired."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen

from moclone_tui import text
from moclone_tui.api import Client, Database, MocloneError
from moclone_tui.config import lifetime
from moclone_tui.jobs.keeping import Life, Made, write
from moclone_tui.jobs.keeping_look import Standing, looked, standing
from moclone_tui.jobs.model import JobSpec
from moclone_tui.jobs.reap import Reap
from moclone_tui.jobs.registry import Known, Share, known
from moclone_tui.tui import keeping_words, render
from moclone_tui.tui.desk import Desk
from moclone_tui.tui.reader import Answered, Reader
from moclone_tui.tui.screens.confirm import ConfirmName
from moclone_tui.tui.screens.pick import PickScreen
from moclone_tui.tui.selection import Selection
from moclone_tui.tui.widgets.cells import Key
from moclone_tui.tui.widgets.filter_list import FilterList
from moclone_tui.tui.widgets.keep_choice import COLUMNS as SPAN_COLUMNS
from moclone_tui.tui.widgets.keep_choice import span_rows
from moclone_tui.tui.widgets.pane import Reading
from moclone_tui.tui.widgets.table import TableList

_KEYS = "space mark · x expired · e extend · P protect · o disposable · D drop"


class KeepingScreen(ModalScreen[JobSpec | None]):
    """What moclone made and is still there; it comes to the job that drops some of it.

    The list comes first. Whether something was changed and what it would free is looked
    up behind, on a connection of its own: for what has expired, and under the cursor.

    Args:
        desk: What it works at.
        selection: What is selected: the cursor starts there.
        databases: The databases there are.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,h", "leave", "Back", show=False),
        Binding("x", "mark_expired", "Mark what has expired", show=False),
        Binding("e", "extend", "Extend", show=False),
        Binding("P", "protect", "Protect", show=False),
        Binding("o", "disposable", "Disposable", show=False),
        Binding("D", "drop", "Drop", show=False),
        Binding("r,ctrl+r", "refresh", "Read anew", show=False),
        Binding("tab", "app.focus_next", "Next pane", show=False),
    ]
    DEFAULT_CSS = """
    KeepingScreen {
        align: center middle;
        & > Vertical {
            width: 116;
            max-width: 100%;
            height: 92%;
            border: round $border;
            border-title-color: $text-primary;
            border-title-style: bold;
            border-subtitle-color: $foreground-muted;
            background: $background;
            padding: 0 1;
            & > FilterList { height: 1fr; }
            & > Reading {
                height: auto;
                max-height: 9;
                padding: 0;
                border-top: solid $border-blurred;
            }
        }
    }
    """

    def __init__(
        self,
        desk: Desk,
        selection: Selection,
        databases: Sequence[Database],  # noqa: ARG002 the journal knows its own
    ) -> None:
        super().__init__()
        self.desk = desk
        self._start = selection
        self._found: dict[Key, Standing] = {}
        self._everything = Known((), shared=False)
        self._said: dict[Key, Made] = {}
        self._asked: tuple[object, ...] | None = None
        self._dropping: tuple[Key, ...] = ()
        self._reader: Reader | None = None
        self._list = FilterList(
            TableList(
                keeping_words.COLUMNS,
                empty="Nothing that moclone made from this machine is here · c clones",
            )
        )
        self._facts = Reading()

    def compose(self) -> ComposeResult:
        with Vertical() as box:
            box.border_title = "Keeping"
            box.border_subtitle = _KEYS
            yield self._list
            yield self._facts

    def on_mount(self) -> None:
        if self.app.size.width < 100:
            self._list.table.set_columns(keeping_words.NARROW_COLUMNS, ())
        self._list.table.focus()
        self.action_refresh()

    def on_unmount(self) -> None:
        if self._reader is not None:
            self._reader.stop()

    def action_leave(self) -> None:
        """Leave; what was said of lives is told to the registry if there is one."""
        said = self._to_share
        self.dismiss(Share(said) if said else None)

    @property
    def _to_share(self) -> tuple[Made, ...]:
        shares = self._everything.shared and not self.desk.read_only
        return tuple(self._said.values()) if shares else ()

    # Reading

    def action_refresh(self) -> None:
        """Read everything anew."""
        if not self._found:
            self._list.table.pending = "Looking for what moclone made…"
        self._asked = None
        self.desk.reader.ask(self, "kept", None, self._read)

    def _read(self, client: Client) -> tuple[Known, tuple[Standing, ...]]:
        journal = self.desk.target.journal()
        try:
            everything = known(client, journal.folder, journal.place)
        except OSError as error:
            raise MocloneError(f"The journal cannot be read: {error}") from error
        return everything, standing(client, everything.made)

    @on(Answered)
    def _answered(self, event: Answered) -> None:
        event.stop()
        if event.topic == "kept":
            self._came(event)
        elif event.topic == "look" and event.question == self._asked:
            self._asked = None
            if event.error is None:
                self._take(event.value)
            self._look_next()
        elif event.topic == "drop" and event.question == self._dropping:
            self._dropping = ()
            self.query_one(Vertical).border_subtitle = _KEYS
            if event.error is not None:
                self._tell(render.one_line(event.error))
                return
            self._take(event.value)
            self._confirm(event.value)

    def _came(self, event: Answered) -> None:
        table = self._list.table
        table.pending = ""
        if event.error is not None:
            table.error = render.one_line(event.error)
            return
        self._everything, found = event.value
        found = sorted(found, key=keeping_words.urgency)
        self._found = {_key(each): each for each in found}
        self._show()
        for kind in ("snapshot", "table", "database"):
            table.move_to((kind, self._start.name))
        self._show_facts()
        self._look_next()

    def _take(self, found: Sequence[Standing]) -> None:
        """Take over what was looked up, if it is still about the same life."""
        for each in found:
            known = self._found.get(_key(each))
            if known is not None and known.made.object.id == each.made.object.id:
                self._found[_key(each)] = replace(each, made=known.made)
        self._show()

    def _look_next(self) -> None:
        """Look at one that has expired, or is under the cursor."""
        here = self._found.get(self._list.table.cursor_key or "")
        for each in (here, *self._found.values()):
            wanted = each is here or (each is not None and each.expired)
            if each and wanted and each.same and each.change is None:
                self._ask("look", (*_key(each), each.made.object.id), (each,))
                return

    def _ask(
        self, topic: str, question: tuple[object, ...], found: tuple[Standing, ...]
    ) -> None:
        if topic == "look":
            if self._asked is not None:
                return
            self._asked = question
        if self._reader is None:
            self._reader = self.desk.own_reader()
        everything = self._everything.made
        self._reader.ask(
            self, topic, question, lambda client: looked(client, found, everything)
        )

    # Showing

    def _show(self) -> None:
        narrow = self.app.size.width < 100
        found = self._found.items()
        self._list.table.set_rows(
            keeping_words.row(key, each, narrow=narrow) for key, each in found
        )
        over = sum(each.expired for each in self._found.values())
        box = self.query_one(Vertical)
        many = f"Keeping {text.count(len(found))}"
        box.border_title = f"{many} · {text.count(over)} expired" if over else many
        self._show_facts()

    @on(TableList.Highlighted)
    def _moved(self, event: TableList.Highlighted) -> None:
        event.stop()
        self._show_facts()
        self._look_next()

    def _show_facts(self) -> None:
        each = self._found.get(self._list.table.cursor_key or "")
        self._facts.show(keeping_words.Facts(each) if each else "")

    # Doing

    @property
    def _chosen(self) -> tuple[Standing, ...]:
        """What is marked, or else what is under the cursor."""
        table = self._list.table
        keys = table.marked_in_view or (
            (table.cursor_key,) if table.cursor_key is not None else ()
        )
        return tuple(self._found[key] for key in keys if key in self._found)

    def action_mark_expired(self) -> None:
        """Mark what has expired."""
        over = [key for key, each in self._found.items() if each.expired]
        self._list.table.mark(over)
        if not over:
            self._tell("Nothing has expired.")

    def action_extend(self) -> None:
        """Choose how long it is kept from now on."""
        if not self._chosen:
            return

        def picked(span: Key | None) -> None:
            if isinstance(span, str):
                seconds = lifetime(span)
                self._live(
                    lambda each: replace(
                        each.life, until=seconds and each.now + seconds
                    )
                )

        names = text.plural(len(self._chosen), "object")
        self.app.push_screen(
            PickScreen(
                f"Keep {names} from now on", SPAN_COLUMNS, span_rows(), None, empty=""
            ),
            picked,
        )

    def action_protect(self) -> None:
        """Protect it, or protect it no more."""
        on_ = not all(each.life.protected for each in self._chosen)
        self._live(lambda each: replace(each.life, protected=on_))

    def action_disposable(self) -> None:
        """Let it be dropped although it was changed, or no more."""
        on_ = not all(each.life.disposable for each in self._chosen)
        self._live(lambda each: replace(each.life, disposable=on_))

    def _live(self, life: Callable[[Standing], Life]) -> None:
        """Write down a new life of what is chosen; the server is not asked."""
        for each in self._chosen:
            if not (each.same or each.altered):
                self._tell(f"{each.made.object}: {'; '.join(each.why)}")
                continue
            try:
                now = write(each.as_now, life(each))
            except OSError as error:
                self._tell(f"The journal cannot be written: {error}")
                return
            self._said[_key(each)] = now
            changed = replace(each, made=now, same=True)
            if not each.same:
                changed = replace(changed, change=None)
            self._found[_key(each)] = changed
        self._show()
        self._look_next()

    def action_drop(self) -> None:
        """Look at what is chosen once more, then ask."""
        if self.desk.read_only:
            profile = self.desk.target.profile.name
            self._tell(f"Dropping is off: the profile {profile} is read-only.")
        elif self._chosen and not self._dropping:
            self._dropping = tuple(map(_key, self._chosen))
            self.query_one(Vertical).border_subtitle = "looking at it once more…"
            self._ask("drop", self._dropping, self._chosen)

    def _confirm(self, found: Sequence[Standing]) -> None:
        """Show what goes and what stays, and have it typed."""
        going = [each for each in found if not each.why]
        if not going:
            self._tell(keeping_words.left(found[0]))
            return
        objects = tuple(each.made.object for each in going)
        journal = self.desk.target.journal()
        early = not all(each.expired for each in going)
        job = Reap(
            objects, journal.folder, journal.place, early=early, said=self._to_share
        )

        def answered(yes: bool | None) -> None:
            if yes:
                self.dismiss(job)

        name = str(objects[0]) if len(objects) == 1 else f"drop {len(objects)}"
        prod = self.desk.target.profile.environment == "prod"
        verb = "Drop in PROD" if prod else "Drop"
        self.app.push_screen(
            ConfirmName(verb, name, keeping_words.plan(found)), answered
        )

    def _tell(self, words: str) -> None:
        self.notify(text.safe(words), markup=False, severity="warning", timeout=4)


def _key(each: Standing) -> tuple[object, ...]:
    return (each.made.object.type, each.made.object.name)
