"""SQL functions whose answer depends on who asks, and when."""

from collections.abc import Callable
from typing import TYPE_CHECKING
from uuid import uuid4

from moclone_tui.demo import sqltypes as types
from moclone_tui.demo.clock import SECOND, to_datetime, to_seconds_text
from moclone_tui.demo.functions import argument, to_moment
from moclone_tui.demo.lexer import fold
from moclone_tui.demo.sequences import (
    current_value,
    last_value,
    next_value,
    set_value,
)
from moclone_tui.demo.sqltypes import SqlType

if TYPE_CHECKING:
    from moclone_tui.demo.model import Relation
    from moclone_tui.demo.session import Session
    from moclone_tui.demo.state import State

_Call = Callable[["Session", tuple[object, ...]], object]

FRESH = 60 * SECOND
"""How long the estimates of a clone's rows and size stay zero."""


def call_for(state: "State", name: str, *arguments: object) -> object:
    """Call one of these functions for the session that is being served."""
    session = state.current
    return None if session is None else SESSION[name][0](session, arguments)


def _now(session: "Session", arguments: tuple[object, ...]) -> str:
    digits = int(argument(arguments, 0) or 0)
    moment = to_datetime(session.query_started).strftime("%Y-%m-%d %H:%M:%S.%f")
    return moment[: 20 + digits] if digits else moment[:19]


def _today(session: "Session", _: tuple[object, ...]) -> str:
    return to_seconds_text(session.query_started)[:10]


def _unix_timestamp(session: "Session", arguments: tuple[object, ...]) -> int | None:
    if not arguments:
        return session.query_started // SECOND
    moment = to_moment(arguments[0])
    if moment is None:
        return None
    return int((moment - to_moment("1970-01-01")).total_seconds())  # type: ignore[operator]


def _relation(session: "Session", arguments: tuple[object, ...]) -> "Relation | None":
    database, name = argument(arguments, 0), argument(arguments, 1)
    catalog = session.catalog
    return catalog.relation(session.account.id, fold(database), fold(name))


def estimated_rows(relation: "Relation", now: int) -> int:
    """What the server believes of a table's rows: nothing at all while it is fresh."""
    if relation.cloned and now - relation.created < FRESH:
        return 0
    return len(relation.data.rows)


def estimated_size(relation: "Relation", now: int) -> int:
    """What the server believes of a table's size in bytes."""
    width = sum(column.type.width() for column in relation.layout.columns)
    return estimated_rows(relation, now) * width


def _table_rows(session: "Session", arguments: tuple[object, ...]) -> int:
    found = _relation(session, arguments)
    return estimated_rows(found, session.state.clock.now()) if found else 0


def _table_size(session: "Session", arguments: tuple[object, ...]) -> int:
    found = _relation(session, arguments)
    return estimated_size(found, session.state.clock.now()) if found else 0


def _variable(session: "Session", arguments: tuple[object, ...]) -> object:
    return session.variable(argument(arguments, 0))


SESSION: dict[str, tuple[_Call, SqlType]] = {
    "connection_id": (lambda s, _: s.id, types.BIGINT),
    "current_account_id": (lambda s, _: s.account.id, types.BIGINT),
    "current_account_name": (lambda s, _: s.account.name, types.VARCHAR),
    "current_role": (lambda s, _: s.role.name, types.VARCHAR),
    "current_role_id": (lambda s, _: s.role.id, types.BIGINT),
    "current_role_name": (lambda s, _: s.role.name, types.VARCHAR),
    "current_user_id": (lambda s, _: s.user.id, types.BIGINT),
    "current_user_name": (lambda s, _: s.user.name, types.VARCHAR),
    "curdate": (_today, types.DATE),
    "currval": (current_value, types.VARCHAR),
    "database": (lambda s, _: s.database or "", types.VARCHAR),
    "last_insert_id": (lambda s, _: s.last_insert_id, types.BIGINT),
    "lastval": (last_value, types.VARCHAR),
    "mo_table_rows": (_table_rows, types.BIGINT),
    "mo_table_size": (_table_size, types.BIGINT),
    "nextval": (next_value, types.VARCHAR),
    "now": (_now, types.DATETIME),
    "setval": (set_value, types.VARCHAR),
    "sleep": (lambda _, __: 0, types.TINYINT),
    "unix_timestamp": (_unix_timestamp, types.BIGINT),
    "user": (lambda s, _: f"{s.user.name}@localhost", types.VARCHAR),
    "uuid": (lambda _, __: str(uuid4()), types.VARCHAR),
    "utc_timestamp": (_now, types.DATETIME),
    "variable": (_variable, types.TEXT),
    "version": (lambda s, _: s.version_text, types.VARCHAR),
}
"""By name: what to call with the session and the arguments, and the type it gives."""
