"""What the journal says of what jobs made: whose it is for certain, and how long."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from moclone_tui import ConfigError
from moclone_tui.cloning.identity import Object
from moclone_tui.config import Profile, lifetime
from moclone_tui.jobs.journal import Entry, Journal, Place
from moclone_tui.jobs.keeping import Keep, Life, Made, made, named, write

HERE = Place("here", "root")
CLOCK = 1_000_000_000
COPY = Object("database", "shop_dev", id="7", created=CLOCK + 1)


def begun(folder: Path, keep: Keep, kind: str = "clone", **plan: Any) -> Entry:
    """A job that is about to copy shop to shop_dev."""
    targets = [{"type": "database", "name": "shop_dev", "source": "shop", **plan}]
    return Journal(folder, HERE).begin(
        "clone", {"kind": kind, "targets": targets, "keep": keep.as_dict()}
    )


def found(folder: Path) -> tuple[Made, ...]:
    """What the journal has."""
    return made(folder, HERE)


def test_a_copy_lives_from_when_it_was_made_on(tmp_path: Path) -> None:
    entry = begun(tmp_path, Keep(60, disposable=True))
    entry.seen("before", (), CLOCK)
    entry.seen("made", (COPY,))
    entry.write("end", state="done")
    (it,) = found(tmp_path)
    assert it.life == Life(CLOCK + 61, disposable=True)
    assert it.origin == "copy of shop"
    assert it.life.expired(CLOCK + 61)
    assert not it.life.expired(CLOCK + 60)


def test_the_newest_word_of_a_life_counts(tmp_path: Path) -> None:
    entry = begun(tmp_path, Keep(60))
    entry.seen("before", (), CLOCK)
    entry.seen("made", (COPY,))
    (it,) = found(tmp_path)
    write(it, Life(5))
    write(it, Life(protected=True))
    (it,) = found(tmp_path)
    assert it.life == Life(protected=True)
    assert not it.life.expired(CLOCK * 2)
    assert [named([it], name) for name in ("SHOP_DEV", "shop")] == [(it,), ()]
    assert named([it], "shop_dev", "snapshot") == ()


@pytest.mark.parametrize(
    ("before", "seen", "kind"),
    [
        ((COPY,), COPY, "clone"),
        ((), Object("database", "shop_dev", created=CLOCK), "clone"),
        ((), Object("database", "shop_dev", id="7", created=CLOCK - 60), "clone"),
        ((), Object("database", "shop_dev", id="7", created=CLOCK + 600), "clone"),
        ((), Object("database", "shop_dev", "acme", "7", CLOCK), "clone"),
        ((), COPY, "restore"),
        ((), COPY, "drop"),
    ],
    ids=[
        "it was there before",
        "it has no number",
        "it is older than the job",
        "it is younger than the job",
        "it is another account's",
        "it was restored",
        "it was made anew after a drop",
    ],
)
def test_what_a_job_did_not_surely_make_has_no_life(
    tmp_path: Path, before: tuple[Object, ...], seen: Object, kind: str
) -> None:
    entry = begun(tmp_path, Keep(60), kind, account=seen.account)
    entry.seen("before", before, CLOCK)
    entry.seen("made", (seen,))
    entry.write("end", state="done")
    assert found(tmp_path) == ()


def test_without_the_servers_clock_nothing_is_certain(tmp_path: Path) -> None:
    entry = begun(tmp_path, Keep(60))
    entry.seen("before", ())
    entry.seen("made", (COPY,))
    assert found(tmp_path) == ()


def test_a_job_without_a_word_of_it_keeps_for_ever(tmp_path: Path) -> None:
    """As those do that an older moclone wrote down."""
    targets = [{"type": "database", "name": "shop_dev", "source": "shop"}]
    entry = Journal(tmp_path, HERE).begin(
        "clone", {"kind": "clone", "targets": targets}
    )
    entry.seen("before", (), CLOCK)
    entry.seen("made", (COPY,))
    (it,) = found(tmp_path)
    assert it.life == Life()


def test_a_copy_that_is_made_again_lives_on_like_the_one_before(
    tmp_path: Path,
) -> None:
    """As by a reset, where nobody says how long; protected stays protected."""
    entry = begun(tmp_path, Keep(60))
    entry.seen("before", (), CLOCK)
    entry.seen("made", (COPY,))
    (it,) = found(tmp_path)
    write(it, Life(CLOCK + 61, protected=True))
    again = replace(COPY, id="8", created=CLOCK + 100)
    for other, ends in ((COPY, CLOCK + 700), (replace(COPY, id="6"), None)):
        entry = begun(tmp_path, Keep(600, default=True))
        entry.seen("before", (other,), CLOCK + 99)
        entry.seen("made", (again,))
        (it,) = found(tmp_path)
        assert it.object.id == "8"
        assert it.life == Life(ends, protected=ends is not None)


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("7 days", 604800),
        ("1d", 86400),
        ("12 h", 43200),
        ("2W", 1209600),
        ("1 hour", 3600),
        ("never", None),
        (" Never ", None),
    ],
)
def test_a_length_of_time_is_read(said: str, seconds: int | None) -> None:
    assert lifetime(said) == seconds


@pytest.mark.parametrize("said", ["", "soon", "0 days", "7", "-1d", "1.5d", "7 days!"])
def test_what_is_no_length_of_time_is_refused(said: str) -> None:
    with pytest.raises(ConfigError):
        lifetime(said)


def test_seven_days_but_for_ever_in_prod() -> None:
    assert Keep.of(Profile("p")) == Keep(604800, default=True)
    prod = Profile("p", environment="prod")
    assert Keep.of(prod) == Keep(None, default=True)
    assert Keep.of(prod, "1d", disposable=True) == Keep(86400, disposable=True)
    assert Keep.of(Profile("p", keep="never")).seconds is None
