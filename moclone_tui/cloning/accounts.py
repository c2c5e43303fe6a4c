"""Copy databases from one account to another, as sys, verified on both sides.

The sys account sees another one only through a snapshot of it: so one is taken of each
source, and one of each target once its copies are there. They are moclone's own, and
dropped at the end. A cluster snapshot is of no use: the server reports success for its
clones to an account, and they are empty (3.0.18 and 4.2.0).
"""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from moclone_tui import text
from moclone_tui.api import NOW, Client, Moment, Session, TableName, sql
from moclone_tui.api._connected import Connected
from moclone_tui.api.names import database, fold, new_database, quote
from moclone_tui.cloning import queries
from moclone_tui.cloning.identity import TEMPORARY
from moclone_tui.cloning.progress import Progress, reason
from moclone_tui.errors import CloneError, InvalidName, MocloneError, NotFound


@dataclass(frozen=True, slots=True)
class Transfer:
    """One database, from an account to another, or to sys itself.

    Raises:
        InvalidName: A name is empty or illegal.
    """

    account: str
    """The account that has the source."""
    source: str
    target: str
    to_account: str = ""
    """The account that gets the copy; sys itself if empty."""

    def __post_init__(self) -> None:
        """Check the names, and fold them as the server does."""
        for name, folded in (
            ("source", fold(database(self.source))),
            ("target", fold(new_database(self.target))),
        ):
            object.__setattr__(self, name, folded)

    def create(self, snapshot: str) -> str:
        """The statement that makes the copy, as of a snapshot of the account."""
        to = f" TO ACCOUNT {quote(self.to_account)}" if self.to_account else ""
        made = sql.clone_database(self.target, self.source, Moment(snapshot=snapshot))
        return made + to

    def __str__(self) -> str:
        to = f"{self.to_account}." if self.to_account else ""
        return f"{self.account}.{self.source} → {to}{self.target}"


def gather(
    accounts: Sequence[str], source: str, template: str, to_account: str = ""
) -> tuple[Transfer, ...]:
    """The same database of one account or many, each to a database of its own.

    Args:
        accounts: Whose.
        source: The database.
        template: The name of each copy; `{account}` in it stands for whose it is.
        to_account: The account that gets the copies; sys itself if empty.

    Raises:
        InvalidName: The template gives an illegal name, or the same name twice.
    """
    names = [template.replace("{account}", each) for each in accounts]
    if len(set(names)) < len(names):
        raise InvalidName(
            f"{text.safe(template)} gives the same name twice.",
            remedy="Put {account} in it.",
        )
    return tuple(
        Transfer(account, source, name, to_account)
        for account, name in zip(accounts, names, strict=True)
    )


@dataclass(frozen=True, slots=True)
class Transferred:
    """What came of it."""

    word: str
    """`verified: counts`, `differs` or `not verified`."""
    tables: int
    rows: int
    differences: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    """Temporary snapshots that could not be dropped."""
    why: str = ""
    """Why it was not verified, if it could not be; the copies are there."""


def steps(transfers: Sequence[Transfer]) -> tuple[str, ...]:
    """What is done, for people to read."""
    accounts = dict.fromkeys(each.account for each in transfers)
    return (
        *(
            f"CREATE SNAPSHOT {TEMPORARY}… FOR ACCOUNT {quote(each)}"
            for each in accounts
        ),
        "BEGIN",
        *(each.create(f"{TEMPORARY}…") for each in transfers),
        "COMMIT",
        "verify objects and exact rows through a snapshot of each account",
        "DROP SNAPSHOT of each",
    )


def carry_out(
    client: Client, transfers: Sequence[Transfer], progress: Progress
) -> Transferred:
    """Copy databases between accounts: all of them, or none.

    Copies in sys are verified before COMMIT. What another account got can be seen only
    through a snapshot of it, after COMMIT: a difference found there is told, and the
    copy stays.

    Raises:
        CloneError: A source is not there, or a copy in sys was not what its source was:
            nothing is left of any.
        MocloneError: It failed; nothing is left, unless `OutcomeUnknown`.
    """
    client.require_commits()
    left: list[str] = []
    with ExitStack() as stack:
        snapshots = {
            account: stack.enter_context(_snapshot(client, account, progress, left))
            for account in dict.fromkeys(each.account for each in transfers)
        }
        sources = {
            each: _contents(
                client, each.source, Moment(snapshots[each.account]), each.account
            )
            for each in transfers
        }
        for each, held in sources.items():
            if held is None:
                raise CloneError(f"{each.account} has no database {each.source}.")
        _copy(client, transfers, snapshots, sources, progress)
        # From here on the copies are there, whatever comes of it.
        differences, why = [], ""
        try:
            differences = _verify_elsewhere(
                client, transfers, sources, progress, left, stack
            )
        except MocloneError as error:
            why = reason(error)
    counted = [held for held in sources.values() if held]
    return Transferred(
        "not verified" if why else "differs" if differences else "verified: counts",
        sum(len(held) for held in counted),
        sum(rows for held in counted for rows in held.values() if rows is not None),
        tuple(differences),
        tuple(left),
        why,
    )


