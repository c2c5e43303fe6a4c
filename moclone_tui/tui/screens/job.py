"""The story of a job: its own log, its plan, its SQL; live while it runs."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import ContentSwitcher

from moclone_tui.text import safe
from moclone_tui.tui.desk import Desk
from moclone_tui.tui.job_words import Story
from moclone_tui.tui.screens.form import PlanText
from moclone_tui.tui.widgets.frame import TabLine
from moclone_tui.tui.widgets.log import LogPanel
from moclone_tui.tui.widgets.pane import Reading

_TABS = (("about", "About"), ("log", "Log"), ("plan", "Plan"), ("sql", "SQL"))
_BEAT = 0.25
"""Seconds between two looks at a job that runs."""


class JobStory(ModalScreen[None]):
    """All of one job in tabs.

    Args:
        desk: What it works at.
        story: Tells it; asked again and again while `live` is so.
        live: Whether it goes on.
        tab: What is shown first.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,h", "leave", "Back", show=False),
        Binding("right_square_bracket,tab", "step(1)", "Next tab", show=False),
        Binding("left_square_bracket,shift+tab", "step(-1)", "Before", show=False),
        Binding("Y", "copy_sql", "Copy SQL", show=False),
    ]
    DEFAULT_CSS = """
    JobStory {
        align: center middle;
        & > Vertical {
            width: 100;
            max-width: 96%;
            height: 85%;
            border: round $border;
            border-title-color: $text-primary;
            border-title-style: bold;
            border-subtitle-color: $foreground-muted;
            background: $background;
            padding: 0 1;
            & > ContentSwitcher { height: 1fr; margin-top: 1; }
        }
    }
    """

    def __init__(
        self,
        desk: Desk,
        story: Callable[[], Story],
        live: Callable[[], bool] = lambda: False,
        tab: str = "log",
    ) -> None:
        super().__init__()
        self.desk = desk
        self._ask = story
        self._live = live
        self._first = tab
        self._story = story()
        self._tabs = TabLine(_TABS)
        self._about = Reading(id="about")
        self._log = LogPanel(id="log", empty="Nothing was told of it")
        self._plan = Reading(id="plan")
        self._sql = Reading(id="sql")

    def compose(self) -> ComposeResult:
        with Vertical() as box:
            box.border_title = Content(safe(self._story.title))
            box.border_subtitle = "[ ] tabs · Y copy SQL · esc back"
            yield self._tabs
            with ContentSwitcher(initial=self._first):
                yield self._about
                yield self._log
                yield self._plan
                yield self._sql

    def on_mount(self) -> None:
        self._tabs.active = self._first
        self._log.write(self._story.log)
        self._show(None)
        self._focus_body()
        if self._live():
            self._beats = self.set_interval(_BEAT, self._look_again)

    def _look_again(self) -> None:
        """Show what was told since; a job that has ended tells no more."""
        before, lasts = self._story, self._live()
        self._story = self._ask()
        self._log.write(self._story.log[len(before.log) :])
        self._show(before)
        if not lasts:
            self._beats.stop()

    def _show(self, before: Story | None) -> None:
        story = self._story
        if before is None or before.facts != story.facts:
            self._about.show(story.facts)
        if before is None or before.plan != story.plan:
            words = "It tells no plan" if not story.plan else PlanText((), story.plan)
            self._plan.show(words)
        if before is None or before.sql != story.sql:
            self._sql.show(_statements(story.sql))

    @on(TabLine.Changed)
    def _changed(self, event: TabLine.Changed) -> None:
        event.stop()
        self.query_one(ContentSwitcher).current = event.tab
        self._focus_body()

    def _focus_body(self) -> None:
        self.query_one(f"#{self._tabs.active}").focus()

    def action_step(self, by: int) -> None:
        self._tabs.step(by)

    def action_copy_sql(self) -> None:
        if self._story.sql:
            self.app.copy_to_clipboard("".join(f"{it};\n" for it in self._story.sql))
            self.notify("Copied the SQL", markup=False, timeout=2)
        else:
            self.notify("It sent nothing that changes something.", markup=False)

    def action_leave(self) -> None:
        self.dismiss(None)


def _statements(sql: tuple[str, ...]) -> Content:
    from moclone_tui.tui.widgets.detail_texts import highlighted

    if not sql:
        return Content.styled(
            "Nothing was sent that changes something", "$foreground-muted"
        )
    return highlighted("\n".join(f"{each};" for each in sql))
