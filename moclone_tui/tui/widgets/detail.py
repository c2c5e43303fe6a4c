"""The detail of what is selected: tabs that read when they are first seen."""

from __future__ import annotations

from collections.abc import Mapping

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import ContentSwitcher

from moclone_tui.tui.desk import Desk
from moclone_tui.tui.object_reads import Around
from moclone_tui.tui.reader import Reader
from moclone_tui.tui.widgets.detail_changes import Changes
from moclone_tui.tui.widgets.detail_lists import Columns, Indexes
from moclone_tui.tui.widgets.detail_rows import RowsTab
from moclone_tui.tui.widgets.detail_tab import DetailTab, Subject
from moclone_tui.tui.widgets.detail_texts import Ddl, Lineage, Overview
from moclone_tui.tui.widgets.frame import TabLine

_TABS: tuple[type[DetailTab], ...] = (
    Overview,
    Columns,
    Indexes,
    Ddl,
    RowsTab,
    Changes,
    Lineage,
)


class Detail(Vertical):
    """Tabs about a database or one of its objects; each says what it cannot show.

    Args:
        desk: What it works at.
    """

    DEFAULT_CSS = """
    Detail {
        height: 1fr;
        & ContentSwitcher { height: 1fr; padding: 1 0 0 0; }
    }
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._slow: Reader | None = None
        self._overview = Overview(desk, self._slow_reader)
        self._list = [
            self._overview if kind is Overview else kind(desk, self._slow_reader)
            for kind in _TABS
        ]
        self._by_name = {each.NAME: each for each in self._list}
        self._tabs = TabLine([(each.NAME, each.LABEL) for each in self._list])
        self._seen = False

    def compose(self) -> ComposeResult:
        yield self._tabs
        with ContentSwitcher(initial=self._tabs.active):
            yield from self._list

    def _slow_reader(self) -> Reader:
        """A connection for what takes long, made when it is first needed."""
        if self._slow is None:
            self._slow = self._desk.own_reader()
        return self._slow

    def on_unmount(self) -> None:
        if self._slow is not None:
            self._slow.stop()

    @property
    def active(self) -> DetailTab:
        """The tab that is shown."""
        return self._by_name[self._tabs.active]

    def about(self, subject: Subject | None, words: str = "") -> None:
        """Hear what is selected, or why nothing is shown; the same is read again."""
        for each in self._list:
            each.about(subject, words)
        self._need()

    def seen(self, seen: bool) -> None:
        """Hear whether anybody can see it: nothing is read for nobody."""
        if seen != self._seen:
            self._seen = seen
            self._need()

    def forget(self) -> None:
        """What was read of the server is read again."""
        self._overview.forget()

    def know(self, around: Around) -> None:
        """Hear what is known of objects beside the catalog."""
        for each in self._list:
            each.around = around
        self._overview.again()

    def count(
        self,
        rows: Mapping[str, int | None],
        sizes: Mapping[str, int | None],
        changed: Mapping[str, str],
    ) -> None:
        """Hear what was counted of the objects, and what changed in words."""
        overview = self._overview
        overview.rows, overview.sizes, overview.changed = rows, sizes, changed
        overview.again()

    def sql(self) -> str:
        """The statement behind what is shown, or what makes the object."""
        own = self.active.sql() if self._seen else ""
        return own or self._by_name[Ddl.NAME].sql()

    def _need(self) -> None:
        if self._seen:
            self.active.need()

    # Going around

    def step(self, by: int) -> None:
        """Go to the tab beside, with the focus if it is in here."""
        self._tabs.step(by)

    def focus_body(self) -> None:
        """Put the focus on what the active tab shows."""
        self.active.body.focus()

    @on(TabLine.Changed)
    def _changed(self, event: TabLine.Changed) -> None:
        event.stop()
        # What is hidden loses the focus, and keys may be quicker than that.
        focused = self.has_focus_within or self.screen.focused is None
        self.query_one(ContentSwitcher).current = event.tab
        if focused:
            # Not the active one: keys may have gone further by now.
            self._by_name[event.tab].body.focus()
        self._need()
