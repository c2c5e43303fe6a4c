"""The entry point: no command opens the UI, a command runs without it.

Either one is imported when it is needed: `moclone --version` loads neither.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from moclone_tui.config import Config, Profile


def main(arguments: Sequence[str] | None = None) -> int:
    """Run moclone.

    Args:
        arguments: The command line; that of the process if None.

    Returns:
        The exit code, as the CLI documents it.
    """
    from moclone_tui.cli.main import parse, run

    options = parse(sys.argv[1:] if arguments is None else arguments)
    return run(options, _open_ui)


def _open_ui(
    config: Config, profile: Profile | None, demo: Sequence[str] | None
) -> int:
    from moclone_tui.tui.start import open_ui

    return open_ui(config, profile, demo)


if __name__ == "__main__":
    sys.exit(main())
