"""People to mask, and small ways to do it within a test's own session."""

from __future__ import annotations

from typing import TYPE_CHECKING

from moclone_tui import NOW, Client, Moment, Session
from moclone_tui.cloning.after import After
from moclone_tui.cloning.changing import Proof, run_after, verify_after
from moclone_tui.cloning.look import server_clock
from moclone_tui.cloning.masking import Changes, prepare
from moclone_tui.cloning.progress import Silent
from moclone_tui.config import MaskRule

if TYPE_CHECKING:
    pass

MAIL = "concat('user', id, '@example.org')"


def make_people(client: Client, name: str) -> str:
    """Customers with addresses, and orders that refer to them."""
    for statement in (
        f"CREATE DATABASE {name}",
        (
            f"CREATE TABLE {name}.customers (id INT PRIMARY KEY, email VARCHAR(40),"
            " phone VARCHAR(20))"
        ),
        (
            f"INSERT INTO {name}.customers VALUES (1, 'ada@home.net', '1'),"
            " (2, 'grace@navy.mil', ''), (3, NULL, '3')"
        ),
        (
            f"CREATE TABLE {name}.orders (id INT PRIMARY KEY, customer INT, note TEXT,"
            " CONSTRAINT fk_customer FOREIGN KEY (customer) REFERENCES"
            f" {name}.customers (id))"
        ),
        f"INSERT INTO {name}.orders VALUES (1, 1, 'by ada'), (2, 2, 'by grace')",
        f"CREATE TABLE {name}.visits (who VARCHAR(40), seen INT)",
        f"INSERT INTO {name}.visits VALUES ('ada@home.net', 1), ('ada@home.net', 2)",
        (
            f"CREATE TABLE {name}.places (a INT, b INT, name VARCHAR(20),"
            " PRIMARY KEY (a, b), KEY by_name (name))"
        ),
        f"INSERT INTO {name}.places VALUES (1, 1, 'Ulm'), (1, 2, 'Bonn')",
    ):
        client.execute(statement)
    return name


def after(*rules: tuple[str, ...], file: tuple[str, ...] = ()) -> After:
    return After(tuple(MaskRule(*rule) for rule in rules), file)


def ready(
    client: Client, what: After, source: str, target: str, at: Moment = NOW
) -> Changes:
    """What is asked for, as of the moment, or of the server's clock."""
    changes, findings = prepare(
        client, what, source, target, at or server_clock(client)
    )
    assert [each.text for each in findings if each.level == "blocker"] == []
    return changes


def copied(session: Session, changes: Changes) -> None:
    """Clone in the session's transaction, as one does before a change."""
    session.execute("SET foreign_key_checks = 0")
    session.clone.clone_database(
        str(changes.target), str(changes.source), at=changes.at
    )


def changed(session: Session, changes: Changes) -> Proof:
    """Clone, change, and prove."""
    copied(session, changes)
    touched = run_after(session, changes, Silent())
    return verify_after(session, changes, touched)
