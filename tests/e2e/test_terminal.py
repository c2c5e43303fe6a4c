"""moclone in a real terminal: from its first screen to what it leaves behind."""

from __future__ import annotations

import json
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pymysql
import pytest

from moclone_tui.api import Client
from moclone_tui.embedded import EmbeddedServer

from .conftest import Open


def _password(server: EmbeddedServer) -> dict[str, str]:
    return {"MOCLONE_PASSWORD": server.password}


def test_a_database_cloned_by_keys_alone(
    open_terminal: Open, server: EmbeddedServer, dsn: tuple[str, ...]
) -> None:
    """Read off the screen and off the server; quit; the terminal is as it was."""
    terminal = open_terminal(*dsn, environ=_password(server))
    terminal.until_seen("1 Databases", "shop_dev", "gallery")
    terminal.press("/")
    terminal.type("shop !dev")
    terminal.until_seen("1 of 6")
    terminal.press("enter", "c")
    terminal.until_seen("Clone shop → shop_copy", "free")
    terminal.press("ctrl+s")
    terminal.until_seen("verified: counts", "clone shop → shop_copy")
    terminal.until(lambda: _listed(terminal.text, "shop_copy"), "shop_copy in the list")
    terminal.press("L")
    terminal.until_seen("COMMIT", "CREATE DATABASE `shop_copy` CLONE `shop`")
    line = next(each for each in terminal.lines if "verified: counts" in each)
    assert re.search(r"\d+(\.\d+)? (ms|s) ", line), line
    terminal.press("L", "L", "q")
    assert terminal.until_ended(within=5) == 0
    terminal.assert_restored()

    with (
        pymysql.connect(
            host=server.host, port=server.port, user="root", password=server.password
        ) as plain,
        plain.cursor() as cursor,
    ):
        counts = []
        for name in ("shop", "shop_copy"):
            cursor.execute(f"select count(*) from {name}.orders")
            counts.append(cursor.fetchall())
        cursor.execute("drop database shop_copy")
    assert counts[0] == counts[1]


def _listed(text: str, name: str) -> bool:
    return any(
        re.match(rf"[ ▸]+{name} +\d", line.split("▏")[0]) for line in text.splitlines()
    )


def test_the_demo_from_the_console_script(open_terminal: Open) -> None:
    """`moclone demo`: nothing else is needed, nothing of it stays."""
    script = Path(sys.executable).with_name("moclone")
    command = (
        (str(script),) if script.exists() else (sys.executable, "-m", "moclone_tui")
    )
    terminal = open_terminal("demo", command=command)
    terminal.until_seen("DEMO", "MatrixOne 4.2.0", "shop_dev")
    children = _children(terminal.child.pid)
    assert children
    terminal.press("2")
    terminal.until_seen("Snapshots 4", "shop_before_sale")
    terminal.press("1", "c")
    terminal.until_seen("Clone [/x]")
    terminal.press("ctrl+s")
    terminal.until_seen("verified: counts")
    terminal.press("q")
    assert terminal.until_ended(within=8) == 0
    terminal.assert_restored()
    for pid in children:
        assert not Path(f"/proc/{pid}").exists(), "the demo's server is still there"


def _children(pid: int) -> list[int]:
    path = Path(f"/proc/{pid}/task/{pid}/children")
    if not path.exists():
        pytest.skip("needs Linux's /proc")
    return [int(child) for child in path.read_text().split()]


