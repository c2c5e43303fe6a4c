"""What the long list and the log have in common: lines, a cursor, keys, the mouse.

A subclass says how many lines there are (`line_total`), paints one (`paint`) and may
have header lines that stay where they are. Only lines in sight are ever painted, and a
cursor that moves repaints two of them.
"""

from __future__ import annotations

from typing import ClassVar

from rich.style import Style
from textual.binding import Binding, BindingType
from textual.events import Click
from textual.geometry import Region, Size
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from moclone_tui.tui.widgets.cells import Tone

SIDE_STEP = 8
"""Cells that left and right scroll by."""


class LineList(ScrollView, can_focus=True, inherit_bindings=False):
    """Lines with a cursor, on Textual's line API."""

    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j", "move(1)", "Down", show=False),
        Binding("up,k", "move(-1)", "Up", show=False),
        Binding("pagedown", "page(1)", "Page down", show=False),
        Binding("pageup", "page(-1)", "Page up", show=False),
        Binding("ctrl+d", "page(0.5)", "Half a page down", show=False),
        Binding("ctrl+u", "page(-0.5)", "Half a page up", show=False),
        Binding("enter", "choose", "Open", show=False),
        Binding("home,g", "first", "First", show=False),
        Binding("end,G", "last", "Last", show=False),
        Binding("right", "side(1)", "Scroll right", show=False),
        Binding("left", "side(-1)", "Scroll left", show=False),
    ]
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "linelist--cursor",
        "linelist--muted",
        "linelist--good",
        "linelist--warn",
        "linelist--bad",
        "linelist--accent",
    }
    DEFAULT_CSS = """
    LineList {
        color: $foreground;
        scrollbar-size: 0 1;
        scrollbar-gutter: stable;
        & > .linelist--cursor { background: $foreground 8%; }
        &:focus > .linelist--cursor { background: $primary-muted; text-style: bold; }
        & > .linelist--muted { color: $foreground-muted; }
        & > .linelist--good { color: $text-success; }
        & > .linelist--warn { color: $text-warning; }
        & > .linelist--bad { color: $text-error; }
        & > .linelist--accent { color: $text-accent; }
        &:ansi > .linelist--cursor { background: transparent; text-style: bold; }
        &:ansi:focus > .linelist--cursor {
            background: transparent;
            text-style: bold reverse;
        }
        &:ansi > .linelist--muted { color: ansi_default; text-style: dim; }
    }
    """
    header_height = 0
    """1 if a header line stays above the others."""
    mark_at: int | None = None
    """The cell of a line that a click marks it by."""

    cursor: reactive[int] = reactive(0, repaint=False)
    """The line the cursor is on; 0 as well when there is none."""

    def __init__(
        self,
        *,
        name: str | None = None,
        id: str | None = None,  # noqa: A002
        classes: str | None = None,
        disabled: bool = False,
    ) -> None:
        self._styles_seen: dict[str, Style] = {}
        self._chosen = False
        super().__init__(name=name, id=id, classes=classes, disabled=disabled)

    # For subclasses

    @property
    def line_total(self) -> int:
        """How many lines there are."""
        raise NotImplementedError

    def paint(self, line: int, width: int) -> Strip:
        """Paint one line, exactly `width` cells wide."""
        raise NotImplementedError

    def paint_header(self, width: int) -> Strip:
        """Paint the header line."""
        raise NotImplementedError

    def paint_beyond(self, y: int, width: int) -> Strip:
        """Paint below the last line; `y` counts from the first line of the body."""
        raise NotImplementedError

    def action_choose(self) -> None:
        """Enter, or a click on the cursor's line."""
        raise NotImplementedError

    def toggle_mark(self, line: int) -> None:
        """The place for marks was clicked."""
        raise NotImplementedError

    @property
    def content_width(self) -> int:
        """The width all lines need; more than there is means scrolling sideways."""
        return self.room.width

    # Lines

    @property
    def room(self) -> Size:
        """What is left between the scrollbars."""
        return self.scrollable_content_region.size

    def render_line(self, y: int) -> Strip:
        width = self.room.width
        if y < self.header_height:
            return self.paint_header(width)
        line = y - self.header_height + self.scroll_offset.y
        if line < self.line_total:
            return self.paint(line, width)
        return self.paint_beyond(y - self.header_height, width)

    def component(self, name: str) -> Style:
        """The style of a component class: only what it says itself, colours blended."""
        style = self._styles_seen.get(name)
        if style is None:
            full = self.get_component_rich_style(name)
            own = self.get_component_rich_style(name, partial=True)
            style = own + Style(
                color=full.color if own.color else None,
                bgcolor=full.bgcolor if own.bgcolor else None,
            )
            self._styles_seen[name] = style
        return style

    def line_style(self, *names: str) -> Style:
        """The style of a whole line: the widget's own and these components' upon it."""
        style = self.rich_style
        for name in names:
            style += self.component(name)
        return style

    def toned(self, line_style: Style, tone: Tone) -> Style:
        """A tone on a line. A reversed line keeps to one colour: it is the cursor."""
        if not tone or line_style.reverse:
            return line_style
        return line_style + self.component(f"linelist--{tone}")

    def notify_style_update(self) -> None:
        self._styles_seen.clear()
        super().notify_style_update()

    @property
    def body_height(self) -> int:
        """How many lines fit in sight."""
        return max(0, self.room.height - self.header_height)

    @property
    def lines_in_sight(self) -> range:
        """The lines that are painted now."""
        first = self.scroll_offset.y
        return range(first, min(self.line_total, first + self.body_height))

    def lines_changed(self) -> None:
        """Call after lines came, went or moved: sizes the list and paints it anew."""
        self.virtual_size = Size(
            self.content_width, self.line_total + self.header_height
        )
        self.refresh()

    def repaint(self, line: int) -> None:
        """Paint one line anew, if it is in sight."""
        if line in self.lines_in_sight:
            y = line - self.scroll_offset.y + self.header_height
            self.refresh(Region(0, y, self.room.width, 1))

    def on_resize(self) -> None:
        self.resized()

    def resized(self) -> None:
        """There is another width, or another number of lines in sight."""
        self.lines_changed()
        self.show_cursor()

    # Cursor

    def validate_cursor(self, line: int) -> int:
        return max(0, min(line, self.line_total - 1))

    def watch_cursor(self, old: int, new: int) -> None:
        self.repaint(old)
        self.repaint(new)
        self.show_cursor()

    def show_cursor(self) -> None:
        """Scroll the least it takes to have the cursor in sight, at once."""
        top, height = self.scroll_offset.y, self.body_height
        if self.cursor < top:
            self.jump(self.cursor)
        elif height and self.cursor >= top + height:
            self.jump(self.cursor - height + 1)

    def jump(self, top: int) -> None:
        """Scroll to a first line, without animation."""
        self.scroll_to(y=top, animate=False, force=True)

    def pick(self, line: int) -> None:
        """Move the cursor as the user asked to."""
        self.cursor = line

    def action_move(self, lines: int) -> None:
        self.pick(self.cursor + lines)

    def action_page(self, pages: float) -> None:
        self.pick(self.cursor + int(pages * max(1, self.body_height - 1)))

    def action_first(self) -> None:
        self.pick(0)

    def action_last(self) -> None:
        self.pick(self.line_total - 1)

    def action_side(self, steps: int) -> None:
        self.scroll_to(
            x=self.scroll_offset.x + steps * SIDE_STEP, animate=False, force=True
        )

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "side":
            return self.max_scroll_x > 0
        return super().check_action(action, parameters)

    # Mouse

    def on_click(self, event: Click) -> None:
        offset = event.get_content_offset(self)
        if offset is None or event.button != 1:
            return
        event.stop()
        line = offset.y - self.header_height + self.scroll_offset.y
        if offset.y < self.header_height:
            self.header_clicked(offset.x)
        elif line < self.line_total and offset.x == self.mark_at:
            self.toggle_mark(line)
        elif line < self.line_total:
            self._line_clicked(line, event.chain)

    def header_clicked(self, x: int) -> None:
        """The header line was clicked."""

    def _line_clicked(self, line: int, chain: int) -> None:
        """A click moves the cursor; one on the cursor's line, or a second, chooses."""
        again = line == self.cursor
        self.pick(line)
        if again and (chain == 1 or not self._chosen):
            self.action_choose()
        self._chosen = again and chain == 1
