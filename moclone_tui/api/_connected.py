"""What a client and a session have in common: statements, and the managers on top."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from moclone_tui.api._driver import Result
    from moclone_tui.api.capabilities import Capabilities
    from moclone_tui.api.clone import CloneManager
    from moclone_tui.api.metadata import MetadataManager
    from moclone_tui.api.pitr import PitrManager
    from moclone_tui.api.restore import RestoreManager
    from moclone_tui.api.snapshots import SnapshotManager

Params = Sequence[Any] | Mapping[str, Any]


class Executor(Protocol):
    """Anything that can send one statement, as a session of another library."""

    def execute(self, sql: str, /) -> Any:
        """Send one statement."""


class Connected(ABC):
    """Something that sends statements over a connection of ours."""

    wrote = False
    """Whether its transaction may have changed rows that a clone would not see."""

    @abstractmethod
    def execute(self, sql: str, params: Params | None = None) -> Result:
        """Send one statement and read its answer."""

    @property
    @abstractmethod
    def capabilities(self) -> Capabilities:
        """What the server at hand can do."""

    @property
    @abstractmethod
    def in_transaction(self) -> bool:
        """Whether statements belong to a transaction that ends later."""

    @abstractmethod
    def note_failure(self, error: Exception) -> None:
        """Hear that a change failed which belongs to something larger."""

    @cached_property
    def clone(self) -> CloneManager:
        """Clones databases and tables."""
        from moclone_tui.api.clone import CloneManager

        return CloneManager(self)

    @cached_property
    def snapshots(self) -> SnapshotManager:
        """Takes, lists and drops snapshots."""
        from moclone_tui.api.snapshots import SnapshotManager

        return SnapshotManager(self)

    @cached_property
    def restore(self) -> RestoreManager:
        """Puts databases, tables and accounts back to a snapshot."""
        from moclone_tui.api.restore import RestoreManager

        return RestoreManager(self)

    @cached_property
    def pitr(self) -> PitrManager:
        """Keeps windows of time that can be gone back to, and goes back."""
        from moclone_tui.api.pitr import PitrManager

        return PitrManager(self)

    @cached_property
    def metadata(self) -> MetadataManager:
        """Lists databases, tables, columns, indexes and DDL."""
        from moclone_tui.api.metadata import MetadataManager

        return MetadataManager(self)
