"""Accounts, users, roles, and the granting of rights."""

from dataclasses import replace
from typing import TYPE_CHECKING

from moclone_tui.demo.accounts import PRIVILEGES, Account, Grant, password_hash
from moclone_tui.demo.errors import internal, no_privilege
from moclone_tui.demo.names import check_name
from moclone_tui.demo.reader import TokenReader
from moclone_tui.demo.reply import DONE, Reply

if TYPE_CHECKING:
    from moclone_tui.demo.session import Session


def create_account(session: "Session", read: TokenReader) -> Reply:
    """CREATE ACCOUNT [IF NOT EXISTS] name ADMIN_NAME 'a' IDENTIFIED BY 'p'."""
    lenient = read.accept("if", "not", "exists")
    name = check_name(read.folded_name())
    _require_sys(session)
    read.expect("admin_name")
    read.accept_operator("=")
    admin = read.text()
    password = _read_password(read)
    comments = read.text() if read.accept("comment") else ""
    read.end()
    if lenient and session.state.accounts.get(name) is not None:
        return DONE
    accounts = session.state.accounts
    account = accounts.create(name, admin, password, session.state.now())
    account.comments = comments
    return DONE


def alter_account(session: "Session", read: TokenReader) -> Reply:
    """ALTER ACCOUNT [IF EXISTS] name ADMIN_NAME … | COMMENT … | OPEN | SUSPEND."""
    lenient = read.accept("if", "exists")
    name = read.folded_name()
    _require_sys(session)
    account = session.state.accounts.get(name)
    if account is None:
        if lenient:
            return DONE
        raise internal(f"there is no account {name}")
    if read.accept("admin_name"):
        read.accept_operator("=")
        user = account.user(read.text())
        user.password_hash = password_hash(_read_password(read))
    elif read.accept("comment"):
        account.comments = read.text()
    else:
        word = read.accept_any("open", "suspend")
        if word is None:
            raise read.unexpected()
        account.status = word
    read.end()
    return DONE


def drop_account(session: "Session", read: TokenReader) -> Reply:
    """DROP ACCOUNT [IF EXISTS] name, with all that it holds."""
    lenient = read.accept("if", "exists")
    name = read.folded_name()
    read.end()
    _require_sys(session)
    account = session.state.accounts.get(name)
    if account is None or account.name == "sys":
        if lenient:
            return DONE
        raise internal(f"there is no account {name}")
    with session.own_transaction():
        for database in session.work.catalog.of_account(account.id):
            session.work.drop_database(account.id, database.name)
    session.state.snapshots.drop_account(account.id)
    session.state.accounts.drop(name)
    return DONE


def _require_sys(session: "Session") -> None:
    if not (session.rights.is_sys and session.rights.is_admin):
        raise no_privilege()


def _read_password(read: TokenReader) -> str:
    read.expect("identified", "by")
    return read.text()


def create_user(session: "Session", read: TokenReader) -> Reply:
    """CREATE USER [IF NOT EXISTS] name IDENTIFIED BY 'p' [DEFAULT ROLE r], …."""
    lenient = read.accept("if", "not", "exists")
    session.rights.require_admin()
    account, accounts = session.account, session.state.accounts
    while True:
        name = read.text()
        password = _read_password(read)
        role = read.folded_name() if read.accept("default", "role") else ""
        if role:
            account.role(role)
        if not (lenient and name in account.users):
            accounts.add_user(account, name, password, session.state.now(), role)
        if not read.accept_operator(","):
            break
    read.end()
    return DONE


def alter_user(session: "Session", read: TokenReader) -> Reply:
    """ALTER USER name IDENTIFIED BY 'p'."""
    user = session.account.user(read.text())
    password = _read_password(read)
    read.end()
    if user is not session.user:
        session.rights.require_admin()
    user.password_hash = password_hash(password)
    return DONE


def drop_user(session: "Session", read: TokenReader) -> Reply:
    """DROP USER [IF EXISTS] name, …."""
    lenient = read.accept("if", "exists")
    names = _read_texts(read)
    read.end()
    session.rights.require_admin()
    for name in names:
        if not (lenient and name not in session.account.users):
            del session.account.users[session.account.user(name).name]
    return DONE


def create_role(session: "Session", read: TokenReader) -> Reply:
    """CREATE ROLE [IF NOT EXISTS] name, …."""
    lenient = read.accept("if", "not", "exists")
    session.rights.require_admin()
    account = session.account
    while True:
        name = read.folded_name()
        if not (lenient and name in account.roles):
            session.state.accounts.add_role(account, name, session.state.now())
        if not read.accept_operator(","):
            break
    read.end()
    return DONE


