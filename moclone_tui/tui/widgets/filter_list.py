"""A long list with a filter line above it, which `/` brings up.

    names = FilterList(TableList(columns, empty="No databases yet"))
    names.table.set_rows(rows)

`/` goes to the filter line and rows are left out as it is typed. Enter or down goes
back to the list and keeps the filter; esc takes it away. While the line has the focus,
the list's keys are only letters.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Input, Static

from moclone_tui.text import count, safe
from moclone_tui.tui.widgets.table import TableList


class FilterList(Vertical):
    """A `TableList` and its filter line.

    Args:
        table: The list; its messages bubble up through here.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        # Before the list and the line have them: what comes in one burst with them
        # goes where the focus is then.
        Binding("slash", "filter", "Filter", show=False, priority=True),
        Binding("enter,down", "keep_filter", "To the list", show=False, priority=True),
        Binding("escape", "clear_filter", "Clear filter", show=False),
    ]
    DEFAULT_CSS = """
    FilterList {
        & > Horizontal { height: 1; display: none; padding: 0 1 0 0; }
        &.-filtering > Horizontal { display: block; }
        & > Horizontal > .sign { width: 3; color: $foreground-muted; }
        & > Horizontal:focus-within > .sign { color: $text-primary; text-style: bold; }
        & > Horizontal > Input {
            width: 1fr;
            padding: 0;
            background: transparent;
            &:focus { background: transparent; background-tint: transparent; }
        }
        & > Horizontal > .count {
            padding: 0 0 0 2;
            color: $foreground-muted;
            text-wrap: nowrap;
        }
        & > TableList { height: 1fr; }
    }
    """

    def __init__(
        self,
        table: TableList,
        *,
        name: str | None = None,
        id: str | None = None,  # noqa: A002
        classes: str | None = None,
    ) -> None:
        super().__init__(name=name, id=id, classes=classes)
        self.table = table
        """The list."""
        self._line = Input(
            placeholder="word  !without  ~fuzzy",
            compact=True,
            select_on_focus=False,
        )
        self._line.can_focus = False  # not while it is hidden
        self._count = Static(classes="count", markup=False)

    def compose(self) -> ComposeResult:
        with Horizontal():
            yield Static("/", classes="sign", markup=False)
            yield self._line
            yield self._count
        yield self.table

    @property
    def query_text(self) -> str:
        """The filter as it was typed."""
        return self._line.value

    @property
    def _typing(self) -> bool:
        return self._line.has_focus

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "clear_filter":
            return self.has_class("-filtering")
        if action in ("filter", "keep_filter"):
            return self._typing is (action == "keep_filter")
        return super().check_action(action, parameters)

    def action_filter(self) -> None:
        self._show_line(True)
        self.screen.set_focus(self._line)

    def action_clear_filter(self) -> None:
        self._line.value = ""
        self._leave()

    def action_keep_filter(self) -> None:
        self.screen.set_focus(self.table)
        self.once_typed(self._keep)

    def once_typed(self, then: Callable[[], object]) -> None:
        """Do something when all that was typed so far has filtered the list.

        Letters still wait for the line when enter comes with them in one burst.
        """
        self._line.call_later(self._filter_and, then)

    def _filter_and(self, then: Callable[[], object]) -> None:
        self.table.filter(safe(self._line.value))  # before it is told that it changed
        then()

    def _keep(self) -> None:
        if self._line.value.strip():
            self.table.pick(self.table.cursor)
        self._show_line(bool(self._line.value.strip()))

    def _leave(self) -> None:
        self.screen.set_focus(self.table)
        self._show_line(bool(self._line.value.strip()))

    def _show_line(self, shown: bool) -> None:
        self.set_class(shown, "-filtering")
        self._line.can_focus = shown

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        if event.value != (fit_to_show := safe(event.value)):
            self._line.value = fit_to_show  # pasted, perhaps with controls in it
            return
        self.table.filter(event.value)

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.action_keep_filter()

    @on(TableList.ViewChanged)
    def _count_shown(self) -> None:
        text = count(self.table.total)
        if self.table.is_filtered:
            text = f"{count(self.table.shown)} of {text}"
        self._count.update(text)
        # Said, since an automatic width is not always settled anew as one types.
        self._count.styles.width = len(text) + 2
