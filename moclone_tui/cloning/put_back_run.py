"""Carry a put-back out: one transaction, verified before it is committed."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

from moclone_tui import text
from moclone_tui.api import NOW, Client, Moment, Session
from moclone_tui.cloning.look import server_clock
from moclone_tui.cloning.progress import Progress
from moclone_tui.cloning.put_back import Counts, PutBack, PutBackPlan
from moclone_tui.cloning.put_back_look import count, make
from moclone_tui.cloning.put_back_sql import Sides
from moclone_tui.errors import CloneError, QueryError

_TRIES = 3
"""How often a put-back is begun anew because others changed the table meanwhile."""
_WAITS = (0.005, 0.02, 0.1, 0.3)
"""Seconds until what others see is looked at: the last commit a server knows of lags
behind its clock by up to 3 ms (measured), and until then it shows our own rows."""

_CONFLICT = 20619
"""What the server answers if two transactions wrote the same."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What came of a put-back."""

    word: str
    """`verified: rows`, or `nothing to put back`."""
    plan: PutBackPlan
    """What was carried out."""
    rows: int = 0
    """Rows that came back."""
    cells: int = 0
    """Values that were overwritten with what they were."""
    held_back: int = 0
    """Rows that could not come back, since their unique values are taken."""
    before: Moment = NOW
    """The moment just before the change: what the table was can be read there as long
    as the server keeps its history."""
    statements: tuple[str, ...] = ()
    """What was sent, in order, but for the looks."""


class _Changed(Exception):
    """What is there is not what should be: by others, or by the server."""


def carry_out(client: Client, request: PutBack, progress: Progress) -> Restored:
    """Plan a put-back anew and carry it out.

    It is one transaction, in which everything is counted again before and after; it is
    committed only if every row that should have come back is there as it was, and
    nothing else was touched. If others changed the table meanwhile, so that this cannot
    be told, it is rolled back and begun anew.

    Raises:
        CloneError: A check speaks against it, or what was there afterwards was not what
            should be: nothing was kept.
        Cancelled: It was stopped; nothing was kept.
        MocloneError: It failed; nothing was kept, unless `OutcomeUnknown`.
    """
    client.require_commits()
    with progress.step("check"):
        plan = make(client, request)
    for finding in plan.findings:
        progress.say(f"  {finding.text}")
    if plan.blockers:
        raise CloneError(
            "; ".join(each.text for each in plan.blockers) + ".",
            remedy=plan.blockers[0].remedy or "Nothing was sent.",
        )
    if plan.empty or plan.sides is None:
        return Restored("nothing to put back", plan)
    progress.expect(len(plan.inside) + 4)
    for left in reversed(range(_TRIES)):
        try:
            return _transaction(client, plan, plan.sides, progress)
        except _Changed as changed:
            if not left:
                raise CloneError(
                    f"It was rolled back: {changed}.",
                    remedy="Others may be writing to the table: try it when they do "
                    "not. Nothing was kept.",
                ) from changed
            progress.say(f"  rolled back, and begun anew: {changed}")
    raise AssertionError("unreachable")


def _transaction(
    client: Client, plan: PutBackPlan, sides: Sides, progress: Progress
) -> Restored:
    with client.session() as session:
        progress.watch(session.connection.id)
        with progress.step("BEGIN; count"):
            counts = count(session, sides)
        sent: list[str] = []
        held_back = coming = 0
        if counts.touched:
            for statement in sides.updates(counts.differ):
                _send(session, statement, progress, sent)
        if plan.request.rows:
            # Once columns are what they were, other unique values may be free.
            freed = replace(sides, chosen=(), links=())
            again = count(session, freed) if sent else counts
            coming, held_back = again.coming, again.held_back
        if coming:
            _send(session, sides.insert(), progress, sent)
        with progress.step("verify") as step:
            _verify(session, sides, counts, coming, held_back)
            step.text = f"verify  {text.plural(counts.then, 'row')}"
        with progress.step("COMMIT"):
            _commit(session)
    return Restored(
        "verified: rows",
        plan,
        rows=coming,
        cells=sum(counts.differ[name] for name in sides.chosen),
        held_back=held_back,
        before=counts.clock,
        statements=tuple(sent),
    )


def _commit(session: Session) -> None:
    try:
        session.commit()
    except QueryError as error:
        if error.code == _CONFLICT:
            raise _Changed("others changed the same rows") from error
        raise


def _send(
    session: Session, statement: str, progress: Progress, sent: list[str]
) -> None:
    with progress.step(statement):
        session.execute(statement)
    sent.append(statement)


def _verify(
    session: Session, sides: Sides, counts: Counts, coming: int, held_back: int
) -> None:
    after = count(session, replace(sides, chosen=(), unique=(), links=()))
    if sides.rows and after.gone != held_back:
        raise _Changed(
            f"{text.plural(after.gone, 'row')} are gone afterwards, not "
            f"{text.count(held_back)}"
        )
    for name, before in counts.differ.items():
        should = 0 if name in sides.chosen else before
        if after.differ[name] != should:
            raise _Changed(
                f"{name} differs in {text.plural(after.differ[name], 'row')} "
                f"afterwards, not in {text.count(should)}"
            )
    wrong = ""
    for wait in _WAITS:
        moment = server_clock(session)
        time.sleep(wait)
        wrong = _compare(session, sides, moment, coming, counts.touched)
        if not wrong:
            return
    raise _Changed(wrong)


def _compare(
    session: Session, sides: Sides, moment: Moment, coming: int, touched: int
) -> str:
    """What the transaction did beside what it should have done, in words."""
    both, lost, changed, now, others = (
        int(value or 0) for value in session.execute(sides.check(moment)).first
    )
    if lost:
        rows = text.plural(lost, "other row was", "other rows were")
        return f"{rows} changed"
    if both != others:
        return f"{text.count(others)} rows are there {text.count(both)} times"
    if now - others != coming:
        return f"{text.plural(now - others, 'row')} came back, not {text.count(coming)}"
    if changed != touched:
        rows = text.plural(changed, "row was", "rows were")
        return f"{rows} overwritten, not {text.count(touched)}"
    return ""
