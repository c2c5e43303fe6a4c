"""The detail's tabs: what each shows of a table, a view and a database, and when."""

from __future__ import annotations

import pytest

from moclone_tui.embedded import EmbeddedServer
from moclone_tui.tui.desk import Target
from moclone_tui.tui.screens.dialog import TextScreen
from moclone_tui.tui.widgets.table import TableList

from .servers import Proxy
from .support import WIDE, User, assert_fit_to_show, client_of, play, profile_of

TABS = ("overview", "columns", "indexes", "ddl", "rows", "changes", "lineage")


async def _tab(user: User, name: str) -> None:
    """Go to a tab from the first one."""
    await user.press(*["right_square_bracket"] * TABS.index(name))


async def _object(user: User, database: str, name: str) -> None:
    await user.filter(database)
    await user.press("tab")
    await user.filter(name)


def _rows(user: User) -> TableList:
    return user.app.screen.query_one("#rows TableList", TableList)


@pytest.fixture
def awkward(sample: EmbeddedServer, made: str) -> str:
    """A database with values that are hard to show, as it was and as it is."""
    database = f"{made}odd"
    with client_of(sample) as client:
        client.execute(f"CREATE DATABASE {database}")
        client.execute(
            f"CREATE TABLE {database}.t (id INT PRIMARY KEY, v VARCHAR(999), b BLOB)"
        )
        client.execute(
            f"INSERT INTO {database}.t VALUES (1, NULL, NULL), (2, '', x'00ff1b'),"
            f" (3, 'NULL', x'61'), (4, '[/x]\x1b[31m', NULL), (5, %s, NULL)",
            ("long " * 150,),
        )
        client.execute(f"CREATE SNAPSHOT {made}snap FOR DATABASE {database}")
        client.execute(f"DELETE FROM {database}.t WHERE id = 3")
        client.execute(f"UPDATE {database}.t SET v = 'other' WHERE id = 2")
        client.execute(f"INSERT INTO {database}.t VALUES (6, 'new', NULL)")
    return database


def test_rows_show_null_bytes_and_texts_as_what_they_are(
    target: Target, awkward: str
) -> None:
    async def scene(user: User) -> None:
        await _object(user, awkward, "t")
        await _tab(user, "rows")
        user.shows("5 rows, in the order of id", "0x00FF1B", "[/x]␛[31m")
        assert "NULL" in user.line_with("▸    1")
        assert_fit_to_show(user.app)
        await user.press("enter", "G", "k", "enter")
        assert user.at(TextScreen)
        await user.press("escape")
        assert _rows(user).cursor == 3

    play(scene, target, size=WIDE)


def test_a_long_value_is_cut_and_shown_whole_on_enter(
    target: Target, awkward: str
) -> None:
    async def scene(user: User) -> None:
        await _object(user, awkward, "t")
        await _tab(user, "rows")
        await user.press("enter", "j", "j", "j", "enter")
        assert user.at(TextScreen)
        assert user.text.count("long") > 100
        user.shows("id 5")

    play(scene, target, size=WIDE)


def test_a_page_follows_where_the_list_ends(target: Target) -> None:
    async def scene(user: User) -> None:
        await _object(user, "shop !dev", "products")
        await _tab(user, "rows")
        user.shows("120 rows, in the order of")
        await user.press("escape")
        await user.filter("customers")
        user.shows("the first 200 rows", "more below")
        await user.press("enter", "G")
        user.shows("the first 400 rows")
        await user.press("G")
        user.shows("the first 600 rows")
        assert _rows(user).row((599,)) is not None
        await user.press("g")
        user.shows("Tara Novak")

    play(scene, target, size=WIDE)


def test_changes_are_counted_first_and_shown_on_enter(
    target: Target, awkward: str, made: str
) -> None:
    async def scene(user: User) -> None:
        await user.filter(awkward)
        await _tab(user, "changes")
        await user.until_seen("as many rows as then")
        await user.press("tab")
        await user.until_seen("1 inserted, 1 updated, 1 deleted")
        user.shows(f"{made}snap", "rows differ")
        await user.press("enter", "enter")
        await user.until(lambda: user.at(TextScreen), "the rows")
        user.shows("+ id '6'", "- id '3'", "~ id '2': v '' → 'other'")

    play(scene, target, size=WIDE)


