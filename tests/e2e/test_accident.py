"""The accident of the demo, in a real terminal of 80×24, by keys alone."""

from __future__ import annotations

from .conftest import Open
from .terminal import Terminal

CTRL_F, ENTER = "\x06", "\r"


def confirm(terminal: Terminal, name: str) -> None:
    """Type the name that is asked for."""
    terminal.until_seen(f"Type {name} to go on")
    terminal.press("tab")
    terminal.type(name + ENTER)


def find_and_put_back(terminal: Terminal) -> None:
    """Find the table, see when it happened, look at it, put its rows back."""
    terminal.until_seen("shop_dev", "Tour 1 of 6")
    terminal.press("escape")
    terminal.until(lambda: "Tour" not in terminal.text, "end the tour")
    terminal.press(CTRL_F)
    terminal.until_seen("Find a table", "blog.posts")
    terminal.type("shop.orders" + ENTER)
    terminal.until_seen("▸  orders")
    terminal.press("3")
    terminal.until_seen("delete from shop.orders", "mia")
    terminal.press("tab", "g", "b")
    terminal.until_seen("at the cursor: just before", "recoverable by shop_week")
    terminal.press("enter")
    terminal.until_seen("AS OF", "h ago", "11,790")
    terminal.press("u")
    terminal.until_seen("Put back", "rows that are gone", "come back")
    terminal.press("ctrl+s")
    terminal.until_seen("put back", "verified")
    terminal.press("t")
    terminal.until_seen("Look as of")
    terminal.press("g", "enter")
    terminal.until(lambda: "AS OF" not in terminal.text, "be back at now")


def compare_and_copy(terminal: Terminal) -> None:
    """Compare with the snapshot; clone the database as it was, masked."""
    terminal.press("=")
    terminal.until_seen("Compare", "rows left")
    terminal.press("escape")
    terminal.until(lambda: "rows left" not in terminal.text, "leave the comparison")
    terminal.press("2")
    terminal.until_seen("shop_before")
    terminal.type("/sale" + ENTER)
    terminal.until_seen("1 of 4")
    terminal.press("c")
    terminal.until_seen("Clone", "shop_copy", "free", "2 columns masked")
    terminal.press("ctrl+s")
    terminal.until_seen("clone shop → shop_copy", "verified: counts")


def verify_reset_drop(terminal: Terminal) -> None:
    """Verify the copy, make it again, drop it."""
    terminal.press("1", "g")
    terminal.type("/shop_copy" + ENTER)
    terminal.until_seen("1 of 7")
    terminal.press("v")
    terminal.until_seen("verify shop_copy", "verified: counts · as shop was")
    terminal.press(":")
    terminal.until_seen("Search for commands")
    terminal.type("make a copy again")
    terminal.until_seen("Make a copy again from its origin")
    terminal.press("enter")
    terminal.until_seen("Reset", "Origin", "BEGIN")
    terminal.press("ctrl+s")
    confirm(terminal, "shop_copy")
    terminal.until_seen("shop_copy_before_")
    terminal.press("D")
    terminal.until_seen("What would change", "shop_copy goes")
    terminal.press("ctrl+s")
    confirm(terminal, "shop_copy")
    terminal.until_seen("drop shop_copy", "dropped")


def test_the_accident_in_a_terminal(open_terminal: Open) -> None:
    """By keys alone, as in the tests of the screens."""
    terminal = open_terminal("demo")
    find_and_put_back(terminal)
    compare_and_copy(terminal)
    verify_reset_drop(terminal)
    terminal.press("q")
    assert terminal.until_ended() == 0
    terminal.assert_restored()
