"""Opens the UI; refuses where a terminal cannot hold it."""

from __future__ import annotations

from moclone_tui.config import Config, Profile
from moclone_tui.tui.app import run
from moclone_tui.tui.desk import Target


def open_ui(config: Config, profile: Profile | None, *, demo: bool) -> int:
    """Open the UI on a profile, on the demo, or on the choice of a server."""
    if demo:
        target: Target | None = Target.start_demo()
    else:
        target = None if profile is None else Target(profile)
    return run(config, target)
