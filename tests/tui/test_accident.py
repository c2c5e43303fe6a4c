"""The accident, by keys alone: find it, look at it, put it back, copy it, drop it.

The demo's shop lost orders to a statement of somebody's a day ago.
"""

from __future__ import annotations

from moclone_tui.embedded import EmbeddedServer
from moclone_tui.tui.desk import Target, demo_profile
from moclone_tui.tui.screens.compare import CompareScreen
from moclone_tui.tui.screens.main import MainScreen
from moclone_tui.tui.screens.put_back import PutBackForm
from moclone_tui.tui.screens.reset_form import ResetForm

from .support import WIDE, User, client_of, databases_of, play, profile_of


async def find_and_look_just_before(user: User) -> None:
    """Find the table, see when it happened, look at it just before."""
    await user.press("ctrl+f")
    await user.type("orders")
    await user.press("enter")
    user.shows("shop · 6 tables")
    await user.press("3")
    await user.until_seen("delete from shop.orders where customer_id", "mia")
    await user.press("tab", "g")
    await user.press("b")
    user.shows("at the cursor: just before", "h ago", "recoverable by shop_week")
    await user.press("enter")
    user.shows("AS OF", "h ago")
    await user.until_seen("11,790")


async def put_back(user: User) -> None:
    """Put back what was deleted, and go back to now."""
    await user.press("u")
    assert user.at(PutBackForm)
    await user.until_seen("rows that are gone")
    await user.until_seen("come back")
    await user.press("ctrl+s")
    assert user.at(MainScreen), user.text
    await user.until_jobs_end()
    await user.press("t", "g", "enter")
    user.shows_not("AS OF")


async def compare_with_the_snapshot(user: User) -> None:
    """Compare the table with the snapshot before the sale."""
    await user.press("equals_sign")
    assert user.at(CompareScreen)
    await user.until_seen("rows left")
    await user.press("escape")


async def clone_as_it_was(user: User, copy: str) -> None:
    """Clone the database as of the snapshot, masked."""
    await user.press("2")
    await user.press("slash")
    await user.type("sale")
    await user.press("enter", "c")
    await user.until_seen("shop_before_sale")
    await user.fill(copy)
    await user.until_seen("free")
    user.shows("2 columns masked")
    await user.press("ctrl+s")
    await user.until_jobs_end()


async def verify_reset_drop(user: User, copy: str) -> None:
    """Verify the copy, make it again from its origin, drop it."""
    await user.press("1", "g")
    await user.filter(copy)
    await user.press("v")
    await user.until_jobs_end()
    await user.press("L", "L")
    user.shows(f"verify {copy}", "verified: counts")
    await user.press("L", "colon")
    await user.paste("make a copy again")
    await user.until_seen("Make a copy again from its origin")
    await user.press("enter")
    await user.until(lambda: user.at(ResetForm), "the reset form")
    await user.until_seen("CREATE DATABASE")
    await user.press("ctrl+s")
    await confirm(user, copy)
    await user.press("D")
    await user.until_seen("What would change", f"{copy} goes")
    await user.press("ctrl+s")
    await confirm(user, copy)


async def confirm(user: User, name: str) -> None:
    """Type the name that is asked for, and wait for the job."""
    await user.until_seen(f"Type {name} to go on")
    await user.press("tab")
    await user.type(name)
    await user.press("enter")
    await user.until_jobs_end()


def test_the_accident_by_keys_alone() -> None:
    with EmbeddedServer() as server:
        copy = "shop_then"

        async def scene(user: User) -> None:
            await find_and_look_just_before(user)
            with client_of(server) as client:
                lost = client.execute("SELECT COUNT(*) FROM shop.orders").first[0]
            await put_back(user)
            with client_of(server) as client:
                now = client.execute("SELECT COUNT(*) FROM shop.orders").first[0]
            assert now > lost
            await compare_with_the_snapshot(user)
            await clone_as_it_was(user, copy)
            with client_of(server) as client:
                made = client.execute(f"SELECT email FROM {copy}.customers WHERE id=5")
                assert made.first == ("user5@example.com",)
            await verify_reset_drop(user, copy)
            assert copy not in databases_of(server)

        profile = profile_of(server, name="demo", masking=demo_profile().masking)
        play(scene, Target(profile), size=WIDE)
