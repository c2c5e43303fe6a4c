"""The Snapshots view: what hangs on each snapshot, and what changed since."""

from __future__ import annotations

import pytest

from moclone_tui.embedded import EmbeddedServer
from moclone_tui.tui.desk import Target
from moclone_tui.tui.openings import OPENINGS
from moclone_tui.tui.screens.clone_form import CloneForm
from moclone_tui.tui.screens.main import MainScreen
from moclone_tui.tui.screens.snapshot_form import SnapshotForm
from moclone_tui.tui.selection import Selection
from moclone_tui.tui.views.snapshots import SnapshotsView

from .servers import Proxy
from .support import NARROW, WIDE, User, client_of, play, profile_of


def _story(server: EmbeddedServer, made: str) -> None:
    """A database of two tables, two snapshots of it, a copy, and changes since."""
    with client_of(server) as client:
        for statement in (
            f"CREATE DATABASE {made}app",
            f"CREATE TABLE {made}app.t (id INT PRIMARY KEY, v INT)",
            f"CREATE TABLE {made}app.u (id INT PRIMARY KEY)",
            f"INSERT INTO {made}app.t VALUES (1, 1), (2, 2), (3, 3)",
            f"CREATE SNAPSHOT {made}whole FOR DATABASE {made}app",
            f"CREATE SNAPSHOT {made}one FOR TABLE {made}app t",
            f"CREATE DATABASE {made}copy CLONE {made}app {{SNAPSHOT = '{made}whole'}}",
            f"DELETE FROM {made}app.t WHERE id > 1",
            f"DROP TABLE {made}app.u",
        ):
            client.execute(statement)


async def _to(user: User, name: str) -> None:
    await user.press("2")
    await user.filter(name)


@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["narrow", "wide"])
def test_what_was_made_of_it_and_what_changed_since(
    sample: EmbeddedServer, target: Target, made: str, size: tuple[int, int]
) -> None:
    _story(sample, made)

    async def scene(user: User) -> None:
        await _to(user, f"{made}whole")
        line = user.line_with(f"▸  {made}whole ")
        assert " 1  2 tables, 2 rows" in line
        user.shows(
            f"copies {made}copy",
            "t 2 deleted · u is gone",
            "kept until somebody drops it",
        )
        await user.press("escape")
        await user.filter(f"{made}one")
        assert " 0  1 table, 2 rows" in user.line_with(f"▸  {made}one ")
        user.shows(f"covers {made}app.t (table)", "copies none known")

    play(scene, target, size=size)


def test_what_only_it_can_bring_back(sample: EmbeddedServer, made: str) -> None:
    """Old enough that the server's own history no longer reaches it."""

    async def scene(user: User) -> None:
        await _to(user, "legacy_last")
        user.shows("only here invoices, as it was", "changed invoices is gone")
        await user.press("escape")
        await user.filter("before_sale")
        user.shows("only here nothing · shop_week keeps it too")

    play(scene, Target(profile_of(sample)), size=WIDE)


def test_it_is_filled_in_behind_while_keys_answer(
    sample: EmbeddedServer, proxy: Proxy
) -> None:
    """What is there is shown, what is pending says so."""

    async def scene(user: User) -> None:
        await user.keys("2")
        await user.until_seen("legacy_last", "…")
        await user.keys("G")
        await user.settled()
        user.shows_not("…")
        user.shows("invoices is gone")

    play(scene, Target(profile_of(sample, port=proxy.port)), size=WIDE)
    assert not [each for each in proxy.changes if "OUTPUT SUMMARY" not in each]


def test_a_new_one_of_the_same_name_has_no_copies_of_the_old(
    sample: EmbeddedServer, target: Target, made: str
) -> None:
    _story(sample, made)
    with client_of(sample) as client:
        client.execute(f"DROP SNAPSHOT {made}whole")
        client.execute("SELECT SLEEP(1.1)")  # the catalog tells whole seconds
        client.execute(f"CREATE SNAPSHOT {made}whole FOR DATABASE {made}app")

    async def scene(user: User) -> None:
        await _to(user, f"{made}whole")
        assert " 0  nothing" in user.line_with(f"▸  {made}whole ")

    play(scene, target, size=WIDE)


def test_marks_that_a_filter_hides_do_not_count(
    target: Target,
) -> None:
    async def scene(user: User) -> None:
        await user.press("2")
        await user.press("space", "j", "space")
        user.shows("2 marked")
        await user.filter("legacy")
        user.shows_not("marked")
        await user.press("escape")
        user.shows("2 marked")

    play(scene, target, size=WIDE)


def test_one_snapshot_of_the_account_for_what_is_marked(
    target: Target, made: str
) -> None:
    """It is written down what it is for, and a clone is of exactly that."""

    async def scene(user: User) -> None:
        desk = user.app.desk
        assert desk is not None
        main = user.app.screen
        assert isinstance(main, MainScreen)
        selection = Selection("shop", marked=("blog", "crm"))
        form = OPENINGS["snapshot"].make(desk, selection, main._databases.databases)
        user.app.push_screen(form, main._submit)
        await user.settled()
        assert user.at(SnapshotForm)
        user.shows("(•) account", "For blog, crm")
        await user.fill(f"{made}both")
        user.shows("FOR ACCOUNT")
        await user.press("ctrl+s")
        await user.until_jobs_end()
        await _to(user, f"{made}both")
        user.shows("for blog, crm", "2 marked")
        view = main.view
        assert isinstance(view, SnapshotsView)
        assert view.selection.things == ("blog", "crm")
        assert view.selection.at.moment.snapshot == f"{made}both"
        await user.press("c")
        user.shows("blog_copy", "crm_copy", "and 1 other", f"{made}both · ")
        await user.press("escape", "R")
        user.shows("Restore", "blog", "crm", f"{made}both")

    play(scene, target, size=WIDE)


def test_the_two_that_are_marked_are_dropped_and_never_what_they_hold(
    sample: EmbeddedServer, target: Target, made: str
) -> None:
    _story(sample, made)

    async def scene(user: User) -> None:
        await _to(user, f"{made}")
        await user.press("asterisk", "D")
        user.shows("Drop 2 snapshots", f"{made}copy, made from {made}whole, lives on")
        await user.press("ctrl+s")
        await user.paste("2 snapshots")
        user.shows_not("dropped")

    play(scene, target, size=WIDE)
    with client_of(sample) as client:
        names = {str(name) for (name,) in client.execute("SHOW DATABASES")}
    assert {f"{made}app", f"{made}copy"} <= names


def test_enter_looks_into_it_and_c_clones_from_it(
    sample: EmbeddedServer, target: Target, made: str
) -> None:
    _story(sample, made)

    async def scene(user: User) -> None:
        await _to(user, f"{made}whole")
        await user.press("c")
        assert user.at(CloneForm)
        user.shows(f"CLONE `{made}app` {{SNAPSHOT = '{made}whole'}}")
        await user.press("escape", "enter")
        user.shows(f"AS OF {made}whole", f"{made}app")

    play(scene, target, size=WIDE)
