"""What is sent to the terminal for its title and its bar."""

from __future__ import annotations

import pytest

from moclone_tui.tui.terminal import TerminalFrame, knows_bars, title_sequence

GHOSTTY = {"TERM": "xterm-ghostty", "TERM_PROGRAM": "ghostty"}


class Terminal:
    """Keeps what is sent, and has a watch turned by hand."""

    def __init__(self, environ: dict[str, str]) -> None:
        self.sent: list[str] = []
        self.now = 0.0
        self.frame = TerminalFrame(self.sent.append, environ, lambda: self.now)


def test_a_title_and_a_bar_and_then_all_as_it_was() -> None:
    terminal = Terminal(GHOSTTY)
    terminal.frame.title("moclone · clone shop → shop_dev 41/120")
    terminal.frame.bar(41 / 120)
    terminal.frame.bar(None)
    terminal.frame.clear()
    assert terminal.sent == [
        "\x1b[22;2t\x1b]2;moclone · clone shop → shop_dev 41/120\x1b\\",
        "\x1b]9;4;1;34\x1b\\",
        "\x1b]9;4;3\x1b\\",
        "\x1b]9;4;0\x1b\\",
        "\x1b]2;\x1b\\\x1b[23;2t",
    ]
    terminal.frame.clear()
    assert len(terminal.sent) == 5


def test_nothing_is_sent_twice_but_a_bar_that_grows_old() -> None:
    terminal = Terminal(GHOSTTY)
    for _ in range(3):
        terminal.frame.title("moclone")
        terminal.frame.bar(0.401)
        terminal.frame.bar(0.409)
    assert len(terminal.sent) == 2
    terminal.now = 5.0
    terminal.frame.bar(0.409)
    assert terminal.sent[2:] == ["\x1b]9;4;1;40\x1b\\"]


def test_no_bar_where_it_would_be_a_notification() -> None:
    terminal = Terminal({"TERM": "xterm-256color"})
    terminal.frame.bar(0.5)
    terminal.frame.no_bar()
    terminal.frame.clear()
    assert terminal.sent == []


def test_no_title_where_there_is_none() -> None:
    terminal = Terminal({"TERM": "linux"})
    terminal.frame.title("moclone")
    terminal.frame.clear()
    assert terminal.sent == []


@pytest.mark.parametrize(
    "name", ["\x1b\\\x1b]52;c;cHduZWQ=\x07", "a\x07b", "a\x9cb\x9d", "a\nb", "\u202eb"]
)
def test_no_name_ends_the_title_or_begins_anything_else(name: str) -> None:
    sequence = title_sequence(f"clone {name} → x")
    assert sequence.startswith("\x1b]2;clone ")
    assert sequence.endswith(" → x\x1b\\")
    assert sequence[len("\x1b]2;") : -len("\x1b\\")].isprintable()


def test_a_title_is_not_endless() -> None:
    assert len(title_sequence("x" * 10_000)) < 200


@pytest.mark.parametrize(
    ("environ", "known"),
    [
        (GHOSTTY, True),
        ({"TERM_PROGRAM": "WezTerm"}, True),
        ({"WT_SESSION": "9b2"}, True),
        ({"ConEmuANSI": "ON"}, True),
        ({"VTE_VERSION": "7900"}, True),
        ({"VTE_VERSION": "6800"}, False),
        ({"VTE_VERSION": "new"}, False),
        ({"TERM_PROGRAM": "iTerm.app", "TERM_PROGRAM_VERSION": "3.6.6"}, True),
        ({"TERM_PROGRAM": "iTerm.app", "TERM_PROGRAM_VERSION": "3.5.14"}, False),
        ({"TERM_PROGRAM": "iTerm.app", "TERM_PROGRAM_VERSION": "3.6.5beta"}, False),
        ({"TERM_PROGRAM": "iTerm.app"}, False),
        ({**GHOSTTY, "TMUX": "socket,1,0"}, False),
        ({"WT_SESSION": "9b2", "STY": "1.pts"}, False),
        ({"TERM": "xterm-256color"}, False),
        ({}, False),
    ],
)
def test_terminals_that_know_bars(environ: dict[str, str], known: bool) -> None:
    assert knows_bars(environ) is known
