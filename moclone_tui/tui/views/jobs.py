"""The Jobs view: what runs, waits and has ended, and what other starts did."""

from __future__ import annotations

import datetime as dt

from textual import on
from textual.app import ComposeResult

from moclone_tui import text
from moclone_tui.api import Client
from moclone_tui.errors import MocloneError
from moclone_tui.jobs.model import JobEvent, JobSpec, JobState
from moclone_tui.jobs.process import this_process
from moclone_tui.jobs.records import JobRecord, read
from moclone_tui.tui import job_words, render
from moclone_tui.tui.desk import Desk
from moclone_tui.tui.job_words import Story
from moclone_tui.tui.reader import Answered
from moclone_tui.tui.selection import Selection
from moclone_tui.tui.views.base import View
from moclone_tui.tui.widgets.filter_list import FilterList
from moclone_tui.tui.widgets.pane import Pane
from moclone_tui.tui.widgets.table import TableList

_BEAT, _CALM_BEAT = 0.25, 1.0
"""Seconds between two looks at the jobs; the longer if nothing is to move."""
_EARLIER = 200
"""Jobs of other starts that are listed at most."""


class JobsView(View):
    """Jobs, newest first; those of other starts below, as the journal has them."""

    KEYS = ("cancel", "again")

    def __init__(self, desk: Desk, *, id: str) -> None:  # noqa: A002
        super().__init__(desk, id=id)
        self._records: dict[str, JobRecord] = {}
        self._shown: tuple[object, ...] = ()
        self._narrow = False
        self._list = FilterList(
            TableList(
                job_words.JOB_COLUMNS,
                markable=False,
                empty="No jobs yet · c in the databases clones, n takes a snapshot",
            )
        )
        self._pane = Pane(self._list, id="jobs-pane")

    def compose(self) -> ComposeResult:
        yield self._pane

    def on_mount(self) -> None:
        still = self.desk.settings.animation == "none"
        self.set_interval(_CALM_BEAT if still else _BEAT, self._look)
        self._show()

    def on_resize(self) -> None:
        narrow = self.size.width < 108
        if narrow != self._narrow:
            self._narrow = narrow
            columns = job_words.NARROW_JOB_COLUMNS if narrow else job_words.JOB_COLUMNS
            self._list.table.set_columns(columns, ())
            self._show()

    # What a command applies to

    @property
    def selection(self) -> Selection:
        return Selection()

    @property
    def _number(self) -> int | None:
        """The selected job's number, if it is of this start."""
        key = self._list.table.cursor_key
        return key[1] if isinstance(key, tuple) and isinstance(key[1], int) else None

    @property
    def _record(self) -> JobRecord | None:
        """The selected job, if it is of another start."""
        return self._records.get(str(self._list.table.cursor_key))

    def _state(self, number: int) -> JobState:
        return self.desk.runner.wait(number, 0)

    def why_not(self, name: str) -> str | None:
        if name == "cancel":
            return self._why_no_cancel()
        if name == "again":
            return self._why_not_again()
        return None

    def _why_no_cancel(self) -> str | None:
        if (record := self._record) is not None:
            if record.word.endswith("elsewhere"):
                pid = record.process.pid
                return f"Another process runs it: kill {pid} has it roll back and end."
            return f"It has ended: {text.safe(record.outcome or record.word)}"
        if (number := self._number) is None:
            return "No job is selected."
        if (state := self._state(number)) is JobState.CANCELLING:
            return "The server is asked to stop already."
        if state.ended:
            last = self.desk.runner.events(number)[-1]
            return f"It has ended already: {render.end_of(last)}"
        return None

    def _why_not_again(self) -> str | None:
        if self._record is not None:
            return "It is of another start of moclone: open its form to do it again."
        if (number := self._number) is None:
            return "No job is selected."
        if self.desk.read_only:
            profile = text.safe(self.desk.target.profile.name)
            return f"Running jobs is off: the profile {profile} is read-only."
        if not self._state(number).ended:
            return "It has not ended yet: x cancels it."
        return None

    def do_cancel(self) -> None:
        """Cancel the selected job."""
        number = self._number
        if number is not None and not self.desk.runner.cancel(number):
            self.notify("It is done already.", markup=False, timeout=4)
        self._look()

    def do_again(self) -> None:
        """Run the selected job again; what it overwrites has to be named once more."""
        if (number := self._number) is None:
            return
        spec = self.desk.runner.spec(number)
        names = _overwritten(spec)
        if not names:
            self._begin_again(number)
            return
        from moclone_tui.tui.screens.confirm import ConfirmName

        def answered(yes: bool | None) -> None:
            if yes:
                self._begin_again(number)

        words = f"{spec.title} is done once more: {', '.join(names)} is overwritten."
        self.app.push_screen(ConfirmName("Run again", names[0], words), answered)

    def _begin_again(self, number: int) -> None:
        again = self.desk.runner.again(number)
        self._look()
        self._list.table.move_to(("job", again))

    # Going around

    def focus_first(self) -> None:
        self._list.table.focus()

    @on(TableList.Highlighted)
    def _moved(self, event: TableList.Highlighted) -> None:
        event.stop()
        self.post_message(self.SelectionChanged())

    @on(TableList.Selected)
    def _chosen(self, event: TableList.Selected) -> None:
        """Open the selected job."""
        from moclone_tui.tui.screens.job import JobStory

        event.stop()
        if (record := self._record) is not None:
            story = job_words.of_record(record, self.desk.clock())
            tab = "log" if story.log else "about"
            self.app.push_screen(JobStory(self.desk, lambda: story, tab=tab))
        elif (number := self._number) is not None:
            self.app.push_screen(
                JobStory(
                    self.desk,
                    lambda: self._story(number),
                    lambda: not self._state(number).ended,
                )
            )

    def _story(self, number: int) -> Story:
        runner = self.desk.runner
        return job_words.of_job(
            runner.spec(number),
            runner.events(number),
            runner.sent(number),
            self.desk.clock(),
        )

    # Reading

    def load(self) -> None:
        """Read the journal; what runs here is looked at again and again anyway."""
        self.desk.reader.ask(self, "journal", None, self._read)
        self._show()

    def _read(self, _: Client) -> list[JobRecord]:
        journal = self.desk.target.journal()
        try:
            jobs = read(journal.folder, _EARLIER)
        except OSError as error:
            raise MocloneError(f"The journal cannot be read: {error}") from error
        mine = this_process()
        return [
            job for job in jobs if job.process != mine and journal.place.same(job.place)
        ]

    @on(Answered)
    def _answered(self, event: Answered) -> None:
        event.stop()
        if event.error is not None:
            self._pane.say(f"{self.not_read(event.error)}Jobs")
            return
        self._records = {record.job: record for record in event.value}
        self._show()

    def _look(self) -> None:
        """Show how far jobs are, if that can be seen and has changed."""
        newest = self.desk.runner.newest
        running = any(not event.state.ended for event in newest)
        if self.display and (running or newest != self._shown):
            self._show()

    def _show(self) -> None:
        newest = self.desk.runner.newest
        rows = job_words.job_rows(
            newest,
            {event.job: self._asked(event) for event in newest},
            self._records.values(),
            self.desk.stopwatch(),
            self.desk.clock(),
            narrow=self._narrow,
        )
        turned = [event.state for event in newest] != [
            event.state for event in self._shown if isinstance(event, JobEvent)
        ]
        self._shown = newest
        self._list.table.set_rows(rows)
        live = sum(not event.state.ended for event in newest)
        words = [f"Jobs {text.count(len(newest))}"]
        words += [f"{live} not ended"] if live else []
        others = len(self._records)
        words += [f"{text.count(others)} of other starts"] if others else []
        self._pane.say(" · ".join(words))
        if turned:
            self.post_message(self.SelectionChanged())

    def _asked(self, event: JobEvent) -> dt.datetime:
        return self.desk.runner.events(event.job)[0].at


def _overwritten(spec: JobSpec) -> tuple[str, ...]:
    """What has to be named before it is done again."""
    if spec.overwrites:
        return spec.overwrites
    plan = spec.describe()
    if not str(plan.get("kind", "")).startswith("drop"):
        return ()
    targets = plan.get("targets")
    return tuple(each["name"] for each in targets) if isinstance(targets, list) else ()
