"""Help: the keys that work here, out of the table of commands."""

from __future__ import annotations

from textual.content import Content

from moclone_tui.tui.commands import COMMANDS, LIST_KEYS
from moclone_tui.tui.screens.dialog import TextScreen


class HelpScreen(TextScreen):
    """The keys of a view.

    Args:
        view: The view it is asked for in.
    """

    def __init__(self, view: str) -> None:
        keys = [
            (command.shown, command.help)
            for command in COMMANDS
            if command.works_in(view)
        ]
        super().__init__(
            f"Keys in {view}",
            Content("\n").join(
                [
                    Content.styled("Commands", "$foreground-muted"),
                    *map(_line, keys),
                    Content(""),
                    Content.styled("In every list", "$foreground-muted"),
                    *map(_line, LIST_KEYS),
                    Content(""),
                    Content.styled(
                        "In forms: tab and arrows go around, ctrl+s submits, "
                        "esc leaves.",
                        "$foreground-muted",
                    ),
                ]
            ),
        )


def _line(key: tuple[str, str]) -> Content:
    shown, words = key
    return Content.assemble((f"{shown:<15}", "bold $text-primary"), words)