def test_changes_since_another_moment(target: Target, awkward: str, made: str) -> None:
    async def scene(user: User) -> None:
        await _object(user, awkward, "t")
        await _tab(user, "changes")
        await user.until_seen("1 inserted")
        await user.press("tab", "enter")
        user.shows("Look as of", f"{made}snap")
        await user.press("escape")
        user.shows("1 inserted")

    play(scene, target, size=WIDE)


def test_lineage_says_who_says_so(target: Target) -> None:
    async def scene(user: User) -> None:
        await user.filter("shop_dev")
        await _tab(user, "lineage")
        await user.until_seen("rel_createsql", "clone of shop as of shop_before_sale")

    play(scene, target, size=WIDE)


def test_a_dead_pitr_is_told_in_red(sample: EmbeddedServer, made: str) -> None:
    database, pitr = f"{made}d", f"{made}pitr"
    with client_of(sample) as client:
        client.execute(f"CREATE DATABASE {database}")
        client.execute(f"CREATE PITR {pitr} FOR DATABASE {database} RANGE 7 'd'")
        client.execute(f"DROP DATABASE {database}")
        client.execute(f"CREATE DATABASE {database}")

    async def scene(user: User) -> None:
        await user.filter(database)
        await user.until_seen("recoverable", "server history", f"{pitr} is dead")
        strips = user.app.screen._compositor.render_strips()
        (red,) = [
            segment.style.color
            for strip in strips
            for segment in strip
            if f"{pitr} is dead" in segment.text and segment.style
        ]
        assert red is not None
        colour = red.get_truecolor()
        assert colour.red > colour.blue

    try:
        play(scene, Target(profile_of(sample)), size=WIDE)
    finally:
        with client_of(sample) as client:
            client.execute(f"DROP PITR {pitr}")


def test_nothing_is_read_of_a_tab_that_nobody_sees(
    sample: EmbeddedServer, proxy: Proxy
) -> None:
    async def scene(user: User) -> None:
        await _object(user, "shop !dev", "orders !big")
        sent = "".join(map(str, proxy.statements))
        assert "SHOW CREATE" not in sent
        assert "SHOW INDEX" not in sent
        await user.press("enter")
        sent = "".join(map(str, proxy.statements))
        assert "SHOW INDEX" in sent
        assert "SHOW CREATE" not in sent
        await _tab(user, "ddl")
        assert "SHOW CREATE" in "".join(map(str, proxy.statements))

    play(scene, Target(profile_of(sample, port=proxy.port)))


def test_sql_is_copied_from_what_is_shown(target: Target) -> None:
    async def scene(user: User) -> None:
        await user.filter("shop !dev")
        await user.press("Y")
        user.shows("Go to an object")
        await user.press("tab")
        await user.filter("orders !big")
        await user.press("Y")
        assert user.app.clipboard == "SHOW CREATE TABLE `shop`.`orders`"
        await _tab(user, "ddl")
        await user.press("Y")
        assert user.app.clipboard.startswith("CREATE TABLE `orders` (")
        await user.press("right_square_bracket")
        await user.press("Y")
        assert "ORDER BY `id` LIMIT" in user.app.clipboard
        await user.press("y")
        assert user.app.clipboard == "`shop`.`orders`"

    play(scene, target, size=WIDE)


def test_a_view_and_a_sequence_say_what_they_have_not(target: Target) -> None:
    async def scene(user: User) -> None:
        await _object(user, "shop !dev", "ticket")
        await _tab(user, "columns")
        user.shows("A sequence has no columns")
        await user.press("escape")
        await user.filter("sales_by_city")
        await user.press("right_square_bracket")
        user.shows("A view has no indexes")
        await user.press("right_square_bracket")
        user.shows("create view")
        await user.press("right_square_bracket")
        user.shows("as the server has them")

    play(scene, target, size=WIDE)
