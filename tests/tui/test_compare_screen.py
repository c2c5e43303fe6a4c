"""Compare: two sides, object by object; definitions, and rows when asked."""

from __future__ import annotations

from moclone_tui.config import Config
from moclone_tui.embedded import EmbeddedServer
from moclone_tui.tui.desk import Target
from moclone_tui.tui.screens.compare import CompareScreen
from moclone_tui.tui.screens.main import MainScreen
from moclone_tui.tui.screens.put_back import PutBackForm

from .support import NARROW, WIDE, User, assert_fit_to_show, client_of, play, profile_of


def prepare(sample: EmbeddedServer, made: str) -> str:
    """A database with a snapshot, and what was done to it since."""
    database = f"{made}d"
    with client_of(sample) as client:
        for statement in (
            "CREATE DATABASE @",
            "CREATE TABLE @.orders (id INT PRIMARY KEY, total INT)",
            "CREATE TABLE @.plain (id INT PRIMARY KEY)",
            "CREATE TABLE @.gone (id INT PRIMARY KEY)",
            "CREATE TABLE @.wider (id INT PRIMARY KEY)",
            "INSERT INTO @.orders VALUES (1, 10), (2, 20), (3, 30)",
            f"CREATE SNAPSHOT {made}s FOR DATABASE @",
            "DELETE FROM @.orders WHERE id = 1",
            "UPDATE @.orders SET total = 0 WHERE id = 2",
            "DROP TABLE @.gone",
            "CREATE TABLE @.late (id INT)",
            "ALTER TABLE @.wider ADD COLUMN note VARCHAR(9)",
        ):
            client.execute(statement.replace("@", database))
    return database


async def open_on(user: User, database: str) -> None:
    """Compare a database with its newest snapshot."""
    await user.press("r")
    await user.filter(database)
    await user.press("equals_sign")
    assert user.at(CompareScreen)
    await user.until_seen("only left 1, only right 1, altered 1")


def test_a_database_is_compared_with_its_newest_snapshot(
    sample: EmbeddedServer, target: Target, made: str
) -> None:
    database = prepare(sample, made)

    async def scene(user: User) -> None:
        await open_on(user, database)
        user.shows(f"as of {made}s", "rows differ 1")
        for name, state in (
            ("gone", "only left"),
            ("late", "only right"),
            ("wider", "altered"),
            ("orders", "rows differ"),
            ("plain", "same count"),
        ):
            assert state in user.line_with(f" {name} ")
        await user.filter("wider")
        await user.until_seen("What makes it is another", "CREATE TABLE `wider`")
        await user.press("tab", "G")
        await user.until_seen("`note` varchar(9)")
        assert_fit_to_show(user.app)

    for size in (NARROW, WIDE):
        play(scene, target, size=size)


def test_rows_are_compared_on_request_and_put_back_from_there(
    sample: EmbeddedServer, target: Target, made: str
) -> None:
    database = prepare(sample, made)

    async def scene(user: User) -> None:
        await open_on(user, database)
        await user.filter("orders")
        await user.until_seen("3 rows left, 2 right", "enter compares the rows")
        await user.press("enter")
        await user.until_seen("Rows: 1 updated, 1 deleted", "- id '1', total '10'")
        user.shows("~ id '2': total '20' → '0'")
        await user.press("u")
        assert user.at(PutBackForm)
        await user.until_seen("1 row comes back")
        await user.press("ctrl+s")
        assert user.at(MainScreen)
        await user.until_jobs_end()
        user.shows("verified: rows")

    play(scene, target, size=WIDE)
    with client_of(sample) as client:
        rows = sorted(client.execute(f"SELECT * FROM {database}.orders"))
    assert rows == [(1, 10), (2, 0), (3, 30)]


def test_two_marked_databases_are_compared_and_two_tables(
    sample: EmbeddedServer, target: Target, made: str
) -> None:
    database = prepare(sample, made)
    with client_of(sample) as client:
        client.execute(f"CREATE DATABASE {made}e CLONE {database}")
        client.execute(f"INSERT INTO {made}e.plain VALUES (1)")

    async def scene(user: User) -> None:
        await user.press("r")
        await user.filter(made)
        await user.press("g", "space", "j", "space", "equals_sign")
        await user.until_seen("rows differ 1, same count 3")
        await user.until(lambda: "0" in user.line_with("plain"), "counts")
        await user.press("u")
        await user.until_seen("one side is then, one now")
        await user.press("escape")
        assert user.at(MainScreen)

    play(scene, target, size=WIDE)


def test_what_cannot_be_compared_says_why(
    sample: EmbeddedServer, target: Target, made: str
) -> None:
    with client_of(sample) as client:
        for name in "abc":
            client.execute(f"CREATE DATABASE {made}{name}")

    async def scene(user: User) -> None:
        await user.press("r")
        await user.filter(made)
        await user.press("g", "space", "j", "space", "j", "space", "equals_sign")
        assert user.at(MainScreen)
        user.shows("Two are compared")
        await user.press("space", "k", "space", "equals_sign")
        await user.until_seen("as of")
        assert user.at(CompareScreen)

    play(scene, target, size=WIDE)


def test_a_read_only_profile_compares_and_puts_nothing_back(
    sample: EmbeddedServer, made: str
) -> None:
    database = prepare(sample, made)
    profile = profile_of(sample, read_only=True)

    async def scene(user: User) -> None:
        await open_on(user, database)
        await user.filter("orders")
        await user.press("u")
        user.shows("Putting back is off")
        assert user.at(CompareScreen)

    play(scene, Target(profile), config=Config(), size=WIDE)


def test_a_database_is_compared_with_that_of_another_profile(
    sample: EmbeddedServer, made: str
) -> None:
    database = prepare(sample, made)
    with EmbeddedServer(["--empty"]) as there:
        with client_of(there) as client:
            client.execute(f"CREATE DATABASE {database}")
            client.execute(f"CREATE TABLE {database}.plain (id INT PRIMARY KEY)")
        profiles = {
            "here": profile_of(sample),
            "there": profile_of(there, name="there"),
        }

        async def scene(user: User) -> None:
            await open_on(user, database)
            await user.press("shift+tab")
            await user.press("enter")
            await user.filter("there")
            await user.press("enter")
            await user.until_seen("only left 3, same count 1")
            await user.press("tab", "enter")
            user.shows("The rows of two servers cannot be compared")

        play(
            scene, Target(profiles["here"]), config=Config(profiles=profiles), size=WIDE
        )


def test_two_snapshots_are_compared(
    sample: EmbeddedServer, target: Target, made: str
) -> None:
    database = prepare(sample, made)
    with client_of(sample) as client:
        client.execute(f"CREATE SNAPSHOT {made}t FOR DATABASE {database}")
        client.execute(f"DROP DATABASE {database}")

    async def scene(user: User) -> None:
        await user.press("2", "slash")
        await user.paste(made)
        await user.press("enter", "g", "space", "j", "space", "equals_sign")
        assert user.at(CompareScreen)
        await user.until_seen("only left 1, only right 1, altered 1, rows differ 1")
        user.shows(f"as of {made}s", f"as of {made}t")

    play(scene, target, size=WIDE)
