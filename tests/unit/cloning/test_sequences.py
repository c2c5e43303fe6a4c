"""What makes a sequence anew goes on where the source's would have."""

from __future__ import annotations

import pytest

from moclone_tui import TableName
from moclone_tui.cloning.sequences import create

MOST = 2**63 - 1


@pytest.mark.parametrize(
    ("state", "start", "cycles"),
    [
        ((5, 1, MOST, 2, 0, 0), 5, False),
        ((5, 1, MOST, 2, 0, 1), 7, False),
        ((-2, -5, -1, -1, 1, 1), -3, True),
        ((9, 1, 10, 2, 1, 1), 1, True),
        ((9, 1, 10, 2, 0, 1), 10, False),
        ((-5, -5, -1, -1, 1, 1), -1, True),
    ],
)
def test_the_next_value_is_the_sources(
    state: tuple[int, int, int, int, int, int], start: int, *, cycles: bool
) -> None:
    made = create(TableName("s", "d"), *state)
    assert f" START WITH {start}" in f"{made} "
    assert made.endswith(" CYCLE") is cycles
