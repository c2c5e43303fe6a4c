from __future__ import annotations

import threading
from typing import Any

from rich.cells import cell_len

from moclone_tui.tui.widgets.cells import Tone
from moclone_tui.tui.widgets.log import LogLine, LogPanel


def event(text: str, tone: Tone = "", *details: str) -> LogLine:
    return LogLine("12:04:07", ((text, tone),), details)


def events(count: int) -> list[LogLine]:
    return [event(f"event {at}") for at in range(count)]


async def written(app: Any, pilot: Any, lines: list[LogLine]) -> None:
    app.widget.write(lines)
    app.widget.drain()
    await pilot.pause()


def test_lines_are_shown_as_they_are(play: Any) -> None:
    async def scene(app: Any, pilot: Any) -> None:
        assert app.lines()[0].strip() == "Nothing yet"
        hostile = "[/x] 数据 \x1b[41m [@click=app.quit]x[/]"
        await written(app, pilot, [event(hostile, "bad")])
        assert app.lines()[0][2:] == "12:04:07 [/x] 数据 ␛[41m [@click=app.quit]x[/]"
        await written(app, pilot, [event("数" * 60)])
        strips = app.screen._compositor.render_strips()
        assert all(strip.cell_length == 80 for strip in strips)
        assert app.lines()[1].endswith("数…")

    play(LogPanel(empty="Nothing yet"), scene, size=(80, 6))


def test_how_something_ended_is_seen_however_long_its_name_is() -> None:
    head, name, end = "  0.2 s  #1 ", "clone " + "数据" * 40 + "  ", "verified: counts"
    line = LogLine("12:04:07", ((head, "muted"), (name, ""), (end, "good")))
    for width in (60, 71, 80):
        parts = line.fit(width)
        shown = "".join(text for text, _ in parts)
        assert cell_len(shown) <= width
        assert shown.startswith(head + "clone 数据")
        assert shown.endswith("…  " + end)
    assert line.fit(400) == list(line.segments)
    long = LogLine("12:04:07", ((head, ""), (name, ""), ("failed: " + "why " * 50, "")))
    shown = "".join(text for text, _ in long.fit(80))
    assert "clone 数据数据" in shown
    assert "failed: why why" in shown
    assert cell_len(shown) <= 80


def test_it_follows_its_end_unless_somebody_reads(play: Any) -> None:
    async def scene(app: Any, pilot: Any) -> None:
        log = app.widget
        await written(app, pilot, events(50))
        assert app.lines()[-1].endswith("event 49")
        await pilot.press("k")
        assert not log.following
        await written(app, pilot, [event("later")])
        assert app.lines()[-1].endswith("event 49")
        for key in ("G", "end"):
            await pilot.press("pageup", key)
            assert log.following
        assert app.lines()[-1].endswith("later")
        await written(app, pilot, [event("still later")])
        assert app.lines()[-1].endswith("still later")
        await pilot.press("g")
        assert app.lines()[0].endswith("event 0")

    play(LogPanel(), scene, size=(80, 10))


def test_the_wheel_stops_it_and_sets_it_going(play: Any) -> None:
    async def scene(app: Any, pilot: Any) -> None:
        log = app.widget
        await written(app, pilot, events(50))
        log.jump(10)
        await pilot.pause()
        assert not log.following
        log.jump(log.max_scroll_y)
        await pilot.pause()
        assert log.following

    play(LogPanel(), scene, size=(80, 10))


def test_it_keeps_so_many_lines_and_holds_still_when_old_ones_go(play: Any) -> None:
    async def scene(app: Any, pilot: Any) -> None:
        log = app.widget
        await written(app, pilot, events(100))
        await pilot.press("pageup", "pageup")
        before = app.lines()
        await written(app, pilot, [event(f"later {at}") for at in range(20)])
        assert len(log.lines) == 100
        assert app.lines() == before
        await written(app, pilot, [event("flood")] * 500)
        assert len(log.lines) == 100
        assert log.cursor >= 0
        await pilot.press("j", "G")

    play(LogPanel(kept=100), scene, size=(80, 10))


def test_enter_unfolds_and_folds(play: Any) -> None:
    words = "a long sentence of the server which does not fit into one line"
    failed = event("failed", "bad", words, "CREATE DATABASE\n`[/x]\x1b`")

    async def scene(app: Any, pilot: Any) -> None:
        await written(app, pilot, [event("one"), failed, event("three")])
        assert app.lines()[1].endswith("▼")
        await pilot.press("k", "enter")
        text = " ".join(" ".join(app.lines()).split())
        assert f"failed {words} CREATE DATABASE `[/x]␛` 12:04:07 three" in text
        assert not app.widget.following
        await pilot.press("j", "enter")
        assert app.lines()[2].endswith("three")
        assert app.lines()[1].startswith("▸ 12:04:07 failed")
        await pilot.press("enter")
        await pilot.resize_terminal(30, 12)
        await pilot.pause()
        assert words in " ".join(" ".join(app.lines()).split())

    play(LogPanel(), scene, size=(40, 12))


def test_a_line_that_was_cut_unfolds_too(play: Any) -> None:
    async def scene(app: Any, pilot: Any) -> None:
        await written(app, pilot, [event("word " * 12 + "end")])
        await pilot.press("enter")
        assert "word end" in "\n".join(app.lines())

    play(LogPanel(), scene, size=(40, 8))


def test_threads_write(play: Any) -> None:
    def work(log: LogPanel, number: int) -> None:
        for at in range(100):
            log.write([event(f"{number} {at}"), event(f"{number} {at} b")])

    async def scene(app: Any, pilot: Any) -> None:
        log = app.widget
        threads = [threading.Thread(target=work, args=(log, n)) for n in range(5)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        while len(log.lines) < 1000:
            await pilot.pause(0.01)
        mine = [line.text for line in log.lines if " 3 " in line.text[:12]]
        assert mine[:2] == ["12:04:07 3 0", "12:04:07 3 0 b"]
        assert len(mine) == 200

    app = play(LogPanel(), scene)
    told = [message for message in app.heard if isinstance(message, LogPanel.Written)]
    assert told[-1].last is app.widget.last_line


def test_last_line_and_clear(play: Any) -> None:
    async def scene(app: Any, pilot: Any) -> None:
        log = app.widget
        assert app.widget.last_line is None
        await pilot.press("enter", "j", "k", "G")
        log.write([event("one")])
        assert log.last_line is not None
        assert log.last_line.text == "12:04:07 one"
        await written(app, pilot, [event("two")])
        log.clear()
        await pilot.pause()
        assert (app.widget.last_line, app.widget.lines) == (None, ())

    play(LogPanel(), scene)
