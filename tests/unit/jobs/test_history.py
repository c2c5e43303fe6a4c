"""History: lines are chosen, and handed on as they are."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from pathlib import Path

import pytest

from moclone_tui.cloning.server_log import Logged
from moclone_tui.jobs.history import (
    Filter,
    Line,
    as_csv,
    as_jsonl,
    export,
    folded,
    of_log,
)


def logged(statement: str, kind: str, at: int = 0, **more: str) -> Logged:
    values = {"job": "", "os_user": "", "outcome": "done", "error": ""} | more
    return Logged(
        ns=(1_800_000_000 + at) * 10**9,
        seconds=0.5,
        kind=kind,
        account="sys",
        user="root",
        host="10.0.0.7",
        database="",
        statement=statement,
        **values,
    )


CLONE = logged("CREATE DATABASE b CLONE a", "clone")
DROP = logged("drop table a.t", "drop", 10)


@pytest.mark.parametrize(
    ("wanted", "titles"),
    [
        (Filter(), ["drop table a.t", "clone a → b"]),
        (Filter(object="A.T"), ["drop table a.t"]),
        (Filter(object="b"), ["drop table a.t", "clone a → b"]),
        (Filter(person="root@10"), ["drop table a.t", "clone a → b"]),
        (Filter(person="ann"), []),
        (Filter(outcome="fail"), []),
        (Filter(object="clone", outcome="done"), ["clone a → b"]),
        (Filter(day=dt.date(2020, 1, 1)), []),
        (
            Filter(day=CLONE.when.astimezone().date()),
            ["drop table a.t", "clone a → b"],
        ),
    ],
)
def test_lines_are_chosen(wanted: Filter, titles: list[str]) -> None:
    lines = folded([], [CLONE, DROP])
    assert [line.title for line in lines if wanted.takes(line)] == titles


def test_a_job_that_failed_anywhere_failed() -> None:
    """Run elsewhere: what the server logged of it is all there is."""
    parts = [
        logged("CREATE DATABASE b CLONE a", "clone", 1, job="j", os_user="ann"),
        logged("DROP SNAPSHOT s", "drop snapshot", 3, job="j", outcome="failed",
               error="no such snapshot"),
        logged("DROP DATABASE c", "drop", 0, job="j", os_user="ann"),
    ]  # fmt: skip
    line = of_log(parts)
    assert (line.title, line.what) == ("clone a → b", "clone")
    assert (line.outcome, line.detail) == ("failed", "no such snapshot")
    assert line.person == "ann as root@10.0.0.7"
    assert line.seconds == 3.5
    assert line.statements[0] == "DROP DATABASE c"
    assert line.before is not None
    assert line.before.ns == parts[2].ns - 1000


def test_what_is_handed_on_can_be_read_again(tmp_path: Path) -> None:
    odd = logged('drop table `a,b`.`c"\n[/x]`', "drop")
    lines: list[Line] = folded([], [CLONE, odd])
    (row, other) = csv.DictReader(io.StringIO(as_csv(lines)))
    assert {row["statements"], other["statements"]} == {
        odd.statement,
        CLONE.statement,
    }
    found = [json.loads(line) for line in as_jsonl(lines).splitlines()]
    assert {each["statements"][0] for each in found} == {odd.statement, CLONE.statement}
    export(lines, tmp_path / "x.csv")
    with pytest.raises(FileExistsError):
        export(lines, tmp_path / "x.csv")
    assert (tmp_path / "x.csv").read_text() == as_csv(lines)
    export(lines[:1], tmp_path / "x.csv", overwrite=True)
    assert (tmp_path / "x.csv").read_text() == as_csv(lines[:1])
