"""The roles that are to use a copy: whether they are there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from moclone_tui.api import PermissionDenied
from moclone_tui.api._connected import Connected
from moclone_tui.api.names import fold
from moclone_tui.cloning.preflight import Finding, Level, listed
from moclone_tui.config._checks import nearest

_ROLES = "SELECT role_name FROM mo_catalog.mo_role"


def judge(run: Connected, roles: Sequence[str]) -> Iterator[Finding]:
    """What speaks against giving rights to roles, in one round trip.

    Their case does not matter: the server keeps them in lower case.

    Raises:
        MocloneError: The server could not be asked.
    """
    if not roles:
        return
    try:
        there = {str(name) for (name,) in run.execute(_ROLES)}
    except PermissionDenied:
        what = "the role" if len(roles) == 1 else "the roles"
        words = f"not checked: {what} {listed(roles)}: no right to look"
        yield Finding(Level.WARNING, words)
        return
    for role in roles:
        if fold(role) not in there:
            yield Finding(
                Level.BLOCKER,
                f"there is no role {role}{nearest(role, there)}",
                "Name a role that is there, or make it first.",
                (role,),
            )
