"""What commands print: data on stdout, narration on stderr."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

from moclone_tui import text

if TYPE_CHECKING:
    from moclone_tui.errors import MocloneError

SCHEMA = 1
"""The version of what `--json` prints."""


def data(words: str) -> None:
    """Print lines of data, fit to show."""
    for line in words.splitlines():
        print(text.safe(line))


def document(command: str, status: str, content: dict[str, object]) -> None:
    """Print one JSON document."""
    print(
        json.dumps(
            {"schema": SCHEMA, "command": command, "status": status} | content,
            ensure_ascii=False,
            indent=2,
        )
    )


def error(caught: MocloneError) -> None:
    """Tell what went wrong, and what to do."""
    print(f"moclone: error: {text.safe(str(caught))}", file=sys.stderr)
    if caught.remedy:
        print(f"  {text.safe(caught.remedy)}", file=sys.stderr)


def error_dict(caught: MocloneError | None) -> dict[str, object]:
    """An error as JSON has it."""
    if caught is None:
        return {}
    return {
        "error": {
            "cause": type(caught).__name__,
            "message": str(caught),
            "remedy": caught.remedy,
            "code": getattr(caught, "code", None),
        }
    }
