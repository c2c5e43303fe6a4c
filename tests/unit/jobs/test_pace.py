"""How far a job is: arithmetic on a watch that is turned by hand."""

from __future__ import annotations

import pytest

from moclone_tui.jobs.pace import Pace, bar


def after(*steps: float, total: int = 0, started: float = 100.0) -> Pace:
    """A job whose steps without an estimate took so many seconds, one after another."""
    pace, now = Pace(started).expect(total), started
    for took in steps:
        pace = pace.begin("step", None, now)
        now += took
        pace = pace.through(now)
    return pace


def estimated(*steps: tuple[float, float], total: int = 0) -> Pace:
    """A job whose steps were expected to take so long, and took so long."""
    pace, now = Pace(0.0).expect(total), 0.0
    for expected, took in steps:
        pace = pace.begin("step", expected, now)
        now += took
        pace = pace.through(now)
    return pace


def test_a_job_that_has_just_begun_knows_its_age_alone() -> None:
    pace = Pace(100.0)
    assert pace.elapsed(106.2) == pytest.approx(6.2)
    assert pace.rate(106.2) is None
    assert pace.left(106.2) is None
    assert pace.share(106.2) is None
    assert pace.words(106.2) == ("", "6.2 s", "", "")


def test_a_watch_that_is_behind_takes_nothing_back() -> None:
    assert Pace(100.0).elapsed(99.0) == 0.0


def test_steps_of_all_with_rate_and_time_left() -> None:
    pace = after(*[0.15] * 40, total=120)
    now = 100.0 + 40 * 0.15
    assert pace.share(now) == pytest.approx(1 / 3)
    assert pace.rate(now) == pytest.approx(1 / 0.15)
    assert pace.left(now) == pytest.approx(80 * 0.15)
    assert pace.words(now) == ("40/120 steps", "6.0 s", "6.7/s", "~12 s left")


def test_what_the_step_under_way_has_used_is_not_left_any_more() -> None:
    pace = after(2.0, 2.0, 2.0, total=5).begin("step", None, 106.0)
    assert pace.left(106.0) == pytest.approx(4.0)
    assert pace.left(107.5) == pytest.approx(2.5)


def test_slow_steps_have_a_time_each() -> None:
    pace = after(90.0, 90.0, 90.0, total=5)
    said = pace.words(370.0)
    assert said == ("3/5 steps", "4 m 30 s", "1 m 30 s a step", "~3 m 00 s left")


def test_a_step_that_takes_longer_than_the_others_raises_what_is_left() -> None:
    pace = after(1.0, 1.0, 1.0, total=5).begin("step", None, 103.0)
    assert pace.left(104.0) == pytest.approx(1.0)
    assert pace.left(110.0) == pytest.approx(2.5)
    assert pace.left(130.0) == pytest.approx(7.5)


def test_two_steps_say_nothing_of_the_others() -> None:
    assert after(1.0, 1.0, total=9).left(102.0) is None
    assert after(1.0, 1.0, 1.0, total=9).left(103.0) == pytest.approx(6.0)


def test_without_a_number_of_steps_nothing_is_said_of_the_end() -> None:
    pace = after(1.0, 1.0, 1.0)
    assert pace.share(103.0) is None
    assert pace.left(103.0) is None
    assert pace.words(103.0) == ("", "3.0 s", "", "")


def test_more_steps_than_were_expected_are_no_share_above_all() -> None:
    pace = after(1.0, 1.0, 1.0, total=2)
    assert pace.share(103.0) == 1.0
    assert pace.left(103.0) is None


def test_a_statement_that_is_most_of_the_job_has_a_bar_without_an_end() -> None:
    pace = after(0.04, total=4).begin("CREATE", 6.0, 100.04)
    assert pace.share(100.1) is None
    assert pace.words(103.0) == ("1/4 steps", "3.0 s", "", "about 6 s")
    assert pace.words(106.1) == ("1/4 steps", "6.1 s", "", "longer than expected")
    assert not pace.late(106.0)
    assert pace.left(103.0) is None
    through = pace.through(108.0)
    assert through.share(108.0) == 0.5
    assert not through.late(200.0)


def test_an_estimate_of_milliseconds_is_not_late_at_once() -> None:
    pace = after(0.1, total=4).begin("CREATE", 0.02, 100.1)
    assert not pace.late(101.0)
    assert pace.late(101.2)


def test_one_big_table_among_many_small_ones() -> None:
    """A bar of steps goes on, unless the one under way outlasts all the others."""
    small = estimated(*[(1.0, 1.0)] * 10, total=20)
    assert small.begin("big", 5.0, 10.0).share(10.0) == 0.5
    assert small.begin("huge", 50.0, 10.0).share(10.0) is None


def test_a_step_that_nobody_expected_to_take_long() -> None:
    pace = after(0.5, 0.5, total=4).begin("verify", None, 101.0)
    assert pace.share(102.4) == 0.5
    assert pace.share(102.6) is None
    first = Pace(0.0).expect(120).begin("check", None, 0.0)
    assert first.share(60.0) == 0.0


def test_estimates_are_corrected_by_how_good_they_were() -> None:
    pace = estimated((1.0, 2.0), (2.0, 4.0), (3.0, 6.0), total=5)
    pace = pace.begin("next", 4.0, 12.0)
    assert pace.left(13.0) == pytest.approx(7.0 + 4.0)
    assert not pace.late(19.9)
    assert pace.late(20.1)


def test_the_last_step_is_left_by_its_estimate() -> None:
    pace = Pace(0.0).expect(1).begin("CREATE", 6.0, 0.0)
    assert pace.left(2.0) == pytest.approx(4.0)
    assert pace.words(2.0) == ("0/1 steps", "2.0 s", "", "about 6 s")


def test_small_steps_say_nothing_of_the_time_of_big_ones() -> None:
    """Steps with and without an estimate have each their own mean."""
    pace = estimated((5.0, 5.0), (5.0, 5.0), (5.0, 5.0), total=6)
    pace = pace.begin("check", None, 15.0).through(15.1)
    assert pace.left(15.1) == pytest.approx(10.0)


@pytest.mark.parametrize(
    ("share", "painted"),
    [
        (0.0, "▁▁▁▁▁▁▁▁"),
        (0.5, "▇▇▇▇▁▁▁▁"),
        (0.99, "▇▇▇▇▇▇▇▁"),
        (1.0, "▇▇▇▇▇▇▇▇"),
    ],
)
def test_a_bar_is_full_only_at_the_end(share: float, painted: str) -> None:
    assert bar(share, 8) == painted


def test_a_bar_without_an_end_moves_and_comes_round() -> None:
    painted = [bar(None, 8, beat, signs=("#", "-")) for beat in range(8)]
    assert painted[:3] == ["##------", "-##-----", "--##----"]
    assert painted[7] == painted[0]
    assert {len(each) for each in painted} == {8}
    assert bar(None, 1, 5) == "▇"
