"""What the terminal around the screen shows: its title, and a bar in its tab.

Titles are OSC 2. The bar is ConEmu's OSC 9;4, sent only where it is known to be a bar:
elsewhere OSC 9 is a notification of the desktop.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from moclone_tui.text import safe

_LONGEST = 120
_AGAIN = 5.0
"""Seconds until a bar is sent again: some terminals take an old one away."""
_KEEP_TITLE, _TITLE_BACK = "\x1b[22;2t", "\x1b[23;2t"
_NO_BAR = "\x1b]9;4;0\x1b\\"


def title_sequence(words: str) -> str:
    """Sets the title; nothing in the words can end the sequence or begin another."""
    return f"\x1b]2;{safe(words)[:_LONGEST]}\x1b\\"


def bar_sequence(share: float | None) -> str:
    """Sets the bar: to a share of 0 to 1, or to one without an end."""
    if share is None:
        return "\x1b]9;4;3\x1b\\"
    return f"\x1b]9;4;1;{int(share * 100)}\x1b\\"


def knows_bars(environ: Mapping[str, str]) -> bool:
    """Whether the terminal is one that shows OSC 9;4 as a bar.

    Windows Terminal, ConEmu, Ghostty, WezTerm, iTerm2 from 3.6.6 and the VTE family
    from 0.79 on. Not through tmux or screen, which do not pass it on.
    """
    if environ.get("TMUX") or environ.get("STY"):
        return False
    program = environ.get("TERM_PROGRAM")
    if program == "iTerm.app":
        return _version(environ.get("TERM_PROGRAM_VERSION", "")) >= (3, 6, 6)
    return (
        program in ("ghostty", "WezTerm")
        or bool(environ.get("WT_SESSION"))
        or environ.get("ConEmuANSI") == "ON"
        or _version(environ.get("VTE_VERSION", "")) >= (7900,)
    )


def _version(words: str) -> tuple[int, ...]:
    parts = words.split(".")
    return tuple(int(part) for part in parts) if all(map(str.isdigit, parts)) else ()


class TerminalFrame:
    """The title and the bar of one terminal; says nothing twice.

    Args:
        write: Sends to the terminal, in order with everything else that is sent.
        environ: The environment, which tells what the terminal can do.
        watch: Seconds.
    """

    def __init__(
        self,
        write: Callable[[str], None],
        environ: Mapping[str, str],
        watch: Callable[[], float],
    ) -> None:
        self._write = write
        self._titles = environ.get("TERM") not in ("linux", "dumb", "vt100")
        self._bars = knows_bars(environ)
        self._watch = watch
        self._title = self._bar = ""
        self._sent = 0.0

    def title(self, words: str) -> None:
        """Show a title; the one from before comes back with `clear`."""
        sequence = title_sequence(words)
        if self._titles and sequence != self._title:
            self._write(sequence if self._title else _KEEP_TITLE + sequence)
            self._title = sequence

    def bar(self, share: float | None) -> None:
        """Show a bar: a share of 0 to 1, or one without an end."""
        if not self._bars:
            return
        sequence, now = bar_sequence(share), self._watch()
        if sequence != self._bar or now - self._sent >= _AGAIN:
            self._write(sequence)
            self._bar, self._sent = sequence, now

    def no_bar(self) -> None:
        """Take the bar away."""
        if self._bar:
            self._write(_NO_BAR)
            self._bar = ""

    def clear(self) -> None:
        """Leave the terminal as it was."""
        self.no_bar()
        if self._title:
            self._write(title_sequence("") + _TITLE_BACK)
            self._title = ""
