"""The compare screen: what differs between two databases, tables, or moments of one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen

from moclone_tui import text
from moclone_tui.api import Client, Database, Kind, MocloneError
from moclone_tui.cloning.compare import compare, compare_ddl
from moclone_tui.cloning.compare_rows import RowSample, changed_rows, row_changes
from moclone_tui.cloning.comparison import Comparison, RowChanges, Side, TableDiff
from moclone_tui.config import Profile
from moclone_tui.tui import compare_words, render
from moclone_tui.tui.compare_sides import SidesBar
from moclone_tui.tui.desk import Desk, PasswordNeeded, Target
from moclone_tui.tui.openings import OPENINGS, Jobs
from moclone_tui.tui.reader import Answered, Reader
from moclone_tui.tui.selection import Selection
from moclone_tui.tui.widgets.filter_list import FilterList
from moclone_tui.tui.widgets.pane import Reading
from moclone_tui.tui.widgets.table import TableList

_KEYS = "enter rows · u put back · / filter · tab sides · r refresh · esc back"
_AT_ONCE = 10
"""How many definitions are compared before what somebody opened gets its turn."""


class Elsewhere:
    """The server of another profile: connected to by the reader's thread.

    Args:
        profile: The profile.
    """

    def __init__(self, profile: Profile) -> None:
        self.profile = profile
        self._target = Target(profile)
        self._client: Client | None = None

    def client(self) -> Client:
        """A connection to it.

        Raises:
            MocloneError: There is none to be had; a password that nobody keeps is not
                asked for here.
        """
        try:
            if self._client is None or not self._client.connected():
                self._client = self._target.connect_reader()
        except PasswordNeeded as error:
            raise MocloneError(
                str(error), remedy="Give the profile a source of its password."
            ) from error
        return self._client

    def cut(self) -> None:
        """Cut the connection, whatever hangs in it."""
        if self._client is not None and self._client.connected():
            self._client.connection.abort()
            self._client.disconnect()


class CompareScreen(ModalScreen[Jobs]):
    """Compare two sides; it comes to a put-back, or to nothing.

    Objects and counts come first, definitions behind them, rows when they are asked
    for: on a connection of its own, so that nothing else waits for it.

    Args:
        desk: What it works at.
        selection: Two that are marked, or what is selected.
        databases: The databases there are.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,h", "leave", "Back", show=False),
        Binding("u", "put_back", "Put rows back", show=False),
        Binding("r,ctrl+r", "refresh", "Read anew", show=False),
        Binding("tab", "app.focus_next", "Next pane", show=False),
    ]
    DEFAULT_CSS = """
    CompareScreen {
        & > Vertical {
            width: 100%;
            height: 1fr;
            border: round $border;
            border-title-color: $text-primary;
            border-title-style: bold;
            border-subtitle-color: $foreground-muted;
            background: $background;
            padding: 0 1;
            & > FilterList { height: 1fr; margin-top: 1; }
            & > Reading { height: 1fr; padding: 0; border-top: solid $border-blurred; }
        }
    }
    """

    def __init__(
        self, desk: Desk, selection: Selection, databases: Sequence[Database]
    ) -> None:
        super().__init__()
        self.desk = desk
        self._bar = SidesBar(desk, selection, databases)
        self._asked: tuple[Side, Side, Profile | None] | None = None
        self._other: Elsewhere | None = None
        self._found: Comparison | None = None
        self._samples: dict[str, RowSample] = {}
        self._counting = ""
        self._reader: Reader | None = None
        self._list = FilterList(
            TableList(
                compare_words.COLUMNS, empty="Nothing on either side", markable=False
            )
        )
        self._detail = Reading()

    def compose(self) -> ComposeResult:
        with Vertical() as box:
            box.border_title = "Compare"
            box.border_subtitle = _KEYS
            yield self._bar
            yield self._list
            yield self._detail

    def on_mount(self) -> None:
        self._list.table.focus()

    def on_unmount(self) -> None:
        if self._reader is not None:
            self._reader.stop()
        if self._other is not None:
            self._other.cut()

    def action_leave(self) -> None:
        self.dismiss(None)

    # Reading

    def action_refresh(self) -> None:
        """Compare anew."""
        self._asked = None
        self._compare()

    @on(SidesBar.Changed)
    def _compare(self) -> None:
        sides = self._bar.sides
        if sides is None:
            self._show_nothing(self._bar.why_not)
            return
        left, right = sides
        asked = (left, right, self._bar.other)
        if asked == self._asked:
            return
        self._asked, self._found, self._samples = asked, None, {}
        self._counting = ""
        self._go_to(self._bar.other)
        other = self._other
        self._show_nothing("", pending=f"Comparing {left} with {right}…")
        self._ask(
            "compare",
            asked,
            lambda client: compare(
                client, left, right, other.client() if other else None
            ),
        )

    def _go_to(self, profile: Profile | None) -> None:
        """Read the right side from the server of another profile, or from this one."""
        if self._other is not None and self._other.profile == profile:
            return
        if self._other is not None:
            self._other.cut()
        self._other = Elsewhere(profile) if profile is not None else None

    def _ask(
        self, topic: str, question: object, work: object, *, behind: bool = False
    ) -> None:
        if self._reader is None:
            self._reader = self.desk.own_reader()
        self._reader.ask(self, topic, question, work, behind=behind)  # type: ignore[arg-type]

    @on(Answered)
    def _answered(self, event: Answered) -> None:
        event.stop()
        if event.topic == "compare" and event.question == self._asked:
            self._came(event.value, event.error)
        elif event.topic == "ddl" and event.question[0] == self._asked:
            self._take_ddl(event.question[1], event.value, event.error)
        elif event.topic == "rows" and event.question[0] == self._asked:
            self._take_rows(event.question[1], event.value, event.error)

    def _came(self, found: Comparison | None, error: MocloneError | None) -> None:
        if found is None:
            self._show_nothing(render.one_line(error) if error else "")
            return
        self._found = found
        table = self._list.table
        table.pending = table.error = ""
        self._show()
        table.move_to(compare_words.rows(found)[0].key if found.tables else "")
        self._read_ddl()

    def _read_ddl(self) -> None:
        """Compare some more definitions, what is under the cursor first."""
        if self._found is None:
            return
        here = self._here
        wanted = [each for each in (here,) if each and not self._read(each)]
        wanted += [
            each
            for each in self._found.tables
            if all(each.there) and each.same_ddl is None and not each.unknown
        ]
        names = tuple(dict.fromkeys(each.name for each in wanted))[:_AT_ONCE]
        if names:
            found, other = self._found, self._other
            self._ask(
                "ddl",
                (self._asked, names),
                lambda client: compare_ddl(
                    client, found, names, other.client() if other else None
                ),
                behind=True,
            )

    @staticmethod
    def _read(diff: TableDiff) -> bool:
        return bool(diff.ddl_left or diff.ddl_right or diff.unknown)

    def _take_ddl(
        self,
        names: Sequence[str],
        value: Comparison | None,
        error: MocloneError | None,
    ) -> None:
        if self._found is None or value is None:
            words = render.one_line(error) if error else ""
            self.notify(words, severity="error", markup=False, timeout=6)
            return
        new = [value.of(name) for name in names]
        kept = {each.name: each.changes for each in self._found.tables}
        self._found = self._found.replaced(
            each if (rows := kept[each.name]) is None else each.with_changes(rows)
            for each in new
        )
        self._show(anew=self._here is not None and self._here.name in names)
        self._read_ddl()

    @on(TableList.Selected)
    def _opened(self, event: TableList.Selected) -> None:
        """Compare the rows of what is under the cursor."""
        event.stop()
        here = self._here
        if here is None or self._counting:
            return
        if self._other is not None:
            self._tell("The rows of two servers cannot be compared, only their number.")
            return
        if not all(here.there) or here.kind is not Kind.TABLE:
            self._tell("Rows are compared of a table that both sides have.")
            return
        name, left, right = here.name, here.left, here.right
        self._counting = name
        self._show_detail()

        def look(client: Client) -> tuple[RowChanges, RowSample]:
            changes = row_changes(client, left, right)
            if changes.unknown or not changes.total:
                return changes, RowSample()
            return changes, changed_rows(client, left, right)

        self._ask("rows", (self._asked, name), look)

    def _take_rows(
        self,
        name: str,
        value: tuple[RowChanges, RowSample] | None,
        error: MocloneError | None,
    ) -> None:
        self._counting = ""
        if self._found is None:
            return
        changes = RowChanges(unknown=render.one_line(error)) if error else RowChanges()
        if value is not None:
            changes, self._samples[name] = value
        self._found = self._found.replaced([self._found.of(name).with_changes(changes)])
        self._show()

    # Showing

    @property
    def _here(self) -> TableDiff | None:
        key = self._list.table.cursor_key
        if self._found is None or key is None:
            return None
        return self._found.of(str(key))

    def _show_nothing(self, why: str, *, pending: str = "") -> None:
        table = self._list.table
        table.set_rows(())
        table.pending, table.error = pending, why
        self._detail.show("")
        self.query_one(Vertical).border_title = "Compare"

    def _show(self, *, anew: bool = True) -> None:
        """Show all that is known; the detail only if it is another now."""
        if self._found is None:
            return
        self._list.table.set_rows(compare_words.rows(self._found))
        words = str(self._found) or "nothing on either side"
        self.query_one(Vertical).border_title = Content(f"Compare · {words}")
        if anew:
            self._show_detail()

    @on(TableList.Highlighted)
    def _moved(self, event: TableList.Highlighted) -> None:
        event.stop()
        self._show_detail()
        self._read_ddl()

    def _show_detail(self) -> None:
        here = self._here
        if here is None:
            self._detail.show("")
            return
        self._detail.show(
            compare_words.Detail(
                here,
                self._samples.get(here.name),
                counting=self._counting == here.name,
            )
        )

    # Doing

    def action_put_back(self) -> None:
        """Put rows back into the table, from the side that is its past."""
        if isinstance(chosen := self._past(), str):
            self._tell(chosen)
            return
        self.app.push_screen(
            OPENINGS["put_back"].make(self.desk, chosen, ()), self._decided
        )

    def _past(self) -> Selection | str:
        """The table and the moment it was; or why there is none."""
        here = self._here
        if here is None:
            return "Nothing is selected."
        if self._other is not None:
            return "Rows are put back from a table's own past, not from another server."
        then = [each for each in (here.left, here.right) if each.at]
        if here.left.name != here.right.name or len(then) != 1:
            return (
                "Rows are put back from a table's own past: one side is then, one now."
            )
        if not all(here.there) or here.kind is not Kind.TABLE:
            return "Rows are put back into a table that is there then and now."
        at = self._bar.as_of(then[0].at)
        chosen = Selection(here.left.database, here.left.table, Kind.TABLE, at=at)
        return OPENINGS["put_back"].refused(self.desk, chosen, ()) or chosen

    def _decided(self, jobs: Jobs) -> None:
        if jobs is not None:
            self.dismiss(jobs)

    def _tell(self, words: str) -> None:
        self.notify(text.safe(words), markup=False, severity="warning", timeout=4)
