"""Opens the UI on what the command line named."""

from __future__ import annotations

from collections.abc import Sequence

from moclone_tui.config import Config, Profile
from moclone_tui.tui.app import run
from moclone_tui.tui.desk import Target


def open_ui(config: Config, profile: Profile | None, demo: Sequence[str] | None) -> int:
    """Open the UI; gives the exit code.

    Args:
        config: Profiles and settings.
        profile: The server to connect to; None leaves the choice to the user.
        demo: The options of the demo's server, if it is to be the demo.
    """
    if demo is not None:
        target: Target | None = Target.start_demo(demo)
    else:
        target = None if profile is None else Target(profile)
    return run(config, target)