def drop_role(session: "Session", read: TokenReader) -> Reply:
    """DROP ROLE [IF EXISTS] name, …."""
    lenient = read.accept("if", "exists")
    names = _read_names(read)
    read.end()
    session.rights.require_admin()
    account = session.account
    for name in names:
        if lenient and name not in account.roles:
            continue
        del account.roles[account.role(name).name]
        for user in account.users.values():
            user.roles.pop(name, None)
        for role in account.roles.values():
            role.inherited.discard(name)
    return DONE


def grant(session: "Session", read: TokenReader) -> Reply:
    """GRANT role TO user or role, or GRANT privilege, … ON type object TO role."""
    session.rights.require_admin()
    names = _read_names(read)
    grants = _read_grants(session, read, names) if read.looking_at("on") else None
    read.expect("to")
    to = _read_texts(read)
    handed_on = read.accept("with", "grant", "option")
    read.end()
    for name in to:
        if grants is None:
            _grant_roles(session.account, names, name, handed_on=handed_on)
            continue
        role = session.account.role(name.lower())
        role.grants = {g for g in role.grants if not _among(g, grants)}
        role.grants |= {replace(g, with_option=handed_on) for g in grants}
    return DONE


def _grant_roles(
    account: Account, names: list[str], to: str, *, handed_on: bool
) -> None:
    for name in names:
        account.role(name)
        if to in account.users:
            account.users[to].roles.setdefault(name, handed_on)
        elif to in account.roles:
            account.roles[to].inherited.add(name)
        else:
            raise internal(f"there is no role or user {to}")


def revoke(session: "Session", read: TokenReader) -> Reply:
    """REVOKE role FROM user, or REVOKE privilege, … ON type object FROM role."""
    session.rights.require_admin()
    account, names = session.account, _read_names(read)
    gone = _read_grants(session, read, names) if read.looking_at("on") else None
    read.expect("from")
    for holder in _read_texts(read):
        if gone is not None:
            role = account.role(holder.lower())
            role.grants = {g for g in role.grants if not _among(g, gone)}
        elif holder in account.roles:
            account.roles[holder].inherited -= set(names)
        else:
            for name in names:
                account.user(holder).roles.pop(name, None)
    read.end()
    return DONE


def _among(grant: Grant, others: set[Grant]) -> bool:
    """Whether it is one of these rights on the same object."""
    return any(
        (grant.privilege, grant.object_type, grant.object_id, grant.table == "*")
        == (g.privilege, g.object_type, g.object_id, g.table == "*")
        for g in others
    )


def _read_names(read: TokenReader) -> list[str]:
    """Take `a, b c, d`: names that may be several words."""
    names = [read.folded_name()]
    while True:
        token = read.peek()
        if token is not None and token.is_operator(","):
            read.next()
            names.append(read.folded_name())
        elif token is not None and token.is_name and not token.is_word(*_ENDS):
            names[-1] += f" {read.folded_name()}"
        else:
            return names


_ENDS = ("on", "to", "from", "with")


def _read_texts(read: TokenReader) -> list[str]:
    names = [read.text()]
    while read.accept_operator(","):
        names.append(read.text())
    return names


def _read_grants(
    session: "Session", read: TokenReader, privileges: list[str]
) -> set[Grant]:
    named = [name.removesuffix(" privileges") for name in privileges]
    if not {"all", "ownership", *PRIVILEGES}.issuperset(named):
        raise read.unexpected()
    read.expect("on")
    object_type = read.accept_any("account", "database", "table", "view")
    if object_type is None:
        raise read.unexpected()
    parts = [_read_part(read)]
    while read.accept_operator("."):
        parts.append(_read_part(read))
    database, table, object_id = _object(session, object_type, parts)
    now = session.state.now()
    return {
        Grant(
            f"{object_type} {name}" if name in ("all", "ownership") else name,
            object_type,
            database,
            table,
            object_id,
            now,
        )
        for name in named
    }


def _read_part(read: TokenReader) -> str:
    return "*" if read.accept_operator("*") else read.folded_name()


def _object(
    session: "Session", object_type: str, parts: list[str]
) -> tuple[str, str, int]:
    if object_type == "account":
        return "*", "*", 0
    if object_type == "database":
        database, table = parts[0], "*"
    else:
        database = parts[0] if parts[1:] else (session.database or "*")
        table = parts[-1]
    if database == "*" or database in session.account.system_databases():
        return database, table, 0
    found = session.catalog.database(session.account.id, database)
    if found is None:
        raise internal(f'there is no database "{database}"')
    if table == "*":
        return database, table, found.id
    if table not in found.relations:
        raise internal(f'there is no table "{table}" in database "{database}"')
    return database, table, found.relations[table].logical_id
