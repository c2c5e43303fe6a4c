"""A field that says how long something is kept: `7 days ▾`."""

from __future__ import annotations

from moclone_tui.config import Profile
from moclone_tui.jobs.keeping import Keep
from moclone_tui.text import plural
from moclone_tui.tui.widgets.cells import Column, Row
from moclone_tui.tui.widgets.choice import Choice

SPANS = ("1 day", "7 days", "30 days", "never")
_DISPOSABLE = "even if it was changed"
COLUMNS = (
    Column("span", "keep", min=10, search=True),
    Column("how", "", width=44, tone="muted"),
)


def span_rows() -> list[Row]:
    """How long something can be kept, to pick from."""
    return [Row(span, (span, "")) for span in SPANS]


class KeepChoice(Choice):
    """How long what is made is kept; as the profile says, unless something is picked.

    Args:
        profile: Where it is made.
        copies: Whether it is a copy, which can be changed, and be disposable.
    """

    def __init__(self, profile: Profile, *, copies: bool) -> None:
        super().__init__("Keep", COLUMNS, id="keep")
        self._profile = profile
        self._copies = copies

    def on_mount(self) -> None:
        rows: list[Row] = []
        for span in SPANS:
            how = "moclone reap drops it then, if it was not changed"
            if span == "never" or not self._copies:
                how = "it stays until somebody drops it" if span == "never" else ""
            rows.append(Row((span, False), (span, how)))
            if self._copies and span != "never":
                how = f"moclone reap drops it then, {_DISPOSABLE}"
                rows.append(Row((span, True), (f"{span}, disposable", how)))
        self.offer(rows, lambda _: self._shown)

    @property
    def keep(self) -> Keep:
        """What is picked."""
        if not isinstance(self.value, tuple):
            return Keep.of(self._profile)
        span, disposable = self.value
        return Keep.of(self._profile, str(span), disposable=bool(disposable))

    @property
    def _shown(self) -> str:
        if isinstance(self.value, tuple):
            span, disposable = self.value
            return f"{span}, disposable" if disposable else str(span)
        if self._profile.lifetime is None:
            return "never"
        return span_of(self._profile.lifetime)


def span_of(seconds: int) -> str:
    """A length of time: `7 days`, `12 hours`."""
    days, rest = divmod(seconds, 86400)
    return plural(seconds // 3600, "hour") if rest else plural(days, "day")
