"""While the server answers nothing: keys answer, and what is pending says so.

Of a link of 300 ms a round trip every answer is late; here none comes until it may.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from moclone_tui.embedded import EmbeddedServer
from moclone_tui.tui.desk import Target

from .servers import Proxy
from .support import NARROW, WIDE, User, play, profile_of


class Link:
    """A link that can be held up."""

    def __init__(self, proxy: Proxy) -> None:
        self.open = threading.Event()
        self.open.set()
        proxy.before = self._hold

    def _hold(self, _: str) -> None:
        self.open.wait(60)


@pytest.fixture
def link(proxy: Proxy) -> Iterator[Link]:
    """Between the app and the sample."""
    made = Link(proxy)
    yield made
    made.open.set()


@pytest.fixture
def far(proxy: Proxy, sample: EmbeddedServer) -> Target:
    """The sample, at the other end of the link."""
    return Target(profile_of(sample, port=proxy.port))


async def press(user: User, *keys: str) -> None:
    """Press keys, one after the other; nothing can have been answered since."""
    for key in keys:
        await user.keys(key)
        await user.handled()


@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["narrow", "wide"])
def test_keys_answer_while_the_server_does_not(
    far: Target, link: Link, size: tuple[int, int]
) -> None:
    async def scene(user: User) -> None:
        link.open.clear()
        await press(user, "slash", *"shop")
        await user.until_seen("/ shop", "2 of 6")
        await press(user, "enter", "j")
        await user.until_seen("Reading…")
        assert any("▸" in line and "shop_dev" in line for line in user.lines)
        await press(user, "c")
        await user.until_seen("Source", "shop_dev", "Target", "shop_dev_copy", "…")
        await press(user, "escape", "escape", "question_mark")
        await user.until_seen("Keys in databases")
        await press(user, "escape", "3")
        await user.until_seen("shop_dev", "reading")
        await press(user, "2")
        await user.until_seen("Reading the snapshots…")
        await press(user, "4")
        await user.until_seen("No jobs yet")
        await press(user, "5")
        await user.until_seen("History", "Reading")
        await press(user, "1")
        await user.until_seen("Databases", "shop_dev")
        link.open.set()
        await user.settled()
        user.shows("order_items", "suppliers")

    play(scene, far, size=size)


def test_what_is_opened_does_not_wait_for_what_fills_gaps(
    far: Target, link: Link, proxy: Proxy
) -> None:
    """The columns of the table one goes to come before the counts of the others."""

    async def scene(user: User) -> None:
        await user.filter("shop !dev")
        await user.settled()
        link.open.clear()
        await press(user, "r", "tab")
        await press(user, "j", "j", "j", "j", "right_square_bracket")
        asked = len(proxy.statements)
        link.open.set()
        await user.until_seen("customer_id")
        later = "\n".join(proxy.statements[asked:]).lower()
        columns = later.find("columns")
        counts = later.find("from `shop`.`customers`")
        assert columns >= 0
        assert counts < 0 or columns < counts, later

    play(scene, far, size=WIDE)
