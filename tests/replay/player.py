"""Play a recorded scenario against a server, and compare what it answers."""

import datetime as dt
import decimal
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pymysql

HERE = Path(__file__).parent
RECORDINGS = HERE / "v4.2.0"
SCENARIOS = HERE / "scenarios"

_TIME = re.compile(r"20[2-9]\d-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?")
_DETACHED = (pymysql.err.InterfaceError, pymysql.err.InternalError)


@dataclass(frozen=True)
class Server:
    """Where a server listens, and who may log in."""

    host: str
    port: int
    user: str
    password: str


@dataclass(frozen=True)
class Outcome:
    """How a step went.

    `difference` is empty when the server answered as recorded.
    """

    number: int
    sql: str
    difference: str


@dataclass
class Connections:
    """The connections that a scenario names, opened when first used."""

    server: Server
    open: dict[str, "pymysql.Connection[Any]"] = field(default_factory=dict)

    def get(self, name: str) -> "pymysql.Connection[Any]":
        if name not in self.open:
            login, _, password = name.partition("/")
            if login.startswith("root"):
                login, password = self.server.user, self.server.password
            self.open[name] = pymysql.connect(
                host=self.server.host,
                port=self.server.port,
                user=login,
                password=password,
                autocommit=True,
                read_timeout=10,
            )
        return self.open[name]

    def close(self) -> None:
        for connection in self.open.values():
            connection.close()


def kept_names(scenario: str) -> dict[int, str]:
    """Which steps' first value a later step uses, and by what name."""
    kept, number = {}, 0
    for chunk in (SCENARIOS / f"{scenario}.sql").read_text().split(";;\n"):
        lines = chunk.splitlines()
        if not any(line and not line.startswith("--") for line in lines):
            continue
        for line in lines:
            if line.startswith("-- @keep "):
                kept[number] = line.removeprefix("-- @keep ").strip()
        number += 1
    return kept


def play(scenario: str, server: Server) -> Iterator[Outcome]:
    """Send every step and say how each went."""
    steps = json.loads((RECORDINGS / f"{scenario}.json").read_text())
    kept, values = kept_names(scenario), dict[str, object]()
    connections = Connections(server)
    try:
        for number, step in enumerate(steps):
            sql = step["sql"]
            for name, value in values.items():
                sql = sql.replace(f"${{{name}}}", str(value))
            got = answer(connections, step["as"], sql)
            if number in kept and got.get("rows"):
                values[kept[number]] = got["rows"][0][0]
            yield Outcome(number, sql, compare(step, got))
    finally:
        connections.close()


def answer(connections: Connections, name: str, sql: str) -> dict[str, Any]:
    """Send one statement; the answer has the form of a recorded step."""
    try:
        with connections.get(name).cursor() as cursor:
            affected = cursor.execute(sql)
            if not cursor.description:
                return {"affected": affected}
            return {
                "columns": [column[0] for column in cursor.description],
                "types": [column[1] for column in cursor.description],
                "rows": [[encode(v) for v in row] for row in cursor.fetchall()],
            }
    except pymysql.err.Error as error:
        if isinstance(error, _DETACHED):
            connections.open.pop(name, None)
        number, message = (*error.args, "", "")[:2]
        kind = type(error).__name__
        return {"error": {"class": kind, "errno": number, "message": str(message)}}


def encode(value: object) -> object:
    """A value in the form that the recordings keep."""
    if isinstance(value, float):
        return {"float": value}
    if isinstance(value, decimal.Decimal):
        return {"decimal": str(value)}
    if isinstance(value, bytes):
        return {"bytes": value.hex()}
    if isinstance(value, dt.datetime):
        return {"datetime": value.isoformat(sep=" ")}
    if isinstance(value, dt.date | dt.timedelta):
        return {type(value).__name__: str(value)}
    return value


def compare(recorded: dict[str, Any], got: dict[str, Any]) -> str:
    """What differs; empty if nothing does."""
    if "error" in recorded or "error" in got:
        before, after = _error(recorded), _error(got)
        if before == after:
            return ""
        return _report("error", before or recorded, after or got)
    if ("rows" in recorded) != ("rows" in got):
        return _report("answer", recorded, got)
    if "rows" not in recorded:
        return (
            "" if recorded == {**recorded, **got} else _report("count", recorded, got)
        )
    for what in ("columns", "types"):
        if recorded[what] != got[what]:
            return _report(what, recorded[what], got[what])
    expected, shown = _rows(recorded, recorded), _rows(recorded, got)
    return "" if expected == shown else _report("rows", expected, shown)


def _error(step: dict[str, Any]) -> tuple[str, int, str] | None:
    if "error" not in step:
        return None
    error = step["error"]
    message = _TIME.sub("<time>", error["message"].partition("\n")[0])
    return error["class"], error["errno"], message


def _rows(recorded: dict[str, Any], step: dict[str, Any]) -> object:
    volatile = set(recorded.get("volatile", ()))
    shown = [i for i, name in enumerate(step["columns"]) if name not in volatile]
    rows = [json.dumps([row[i] for i in shown]) for row in step["rows"]]
    if "order by" in recorded["sql"].lower():
        return rows
    return Counter(rows)


def _report(what: str, recorded: object, got: object) -> str:
    return f"{what}\n    recorded: {recorded}\n    got:      {got}"
