"""Times as people write them."""

from __future__ import annotations

import datetime as dt
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moclone_tui import InvalidName
from moclone_tui.cloning.moments import parse_moment, read_moment
from moclone_tui.cloning.zones import LOCAL

NOW = dt.datetime(2026, 1, 31, 12, 0, 0, 500_000, tzinfo=dt.UTC)
NOON = 1_769_860_800 * 10**9


@pytest.mark.parametrize(
    ("text", "ns"),
    [
        ("2026-01-31T12:00:00Z", NOON),
        ("2026-01-31 12:00:00+00:00", NOON),
        (" 2026-01-31 13:00:00+01:00 ", NOON),
        ("2026-01-31T12:00:00.25Z", NOON + 250_000_000),
        ("1769860800", NOON),
        ("1769860800.5", NOON + 500_000_000),
        (str(NOON + 7), NOON + 7),
        ("10 minutes ago", NOON + 500_000_000 - 600 * 10**9),
        ("1 minute ago", NOON + 500_000_000 - 60 * 10**9),
        ("90s ago", NOON + 500_000_000 - 90 * 10**9),
        ("2 Hours ago", NOON + 500_000_000 - 7200 * 10**9),
        ("1 week ago", NOON + 500_000_000 - 7 * 86400 * 10**9),
        ("an hour and 5 minutes ago", NOON + 500_000_000 - 3900 * 10**9),
        ("1h 5min ago", NOON + 500_000_000 - 3900 * 10**9),
        ("just before 2026-01-31T12:00:00Z", NOON - 1),
        ("just before 10 minutes ago", NOON + 500_000_000 - 600 * 10**9 - 1),
        ("12:00 UTC", NOON),
        ("12:00Z", NOON),
        ("Just before 13:00 Berlin", NOON - 1),
        ("13:00 Europe/Berlin", NOON),
        ("today at 13:00:00.25 +01:00", NOON + 250_000_000),
        ("yesterday 18:00 Berlin", NOON - 19 * 3600 * 10**9),
        ("yesterday 18:00 in New York", NOON - 13 * 3600 * 10**9),
        ("31 Jan 07:00 UTC-5", NOON),
        ("31 december 12:00 UTC", NOON - 31 * 86400 * 10**9),
        ("31 dec 2025, 12:00 UTC", NOON - 31 * 86400 * 10**9),
        ("2026-01-31 UTC", NOON - 12 * 3600 * 10**9),
    ],
)
def test_a_time_is_read_to_the_nanosecond(text: str, ns: int) -> None:
    assert parse_moment(text, NOW).ns == ns


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2026-01-31T12:00:00", "no zone"),
        ("2026-01-31", "no zone"),
        ("2026-01-31T12:00:01Z", "in the future: at the server it is 2026-01-31 12:00"),
        ("1769860801", "in the future"),
        ("1960-01-01T00:00:00Z", "before 1970"),
        ("999999999 weeks ago", "not a time"),
        ("10 fortnights ago", "not a time"),
        ("yesterday", "not a time"),
        ("yesterday UTC", "not a time"),
        ("14:05", "no zone"),
        ("just before 11:00", "no zone"),
        ("23:50 UTC", "in the future"),
        ("25:00 UTC", "not a time"),
        ("30 feb 10:00 UTC", "not a time"),
        ("11:00 Atlantis", "Atlantis is not a time zone"),
        ("11:00 CEST", "CEST is not a time zone"),
        ("05:00 Eastern", "2 zones of the name Eastern"),
        ("11:00 +25:00", "more than a day"),
        ("2025-03-30 02:30 Berlin", "There was no 2025-03-30 02:30:00 in Europe/Be"),
        ("2025-10-26 02:30 Berlin", "was there twice: the clocks were put back"),
        ("12345", "not a time"),
        ("", "not a time"),
    ],
)
def test_what_is_no_past_time_is_refused_in_words(text: str, said: str) -> None:
    with pytest.raises(InvalidName, match=said):
        parse_moment(text, NOW)


@given(st.text())
def test_any_text_is_a_moment_or_refused(text: str) -> None:
    try:
        moment = parse_moment(text, NOW)
    except InvalidName:
        return
    assert 0 < moment.ns <= NOON + 500_000_000


@given(
    st.datetimes(
        dt.datetime(1971, 1, 1),  # noqa: DTZ001 the zone is drawn, too
        dt.datetime(2026, 1, 30),  # noqa: DTZ001
        timezones=st.timezones(),
    )
)
def test_a_written_time_is_the_time_that_is_read(moment: dt.datetime) -> None:
    assert parse_moment(moment.isoformat(), NOW).ns // 1000 == round(
        moment.timestamp() * 10**6
    )


def test_a_time_that_was_there_twice_is_told_by_its_offset() -> None:
    with pytest.raises(InvalidName) as refused:
        parse_moment("2025-10-26 02:30 Berlin", NOW)
    assert "02:30:00+02:00 or 02:30:00+01:00" in refused.value.remedy
    first = parse_moment("2025-10-26 02:30+02:00", NOW)
    second = parse_moment("2025-10-26 02:30+01:00", NOW)
    assert second.ns - first.ns == 3600 * 10**9


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("11:30", "2026-01-31 11:30:00 UTC · 30 min ago · no zone was written"),
        (
            "12:30 Lagos",
            "2026-01-31 11:30:00 UTC · 30 min ago · 2026-01-31 12:30:00 Africa/Lagos",
        ),
        ("just before 11:30 UTC", "just before 2026-01-31 11:30:00 UTC · 30 min ago"),
        ("10 minutes ago", "2026-01-31 11:50:00 UTC · 10 min ago"),
    ],
)
def test_a_time_is_said_back_with_what_was_assumed(text: str, words: str) -> None:
    assert read_moment(text, NOW, dt.UTC).words == words


def test_local_time_is_that_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "America/New_York")
    time.tzset()
    try:
        assert parse_moment("07:00 local", NOW).ns == NOON
        typed = read_moment("07:00", NOW, LOCAL)
        assert typed.words.endswith(
            "2026-01-31 07:00:00 local time · no zone was written"
        )
        with pytest.raises(InvalidName, match="There was no 2025-03-09 02:30:00"):
            parse_moment("2025-03-09 02:30 local", NOW)
    finally:
        monkeypatch.undo()
        time.tzset()
