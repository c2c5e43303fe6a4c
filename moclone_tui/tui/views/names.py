"""The left list of the Databases view: databases, and what each is a copy of."""

from __future__ import annotations

from textual import on
from textual.message import Message

from moclone_tui import text
from moclone_tui.api import Database
from moclone_tui.tui import object_words, render
from moclone_tui.tui.asof import PRESENT, AsOf
from moclone_tui.tui.desk import Desk
from moclone_tui.tui.object_reads import Around, look_around
from moclone_tui.tui.reader import Answered
from moclone_tui.tui.widgets.cells import Row
from moclone_tui.tui.widgets.filter_list import FilterList
from moclone_tui.tui.widgets.pane import Pane
from moclone_tui.tui.widgets.table import TableList


class Names(Pane):
    """A list of databases; where they come from and how long they live comes behind.

    Args:
        desk: What it works at.
    """

    class Came(Message):
        """The databases were read, or could not be; or what is known around them."""

        def __init__(self, error: Exception | None = None) -> None:
            super().__init__()
            self.error = error

    def __init__(self, desk: Desk) -> None:
        table = TableList(
            object_words.DATABASES, empty="No databases yet · . shows the server's own"
        )
        self.list = FilterList(table)
        super().__init__(self.list, id="databases-pane")
        self.table = table
        """The list itself."""
        self.desk = desk
        self.at = PRESENT
        """When it is looked at."""
        self.databases: dict[str, Database] = {}
        """The databases, by name."""
        self.around = Around()
        self.system = False
        """Whether the server's own are shown."""
        self._typed: dict[str, Database] = {}
        self._stale = ""

    @property
    def current(self) -> str | None:
        """The database under the cursor, if it is one of the account."""
        key = self.table.cursor_key
        return key if isinstance(key, str) else None

    @property
    def account(self) -> str | None:
        """The other account whose database is under the cursor."""
        key = self.table.cursor_key
        return str(key[0]) if isinstance(key, tuple) else None

    def marked(self) -> tuple[str, ...]:
        """The marked databases that are in view."""
        return tuple(key for key in self.table.marked_in_view if isinstance(key, str))

    def look(self, at: AsOf) -> None:
        """Show another moment."""
        self.at = at
        self.databases, self._typed = {}, {}
        self.table.set_rows(())

    def go(self, name: str) -> bool:
        """Go to a database; one that is not listed is taken at its word."""
        if not self.databases:
            return False
        if name not in self.databases:
            self._typed[name] = Database(name)
            self.databases[name] = self._typed[name]
        if self.databases[name].system:
            self.system = True
        self.show_rows()
        if not self.table.move_to(name):  # a filter hides it
            self.list.action_clear_filter()
            self.table.move_to(name)
        return True

    def load(self) -> None:
        """Read all again."""
        if not self.databases:
            self.table.pending = "Reading the databases…"
        at = self.at.moment
        reader, journal = self.desk.reader, self.desk.target.journal
        account = self.desk.info.account
        reader.ask(self, "databases", at, lambda client: client.metadata.databases(at))
        reader.ask(
            self,
            "around",
            at,
            lambda client: look_around(client, at, journal(), account),
            behind=True,
        )

    @on(Answered)
    def _answered(self, event: Answered) -> None:
        event.stop()
        if event.question != self.at.moment:
            return
        if event.topic == "around":
            self._around_came(event)
            return
        self.table.pending = self.table.error = self._stale = ""
        if event.error is None:
            self.databases = {each.name: each for each in event.value} | self._typed
        elif self.databases:
            # What was read before is better than nothing, if it says so.
            self._stale = f"not read {self.desk.clock():%H:%M} · "
            self.say_title()
            self.post_message(self.Came(event.error))
            return
        else:
            words = render.one_line(event.error)
            self.table.error = f"{words} · ctrl+f goes to a name that is typed"
        self.show_rows()
        self.post_message(self.Came(event.error))

    def _around_came(self, event: Answered) -> None:
        if event.error is not None:
            return
        self.around = event.value
        extra = (object_words.ACCOUNT,) if self.around.others else ()
        if len(self.table.columns) != len(object_words.DATABASES) + len(extra):
            columns = (*object_words.DATABASES, *extra)
            self.table.set_columns(columns, self._rows())
            self.say_title()
        else:
            self.show_rows()
        self.post_message(self.Came())

    def _rows(self) -> list[Row]:
        return object_words.database_rows(
            self.databases.values(),
            self.around,
            system=self.system,
            now=self.desk.clock(),
        )

    def show_rows(self) -> None:
        """Make the rows anew."""
        self.table.set_rows(self._rows())
        self.say_title()

    def say_title(self) -> None:
        """Say how many there are, and whether more cannot be known of them."""
        known = [each.counts is not None for each in self.databases.values()]
        few = " · names only" if known and not any(known) else ""
        self.say(f"{self._stale}Databases {text.count(self.table.total)}{few}")
