"""The app's own colours: calm, one accent, text that stands out from what is behind it.

`moclone-dark` and `moclone-light` are made for the widgets here, and every other theme
of Textual works too. An environment has a word and a colour, never a colour alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from textual.theme import Theme

_DARK = {
    "foreground-muted": "#9aa3af",
    "foreground-disabled": "#7d8693",
    "text-muted": "#9aa3af",
    "text-primary": "#7cc4e8",
    "text-accent": "#7cc4e8",
    "text-success": "#86cf93",
    "text-warning": "#e6bd6a",
    "text-error": "#f19490",
    "primary-muted": "#1f3b4d",
    "border": "#4f93b5",
    "border-blurred": "#2b323c",
    "block-cursor-background": "#1f3b4d",
    "block-cursor-foreground": "#e6eaf0",
    "block-cursor-text-style": "bold",
    "input-selection-background": "#2f5f7c",
    "scrollbar": "#39424e",
    "scrollbar-hover": "#4f93b5",
    "scrollbar-active": "#7cc4e8",
    "scrollbar-background": "#14181e",
    "scrollbar-background-hover": "#14181e",
    "scrollbar-background-active": "#14181e",
    "scrollbar-corner-color": "#14181e",
    "footer-key-foreground": "#7cc4e8",
    "footer-description-foreground": "#9aa3af",
    "footer-background": "#1a1f27",
    "env-prod": "#f19490",
    "env-prod-background": "#5c1f22",
    "env-staging": "#e6bd6a",
    "env-staging-background": "#4a3709",
    "env-dev": "#86cf93",
    "env-dev-background": "#1d4026",
}
_LIGHT = {
    "foreground-muted": "#5a6472",
    "foreground-disabled": "#697380",
    "text-muted": "#5a6472",
    "text-primary": "#0b5f86",
    "text-accent": "#0b5f86",
    "text-success": "#1b6b2f",
    "text-warning": "#7d5300",
    "text-error": "#ad2323",
    "primary-muted": "#d3e7f2",
    "border": "#2f83ab",
    "border-blurred": "#d5dae1",
    "block-cursor-background": "#d3e7f2",
    "block-cursor-foreground": "#1c232c",
    "block-cursor-text-style": "bold",
    "input-selection-background": "#b3d6e8",
    "scrollbar": "#c3cad3",
    "scrollbar-hover": "#2f83ab",
    "scrollbar-active": "#0b5f86",
    "scrollbar-background": "#fbfbfa",
    "scrollbar-background-hover": "#fbfbfa",
    "scrollbar-background-active": "#fbfbfa",
    "scrollbar-corner-color": "#fbfbfa",
    "footer-key-foreground": "#0b5f86",
    "footer-description-foreground": "#5a6472",
    "footer-background": "#f0f1f2",
    "env-prod": "#ad2323",
    "env-prod-background": "#f8dcda",
    "env-staging": "#7d5300",
    "env-staging-background": "#f7e8c6",
    "env-dev": "#1b6b2f",
    "env-dev-background": "#d9efdd",
}
_TONES = {
    "tone-muted": "foreground-muted",
    "tone-good": "text-success",
    "tone-warn": "text-warning",
    "tone-bad": "text-error",
    "tone-accent": "text-accent",
}


def _with_tones(variables: dict[str, str]) -> dict[str, str]:
    return variables | {tone: variables[name] for tone, name in _TONES.items()}


DARK = Theme(
    name="moclone-dark",
    primary="#4f93b5",
    secondary="#4f93b5",
    accent="#4f93b5",
    success="#4d9a5c",
    warning="#c79a3e",
    error="#c9605c",
    foreground="#dfe4ea",
    background="#14181e",
    surface="#1a1f27",
    panel="#20262f",
    dark=True,
    variables=_with_tones(_DARK),
)
LIGHT = Theme(
    name="moclone-light",
    primary="#2f83ab",
    secondary="#2f83ab",
    accent="#2f83ab",
    success="#2c8544",
    warning="#b07a10",
    error="#c43c3c",
    foreground="#1c232c",
    background="#fbfbfa",
    surface="#f0f1f2",
    panel="#e6e9ec",
    dark=False,
    variables=_with_tones(_LIGHT),
)
THEMES = (DARK, LIGHT)
"""To be registered when the app starts."""


def variable_defaults(theme: Theme) -> dict[str, str]:
    """The `tone-…` and `env-…` variables for themes that have none.

    `App.get_theme_variable_defaults` returns `variable_defaults(self.current_theme)`.
    """
    generated = theme.to_color_system().generate() | theme.variables
    made = {tone: generated[name] for tone, name in _TONES.items()}
    environments = {"prod": "error", "staging": "warning", "dev": "success"}
    for environment, colour in environments.items():
        made[f"env-{environment}"] = generated[f"text-{colour}"]
        made[f"env-{environment}-background"] = generated[f"{colour}-muted"]
    return made


@dataclass(frozen=True, slots=True)
class Appearance:
    """How to start the app: `App(ansi_color=…)`, then `app.theme = …`."""

    theme: str
    ansi_color: bool | None


def appearance(wanted: str | None, environ: Mapping[str, str]) -> Appearance:
    """Choose a theme, heeding NO_COLOR.

    Without colours a theme of the terminal's own must be drawn natively: Textual 8.2
    otherwise paints it black on black.

    Args:
        wanted: The theme of the user's configuration, if any.
        environ: The environment, before the app takes NO_COLOR out of it.
    """
    if environ.get("NO_COLOR"):
        theme = wanted if wanted in ("ansi-dark", "ansi-light") else "ansi-dark"
        return Appearance(theme, ansi_color=True)
    return Appearance(wanted or DARK.name, ansi_color=None)
