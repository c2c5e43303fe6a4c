"""What sys sees of other accounts, and what a login sees that may do little."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from moclone_tui.api import Client
from moclone_tui.embedded import EmbeddedServer
from moclone_tui.tui.desk import Target

from .support import WIDE, User, client_of, play, profile_of

ACCOUNT = "t_others"


@pytest.fixture
def other(sample: EmbeddedServer) -> Iterator[EmbeddedServer]:
    """The sample, with another account that has a database and a poor login."""
    with client_of(sample) as root:
        root.execute(f"create account {ACCOUNT} admin_name 'adm' identified by '111'")
        with Client(
            host=sample.host,
            port=sample.port,
            user="adm",
            account=ACCOUNT,
            password="111",
        ) as admin:
            for statement in (
                "create database theirs",
                "create table theirs.ledger (id int primary key)",
                "create user low identified by '111'",
                "create role nothing",
                "grant nothing to low",
            ):
                admin.execute(statement)
        yield sample
        root.execute(f"drop account {ACCOUNT}")


def test_sys_sees_whose_a_database_is_and_is_told_how_to_copy_it(
    other: EmbeddedServer,
) -> None:
    async def scene(user: User) -> None:
        await user.filter(ACCOUNT)
        user.shows("theirs", f"A database of the account {ACCOUNT}")
        await user.press("escape", "c")
        user.shows(f"It is of the account {ACCOUNT}", "log in there")
        await user.press("escape")
        await user.filter("shop !dev")
        user.shows("orders")

    play(scene, Target(profile_of(other)), size=WIDE)


def test_with_few_rights_it_says_that_it_has_names_only(other: EmbeddedServer) -> None:
    async def scene(user: User) -> None:
        user.shows("names only", "theirs", "ledger", "–")
        await user.press("ctrl+f")
        await user.type("theirs.nothing")
        await user.press("enter")
        user.shows("theirs", "ledger")
        await user.press("ctrl+f")
        await user.type("nowhere")
        await user.press("enter")
        user.shows("nowhere", "does not exist")

    low = profile_of(other, user="low", account=ACCOUNT, role="nothing", password="111")
    play(scene, Target(low), size=WIDE)
