"""What a job sends is marked for the server's own history, and nothing else changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from moclone_tui import AlreadyExists, Client, QueryError
from moclone_tui.api._marks import mark, marked, read_mark

from .looking import has_database, tables

if TYPE_CHECKING:
    from tests.conftest import Names

MARK = mark("3f9a1c0b2e", "ann")


@pytest.fixture
def marked_client(client: Client) -> Client:
    """A client that marks what it changes."""
    client.connection.comment = MARK
    return client


def test_a_marked_statement_does_what_it_did(
    marked_client: Client, watcher: Client, shop: str, names: Names
) -> None:
    with marked_client.session() as session:
        assert session.connection.comment == MARK
        session.clone.clone_database(names("copy"), shop)
        session.execute(f"DELETE FROM `{names('copy')}`.orders WHERE id = %s", (1,))
        assert not has_database(watcher, names("copy"))
    marked_client.clone.clone_table(f"{names('copy')}.c2", f"{shop}.customers")
    marked_client.snapshots.create(names("s"), "database", shop)
    marked_client.snapshots.delete(names("s"))
    assert tables(watcher, names("copy")) == ["big", "c2", "customers", "orders"]
    made_by = {t.name: t.made_by for t in watcher.metadata.tables(names("copy"))}
    assert "moclone job" not in "".join(made_by.values())


def test_a_view_keeps_the_words_it_was_made_with(
    marked_client: Client, watcher: Client, shop: str
) -> None:
    made = f"CREATE VIEW `{shop}`.small AS SELECT id FROM `{shop}`.orders"
    marked_client.execute(made)
    watcher.execute(made.replace("small", "plain"))
    small, plain = (
        watcher.metadata.ddl(f"{shop}.{name}") for name in ("small", "plain")
    )
    assert small.replace("small", "plain") == plain


def test_errors_show_the_statement_without_the_mark(
    marked_client: Client, shop: str
) -> None:
    with pytest.raises(AlreadyExists) as caught:
        marked_client.execute(f"CREATE DATABASE `{shop}`")
    assert caught.value.statement == f"CREATE DATABASE `{shop}`"
    with pytest.raises(QueryError) as refused:
        marked_client.execute("DROP TABEL x")
    assert refused.value.statement == "DROP TABEL x"
    assert "job=" not in str(refused.value)


def test_each_change_is_told_of_before_it_is_sent(
    marked_client: Client, watcher: Client, names: Names
) -> None:
    told: list[tuple[str, bool]] = []
    name = names("x")
    marked_client.connection.on_change = lambda statement, _: told.append(
        (statement, has_database(watcher, name))
    )
    with marked_client.session() as session:
        session.execute("SELECT 1")
        session.execute(f"CREATE DATABASE `{name}`")
    sent = ("BEGIN", f"CREATE DATABASE `{name}`", "COMMIT")
    assert told == [(statement, False) for statement in sent]
    assert has_database(watcher, name)


@pytest.mark.parametrize(
    "user", ["ann", "a b", "*/ DROP DATABASE x; /*", "{x}", "ü", ""]
)
def test_no_name_ends_the_comment(user: str) -> None:
    comment = mark("1", user)
    assert comment.count("*/") == 1
    assert comment.endswith(" */")
    assert not set("{};'\"`") & set(comment)
    assert read_mark(marked("COMMIT", comment))[::2] == ("1", "COMMIT")
