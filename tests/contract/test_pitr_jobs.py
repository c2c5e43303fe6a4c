"""PITRs as jobs: made, changed and dropped, and looked at afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING

from moclone_tui import Client, PitrUnit, SnapshotLevel
from moclone_tui.jobs.model import JobState
from moclone_tui.jobs.pitr import ChangePitr, DropPitr, MakePitr

if TYPE_CHECKING:
    from tests.conftest import Names

    from .people import People
    from .running import Log


def test_a_pitr_is_made_changed_and_dropped(
    client: Client, people: People, log: Log, shop: str, names: Names
) -> None:
    name = names("week")
    made = log.run(
        MakePitr(name, SnapshotLevel.DATABASE, 7, PitrUnit.DAYS, database=shop)
    )
    assert made.state is JobState.DONE
    assert f"{shop} can be gone back to from 20" in made.text
    assert client.pitr.get(name).range == "7 days"
    changed = log.run(ChangePitr(name, 3, PitrUnit.HOURS))
    assert (changed.state, changed.text) == (JobState.DONE, "it reaches back 3 hours")
    dropped = log.run(DropPitr(name))
    assert (dropped.state, dropped.text) == (JobState.DONE, f"{name} is gone")
    assert not client.pitr.exists(name)


def test_a_second_one_of_an_object_fails_in_words(
    people: People, log: Log, shop: str, names: Names
) -> None:
    spec = MakePitr(names("one"), SnapshotLevel.TABLE, 1, PitrUnit.DAYS, shop, "orders")
    assert log.run(spec).state is JobState.DONE
    again = MakePitr(
        names("two"), SnapshotLevel.TABLE, 1, PitrUnit.DAYS, shop, "orders"
    )
    failed = log.run(again)
    assert failed.state is JobState.FAILED
    assert failed.error is not None
