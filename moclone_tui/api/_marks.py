"""The comment by which a statement of ours is known in the server's own history."""

from __future__ import annotations

import re

from moclone_tui.api import sql

_UNFIT = re.compile(r"[^\w.@-]")
_MAKES_VIEW = re.compile(r"(?:create|alter)\s(?:[^'\"`(]*\s)?view\s", re.IGNORECASE)
_MARK = re.compile(r"/\* moclone job=([\w.@-]+) user=([\w.@-]*) \*/ ?")


def mark(job: str, user: str) -> str:
    """`/* moclone job=… user=… */`; what could end the comment is replaced by `_`."""
    return f"/* moclone job={_UNFIT.sub('_', job)} user={_UNFIT.sub('_', user)} */"


def marked(statement: str, comment: str) -> str:
    """A statement with the comment in front.

    One that makes a view stays as it is: the server keeps what was sent as the view's
    definition, comment included.
    """
    if not comment or _MAKES_VIEW.match(statement, sql.after_comments(statement)):
        return statement
    return f"{comment} {statement}"


def read_mark(statement: str) -> tuple[str, str, str]:
    """The job, the user and the bare statement; the first two are "" without a mark."""
    found = _MARK.match(statement)
    if found is None:
        return "", "", statement
    return found[1], found[2], statement[found.end() :]
