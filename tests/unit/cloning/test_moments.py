"""Times as people write them."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moclone_tui import InvalidName
from moclone_tui.cloning.moments import parse_moment

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
def test_a_written_time_is_the_time_that_is_read(time: dt.datetime) -> None:
    assert parse_moment(time.isoformat(), NOW).ns // 1000 == round(
        time.timestamp() * 10**6
    )
