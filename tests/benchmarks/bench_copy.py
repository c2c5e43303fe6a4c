"""How a copy that is verified compares with the server's own statement.

    python tests/benchmarks/bench_copy.py mysql://root:…@host:6001 [tables] [rounds]

On a real server; without an argument, on the one that `MOCLONE_TEST_DSN` names.
Seconds, medians of interleaved rounds: `CREATE DATABASE … CLONE …` in autocommit over
plain PyMySQL, the same database copied table by table (COMMIT included), and what its
verification takes on top. What is made is dropped, which takes longer than all the
rest: minutes.
"""

from __future__ import annotations

import os
import secrets
import statistics
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter
from urllib.parse import unquote, urlsplit

import pymysql

from moclone_tui import Client, Login
from moclone_tui.cloning.plan import make
from moclone_tui.cloning.progress import Silent, Step
from moclone_tui.cloning.request import Mode, Pair, Request
from moclone_tui.cloning.run import carry_out

TABLES, ROUNDS = 1_000, 5
COPY, VERIFY, PREFLIGHT = 1.2, 1.0, 0.2
"""What is promised: stepwise by native, verification by stepwise, seconds."""


class Clocked(Silent):
    """A progress that measures what is sent, what is verified, and the check."""

    def __init__(self) -> None:
        self.seconds = {"check": 0.0, "verify": 0.0, "copy": 0.0}

    @contextmanager
    def step(self, text: str, *, seconds: float | None = None) -> Iterator[Step]:
        begun = perf_counter()
        yield Step(text)
        kind = text if text in self.seconds else "copy"
        self.seconds[kind] += perf_counter() - begun


def login_of(dsn: str) -> Login:
    parts = urlsplit(dsn)
    return Login(
        host=parts.hostname or "127.0.0.1",
        port=parts.port or 6001,
        user=unquote(parts.username or "root"),
        password=unquote(parts.password or ""),
    )


def fill(client: Client, database: str, tables: int) -> None:
    """Tables as they are: a few columns and rows, some with an index or a parent."""
    client.execute(f"CREATE DATABASE {database}")
    for at in range(tables):
        extra = ", KEY by_name (name)" if at % 10 == 0 else ""
        if at % 50 == 49:
            extra += f", FOREIGN KEY (parent) REFERENCES {database}.t0000 (id)"
        client.execute(
            f"CREATE TABLE {database}.t{at:04} (id INT PRIMARY KEY AUTO_INCREMENT,"
            " name VARCHAR(40) NOT NULL DEFAULT 'nobody', parent INT COMMENT 'of it',"
            f" total DECIMAL(10, 2), placed DATETIME{extra}) COMMENT 'table {at}'"
        )
        client.execute(
            f"INSERT INTO {database}.t{at:04} (name, total) VALUES ('a', 1), ('b', 2)"
        )


def native(login: Login, target: str, source: str) -> float:
    with pymysql.connect(
        host=login.host,
        port=login.port,
        user=login.user,
        password=login.password,
        autocommit=True,
    ) as plain:
        begun = perf_counter()
        plain.cursor().execute(f"CREATE DATABASE {target} CLONE {source}")
        return perf_counter() - begun


def stepwise(client: Client, target: str, source: str) -> dict[str, float]:
    clocked = Clocked()
    request = Request((Pair(source, target),), mode=Mode.STEPWISE)
    copied = carry_out(client, request, clocked)
    assert copied.word == "verified: counts", copied
    return clocked.seconds


def preflight(client: Client, source: str) -> float:
    begun = perf_counter()
    make(client, Request((Pair(source, f"{source}_n"),), mode=Mode.NATIVE))
    return perf_counter() - begun


def judged(name: str, measured: float, bound: float, unit: str = "×") -> None:
    word = "ok" if measured <= bound else "TOO SLOW"
    print(f"{name:34}{measured:8.2f} {unit}  (at most {bound} {unit})  {word}")


def measure(login: Login, tables: int, rounds: int) -> None:
    source = f"mcb_{secrets.token_hex(3)}"
    taken: dict[str, list[float]] = {}

    def note(name: str, seconds: float) -> None:
        taken.setdefault(name, []).append(seconds)
        print(f"  {name:12}{seconds:8.3f} s", flush=True)

    with Client.from_login(login) as client:
        print(f"{client.connection.server_version}, {tables:,} tables", flush=True)
        try:
            fill(client, source, tables)
            for number in range(rounds):
                print(f"round {number + 1}", flush=True)
                note("preflight", preflight(client, source))
                note("native", native(login, f"{source}_n", source))
                client.execute(f"DROP DATABASE {source}_n")
                for name, seconds in stepwise(client, f"{source}_s", source).items():
                    note(name, seconds)
                client.execute(f"DROP DATABASE {source}_s")
        finally:
            for name in (f"{source}_n", f"{source}_s", source):
                client.execute(f"DROP DATABASE IF EXISTS {name}")
    median = {name: statistics.median(each) for name, each in taken.items()}
    judged("stepwise / native", median["copy"] / median["native"], COPY)
    judged("verification / stepwise", median["verify"] / median["copy"], VERIFY)
    judged("preflight", median["preflight"], PREFLIGHT, "s")


def main() -> None:
    dsn, tables, rounds, *_ = [*sys.argv[1:], "", "", ""]
    dsn = dsn or os.environ.get("MOCLONE_TEST_DSN", "")
    if not dsn:
        sys.exit("A real server is needed: give its DSN, or set MOCLONE_TEST_DSN.")
    measure(login_of(dsn), int(tables or TABLES), int(rounds or ROUNDS))


if __name__ == "__main__":
    main()
