"""An input line for names and addresses: what cannot be seen does not get in."""

from __future__ import annotations

from textual.widgets import Input

from moclone_tui.text import safe


class Entry(Input):
    """An `Input` whose value is always fit to show.

    Control and direction-changing characters are left out wherever they come from: a
    paste, a suggestion made of a server's name. No name that can be made has them.
    """

    def validate_value(self, value: str) -> str:
        if safe(value) == value:
            return value
        return "".join(char for char in value if safe(char) == char)
