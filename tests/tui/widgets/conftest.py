"""A stage for one widget: a tiny app, a scenario played on it, and what it shows."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from textual.app import App, ComposeResult
from textual.message import Message
from textual.pilot import Pilot
from textual.widget import Widget


class StageApp(App[None]):
    """Shows one widget and keeps every message."""

    def __init__(self, widget: Widget) -> None:
        super().__init__()
        self.widget = widget
        self.heard: list[Message] = []

    def compose(self) -> ComposeResult:
        yield self.widget

    def lines(self) -> list[str]:
        """What is on screen, as text."""
        return [
            strip.text.rstrip() for strip in self.screen._compositor.render_strips()
        ]


Scene = Callable[[StageApp, Pilot[None]], Awaitable[None]]
Play = Callable[..., StageApp]


@pytest.fixture
def play() -> Play:
    """Play a scene with a widget on screen."""

    def _play(widget: Widget, scene: Scene, *, size: tuple[int, int] = (80, 24)) -> Any:
        app = StageApp(widget)

        async def run() -> None:
            async with app.run_test(size=size, message_hook=app.heard.append) as pilot:
                await pilot.pause()
                await scene(app, pilot)

        asyncio.run(run())
        return app

    return _play
