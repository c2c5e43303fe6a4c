"""What the contract tests copy from, and small ways to look at it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from .accident import Past
from .faults import Line
from .people import People
from .restoring import tidy
from .running import Log
from .trial import Trial

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from moclone_tui import Client
    from tests.conftest import Names, Server

SHOP = (
    "CREATE DATABASE `{0}`",
    "CREATE TABLE `{0}`.customers (id INT PRIMARY KEY, name VARCHAR(40))",
    "INSERT INTO `{0}`.customers VALUES (1, 'Ada'), (2, 'Grace'), (3, 'Edsger')",
    """CREATE TABLE `{0}`.orders (id INT PRIMARY KEY AUTO_INCREMENT,
        total DECIMAL(10, 2), placed DATETIME, KEY by_time (placed))
        COMMENT 'what was bought'""",
    """INSERT INTO `{0}`.orders (total, placed)
        VALUES (9.50, '2026-01-02 03:04:05'), (120.00, '2026-02-03 04:05:06')""",
    "CREATE VIEW `{0}`.big AS SELECT id FROM `{0}`.orders WHERE total > 100",
)


@pytest.fixture
def shop(client: Client, names: Names) -> str:
    """A database with the tables `customers` (3 rows) and `orders` (2), and a view."""
    name = names("shop")
    for statement in SHOP:
        client.execute(statement.format(name))
    return name


@pytest.fixture
def log(server: Server) -> Iterator[Log]:
    """A job runner on the server."""
    made = Log(server)
    yield made
    assert made.runner.running == ()


@pytest.fixture
def trial(server: Server, client: Client, tmp_path: Path) -> Iterator[Trial]:
    """Jobs behind a line at which faults happen."""
    line = Line(server)
    yield Trial(server, client, line, tmp_path)
    line.close()


@pytest.fixture
def past(client: Client, names: Names) -> Past:
    """A database with a past."""
    return Past(client, names("past"))


@pytest.fixture
def goods(past: Past) -> Past:
    """Five rows; then two are deleted, one is overwritten, and a new one comes."""
    past.do("CREATE TABLE @.t (id INT PRIMARY KEY AUTO_INCREMENT, v VARCHAR(9), n INT)")
    past.fill("t", "(v, n)", "('v{0}', {0})", 5)
    past.then()
    past.do(
        "DELETE FROM @.t WHERE id IN (2, 3)",
        "UPDATE @.t SET v = 'bad', n = NULL WHERE id = 4",
        "INSERT INTO @.t (v, n) VALUES ('new', 6)",
    )
    return past


@pytest.fixture
def people(server: Server, client: Client, names: Names) -> Iterator[People]:
    """Makes roles and users; they, PITRs and publications are dropped in the end."""
    made = People(server, client, names)
    yield made
    for name, *_ in client.execute("SHOW PUBLICATIONS"):
        if str(name).startswith(names.prefix):
            client.execute(f"DROP PUBLICATION {name}")
    made.drop()
    tidy(server, names)
