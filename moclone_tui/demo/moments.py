"""Understand `{…}` hints: which catalog they mean."""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from moclone_tui.demo.clock import SECOND, parse_utc
from moclone_tui.demo.errors import ServerError, not_supported, parse_error
from moclone_tui.demo.lexer import Kind, tokenize
from moclone_tui.demo.model import Catalog
from moclone_tui.demo.reader import TokenReader
from moclone_tui.demo.snapshots import Snapshot

if TYPE_CHECKING:
    from moclone_tui.demo.session import Session

_TIMESTAMP_REACH = 3600 * SECOND


@dataclass(frozen=True, slots=True)
class Moment:
    """A state of an account's data.

    Attributes:
        catalog: What existed then.
        account: Whose data is meant.
        snapshot: The snapshot that named it, if one did.
    """

    catalog: Catalog
    account: int
    snapshot: Snapshot | None = None


def present(session: "Session") -> Moment:
    """What the session sees now."""
    return Moment(session.catalog, session.account.id)


def moment_of(session: "Session", hint: str | None) -> Moment:
    """The moment that a hint names; without one, the present.

    Raises:
        ServerError: If there is no such snapshot or the hint is not understood.
    """
    if hint is None:
        return present(session)
    read = TokenReader(tokenize(hint))
    if read.accept("as", "of", "timestamp"):
        return _at(session, _time(session, read.text()))
    kind = read.accept_any("snapshot", "mo_ts", "timestamp")
    if kind is None:
        raise read.unexpected()
    read.expect_operator("=")
    if kind == "snapshot":
        return _of_snapshot(session, read.text())
    token = read.next()
    if kind == "mo_ts" and token.kind is Kind.NUMBER:
        return _at(session, _positive(int(token.text)))
    moment = _time(session, token.value)
    if kind == "timestamp":
        _check_reach(session, moment, token.value)
    return _at(session, moment)


def _of_snapshot(session: "Session", name: str) -> Moment:
    snapshot = session.state.snapshots.get(session.account.id, name)
    catalog = session.state.history.at(snapshot.ts)
    return Moment(catalog, snapshot.tenant, snapshot)


def _at(session: "Session", moment: int) -> Moment:
    return Moment(session.state.history.at(moment), session.account.id)


def _positive(moment: int) -> int:
    if moment <= 0:
        raise ServerError(20203, f"invalid argument mo_ts, bad value {moment}")
    return moment


def _time(session: "Session", text: str) -> int:
    if text.isdigit():
        return _positive(int(text))
    if text.lower() == "now":
        return session.state.clock.now()
    moment = parse_utc(re.sub(r"\s*\+00:?00$|Z$", "", text))
    if moment is None:
        raise parse_error(f"invalid timestamp '{text}'")
    return moment


def _check_reach(session: "Session", moment: int, text: str) -> None:
    age = session.state.clock.now() - moment
    owned = session.state.snapshots.of(session.account.id)
    if age > _TIMESTAMP_REACH and all(s.ts != moment for s in owned):
        raise ServerError(
            20203,
            "invalid argument invalid timestamp value, no corresponding snapshot , "
            f"bad value {text}",
        )


def refuse_hint(hint: str | None) -> None:
    """Refuse a hint where it means nothing.

    Raises:
        ServerError: 20105.
    """
    if hint is not None:
        raise not_supported(f"the hint {{{hint}}} here")
