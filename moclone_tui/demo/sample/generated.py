"""A catalog as large as one likes, to see how a client bears it."""

import itertools

from moclone_tui.demo import sqltypes as types
from moclone_tui.demo.accounts import SYS
from moclone_tui.demo.clock import SECOND
from moclone_tui.demo.model import Column, Database, Layout, Relation, RowSet
from moclone_tui.demo.session import Session
from moclone_tui.demo.state import State

_WORDS = (
    "account", "address", "basket", "budget", "campaign", "contact", "delivery",
    "device", "event", "feature", "invoice", "item", "ledger", "message", "metric",
    "order", "payment", "person", "price", "product", "receipt", "refund", "report",
    "review", "route", "sample", "session", "shipment", "stock", "supplier", "task",
    "ticket", "token", "vendor", "visit", "voucher", "warehouse", "wallet",
)  # fmt: skip
_LAYOUT = Layout(
    columns=(
        Column("id", types.BIGINT, nullable=False),
        Column("name", types.VARCHAR),
        Column("amount", types.BIGINT),
    ),
    primary=("id",),
)


def fill(state: State, databases: int, tables: int) -> None:
    """Make databases with so many tables each, in one transaction.

    Tables of as many rows share them: a hundred thousand tables cost little.
    """
    account = state.accounts.by_id(SYS)
    if account is None:
        raise LookupError(SYS)
    session = Session(
        state, account, account.user("root"), account.role("moadmin"),
        "127.0.0.1:50214", next(state.connection_ids),
    )  # fmt: skip
    names = itertools.cycle(_WORDS)
    sizes = [RowSet(tuple((n, f"n{n}", n * 7) for n in range(k * 9))) for k in range(7)]
    with session.own_transaction():
        for number in range(databases):
            name = f"{next(names)}_{number:04}"
            made = state.now() - number * 3600 * SECOND
            relations = {
                each.name: each
                for each in (
                    _table(name, f"{next(names)}_{at:04}", made, sizes[at % len(sizes)])
                    for at in range(tables)
                )
            }
            session.work.add_database(
                Database(
                    SYS, name, made, f"create database {name}", relations=relations
                )
            )


def _table(database: str, name: str, made: int, rows: RowSet) -> Relation:
    statement = (
        f"create table {database}.{name} (id bigint primary key, name varchar(60), "
        "amount bigint)"
    )
    return Relation(name, "r", made, statement, _LAYOUT, rows)
