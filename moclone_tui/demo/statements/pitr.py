"""CREATE, ALTER, DROP and SHOW PITR."""

from typing import TYPE_CHECKING

from moclone_tui.demo import sqltypes as types
from moclone_tui.demo.clock import SECOND, to_seconds_text
from moclone_tui.demo.errors import internal
from moclone_tui.demo.filters import read_filter
from moclone_tui.demo.model import Row
from moclone_tui.demo.names import check_name
from moclone_tui.demo.reader import TokenReader
from moclone_tui.demo.reply import DONE, Reply, ResultColumn
from moclone_tui.demo.snapshots import Pitr
from moclone_tui.demo.statements.snapshot import find_object

if TYPE_CHECKING:
    from moclone_tui.demo.session import Session

_DAY = 24 * 3600 * SECOND
_UNITS = {"h": 3600 * SECOND, "d": _DAY, "mo": 30 * _DAY, "y": 365 * _DAY}
_LONGEST = 100

_COLUMNS: list[ResultColumn] = [
    ("PITR_NAME", types.VARCHAR),
    ("CREATED_TIME", types.DATETIME),
    ("MODIFIED_TIME", types.DATETIME),
    ("PITR_LEVEL", types.VARCHAR),
    ("ACCOUNT_NAME", types.VARCHAR),
    ("DATABASE_NAME", types.VARCHAR),
    ("TABLE_NAME", types.VARCHAR),
    ("PITR_LENGTH", types.TINYINT),
    ("PITR_UNIT", types.VARCHAR),
]


def create(session: "Session", read: TokenReader) -> Reply:
    """CREATE PITR [IF NOT EXISTS] name [FOR …] RANGE n 'unit'."""
    lenient = read.accept("if", "not", "exists")
    name = check_name(read.folded_name())
    session.rights.require_admin()
    level, named, database, table = _read_object(read)
    read.expect("range")
    length, unit = _read_range(read)
    if session.state.pitrs.find(session.account.id, name) is not None:
        if lenient:
            return DONE
        raise internal(f"pitr {name} already exists")
    account = session.account
    if named and (found := session.state.accounts.get(named)) is not None:
        account = found
    object_id = account.id
    if database:
        object_id = find_object(session, "pitr", database, table)
    _check_single(session, level, object_id, table or database or account.name)
    now = session.state.now()
    session.state.pitrs.add(
        Pitr(
            name,
            now,
            now,
            level,
            session.account.id,
            object_id,
            length,
            unit,
            account.name if level != "cluster" else "",
            database,
            table,
        )
    )
    return DONE


def _read_object(read: TokenReader) -> tuple[str, str, str, str]:
    if not read.accept("for"):
        return "account", "", "", ""
    level = read.accept_any("cluster", "account", "database", "table")
    if level is None:
        raise read.unexpected()
    account = database = table = ""
    if level in ("database", "table"):
        database = read.folded_name()
        if level == "table" or read.accept("table"):
            level, table = "table", read.folded_name()
    elif level == "account" and not read.looking_at("range"):
        account = read.folded_name()
    return level, account, database, table


def _read_range(read: TokenReader) -> tuple[int, str]:
    length, unit = read.integer(), read.text()
    read.end()
    if not 1 <= length <= _LONGEST:
        raise internal(f"invalid pitr value {length}")
    if unit not in _UNITS:
        raise internal(f"invalid pitr unit {unit}")
    return length, unit


def _check_single(session: "Session", level: str, object_id: int, name: str) -> None:
    for pitr in session.state.pitrs.of(session.account.id):
        if (pitr.level, pitr.object_id) == (level, object_id):
            raise internal(f"{level} `{name}` already has a pitr")


def alter(session: "Session", read: TokenReader) -> Reply:
    """ALTER PITR [IF EXISTS] name RANGE n 'unit'."""
    lenient = read.accept("if", "exists")
    name = read.folded_name()
    read.expect("range")
    length, unit = _read_range(read)
    session.rights.require_admin()
    if lenient and session.state.pitrs.find(session.account.id, name) is None:
        return DONE
    pitr = session.state.pitrs.get(session.account.id, name)
    pitr.length, pitr.unit, pitr.modified = length, unit, session.state.now()
    return DONE


def drop(session: "Session", read: TokenReader) -> Reply:
    """DROP PITR [IF EXISTS] name."""
    lenient = read.accept("if", "exists")
    name = read.folded_name()
    read.end()
    session.rights.require_admin()
    if lenient and session.state.pitrs.find(session.account.id, name) is None:
        return DONE
    pitr = session.state.pitrs.get(session.account.id, name)
    session.state.pitrs.drop(session.account.id, pitr.name)
    return DONE


def show(session: "Session", read: TokenReader) -> Reply:
    """SHOW PITR [WHERE …]."""
    wanted = read_filter(read)
    session.rights.require_admin()
    rows: list[Row] = [
        (
            p.name,
            to_seconds_text(p.created),
            to_seconds_text(p.modified),
            p.level,
            p.account_name or "*",
            p.database or "*",
            p.table or "*",
            p.length,
            p.unit,
        )
        for p in session.state.pitrs.of(session.account.id)
    ]
    return wanted.reply(session, _COLUMNS, rows)


def valid_moment(session: "Session", name: str, moment: int, text: str) -> None:
    """Insist that a window covers a moment.

    Raises:
        ServerError: 20101 if it does not, or if there is no such window.
    """
    pitr = session.state.pitrs.get(session.account.id, name)
    if moment < pitr.created:
        raise internal(
            f"input timestamp {text} is less than the pitr valid time "
            f"{to_seconds_text(pitr.created)}"
        )
    now = session.state.clock.now()
    earliest = now - pitr.length * _UNITS[pitr.unit]
    if moment < earliest:
        raise internal(
            f"input timestamp {text} is less than the pitr range minest timestamp "
            f"{to_seconds_text(earliest)}"
        )
    if moment > now:
        raise internal(f"input timestamp {text} is bigger than now timestamp")
