"""Marks in the lists: what one action on all of them does."""

from __future__ import annotations

from moclone_tui.embedded import EmbeddedServer
from moclone_tui.tui.desk import Target
from moclone_tui.tui.screens.clone_form import CloneForm

from .support import (
    NARROW,
    WIDE,
    User,
    assert_fit_to_show,
    client_of,
    databases_of,
    play,
    profile_of,
    submit_off,
)


def _make(sample: EmbeddedServer, made: str) -> None:
    with client_of(sample) as client:
        for name in ("a", "b", "c"):
            client.execute(f"CREATE DATABASE {made}{name}")
            client.execute(f"CREATE TABLE {made}{name}.t (id INT PRIMARY KEY)")
            client.execute(f"INSERT INTO {made}{name}.t VALUES (1), (2)")


def test_marked_databases_are_copied_by_a_template(
    sample: EmbeddedServer, made: str
) -> None:
    _make(sample, made)

    async def scene(user: User) -> None:
        await user.filter(made)
        await user.press("space", "j", "space")
        user.shows("2 marked")
        await user.press("c")
        assert user.at(CloneForm)
        user.shows("{source}_copy", f"{made}a_copy", f"{made}b_copy", "free")
        user.shows_not(f"{made}c_copy")
        await user.fill("{source}_copy")
        await user.fill("same")
        user.shows("Several copies need several names")
        assert submit_off(user)
        await user.fill("{source}_{date:%Y}_dev")
        await user.press("ctrl+s")
        await user.until_jobs_end()
        user.shows("verified: counts")
        user.shows_not("marked")  # or the next D would be about them

    play(scene, Target(profile_of(sample)), size=WIDE)
    copies = sorted(each for each in databases_of(sample) if each.endswith("_dev"))
    mine = [each for each in copies if each.startswith(made)]
    assert [each[: len(made) + 2] for each in mine] == [f"{made}a_", f"{made}b_"]


def test_marked_tables_are_copied_beside_themselves(
    sample: EmbeddedServer, made: str
) -> None:
    _make(sample, made)
    with client_of(sample) as client:
        client.execute(f"CREATE TABLE {made}a.u (id INT PRIMARY KEY)")

    async def scene(user: User) -> None:
        await user.filter(f"{made}a")
        await user.press("tab", "asterisk", "c")
        user.shows(f"{made}a.t_copy", f"{made}a.u_copy")
        assert_fit_to_show(user.app)
        await user.press("ctrl+s")
        await user.until_jobs_end()
        await user.press("r")
        user.shows("t_copy", "u_copy")

    play(scene, Target(profile_of(sample)), size=NARROW)


def test_what_a_filter_hides_is_left_alone(sample: EmbeddedServer, made: str) -> None:
    _make(sample, made)

    async def scene(user: User) -> None:
        await user.filter(made)
        await user.press("asterisk")
        user.shows("3 marked")
        await user.filter("")
        await user.keys("slash", "end", "ctrl+u")
        await user.paste(f"{made}a")
        await user.press("enter")
        user.shows("1 marked")
        await user.press("c")
        user.shows(f"{made}a_copy")
        user.shows_not(f"{made}b")

    play(scene, Target(profile_of(sample)), size=WIDE)
