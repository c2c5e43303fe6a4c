"""How moclone ends when nobody leaves it: signals, a closed terminal, kill -9."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from moclone_tui.api import Client
from moclone_tui.embedded import EmbeddedServer
from moclone_tui.jobs.records import JobRecord, read

from .conftest import Open
from .terminal import Terminal

WHY = {
    signal.SIGHUP: "the terminal was closed",
    signal.SIGTERM: "moclone was told to end",
}


@pytest.fixture
def slow() -> Iterator[EmbeddedServer]:
    """A server that takes twenty seconds for every clone."""
    with EmbeddedServer(["--slow", "20"]) as started:
        yield started


def reach(server: EmbeddedServer) -> dict[str, str]:
    return {
        "MOCLONE_HOST": server.host,
        "MOCLONE_PORT": str(server.port),
        "MOCLONE_PASSWORD": server.password,
    }


def job(home: Path) -> JobRecord:
    """The newest job in the journal."""
    return read(home / "state" / "moclone")[0]


def wait_until(reached: Callable[[], bool], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not reached():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def databases(server: EmbeddedServer) -> set[str]:
    with Client(server.host, server.port, password=server.password) as client:
        return {name for (name,) in client.execute("SHOW DATABASES")}


def cloning(terminal: Terminal, home: Path) -> None:
    """Begin to clone, and wait until the server is busy with it."""
    terminal.until_seen("blog")
    terminal.press("j", "c")
    terminal.until_seen("Clone blog → blog_copy")
    terminal.press("ctrl+s")
    terminal.until_seen("1 running")
    terminal.until(lambda: bool(job(home).sent[1:]), "the clone to be sent")


@pytest.mark.parametrize("end", ["SIGTERM", "SIGHUP", "closed"])
def test_the_ui_rolls_back_and_writes_down_why(
    open_terminal: Open, slow: EmbeddedServer, tmp_path: Path, end: str
) -> None:
    terminal = open_terminal(environ=reach(slow))
    cloning(terminal, tmp_path)
    started = time.monotonic()
    if end == "closed":
        terminal.hang_up()
    else:
        terminal.signal(signal.Signals[end])
    wait_until(lambda: bool(job(tmp_path).state))
    assert time.monotonic() - started < 10
    assert job(tmp_path).state == "cancelled"
    why = WHY[signal.SIGTERM if end == "SIGTERM" else signal.SIGHUP]
    assert job(tmp_path).outcome == f"cancelled; the server rolled it back: {why}"
    assert "blog_copy" not in databases(slow)
    wait_until(lambda: not Path(f"/proc/{terminal.child.pid}/cmdline").read_bytes())


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGHUP])
def test_a_command_rolls_back_and_writes_down_why(
    slow: EmbeddedServer, tmp_path: Path, end: signal.Signals
) -> None:
    process = command(slow, tmp_path)
    process.send_signal(end)
    _, told = process.communicate(timeout=15)
    assert process.returncode == 130
    assert job(tmp_path).state == "cancelled"
    assert WHY[end] in job(tmp_path).outcome
    assert WHY[end] in told
    assert "blog_copy" not in databases(slow)


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGHUP])
def test_a_second_signal_does_not_tear_the_orderly_end(
    slow: EmbeddedServer, tmp_path: Path, end: signal.Signals
) -> None:
    """A closed terminal sends SIGHUP, and a shutdown SIGTERM right after it."""
    process = command(slow, tmp_path)
    os.kill(slow.pid, signal.SIGSTOP)  # the end takes until the second one is there
    try:
        process.send_signal(end)
        (file,) = (tmp_path / "state" / "moclone").iterdir()
        wait_until(lambda: '"cancelling"' in file.read_text())
        process.send_signal(signal.SIGTERM)
        process.send_signal(signal.SIGHUP)
    finally:
        os.kill(slow.pid, signal.SIGCONT)
    process.communicate(timeout=15)
    assert process.returncode == 130
    assert job(tmp_path).state == "cancelled"


def test_a_command_under_nohup_outlives_its_terminal(
    tmp_path: Path,
) -> None:
    with EmbeddedServer(["--slow", "2"]) as server:
        process = command(server, tmp_path, before=("nohup",))
        process.send_signal(signal.SIGHUP)
        process.communicate(timeout=30)
        assert process.returncode == 0
        assert "blog_copy" in databases(server)
    assert job(tmp_path).state == "done"


def test_a_server_that_does_not_stop_is_not_waited_for_for_ever(
    slow: EmbeddedServer, tmp_path: Path
) -> None:
    """The process ends within seconds, and leaves the question to the next start."""
    process = command(slow, tmp_path)
    os.kill(slow.pid, signal.SIGSTOP)
    try:
        started = time.monotonic()
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=15)
        assert time.monotonic() - started < 10
    finally:
        os.kill(slow.pid, signal.SIGCONT)
    assert process.returncode == 5
    assert job(tmp_path).word == "ended unseen"


def command(
    server: EmbeddedServer, home: Path, before: tuple[str, ...] = ()
) -> subprocess.Popen[str]:
    """A `moclone clone` that the server is busy with."""
    process = subprocess.Popen(
        [*before, sys.executable, "-m", "moclone_tui", "clone", "blog", "blog_copy"],
        env=os.environ | reach(server) | {"XDG_STATE_HOME": str(home / "state")},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    folder = home / "state" / "moclone"
    wait_until(
        lambda: folder.exists() and any(len(each.sent) > 1 for each in read(folder))
    )
    return process


def test_after_kill_9_the_next_start_says_what_became_of_it(
    open_terminal: Open, slow: EmbeddedServer, tmp_path: Path
) -> None:
    terminal = open_terminal(environ=reach(slow))
    cloning(terminal, tmp_path)
    terminal.signal(signal.SIGKILL)
    terminal.until_ended()
    again = open_terminal(environ=reach(slow), size=(120, 30))
    again.until_seen("the server still carries it out")
    again.until_seen("clone blog → blog_copy: rolled back")
    again.press("L")
    again.until_seen("clone blog → blog_copy  rolled back")
    again.press("q")
    assert again.until_ended(within=8) == 0
    assert "blog_copy" not in databases(slow)
    assert job(tmp_path).settled
    third = open_terminal(environ=reach(slow), size=(120, 30))
    third.until_seen("blog")
    third.press("L")
    third.until_seen("Nothing has happened yet")


def test_what_a_crashed_job_left_behind_is_dropped_by_the_next_start(
    open_terminal: Open,
    server: EmbeddedServer,
    client: Client,
    tmp_path: Path,
) -> None:
    """Only what the journal names: a stranger's object of such a name stays."""
    script = (
        "import os, sys\n"
        "from pathlib import Path\n"
        "from moclone_tui.api import Client\n"
        "from moclone_tui.cloning.identity import Object, look_up\n"
        "from moclone_tui.jobs.journal import Journal, Place\n"
        "host, port, password, folder = sys.argv[1:]\n"
        "place = Place(f'{host}:{port}', 'root')\n"
        "entry = Journal(Path(folder), place).begin('a', {})\n"
        "with Client(host, int(port), password=password) as client:\n"
        "    entry.seen('before', (), look_up(client, ()).clock)\n"
        "    entry.temporary(Object('snapshot', 'moclone_tmp_mine'))\n"
        "    client.execute('CREATE SNAPSHOT moclone_tmp_mine FOR DATABASE blog')\n"
        "os.kill(os.getpid(), 9)\n"
    )
    client.execute("CREATE SNAPSHOT moclone_tmp_theirs FOR DATABASE blog")
    where = (server.host, str(server.port), server.password)
    state = str(tmp_path / "state" / "moclone")
    subprocess.run([sys.executable, "-c", script, *where, state], check=False)
    terminal = open_terminal(environ=reach(server), size=(120, 30))
    terminal.until_seen("blog")
    terminal.press("L")
    terminal.until_seen("dropped 1 temporary object of jobs that crashed")
    names = {snapshot.name for snapshot in client.snapshots.list()}
    assert "moclone_tmp_theirs" in names
    assert "moclone_tmp_mine" not in names
    client.execute("DROP SNAPSHOT moclone_tmp_theirs")
    assert json.dumps(job(tmp_path).as_dict())
