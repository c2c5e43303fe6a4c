"""What a server can do, by its version: the one place that knows."""

from __future__ import annotations

import re
from dataclasses import dataclass

from moclone_tui.errors import NotSupported
from moclone_tui.text import safe

_SINCE: dict[str, tuple[tuple[int, int, int], str]] = {
    "clone": ((3, 0, 0), "CREATE … CLONE"),
    "snapshot_kind": ((4, 0, 0), "telling the server's own snapshots apart"),
    "restore": ((2, 0, 0), "RESTORE"),
    "pitr": ((2, 0, 0), "PITR"),
    "restore_in_place": ((4, 0, 0), "RESTORE … {SNAPSHOT = …}"),
    "logical_ids": ((4, 2, 0), "an identity of tables that outlives TRUNCATE"),
    "clone_keeps_partitions": ((4, 0, 0), "a clone that keeps partitions"),
    # 3.0.18 answers every clone inside BEGIN with success, also one that failed.
    "clone_errors_in_transaction": ((4, 2, 0), "an honest answer to a clone in BEGIN"),
    "clone_what_was_written": ((4, 2, 0), "a table clone of what BEGIN wrote"),
    "shows_own_updates": ((4, 2, 0), "a true view of large updates before COMMIT"),
    # 3.0.18 takes a row for updated that was overwritten with what it was.
    "diff_by_value": ((4, 2, 0), "DATA BRANCH DIFF by value"),
    "sets_as_text": ((4, 2, 0), "the values of a SET column as text"),
    # 3.0.18 makes an empty copy of what its own transaction has dropped.
    "clone_what_was_dropped": ((4, 2, 0), "a clone of what was dropped in BEGIN"),
}


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What the server at hand can do.

    Args:
        greeting: The version as the server gives it: `8.0.30-MatrixOne-v4.2.0`.
    """

    greeting: str

    @property
    def version(self) -> tuple[int, int, int] | None:
        """MatrixOne's version as three numbers; None if it does not say one."""
        found = re.search(r"MatrixOne-v?(\d+)\.(\d+)\.(\d+)", self.greeting)
        if found is None:
            return None
        major, minor, patch = found.groups()
        return int(major), int(minor), int(patch)

    @property
    def is_matrixone(self) -> bool:
        """Whether the server calls itself MatrixOne."""
        return "MatrixOne" in self.greeting

    @property
    def shown(self) -> str:
        """The version in words: `MatrixOne 4.2.0`."""
        if self.version is None:
            return safe(self.greeting)
        return "MatrixOne " + ".".join(map(str, self.version))

    def missing(self, feature: str) -> str | None:
        """Why a feature is not to be had here, in words; None if it is.

        A server whose version cannot be read is taken to be current: it will say
        itself what it does not know.
        """
        since, what = _SINCE[feature]
        if not self.is_matrixone:
            return f"{what} needs MatrixOne; this server is {safe(self.greeting)}."
        if self.version is not None and self.version < since:
            needed = ".".join(map(str, since))
            return f"{what} needs MatrixOne {needed}; this server is {self.shown}."
        return None

    def has(self, feature: str) -> bool:
        """Whether the server has a feature."""
        return self.missing(feature) is None

    def require(self, feature: str) -> None:
        """Raise what `missing` says.

        Raises:
            NotSupported: With the found and the needed version.
        """
        if reason := self.missing(feature):
            raise NotSupported(reason)
