"""Connecting: the choice of a server, the password, and every way it can fail."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator

import pytest
from textual.widgets import Input

from moclone_tui.api import Client
from moclone_tui.config import Config, Profile
from moclone_tui.embedded import EmbeddedServer
from moclone_tui.tui.desk import Target
from moclone_tui.tui.screens.connect import ConnectScreen

from .servers import drop_at_once, never_answer, raw, talk_garbage
from .support import User, assert_fit_to_show, client_of, play, profile_of


def _config(*profiles: Profile) -> Config:
    return Config({profile.name: profile for profile in profiles})


def test_the_choice_lists_profiles_the_demo_and_another_address() -> None:
    async def scene(user: User) -> None:
        user.shows("Choose a server")
        assert "db.example:6001" in user.line_with("prod-eu")
        assert "acme#ops" in user.line_with("prod-eu")
        assert "PROD" in user.line_with("prod-eu")
        assert user.lines.index(user.line_with("prod-eu")) < user.lines.index(
            user.line_with("local")
        )
        user.shows("demo", "another", "enter connect", "q quit")

    prod = Profile(
        "prod-eu", "db.example", user="ops", account="acme", environment="prod"
    )
    play(scene, config=_config(prod, Profile("local")))


def test_without_profiles_the_demo_is_the_first_thing_offered() -> None:
    async def scene(user: User) -> None:
        await user.press("enter")
        await user.until_connected()
        user.shows("demo", "DEMO", "MatrixOne 4.2.0", "sys/root", "shop_dev")

    play(scene)


def test_a_profile_connects(sample: EmbeddedServer) -> None:
    async def scene(user: User) -> None:
        await user.press("enter")
        await user.until_connected()
        user.shows("here", "STAGING", "read-only", "plain!", "gallery")

    play(
        scene,
        config=_config(profile_of(sample, environment="staging", read_only=True)),
    )


def test_another_address_is_typed(sample: EmbeddedServer) -> None:
    async def scene(user: User) -> None:
        await user.press("G", "enter")
        user.shows("Where is it, and as whom?")
        await user.paste(f"root@127.0.0.1:{sample.port}")
        await user.press("enter")
        await user.until_seen(f"Password of root at 127.0.0.1:{sample.port}")
        await user.paste(sample.password)
        await user.press("enter")
        await user.until_connected()
        user.shows(f"127.0.0.1:{sample.port}")

    play(scene)


def test_an_address_that_is_none_is_told_and_can_be_corrected() -> None:
    async def scene(user: User) -> None:
        await user.press("G", "enter")
        await user.paste("host:port")
        await user.press("enter")
        user.shows("port")
        assert isinstance(user.focus, Input)
        assert user.focus.value == "host:port"

    play(scene)


def test_an_address_without_an_answer_is_still_there_to_be_corrected(
    sample: EmbeddedServer,
) -> None:
    async def scene(user: User) -> None:
        await user.press("G", "enter")
        await user.paste("root@127.0.0.1:1")
        await user.press("enter")
        await user.paste("p")
        await user.press("enter")
        await user.until_seen("127.0.0.1:1", "refused")
        await user.press("enter")
        assert isinstance(user.focus, Input)
        assert user.focus.value == "root@127.0.0.1:1"

    play(scene)


def test_a_password_is_masked_and_a_wrong_one_can_be_corrected(
    sample: EmbeddedServer,
) -> None:
    async def scene(user: User) -> None:
        await user.press("enter")
        await user.until_seen("Password of root at")
        await user.paste("not-it")
        await user.pilot.pause()
        user.shows_not("not-it")
        user.shows("••••••")
        await user.press("enter")
        await user.until_seen("refused the login", "Check user, account and password")
        assert isinstance(user.focus, Input), "the password is asked for again"
        assert user.focus.value == ""
        await user.paste(sample.password)
        await user.press("enter")
        await user.until_connected()

    play(scene, config=_config(profile_of(sample, password=None)))


def test_letters_of_a_password_are_no_commands(sample: EmbeddedServer) -> None:
    async def scene(user: User) -> None:
        await user.press("enter")
        await user.until_seen("Password of")
        await user.type("qjk?:/")
        await user.pilot.pause()
        assert user.at(ConnectScreen)
        assert isinstance(user.focus, Input)
        assert user.focus.value == "qjk?:/"
        await user.press("escape")
        assert not isinstance(user.focus, Input)

    play(scene, config=_config(profile_of(sample, password=None)))


def _closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def test_nobody_there(sample: EmbeddedServer) -> None:
    """What happened, what to do; and another choice then works."""
    port = _closed_port()

    async def scene(user: User) -> None:
        await user.until_seen(f"127.0.0.1:{port}", "refused", "server")
        await user.press("j", "enter")
        await user.until_connected()
        user.shows("here")

    gone = Profile("gone", port=port, password="p")
    play(
        scene,
        Target(gone),
        config=_config(gone, profile_of(sample)),
        connect=False,
    )


@pytest.mark.parametrize(
    ("welcome", "told"),
    [
        (drop_at_once, ("closed the connection", "6001")),
        (never_answer, ("did not answer within 0.5 s", "6001")),
        (talk_garbage, ("6001",)),
    ],
    ids=["drops", "hangs", "garbage"],
)
def test_a_server_that_misbehaves(
    welcome: Callable[[socket.socket], None],
    told: tuple[str, ...],
    sample: EmbeddedServer,
) -> None:
    """It is told in words, with what to do; and another choice then works."""

    async def scene(user: User) -> None:
        await user.until_seen(*told)
        user.shows_not("moclone failed")
        assert_fit_to_show(user.app)
        await user.press("j", "enter")
        await user.until_connected()

    with raw(welcome) as server:
        odd = server.profile(connect_timeout=0.5)
        play(
            scene,
            Target(odd),
            config=_config(odd, profile_of(sample)),
            connect=False,
        )


def test_the_password_of_a_profile_is_refused(sample: EmbeddedServer) -> None:
    async def scene(user: User) -> None:
        await user.until_seen("refused the login", "Check user, account and password")
        user.shows_not("wrong-one")
        await user.press("j", "enter")
        await user.until_connected()

    wrong = profile_of(sample, name="wrong", password="wrong-one")
    play(
        scene,
        Target(wrong),
        config=_config(wrong, profile_of(sample)),
        connect=False,
    )


def test_a_hanging_attempt_is_stopped_by_esc_and_another_works(
    sample: EmbeddedServer,
) -> None:
    async def scene(user: User) -> None:
        await user.until_seen("Connecting to", "esc stops")
        await user.press("escape")
        user.shows("Stopped")
        await user.press("j", "enter")
        await user.until_connected()

    with raw(never_answer) as server:
        odd = server.profile()
        play(scene, Target(odd), config=_config(odd, profile_of(sample)), connect=False)


@pytest.mark.parametrize("key", ["q", "ctrl+q"])
def test_q_leaves_a_hanging_attempt_at_once(key: str) -> None:
    left: list[float] = []

    async def scene(user: User) -> None:
        await user.until(lambda: server.visitors == 1, "the attempt")
        started = time.monotonic()
        await user.pilot.press(key)
        await user.until(lambda: user.app._exit, "the end")
        left.append(time.monotonic() - started)

    with raw(never_answer) as server:
        app = play(scene, Target(server.profile()), connect=False)
    assert left[0] < 2
    assert app.return_code == 0


def test_q_leaves_while_the_demo_starts() -> None:
    left: list[float] = []

    async def scene(user: User) -> None:
        started = time.monotonic()
        await user.pilot.press("q")
        await user.until(lambda: user.app._exit, "the end")
        left.append(time.monotonic() - started)

    play(scene, Target.start_demo(), connect=False)
    assert left[0] < 4  # its server is given two seconds to end by itself


def test_ctrl_o_leads_back_to_the_choice(sample: EmbeddedServer) -> None:
    async def scene(user: User) -> None:
        await user.press("ctrl+o")
        await user.until_seen("Choose a server")
        await user.press("enter")
        await user.until_connected()
        user.shows("MatrixOne 4.2.0", "gallery")

    here = profile_of(sample)
    play(scene, Target(here), config=_config(here))


def test_a_server_typed_on_the_command_line_is_offered_again(
    sample: EmbeddedServer,
) -> None:
    """`moclone --dsn …`, then ctrl+o: it stands in the list, though in no file."""

    async def scene(user: User) -> None:
        await user.press("ctrl+o")
        await user.until_seen("Choose a server")
        user.shows("here")

    play(scene, Target(profile_of(sample)))


@pytest.fixture
def poor(sample: EmbeddedServer) -> Iterator[Profile]:
    """A login that may list nothing; its account has a database all the same."""
    account = "t_poor"
    with client_of(sample) as root:
        root.execute(f"create account {account} admin_name 'adm' identified by '111'")
        with Client(
            host=sample.host,
            port=sample.port,
            user="adm",
            account=account,
            password="111",
        ) as admin:
            for statement in (
                "create database poor_one",
                "create table poor_one.ledger (id int primary key)",
                "create user low identified by '111'",
                "create role nothing",
                "grant nothing to low",
            ):
                admin.execute(statement)
        yield profile_of(
            sample, user="low", account=account, role="nothing", password="111"
        )
        root.execute(f"drop account {account}")


def test_a_login_without_rights_is_told_so(poor: Profile) -> None:
    """It sees the names that everybody may see, and why it sees no more."""

    async def scene(user: User) -> None:
        user.shows("t_poor/low", "poor_one", "ledger")
        await user.press("tab", "enter", "right_square_bracket")
        user.shows("do not have privilege", "Ask for the right")
        assert_fit_to_show(user.app)
        await user.press("escape", "2")
        user.shows("do not have privilege", "Ask for the right")
        await user.press("1", "r")
        user.shows("poor_one")
        await user.press("n", "ctrl+s")
        await user.until_jobs_end()
        user.shows("failed", "do not have privilege", "Ask for the right")
        await user.press("ctrl+o")
        await user.until_seen("Choose a server")

    play(scene, Target(poor))


def test_warnings_of_the_configuration_are_shown_as_they_are() -> None:
    async def scene(user: User) -> None:
        user.shows("line 3: [/x] [@click=app.quit]x[/]")
        assert_fit_to_show(user.app)

    play(scene, config=Config(warnings=("line 3: [/x] [@click=app.quit]x[/]",)))


def test_profiles_with_odd_names_are_shown_as_they_are() -> None:
    async def scene(user: User) -> None:
        user.shows("[@click=q]x[/]", "[/x]:6001", "␛[31mred")
        assert_fit_to_show(user.app)
        await user.click("[@click=q]x")
        assert user.at(ConnectScreen)

    odd = Profile("[@click=q]x[/]", host="[/x]", user="\x1b[31mred")
    play(scene, config=_config(odd))