def test_the_demo_to_serve_alone(open_terminal: Open) -> None:
    """`moclone demo --serve` says where it is; a second moclone works on it."""
    with subprocess.Popen(
        [sys.executable, "-m", "moclone_tui", "demo", "--serve", "--empty"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as child:
        assert child.stdout is not None
        where = json.loads(child.stdout.readline())
        terminal = open_terminal(
            "--host", where["host"], "--port", str(where["port"]),
            environ={"MOCLONE_PASSWORD": where["password"]},
        )  # fmt: skip
        terminal.until_seen("No databases yet")
        terminal.press("q")
        assert terminal.until_ended(within=5) == 0
        child.communicate(timeout=5)
    assert child.returncode == 0


def test_the_password_is_asked_for_and_never_shown(
    open_terminal: Open, server: EmbeddedServer, dsn: tuple[str, ...]
) -> None:
    terminal = open_terminal(*dsn)
    terminal.until_seen("Password of root")
    terminal.type("wrong one")
    terminal.press("enter")
    terminal.until_seen("refused the login")
    terminal.type(server.password)
    terminal.press("enter")
    terminal.until_seen("gallery")
    terminal.press("q")
    assert terminal.until_ended(within=5) == 0
    assert server.password.encode() not in terminal.raw
    assert b"wrong one" not in terminal.raw


def test_another_size_of_the_terminal(
    open_terminal: Open, server: EmbeddedServer, dsn: tuple[str, ...]
) -> None:
    terminal = open_terminal(*dsn, environ=_password(server))
    terminal.until_seen("gallery", "? help")
    terminal.resize(130, 40)
    terminal.until_seen("Overview", "? help")
    terminal.until(
        lambda: "? help" in terminal.lines[39], "the last line at the bottom"
    )
    terminal.resize(70, 20)
    terminal.until(
        lambda: "? help" in terminal.lines[19], "the last line at the bottom"
    )
    terminal.until(lambda: "Overview" not in terminal.text, "the narrow layout")
    terminal.press("q")
    assert terminal.until_ended(within=5) == 0
    terminal.assert_restored()


def test_without_colour_it_is_readable(
    open_terminal: Open, server: EmbeddedServer, dsn: tuple[str, ...]
) -> None:
    """NO_COLOR: no colour is ever set, and what is selected can still be told."""
    terminal = open_terminal(*dsn, environ={**_password(server), "NO_COLOR": "1"})
    terminal.until_seen("gallery", "▸")
    terminal.press("j", "c")
    terminal.until_seen("CREATE DATABASE")
    terminal.press("escape")
    terminal.until(lambda: "CREATE" not in terminal.text, "the form to be gone")
    terminal.press("q")
    assert terminal.until_ended(within=5) == 0
    codes = {
        code
        for numbers in re.findall(rb"\x1b\[([0-9;]*)m", terminal.raw)
        for code in numbers.decode().split(";")
        if code
    }
    coloured = {
        code for code in codes if 30 <= int(code) <= 48 or 90 <= int(code) <= 107
    } - {"39"}
    assert not coloured, coloured
    assert "7" in codes, "what has the cursor is shown in reverse"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_it_in_order(
    open_terminal: Open,
    server: EmbeddedServer,
    dsn: tuple[str, ...],
    number: signal.Signals,
) -> None:
    terminal = open_terminal(*dsn, environ=_password(server))
    terminal.until_seen("gallery")
    terminal.signal(number)
    code = terminal.until_ended(within=8)
    assert code in (0, 128 + number, -number)
    if number is signal.SIGTERM:
        terminal.assert_restored()


@pytest.mark.parametrize("key", ["q", "ctrl+q"])
def test_a_server_that_never_answers_does_not_keep_it(
    open_terminal: Open, key: str
) -> None:
    """`q` ends the process at once: no thread in a socket keeps it alive."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        held: list[socket.socket] = []
        threading.Thread(
            target=lambda: held.append(silent.accept()[0]), daemon=True
        ).start()
        terminal = open_terminal(
            "--host", "127.0.0.1", "--port", str(silent.getsockname()[1]),
            environ={"MOCLONE_PASSWORD": "p"},
        )  # fmt: skip
        terminal.until_seen("Connecting to")
        terminal.until(lambda: bool(held), "the attempt")
        started = time.monotonic()
        terminal.press(key)
        # Half a second on an idle machine, ten if it waited for the server.
        assert terminal.until_ended(within=8) == 0
        assert time.monotonic() - started < 6
        terminal.assert_restored()
        for each in held:
            each.close()


def test_a_job_that_runs_is_asked_about_and_rolled_back(open_terminal: Open) -> None:
    with EmbeddedServer(["--slow", "20"]) as slow:
        terminal = open_terminal(
            "--host", slow.host, "--port", str(slow.port), environ=_password(slow)
        )
        terminal.until_seen("blog")
        terminal.press("j", "c")
        terminal.until_seen("Clone blog → blog_copy")
        terminal.press("ctrl+s")
        terminal.until_seen("1 running")
        terminal.press("q")
        terminal.until_seen("1 job running", "Stay")
        terminal.press("tab", "enter")
        assert terminal.until_ended(within=8) == 0
        terminal.assert_restored()
        with Client(
            host=slow.host, port=slow.port, user="root", password=slow.password
        ) as client:
            names = [name for (name,) in client.execute("SHOW DATABASES")]
        assert "blog_copy" not in names


def test_what_a_name_holds_never_reaches_the_terminal(
    open_terminal: Open,
    server: EmbeddedServer,
    client: Client,
    dsn: tuple[str, ...],
) -> None:
    client.execute("create database `e\x1b]0;pwned\x07`")
    client.execute(
        "create table `e\x1b]0;pwned\x07`.t (id int) comment = '\x1b[31mPWNED'"
    )
    try:
        terminal = open_terminal(*dsn, environ=_password(server))
        terminal.until_seen("e␛]0;pwned␇")
        terminal.press("/")
        terminal.type("pwned")
        terminal.press("enter", "tab", "enter")
        terminal.until_seen("␛[31mPWNED")
        terminal.press("escape")
        terminal.until_seen("Databases 7")
        terminal.press("c")
        terminal.until_seen("Plan")
        assert "pwned" in terminal.text
        terminal.press("escape")
        terminal.until(lambda: "Plan" not in terminal.text, "the form to be gone")
        terminal.press("q")
        assert terminal.until_ended(within=5) == 0
    finally:
        client.execute("drop database `e\x1b]0;pwned\x07`")
    assert b"\x1b]0;pwned" not in terminal.raw
    assert b"\x1b[31mPWNED" not in terminal.raw
    assert terminal._screen.title != "pwned"


def test_a_terminal_that_cannot_is_refused(open_terminal: Open) -> None:
    terminal = open_terminal("demo", environ={"TERM": "dumb"})
    assert terminal.until_ended(within=8) == 2
    assert b"TERM" in terminal.raw
    assert b"\x1b[?1049h" not in terminal.raw


def test_no_terminal_at_all_is_refused() -> None:
    moclone = shutil.which("moclone") or f"{Path(sys.executable).parent}/moclone"
    done = subprocess.run(
        [moclone, "demo"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )
    assert done.returncode == 2
    assert "terminal" in done.stderr
    assert "\x1b" not in done.stdout + done.stderr


def test_the_terminal_around_shows_what_runs_and_is_as_it_was(
    open_terminal: Open, tmp_path: Path
) -> None:
    """Title, a bar in the tab, the bell at the end; all of it gone after leaving."""
    config = tmp_path / "config" / "moclone" / "config.toml"
    config.parent.mkdir(parents=True)
    config.write_text("[settings]\nbell = true\n")
    with EmbeddedServer(["--slow", "3"]) as slow:
        terminal = open_terminal(
            "--host", slow.host, "--port", str(slow.port),
            environ={**_password(slow), "TERM_PROGRAM": "ghostty"},
        )  # fmt: skip
        terminal.until_seen("blog")
        terminal.press("j", "c")
        terminal.until_seen("Clone blog → blog_copy")
        terminal.press("ctrl+s")
        terminal.until_seen("1 running")
        terminal.until(
            lambda: "moclone · clone blog → blog_copy" in terminal._screen.title,
            "the title",
        )
        assert re.search(rb"\x1b\]9;4;[13]", terminal.raw)
        assert not _bells(terminal.raw)
        terminal.until_seen("verified: counts")
        terminal.until(lambda: _bells(terminal.raw) == 1, "the bell")
        terminal.until(
            lambda: "clone blog" not in terminal._screen.title, "the title before"
        )
        assert terminal._screen.title.startswith("moclone · ")
        terminal.press("q")
        assert terminal.until_ended(within=5) == 0
        terminal.assert_restored()
    sent = re.findall(rb"\x1b\](?:9;4|2);[^\x1b]*\x1b\\|\x1b\[2[23];2t", terminal.raw)
    bars = [each for each in sent if each.startswith(b"\x1b]9")]
    assert bars[-1] == b"\x1b]9;4;0\x1b\\"
    assert sent[0] == b"\x1b[22;2t"
    assert sent[-2:] == [b"\x1b]2;\x1b\\", b"\x1b[23;2t"]


def _bells(raw: bytes) -> int:
    """How often it rang: a BEL that ends no sequence."""
    return re.sub(rb"\x1b\][^\x07\x1b]*\x07", b"", raw).count(b"\x07")
