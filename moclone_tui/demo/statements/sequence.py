"""CREATE, ALTER, DROP and SHOW SEQUENCE."""

from dataclasses import replace
from typing import TYPE_CHECKING

from moclone_tui.demo import sqltypes as types
from moclone_tui.demo.errors import (
    ServerError,
    invalid_input,
    only_create_in_transactions,
    unknown_database,
)
from moclone_tui.demo.filters import read_filter
from moclone_tui.demo.model import Row
from moclone_tui.demo.reader import TokenReader
from moclone_tui.demo.reply import DONE, Reply
from moclone_tui.demo.sequences import Sequence, layout, sequence_of
from moclone_tui.demo.sqltypes import SqlType, read_type
from moclone_tui.demo.statements.show import read_database
from moclone_tui.demo.statements.table_create import new_relation, read_target
from moclone_tui.demo.statements.table_drop import drop_relations

if TYPE_CHECKING:
    from moclone_tui.demo.session import Session

_BITS = {"smallint": 16, "int": 32, "bigint": 64}


def create(session: "Session", read: TokenReader) -> Reply:
    """CREATE SEQUENCE name [AS type] [options], which no transaction allows."""
    if session.in_begin:
        raise only_create_in_transactions()
    target = read_target(session, read)
    if target is None:
        return DONE
    kind = read_type(read) if read.accept("as") else types.BIGINT
    given = _read_options(read)
    step = given.get("increment", 1)
    top = 2 ** (_BITS[kind.name] - (0 if kind.unsigned else 1)) - 1
    bottom = 0 if kind.unsigned else -top - 1
    least = given.get("minvalue", 1 if step > 0 else bottom)
    most = given.get("maxvalue", top if step > 0 else -1)
    start = given.get("start", least if step > 0 else most)
    _check(start, least, most)
    made = Sequence(start, least, most, start, step, given.get("cycle", 0))
    relation = new_relation(session, target[1], "S", layout=layout(kind))
    filled = relation.with_rows((made.row,))
    session.work.put(session.account.id, target[0], filled)
    return DONE


def _read_options(read: TokenReader) -> dict[str, int]:
    given: dict[str, int] = {}
    while read.peek() is not None:
        if read.accept("no", "cycle"):
            given["cycle"] = 0
            continue
        word = read.accept_any("increment", "start", "minvalue", "maxvalue", "cycle")
        if word is None:
            raise read.unexpected()
        read.accept_any("by", "with")
        given[word] = 1 if word == "cycle" else _signed(read)
    return given


def _signed(read: TokenReader) -> int:
    return -read.integer() if read.accept_operator("-") else read.integer()


def _check(start: int, least: int, most: int) -> None:
    if most <= least:
        raise invalid_input(
            f"MAXVALUE ({most}) of sequence must be bigger "
            f"than MINVALUE ({least}) of it"
        )
    if not least <= start <= most:
        raise invalid_input(
            f"STARTVALUE ({start}) for sequence must between MINVALUE ({least}) "
            f"and MAXVALUE ({most})"
        )


def alter(session: "Session", read: TokenReader) -> Reply:
    """ALTER SEQUENCE name options; the real server looks in the current database."""
    _, name = read.table_name()
    home = session.database_or_current(None)
    relation = session.catalog.relation(session.account.id, home, name)
    if relation is None or relation.kind != "S":
        raise _missing(home, name)
    given, it = _read_options(read), sequence_of(relation)
    changed = replace(
        it,
        least=given.get("minvalue", it.least),
        most=given.get("maxvalue", it.most),
        start=given.get("start", it.start),
        step=given.get("increment", it.step),
        cycles=given.get("cycle", it.cycles),
    )
    _check(changed.start, changed.least, changed.most)
    with session.own_transaction():
        filled = relation.with_rows((changed.row,))
        session.work.put(session.account.id, home, filled)
    return DONE


def drop(session: "Session", read: TokenReader) -> Reply:
    """DROP SEQUENCE [IF EXISTS] name, which no transaction allows."""
    if session.in_begin:
        raise only_create_in_transactions()
    return drop_relations(session, read, ("S",), _missing)


def _missing(database: str, name: str) -> ServerError:
    return ServerError(1146, f"no such sequence {database}.{name}")


def show(session: "Session", read: TokenReader) -> Reply:
    """SHOW SEQUENCES [FROM database]."""
    database = read_database(session, read)
    wanted = read_filter(read)
    found = session.catalog.database(session.account.id, database)
    if found is None:
        raise unknown_database(database)
    rows: list[Row] = [
        (r.name, _type_name(r.layout.columns[0].type))
        for r in found.relations.values()
        if r.kind == "S"
    ]
    columns = [("Names", types.VARCHAR), ("Data Type", types.VARCHAR)]
    return wanted.reply(session, columns, sorted(rows, key=str))


def _type_name(kind: SqlType) -> str:
    return kind.name.upper() + (" UNSIGNED" if kind.unsigned else "")
