"""`moclone keep` and `moclone reap` as a shell sees them."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest

from moclone_tui import Client
from moclone_tui.embedded import EmbeddedServer

from .shell import databases, moclone


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A journal of the test's own."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    return tmp_path / "moclone"


@pytest.fixture
def copy(server: EmbeddedServer, own_folder: Path) -> str:
    """A copy whose hour is over: the journal says that it ended long ago."""
    name = f"kept_{os.urandom(3).hex()}"
    ended = moclone(server, "clone", "blog", name, "--keep", "1h")
    assert ended.returncode == 0, ended.stderr
    (file,) = own_folder.iterdir()
    file.write_text(re.sub(r'"seconds": 3600', '"seconds": 0', file.read_text()))
    return name


def test_a_reap_says_what_it_would_drop_and_drops_it_if_told_to(
    server: EmbeddedServer, copy: str
) -> None:
    dry = moclone(server, "reap")
    assert dry.returncode == 0
    assert f"database {copy}: copy of blog" in dry.stdout
    assert f"DROP DATABASE `{copy}`" in dry.stdout
    assert "frees 0 B" in dry.stdout
    assert "1 of 1 expired can be dropped" in dry.stderr
    assert copy in databases(server)
    done = moclone(server, "reap", "--yes")
    assert done.returncode == 0, done.stderr
    assert f"dropped {copy}" in done.stdout
    assert copy not in databases(server)
    again = moclone(server, "reap", "--yes")
    assert again.stdout == ""
    assert "Nothing has expired" in again.stderr


def test_what_may_have_been_changed_stays_until_it_is_called_disposable(
    server: EmbeddedServer, copy: str
) -> None:
    with Client(server.host, server.port, password=server.password) as client:
        client.execute(f"UPDATE `{copy}`.authors SET name = 'x'")
    document = json.loads(moclone(server, "reap", "--yes", "--json").stdout)
    (found,) = document["expired"]
    assert document["outcome"] == []
    assert found["changed"] is None
    assert "not known" in found["why_not"][0]
    assert copy in databases(server)
    said = moclone(server, "keep", copy, "--disposable")
    assert "expired" in said.stdout
    assert "disposable" in said.stdout
    document = json.loads(moclone(server, "reap", "--yes", "--json").stdout)
    assert document["outcome"] == [f"dropped {copy}"]
    assert document["status"] == "done"
    assert copy not in databases(server)


def test_a_life_can_be_changed_and_listed(server: EmbeddedServer, copy: str) -> None:
    assert "protected" in moclone(server, "keep", copy, "--protect").stdout
    assert "Nothing has expired" in moclone(server, "reap", "--yes").stderr
    assert "no end" in moclone(server, "keep", copy, "--never", "--unprotect").stdout
    moclone(server, "keep", copy, "--for", "30d")
    listed = json.loads(moclone(server, "keep", "--json").stdout)["kept"]
    (found,) = (each for each in listed if each["name"] == copy)
    assert found["state"] == "kept"
    assert found["until"] is not None
    assert copy in moclone(server, "keep").stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("keep", "shop", "--for", "1d"), "nothing that moclone made"),
        (("keep", "--for", "1d"), "Which one is not said"),
        (("keep", "{copy}", "--for", "soon"), "a number of hours, days or weeks"),
        (("clone", "shop", "x", "--keep", "0d"), "a number of hours, days or weeks"),
        (("keep", "{copy}", "--for", "1d", "--never"), "not allowed with"),
    ],
)
def test_what_cannot_be_meant_is_refused(
    server: EmbeddedServer, copy: str, arguments: tuple[str, ...], said: str
) -> None:
    ended = moclone(server, *(each.format(copy=copy) for each in arguments))
    assert ended.returncode == 2
    assert said in ended.stderr
    assert "x" not in databases(server)


def test_a_copy_lives_as_long_as_the_profile_says(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    config = tmp_path / "config.toml"
    for name, line in (
        ("k_prod", 'environment = "prod"'),
        ("k_dev", 'environment = "dev"'),
        ("k_own", 'environment = "prod"\nkeep = "2 weeks"'),
    ):
        config.write_text(f"[profiles.p]\n{line}\n")
        made = moclone(
            server, "clone", "blog", name, "--config", str(config), "--profile", "p"
        )
        assert made.returncode == 0, made.stderr
    listed = json.loads(moclone(server, "keep", "--json").stdout)["kept"]
    lives = {each["name"]: each["until"] for each in listed}
    assert lives["k_prod"] is None
    assert lives["k_dev"] < lives["k_own"]


def test_what_is_shared_is_seen_from_another_machine(
    server: EmbeddedServer,
    copy: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shared = moclone(server, "keep", "--share")
    assert shared.returncode == 0, shared.stderr
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "elsewhere"))
    assert copy in moclone(server, "keep").stdout
    assert "protected" in moclone(server, "keep", copy, "--protect").stdout
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    reaped = moclone(server, "reap", "--yes")
    assert "journal and moclone.registry know" in reaped.stderr
    assert "protected" in moclone(server, "keep", copy).stdout
    assert copy in databases(server)
    with Client(server.host, server.port, password=server.password) as client:
        client.execute("DROP DATABASE moclone")


def test_a_read_only_profile_says_no_life_that_the_registry_would_not_know(
    server: EmbeddedServer, copy: str, tmp_path: Path
) -> None:
    assert moclone(server, "keep", "--share").returncode == 0
    config = tmp_path / "config.toml"
    config.write_text(
        f'[profiles.ro]\nhost = "{server.host}"\nport = {server.port}\n'
        f'password = "{server.password}"\nread_only = true\n'
    )
    config.chmod(0o600)
    wrong = moclone(
        server, "keep", copy, "--protect", "--config", str(config), "--profile", "ro"
    )
    assert "read-only: nothing is changed" in wrong.stderr
    assert wrong.returncode == 2
    listed = json.loads(moclone(server, "keep", copy, "--json").stdout)["kept"]
    assert [each["protected"] for each in listed] == [False]
    with Client(server.host, server.port, password=server.password) as client:
        client.execute("DROP DATABASE moclone")
