"""Put back: rows that are gone and columns that were overwritten, shown first."""

from __future__ import annotations

from moclone_tui.embedded import EmbeddedServer
from moclone_tui.tui.desk import Target
from moclone_tui.tui.screens.confirm import ConfirmName
from moclone_tui.tui.screens.main import MainScreen
from moclone_tui.tui.screens.put_back import PutBackForm

from .support import (
    NARROW,
    WIDE,
    User,
    assert_fit_to_show,
    client_of,
    play,
    submit_off,
)


def prepare(sample: EmbeddedServer, made: str) -> str:
    """A table with a snapshot; rows are gone since, and a column was overwritten."""
    database = f"{made}d"
    values = ", ".join(f"({each}, {each}, '[/x] {each}')" for each in range(1, 41))
    with client_of(sample) as client:
        for statement in (
            "CREATE DATABASE @",
            "CREATE TABLE @.orders (id INT PRIMARY KEY, total INT, note VARCHAR(20))",
            f"INSERT INTO @.orders VALUES {values}",
            f"CREATE SNAPSHOT {made}s FOR DATABASE @",
            "DELETE FROM @.orders WHERE id <= 30",
            "UPDATE @.orders SET total = 0 WHERE id > 35",
            "INSERT INTO @.orders VALUES (99, 1, 'newer')",
        ):
            client.execute(statement.replace("@", database))
    return database


def totals(sample: EmbeddedServer, database: str) -> dict[int, int]:
    """What the table holds."""
    with client_of(sample) as client:
        rows = client.execute(f"SELECT id, total FROM {database}.orders").rows
    return {int(key): int(total) for key, total in rows}


async def open_at(user: User, database: str, snapshot: str) -> None:
    """Look at the snapshot, go to the table, open the form."""
    await user.press("2", "slash")
    await user.paste(snapshot)
    await user.press("enter", "enter")
    await user.until_seen(f"AS OF {snapshot}")
    await user.filter(database)
    await user.press("enter", "g", "u")
    assert user.at(PutBackForm), user.text


def test_rows_that_are_gone_come_back(
    sample: EmbeddedServer, target: Target, made: str
) -> None:
    database = prepare(sample, made)

    async def scene(user: User) -> None:
        await open_at(user, database, f"{made}s")
        await user.until_seen("30 rows come back; 11 are there now, 1 of them newer")
        user.shows("20 of 30 rows", "+ id '1', total '1', note '[/x] 1'")
        user.shows("5 rows have another total now: it is kept")
        user.shows("Put back 30 rows", "INSERT INTO")
        assert_fit_to_show(user.app)
        await user.press("ctrl+s")
        assert user.at(MainScreen)
        await user.until_jobs_end()
        user.shows("verified: rows")

    play(scene, target, size=WIDE)
    found = totals(sample, database)
    assert len(found) == 41
    assert found[40] == 0


def test_columns_are_marked_and_their_table_is_typed(
    sample: EmbeddedServer, target: Target, made: str
) -> None:
    database = prepare(sample, made)

    async def scene(user: User) -> None:
        await open_at(user, database, f"{made}s")
        await user.until_seen("rows come back")
        await user.press("right")
        await user.until_seen("total is overwritten with what it was in 5 rows")
        user.shows("~ id 36: total '0' → '36'", "Put back 5 values")
        await user.press("ctrl+s")
        assert user.at(ConfirmName)
        await user.press("enter")
        assert user.at(PutBackForm)  # the focus is on Cancel
        await user.press("ctrl+s", "tab")
        await user.type("orders")
        await user.press("enter")
        assert user.at(MainScreen)
        await user.until_jobs_end()

    play(scene, target, size=NARROW)
    found = totals(sample, database)
    assert (len(found), found[40], found[99]) == (11, 40, 1)


def test_both_can_be_unmarked_and_the_form_says_what_is_missing(
    sample: EmbeddedServer, target: Target, made: str
) -> None:
    database = prepare(sample, made)

    async def scene(user: User) -> None:
        await open_at(user, database, f"{made}s")
        await user.press("right", "right")
        await user.until_seen("Put back 30 rows and 5 values")
        await user.press("left")
        await user.until_seen("Put back 5 values")
        await user.press("tab", "g", "space")
        await user.until_seen("Mark the columns that come back")
        assert submit_off(user)
        await user.press("escape")
        assert user.at(MainScreen)

    play(scene, target, size=NARROW)


def test_without_a_moment_the_form_asks_for_one(
    sample: EmbeddedServer, target: Target, made: str
) -> None:
    database = prepare(sample, made)

    async def scene(user: User) -> None:
        await user.press("r")
        await user.filter(database)
        await user.press("u")
        user.shows("Rows are put back into a table: select one")
        await user.press("enter", "u")
        assert user.at(PutBackForm)
        user.shows("Choose the moment it was as it should be")
        assert submit_off(user)
        await user.press("enter", "slash")
        await user.paste(f"{made}s")
        await user.press("enter", "enter")
        await user.until_seen("30 rows come back")
        assert not submit_off(user)

    play(scene, target, size=WIDE)
