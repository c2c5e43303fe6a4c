"""CREATE DATABASE and DROP DATABASE."""

from typing import TYPE_CHECKING

from moclone_tui.demo.errors import ServerError, internal
from moclone_tui.demo.foreign_keys import children
from moclone_tui.demo.model import Database
from moclone_tui.demo.names import check_name
from moclone_tui.demo.reader import TokenReader
from moclone_tui.demo.reply import Reply

if TYPE_CHECKING:
    from moclone_tui.demo.session import Session


def create(session: "Session", read: TokenReader) -> Reply:
    """CREATE DATABASE [IF NOT EXISTS] name."""
    lenient = read.accept("if", "not", "exists")
    name = check_name(read.folded_name())
    session.rights.require_on_account("create database")
    if exists(session, name):
        if lenient:
            return Reply(affected=1)
        raise already_exists(name)
    session.work.add_database(new_database(session, session.account.id, name))
    return Reply(affected=1)


def drop(session: "Session", read: TokenReader) -> Reply:
    """DROP DATABASE [IF EXISTS] name; gives how many objects went with it."""
    lenient = read.accept("if", "exists")
    name = read.folded_name()
    account = session.account.id
    found = session.catalog.database(account, name)
    if found is None or found.owner != session.role.id:
        session.rights.require_on_account("drop database")
    if name in session.account.system_databases():
        raise internal(f"can not drop system database {name}")
    if found is None:
        if lenient:
            return Reply()
        raise ServerError(1008, f"Can't drop database '{name}'; database doesn't exist")
    check_droppable(session, account, name)
    session.work.drop_database(account, name)
    session.state.routines.drop_database(account, name)
    if session.database == name:
        session.database = None
    return Reply(affected=len(found.relations))


def check_droppable(session: "Session", account: int, name: str) -> None:
    """Insist that it is not published and no other database points into it.

    Raises:
        ServerError: 20101 if one does.
    """
    for published in session.state.publications.values():
        if (published.owner, published.database) == (account, name):
            raise internal(f"can not drop database '{name}' which is publishing")
    for home, _, _ in children(session.catalog, account, name):
        if home.name != name and session.foreign_key_checks:
            raise internal(
                "can not drop database. It has been referenced by foreign keys"
            )


def exists(session: "Session", name: str, account: int | None = None) -> bool:
    """Whether there is a database of this name, the system's included."""
    number = session.account.id if account is None else account
    if name in session.account.system_databases():
        return True
    return session.catalog.database(number, name) is not None


def already_exists(name: str) -> ServerError:
    """The error for a name that is taken."""
    return ServerError(1007, f"database {name} already exists")


def new_database(session: "Session", account: int, name: str) -> Database:
    """An empty database, made now by this session."""
    return Database(
        account=account,
        name=name,
        created=session.state.now(),
        create_sql=session.running.strip().rstrip(";"),
        owner=session.role.id,
        creator=session.user.id,
    )
