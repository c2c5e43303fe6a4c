"""SHOW PROCESSLIST, ACCOUNTS, GRANTS, ROLES, WARNINGS and VARIABLES."""

from typing import TYPE_CHECKING

from moclone_tui.demo import sqltypes as types
from moclone_tui.demo.accounts import Account
from moclone_tui.demo.clock import to_seconds_text
from moclone_tui.demo.errors import internal
from moclone_tui.demo.filters import read_filter
from moclone_tui.demo.lexer import quote_name
from moclone_tui.demo.model import Row
from moclone_tui.demo.reader import TokenReader
from moclone_tui.demo.reply import Reply, ResultColumn
from moclone_tui.demo.session_functions import estimated_size
from moclone_tui.demo.system.activity import SESSION_COLUMNS, session_rows
from moclone_tui.demo.system.people import level

if TYPE_CHECKING:
    from moclone_tui.demo.session import Session

_ACCOUNTS: list[ResultColumn] = [
    ("account_name", types.VARCHAR),
    ("admin_name", types.VARCHAR),
    ("created_time", types.TIMESTAMP),
    ("status", types.VARCHAR),
    ("suspended_time", types.TIMESTAMP),
    ("db_count", types.BIGINT),
    ("tbl_count", types.BIGINT),
    ("size", types.DOUBLE),
    ("snapshot_size", types.DOUBLE),
    ("comments", types.VARCHAR),
]
_MEGABYTE = 1024 * 1024


def processlist(session: "Session", read: TokenReader) -> Reply:
    """SHOW [FULL] PROCESSLIST."""
    read.end()
    return Reply(SESSION_COLUMNS, list(session_rows(session)))


def accounts(session: "Session", read: TokenReader) -> Reply:
    """SHOW ACCOUNTS [LIKE …]: sys sees them all, others themselves."""
    wanted = read_filter(read)
    session.rights.require_admin()
    shown = [
        _account(session, account)
        for account in session.state.accounts
        if session.rights.is_sys or account is session.account
    ]
    reply = wanted.reply(session, _ACCOUNTS, shown)
    if not reply.rows:
        raise internal("no account info")
    return reply


def _account(session: "Session", account: Account) -> Row:
    owned = session.catalog.of_account(account.id)
    tables = [relation for home in owned for relation in home.relations.values()]
    now = session.state.clock.now()
    size = sum(estimated_size(relation, now) for relation in tables) / _MEGABYTE
    return (
        account.name,
        account.admin,
        to_seconds_text(account.created),
        account.status,
        None,
        len(owned) + len(account.system_databases()),
        len(tables),
        round(size, 6),
        0.0,
        account.comments,
    )


def grants(session: "Session", read: TokenReader) -> Reply:
    """SHOW GRANTS [FOR user | FOR ROLE role]."""
    account = session.account
    if read.accept("for", "role"):
        name = account.role(read.folded_name()).name
        who, whom, roles = name, quote_name(name), [name]
    else:
        user = account.user(read.text()) if read.accept("for") else session.user
        who, whom = f"{user.name}@localhost", f"{quote_name(user.name)}@`localhost`"
        roles = sorted(user.roles)
    lines = [
        f"GRANT {grant.privilege} ON {grant.object_type} "
        f"{level(grant) if grant.object_type != 'account' else ''} {whom}"
        for role in roles
        if role in account.roles
        for grant in sorted(account.role(role).grants, key=str)
    ]
    return Reply([(f"Grants for {who}", types.VARCHAR)], [(line,) for line in lines])


def roles(session: "Session", read: TokenReader) -> Reply:
    """SHOW ROLES [LIKE …]."""
    wanted = read_filter(read)
    columns = [
        ("ROLE_NAME", types.VARCHAR),
        ("CREATOR", types.INT),
        ("CREATED_TIME", types.TIMESTAMP),
        ("COMMENTS", types.TEXT),
    ]
    rows: list[Row] = [
        (role.name, 0, to_seconds_text(role.created), "")
        for role in session.account.roles.values()
    ]
    return wanted.reply(session, columns, rows)


def warnings(session: "Session", _: TokenReader) -> Reply:
    """SHOW WARNINGS: the error of the last statement, if it had one."""
    columns = [
        ("Level", types.STRING),
        ("Code", types.SqlType("smallint")),
        ("Message", types.STRING),
    ]
    return Reply(columns, [tuple(warning) for warning in session.warnings])


def variables(session: "Session", read: TokenReader) -> Reply:
    """SHOW [SESSION | GLOBAL] VARIABLES [LIKE …] [WHERE …]."""
    columns = [("Variable_name", types.VARCHAR), ("Value", types.VARCHAR)]
    known = {**session.variables, "version": session.version_text}
    rows: list[Row] = sorted(known.items())
    return read_filter(read).reply(session, columns, rows)
