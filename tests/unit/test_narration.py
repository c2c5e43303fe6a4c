"""What the command line tells of a job that runs: lines, and one that changes."""

from __future__ import annotations

import datetime as dt
import io

import pytest

from moclone_tui.cli.narration import Narrator
from moclone_tui.jobs.model import JobEvent, JobState
from moclone_tui.jobs.pace import Pace

MOMENT = dt.datetime(2026, 1, 2, 12, 4, 7, tzinfo=dt.UTC)
ANEW = "\r\x1b[K"


class Stream(io.StringIO):
    """A stream that may be a terminal."""

    def __init__(self, *, terminal: bool = True, encoding: str = "utf-8") -> None:
        super().__init__()
        self._terminal = terminal
        self._encoding = encoding

    @property
    def encoding(self) -> str:  # type: ignore[override]
        return self._encoding

    def isatty(self) -> bool:
        return self._terminal


def event(text: str, pace: Pace | None, state: JobState = JobState.RUNNING) -> JobEvent:
    return JobEvent(1, "clone shop → shop_dev", MOMENT, state, text, pace=pace)


PACE = Pace(0.0).expect(4).begin("check", None, 0.0).through(2.0)


@pytest.fixture(autouse=True)
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")


def told(stream: Stream, *events: JobEvent, now: float = 4.0) -> Narrator:
    narrator = Narrator(stream, lambda: now)
    for each in events:
        narrator.hear(each)
    return narrator


def test_lines_and_below_them_how_far_it_is() -> None:
    stream = Stream()
    narrator = told(stream, event("queued", None), event("started", PACE))
    line, live = stream.getvalue().split("\n")
    assert line == f"{ANEW}12:04:07          started"
    assert live.startswith(f"{ANEW}clone shop → shop_dev  ")
    assert live.endswith("1/4 steps  4.0 s  ▇▇▇▁▁▁▁▁▁▁▁▁")
    assert len(live) - len(ANEW) == 77
    narrator.beat()
    assert stream.getvalue().split("\n")[1] == live * 2
    narrator.close()
    assert stream.getvalue().endswith(ANEW)


def test_the_step_under_way_is_said_as_it_fits() -> None:
    stream = Stream()
    pace = PACE.begin("CREATE DATABASE `shop_dev` CLONE `shop`", 6.0, 2.0)
    narrator = told(stream, event("", pace))
    assert stream.getvalue() == "", "a step that begins is no line"
    narrator.beat()
    live = stream.getvalue()
    assert live.startswith(
        f"{ANEW}CREATE DATABASE `shop_dev` CLONE …  1/4 steps  4.0 s  "
    )
    assert "  about 6 s  " in live
    assert live.count("▇") == 3
    assert len(live) - len(ANEW) == 77


def test_the_end_is_the_last_line() -> None:
    stream = Stream()
    told(stream, event("started", PACE), event("well", PACE, JobState.DONE)).close()
    assert stream.getvalue().endswith(f"{ANEW}12:04:07          well\n")


def test_a_job_that_is_cancelled_says_so() -> None:
    stream = Stream()
    told(stream, event("cancelling", PACE, JobState.CANCELLING))
    live = stream.getvalue().split("\n")[1]
    assert live.endswith("  1/4 steps  4.0 s  cancelling")


@pytest.mark.parametrize(
    ("stream", "term"),
    [
        (Stream(terminal=False), "xterm"),
        (Stream(), "dumb"),
        (Stream(encoding="ascii"), "xterm"),
    ],
)
def test_lines_alone_where_none_can_be_written_anew(
    stream: Stream, term: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", term)
    narrator = told(stream, event("started", PACE), event("", PACE))
    narrator.beat()
    narrator.close()
    assert stream.getvalue() == "12:04:07          started\n"


def test_no_name_reaches_the_terminal_as_it_is() -> None:
    stream = Stream()
    pace = PACE.begin("DROP `\x1b[31m`", None, 2.0)
    hostile = JobEvent(
        1, "a\x1b]0;x\x07", MOMENT, JobState.RUNNING, "b\x1bc", pace=pace
    )
    told(stream, hostile)
    shown = stream.getvalue().replace(ANEW, "")
    assert "\x1b" not in shown
    assert "␛" in shown


def test_nobody_who_listens_is_no_error() -> None:
    class Closed(Stream):
        def write(self, _: str) -> int:
            raise BrokenPipeError

    told(Closed(), event("started", PACE)).close()
