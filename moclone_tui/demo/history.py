"""Every catalog there ever was, by the time it was committed."""

import bisect
from typing import TYPE_CHECKING

from moclone_tui.demo.clock import Clock
from moclone_tui.demo.model import Catalog

if TYPE_CHECKING:
    from moclone_tui.demo.transactions import Transaction


class History:
    """Committed catalogs in order of time; looking back costs nothing.

    Attributes:
        open: The transactions that have not ended.
    """

    def __init__(self, clock: Clock) -> None:
        """Begin with nothing in it."""
        self._clock = clock
        self._times: list[int] = []
        self._catalogs: list[Catalog] = []
        self._empty = Catalog()
        self._last_tick = 0
        self.open: list[Transaction] = []

    @property
    def head(self) -> Catalog:
        """The catalog as it is now."""
        return self._catalogs[-1] if self._catalogs else self._empty

    def tick(self) -> int:
        """A moment later than every one given before."""
        self._last_tick = max(self._clock.now(), self._last_tick + 1)
        return self._last_tick

    def append(self, catalog: Catalog) -> None:
        """Make this the catalog from now on."""
        if catalog is not self.head:
            self._times.append(self.tick())
            self._catalogs.append(catalog)

    def at(self, moment: int) -> Catalog:
        """The catalog as it was then; one of the future is that of now."""
        index = bisect.bisect_right(self._times, moment)
        return self._catalogs[index - 1] if index else self._empty
