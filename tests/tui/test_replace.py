"""A target is replaced: asked for by name, in one transaction, kept beside."""

from __future__ import annotations

import threading

from moclone_tui.embedded import EmbeddedServer
from moclone_tui.tui.desk import Target
from moclone_tui.tui.screens.clone_form import CloneForm
from moclone_tui.tui.screens.confirm import ConfirmName

from .servers import Proxy
from .support import User, client_of, databases_of, open_clone_form, play, profile_of


def test_a_target_is_replaced_once_its_name_is_typed(
    sample: EmbeddedServer, made: str
) -> None:
    target = f"{made}old"
    with client_of(sample) as client:
        client.execute(f"create database {target}")
        client.execute(f"create table {target}.mine (id int primary key)")

    async def scene(user: User) -> None:
        await open_clone_form(user, "shop !dev")
        await user.fill(target)
        await user.press("tab", "right", "right")
        user.shows(f"DROP DATABASE `{target}`", f"kept as {target}_before_")
        await user.press("ctrl+s")
        assert user.at(ConfirmName)
        await user.press("enter")
        assert user.at(CloneForm), "the focus is on Cancel"
        await user.press("ctrl+s", "shift+tab")
        await user.fill("shop")
        await user.press("enter")
        assert user.at(ConfirmName), "another name does not do"
        await user.fill(target)
        await user.press("enter")
        await user.until_jobs_end()

    play(scene, Target(profile_of(sample)), size=(120, 40))
    there = databases_of(sample)
    kept = [name for name in there if name.startswith(f"{target}_before_")]
    with client_of(sample) as client:
        names = {each.name for each in client.metadata.tables(target)}
        assert "orders" in names
        assert "mine" not in names
        assert [each.name for each in client.metadata.tables(kept[0])] == ["mine"]


def test_the_name_is_asked_for_before_anybody_has_looked(
    sample: EmbeddedServer, proxy: Proxy, made: str
) -> None:
    """While the plan is still read, what might be dropped is asked for."""
    target = f"{made}slow"
    asked, go_on = threading.Event(), threading.Event()

    def hold(statement: str) -> None:
        if f"'{target}'" in statement:
            asked.set()
            assert go_on.wait(10)

    async def scene(user: User) -> None:
        await open_clone_form(user, "shop !dev")
        await user.press("tab", "right", "right", "shift+tab")
        proxy.before = hold
        await user.paste(target)
        await user.until(asked.is_set, "the plan to be asked for")
        await user.keys("ctrl+s")
        await user.until_seen(f"Type {target} to go on")
        go_on.set()
        await user.settled()
        await user.press("escape", "escape", "escape")

    play(scene, Target(profile_of(sample, port=proxy.port)))
    assert not any("DROP" in each for each in proxy.changes)
