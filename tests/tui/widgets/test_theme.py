from __future__ import annotations

import asyncio
from itertools import product

import pytest
from textual.app import App, ComposeResult
from textual.color import Color
from textual.theme import BUILTIN_THEMES, Theme

from moclone_tui.tui.theme import DARK, LIGHT, THEMES, appearance, variable_defaults
from moclone_tui.tui.widgets.table import Column, Row, TableList

TEXTS = (
    "foreground", "foreground-muted", "text-primary", "text-accent", "text-success",
    "text-warning", "text-error", "tone-muted", "tone-good", "tone-warn", "tone-bad",
    "tone-accent", "env-prod", "env-staging", "env-dev",
)  # fmt: skip
GROUNDS = ("background", "surface", "panel", "primary-muted")


def colours(theme: Theme) -> dict[str, str]:
    return theme.to_color_system().generate() | theme.variables


def contrast(text: str, ground: str) -> float:
    def light(colour: str) -> float:
        parts = [
            part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
            for part in Color.parse(colour).normalized
        ]
        return sum(a * b for a, b in zip(parts, (0.2126, 0.7152, 0.0722), strict=True))

    dark, bright = sorted((light(text), light(ground)))
    return (bright + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_every_text_stands_out_from_every_ground(theme: Theme) -> None:
    has = colours(theme)
    poor = {
        (text, ground): round(contrast(has[text], has[ground]), 2)
        for text, ground in product(TEXTS, GROUNDS)
        if contrast(has[text], has[ground]) < 4.5
    }
    assert not poor


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
@pytest.mark.parametrize("name", ["prod", "staging", "dev"])
def test_environments_stand_out(theme: Theme, name: str) -> None:
    has = colours(theme)
    assert contrast(has[f"env-{name}"], has[f"env-{name}-background"]) >= 4.5


def test_both_themes_and_the_defaults_have_the_same_variables() -> None:
    assert set(DARK.variables) == set(LIGHT.variables)
    own = {name for name in DARK.variables if name.startswith(("env-", "tone-"))}
    for theme in BUILTIN_THEMES.values():
        assert set(variable_defaults(theme)) == own


def test_no_color_is_drawn_natively() -> None:
    assert appearance(None, {}).theme == "moclone-dark"
    assert appearance("nord", {}).ansi_color is None
    plain = appearance("nord", {"NO_COLOR": "1"})
    assert (plain.theme, plain.ansi_color) == ("ansi-dark", True)
    assert appearance("ansi-light", {"NO_COLOR": "1"}).theme == "ansi-light"
    assert appearance(None, {"NO_COLOR": ""}).ansi_color is None


def test_without_colour_the_cursor_is_reversed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    chosen = appearance(None, {"NO_COLOR": "1"})

    class Plain(App[None]):
        def compose(self) -> ComposeResult:
            table = TableList([Column("name", "name", tone="good")])
            table.set_rows([Row(key, (key,)) for key in "ab"])
            yield table

    async def run() -> None:
        app = Plain(ansi_color=chosen.ansi_color)
        app.theme = chosen.theme
        async with app.run_test(size=(20, 5)) as pilot:
            await pilot.pause()
            lines = app.query_one(TableList).render_line
            assert all(part.style and part.style.reverse for part in lines(1))
            assert not any(part.style and part.style.reverse for part in lines(2))

    asyncio.run(run())