def _copy(
    client: Client,
    transfers: Sequence[Transfer],
    snapshots: dict[str, str],
    sources: dict[Transfer, dict[str, int | None] | None],
    progress: Progress,
) -> None:
    with client.session() as session:
        progress.watch(session.connection.id)
        for each in transfers:
            statement = each.create(snapshots[each.account])
            with progress.step(statement):
                session.execute(statement)
        with progress.step("verify"):
            wrong = [
                problem
                for each in transfers
                if not each.to_account
                for problem in _wrong(session, each, sources[each])
            ]
        if wrong:
            raise CloneError(
                "A copy is not what its source was; all were rolled back: "
                + "; ".join(wrong[:5]),
                remedy="Nothing is left of them.",
            )
        with progress.step("COMMIT"):
            session.commit()


def _wrong(
    session: Session, transfer: Transfer, source: dict[str, int | None] | None
) -> list[str]:
    """What is not as in the source; before COMMIT a count may need the rows read."""
    for scan in (False, True):
        copy = _contents(session, transfer.target, NOW, scan=scan)
        if not (wrong := list(_differences(transfer, source, copy))):
            return []
    return wrong


def _verify_elsewhere(
    client: Client,
    transfers: Sequence[Transfer],
    sources: dict[Transfer, dict[str, int | None] | None],
    progress: Progress,
    left: list[str],
    stack: ExitStack,
) -> list[str]:
    by_account: dict[str, list[Transfer]] = defaultdict(list)
    for each in transfers:
        if each.to_account:
            by_account[each.to_account].append(each)
    wrong: list[str] = []
    for account, those in by_account.items():
        at = Moment(stack.enter_context(_snapshot(client, account, progress, left)))
        with progress.step(
            f"verify {text.plural(len(those), 'database')} of {account}"
        ):
            for each in those:
                found = _contents(client, each.target, at, account)
                wrong += _differences(each, sources[each], found)
    for problem in wrong:
        progress.say("  " + problem)
    return wrong


def _contents(
    run: Connected, name: str, at: Moment, account: str = "", *, scan: bool = False
) -> dict[str, int | None] | None:
    """The tables and views of a database with their rows; None if it is not there.

    Args:
        run: A client or session of sys.
        name: The database.
        at: A snapshot of the account; the present for a database of sys.
        account: Whose database it is; that of the login if empty.
        scan: Whether to count by reading the rows.
    """
    question = queries.contents(own=not account, at=at)
    listed = run.execute(question, {"name": name, "account": account}).rows
    if not listed:
        return None
    held: dict[str, int | None] = {
        str(table): None for table, kind in listed if kind is not None
    }
    tables = [TableName(str(table), name) for table, kind in listed if kind == "r"]
    counts = run.metadata.count_rows(tables, at, scan=scan)
    return held | {each.table: rows for each, rows in counts.items()}


def _differences(
    transfer: Transfer,
    source: dict[str, int | None] | None,
    copy: dict[str, int | None] | None,
) -> Iterator[str]:
    if copy is None:
        yield f"{transfer.target} is not there"
        return
    for name in sorted({*(source or {}), *copy}):
        if name not in copy:
            yield f"{transfer.target}: {name} is missing"
        elif name not in (source or {}):
            yield f"{transfer.target}: {name} is not in the source"
        elif copy[name] != (source or {})[name]:
            yield f"{transfer.target}: {name} has {copy[name]} rows, not " + str(
                (source or {})[name]
            )


@contextmanager
def _snapshot(
    client: Client, account: str, progress: Progress, left: list[str]
) -> Iterator[str]:
    """A snapshot of an account that is dropped in the end, whatever happens."""
    name = TEMPORARY + secrets.token_hex(6)
    statement = sql.create_snapshot(name, "account", account=account)
    progress.temporary(name, "snapshot")
    try:
        with progress.step(statement):
            client.execute(statement)
        yield name
    finally:
        try:
            _drop(client, name)
            progress.dropped(name, "snapshot")
        except NotFound:
            progress.dropped(name, "snapshot")  # it was never made
        except MocloneError as error:
            left.append(name)
            progress.say(f"  the snapshot {name} is left, or may be: {error}")


def _drop(client: Client, name: str) -> None:
    """Drop a snapshot, over a new connection if the old one is lost."""
    statement = sql.drop_snapshot(name)
    if client.connected():
        client.execute(statement)
        return
    with Client.from_login(client.login) as other:
        other.execute(statement)
