"""BEGIN, COMMIT, ROLLBACK, SET, USE and KILL."""

from typing import TYPE_CHECKING

from moclone_tui.demo.errors import internal
from moclone_tui.demo.lexer import Token
from moclone_tui.demo.reader import TokenReader, split_by_comma
from moclone_tui.demo.reply import DONE, Reply
from moclone_tui.demo.variables import DEFAULTS

if TYPE_CHECKING:
    from moclone_tui.demo.session import Session

_SCOPES = ("session", "global", "local")
_SWITCHES = {"on": "1", "true": "1", "off": "0", "false": "0"}


def begin(session: "Session", _: TokenReader) -> Reply:
    """BEGIN commits what is open, and starts anew."""
    session.commit()
    session.begin()
    return DONE


def commit(session: "Session", _: TokenReader) -> Reply:
    """COMMIT."""
    session.commit()
    return DONE


def rollback(session: "Session", _: TokenReader) -> Reply:
    """ROLLBACK."""
    session.rollback()
    return DONE


def use(session: "Session", read: TokenReader) -> Reply:
    """USE database."""
    name = read.folded_name()
    read.end()
    session.rights.require_on_account("connect")
    session.use(name)
    return DONE


def set_variables(session: "Session", read: TokenReader) -> Reply:
    """SET, which commits an open transaction, as on the real server."""
    session.commit()
    if read.accept("names"):
        charset = read.text()
        for name in ("client", "connection", "results"):
            session.variables[f"character_set_{name}"] = charset
        return DONE
    if read.accept("role"):
        _set_role(session, read.folded_name())
        return DONE
    if read.accept("secondary", "role"):
        which = read.accept_any("all", "none")
        session.become(session.role, session.user.roles if which == "all" else ())
        return DONE
    for part in split_by_comma(read.rest()):
        _assign(session, read, part)
    return DONE


def _set_role(session: "Session", name: str) -> None:
    session.become(session.role)
    if name not in session.user.roles:
        user = session.user.name
        raise internal(f"the role {name} has not be granted to the user {user}")
    session.become(session.account.role(name))


def _assign(session: "Session", read: TokenReader, tokens: list[Token]) -> None:
    if tokens and tokens[0].is_word(*_SCOPES):
        tokens = tokens[1:]
    if tokens and tokens[0].is_word("transaction"):
        return
    if len(tokens) < 3 or not (
        tokens[1].is_operator("=") or tokens[1].is_operator(":=")
    ):
        raise read.unexpected()
    name = tokens[0].value.lower()
    if name.startswith("@@"):
        name = name[2:]
    name = name.removeprefix("session.").removeprefix("global.")
    value = "".join(token.value for token in tokens[2:])
    if value.lower() == "default":
        value = DEFAULTS.get(name, "")
    session.variables[name] = _SWITCHES.get(value.lower(), value)


def kill(session: "Session", read: TokenReader) -> Reply:
    """KILL [CONNECTION | QUERY] id."""
    query_only = read.accept("query")
    if not query_only:
        read.accept("connection")
    number = read.integer()
    target = session.state.sessions.get(number)
    if target is None:
        raise internal(f"Unknown connection id {number}")
    target.on_kill(query_only)
    return DONE
