"""Whatever a thing is called: it is copied, verified and dropped, or refused unsent."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from moclone_tui import Client, InvalidName, MocloneError, Moment, TableName
from moclone_tui.cloning.request import IfExists, Mode, Pair, Request
from moclone_tui.text import safe
from tests.tui.servers import Proxy

if TYPE_CHECKING:
    from tests.conftest import Names, Server

EXAMPLES = {"embedded": 30, "real": 6}
TRIED = "aZ0éßñΣЖ日한ع-._$#@%;:/[](){}+=~^|?*<>,!&"
"""What a real server was seen to drop again; nothing else is tried there."""
UNSEEN = "\0\t\n\x07\x1b\x7f\x85\u200b\u200e\u202e\u2028\u2066\ufeff"
QUOTED = re.compile(
    r"`(?:[^`]|``)*`|'(?:[^'\\]|\\.|'')*'|\"(?:[^\"\\]|\\.|\"\")*\"", re.DOTALL
)
SQL = (
    "x`; DROP DATABASE {0}; -- ",
    "x``; DROP DATABASE {0}; -- ",
    "x'; DROP DATABASE {0}; -- ",
    "x\\'; DROP DATABASE {0}; -- ",
    'x"; DROP DATABASE {0}; -- ',
    "x` CLONE {0} {{MO_TS = 1}} -- ",
    "x.{0}`.`y",
    "x'}}; DROP DATABASE {0} -- ",
    "%s%(a)s{0}",
    "*/ DROP DATABASE {0} /*",
)
"""Names that are more than names, if they are not quoted."""


def printable(also: str = "", without: str = "") -> st.SearchStrategy[str]:
    """Text of any script that can be seen, spaces left out."""
    return st.text(
        st.characters(
            exclude_categories=["C", "Z"], include_characters=also,
            exclude_characters=without,
        ),
        max_size=12,
    )  # fmt: skip


class Wire:
    """A client, and what it sends."""

    def __init__(self, client: Client, proxy: Proxy, names: Names) -> None:
        self.client = client
        self._proxy = proxy
        self._prefix = names.prefix

    @property
    def sent(self) -> int:
        return len(self._proxy.statements)

    def bare(self) -> list[str]:
        """The statements that hold a name of this test outside of quotes."""
        return [
            each
            for each in self._proxy.statements
            if self._prefix in QUOTED.sub("?", each).lower()
        ]

    def copy(self, request: Request) -> str:
        """Carry a request out; gives the word for it."""
        plan = self.client.clone.plan(request)
        assert plan.blockers == (), plan.as_text()
        return self.client.clone.run(plan).word


@pytest.fixture
def wire(server: Server, names: Names) -> Iterator[Wire]:
    proxy = Proxy(server.port)
    with server.client(port=proxy.port) as client:
        made = Wire(client, proxy, names)
        yield made
    proxy.close()
    assert made.bare() == []


def hold(
    server: Server, check: Callable[[str], None], text: st.SearchStrategy[str]
) -> None:
    """Insist on a property of many names, the same ones every time."""

    @settings(
        max_examples=EXAMPLES[server.kind],
        deadline=None,
        derandomize=True,
        database=None,
    )
    @given(text)
    def property_(name: str) -> None:
        check(name)

    property_()


def test_a_database_of_any_name_is_copied_verified_and_dropped(
    server: Server, wire: Wire, names: Names
) -> None:
    def check(name: str) -> None:
        mode = Mode.STEPWISE if len(name) % 2 else Mode.NATIVE
        source, target = names(f"s{name}"), names(f"t{name}")
        run = wire.client
        run.execute(f"CREATE DATABASE `{source}`")
        run.execute(f"CREATE TABLE `{source}`.`t{name}` (id INT PRIMARY KEY)")
        run.execute(f"INSERT INTO `{source}`.`t{name}` VALUES (1), (2)")
        copied_and_dropped(wire, Pair(source, target), mode)
        run.execute(f"DROP DATABASE `{source}`")
        assert names.left_behind(run) == []

    tried = st.text(TRIED, max_size=12)
    hold(server, check, tried if server.kind == "real" else printable(without="`'\""))


def test_a_table_of_any_name_is_copied_verified_and_dropped(
    server: Server, wire: Wire, shop: str
) -> None:
    def check(name: str) -> None:
        source = TableName(f"s{name}e", shop)
        run = wire.client
        run.execute(f"CREATE TABLE {source.sql} (id INT PRIMARY KEY)")
        run.execute(f"INSERT INTO {source.sql} VALUES (1), (2)")
        copied_and_dropped(wire, Pair(source, TableName(f"t{name}e", shop)))
        run.execute(f"DROP TABLE {source.sql}")
        assert len(run.metadata.tables(shop)) == 3

    allowed = "` '" if server.version >= (4,) else " "
    tried = st.text(TRIED + allowed, max_size=12)
    anything = printable(also="` '", without='"')
    hold(server, check, tried if server.kind == "real" else anything)


def copied_and_dropped(wire: Wire, pair: Pair, mode: Mode = Mode.NATIVE) -> None:
    """Copy, copy again over it, drop."""
    request = Request((pair,), mode=mode, way_back=False)
    assert wire.copy(request) == "verified: counts"
    again = replace(request, if_exists=IfExists.REPLACE)
    assert wire.copy(again) == "verified: counts"
    wire.client.execute(pair.drop)


def test_a_name_that_cannot_be_seen_or_held_is_refused_unsent(
    server: Server, wire: Wire, shop: str, names: Names
) -> None:
    def check(name: str) -> None:
        before = wire.sent
        clone = wire.client.clone
        for refused in (
            lambda: Pair(shop, names(name)),
            lambda: clone.clone_database(names(name), shop),
            lambda: Pair(TableName("orders", shop), TableName(table(name), shop)),
            lambda: clone.clone_table(TableName(table(name), shop), f"{shop}.orders"),
        ):
            with pytest.raises(InvalidName) as told:
                refused()
            assert re.search("holds|takes no", str(told.value))
            assert safe(str(told.value)) == str(told.value)
        assert wire.sent == before

    def table(name: str) -> str:
        return name + '"' if not any(each in name for each in UNSEEN) else name

    wrong = st.sampled_from(UNSEEN + "`'\" \u3000")
    parts = st.tuples(printable(), wrong, printable())
    hold(server, check, parts.map("".join))


def test_what_cannot_be_copied_by_its_name_blocks_and_says_why(
    embedded_server: Server,
) -> None:
    with embedded_server.client() as client:
        client.execute("CREATE DATABASE quotes")
        client.execute('CREATE TABLE quotes.`a"b` (id INT)')
        plan = client.clone.plan(Request.of("quotes", "copy"))
        client.execute("DROP DATABASE quotes")
    (blocker,) = plan.blockers
    assert blocker.text.startswith('a"b is named with a ": ')


@pytest.mark.parametrize("name", SQL)
def test_a_name_that_is_sql_is_a_name(
    wire: Wire, client: Client, shop: str, names: Names, name: str
) -> None:
    evil = names(name.format(shop))
    clone = wire.client.clone
    for call in (
        lambda: clone.clone_database(evil, shop),
        lambda: clone.clone_database(names("copy"), evil),
        lambda: clone.clone_database(names("copy"), shop, evil),
        lambda: clone.clone_table(TableName(evil, shop), TableName(evil, shop)),
        lambda: clone.clone_table(TableName("a", evil), TableName("b", evil)),
        lambda: clone.plan(Request.of(evil, names("copy"), Moment(evil))),
        lambda: clone.plan(
            Request((Pair(TableName(evil, evil), TableName("x", shop)),))
        ),
        lambda: wire.client.metadata.tables(evil),
        lambda: wire.client.metadata.columns(TableName(evil, evil)),
        lambda: wire.client.metadata.ddl(TableName(evil, evil), Moment(evil)),
        lambda: wire.client.snapshots.create(evil, "database", evil),
        lambda: wire.client.snapshots.delete(evil),
    ):
        with suppress(MocloneError):
            call()
    there = {each.name for each in client.metadata.tables(shop)}
    assert there >= {"customers", "orders", "big"}
